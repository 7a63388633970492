/** From a recovered address to a signer that the exchange knows. */
import type { Hex } from "../base/hex.ts";
import { REJECT } from "../base/reject-code.ts";
import { roleOfAddress } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { ChainSource } from "../wire/action-hash.ts";
import type { WireRequest } from "../wire/canonical.ts";
import { rejectText } from "../wire/reject-text.ts";
import {
  isUserSigned,
  type SigningCandidate,
  signingCandidates,
} from "../wire/signing-candidates.ts";
import { recoverAddress } from "./signer-recovery.ts";

/** A signer that the exchange knows, or the text that the client is told. */
export type Signer =
  | { readonly address: Hex; readonly source: ChainSource | null }
  | { readonly refusal: string };

/** The candidates of a request: the first one, and the way to the others. */
export interface SignerSearch {
  readonly request: WireRequest;
  readonly first: SigningCandidate;
  readonly others: Iterable<SigningCandidate>;
}

/** Begins with what the client most likely signed. */
export function beginSearch(request: WireRequest, likely: ChainSource): SignerSearch {
  const others = signingCandidates(request, likely);
  return { request, first: others.next().value as SigningCandidate, others };
}

/**
 * Goes on from the address that the first candidate recovered to, until one is a user or a user's
 * agent; master keys alone sign field by field. A wrong hash recovers to a random address, which is
 * then named. Other candidates than the first are rare and are recovered on the spot.
 */
export function endSearch(
  { request, first, others }: SignerSearch,
  firstAddress: Hex | null,
  state: ExchangeState,
  nowMs: number,
): Signer {
  const masterOnly = isUserSigned(request);
  const isKnown = (address: Hex): boolean => {
    const { role } = roleOfAddress(state, address, nowMs);
    return role === "user" || (role === "agent" && !masterOnly);
  };
  if (firstAddress !== null && isKnown(firstAddress)) {
    return { address: firstAddress, source: first.source };
  }
  let named = firstAddress;
  for (const { digest, source } of others) {
    const address = recoverAddress(digest, request.signature);
    if (address === null) continue;
    if (isKnown(address)) return { address, source };
    named ??= address;
  }
  if (named === null) return { refusal: "Unable to recover signer." };
  const code = masterOnly ? REJECT.masterKeyRequired : REJECT.signerUnknown;
  return { refusal: rejectText({ code, a: 0, b: 0, c: 0 }, { address: named }) };
}
