/** Orders of test accounts, signed and written out as HTTP requests before anything is timed. */
import secp256k1 from "secp256k1";
import type { Hex } from "../../src/base/hex.ts";
import { actionHash, agentDigest } from "../../src/wire/action-hash.ts";
import { addressOfKey } from "../address.ts";

/** An account that signs. */
export interface Trader {
  readonly key: Buffer;
  readonly address: Hex;
}

/** A signed action: the whole request, and what its signature can be recovered from. */
export interface SignedRequest {
  readonly request: Buffer;
  /** The request's body. */
  readonly body: Buffer;
  readonly digest: Uint8Array;
  readonly signature: { readonly r: Hex; readonly s: Hex; readonly v: 27 | 28 };
  readonly orders: number;
}

/** A trader by its number. */
export function createTrader(index: number): Trader {
  const key = Buffer.from((0xb0_0000 + index).toString(16).padStart(64, "0"), "hex");
  return { key, address: addressOfKey(key) };
}

/** An order as the wire has it. */
export type WireOrder = Readonly<Record<string, unknown>>;

/** A buy that rests below the market, or takes what sells rest there; and the sells. */
export const wireOrder = (isBuy: boolean, px: number, tif: "Gtc" | "Ioc"): WireOrder => ({
  a: 0,
  b: isBuy,
  p: String(px),
  s: "0.001",
  r: false,
  t: { limit: { tif } },
});

/** Signs one action with these orders and writes the request for a server at `host`. */
export function signOrders(
  trader: Trader,
  orders: readonly WireOrder[],
  nonce: number,
  host: string,
): SignedRequest {
  const action = { type: "order", orders, grouping: "na" };
  const hash = actionHash(action, { nonce, vaultAddress: null, expiresAfter: null });
  const digest = agentDigest(hash, "a");
  const { signature: bytes, recid } = secp256k1.ecdsaSign(digest, trader.key);
  const hex = Buffer.from(bytes).toString("hex");
  const signature = {
    r: `0x${hex.slice(0, 64)}`,
    s: `0x${hex.slice(64)}`,
    v: recid === 0 ? 27 : 28,
  } as const;
  const body = JSON.stringify({ action, nonce, signature, vaultAddress: null });
  const head =
    `POST /exchange HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return {
    request: Buffer.from(head + body),
    body: Buffer.from(body),
    digest,
    signature,
    orders: orders.length,
  };
}
