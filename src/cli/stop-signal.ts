/**
 * Ctrl-C, SIGTERM and SIGHUP: the first asks for an orderly end, a later second one ends at once.
 * npm hands a terminal's Ctrl-C on a second time within milliseconds, so signals that come within
 * half a second of the first count as the same one.
 */
import { EXIT } from "./exit-code.ts";

const SAME_PRESS_MS = 500;

/** Resolves at the first signal; a second one, later, exits the process with 130 or 143. */
export function firstStopSignal(onSecond: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAtMs: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      const nowMs = performance.now();
      if (firstAtMs === null) {
        firstAtMs = nowMs;
        resolve(signal);
        return;
      }
      if (nowMs - firstAtMs < SAME_PRESS_MS) return;
      onSecond();
      process.exit(signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
}
