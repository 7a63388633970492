/**
 * Warms a fresh process up: runs a scratch exchange in short slices, so that the first clients meet
 * compiled code. It gives way: a slice runs only where nothing was done for others since the one
 * before, and it is the longest that anyone waits because of it.
 */
import { createScratchExchange, type ScratchExchange } from "./scratch-exchange.ts";

/** How much of it. */
export interface WarmUpBounds {
  /** Things that the scratch exchange does at most. */
  readonly stepsMax: number;
  /** Time that it works at most, breaks not counted [ms]. */
  readonly workMsMax: number;
  /** Time that it works without a break [ms]. */
  readonly sliceMs: number;
}

/** What was done. */
export interface WarmUpReport {
  readonly steps: number;
  readonly workMs: number;
}

/** A warm-up under way. */
export interface WarmUp {
  readonly done: Promise<WarmUpReport>;
  /** Ends it early. */
  stop(): void;
}

const BOUNDS: WarmUpBounds = { stepsMax: 2_000, workMsMax: 300, sliceMs: 2 };
/** Breaks between slices, and after finding the process at work [ms]. */
const BREAK_MS = 1;
const GIVE_WAY_MS = 10;

/** Begins soon; `workDone` = a number that changes when the process did something for others. */
export function startWarmUp(workDone: () => number, bounds: WarmUpBounds = BOUNDS): WarmUp {
  let scratch: ScratchExchange | null = null;
  let steps = 0;
  let workMs = 0;
  let isStopped = false;
  let workSeen = workDone();
  const isOver = (): boolean => isStopped || steps >= bounds.stepsMax || workMs >= bounds.workMsMax;
  const done = new Promise<WarmUpReport>((resolve) => {
    const work = (): void => {
      const found = workDone();
      if (found !== workSeen && !isStopped) {
        workSeen = found;
        setTimeout(work, GIVE_WAY_MS);
        return;
      }
      const startMs = performance.now();
      let sliceMs = 0;
      scratch ??= isStopped ? null : createScratchExchange();
      while (!isOver() && sliceMs < bounds.sliceMs) {
        scratch?.step();
        steps += 1;
        sliceMs = performance.now() - startMs;
      }
      workMs += performance.now() - startMs;
      if (!isOver()) {
        setTimeout(work, BREAK_MS);
        return;
      }
      scratch?.close();
      resolve({ steps, workMs });
    };
    setTimeout(work, BREAK_MS);
  });
  return {
    done,
    stop() {
      isStopped = true;
    },
  };
}
