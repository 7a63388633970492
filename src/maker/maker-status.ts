/** What the maker is doing, as plain data for the status line and the page. */
import type { Hex } from "../base/hex.ts";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import type { Side } from "../base/side.ts";
import type { OwnOrder } from "./execution/own-orders.ts";
import { hasRestingOrders } from "./execution/pull.ts";
import type { Maker, RequestCounters } from "./maker-state.ts";
import type { FairSource } from "./quote/fair-price.ts";
import { worstWithForeign } from "./quote/requote.ts";
import { type Block, quoteBlocks } from "./risk/block.ts";
import { dailyLoss, drawdown } from "./risk/equity-watch.ts";
import type { KillLatch } from "./risk/kill-latch.ts";
import { markPx } from "./risk/mark.ts";
import type { BookLevel, VenueFill, VenueRequest } from "./venue.ts";
import { type PnlParts, pnlAt } from "./view/fill-ledger.ts";

/** What the maker is doing, in one word. */
export type MakerPhase =
  | "starting"
  | "quoting"
  | "waiting"
  | "stale"
  | "paused"
  | "killed"
  | "stopping"
  | "stopped"
  | "failed";

/** How an order that may rest stands; `unknown` counts as live. */
export type StatusOrderState = "pending" | "live" | "canceling" | "unknown";

/** One of the maker's orders that may rest. */
export interface StatusOrder {
  readonly cloid: Hex;
  readonly oid: number | null;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** What remains [lots]. */
  readonly sz: number;
  readonly state: StatusOrderState;
  /** When the present state began [ms]. */
  readonly changedMs: number;
}

/** The maker at one moment. */
export interface MakerStatus {
  readonly timeMs: number;
  readonly asset: string;
  readonly phase: MakerPhase;
  /** Why it is not quoting, gravest first; empty while it quotes. */
  readonly blocks: readonly Block[];
  readonly spec: InstrumentSpec | null;
  /** Levels best first, own orders included. */
  readonly book: {
    readonly bids: readonly BookLevel[];
    readonly asks: readonly BookLevel[];
    /** Since market data last came [ms]; null = never. */
    readonly ageMs: number | null;
    readonly oraclePx: number;
    readonly markPx: number | null;
  };
  readonly quote: {
    /** [ticks, fractional] */
    readonly midPx: number | null;
    readonly fairPx: number | null;
    readonly fairSource: FairSource | null;
    readonly reservationPx: number | null;
  };
  readonly orders: readonly StatusOrder[];
  /** Orders whose outcome is in doubt; they count as live. */
  readonly unknownOrders: number;
  /** Open orders on the market that are not ours. */
  readonly foreignOrders: number;
  /** Nothing of ours rests: a listing showed it, and nothing is in doubt. */
  readonly flatBook: boolean;
  readonly position: {
    /** [lots] */
    readonly size: number;
    readonly limit: number | null;
    readonly worstLong: number;
    readonly worstShort: number;
    /** Signed cost [10^-6 USDC]. */
    readonly cost: number;
    /** Taken over from the venue without a fill to explain it [lots]. */
    readonly adjusted: number;
  };
  /** Null until the account was read once. */
  readonly pnl: PnlParts | null;
  /** Change of the venue's equity beyond `pnl.total` at the last comparison [10^-6 USDC]. */
  readonly residual: number | null;
  /** [10^-6 USDC] */
  readonly equity: number | null;
  readonly startEquity: number | null;
  /** Loss since midnight UTC [10^-6 USDC] and fall from the peak [ratio], with their limits. */
  readonly dailyLoss: number;
  readonly maxDailyLoss: number;
  readonly drawdown: number;
  readonly maxDrawdown: number;
  readonly fills: {
    readonly count: number;
    /** [10^-6 USDC] */
    readonly volume: number;
    /** Newest last. */
    readonly recent: readonly VenueFill[];
  };
  readonly kill: KillLatch;
  readonly requests: RequestCounters & { readonly rejects: number; readonly waiting: number };
}

/** The maker's state as of its last step. */
export function makerStatus(maker: Maker): MakerStatus {
  const { book, ledger, quote, equity, config } = maker;
  const blocks = statusBlocks(maker);
  const mark = markPx(maker);
  const orders = statusOrders(maker);
  const bid = book.bids[0];
  const ask = book.asks[0];
  return {
    timeMs: maker.nowMs,
    asset: config.asset,
    phase: phaseOf(maker, blocks),
    blocks,
    spec: maker.spec,
    book: {
      bids: book.bids,
      asks: book.asks,
      ageMs: book.receivedMs === Number.NEGATIVE_INFINITY ? null : maker.nowMs - book.receivedMs,
      oraclePx: book.oraclePx,
      markPx: mark,
    },
    quote: {
      midPx: bid === undefined || ask === undefined ? null : (bid.px + ask.px) / 2,
      fairPx: quote.fairPx,
      fairSource: quote.fairSource,
      reservationPx: quote.reservationPx,
    },
    orders,
    unknownOrders: orders.filter((order) => order.state === "unknown").length,
    foreignOrders: maker.foreign.length,
    flatBook: maker.pull.clean && !hasRestingOrders(maker),
    position: positionPart(maker),
    pnl: ledger.baseline === null ? null : pnlAt(ledger, mark ?? 0),
    residual: maker.residual,
    equity: equity.equity,
    startEquity: ledger.baseline?.equity ?? null,
    dailyLoss: dailyLoss(equity),
    maxDailyLoss: config.maxDailyLoss,
    drawdown: drawdown(equity),
    maxDrawdown: config.maxDrawdown,
    fills: { count: ledger.count, volume: ledger.volume, recent: ledger.recent.slice() },
    kill: maker.latch,
    requests: {
      ...maker.counters,
      rejects: maker.rejects.total,
      waiting: maker.pending.size,
    },
  };
}

/**
 * Whether the maker has stopped for good: nothing of its orders is left or in doubt, and the venue
 * has answered about the dead-man timer, or did not in time.
 */
export const isStopped = (maker: Maker): boolean =>
  maker.control.stopping &&
  (maker.pull.clean || maker.spec === null) &&
  maker.orders.active.size === 0 &&
  !hasPending(maker, "scheduleCancel");

const hasPending = (maker: Maker, kind: VenueRequest["kind"]): boolean =>
  [...maker.pending.values()].some(({ request }) => request.kind === kind);

function statusBlocks(maker: Maker): Block[] {
  const blocks = quoteBlocks(maker);
  if (maker.quote.fairPx === null) {
    blocks.push({ code: "noFairPrice", text: "no price to quote around" });
  }
  return blocks;
}

function phaseOf(maker: Maker, blocks: readonly Block[]): MakerPhase {
  const codes = new Set(blocks.map((block) => block.code));
  if (maker.control.stopping) return isStopped(maker) ? "stopped" : "stopping";
  if (codes.has("failed")) return "failed";
  if (codes.has("killed")) return "killed";
  if (codes.has("paused")) return "paused";
  if (blocks.length === 0) return "quoting";
  if (maker.sync.first) return "starting";
  const isStale = codes.has("marketDataStale") || codes.has("disconnected");
  return isStale ? "stale" : "waiting";
}

const ORDER_STATES: Readonly<Record<OwnOrder["state"], StatusOrderState | null>> = {
  pendingPlace: "pending",
  live: "live",
  pendingCancel: "canceling",
  unknown: "unknown",
  settling: null,
  done: null,
};

function statusOrders(maker: Maker): StatusOrder[] {
  return [...maker.orders.active.values()].flatMap((order) => {
    const state = ORDER_STATES[order.state];
    const { cloid, oid, side, px, changedMs } = order;
    const sz = Math.max(0, order.sz - order.filledSz);
    return state === null ? [] : [{ cloid, oid, side, px, sz, state, changedMs }];
  });
}

function positionPart(maker: Maker): MakerStatus["position"] {
  const { ledger } = maker;
  const worst = worstWithForeign(maker);
  return {
    size: ledger.position,
    limit: maker.positionLimit,
    worstLong: worst.long,
    worstShort: worst.short,
    cost: ledger.cost,
    adjusted: ledger.adjustedLots,
  };
}
