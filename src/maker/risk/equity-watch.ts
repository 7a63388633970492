/**
 * Equity over time, for the two money limits: the loss since midnight UTC and the fall from the
 * highest equity. Equity is that of the start plus what the ledger made since, so it moves with
 * every fill and every mark.
 */

const DAY_MS = 86_400_000;

/** Peak and start of day. */
export interface EquityWatch {
  /** Highest equity since the start or the last re-arm; null = never fed [10^-6 USDC]. */
  peak: number | null;
  equity: number | null;
  /** UTC day number of `dayEquity`. */
  day: number;
  /** Equity at the start of the day, or when first fed on it [10^-6 USDC]. */
  dayEquity: number;
}

/** Nothing fed yet. */
export const createEquityWatch = (): EquityWatch => ({
  peak: null,
  equity: null,
  day: -1,
  dayEquity: 0,
});

/** Feeds the equity of now [10^-6 USDC]. */
export function noteEquity(watch: EquityWatch, equity: number, nowMs: number): void {
  const day = Math.floor(nowMs / DAY_MS);
  if (day !== watch.day) {
    // The last equity of the old day is where the new day starts.
    watch.dayEquity = watch.equity ?? equity;
    watch.day = day;
  }
  watch.equity = equity;
  watch.peak = watch.peak === null ? equity : Math.max(watch.peak, equity);
}

/** Loss since midnight UTC; negative = gain [10^-6 USDC]. */
export const dailyLoss = (watch: EquityWatch): number =>
  watch.equity === null ? 0 : watch.dayEquity - watch.equity;

/** Fall from the peak as a share of the peak [ratio]. */
export function drawdown(watch: EquityWatch): number {
  if (watch.equity === null || watch.peak === null) return 0;
  const fall = watch.peak - watch.equity;
  if (fall <= 0) return 0;
  return watch.peak > 0 ? fall / watch.peak : 1;
}

/** Starts both limits afresh from the equity of now, as a re-arm does. */
export function resetEquityWatch(watch: EquityWatch): void {
  watch.peak = watch.equity;
  if (watch.equity !== null) watch.dayEquity = watch.equity;
}
