/** Reading bodies and writing answers over node's HTTP. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Largest body of a request [bytes]. */
export const BODY_BYTES_MAX = 1_048_576;

/** Headers that let a page of any origin use the public endpoints. */
export const CORS_HEADERS = {
  "access-control-allow-origin": "*",
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
  const bytes = Buffer.from(text);
  response.writeHead(status, { ...headers, "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}

/** Whether a request says that its body is JSON, whatever else its content type says. */
export const isJsonRequest = (request: IncomingMessage): boolean =>
  (request.headers["content-type"] ?? "").toLowerCase().includes("application/json");

/** A body that was read: a JSON value, or what is wrong with it. */
export type BodyOutcome =
  | { readonly value: unknown }
  | { readonly problem: "tooLarge" | "notJson" };

/** Reads a JSON body up to {@link BODY_BYTES_MAX}; calls back once, or never where the client left. */
export function readJsonBody(request: IncomingMessage, done: (outcome: BodyOutcome) => void): void {
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
    done({ problem: "tooLarge" });
  });
  request.on("end", () => {
    if (isOver) return;
    isOver = true;
    done(parseJson(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
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
