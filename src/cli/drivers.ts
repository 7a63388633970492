/** Timers that keep an exchange going: ticks when work is due, and the traders' commands. */
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { isTickDue, tick } from "../journal/tick.ts";
import type { Traders } from "../sim/traders.ts";

const TICK_EVERY_MS = 1_000;
const STEP_MS_MIN = 1;

/** Sends a tick a second when one is due, and at once while work is queued. Returns the way to stop. */
export function startTicks(sequencer: Sequencer): () => void {
  let immediate: NodeJS.Immediate | null = null;
  const whileQueued = (): void => {
    immediate = null;
    if (!isTickDue(sequencer, 0)) return;
    if (tick(sequencer) !== null) schedule();
  };
  const schedule = (): void => {
    immediate ??= setImmediate(whileQueued);
  };
  const stopListening = sequencer.subscribe(() => {
    if (isTickDue(sequencer, 0)) schedule();
  });
  const timer = setInterval(() => {
    if (isTickDue(sequencer, Date.now())) tick(sequencer);
  }, TICK_EVERY_MS);
  return () => {
    clearInterval(timer);
    if (immediate !== null) clearImmediate(immediate);
    stopListening();
  };
}

/** Runs traders against an exchange. Returns the way to stop. */
export function startTraders(sequencer: Sequencer, traders: Traders): () => void {
  const record = createCommandRecord();
  let timer: NodeJS.Timeout | undefined;
  const step = (): void => {
    for (const command of traders.step(sequencer.state, Date.now())) {
      writeCommand(command, record);
      sequencer.submit(record);
    }
    timer = setTimeout(step, Math.max(STEP_MS_MIN, traders.nextMs() - Date.now()));
  };
  timer = setTimeout(step, STEP_MS_MIN);
  return () => clearTimeout(timer);
}
