/**
 * What the signature of a trading action covers: msgpack(action), nonce, vault and expiry go through
 * keccak to the connection id, which an `Agent` struct carries. The source letter names the network.
 */
import { Encoder } from "@msgpack/msgpack";
import { type Hex, writeHex } from "../base/hex.ts";
import { keccak256 } from "./keccak.ts";
import { digestPrefix, encodeField, type TypedField, typeHash } from "./typed-data.ts";

/** Network letter of an agent signature: a = main network, b = test network. */
export type ChainSource = "a" | "b";

/** What surrounds an action in its hash. */
export interface ActionEnvelope {
  readonly nonce: number;
  readonly vaultAddress: Hex | null;
  /** Refuse after this time; null = never [ms]. */
  readonly expiresAfter: number | null;
}

const AGENT_FIELDS: readonly TypedField[] = [
  { name: "source", type: "string" },
  { name: "connectionId", type: "bytes32" },
];
const CONNECTION_ID_AT = 64;
/** What stands in front of a struct's hash: the same for every agent signature. */
const AGENT_PREFIX = digestPrefix({
  name: "Exchange",
  version: "1",
  chainId: 1337,
  verifyingContract: `0x${"0".repeat(40)}`,
});
/** Structs of either network but for the connection id, which is written into them each time. */
const AGENT_STRUCTS: Readonly<Record<ChainSource, Uint8Array>> = {
  a: agentStruct("a"),
  b: agentStruct("b"),
};
const encoder = new Encoder({ ignoreUndefined: true });
const tail = new Uint8Array(8 + 1 + 20 + 1 + 8);
const tailView = new DataView(tail.buffer);

/**
 * Connection id of an action whose keys stand in the order they are hashed in [32 bytes]: the hash of
 * the packed action, the nonce, a byte that says whether a vault follows, and, where the action
 * expires, a zero and the time.
 */
export function actionHash(action: unknown, envelope: ActionEnvelope): Uint8Array {
  const { nonce, vaultAddress, expiresAfter } = envelope;
  writeUint64(nonce, 0);
  let length = 9;
  tail[8] = vaultAddress === null ? 0 : 1;
  if (vaultAddress !== null) {
    writeHex(vaultAddress, tail, length, 20);
    length += 20;
  }
  if (expiresAfter !== null) {
    tail[length] = 0;
    writeUint64(expiresAfter, length + 1);
    length += 9;
  }
  return keccak256(encoder.encodeSharedRef(action), tail.subarray(0, length));
}

/** Digest that a wallet signs for a connection id [32 bytes]. */
export function agentDigest(connectionId: Uint8Array, source: ChainSource): Uint8Array {
  const struct = AGENT_STRUCTS[source];
  struct.set(connectionId, CONNECTION_ID_AT);
  return keccak256(AGENT_PREFIX, keccak256(struct));
}

function agentStruct(source: ChainSource): Uint8Array {
  const struct = new Uint8Array(96);
  struct.set(typeHash("Agent", AGENT_FIELDS));
  struct.set(encodeField("string", source), 32);
  return struct;
}

function writeUint64(value: number, at: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError("a hashed number is an integer");
  tailView.setUint32(at, Math.floor(value / 2 ** 32));
  tailView.setUint32(at + 4, value % 2 ** 32);
}
