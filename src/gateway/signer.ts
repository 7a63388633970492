import type { Hex } from "../base/hex.ts";
import { REJECT } from "../base/reject-code.ts";
import { roleOfAddress } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { WireRequest } from "../wire/canonical.ts";
import { rejectText } from "../wire/reject-text.ts";
import { isUserSigned, signingCandidates } from "../wire/signing-candidates.ts";
import { recoverAddress } from "./signer-recovery.ts";

/** A signer that the exchange knows, or the text that the client is told. */
export type Signer = { readonly address: Hex } | { readonly refusal: string };

/**
 * Tries what the client may have signed until one recovers to a user or to a user's agent; master
 * keys alone sign field by field. A wrong hash recovers to a random address, which is then named.
 */
export function resolveSigner(request: WireRequest, state: ExchangeState, nowMs: number): Signer {
  const masterOnly = isUserSigned(request);
  let first: Hex | null = null;
  for (const digest of signingCandidates(request)) {
    const address = recoverAddress(digest, request.signature);
    if (address === null) continue;
    const { role } = roleOfAddress(state, address, nowMs);
    if (role === "user" || (role === "agent" && !masterOnly)) return { address };
    first ??= address;
  }
  if (first === null) return { refusal: "Unable to recover signer." };
  const code = masterOnly ? REJECT.masterKeyRequired : REJECT.signerUnknown;
  return { refusal: rejectText({ code, a: 0, b: 0, c: 0 }, { address: first }) };
}
