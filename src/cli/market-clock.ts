/**
 * The time of a simulated market, which may run faster or slower than the machine's. Everything that
 * belongs to the market lives by it: the exchange's clock, traders, ticks, feeds, the maker.
 *
 * At speed 1 it is the machine's clock and its timers. At any other speed it moves in small steps, one
 * a turn of the event loop, and runs in each step what is due. It never jumps: where the machine is too
 * slow for the speed that was asked for, market time goes as fast as the machine does. Two things slow
 * it down so that speed does not pass for latency:
 * - while it is held (a request of the maker is on its way), it passes no faster than real time;
 * - while `isBehind` says that the exchange waits for its disk, it stands still.
 */
import type { Clock } from "../base/clock.ts";
import { asTimeMs, type TimeMs } from "../base/units.ts";
import type { Timers } from "../gateway/feed/throttle.ts";
import { createSchedule, type Schedule } from "../sim/schedule.ts";

/** Slowest speed [1]. */
export const SPEED_MIN = 0.1;
/** Fastest speed [1]. */
export const SPEED_MAX = 1_000;

/** Longest step of market time [ms]: sockets get a turn after each. */
const STEP_MS_MAX = 10;
/** Real time that the clock may fall behind and make up for [ms]; what is beyond is lost. */
const BEHIND_MS_MAX = 5;
/** Time over which the speed that was reached is measured [ms]. */
const MEASURE_MS = 1_000;

/** See the file's head. */
export interface MarketClock extends Clock, Timers {
  /** Market time that was asked for in a unit of real time [1]. */
  readonly speed: number;
  /** What was reached in the last second [1]. */
  reachedSpeed(): number;
  /** Runs `run` again and again; returns what ends it. */
  every(everyMs: number, run: () => void): () => void;
  /** Slows down to real time until the returned function is called. */
  hold(): () => void;
  /** Moves the clock forward to a time that it has not reached yet [ms]. */
  skipTo(timeMs: number): void;
  /** Asked at every step: whether the market has to wait. */
  isBehind: () => boolean;
  /** Ends it; nothing runs any more. */
  stop(): void;
}

/** What a clock stands on. */
export interface Machine {
  /** The machine's time of day [ms]. */
  dateMs(): number;
  /** Time that passes evenly [ms]. */
  elapsedMs(): number;
  /** Runs `run` after others had a turn: at once, or after a millisecond. */
  soon(run: () => void): void;
  later(run: () => void): void;
}

const THIS_MACHINE: Machine = {
  dateMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  soon: (run) => void setImmediate(run),
  later: (run) => void setTimeout(run, 1),
};

/** A clock that runs at a speed, from the machine's time on. */
export const createMarketClock = (speed: number): MarketClock =>
  speed === 1 ? createWallClock() : createPacedClock(speed);

const repeated =
  (timers: Timers) =>
  (everyMs: number, run: () => void): (() => void) => {
    let cancel: () => void;
    const again = (): void => {
      cancel = timers.after(everyMs, again);
      run();
    };
    cancel = timers.after(everyMs, again);
    return () => cancel();
  };

function createWallClock(): MarketClock {
  let aheadMs = 0;
  const pending = new Set<NodeJS.Timeout>();
  const timers: Timers = {
    after(delayMs, run) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        run();
      }, delayMs);
      pending.add(timer);
      return () => {
        pending.delete(timer);
        clearTimeout(timer);
      };
    },
  };
  return {
    ...timers,
    speed: 1,
    nowMs: () => asTimeMs(Date.now() + aheadMs),
    reachedSpeed: () => 1,
    every: repeated(timers),
    hold: () => () => undefined,
    skipTo(timeMs) {
      aheadMs = Math.max(aheadMs, timeMs - Date.now());
    },
    isBehind: () => false,
    stop() {
      for (const timer of pending) clearTimeout(timer);
    },
  };
}

interface Pace {
  readonly speed: number;
  readonly schedule: Schedule;
  /** Real time of the last step [ms]. */
  realMs: number;
  /** Market time that is due and has not passed yet [ms]. */
  dueMs: number;
  holds: number;
  /** Where the measured second began: real and market time [ms]. */
  markRealMs: number;
  markMs: number;
  reached: number;
}

/** A clock that moves in steps, a turn each. */
export function createPacedClock(speed: number, machine: Machine = THIS_MACHINE): MarketClock {
  const schedule = createSchedule(machine.dateMs());
  const realMs = machine.elapsedMs();
  const pace: Pace = {
    speed,
    schedule,
    realMs,
    dueMs: 0,
    holds: 0,
    markRealMs: realMs,
    markMs: schedule.nowMs,
    reached: speed,
  };
  let isStopped = false;
  const timers: Timers = {
    after(delayMs, run) {
      let isWanted = true;
      schedule.after(Math.ceil(Math.max(0, delayMs)), () => {
        if (isWanted && !isStopped) run();
      });
      return () => {
        isWanted = false;
      };
    },
  };
  const clock: MarketClock = {
    ...timers,
    speed,
    nowMs: (): TimeMs => asTimeMs(schedule.nowMs),
    reachedSpeed: () => pace.reached,
    every: repeated(timers),
    hold() {
      pace.holds += 1;
      let isHeld = true;
      return () => {
        if (isHeld) pace.holds -= 1;
        isHeld = false;
      };
    },
    skipTo: (timeMs) => schedule.runUntil(timeMs),
    isBehind: () => false,
    stop() {
      isStopped = true;
    },
  };
  const turn = (): void => {
    if (isStopped) return;
    takeStep(pace, machine.elapsedMs(), clock.isBehind());
    if (pace.dueMs >= 1) machine.soon(turn);
    else machine.later(turn);
  };
  machine.soon(turn);
  return clock;
}

/** Lets market time pass that real time has earned, a step at most. */
function takeStep(pace: Pace, realMs: number, isBehind: boolean): void {
  const rate = pace.holds > 0 ? Math.min(1, pace.speed) : pace.speed;
  const earnedMs = (realMs - pace.realMs) * rate;
  pace.realMs = realMs;
  pace.dueMs = Math.min(pace.dueMs + earnedMs, Math.max(1, rate * BEHIND_MS_MAX));
  const step = isBehind ? 0 : Math.floor(Math.min(pace.dueMs, STEP_MS_MAX));
  if (step > 0) {
    pace.dueMs -= step;
    pace.schedule.runUntil(pace.schedule.nowMs + step);
  }
  if (realMs - pace.markRealMs < MEASURE_MS) return;
  pace.reached = (pace.schedule.nowMs - pace.markMs) / (realMs - pace.markRealMs);
  pace.markRealMs = realMs;
  pace.markMs = pace.schedule.nowMs;
}
