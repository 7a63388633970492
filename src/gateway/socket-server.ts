/** WebSocket connections of the gateway: upgrade, limits by address, idle and slow clients. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { BODY_BYTES_MAX } from "./http-exchange.ts";
import { ipOf } from "./public-route.ts";
import {
  type Connection,
  type ConnectionParts,
  createConnection,
  type TextSocket,
} from "./socket-connection.ts";

/** Options of the socket server. */
export interface SocketServerOptions {
  readonly parts: ConnectionParts;
  /** Silence of a client after which its connection is closed [ms]. */
  readonly idleMs: number;
  /** Time between looks for idle connections [ms]. */
  readonly sweepMs: number;
  /** Connections of all addresses together. */
  readonly connectionsMax: number;
}

/** The socket server, driven by the HTTP server's upgrades. */
export interface SocketServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Open connections. */
  readonly size: number;
  close(): void;
}

/** A server without connections. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { parts } = options;
  const { limits, context } = parts;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: BODY_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const connections = new Map<WebSocket, Connection>();

  const gather = createGathering();

  const attach = (socket: WebSocket, stream: Duplex, ip: string): void => {
    const connection = createConnection(parts, ip, gather(socket, stream));
    connections.set(socket, connection);
    socket.on("message", (data: Buffer) => connection.receive(data.toString("utf8")));
    // A broken frame or a reset: the library closes the socket itself, and "close" cleans up.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connections.delete(socket);
      connection.ended();
      limits.closeConnection(ip);
    });
  };

  const sweep = setInterval(() => {
    const oldestMs = context.nowMs() - options.idleMs;
    for (const [socket, { heardMs }] of connections) if (heardMs < oldestMs) socket.close();
  }, options.sweepMs);
  sweep.unref();

  return {
    get size() {
      return connections.size;
    },
    upgrade(request, socket, head) {
      const ip = ipOf(request);
      if (socket.destroyed) return;
      if (connections.size >= options.connectionsMax)
        return refuse(socket, "503 Service Unavailable");
      if (!limits.openConnection(ip)) return refuse(socket, "429 Too Many Requests");
      let isOpen = false;
      socket.once("close", () => {
        if (!isOpen) limits.closeConnection(ip);
      });
      server.handleUpgrade(request, socket, head, (client) => {
        isOpen = true;
        attach(client, socket, ip);
      });
    },
    close() {
      clearInterval(sweep);
      for (const socket of connections.keys()) socket.terminate();
      server.close();
    },
  };
}

/**
 * Holds back what is sent to a client until the work at hand is done: several messages of one moment
 * (a book, its trades, fills) then leave in one write, which costs little more than one of them alone.
 */
function createGathering(): (socket: WebSocket, stream: Duplex) => TextSocket {
  const held = new Set<Duplex>();
  const release = (): void => {
    for (const stream of held) stream.uncork();
    held.clear();
  };
  return (socket, stream) => ({
    send(text) {
      if (!held.has(stream)) {
        if (held.size === 0) process.nextTick(release);
        held.add(stream);
        stream.cork();
      }
      socket.send(text);
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    close: () => socket.close(),
    terminate: () => socket.terminate(),
  });
}

/** Ends an upgrade that was not granted. */
export function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
