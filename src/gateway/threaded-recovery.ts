/**
 * Recovery on threads of its own, where that pays. Owns the ring of waiting signatures and the
 * threads.
 *
 * - Order: callbacks run in the order in which jobs were handed in, whoever handed them in and
 *   whichever thread was done first. A gateway hands an action in when its body is complete, so
 *   actions are submitted in the order in which their bodies arrived, on one connection and over all.
 * - Adaptive: jobs are looked at once a turn of the event loop. While no more than a few wait they are
 *   recovered on the spot, as waking a thread costs more than it saves; beyond that threads
 *   take them. A turn that brings nothing new recovers one here, as does every turn while the threads
 *   are far behind: nobody idles while a job lies untaken.
 * - Threads start when they are first wanted and stay.
 * - Bounded: what does not fit is refused, and nothing of it is kept.
 * - A thread that ends by itself is reported. The others are stopped, what waits is recovered here in
 *   the same order, and so is everything after: slower, and right. A thread only computes an address
 *   from bytes that stay in the ring, so nothing is lost with it. A thread that hangs is not noticed.
 */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Recovered, RecoveryQueue } from "./recovery-queue.ts";
import {
  COUNTER,
  createSlotMemory,
  doJob,
  endThreads,
  openSlots,
  type RecoverySlots,
  readAddress,
  ringBell,
  SLOT,
  takeJob,
  tellThreadsToEnd,
  writeJob,
} from "./recovery-slots.ts";

/** What a thread says of itself. */
export interface ThreadEvents {
  /** It takes jobs from now on. */
  ready(): void;
  /** A result is there that was waited for. */
  woken(): void;
  /** It ended without being told to. */
  died(reason: string): void;
}

/** A thread that takes jobs. */
export interface RecoveryThread {
  /** Ends it; resolves once it touches the memory no more. */
  stop(): Promise<unknown>;
}

/** Starts a thread over the ring's memory. */
export type StartThread = (memory: SharedArrayBuffer, events: ThreadEvents) => RecoveryThread;

/** How to recover on threads. */
export interface ThreadedRecoveryOptions {
  /** Number of threads, at least 1. */
  readonly threads: number;
  /** Jobs that may wait; a power of two. */
  readonly capacity?: number;
  /** A thread died: recovery goes on here, slower. */
  readonly onDeath: (reason: string) => void;
  readonly startThread?: StartThread;
}

/** Jobs that wait at most; at 20,000 recoveries a second the last one waits 0.2 s. */
const CAPACITY = 4_096;
/** Jobs up to which threads are not woken. */
const FEW = 2;
/** Jobs a thread that may lie untaken before the giver helps in every turn. */
const BACKLOG = 4;

/** `resting`: no thread started yet; `broken`: one died, and there are none any more. */
type Phase = "resting" | "starting" | "threaded" | "breaking" | "broken" | "closed";

interface Core {
  readonly options: ThreadedRecoveryOptions;
  readonly slots: RecoverySlots;
  /** A callback a slot. */
  readonly callbacks: (Recovered | null)[];
  readonly threads: RecoveryThread[];
  phase: Phase;
  threadsReady: number;
  /** Oldest job that was not called back. */
  head: number;
  /** Behind the newest job. */
  tail: number;
  /** The turn that {@link turn} is asked for, if any. */
  scheduled: NodeJS.Immediate | null;
}

/**
 * Threads for a number of processors: one, where there is a second processor for it; two from four
 * on. More would idle: what the main thread does for an action takes longer than a recovery.
 */
export const usualRecoveryThreads = (processors: number): number =>
  processors >= 4 ? 2 : processors >= 2 ? 1 : 0;

/** A queue without jobs; see the file's head. */
export function createThreadedRecovery(options: ThreadedRecoveryOptions): RecoveryQueue {
  const capacity = options.capacity ?? CAPACITY;
  const core: Core = {
    options,
    slots: openSlots(createSlotMemory(capacity)),
    callbacks: Array.from({ length: capacity }, () => null),
    threads: [],
    phase: "resting",
    threadsReady: 0,
    head: 0,
    tail: 0,
    scheduled: null,
  };
  return {
    recover(digest, signature, done) {
      if (isFull(core)) return false;
      writeJob(core.slots, core.tail, { digest, signature });
      handIn(core, done);
      return true;
    },
    whenRecovered(done) {
      if (core.head === core.tail) {
        done();
        return true;
      }
      if (isFull(core)) return false;
      Atomics.store(core.slots.states, slotOf(core, core.tail), SLOT.marker);
      handIn(core, () => done());
      return true;
    },
    async close() {
      core.phase = "closed";
      if (core.scheduled !== null) clearImmediate(core.scheduled);
      core.callbacks.fill(null);
      await Promise.all(core.threads.map((thread) => thread.stop()));
    },
  };
}

const slotOf = (core: Core, index: number): number => index & (core.slots.capacity - 1);

const isFull = ({ head, tail, slots, phase }: Core): boolean =>
  phase === "closed" || ((tail - head) | 0) >= slots.capacity;

function handIn(core: Core, done: Recovered): void {
  core.callbacks[slotOf(core, core.tail)] = done;
  core.tail = (core.tail + 1) | 0;
  schedule(core);
}

/** Asks for a turn after what the event loop has ready now, so that jobs of one turn meet. */
function schedule(core: Core): void {
  core.scheduled ??= setImmediate(() => {
    core.scheduled = null;
    turn(core);
  });
}

/** Calls back what is done, gives out what is new, and sees to it that the rest is heard of. */
function turn(core: Core): void {
  const { slots, phase } = core;
  release(core);
  if (phase === "closed" || phase === "breaking" || core.head === core.tail) return;
  const { counters } = slots;
  const hasNew = core.tail !== Atomics.load(counters, COUNTER.given);
  Atomics.store(counters, COUNTER.given, core.tail);
  const isFew = ((core.tail - core.head) | 0) <= FEW;
  if (phase !== "threaded" || isFew) {
    if (phase === "resting" && !isFew) startThreads(core);
    while (recoverOne(core));
  } else {
    if (hasNew) ringBell(counters);
    if (!hasNew || untaken(core) > BACKLOG * core.threads.length) recoverOne(core);
    if (untaken(core) > 0) return schedule(core);
  }
  listen(core);
}

/** Jobs that nobody has taken. */
const untaken = ({ tail, slots }: Core): number =>
  (tail - Atomics.load(slots.counters, COUNTER.taken)) | 0;

/** Recovers the next job here; false = none is left. */
function recoverOne(core: Core): boolean {
  const index = takeJob(core.slots);
  if (index === null) return false;
  doJob(core.slots, index);
  release(core);
  return true;
}

/** Asks to be woken for the oldest job, unless it is done or handed in since the last turn. */
function listen(core: Core): void {
  const { counters } = core.slots;
  if (core.head === Atomics.load(counters, COUNTER.given)) return;
  Atomics.store(counters, COUNTER.awaited, 1);
  if (isDone(core, core.head)) schedule(core);
}

const isDone = (core: Core, index: number): boolean =>
  Atomics.load(core.slots.states, slotOf(core, index)) !== SLOT.open;

/** Calls back, from the oldest on, what is done. */
function release(core: Core): void {
  while (core.head !== core.tail && isDone(core, core.head)) {
    const slot = slotOf(core, core.head);
    const done = core.callbacks[slot];
    const address = readAddress(core.slots, core.head);
    core.callbacks[slot] = null;
    core.head = (core.head + 1) | 0;
    done?.(address);
  }
}

function startThreads(core: Core): void {
  const { threads, onDeath, startThread = startRecoveryThread } = core.options;
  core.phase = "starting";
  for (let i = 0; i < threads; i++) {
    const events: ThreadEvents = {
      ready() {
        core.threadsReady += 1;
        if (core.phase === "starting" && core.threadsReady === threads) core.phase = "threaded";
      },
      woken: () => turn(core),
      died(reason) {
        if (core.phase !== "starting" && core.phase !== "threaded") return;
        core.phase = "breaking";
        onDeath(reason);
        void Promise.all(core.threads.map((thread) => thread.stop())).then(() => goOnAlone(core));
      },
    };
    core.threads.push(startThread(core.slots.memory, events));
  }
}

/** All threads have ended: what they took and did not finish is taken again, here. */
function goOnAlone(core: Core): void {
  if (core.phase !== "breaking") return;
  core.phase = "broken";
  Atomics.store(core.slots.counters, COUNTER.taken, core.head);
  schedule(core);
}

/** Longest wait for threads at the end of the process; a recovery takes a fraction of it [ms]. */
const STOP_WAIT_MS = 100;

/** Starts a real thread. It does not keep the process alive, and ends before the process does. */
export const startRecoveryThread: StartThread = (memory, events) => {
  // The program stands beside this file, as source or as compiled.
  const program = new URL(`./recovery-thread${extname(import.meta.filename)}`, import.meta.url);
  const worker = new Worker(program, { workerData: memory, name: "recovery" });
  const slots = openSlots(memory);
  const beforeExit = (): void => endThreads(slots, STOP_WAIT_MS);
  process.once("exit", beforeExit);
  const ended = new Promise<void>((resolve) => {
    worker.on("exit", (code) => {
      process.off("exit", beforeExit);
      events.died(`it ended with code ${code}`);
      resolve();
    });
  });
  worker.unref();
  worker.on("message", (word) => {
    if (word === "ready") events.ready();
    else events.woken();
  });
  worker.on("error", (error) => events.died(String(error)));
  return {
    stop() {
      worker.ref();
      tellThreadsToEnd(slots);
      return ended;
    },
  };
};
