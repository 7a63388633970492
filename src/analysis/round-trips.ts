/**
 * Trades from flat to flat, or to the other side. A trip's profit is what its fills realised, less
 * their fees, with the funding in between. Fills that open count in no rate: counted by fill, half of
 * all outcomes would be zeros and every rate too low. O(1) a fill.
 */

/** Outcomes so far [10^-6 USDC]. */
export interface RoundTrips {
  closed: number;
  won: number;
  /** Sum of the profits of trips that gained, and of the losses of those that lost; not negative. */
  gains: number;
  losses: number;
}

/** None. */
export const createRoundTrips = (): RoundTrips => ({ closed: 0, won: 0, gains: 0, losses: 0 });

/** Counts a trip that is over, with its profit after fees [10^-6 USDC]. */
export function countTrip(trips: RoundTrips, profit: number): void {
  trips.closed += 1;
  if (profit > 0) {
    trips.won += 1;
    trips.gains += profit;
  } else {
    trips.losses -= profit;
  }
}

/** Share of closed trips that gained [1]; null before the first. */
export const winRate = ({ closed, won }: RoundTrips): number | null =>
  closed === 0 ? null : won / closed;

/** Gains over losses [1]; null before the first trip that did either, "infinite" where none lost. */
export const profitFactor = ({ gains, losses }: RoundTrips): number | "infinite" | null =>
  losses > 0 ? gains / losses : gains > 0 ? "infinite" : null;
