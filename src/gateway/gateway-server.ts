/** The gateway's server: HTTP, WebSocket and admin on one port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { availableParallelism } from "node:os";
import { type AdminFacts, createAdmin } from "./admin-route.ts";
import { createExchangeActions } from "./exchange-action.ts";
import type { Feed } from "./feed-port.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { sendText } from "./http-exchange.ts";
import type { AnswerInfo } from "./info-port.ts";
import { createIpLimits, type LimitsMode } from "./ip-limits.ts";
import { answerPublic, type PublicParts } from "./public-route.ts";
import { INLINE_RECOVERY, type RecoveryQueue } from "./recovery-queue.ts";
import { isRecoveryNative } from "./signer-recovery.ts";
import { createSocketServer, refuse, type SocketServer } from "./socket-server.ts";
import { createThreadedRecovery, usualRecoveryThreads } from "./threaded-recovery.ts";

/** Where something worth knowing is said; the composition root connects it to a log. */
export interface GatewayLog {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Something is broken, and a person should see to it. */
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** What a gateway is made of. */
export interface GatewayParts {
  readonly context: GatewayContext;
  readonly answerInfo: AnswerInfo;
  readonly feed: Feed;
  readonly limits: LimitsMode;
  readonly log: GatewayLog;
  readonly host: string;
  /** First port to try; 0 = any free one. */
  readonly port: number;
  /** Silence of a WebSocket client after which it is closed [ms]. */
  readonly idleMs?: number;
  /** Threads that recover signers under load; 0 = always on the main thread. */
  readonly recoveryThreads?: number;
}

/** A gateway that listens. */
export interface Gateway {
  readonly url: string;
  /** WebSocket address. */
  readonly socketUrl: string;
  readonly port: number;
  /** The port asked for; another one than `port` where that was busy. */
  readonly wantedPort: number;
  /** Whether signatures are recovered natively; false = slow, and worth saying at start. */
  readonly nativeRecovery: boolean;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const PORTS_TRIED_MORE = 20;
const IDLE_MS = 60_000;
const SWEEPS_PER_IDLE = 12;
const CONNECTIONS_MAX = 4096;
const QUEUED_BYTES_MAX = 8 * 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;

/** Starts a gateway on the wanted port, or on one of the next twenty where that is busy. */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const nativeRecovery = isRecoveryNative();
  const recovery = createRecovery(parts);
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.maxConnections = CONNECTIONS_MAX;
  const facts = { limits: parts.limits, nativeRecovery };
  const sockets = attachHandlers(server, parts, recovery, facts);
  let port: number;
  try {
    port = await listen(server, parts.host, parts.port);
  } catch (error) {
    sockets.close();
    await recovery.close();
    throw error;
  }
  const place = `${parts.host.includes(":") ? `[${parts.host}]` : parts.host}:${port}`;
  parts.log.info("gateway listens", {
    port,
    wantedPort: parts.port,
    limits: parts.limits,
    nativeRecovery,
  });
  return {
    url: `http://${place}`,
    socketUrl: `ws://${place}/ws`,
    port,
    wantedPort: parts.port,
    nativeRecovery,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      parts.feed.close();
      sockets.close();
      server.closeAllConnections();
      await Promise.all([closed, recovery.close()]);
    },
  };
}

function createRecovery(parts: GatewayParts): RecoveryQueue {
  const threads = parts.recoveryThreads ?? usualRecoveryThreads(availableParallelism());
  if (threads === 0) return INLINE_RECOVERY;
  return createThreadedRecovery({
    threads,
    onDeath: (reason) =>
      parts.log.error("a recovery thread died: signers are recovered on the main thread", {
        reason,
      }),
  });
}

/** Routes requests and upgrades. */
function attachHandlers(
  server: Server,
  parts: GatewayParts,
  recovery: RecoveryQueue,
  facts: AdminFacts,
): SocketServer {
  const { context, answerInfo, feed } = parts;
  const publicParts: PublicParts = {
    context,
    answerInfo,
    answerAction: createExchangeActions(context, recovery),
    recovery,
    limits: createIpLimits(parts.limits, context),
  };
  const answerAdmin = createAdmin(context, facts, () => portOf(server));
  const idleMs = parts.idleMs ?? IDLE_MS;
  const sockets = createSocketServer({
    parts: { ...publicParts, feed, queuedBytesMax: QUEUED_BYTES_MAX },
    idleMs,
    sweepMs: Math.max(1, Math.floor(idleMs / SWEEPS_PER_IDLE)),
    connectionsMax: CONNECTIONS_MAX,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request);
    if (path === "/info" || path === "/exchange") {
      return answerPublic(publicParts, path, request, response);
    }
    if (path.startsWith("/admin/")) return answerAdmin(path, request, response);
    sendText(response, 404, "Not found", {});
  });
  server.on("upgrade", (request, socket, head) => {
    if (pathOf(request) === "/ws") sockets.upgrade(request, socket, head);
    else refuse(socket, "404 Not Found");
  });
  return sockets;
}

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split("?", 1)[0] ?? "/";

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function listen(server: Server, host: string, wantedPort: number): Promise<number> {
  const last = wantedPort === 0 ? 0 : wantedPort + PORTS_TRIED_MORE;
  for (let port = wantedPort; ; port++) {
    try {
      return await listenOnce(server, host, port);
    } catch (error) {
      // A busy port is the one failure that another port mends.
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port >= last) throw error;
    }
  }
}

function listenOnce(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve(portOf(server));
    });
  });
}
