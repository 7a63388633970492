import type { ExchangeState } from "../exchange/state.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { type RecoveryOptions, type RecoveryReport, recoverJournal } from "./recovery.ts";
import type { Storage } from "./storage.ts";

/** What a replay gave. */
export interface Replay {
  readonly state: ExchangeState;
  /** 32 hex digits. */
  readonly hash: string;
  readonly seq: number;
  readonly report: RecoveryReport;
}

/**
 * Folds a journal into a fresh state without changing a file: from the first command, with every
 * snapshot on the way compared, or from the newest snapshot. The folder need not be locked, but a
 * write under way shows as a torn tail.
 */
export function replayJournal(
  storage: Storage,
  options: Omit<RecoveryOptions, "repair"> = {},
): Replay {
  const { state, report } = recoverJournal(storage, { from: "start", ...options, repair: false });
  return { state, hash: stateHash(state), seq: report.seq, report };
}
