/**
 * Who may talk to the operator's server: programs on this machine, and pages that the server itself
 * served. A page elsewhere that guesses the port is stopped by its Origin; a name that was re-bound
 * to this machine, by its Host. No answer ever carries a CORS header.
 */
import type { IncomingMessage } from "node:http";

/** The part of a request that decides. */
export interface RequestIdentity {
  readonly remoteAddress: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The browser's own word on where the request comes from. */
  readonly fetchSite: string | undefined;
}

/** What of a request the guard looks at. */
export const identityOf = (request: IncomingMessage): RequestIdentity => ({
  remoteAddress: request.socket.remoteAddress,
  host: request.headers.host,
  origin: request.headers.origin,
  fetchSite: singleHeader(request.headers["sec-fetch-site"]),
});

const singleHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(",") : value;

/** Whether an address is this machine's own loopback. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** Names under which a server on `port` may be addressed. */
const allowedHosts = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
];

/** Why any request is refused, or null: it must come over loopback and name an allowed host. */
export function hostRefusal(identity: RequestIdentity, port: number): string | null {
  if (!isLoopback(identity.remoteAddress)) return "only this machine may connect";
  const host = identity.host?.toLowerCase();
  if (host === undefined || !allowedHosts(port).includes(host)) {
    return `the Host header must be one of ${allowedHosts(port).join(", ")}`;
  }
  return null;
}

/**
 * Why a request that reads the stream or steers is refused, or null. The origin must be the very
 * host that was asked, or absent as in programs that are no browser.
 */
export function originRefusal(identity: RequestIdentity, port: number): string | null {
  const refusal = hostRefusal(identity, port);
  if (refusal !== null) return refusal;
  const { origin, host, fetchSite } = identity;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
    return "requests from pages of another origin are refused";
  }
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") {
    return "requests from pages of another site are refused";
  }
  return null;
}
