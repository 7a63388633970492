/** Timers that keep an exchange going: ticks when work is due, and the noise market's commands. */
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import { marketCount, oraclePx } from "../exchange/query.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { isTickDue, tick } from "../journal/tick.ts";
import { DEFAULT_MARKETS } from "../sim/default-markets.ts";
import {
  createNoiseMarket,
  NOISE_DEFAULTS,
  nextNoiseMs,
  resumeReference,
  stepNoise,
} from "../sim/noise-market.ts";

const TICK_EVERY_MS = 1_000;
const NOISE_STEP_MS_MIN = 20;

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

/** Runs the noise market of a seed against an exchange. Returns the way to stop. */
export function startNoise(sequencer: Sequencer, seed: number): () => void {
  const { state } = sequencer;
  const markets = DEFAULT_MARKETS.slice(0, marketCount(state));
  const noise = createNoiseMarket({ ...NOISE_DEFAULTS, seed, markets }, Date.now());
  resumeReference(
    noise,
    markets.map((_, market) => oraclePx(state, market)),
  );
  const record = createCommandRecord();
  let timer: NodeJS.Timeout | undefined;
  const step = (): void => {
    const nowMs = Date.now();
    for (const command of stepNoise(noise, state, nowMs)) {
      writeCommand(command, record);
      sequencer.submit(record);
    }
    timer = setTimeout(step, Math.max(NOISE_STEP_MS_MIN, nextNoiseMs(noise) - Date.now()));
  };
  timer = setTimeout(step, NOISE_STEP_MS_MIN);
  return () => clearTimeout(timer);
}
