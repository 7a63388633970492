/** Reading bodies and writing answers over node's HTTP. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Largest body of a request [bytes]. */
export const BODY_BYTES_MAX = 1_048_576;

/** Header that lets a page of any origin read an answer of the public endpoints. */
export const CORS_HEADERS = { "access-control-allow-origin": "*" } as const;

/** Headers that answer a browser's question whether such a page may ask at all. */
export const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  "access-control-allow-headers": "content-type",
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-max-age": "86400",
} as const;

/** Headers of an answer beside type and length. */
export type ExtraHeaders = Readonly<Record<string, string>>;

/** Sends a JSON value. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: ExtraHeaders,
): void {
  send(response, status, "application/json", JSON.stringify(value), headers);
}

/** Sends a plain text. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: ExtraHeaders,
): void {
  send(response, status, "text/plain; charset=utf-8", text, headers);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: ExtraHeaders,
): void {
  if (response.writableEnded || response.destroyed) return;
  const length = Buffer.byteLength(text);
  response.writeHead(status, { ...headers, "content-type": type, "content-length": length });
  // A text leaves in one write with its head; bytes would take a second piece.
  response.end(text);
}

/** Whether a request says that its body is JSON, whatever else its content type says. */
export const isJsonRequest = (request: IncomingMessage): boolean =>
  (request.headers["content-type"] ?? "").toLowerCase().includes("application/json");

/** A JSON body that was read: its value, or what is wrong with it. */
export type BodyOutcome =
  | { readonly value: unknown }
  | { readonly problem: "tooLarge" | "notJson" };

/** Reads a JSON body up to {@link BODY_BYTES_MAX}; calls back once, or never where the client left. */
export function readJsonBody(request: IncomingMessage, done: (outcome: BodyOutcome) => void): void {
  readBody(request, (bytes) => done(bytes === null ? { problem: "tooLarge" } : parseJson(bytes)));
}

/** Reads a body; null where it is larger than {@link BODY_BYTES_MAX}. Calls back as above. */
export function readBody(request: IncomingMessage, done: (bytes: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let isOver = false;
  request.on("data", (chunk: Buffer) => {
    if (isOver) return;
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) {
      chunks.push(chunk);
      return;
    }
    isOver = true;
    chunks.length = 0;
    done(null);
  });
  request.on("end", () => {
    if (isOver) return;
    isOver = true;
    done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  });
  // An aborted upload ends in an error event; there is nobody left to answer.
  request.on("error", () => {
    isOver = true;
  });
}

function parseJson(bytes: Buffer): BodyOutcome {
  try {
    return { value: JSON.parse(bytes.toString("utf8")) as unknown };
  } catch {
    // JSON.parse throws for what is not JSON, which is the client's error.
    return { problem: "notJson" };
  }
}
