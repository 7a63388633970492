import { actionHash, agentDigest, type ChainSource } from "./action-hash.ts";
import type { WireRequest } from "./canonical.ts";
import {
  isUserSignedType,
  USER_SIGNED_FORMS,
  type UserSignedAction,
  userSignedDigest,
} from "./user-signed.ts";

/** A digest that the client may have signed. */
export interface SigningCandidate {
  readonly digest: Uint8Array;
  /** Network letter in it; null where the action names its network itself. */
  readonly source: ChainSource | null;
}

/** Whether a request is signed field by field, by a master key only. */
export const isUserSigned = (request: WireRequest): boolean =>
  isUserSignedType(request.action.type);

/** Destination and amount of an action as it was sent, where they are texts. */
function textsOf(received: unknown): { destination?: string; amount?: string } {
  const { destination, amount } = received as Record<string, unknown>;
  return {
    ...(typeof destination === "string" && { destination }),
    ...(typeof amount === "string" && { amount }),
  };
}

/**
 * What the client may have signed, likeliest first: the canonical form, then the action as received;
 * each for the likelier network's letter, then the other's. There is at least one. Made one by one, as
 * each costs hashing and a recovery.
 */
export function* signingCandidates(
  request: WireRequest,
  likely: ChainSource = "a",
): Generator<SigningCandidate, void, void> {
  const { action } = request;
  if (isUserSignedType(action.type)) {
    const form = USER_SIGNED_FORMS[action.type];
    // Its texts are signed as they were sent: the address's case, the amount's zeros.
    if (action.type === "usdSend") {
      const sent = { ...action, ...textsOf(request.received) };
      yield { digest: userSignedDigest(sent, form), source: null };
    }
    yield { digest: userSignedDigest(action as UserSignedAction, form), source: null };
    return;
  }
  const unlikely = likely === "a" ? "b" : "a";
  const canonical = actionHash(action, request);
  yield { digest: agentDigest(canonical, likely), source: likely };
  yield { digest: agentDigest(canonical, unlikely), source: unlikely };
  if (request.received === action) return;
  const received = actionHash(request.received, request);
  if (received.every((byte, index) => byte === canonical[index])) return;
  yield { digest: agentDigest(received, likely), source: likely };
  yield { digest: agentDigest(received, unlikely), source: unlikely };
}
