/**
 * A relay to a server on this machine that can fail as links do: connections are cut or refused,
 * bytes come late, or a WebSocket falls silent while it stays open and HTTP goes on. Silence drops
 * whole frames, so that a connection which survives it carries on where it is.
 */
import { connect, createServer, type Socket } from "node:net";
import { pipeline, Transform } from "node:stream";

/** What is wrong with the link. */
export type LinkFault =
  | "none"
  /** What the server sends over a WebSocket, a handshake's answer included, does not arrive. */
  | "silentSockets"
  /** Nothing arrives either way and nothing is closed; what was open stays dead afterwards. */
  | "swallowed"
  /** Every connection is closed, new ones at once. */
  | "refused";

/** A running relay. */
export interface FaultProxy {
  readonly url: string;
  setFault(fault: LinkFault): void;
  /** How long each piece takes on its way, either way [ms]. */
  setDelay(delayMs: number): void;
  /** Closes every connection; new ones are taken. */
  cut(): void;
  /** WebSocket connections that were asked for since the start. */
  socketCount(): number;
  close(): Promise<void>;
}

interface Link {
  fault: LinkFault;
  delayMs: number;
  socketCount: number;
  readonly connections: Set<Connection>;
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  isSocket: boolean;
  /** Its handshake was swallowed: nothing good can come of it any more. */
  isLost: boolean;
  /** Bytes of it were swallowed: nothing passes any more. */
  isDead: boolean;
}

const UPGRADE = /^upgrade: websocket\r$/im;

/** Opens a relay on any free port to the server at `target`. */
export async function openFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const link: Link = { fault: "none", delayMs: 0, socketCount: 0, connections: new Set() };
  const server = createServer((near) => {
    if (link.fault === "refused") near.destroy();
    else relay(link, near, connect(Number(targetPort), hostname));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has a port");
  const end = (isMeant: (connection: Connection) => boolean): void => {
    for (const connection of link.connections) {
      if (!isMeant(connection)) continue;
      connection.near.destroy();
      connection.far.destroy();
    }
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    setFault(fault) {
      link.fault = fault;
      if (fault === "refused") end(() => true);
      if (fault === "none") end(({ isLost }) => isLost);
    },
    setDelay(delayMs) {
      link.delayMs = delayMs;
    },
    cut: () => end(() => true),
    socketCount: () => link.socketCount,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        end(() => true);
      }),
  };
}

function relay(link: Link, near: Socket, far: Socket): void {
  const connection: Connection = { near, far, isSocket: false, isLost: false, isDead: false };
  link.connections.add(connection);
  const over = (): void => {
    link.connections.delete(connection);
    near.destroy();
    far.destroy();
  };
  const recognise = (bytes: Buffer): Buffer => {
    // A client may upgrade a connection that has served requests before.
    if (!connection.isSocket && UPGRADE.test(bytes.toString("latin1"))) {
      connection.isSocket = true;
      link.socketCount += 1;
    }
    return bytes;
  };
  pipeline(near, mapped(link, connection, recognise), far, over);
  pipeline(far, mapped(link, connection, swallowWhileSilent(link, connection)), near, over);
}

/** Bytes on their way, in order: changed by `map`, then late. */
const mapped = (link: Link, connection: Connection, map: (bytes: Buffer) => Buffer): Transform =>
  new Transform({
    transform(bytes: Buffer, _, done) {
      const arrive = (): void => {
        connection.isDead ||= link.fault === "swallowed";
        if (connection.isDead) done();
        else done(null, map(bytes));
      };
      if (link.delayMs === 0) arrive();
      else setTimeout(arrive, link.delayMs);
    },
  });

/** Passes the server's bytes on; of a WebSocket, only what is complete while the link is not silent. */
function swallowWhileSilent(link: Link, connection: Connection): (bytes: Buffer) => Buffer {
  let pending = Buffer.alloc(0);
  let isOpen = false;
  const take = (length: number): Buffer => {
    const taken = pending.subarray(0, length);
    pending = pending.subarray(length);
    return taken;
  };
  return (bytes) => {
    if (!connection.isSocket) return bytes;
    pending = Buffer.concat([pending, bytes]);
    const passed: Buffer[] = [];
    for (;;) {
      const length = isOpen ? frameLength(pending) : headLength(pending);
      if (length === null || pending.length < length) return Buffer.concat(passed);
      const piece = take(length);
      if (link.fault === "silentSockets") connection.isLost ||= !isOpen;
      else if (!connection.isLost) passed.push(piece);
      isOpen = true;
    }
  };
}

/** Length of the handshake's answer, or null while it is not complete [bytes]. */
function headLength(bytes: Buffer): number | null {
  const end = bytes.indexOf("\r\n\r\n");
  return end < 0 ? null : end + 4;
}

/** Length of a server's frame, which is never masked, or null while it cannot be told [bytes]. */
function frameLength(bytes: Buffer): number | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  if (short < 126) return 2 + short;
  if (short === 126) return bytes.length < 4 ? null : 4 + bytes.readUInt16BE(2);
  return bytes.length < 10 ? null : 10 + Number(bytes.readBigUInt64BE(2));
}
