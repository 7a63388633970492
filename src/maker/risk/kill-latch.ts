/**
 * The kill switch: once tripped it stays tripped, over restarts too (its owner stores it), until it
 * is re-armed on purpose. Several reasons can pile up; the first is the cause.
 */

/** Why the maker was killed. */
export type KillReason =
  | "manual"
  | "dailyLoss"
  | "drawdown"
  | "positionRunaway"
  | "staleData"
  | "rejectStorm"
  | "internalError";

/** One trip of the switch. */
export interface KillEntry {
  readonly reason: KillReason;
  /** The figures behind it, for people. */
  readonly text: string;
  /** [ms] */
  readonly timeMs: number;
}

/** State of the switch; plain data, to be stored as it is. */
export interface KillLatch {
  readonly killed: boolean;
  /** In the order they occurred; empty when armed. */
  readonly reasons: readonly KillEntry[];
}

/** A switch that has not tripped. */
export const ARMED: KillLatch = { killed: false, reasons: [] };

/** The latch with one more reason; each reason is kept once. */
export function tripLatch(latch: KillLatch, entry: KillEntry): KillLatch {
  if (latch.reasons.some((known) => known.reason === entry.reason)) return latch;
  return { killed: true, reasons: [...latch.reasons, entry] };
}

/** A stored latch read back; what is not one counts as killed, for the reason cannot be known. */
export function parseKillLatch(stored: unknown, nowMs: number): KillLatch {
  const broken: KillLatch = {
    killed: true,
    reasons: [
      { reason: "internalError", text: "the stored kill latch is unreadable", timeMs: nowMs },
    ],
  };
  if (typeof stored !== "object" || stored === null) return broken;
  const { killed, reasons } = stored as { killed?: unknown; reasons?: unknown };
  if (typeof killed !== "boolean" || !Array.isArray(reasons)) return broken;
  if (killed && reasons.length === 0) return broken;
  return killed ? { killed, reasons: reasons as KillEntry[] } : ARMED;
}
