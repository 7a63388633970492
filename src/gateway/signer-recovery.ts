/** Who signed a digest: secp256k1 recovery by the native library, or by its slow JavaScript form. */
import { createRequire } from "node:module";
import secp256k1 from "secp256k1";
import { bytesToHex, type Hex, writeHex } from "../base/hex.ts";
import { keccak256 } from "../wire/keccak.ts";

/** A signature with full-length parts. */
export interface RecoverableSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly v: 27 | 28;
}

/** Bytes of an address. */
export const ADDRESS_BYTES = 20;
/** Bytes of a signature without its recovery id: r, then s. */
export const COMPACT_BYTES = 64;
const HASH_BYTES = 32;
/** An uncompressed key: a byte that says so, which is not hashed, and the point. */
const key = new Uint8Array(65);
const point = key.subarray(1);
const compact = new Uint8Array(COMPACT_BYTES);

/** Address of the key that signed a digest; null where the signature is no point of the curve. */
export function recoverAddress(digest: Uint8Array, signature: RecoverableSignature): Hex | null {
  writeCompact(signature, compact, 0);
  const hash = recoverKeyHash(digest, compact, signature.v - 27);
  return hash === null ? null : bytesToHex(hash, HASH_BYTES - ADDRESS_BYTES, ADDRESS_BYTES);
}

/** Writes r and s of a signature [64 bytes]. */
export function writeCompact({ r, s }: RecoverableSignature, out: Uint8Array, at: number): void {
  writeHex(r, out, at, 32);
  writeHex(s, out, at + 32, 32);
}

/** Hash of the key that signed, whose last 20 bytes are the address; null where there is none [32 bytes]. */
export function recoverKeyHash(
  digest: Uint8Array,
  signature: Uint8Array,
  recoveryId: number,
): Uint8Array | null {
  try {
    secp256k1.ecdsaRecover(signature, recoveryId, digest, false, key);
  } catch {
    // The library throws for every signature that recovers to nothing, and for no other reason here.
    return null;
  }
  return keccak256(point);
}

/** Whether recovery runs natively; the JavaScript form takes some forty times as long. */
export function isRecoveryNative(): boolean {
  try {
    createRequire(import.meta.url)("secp256k1/bindings");
    return true;
  } catch {
    // The package's installer fails silently where it has no binary for the platform.
    return false;
  }
}
