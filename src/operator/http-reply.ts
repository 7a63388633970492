/** Answers of the operator's server: every one carries the same strict headers. */
import type { ServerResponse } from "node:http";

/** Headers that forbid the browser everything that the page does not need; no CORS among them. */
const securityHeaders = (port: number): Readonly<Record<string, string>> => ({
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    // Some browsers do not take 'self' for WebSocket addresses; the grammar has no IPv6.
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
});

/** What to answer. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  contentType: "application/json; charset=utf-8",
  body: `${JSON.stringify(value)}\n`,
});

/** A refusal in the shape of a control's answer. */
export const refusalReply = (status: number, message: string): Reply =>
  jsonReply(status, { ok: false, message });

/** Sends an answer; a HEAD request gets its headers only. */
export function sendReply(
  response: ServerResponse,
  reply: Reply,
  { port, headOnly = false }: { readonly port: number; readonly headOnly?: boolean },
): void {
  response.writeHead(reply.status, {
    ...securityHeaders(port),
    "cache-control": "no-store",
    ...reply.headers,
    "content-type": reply.contentType,
    "content-length": Buffer.byteLength(reply.body),
  });
  response.end(headOnly ? undefined : reply.body);
}
