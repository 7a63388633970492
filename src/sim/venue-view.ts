/** The exchange's read models and state in the maker's terms. */
import { BUY, SELL } from "../base/side.ts";
import { accountSummary, lastTimeMs, markPx } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type {
  AccountSnapshot,
  BookLevel,
  VenueFill,
  VenueFunding,
  VenueOrder,
  VenueTrade,
} from "../maker/venue.ts";
import { type FillView, fillsOf } from "../projection/fills.ts";
import { type FundingItem, paymentsOf } from "../projection/fundings.ts";
import { type L2Level, topLevels } from "../projection/l2.ts";
import { type OrderView, openOrdersOf } from "../projection/orders.ts";
import type { ReadModels } from "../projection/read-models.ts";
import type { TradeView } from "../projection/trades.ts";

/** Levels of a side that the book feed shows. */
const LEVELS = 20;

/** Read models keep at least this many fills of an account. */
const FILLS_KEPT_MIN = 2_000;

/** One account's interest in one market. */
export interface AccountMarket {
  readonly account: number;
  readonly market: number;
}

/** An order as the maker is told of it. */
export const venueOrder = (order: OrderView): VenueOrder => ({
  oid: order.oid,
  cloid: order.cloid,
  side: order.side,
  px: order.px,
  sz: order.sz,
  origSz: order.origSz,
  status: order.state === "triggered" ? "open" : order.state,
  timeMs: order.statusMs,
});

/** A fill as the maker is told of it. */
export const venueFill = (fill: FillView): VenueFill => ({
  tid: fill.tid,
  oid: fill.oid,
  cloid: fill.cloid,
  side: fill.side,
  px: fill.px,
  sz: fill.sz,
  fee: fill.fee,
  closedPnl: fill.closedPnl,
  crossed: fill.crossed,
  startPosition: fill.startPosition,
  timeMs: fill.timeMs,
});

/** A public trade as the maker is told of it. */
export const venueTrade = ({ tid, side, px, sz, timeMs }: TradeView): VenueTrade => ({
  tid,
  side,
  px,
  sz,
  timeMs,
});

/** The account's resting orders on the market. */
export const openOrders = (models: ReadModels, { account, market }: AccountMarket): VenueOrder[] =>
  openOrdersOf(models.orders, account)
    .filter((order) => order.market === market)
    .map(venueOrder);

/**
 * The account's fills on the market since a time [ms], oldest first; complete where one from before
 * that time is still kept, or where as few are kept that none can have been forgotten.
 */
export function fillsSince(
  models: ReadModels,
  { account, market }: AccountMarket,
  sinceMs: number,
): { fills: VenueFill[]; complete: boolean } {
  const kept = fillsOf(models.fills, account);
  const fills = kept
    .filter((fill) => fill.market === market && fill.timeMs >= sinceMs)
    .reverse()
    .map(venueFill);
  const oldest = kept.at(-1);
  const complete = kept.length < FILLS_KEPT_MIN || (oldest?.timeMs ?? 0) < sinceMs;
  return { fills, complete };
}

/** Payments for holding at or after a time, oldest first [ms]. */
export const fundingSince = (
  models: ReadModels,
  { account, market }: AccountMarket,
  sinceMs: number,
): VenueFunding[] =>
  paymentsOf(models.fundings, account)
    .filter((payment) => payment.market === market && payment.timeMs >= sinceMs)
    .reverse()
    .map(venueFunding);

/** A payment as the maker sees it. */
export const venueFunding = ({ timeMs, amount }: FundingItem): VenueFunding => ({ timeMs, amount });

/** The account at this moment, which is never before what it already contains. */
export function accountSnapshot(
  state: ExchangeState,
  { account, market }: AccountMarket,
  nowMs: number,
): AccountSnapshot {
  const summary = accountSummary(state, account);
  const position = summary.positions.find((held) => held.market === market)?.size ?? 0;
  return {
    timeMs: Math.max(nowMs, lastTimeMs(state)),
    position,
    positionValue: position * markPx(state, market),
    equity: summary.equity,
    withdrawable: summary.withdrawable,
  };
}

/** Both sides of the book, best first. */
export const bookLevels = (
  models: ReadModels,
  market: number,
): { bids: BookLevel[]; asks: BookLevel[] } => ({
  bids: topLevels(models.l2, market, BUY, LEVELS).map(bookLevel),
  asks: topLevels(models.l2, market, SELL, LEVELS).map(bookLevel),
});

const bookLevel = ({ px, sz }: L2Level): BookLevel => ({ px, sz });
