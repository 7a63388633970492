import type { Sequencer } from "../journal/sequencer.ts";
import type { ReadModels } from "../projection/read-models.ts";

/** What every part of the gateway stands on: the state and its log, the read models, the time. */
export interface GatewayContext {
  readonly sequencer: Sequencer;
  /** Folded from durable events only. */
  readonly models: ReadModels;
  /** Current time [ms]. */
  nowMs(): number;
}
