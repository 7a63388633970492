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

const ADDRESS_BYTES = 20;
const HASH_BYTES = 32;
/** The uncompressed key's first byte says what it is; it is not hashed. */
const KEY_BYTES = 65;
const compact = new Uint8Array(64);
const key = new Uint8Array(KEY_BYTES);
const keyPoint = key.subarray(1);

/** Address of the key that signed a digest; null where the signature is no point of the curve. */
export function recoverAddress(digest: Uint8Array, signature: RecoverableSignature): Hex | null {
  writeHex(signature.r, compact, 0, 32);
  writeHex(signature.s, compact, 32, 32);
  try {
    secp256k1.ecdsaRecover(compact, signature.v - 27, digest, false, key);
    return bytesToHex(keccak256(keyPoint), HASH_BYTES - ADDRESS_BYTES, ADDRESS_BYTES);
  } catch {
    // The library throws for every signature that recovers to nothing, and for no other reason here.
    return null;
  }
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
