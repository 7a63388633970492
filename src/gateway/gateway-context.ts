import type { Sequencer } from "../journal/sequencer.ts";
import type { HistoryQueries } from "../projection/history-queries.ts";
import { createMemoryHistory } from "../projection/memory-history.ts";
import type { ReadModels } from "../projection/read-models.ts";

/** What every part of the gateway stands on: the state and its log, the read models, the time. */
export interface GatewayContext {
  readonly sequencer: Sequencer;
  /** Folded from durable events only. */
  readonly models: ReadModels;
  /** The past, where more is known of it than the models hold. */
  readonly history?: HistoryQueries;
  /** Current time [ms]. */
  nowMs(): number;
}

/** Who is asked about the past. */
export const historyOf = ({ history, models }: GatewayContext): HistoryQueries =>
  history ?? createMemoryHistory(models);
