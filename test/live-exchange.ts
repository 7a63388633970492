/** An exchange with a journal on disk and a gateway on a free port, for tests that use real clients. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTimeMs } from "../src/base/units.ts";
import { createFeed } from "../src/gateway/feed/create-feed.ts";
import type { CreateFeed } from "../src/gateway/feed-port.ts";
import { type Gateway, startGateway } from "../src/gateway/gateway-server.ts";
import { createInfo } from "../src/gateway/info/create-info.ts";
import type { LimitsMode } from "../src/gateway/ip-limits.ts";
import { createFileStorage } from "../src/journal/file-storage.ts";
import { openJournal } from "../src/journal/open-journal.ts";
import type { Sequencer } from "../src/journal/sequencer.ts";
import { createReadModels, foldRing, type ReadModels } from "../src/projection/read-models.ts";

/** How a live exchange differs from the usual one. */
export interface LiveExchangeOptions {
  readonly limits?: LimitsMode;
  /** Silence after which a WebSocket client is closed [ms]. */
  readonly idleMs?: number;
  readonly createFeed?: CreateFeed;
  /** The machine's clock unless given [ms]. */
  readonly nowMs?: () => number;
  /** Threads that recover signers under load. */
  readonly recoveryThreads?: number;
}

/** A running exchange; `close` ends it and removes its files. */
export interface LiveExchange {
  readonly gateway: Gateway;
  readonly sequencer: Sequencer;
  readonly models: ReadModels;
  /** Posts to an admin path and answers the parsed reply. */
  admin(path: string, body: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Opens an exchange without markets. */
export async function openLiveExchange(options: LiveExchangeOptions = {}): Promise<LiveExchange> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-live-"));
  const models = createReadModels();
  const nowMs = options.nowMs ?? Date.now;
  const clock = { nowMs: () => asTimeMs(nowMs()) };
  const { sequencer } = openJournal({
    storage: createFileStorage(folder),
    clock,
    onFatal: (error) => {
      throw error;
    },
  });
  sequencer.subscribe((ring, from, to) => foldRing(models, ring, from, to));
  const context = { sequencer, models, nowMs };
  const gateway = await startGateway({
    context,
    answerInfo: createInfo(context),
    feed: (options.createFeed ?? createFeed)(context),
    port: 0,
    host: "127.0.0.1",
    limits: options.limits ?? "off",
    log: { info: () => undefined, error: () => undefined },
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    ...(options.recoveryThreads === undefined ? {} : { recoveryThreads: options.recoveryThreads }),
  });
  return {
    gateway,
    sequencer,
    models,
    async admin(path, body) {
      const response = await fetch(`${gateway.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    async close() {
      await gateway.close();
      await new Promise<void>((resolve) => sequencer.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens the market BTC (5 size decimals, 40x) with an oracle price of 60000 USDC. */
export async function openBtcMarket(exchange: LiveExchange): Promise<void> {
  const market = {
    name: "BTC",
    szDecimals: 5,
    maxLeverage: 40,
    pxMax: "300000",
    positionMax: "1000",
  };
  const opened = await exchange.admin("/admin/market", market);
  if (opened.status !== "ok") throw new Error(`market: ${JSON.stringify(opened)}`);
  const priced = await exchange.admin("/admin/oracle", { prices: { BTC: "60000" } });
  if (priced.status !== "ok") throw new Error(`oracle: ${JSON.stringify(priced)}`);
}
