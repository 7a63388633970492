/** The maker's status as the page's view: the same integers under the page's names. */
import { BUY } from "../base/side.ts";
import type { MakerPhase, MakerStatus, StatusOrder } from "../maker/maker-status.ts";
import type { BookLevel, VenueFill } from "../maker/venue.ts";
import type { WhyView } from "../operator/operator-source.ts";
import {
  FILLS_SHOWN,
  type FillMarkoutView,
  type FillView,
  type LevelView,
  type MakerStateName,
  type ModelView,
  type OperatorView,
  type OwnOrderStatus,
  type OwnOrderView,
  type ReferenceView,
  type VenueLabel,
} from "../operator/operator-view.ts";
import { type RiskContext, riskView } from "./risk-view.ts";

const HOUR_MS = 3_600_000;

/** What the status does not say: where the maker trades and how it is set. */
export interface MakerPlace extends RiskContext {
  readonly venue: VenueLabel;
  readonly account: string;
  readonly fillMarkouts: readonly FillMarkoutView[];
  /** How fast the market's clock runs against real time [ratio]. */
  readonly speed: number;
  /** Requests kept for cancels. */
  readonly budgetReserve: number;
}

const STATE_OF_PHASE: Readonly<Record<MakerPhase, MakerStateName>> = {
  starting: "starting",
  quoting: "quoting",
  waiting: "stale",
  stale: "stale",
  paused: "paused",
  killed: "killed",
  stopping: "paused",
  stopped: "paused",
  failed: "killed",
};

const ORDER_STATUS: Readonly<Record<StatusOrder["state"], OwnOrderStatus>> = {
  pending: "pending",
  live: "open",
  canceling: "canceling",
  unknown: "unknown",
};

const MODEL_NAMES: Readonly<Record<NonNullable<MakerStatus["model"]>["name"], string>> = {
  glft: "GLFT",
  avellanedaStoikov: "Avellaneda-Stoikov",
  fixedSpread: "fixed spread",
};

/** The page's view of a maker at one moment. */
export function makerView(status: MakerStatus, place: MakerPlace): OperatorView {
  const { book, quote } = status;
  return {
    venue: place.venue,
    account: place.account,
    coin: status.asset,
    szDecimals: status.spec?.szDecimals ?? 0,
    timeMs: status.timeMs,
    marketTimeMs: book.ageMs === null ? 0 : status.timeMs - book.ageMs,
    speed: place.speed,
    state: stateView(status),
    sides: status.sides,
    book: bookView(status),
    orders: status.orders.map(orderView),
    fills: status.fills.recent.slice(-FILLS_SHOWN).reverse().map(fillView),
    fillMarkouts: place.fillMarkouts,
    markouts: status.markouts.map(({ horizonMs, n, meanBps, standardErrorBps }) => ({
      horizonMs,
      n,
      meanBps,
      standardErrorBps,
    })),
    split: status.split,
    reference: referenceView(status),
    mid: quote.midPx,
    fair: quote.fairPx,
    reservation: quote.reservationPx,
    halfSpreadBps: halfSpreadBps(status),
    model: modelView(status),
    parameters: status.parameters,
    risk: riskView(status, place),
    ...figures(status, place),
  };
}

/** Why the maker quotes as it does, order by order. */
export function whyView(status: MakerStatus, place: MakerPlace): WhyView {
  const { coin, szDecimals, timeMs, state, sides, model } = makerView(status, place);
  const orders = status.orders
    .toSorted((a, b) => b.px - a.px)
    .map((order) => ({ ...orderView(order), reason: order.reason }));
  return { coin, szDecimals, timeMs, state, sides, model, orders };
}

const stateView = ({ phase, blocks }: MakerStatus): OperatorView["state"] => ({
  name: STATE_OF_PHASE[phase],
  reasons: blocks.map((block) => block.text),
});

/** The book as the venue shows it, and our own orders that stand farther out. */
function bookView({ book, orders }: MakerStatus): OperatorView["book"] {
  const own = ownByLevel(orders);
  const side = (levels: readonly BookLevel[], sign: 1 | -1): LevelView[] => {
    const shown = levels.map(({ px, sz }) => ({
      px,
      sz,
      own: Math.min(sz, own.get(sign * px) ?? 0),
    }));
    const last = levels.at(-1)?.px ?? 0;
    const beyond = [...own]
      .filter(([key]) => key * sign > 0 && (last === 0 || key < sign * last))
      .sort(([a], [b]) => b - a)
      .map(([key, sz]) => ({ px: sign * key, sz: null, own: sz }));
    return [...shown, ...beyond];
  };
  return { bids: side(book.bids, 1), asks: side(book.asks, -1) };
}

/** Money, position, limits and counts. */
function figures(
  status: MakerStatus,
  place: MakerPlace,
): Pick<OperatorView, "position" | "pnl" | "equity" | "limits" | "budget" | "counters"> {
  const { pnl, position, requests } = status;
  return {
    position: position.size,
    pnl: {
      realised: pnl?.realised ?? 0,
      unrealised: pnl?.unrealised ?? 0,
      fees: pnl?.fees ?? 0,
      funding: pnl?.funding ?? 0,
      net: pnl?.total ?? 0,
    },
    equity: {
      now: status.equity,
      dailyLoss: status.dailyLoss,
      dailyLossMax: status.maxDailyLoss,
      drawdown: status.drawdown,
      drawdownMax: status.maxDrawdown,
    },
    limits: { positionMax: position.limit ?? 0, lossMax: status.maxDailyLoss },
    budget: { left: status.risk.budgetLeft, reserve: place.budgetReserve },
    counters: {
      fills: status.fills.count,
      orders: requests.places,
      rejects: requests.rejects,
      unknownOrders: status.unknownOrders,
    },
  };
}

const fillView = (fill: VenueFill): FillView => ({
  tid: fill.tid,
  timeMs: fill.timeMs,
  side: fill.side === BUY ? "buy" : "sell",
  px: fill.px,
  sz: fill.sz,
  fee: fill.fee,
  realised: fill.closedPnl,
  taker: fill.crossed,
});

/** Own size by price; asks under negative prices. */
function ownByLevel(orders: readonly StatusOrder[]): Map<number, number> {
  const own = new Map<number, number>();
  for (const { side, px, sz, state } of orders) {
    if (state === "pending") continue;
    const key = side === BUY ? px : -px;
    own.set(key, (own.get(key) ?? 0) + sz);
  }
  return own;
}

const orderView = (order: StatusOrder): OwnOrderView => ({
  id: order.cloid,
  side: order.side === BUY ? "buy" : "sell",
  px: order.px,
  sz: order.sz,
  status: ORDER_STATUS[order.state],
  timeMs: order.changedMs,
  queueAhead: order.queueAhead,
});

function modelView({ model }: MakerStatus): ModelView | null {
  if (model === null) return null;
  const { sigma, intensity } = model.estimates;
  return {
    name: MODEL_NAMES[model.name],
    reservationPx: model.reservationPx,
    sigma: model.sigma,
    intensityA: model.intensityA,
    intensityK: model.intensityK,
    gamma: model.gamma,
    halfSpread: model.halfSpread,
    terms: model.terms,
    skew: model.skew,
    sources: { sigma: sigma.source, intensity: intensity.source },
    observations: intensity.count,
  };
}

/** The venue tells an hourly rate, which is paid at full hours of its clock. */
function referenceView({ book, timeMs }: MakerStatus): ReferenceView {
  const { oraclePx, markPx, fundingRate } = book;
  const nextFundingMs = fundingRate === null ? null : (Math.floor(timeMs / HOUR_MS) + 1) * HOUR_MS;
  return { oraclePx, markPx, fundingRate, nextFundingMs };
}

const halfSpreadBps = ({ model }: MakerStatus): number =>
  model === null ? 0 : (model.halfSpread / model.fairPx) * 10_000;
