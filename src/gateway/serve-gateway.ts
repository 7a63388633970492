import type { Clock } from "../base/clock.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import type { ReadModels } from "../projection/read-models.ts";
import { createFeed as createVenueFeed } from "./feed/create-feed.ts";
import type { CreateFeed } from "./feed-port.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { type Gateway, type GatewayLog, startGateway } from "./gateway-server.ts";
import { createInfo } from "./info/create-info.ts";
import type { LimitsMode } from "./ip-limits.ts";

/** How to serve an exchange. */
export interface ServeOptions {
  readonly sequencer: Sequencer;
  /** Read models that are subscribed to the sequencer already: feeds read them after each fold. */
  readonly models: ReadModels;
  readonly clock: Clock;
  /** First port to try; 0 = any free one. Where it is busy, the next twenty are tried. */
  readonly port: number;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  readonly limits: LimitsMode;
  readonly log: GatewayLog;
  /** Silence of a WebSocket client after which it is closed; 60 s by default [ms]. */
  readonly idleMs?: number;
  /** Another feed than the exchange's own. */
  readonly createFeed?: CreateFeed;
}

const LOOPBACK = "127.0.0.1";

/** Serves an exchange over HTTP and WebSocket with all its methods and channels. */
export function serveGateway(options: ServeOptions): Promise<Gateway> {
  const { sequencer, models, clock, createFeed = createVenueFeed } = options;
  const context: GatewayContext = { sequencer, models, nowMs: () => clock.nowMs() };
  return startGateway({
    context,
    answerInfo: createInfo(context),
    feed: createFeed(context),
    limits: options.limits,
    log: options.log,
    host: options.host ?? LOOPBACK,
    port: options.port,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
}
