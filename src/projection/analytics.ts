/**
 * How accounts trade, vaults and sub-accounts among them: volumes, fees, profit, round trips,
 * inventory, markouts, and the value of a unit at the end of each UTC day. Folded from events alone,
 * O(1) a trade; at the turn of a day each account's equity is taken once. Bounded an account:
 * {@link ANALYTICS_DAYS} days, a row for each market it ever traded.
 *
 * Equity is cash + size x mark - cost over all positions [10^-6 USDC] and follows the exchange's to the
 * last unit. Money and positions that come from elsewhere are flows, not profit.
 */
import {
  createInventoryTrack,
  type InventoryTrack,
  sampleInventory,
} from "../analysis/inventory-half-life.ts";
import { countTrip, createRoundTrips, type RoundTrips } from "../analysis/round-trips.ts";
import { closePeriod, createUnitValue, noteFlow, type UnitValue } from "../analysis/unit-value.ts";
import { BUY } from "../base/side.ts";
import type { ExchangeEvent, FillEvent, PositionMovedEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem } from "./history.ts";
import {
  createMarkoutSums,
  createPendingMarkouts,
  type MarkoutSums,
  noteMarkout,
  type PendingMarkouts,
  settleMarkouts,
} from "./markouts.ts";

/** A UTC day [ms]. */
export const DAY_MS = 86_400_000;
/** Days of equity kept for each account. */
export const ANALYTICS_DAYS = 400;
/** The first two accounts are the exchange's own: fees and insurance. */
const FIRST_USER_ACCOUNT = 2;

/** What an account holds, and has held, in one market. */
export interface TradedMarket {
  /** [lots] */
  size: number;
  /** What it was bought for; negative of a short [10^-6 USDC]. */
  cost: number;
  /** Realised since the position opened, less fees, with funding [10^-6 USDC]. */
  tripProfit: number;
  readonly inventory: InventoryTrack;
}

/** End of a UTC day. */
export interface DayPoint {
  /** Days since the epoch. */
  readonly day: number;
  /** [10^-6 USDC] */
  readonly equity: number;
  /** Net flow of the day [10^-6 USDC]. */
  readonly flow: number;
  /** Of the day, flows taken out [1]; null where there was nothing to earn it on. */
  readonly return: number | null;
}

/** One account's figures; all money in 10^-6 USDC. */
export interface AccountAnalytics {
  makerVolume: number;
  takerVolume: number;
  makerFills: number;
  takerFills: number;
  /** Fees of fills that paid; what fills that earned instead received, and a pool its part of fees. */
  feesPaid: number;
  rebatesEarned: number;
  /** Received; negative = paid. */
  funding: number;
  /** Realised by fills, before fees. */
  realised: number;
  /** Open profit that came with positions from other accounts, or left with them; no profit made here. */
  moved: number;
  /** Taken away by a backstop, negative, or taken over by one. */
  takeover: number;
  cash: number;
  /** Net flow since the beginning, and on the running day. */
  flow: number;
  dayFlow: number;
  readonly trips: RoundTrips;
  readonly unit: UnitValue;
  readonly markets: Map<number, TradedMarket>;
  readonly days: History<DayPoint>;
  readonly markouts: MarkoutSums;
}

/** The model. */
export interface Analytics {
  /** Running UTC day since the epoch; -1 before the first event. */
  day: number;
  /** Time of the last event; 0 before the first [ms]. */
  timeMs: number;
  /** Mark prices by market as events tell them; 0 before the first [ticks]. */
  readonly marks: number[];
  readonly accounts: Map<number, AccountAnalytics>;
  readonly pending: PendingMarkouts;
}

/** A model to which nothing has happened. */
export const createAnalytics = (): Analytics => ({
  day: -1,
  timeMs: 0,
  marks: [],
  accounts: new Map(),
  pending: createPendingMarkouts(),
});

/** Figures of an account that has done nothing. */
export const createAccountAnalytics = (): AccountAnalytics => ({
  makerVolume: 0,
  takerVolume: 0,
  makerFills: 0,
  takerFills: 0,
  feesPaid: 0,
  rebatesEarned: 0,
  funding: 0,
  realised: 0,
  moved: 0,
  takeover: 0,
  cash: 0,
  flow: 0,
  dayFlow: 0,
  trips: createRoundTrips(),
  unit: createUnitValue(),
  markets: new Map(),
  days: createHistory(ANALYTICS_DAYS),
  markouts: createMarkoutSums(),
});

/** Equity at the marks of a model [10^-6 USDC]. */
export function analyticsEquity(
  { marks }: Pick<Analytics, "marks">,
  own: AccountAnalytics,
): number {
  let equity = own.cash;
  for (const [market, { size, cost }] of own.markets) equity += size * (marks[market] ?? 0) - cost;
  return equity;
}

/** Folds one event; those that concern no analytics move time on. */
export function foldAnalytics(analytics: Analytics, event: ExchangeEvent): void {
  passTime(analytics, event.timeMs);
  switch (event.kind) {
    case "oracleMoved":
      analytics.marks[event.market] = event.markPx;
      return;
    case "fill":
      analytics.marks[event.market] = event.markPx;
      foldFill(analytics, event);
      return;
    case "fundingPaid":
      foldFunding(analytics, event);
      return;
    case "poolEarned":
      foldPoolFee(analytics, event.account, event.amount);
      return;
    case "deposited":
    case "deficitBooked":
    case "rewardsClaimed":
      foldFlow(analytics, event.account, event.amount);
      return;
    case "withdrawn":
      foldFlow(analytics, event.account, -event.amount);
      return;
    case "transferred":
      foldFlow(analytics, event.account, event.amount - (event.amount < 0 ? event.fee : 0));
      return;
    case "positionMoved":
      foldMove(analytics, event);
      return;
    case "backstopTookOver":
      foldTakeover(analytics, event.account, -event.amount);
      foldTakeover(analytics, event.backstop, event.amount);
      return;
    default:
      return;
  }
}

/** What time brings: markouts that fall due, and ends of days. */
function passTime(analytics: Analytics, timeMs: number): void {
  // Events of one command share its time.
  if (timeMs === analytics.timeMs) return;
  analytics.timeMs = timeMs;
  settleMarkouts(analytics.pending, analytics.marks, timeMs);
  const day = Math.floor(timeMs / DAY_MS);
  if (day === analytics.day) return;
  if (analytics.day >= 0) {
    // A grid has no holes: days in which nothing happened end as the one before them.
    const from = Math.max(analytics.day, day - ANALYTICS_DAYS);
    for (let past = from; past < day; past++) closeDay(analytics, past);
  }
  analytics.day = Math.max(day, analytics.day);
}

function closeDay(analytics: Analytics, day: number): void {
  for (const own of analytics.accounts.values()) {
    const equity = analyticsEquity(analytics, own);
    keepItem(own.days, {
      day,
      equity,
      flow: own.dayFlow,
      return: closePeriod(own.unit, equity),
    });
    own.dayFlow = 0;
  }
}

function accountOf({ accounts }: Analytics, account: number): AccountAnalytics | null {
  if (account < FIRST_USER_ACCOUNT) return null;
  let own = accounts.get(account);
  if (own === undefined) {
    own = createAccountAnalytics();
    accounts.set(account, own);
  }
  return own;
}

function marketOf(own: AccountAnalytics, market: number, timeMs: number): TradedMarket {
  let traded = own.markets.get(market);
  if (traded === undefined) {
    traded = { size: 0, cost: 0, tripProfit: 0, inventory: createInventoryTrack(timeMs) };
    own.markets.set(market, traded);
  }
  return traded;
}

function foldFill(analytics: Analytics, fill: FillEvent): void {
  const own = accountOf(analytics, fill.account);
  if (own === null) return;
  own.realised += fill.closedPnl;
  own.cash += fill.closedPnl - fill.fee;
  if (fill.fee > 0) own.feesPaid += fill.fee;
  else own.rebatesEarned -= fill.fee;
  const traded = marketOf(own, fill.market, fill.timeMs);
  sampleInventory(traded.inventory, fill.timeMs, traded.size);
  const signed = fill.side === BUY ? fill.sz : -fill.sz;
  foldTrip(own, traded, fill, signed);
  traded.size = fill.startPosition + signed;
  // At any price cash and value of the position move by the distance to it alone.
  traded.cost += signed * fill.px + fill.closedPnl;
  // Outside the book nobody traded: the position was closed for its owner.
  if (fill.way !== "book") return;
  if (fill.crossed) {
    own.takerVolume += fill.px * fill.sz;
    own.takerFills += 1;
  } else {
    own.makerVolume += fill.px * fill.sz;
    own.makerFills += 1;
  }
  noteMarkout(analytics.pending, own.markouts, fill);
}

/** A fill that crosses zero ends one trip and begins the next; its fee is shared by lots. */
function foldTrip(
  own: AccountAnalytics,
  traded: TradedMarket,
  { startPosition, sz, fee, closedPnl }: FillEvent,
  signed: number,
): void {
  const closes = startPosition !== 0 && startPosition > 0 !== signed > 0;
  const closed = closes ? Math.min(sz, Math.abs(startPosition)) : 0;
  if (closed === 0 || closed < Math.abs(startPosition)) {
    traded.tripProfit += closedPnl - fee;
    return;
  }
  const feeOfClose = closed === sz ? fee : Math.trunc((fee * closed) / sz);
  countTrip(own.trips, traded.tripProfit + closedPnl - feeOfClose);
  traded.tripProfit = feeOfClose - fee;
}

function foldFunding(
  analytics: Analytics,
  event: { account: number; market: number; timeMs: number; amount: number },
): void {
  const own = accountOf(analytics, event.account);
  if (own === null) return;
  own.cash += event.amount;
  own.funding += event.amount;
  marketOf(own, event.market, event.timeMs).tripProfit += event.amount;
}

/** A pool's part of a taker's fee counts when it is earned; its cash has it when it has arrived. */
function foldPoolFee(analytics: Analytics, account: number, amount: number): void {
  const own = accountOf(analytics, account);
  if (own === null) return;
  own.cash += amount;
  own.rebatesEarned += amount;
}

function foldFlow(analytics: Analytics, account: number, amount: number): void {
  const own = accountOf(analytics, account);
  if (own === null) return;
  takeFlow(analytics, own, amount);
  own.cash += amount;
}

/** A position comes with what it is worth beyond its cost: a flow in kind, at the mark. */
function foldMove(analytics: Analytics, event: PositionMovedEvent): void {
  const own = accountOf(analytics, event.account);
  if (own === null) return;
  analytics.marks[event.market] = event.markPx;
  const openProfit = event.size * event.markPx - event.cost;
  takeFlow(analytics, own, openProfit);
  own.moved += openProfit;
  const traded = marketOf(own, event.market, event.timeMs);
  sampleInventory(traded.inventory, event.timeMs, traded.size);
  traded.size = event.startPosition + event.size;
  traded.cost += event.cost;
  // What it earned elsewhere is not of this trip; one that leaves whole is nobody's whole trip.
  traded.tripProfit = traded.size === 0 ? 0 : traded.tripProfit - openProfit;
}

function takeFlow(analytics: Analytics, own: AccountAnalytics, flow: number): void {
  noteFlow(own.unit, analyticsEquity(analytics, own), flow);
  own.flow += flow;
  own.dayFlow += flow;
}

function foldTakeover(analytics: Analytics, account: number, amount: number): void {
  const own = accountOf(analytics, account);
  if (own === null) return;
  own.cash += amount;
  own.takeover += amount;
}
