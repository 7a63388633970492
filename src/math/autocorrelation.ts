/**
 * Sample autocorrelation at a lag, the usual biased form (Box and Jenkins, Time Series Analysis, 2.1.5):
 *
 *   r_k = sum_{t > k} (x_t - m)(x_{t-k} - m) / sum_t (x_t - m)^2                            [1]
 *
 * 0 where the values do not vary or are fewer than the lag.
 */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  const n = values.length;
  if (n <= lag) return 0;
  const first = values[0] as number;
  let sum = 0;
  // Sums of differences from the first value: values that are large beside their spread keep digits.
  for (let t = 0; t < n; t++) sum += (values[t] as number) - first;
  const mean = sum / n;
  let squares = 0;
  let products = 0;
  for (let t = 0; t < n; t++) {
    const here = (values[t] as number) - first - mean;
    squares += here * here;
    if (t >= lag) products += here * ((values[t - lag] as number) - first - mean);
  }
  return squares === 0 ? 0 : products / squares;
}
