/**
 * Quantile of values sorted in rising order, linear between neighbours (Hyndman and Fan, The American
 * Statistician 50, 1996, definition 7). `p` from 0 to 1; NaN without values.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return sorted.length === 0 ? Number.NaN : low + (at - below) * (high - low);
}

/**
 * Quantile of values that each hold for a weight, such as the time that a spread stood: the least value
 * at or below which a share `p` of the weight lies. NaN without weight.
 */
export function weightedQuantile(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  p: number,
): number {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  let sum = 0;
  for (const i of order) {
    sum += weights[i] as number;
    if (total > 0 && sum >= p * total) return values[i] as number;
  }
  return Number.NaN;
}
