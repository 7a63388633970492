/** What many measurements of one thing come to. */
export interface Summary {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Middle of values, the mean of two where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Middle of values, and what a quarter of them lies below and above. */
export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Median and quartiles. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return {
    low: median(sorted.slice(0, Math.max(1, half))),
    middle: median(sorted),
    high: median(sorted.slice(Math.min(sorted.length - 1, sorted.length - half))),
  };
}

/** Percentiles of measurements, which are sorted in place. */
export function summarise(values: Float64Array): Summary {
  values.sort();
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
