/**
 * What the signature of a trading action covers: msgpack(action), nonce, vault and expiry go through
 * keccak to the connection id, which an `Agent` struct carries. The source letter names the network.
 */
import { Encoder } from "@msgpack/msgpack";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "../base/hex.ts";
import { domainSeparator, type TypedField, typedDigest, typeHash } from "./typed-data.ts";

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
const AGENT_TYPE_HASH = typeHash("Agent", AGENT_FIELDS);
const EXCHANGE_DOMAIN = domainSeparator({
  name: "Exchange",
  version: "1",
  chainId: 1337,
  verifyingContract: `0x${"0".repeat(40)}`,
});
const NONE = new Uint8Array(0);
const ABSENT = new Uint8Array([0]);
const PRESENT = new Uint8Array([1]);
const encoder = new Encoder({ ignoreUndefined: true });

/** Connection id of an action whose keys stand in the order they are hashed in [32 bytes]. */
export function actionHash(action: unknown, envelope: ActionEnvelope): Uint8Array {
  const { nonce, vaultAddress, expiresAfter } = envelope;
  return keccak_256(
    concatBytes(
      encoder.encode(action),
      uint64Bytes(nonce),
      vaultAddress === null ? ABSENT : PRESENT,
      vaultAddress === null ? NONE : hexToBytes(vaultAddress.slice(2)),
      expiresAfter === null ? NONE : ABSENT,
      expiresAfter === null ? NONE : uint64Bytes(expiresAfter),
    ),
  );
}

/** Digest that a wallet signs for a connection id [32 bytes]. */
export const agentDigest = (connectionId: Uint8Array, source: ChainSource): Uint8Array =>
  typedDigest(EXCHANGE_DOMAIN, AGENT_TYPE_HASH, AGENT_FIELDS, { source, connectionId });

function uint64Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
