/** Timers as a port: Node's in a running system, a counter in tests. */
export interface Timers {
  /** Calls `run` once after a delay [ms]; returns what takes the call back. */
  after(delayMs: number, run: () => void): () => void;
}

/** Timers of the running process; they do not keep it alive. */
export const PROCESS_TIMERS: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Spaces out calls: the first goes through at once, later ones wait and become one. */
export interface Throttle {
  /** Asks for a call. */
  request(): void;
  /** Drops what waits. */
  close(): void;
}

/** A throttle that leaves at least `intervalMs` between two calls of `run` [ms]. */
export function createThrottle(timers: Timers, intervalMs: number, run: () => void): Throttle {
  let cancel: (() => void) | null = null;
  let isWanted = false;
  const elapse = (): void => {
    cancel = null;
    if (isWanted) go();
  };
  const go = (): void => {
    isWanted = false;
    cancel = timers.after(intervalMs, elapse);
    run();
  };
  return {
    request: () => {
      if (cancel === null) go();
      else isWanted = true;
    },
    close: () => {
      isWanted = false;
      cancel?.();
      cancel = null;
    },
  };
}
