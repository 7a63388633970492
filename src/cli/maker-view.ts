/** The maker's status as the page's view: the same integers under the page's names. */
import { BUY } from "../base/side.ts";
import type { MakerPhase, MakerStatus, StatusOrder } from "../maker/maker-status.ts";
import type { BookLevel } from "../maker/venue.ts";
import {
  FILLS_SHOWN,
  type LevelView,
  type MakerStateName,
  type OperatorView,
  type OwnOrderStatus,
  type OwnOrderView,
  type VenueLabel,
} from "../operator/operator-source.ts";

/** What the status does not say: where the maker trades and how it is set. */
export interface MakerPlace {
  readonly venue: VenueLabel;
  readonly account: string;
  readonly halfSpreadBps: number;
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

/** The page's view of a maker at one moment. */
export function makerView(status: MakerStatus, place: MakerPlace): OperatorView {
  const { book, pnl, quote } = status;
  const own = ownByLevel(status.orders);
  const levels = (side: readonly BookLevel[], sign: 1 | -1): LevelView[] =>
    side.map(({ px, sz }) => ({ px, sz, own: Math.min(sz, own.get(sign * px) ?? 0) }));
  return {
    venue: place.venue,
    account: place.account,
    coin: status.asset,
    szDecimals: status.spec?.szDecimals ?? 0,
    timeMs: status.timeMs,
    marketTimeMs: book.ageMs === null ? 0 : status.timeMs - book.ageMs,
    state: {
      name: STATE_OF_PHASE[status.phase],
      reasons: status.blocks.map((block) => block.text),
    },
    book: { bids: levels(book.bids, 1), asks: levels(book.asks, -1) },
    orders: status.orders.map(orderView),
    fills: status.fills.recent
      .slice(-FILLS_SHOWN)
      .reverse()
      .map((fill) => ({
        tid: fill.tid,
        timeMs: fill.timeMs,
        side: fill.side === BUY ? "buy" : "sell",
        px: fill.px,
        sz: fill.sz,
        fee: fill.fee,
        realised: fill.closedPnl,
        taker: fill.crossed,
      })),
    position: status.position.size,
    pnl: {
      realised: pnl?.realised ?? 0,
      unrealised: pnl?.unrealised ?? 0,
      fees: pnl?.fees ?? 0,
      net: pnl?.total ?? 0,
    },
    mid: quote.midPx,
    fair: quote.fairPx,
    halfSpreadBps: place.halfSpreadBps,
    limits: { positionMax: status.position.limit ?? 0, lossMax: status.maxDailyLoss },
    counters: {
      fills: status.fills.count,
      orders: status.requests.places,
      rejects: status.requests.rejects,
      unknownOrders: status.unknownOrders,
    },
  };
}

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
});
