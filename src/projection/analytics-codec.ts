/** Analytics as plain objects for a snapshot of the read models; see `read-models-codec.ts`. */
import {
  type AccountAnalytics,
  type Analytics,
  createAccountAnalytics,
  type DayPoint,
  type TradedMarket,
} from "./analytics.ts";
import { itemsInOrder, keepItem } from "./history.ts";
import { type PendingMarkout, pendingInOrder, restorePending } from "./markouts.ts";

type EncodedAccount = Omit<AccountAnalytics, "markets" | "days"> & {
  account: number;
  markets: [number, TradedMarket][];
  days: DayPoint[];
};

/** What a snapshot holds. */
export interface EncodedAnalytics {
  day: number;
  timeMs: number;
  marks: number[];
  accounts: EncodedAccount[];
  pending: { fills: PendingMarkout[]; passed: number[] };
}

/** Equal models give equal objects. */
export function encodeAnalytics({
  day,
  timeMs,
  marks,
  accounts,
  pending,
}: Analytics): EncodedAnalytics {
  const own = [...accounts].sort(([a], [b]) => a - b);
  return {
    day,
    timeMs,
    marks: Array.from(marks, (mark) => mark ?? 0),
    accounts: own.map(([account, { markets, days, ...sums }]) => ({
      account,
      ...sums,
      markets: [...markets].sort(([a], [b]) => a - b),
      days: itemsInOrder(days),
    })),
    pending: pendingInOrder(pending),
  };
}

/** Fills an empty model from {@link encodeAnalytics}; takes the object's parts over. */
export function restoreAnalytics(analytics: Analytics, encoded: EncodedAnalytics): void {
  analytics.day = encoded.day;
  analytics.timeMs = encoded.timeMs;
  analytics.marks.push(...encoded.marks);
  for (const { account, markets, days, ...sums } of encoded.accounts) {
    const empty = createAccountAnalytics();
    const own: AccountAnalytics = { ...sums, markets: new Map(markets), days: empty.days };
    for (const point of days) keepItem(own.days, point);
    analytics.accounts.set(account, own);
  }
  restorePending(
    analytics.pending,
    encoded.pending,
    (account) => (analytics.accounts.get(account) ?? createAccountAnalytics()).markouts,
  );
}
