/**
 * The operator's server on 127.0.0.1: the page's files, the stream of the maker's state, its course
 * so far, why it quotes as it does, the controls and a health line.
 *
 * Owns the listening socket, the timers of the stream and nothing of the maker. Every request must
 * come over loopback and name an allowed host; the stream and the controls also refuse other
 * origins. Connections, bodies, messages from pages and buffers are bounded.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { answerControl } from "./control-route.ts";
import { jsonReply, type Reply, refusalReply, sendReply } from "./http-reply.ts";
import type { OperatorSource } from "./operator-source.ts";
import { hostRefusal, identityOf, originRefusal } from "./origin-guard.ts";
import { loadPageAssets, type PageAssets } from "./page-assets.ts";
import { FINE_MS } from "./series-recorder.ts";
import {
  createStreamHub,
  type StreamClient,
  type StreamHub,
  type StreamStats,
} from "./stream-hub.ts";
import { OPERATOR_SCHEMA, SNAPSHOT_REQUEST } from "./stream-message.ts";

/** How to serve; everything but the source has a default. */
export interface OperatorOptions {
  readonly source: OperatorSource;
  /** First port to try; 0 = any free one. */
  readonly port?: number;
  /** How many ports after the first to try when it is taken. */
  readonly portsMore?: number;
  /** Folder of the built page. */
  readonly pageFolder?: string;
  /** Time between two looks at the book [ms]. */
  readonly ladderMs?: number;
  /** Time between two messages of key figures [ms]. */
  readonly kpiMs?: number;
  /** Time between two rows of the series [ms]. */
  readonly seriesMs?: number;
  /** What a page's connection may hold before it is sent nothing more [bytes]. */
  readonly bufferedMax?: number;
  /** Pages connected at once. */
  readonly clientsMax?: number;
  /** Hears of each control used and each failure, in plain words. */
  readonly log?: (message: string) => void;
}

/** A running server. */
export interface OperatorServer {
  /** Address of the page. */
  readonly url: string;
  readonly port: number;
  /** The port that was asked for but taken, or null. */
  readonly portTaken: number | null;
  /** Why there is no page to show and what to do, or null; stream and controls work regardless. */
  readonly pageProblem: string | null;
  stats(): StreamStats;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/** Where the page is served unless told otherwise. */
const OPERATOR_PORT = 8787;

const CONNECTIONS_MAX = 64;
const HEARTBEAT_MS = 10_000;
const PAGE_FOLDER = join(import.meta.dirname, "..", "..", "web", "dist");

/** What the handlers share. */
interface Context {
  readonly source: OperatorSource;
  readonly assets: PageAssets;
  readonly hub: StreamHub;
  readonly log: (message: string) => void;
  /** Known once the server listens. */
  port: number;
}

/**
 * Serves the page, the stream and the controls until closed. Takes the next free port when the one
 * asked for is in use, and says so in the result.
 */
export async function serveOperator(options: OperatorOptions): Promise<OperatorServer> {
  const { source, port = OPERATOR_PORT, bufferedMax = 256 * 1024, clientsMax = 16 } = options;
  const context: Context = {
    source,
    assets: loadPageAssets(options.pageFolder ?? PAGE_FOLDER),
    hub: createStreamHub({ source, bufferedMax }),
    log: options.log ?? (() => undefined),
    port: 0,
  };
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 });
  server.maxConnections = CONNECTIONS_MAX;
  server.on("request", (request, response) => void handle(context, request, response));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    perMessageDeflate: false,
  });
  server.on("upgrade", (request, socket, head) => {
    upgrade({ context, sockets, clientsMax }, { request, socket, head });
  });
  context.port = await listen(server, port, options.portsMore ?? 20);
  const stopTimers = startTimers(context, sockets, options);
  return {
    url: `http://127.0.0.1:${context.port}/`,
    port: context.port,
    portTaken: port !== 0 && context.port !== port ? port : null,
    pageProblem: context.assets.problem,
    stats: () => context.hub.stats(),
    close: () => {
      stopTimers();
      return close(server, sockets);
    },
  };
}

/** Listens on the first free port from `first` on; answers which. */
async function listen(server: Server, first: number, more: number): Promise<number> {
  for (let port = first; ; port += 1) {
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once("error", resolve);
      server.listen({ port, host: "127.0.0.1" }, () => {
        server.removeListener("error", resolve);
        resolve(null);
      });
    });
    if (failure === null) return (server.address() as AddressInfo).port;
    if (failure.code !== "EADDRINUSE" || port >= first + more) throw failure;
  }
}

/** Answers one request; never rejects. */
async function handle(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headOnly = request.method === "HEAD";
  let reply: Reply;
  try {
    reply = await answer(context, request);
  } catch (error) {
    // A control failed: the operator must see that its outcome is not known.
    context.log(`control failed: ${String(error)}`);
    reply = refusalReply(500, `failed: ${error instanceof Error ? error.message : "unknown"}`);
  }
  if (!response.destroyed) sendReply(response, reply, { port: context.port, headOnly });
}

async function answer(context: Context, request: IncomingMessage): Promise<Reply> {
  const identity = identityOf(request);
  const refusal = hostRefusal(identity, context.port);
  if (refusal !== null) return refusalReply(403, refusal);
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  if (path.startsWith("/control/")) {
    const foreign = originRefusal(identity, context.port);
    if (foreign !== null) {
      context.log(`control refused: ${foreign} (${identity.origin ?? "no origin"})`);
      return refusalReply(403, foreign);
    }
    if (request.method !== "POST") return notAllowed("POST");
    return control(context, request, path.slice("/control/".length));
  }
  if (request.method !== "GET" && request.method !== "HEAD") return notAllowed("GET, HEAD");
  if (path === "/stream") return refusalReply(426, "the stream is a WebSocket");
  if (path === "/healthz") return health(context);
  if (path === "/why") return whyReply(context, new URLSearchParams(query));
  if (path === "/vaults") return vaultsReply(context);
  if (path === "/series") return seriesReply(context, new URLSearchParams(query));
  return pageReply(context.assets, path);
}

/** Runs a control, and notes it where the operator looks things up. */
async function control(context: Context, request: IncomingMessage, name: string): Promise<Reply> {
  const { reply, said } = await answerControl(request, name, context.source);
  context.log(`control ${JSON.stringify(name.slice(0, 20))}: ${String(reply.body).trim()}`);
  if (said !== null) {
    const { timeMs } = context.source.view();
    context.hub.events.note({ timeMs, tone: said.ok ? "plain" : "bad", text: said.text });
    context.hub.tickChanges();
  }
  return reply;
}

/** The orders with their reasons, for the page and for `bourse why`. */
function whyReply({ source }: Context, query: URLSearchParams): Reply {
  const why = source.why();
  const coin = query.get("coin") ?? why.coin;
  if (coin !== why.coin) return refusalReply(404, `this maker quotes ${why.coin}, not ${coin}`);
  return jsonReply(200, why);
}

/** The venue's vaults and pools, asked for when a page wants them. */
async function vaultsReply({ source }: Context): Promise<Reply> {
  try {
    return jsonReply(200, await source.vaults());
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    return refusalReply(502, `the venue tells nothing of its vaults: ${reason.slice(0, 200)}`);
  }
}

function seriesReply({ hub }: Context, query: URLSearchParams): Reply {
  const step = query.get("step") ?? "fine";
  if (step !== "fine" && step !== "coarse") return refusalReply(400, "step is fine or coarse");
  return {
    status: 200,
    contentType: "application/json; charset=utf-8",
    body: hub.series.json(step),
  };
}

const notAllowed = (allow: string): Reply => ({
  ...refusalReply(405, `allowed here: ${allow}`),
  headers: { allow },
});

function health({ source, hub }: Context): Reply {
  const { state, coin, venue } = source.view();
  const stream = hub.stats();
  return jsonReply(200, { status: "ok", schema: OPERATOR_SCHEMA, venue, coin, state, stream });
}

function pageReply({ files, problem }: PageAssets, path: string): Reply {
  if (problem !== null) {
    return { status: 503, contentType: "text/plain; charset=utf-8", body: `${problem}\n` };
  }
  const file = files.get(path);
  if (file === undefined) return refusalReply(404, "no such page");
  const headers = file.immutable ? { "cache-control": "public, max-age=31536000, immutable" } : {};
  return { status: 200, contentType: file.contentType, body: file.bytes, headers };
}

/** Lets a page onto the stream, or refuses with a plain HTTP answer. */
function upgrade(
  {
    context,
    sockets,
    clientsMax,
  }: { context: Context; sockets: WebSocketServer; clientsMax: number },
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
): void {
  // A peer that resets while it is refused is nobody's loss.
  socket.on("error", () => socket.destroy());
  const refusal = originRefusal(identityOf(request), context.port);
  if (refusal !== null) {
    refuseUpgrade(socket, "403 Forbidden", refusal);
    return;
  }
  if (request.url !== "/stream") {
    refuseUpgrade(socket, "404 Not Found", "no such stream");
    return;
  }
  if (sockets.clients.size >= clientsMax) {
    refuseUpgrade(socket, "503 Service Unavailable", `at most ${clientsMax} pages at once`);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (page) => {
    sockets.emit("connection", page, request);
    attach(context.hub, page);
  });
}

function refuseUpgrade(socket: Duplex, status: string, message: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(message)}` +
      `\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${message}`,
  );
}

/** Pages that answered the last heartbeat, or are newer than it. */
const alive = new WeakSet<WebSocket>();

function attach(hub: StreamHub, page: WebSocket): void {
  const client: StreamClient = {
    send: (text) => page.send(text),
    bufferedAmount: () => page.bufferedAmount,
  };
  alive.add(page);
  page.on("pong", () => alive.add(page));
  page.on("message", (data) => {
    if (String(data) === SNAPSHOT_REQUEST) hub.requestSnapshot(client);
  });
  page.on("close", () => hub.remove(client));
  // Too large a message or a broken frame: ws closes the page itself, and `close` follows.
  page.on("error", () => undefined);
  hub.add(client);
}

/** Starts the stream's timers and its subscription; the result stops them. */
function startTimers(
  { source, hub }: Context,
  sockets: WebSocketServer,
  { ladderMs = 100, kpiMs = 250, seriesMs = FINE_MS }: OperatorOptions,
): () => void {
  let queued = false;
  let stopped = false;
  const unsubscribe = source.onChange(() => {
    if (queued || stopped) return;
    queued = true;
    // Many fills of one match go out as one message.
    setImmediate(() => {
      queued = false;
      if (!stopped) hub.tickChanges();
    });
  });
  const timers = [
    setInterval(() => hub.tickLadder(), ladderMs),
    setInterval(() => {
      hub.tickChanges();
      hub.tickKpi();
    }, kpiMs),
    setInterval(() => hub.tickSeries(), seriesMs),
    setInterval(() => beat(sockets), HEARTBEAT_MS),
  ];
  return () => {
    stopped = true;
    unsubscribe();
    for (const timer of timers) clearInterval(timer);
  };
}

/** Drops pages that are gone without a word, and asks the others for one. */
function beat(sockets: WebSocketServer): void {
  for (const page of sockets.clients) {
    if (!alive.has(page)) page.terminate();
    alive.delete(page);
    page.ping();
  }
}

function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const page of sockets.clients) page.terminate();
  sockets.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
