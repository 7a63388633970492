import { hasQueuedWork, nextDueMs } from "../exchange/apply.ts";
import { beginCommand, COMMAND, createCommandRecord } from "../exchange/command.ts";
import type { Sequencer } from "./sequencer.ts";

const TICK = createCommandRecord(0);

/** Submits a tick: time passes and due work is done. Answers as `submit` does. */
export function tick(sequencer: Sequencer): number | null {
  beginCommand(TICK, COMMAND.tick, 0);
  return sequencer.submit(TICK);
}

/** Whether a tick has anything to do: work is queued, or something is due at `nowMs`. */
export const isTickDue = (sequencer: Sequencer, nowMs: number): boolean =>
  hasQueuedWork(sequencer.state) || nextDueMs(sequencer.state) <= nowMs;
