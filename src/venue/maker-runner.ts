/**
 * A market maker in a running process: hands the venue's events and the time to the step machine,
 * sends what it asks for, and stores its kill latch. Owns the timer; decides nothing.
 */
import type { Clock } from "../base/clock.ts";
import type { Hex } from "../base/hex.ts";
import type { MakerConfig } from "../maker/config.ts";
import { type MakerControl, onControl, onTimer, onVenueEvent } from "../maker/maker.ts";
import { createMaker } from "../maker/maker-state.ts";
import { isStopped, type MakerStatus, makerStatus } from "../maker/maker-status.ts";
import { configProblem } from "../maker/parameters.ts";
import { ARMED, type KillLatch, parseKillLatch } from "../maker/risk/kill-latch.ts";
import type { Venue, VenueRequest } from "../maker/venue.ts";
import { type MakerNotes, makerNotes, type NotesPlace } from "../maker/view/pnl-split.ts";
import { createHyperliquidVenue, type HyperliquidVenueOptions } from "./hyperliquid-venue.ts";

/** How often time is let pass [ms]. */
const TIMER_MS = 100;
/** How often the status is told [ms]. */
const STATUS_MS = 1_000;

/** Where the kill latch lives between runs. */
export interface LatchStore {
  /** What was stored last; undefined when nothing ever was. */
  load(): unknown;
  /** Stores it so that it outlives the process; throws when it cannot. */
  save(latch: KillLatch): void;
}

/** What a running maker needs. */
export interface RunMakerOptions extends Omit<HyperliquidVenueOptions, "asset"> {
  readonly config: MakerConfig;
  readonly clock: Clock;
  readonly latchStore?: LatchStore;
  /** Told about once a second. */
  readonly onStatus?: (status: MakerStatus) => void;
  /** Longest wait for the last cancel at a stop [ms]. */
  readonly stopTimeoutMs?: number;
  /** Calls back again and again [ms]; returns what ends it. The process's timers where left out. */
  readonly every?: (everyMs: number, run: () => void) => () => void;
  /** Called as a request leaves; what it returns is called once its outcome is known. */
  readonly onRequest?: () => () => void;
  /** Another venue than Hyperliquid's protocol at `url`. */
  readonly venue?: Venue;
}

/** How a run ended. */
export interface MakerSummary {
  /** Whether the venue showed that nothing of ours rests any more. */
  readonly clean: boolean;
  readonly status: MakerStatus;
}

/** A running market maker. */
export interface RunningMaker {
  status(): MakerStatus;
  /** Fills and markouts since a place, for whoever records the run. */
  notes(place: NotesPlace): MakerNotes;
  pause(): void;
  resume(): void;
  /** Cancels everything once and quotes on. */
  cancelAll(): void;
  /** Stops quoting, cancels everything and closes the position; then stays paused. */
  flatten(): void;
  /** Cancels one order; false when no such order of ours rests. */
  cancelOrder(cloid: Hex): boolean;
  /** Changes settings, all or none; answers what is wrong with them, or null. */
  configure(changes: Readonly<Record<string, number>>): string | null;
  kill(text: string): void;
  rearm(): void;
  /** Cancels everything, waits until the venue shows it, closes. The first call counts. */
  stop(): Promise<MakerSummary>;
}

/** Starts a market maker; it quotes when the venue is reached and agreed with. */
export function runMaker(options: RunMakerOptions): RunningMaker {
  const { config, clock, latchStore } = options;
  const stored = latchStore?.load();
  const latch = stored === undefined ? ARMED : parseKillLatch(stored, clock.nowMs());
  const maker = createMaker(config, latch);
  const venue = options.venue ?? createHyperliquidVenue({ ...options, asset: config.asset });
  let saved = latch;
  const underWay = new Map<number, () => void>();
  let stopping: Promise<MakerSummary> | null = null;
  let onStopped: (() => void) | null = null;

  const settle = (requests: readonly VenueRequest[]): void => {
    // Stored before anything leaves: a crash in between must not come back armed.
    if (maker.latch !== saved) {
      saved = maker.latch;
      saveLatch(options, saved);
    }
    for (const request of requests) {
      if (options.onRequest !== undefined) underWay.set(request.requestId, options.onRequest());
      venue.send(request);
    }
    if (isStopped(maker)) onStopped?.();
  };
  const control = (what: MakerControl): void => settle(onControl(maker, what, clock.nowMs()));
  const { every = everyByProcess } = options;
  const stopTimer = every(TIMER_MS, () => settle(onTimer(maker, clock.nowMs())));
  // For people, who live by real time.
  const stopStatus = everyByProcess(STATUS_MS, () => options.onStatus?.(makerStatus(maker)));
  venue.connect((event) => {
    if (event.kind === "outcome") {
      underWay.get(event.requestId)?.();
      underWay.delete(event.requestId);
    }
    settle(onVenueEvent(maker, event, clock.nowMs()));
  });

  const stopNow = async (): Promise<MakerSummary> => {
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, options.stopTimeoutMs ?? 15_000);
      onStopped = () => {
        clearTimeout(deadline);
        resolve();
      };
      control({ kind: "stop" });
    });
    stopTimer();
    stopStatus();
    venue.close();
    for (const finish of underWay.values()) finish();
    return { clean: isStopped(maker), status: makerStatus(maker) };
  };
  return {
    status: () => makerStatus(maker),
    notes: (place) => makerNotes(maker.split, place),
    pause: () => control({ kind: "pause" }),
    resume: () => control({ kind: "resume" }),
    cancelAll: () => control({ kind: "cancelAll" }),
    flatten: () => control({ kind: "flatten" }),
    cancelOrder(cloid) {
      if (maker.orders.active.get(cloid)?.state !== "live") return false;
      control({ kind: "cancelOrder", cloid });
      return true;
    },
    configure(changes) {
      const problem = configProblem(maker, changes);
      if (problem === null) control({ kind: "configure", changes });
      return problem;
    },
    kill: (text) => control({ kind: "kill", text }),
    rearm: () => control({ kind: "rearm" }),
    stop() {
      stopping ??= stopNow();
      return stopping;
    },
  };
}

/** Calls back again and again by the process's own timer [ms]; returns what ends it. */
export function everyByProcess(everyMs: number, run: () => void): () => void {
  const timer = setInterval(run, everyMs);
  return () => clearInterval(timer);
}

/** A restart must not arm the switch by itself; the cancels are under way whether or not this works. */
function saveLatch({ latchStore, warn }: RunMakerOptions, latch: KillLatch): void {
  try {
    latchStore?.save(latch);
  } catch (error) {
    // A full disk must not keep a killed maker from cancelling.
    warn?.(`the kill latch could not be stored: ${String(error)}`);
  }
}
