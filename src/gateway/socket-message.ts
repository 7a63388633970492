import type { Subscription } from "./feed-port.ts";

/** What a client may say over WebSocket. */
export type ClientMessage =
  | { readonly method: "ping" }
  | { readonly method: "subscribe" | "unsubscribe"; readonly subscription: Subscription }
  | {
      readonly method: "post";
      readonly id: number;
      readonly type: "info" | "action";
      readonly payload: unknown;
    };

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a client's message; null for what the protocol does not have. */
export function readClientMessage(text: string): ClientMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse throws for what is not JSON, which is the client's error.
    return null;
  }
  if (!isPlain(value)) return null;
  const { method, subscription, id, request } = value;
  if (method === "ping") return { method };
  if (method === "subscribe" || method === "unsubscribe") {
    if (!isPlain(subscription) || typeof subscription.type !== "string") return null;
    return { method, subscription: subscription as Subscription };
  }
  if (method !== "post" || !Number.isSafeInteger(id) || !isPlain(request)) return null;
  const { type, payload } = request;
  if (type !== "info" && type !== "action") return null;
  return { method, id: id as number, type, payload };
}
