/**
 * A market maker on simulated time: its steps, its timer and its venue. It can be killed at any
 * moment and started again; only the kill latch, stored before anything else happens, survives.
 */
import type { MakerConfig } from "../maker/config.ts";
import { type MakerControl, onControl, onTimer, onVenueEvent } from "../maker/maker.ts";
import { createMaker, type Maker } from "../maker/maker-state.ts";
import { ARMED, type KillLatch, parseKillLatch } from "../maker/risk/kill-latch.ts";
import type { Venue, VenueRequest } from "../maker/venue.ts";
import type { Schedule } from "./schedule.ts";

/** How often the maker is told the time [ms]. */
const STEP_MS = 100;

/** Where the kill latch is stored. */
export interface LatchStore {
  /** What was stored last; undefined where nothing was. */
  load(): unknown;
  save(latch: KillLatch): void;
}

/** A store in memory: it outlives the maker, not the simulation. */
export function createLatchStore(): LatchStore {
  let stored: string | undefined;
  return {
    load: () => (stored === undefined ? undefined : JSON.parse(stored)),
    save(latch) {
      stored = JSON.stringify(latch);
    },
  };
}

/** What a maker host runs on. */
export interface MakerHostOptions<V extends Venue> {
  readonly schedule: Schedule;
  /** Settings of the run with this number. */
  readonly configOf: (sessionId: number) => MakerConfig;
  readonly createVenue: () => V;
  readonly latchStore: LatchStore;
  /** Sees each request before it is sent. */
  readonly onRequest?: ((request: VenueRequest) => void) | undefined;
}

/** A maker that runs. */
export interface RunningMaker<V extends Venue> {
  readonly maker: Maker;
  readonly venue: V;
  readonly sessionId: number;
}

/** See the file's head. */
export interface MakerHost<V extends Venue> {
  /** Null while it is down. */
  readonly running: RunningMaker<V> | null;
  /** Difference of the maker's clock from simulated time [ms]. */
  clockOffsetMs: number;
  /** What the maker's clock shows [ms]. */
  nowMs(): number;
  /** Starts a new run. */
  start(): RunningMaker<V>;
  /** Ends it between two steps; its memory is gone. */
  crash(): void;
  /** Hands it what the operator asks for. */
  control(control: MakerControl): void;
}

/** A maker that has not been started. */
export function createMakerHost<V extends Venue>(options: MakerHostOptions<V>): MakerHost<V> {
  const { schedule, latchStore } = options;
  let running: RunningMaker<V> | null = null;
  let clockOffsetMs = 0;
  let sessions = 0;
  const nowMs = (): number => schedule.nowMs + clockOffsetMs;

  const finishStep = (run: RunningMaker<V>, latch: KillLatch, requests: VenueRequest[]): void => {
    // A trip is on record before the first request that follows from it leaves.
    if (run.maker.latch !== latch) latchStore.save(run.maker.latch);
    for (const request of requests) {
      options.onRequest?.(request);
      run.venue.send(request);
    }
  };
  const step = (run: RunningMaker<V>, work: (maker: Maker) => VenueRequest[]): void => {
    const { latch } = run.maker;
    finishStep(run, latch, work(run.maker));
  };
  const timer = (run: RunningMaker<V>): void => {
    if (running !== run) return;
    step(run, (maker) => onTimer(maker, nowMs()));
    schedule.after(STEP_MS, () => timer(run));
  };
  return {
    get running() {
      return running;
    },
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    set clockOffsetMs(offsetMs) {
      clockOffsetMs = offsetMs;
    },
    nowMs,
    start() {
      sessions += 1;
      const stored = latchStore.load();
      const latch = stored === undefined ? ARMED : parseKillLatch(stored, nowMs());
      const maker = createMaker(options.configOf(sessions), latch);
      const run: RunningMaker<V> = { maker, venue: options.createVenue(), sessionId: sessions };
      running = run;
      run.venue.connect((event) => {
        if (running !== run) return;
        step(run, (to) => onVenueEvent(to, event, nowMs()));
      });
      timer(run);
      return run;
    },
    crash() {
      running?.venue.close();
      running = null;
    },
    control(control) {
      if (running !== null) step(running, (maker) => onControl(maker, control, nowMs()));
    },
  };
}
