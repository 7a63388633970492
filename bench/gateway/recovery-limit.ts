import { recoverAddress } from "../../src/gateway/signer-recovery.ts";
import type { SignedRequest } from "./signed-order.ts";

/** Signatures that one thread can recover a second, doing nothing else [1/s]. */
export function measureRecovery(requests: readonly SignedRequest[]): number {
  const startMs = performance.now();
  for (const { digest, signature } of requests) {
    if (recoverAddress(digest, signature) === null) throw new Error("a signature recovers");
  }
  return requests.length / ((performance.now() - startMs) / 1e3);
}
