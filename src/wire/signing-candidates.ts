import { actionHash, agentDigest } from "./action-hash.ts";
import type { WireRequest } from "./canonical.ts";
import { APPROVE_AGENT_FORM, userSignedDigest } from "./user-signed.ts";

/** Whether a request is signed field by field, by a master key only. */
export const isUserSigned = (request: WireRequest): boolean =>
  request.action.type === "approveAgent";

/**
 * Digests that the client may have signed, likeliest first: the canonical form, then the action as
 * received; each for the main network's letter, then the test network's. Made one by one, as each
 * costs hashing and a recovery.
 */
export function* signingCandidates(request: WireRequest): Generator<Uint8Array> {
  const { action } = request;
  if (action.type === "approveAgent") {
    yield userSignedDigest(action, APPROVE_AGENT_FORM);
    return;
  }
  const canonical = actionHash(action, request);
  yield agentDigest(canonical, "a");
  yield agentDigest(canonical, "b");
  const received = actionHash(request.received, request);
  if (received.every((byte, index) => byte === canonical[index])) return;
  yield agentDigest(received, "a");
  yield agentDigest(received, "b");
}
