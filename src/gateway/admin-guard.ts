/**
 * Who may use the admin endpoints: programs on this machine that are no web page of somebody else.
 * Pages are kept out by Origin and by the JSON content type, which a page cannot send without a
 * preflight that is never granted; a name re-bound to this machine is kept out by Host.
 */
import type { IncomingMessage } from "node:http";

/** What of a request decides. */
export interface AdminCaller {
  readonly remoteAddress: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The browser's own word on where a request comes from. */
  readonly fetchSite: string | undefined;
}

/** What the guard looks at. */
export const callerOf = (request: IncomingMessage): AdminCaller => ({
  remoteAddress: request.socket.remoteAddress,
  host: request.headers.host,
  origin: request.headers.origin,
  fetchSite: request.headers["sec-fetch-site"]?.toString(),
});

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** Whether a socket's remote address is this machine's loopback. */
function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  return plain === "::1" || LOOPBACK_V4.test(plain);
}

/** Why a caller is refused, or null where it may go on. */
export function adminRefusal(caller: AdminCaller, port: number): string | null {
  if (!isLoopbackAddress(caller.remoteAddress)) return "admin answers to this machine only";
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  const host = caller.host?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    return `the Host header must be one of ${hosts.join(", ")}`;
  }
  if (caller.origin !== undefined && caller.origin.toLowerCase() !== `http://${host}`) {
    return "requests of pages of another origin are refused";
  }
  if (caller.fetchSite !== undefined && !["same-origin", "none"].includes(caller.fetchSite)) {
    return "requests of pages of another site are refused";
  }
  return null;
}
