/**
 * What the answer to a request, or its failure, says for certain. Only an answer of the venue, or a
 * failure before anything was sent, counts as a refusal; everything else stays unknown.
 */
import {
  AbstractWalletError,
  ApiRequestError,
  HttpRequestError,
  ValidationError,
} from "@nktkas/hyperliquid";
import type { ItemStatus, RequestOutcome } from "../maker/venue.ts";
import { refusalCode } from "./refusal.ts";
import { szOf } from "./wire-shape.ts";

/** HTTP statuses that say the server did not act on the request. */
const REFUSING = new Set([400, 401, 403, 404, 405, 413, 415, 422]);

/** Outcome of a batch from the venue's answer, which lists a status for each item. */
export function batchOutcome(
  answer: unknown,
  { items, szDecimals }: { items: number; szDecimals: number },
): RequestOutcome {
  const refusal = wholeRefusal(answer);
  if (refusal !== null) return refused(refusal);
  const statuses = statusesOf(answer);
  if (statuses === null) return { kind: "unknown", cause: "other" };
  const read = statuses.map((status) => itemStatus(status, szDecimals));
  const first = read[0];
  // What fails before it reaches the engine is told once for the whole batch.
  if (read.length === 1 && items > 1 && first?.kind === "error") return refused(first.text);
  if (read.length !== items) return { kind: "unknown", cause: "other" };
  return { kind: "statuses", statuses: read };
}

/** Outcome of a request that failed; `answerOutcome` reads the answer inside, where there is one. */
export function failureOutcome(
  error: unknown,
  answerOutcome: (answer: unknown) => RequestOutcome,
): RequestOutcome {
  if (error instanceof ApiRequestError) return answerOutcome(error.response);
  // Neither of these was sent.
  if (error instanceof ValidationError || error instanceof AbstractWalletError) {
    return { kind: "refused", code: "other", text: error.message };
  }
  if (error instanceof HttpRequestError && error.response !== undefined) {
    const { status } = error.response;
    if (status === 429) return { kind: "refused", code: "rateLimited", text: error.message };
    if (REFUSING.has(status)) return { kind: "refused", code: "other", text: error.message };
    return { kind: "unknown", cause: "other" };
  }
  const timedOut = error instanceof Error && /timed out/.test(error.message);
  return { kind: "unknown", cause: timedOut ? "timeout" : "disconnected" };
}

/** Outcome of an answer that either accepts or refuses. */
export function plainOutcome(answer: unknown): RequestOutcome {
  const refusal = wholeRefusal(answer);
  return refusal === null ? { kind: "accepted" } : refused(refusal);
}

const refused = (text: string): RequestOutcome => ({
  kind: "refused",
  code: refusalCode(text),
  text,
});

/** Text of an answer that refuses the whole action, or null. */
function wholeRefusal(answer: unknown): string | null {
  const { status, response } = fieldsOf(answer);
  return status === "err" ? String(response) : null;
}

function statusesOf(answer: unknown): readonly unknown[] | null {
  const { statuses } = fieldsOf(fieldsOf(fieldsOf(answer).response).data);
  return Array.isArray(statuses) ? statuses : null;
}

function itemStatus(status: unknown, szDecimals: number): ItemStatus {
  if (status === "success") return { kind: "canceled" };
  const { resting, filled, error } = fieldsOf(status);
  if (typeof error === "string") return { kind: "error", code: refusalCode(error), text: error };
  if (resting !== undefined) return { kind: "resting", oid: Number(fieldsOf(resting).oid) };
  const { oid, totalSz } = fieldsOf(filled);
  if (filled !== undefined && typeof totalSz === "string") {
    return { kind: "filled", oid: Number(oid), sz: szOf(totalSz, szDecimals) };
  }
  return { kind: "unknown" };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
