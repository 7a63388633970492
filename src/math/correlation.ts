/**
 * Correlation of two series of equal length (Pearson):
 *
 *   r = sum (x - mx)(y - my) / sqrt(sum (x - mx)^2 sum (y - my)^2)                         [1]
 *
 * 0 where one of them does not vary.
 */
export function correlation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const n = Math.min(xs.length, ys.length);
  let meanX = 0;
  let meanY = 0;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    // One pass (Welford 1962): deviations from the mean before and after the value.
    const x = (xs[i] as number) - meanX;
    const y = (ys[i] as number) - meanY;
    meanX += x / (i + 1);
    meanY += y / (i + 1);
    squaresX += x * ((xs[i] as number) - meanX);
    squaresY += y * ((ys[i] as number) - meanY);
    products += x * ((ys[i] as number) - meanY);
  }
  const scale = Math.sqrt(squaresX * squaresY);
  return scale === 0 ? 0 : products / scale;
}
