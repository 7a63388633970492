/** What keeps an exchange going by the market's clock: ticks when work is due, and the traders' commands. */
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { isTickDue, tick } from "../journal/tick.ts";
import type { Traders } from "../sim/traders.ts";
import type { MarketClock } from "./market-clock.ts";

const TICK_EVERY_MS = 1_000;
const STEP_MS_MIN = 1;
/** Market time that may pass while a command waits for the disk, at least [ms], and at a speed of 1 [ms]. */
const WAIT_MS_MIN = 50;
const WAIT_MS_PER_SPEED = 2;

/** Sends a tick a second when one is due, and at once while work is queued. Returns the way to stop. */
export function startTicks(sequencer: Sequencer, clock: MarketClock): () => void {
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
  const stopTimer = clock.every(TICK_EVERY_MS, () => {
    if (isTickDue(sequencer, clock.nowMs())) tick(sequencer);
  });
  return () => {
    stopTimer();
    if (immediate !== null) clearImmediate(immediate);
    stopListening();
  };
}

/** Runs traders against an exchange. Returns the way to stop. */
export function startTraders(
  sequencer: Sequencer,
  traders: Traders,
  clock: MarketClock,
): () => void {
  const record = createCommandRecord();
  let cancel: () => void;
  const step = (): void => {
    for (const command of traders.step(sequencer.state, clock.nowMs())) {
      writeCommand(command, record);
      sequencer.submit(record);
    }
    cancel = clock.after(Math.max(STEP_MS_MIN, traders.nextMs() - clock.nowMs()), step);
  };
  cancel = clock.after(STEP_MS_MIN, step);
  return () => cancel();
}

/** Lets the market's clock wait for the disk when it has run too far ahead of it. */
export function paceByDisk(sequencer: Sequencer, clock: MarketClock): void {
  const waitMsMax = Math.max(WAIT_MS_MIN, WAIT_MS_PER_SPEED * clock.speed);
  let markSeq = 0;
  let markMs = clock.nowMs();
  clock.isBehind = () => {
    if (sequencer.durableSeq >= markSeq) {
      markSeq = sequencer.appliedSeq;
      markMs = clock.nowMs();
    }
    return sequencer.durableSeq < markSeq && clock.nowMs() - markMs > waitMsMax;
  };
}
