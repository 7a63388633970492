/**
 * Rounds parts to a coarser unit such that the rounded parts sum to the rounded total: each is cut
 * down first, then those that lost most get one unit more (the method of the largest remainder).
 * For display, where a reader adds up what is printed; books keep the exact parts.
 */

/** Parts in units of `unit`; they sum to the total rounded to the nearest unit, halves up. */
export function roundedParts(parts: readonly number[], unit: number): number[] {
  const total = Math.floor(parts.reduce((sum, part) => sum + part, 0) / unit + 0.5);
  const rounded = parts.map((part) => Math.floor(part / unit));
  let missing = total - rounded.reduce((sum, part) => sum + part, 0);
  const rest = (i: number): number => (parts[i] as number) - (rounded[i] as number) * unit;
  // Parts of 0 stay 0: a cause that was not there shall not show a cent.
  const order = parts
    .map((_, i) => i)
    .filter((i) => parts[i] !== 0)
    .sort((a, b) => rest(b) - rest(a) || a - b);
  for (const i of order) {
    if (missing <= 0) break;
    rounded[i] = (rounded[i] as number) + 1;
    missing -= 1;
  }
  return rounded;
}
