/**
 * Keccak-256, the hash of everything that is signed. WebAssembly: an action costs four of these, and
 * in plain JavaScript each takes about as long as parsing the action.
 */
import { createKeccak } from "hash-wasm";

const hasher = await createKeccak(256);

/** Hash of bytes or of a text as UTF-8, or of that and more bytes behind it [32 bytes]. */
export function keccak256(bytes: Uint8Array | string, more?: Uint8Array): Uint8Array {
  hasher.init();
  hasher.update(bytes);
  if (more !== undefined) hasher.update(more);
  return hasher.digest("binary");
}
