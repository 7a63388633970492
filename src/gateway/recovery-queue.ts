import type { Hex } from "../base/hex.ts";
import { type RecoverableSignature, recoverAddress } from "./signer-recovery.ts";

/** Gets the address that signed, or null where the signature is no point of the curve. */
export type Recovered = (address: Hex | null) => void;

/**
 * Recovers signers, on this thread or on others. Whatever is handed in is called back in the order
 * in which it was handed in, all callers together: what is done in the callbacks is done in the order
 * of arrival, as though recovery took no time.
 */
export interface RecoveryQueue {
  /**
   * Recovers who signed a digest, now or later; false = the queue is full, and `done` will not be
   * called. Digest and signature are copied.
   */
  recover(digest: Uint8Array, signature: RecoverableSignature, done: Recovered): boolean;
  /** Calls back behind everything handed in before; at once where nothing waits. false = full. */
  whenRecovered(done: () => void): boolean;
  /** Stops; what waits is never called back. */
  close(): Promise<void>;
}

/** Recovers at once, on the thread that asks. */
export const INLINE_RECOVERY: RecoveryQueue = {
  recover(digest, signature, done) {
    done(recoverAddress(digest, signature));
    return true;
  },
  whenRecovered(done) {
    done();
    return true;
  },
  close: () => Promise.resolve(),
};
