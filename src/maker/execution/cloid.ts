/**
 * Client order ids: 8 hex digits of prefix (which maker), 8 of session (which run), 16 of counter.
 * Ours are recognised by the prefix after any restart; the session tells this run's apart.
 */
import type { Hex } from "../../base/hex.ts";

/** What a maker's cloids carry. */
export interface CloidScope {
  /** 8 lower-case hex digits. */
  readonly cloidPrefix: string;
  /** 0 to 2^32 - 1. */
  readonly sessionId: number;
}

/** The cloid of the order with this counter. */
export const cloidOf = (scope: CloidScope, counter: number): Hex =>
  `0x${scope.cloidPrefix}${hexDigits(scope.sessionId, 8)}${hexDigits(counter, 16)}`;

/** Whether a maker with this prefix made the cloid, in this run or an earlier one. */
export const isOwnCloid = (scope: CloidScope, cloid: Hex | null): cloid is Hex =>
  cloid !== null && cloid.slice(2, 10) === scope.cloidPrefix;

/** Whether this run made the cloid. */
export const isSessionCloid = (scope: CloidScope, cloid: Hex | null): boolean =>
  isOwnCloid(scope, cloid) && cloid.slice(10, 18) === hexDigits(scope.sessionId, 8);

const hexDigits = (n: number, width: number): string => n.toString(16).padStart(width, "0");
