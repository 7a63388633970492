/** What the maker is doing, as plain data for the status line and the page. */
import { type FillRateRow, fillRateRows } from "../analysis/fill-rate.ts";
import { type MarkoutSummary, markoutSummaries } from "../analysis/markout.ts";
import type { PnlSplit } from "../analysis/pnl-attribution.ts";
import type { Hex } from "../base/hex.ts";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import type { Side } from "../base/side.ts";
import type { OwnOrder } from "./execution/own-orders.ts";
import { hasRestingOrders } from "./execution/pull.ts";
import type { Maker, RequestCounters } from "./maker-state.ts";
import { type Parameter, parameters } from "./parameters.ts";
import type { FairSource } from "./quote/fair-price.ts";
import type { ModelQuote } from "./quote/quote-model.ts";
import type { QuoteReason } from "./quote/quote-reason.ts";
import { sidePlans, worstWithForeign } from "./quote/requote.ts";
import type { SidePlan } from "./quote/side-plan.ts";
import { type Block, quoteBlocks } from "./risk/block.ts";
import { dailyLoss, drawdown } from "./risk/equity-watch.ts";
import type { KillLatch } from "./risk/kill-latch.ts";
import { markPx } from "./risk/mark.ts";
import { type RiskReport, riskReport } from "./risk/risk-report.ts";
import type { BookLevel, VenueFill, VenueRequest } from "./venue.ts";
import { deepestBook } from "./view/book-view.ts";
import { type PnlParts, pnlAt } from "./view/fill-ledger.ts";
import { splitOf } from "./view/pnl-split.ts";

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

/** Whether a side is quoted, and why it is not or only in part. */
export interface SideStatus {
  readonly state: "quoting" | "partial" | "off";
  /** In plain words; "" while it quotes in full. */
  readonly text: string;
}

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
  /** What its price was made of; null for an order that was found on the venue. */
  readonly reason: QuoteReason | null;
  /** Size that stands before it, at most; null = not known [lots]. */
  readonly queueAhead: number | null;
}

/** The maker at one moment. */
export interface MakerStatus {
  readonly timeMs: number;
  readonly asset: string;
  readonly phase: MakerPhase;
  /** Why it is not quoting, gravest first; empty while it quotes. */
  readonly blocks: readonly Block[];
  readonly spec: InstrumentSpec | null;
  /** Levels best first, own orders included; the farther ones may be older. */
  readonly book: {
    readonly bids: readonly BookLevel[];
    readonly asks: readonly BookLevel[];
    /** Since market data last came [ms]; null = never. */
    readonly ageMs: number | null;
    readonly oraclePx: number;
    readonly markPx: number | null;
    /** Funding that the venue foresees; null = not told [1/h]. */
    readonly fundingRate: number | null;
  };
  readonly quote: {
    /** [ticks, fractional] */
    readonly midPx: number | null;
    readonly fairPx: number | null;
    readonly fairSource: FairSource | null;
    readonly reservationPx: number | null;
  };
  /** The model's quote as of the last step; null while there is nothing to quote around. */
  readonly model: ModelQuote | null;
  readonly sides: { readonly bid: SideStatus; readonly ask: SideStatus };
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
  /** Causes of `pnl.total`, to the unit. */
  readonly split: PnlSplit | null;
  /** What fills were worth a while later, by horizon. */
  readonly markouts: readonly MarkoutSummary[];
  /** Fills and time at rest by distance from the fair price, nearest first. */
  readonly fillRate: readonly FillRateRow[];
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
  /** Settings that can be changed while it runs. */
  readonly parameters: readonly Parameter[];
  readonly kill: KillLatch;
  readonly risk: RiskReport;
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
  const pnl = ledger.baseline === null ? null : pnlAt(ledger, mark ?? 0);
  return {
    timeMs: maker.nowMs,
    asset: config.asset,
    phase: phaseOf(maker, blocks),
    blocks,
    spec: maker.spec,
    book: {
      ...deepestBook(book),
      ageMs: book.receivedMs === Number.NEGATIVE_INFINITY ? null : maker.nowMs - book.receivedMs,
      oraclePx: book.oraclePx,
      markPx: mark,
      fundingRate: book.fundingRate,
    },
    quote: {
      midPx: bid === undefined || ask === undefined ? null : (bid.px + ask.px) / 2,
      fairPx: quote.fairPx,
      fairSource: quote.fairSource,
      reservationPx: quote.model?.reservationPx ?? null,
    },
    model: quote.model,
    sides: sideStatuses(maker, blocks),
    orders,
    unknownOrders: orders.filter((order) => order.state === "unknown").length,
    foreignOrders: maker.foreign.length,
    flatBook: maker.pull.clean && !hasRestingOrders(maker),
    position: positionPart(maker),
    pnl,
    split: pnl === null ? null : splitOf(maker.split, pnl),
    markouts: markoutSummaries(maker.split.markouts),
    fillRate: fillRateRows(maker.split.fillRate),
    residual: maker.residual,
    equity: equity.equity,
    startEquity: ledger.baseline?.equity ?? null,
    dailyLoss: dailyLoss(equity),
    maxDailyLoss: config.maxDailyLoss,
    drawdown: drawdown(equity),
    maxDrawdown: config.maxDrawdown,
    fills: { count: ledger.count, volume: ledger.volume, recent: ledger.recent.slice() },
    parameters: parameters(maker),
    kill: maker.latch,
    risk: riskReport(maker, { dailyLoss: dailyLoss(equity), drawdown: drawdown(equity) }),
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
  } else if (maker.quote.model === null) {
    blocks.push({ code: "noQuote", text: "the model gives no quote" });
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
    const { cloid, oid, side, px, changedMs, reason, queueAhead } = order;
    const sz = Math.max(0, order.sz - order.filledSz);
    return state === null
      ? []
      : [{ cloid, oid, side, px, sz, state, changedMs, reason, queueAhead }];
  });
}

function sideStatuses(maker: Maker, blocks: readonly Block[]): MakerStatus["sides"] {
  const first = blocks[0];
  const plans = sidePlans(maker);
  const statusOf = ({ capacity, text }: SidePlan): SideStatus => {
    if (first !== undefined) return { state: "off", text: first.text };
    if (text === "") return { state: "quoting", text };
    return { state: capacity === 0 ? "off" : "partial", text };
  };
  return { bid: statusOf(plans.bid), ask: statusOf(plans.ask) };
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
