/**
 * A tiny exchange of one market behind a faulty link, as the maker's port: enough truth to hold the
 * maker's beliefs against. Orders rest and are hit by strangers, nothing crosses by itself. All
 * randomness comes from one seed.
 */
import type { Hex } from "../../src/base/hex.ts";
import type { InstrumentSpec } from "../../src/base/instrument-spec.ts";
import { createPrng, nextBelow, type Prng } from "../../src/base/prng.ts";
import { BUY, SELL, type Side, sideSign } from "../../src/base/side.ts";
import type {
  ItemStatus,
  PlaceItem,
  RequestOutcome,
  VenueEvent,
  VenueFill,
  VenueOrder,
  VenueRequest,
} from "../../src/maker/venue.ts";

/** How unreliable the link is: chances of each message [%] and the longest delay [ms]. */
export interface LinkFaults {
  readonly dropPct: number;
  readonly duplicatePct: number;
  readonly slowPct: number;
  readonly slowMsMax: number;
}

/** No faults but the way there and back. */
export const CLEAN_LINK: LinkFaults = { dropPct: 0, duplicatePct: 0, slowPct: 0, slowMsMax: 0 };

/** A market of whole-dollar ticks near 100 000. */
export const MODEL_SPEC: InstrumentSpec = {
  name: "BTC",
  szDecimals: 5,
  maxLeverage: 40,
  pxMax: 20_000_000,
  positionMax: 10_000_000,
  notionalMin: 10_000_000,
  priceRule: "fiveSignificantFigures",
};

interface Message {
  readonly dueMs: number;
  readonly order: number;
  readonly deliver: () => void;
}

/** The model exchange, its link and its clock. */
export interface ModelVenue {
  readonly prng: Prng;
  nowMs: number;
  faults: LinkFaults;
  /** Whether the streams are connected. */
  streamsUp: boolean;
  /** Every placement is refused for want of margin. */
  refuseAll: boolean;
  /** Whether a dead-man timer is taken, and when it would fire [ms]. */
  offersDeadMan: boolean;
  deadManMs: number | null;
  /** Whether the market stream says anything. */
  feedOn: boolean;
  midPx: number;
  /** Most that an order which takes finds at the touch [lots]. */
  offered: number;
  readonly live: Map<number, VenueOrder>;
  readonly finished: Map<Hex, VenueOrder>;
  readonly fills: VenueFill[];
  position: number;
  cash: number;
  /** Orders taken since the start. */
  placed: number;
  listener: (event: VenueEvent) => void;
  queue: Message[];
  sent: number;
  nextOid: number;
  nextTid: number;
  readonly seenRequests: Set<number>;
}

/** A model with a seed; streams are up, nothing has happened. */
export function createModelVenue(seed: number, startMs = 1_000_000): ModelVenue {
  return {
    prng: createPrng(seed),
    nowMs: startMs,
    faults: CLEAN_LINK,
    streamsUp: false,
    refuseAll: false,
    offersDeadMan: false,
    deadManMs: null,
    feedOn: true,
    midPx: 1_000_000,
    offered: 50_000,
    live: new Map(),
    finished: new Map(),
    fills: [],
    position: 0,
    cash: 100_000_000_000,
    placed: 0,
    listener: () => undefined,
    queue: [],
    sent: 0,
    nextOid: 1,
    nextTid: 1,
    seenRequests: new Set(),
  };
}

/** Sends a request over the link. */
export function sendToModel(venue: ModelVenue, request: VenueRequest): void {
  overLink(venue, true, () => {
    const outcome = handle(venue, request);
    overLink(venue, true, () =>
      venue.listener({ kind: "outcome", requestId: request.requestId, outcome }),
    );
  });
}

/** Lets time pass up to `untilMs`, delivering what is due in order. */
export function advanceModel(venue: ModelVenue, untilMs: number): void {
  for (;;) {
    let next: Message | undefined;
    for (const message of venue.queue) {
      if (message.dueMs > untilMs) continue;
      const earlier =
        next === undefined ||
        message.dueMs < next.dueMs ||
        (message.dueMs === next.dueMs && message.order < next.order);
      if (earlier) next = message;
    }
    if (next === undefined) break;
    venue.queue.splice(venue.queue.indexOf(next), 1);
    venue.nowMs = Math.max(venue.nowMs, next.dueMs);
    next.deliver();
  }
  venue.nowMs = untilMs;
}

/** Connects or disconnects the streams; what is on its way on them is lost with a disconnect. */
export function setStreams(venue: ModelVenue, up: boolean): void {
  venue.streamsUp = up;
  venue.listener({ kind: "connection", up });
  if (up) pushBook(venue);
}

/** Sends the book of strangers over the market stream. */
export function pushBook(venue: ModelVenue): void {
  if (!venue.feedOn) return;
  const timeMs = venue.nowMs;
  const levels = (side: Side) =>
    [1, 2, 3].map((i) => ({ px: venue.midPx - sideSign(side) * i * 100, sz: 50_000 }));
  publish(venue, { kind: "book", depth: "full", timeMs, bids: levels(BUY), asks: levels(SELL) });
  publish(venue, { kind: "heartbeat", feed: "user" });
}

/** A stranger takes up to `sz` from our best order on `side`; true when something traded. */
export function hitBest(venue: ModelVenue, side: Side, sz: number): boolean {
  const best = [...venue.live.values()]
    .filter((order) => order.side === side)
    .sort((a, b) => (b.px - a.px) * sideSign(side) || a.oid - b.oid)[0];
  if (best === undefined) return false;
  fillOrder(venue, best, Math.min(sz, best.sz));
  return true;
}

/** A stranger takes all of one of our orders. */
export function hitOrder(venue: ModelVenue, oid: number): void {
  const order = venue.live.get(oid);
  if (order !== undefined) fillOrder(venue, order, order.sz);
}

/** What the venue's account is worth at the middle [10^-6 USDC]. */
export const modelEquity = (venue: ModelVenue): number => venue.cash + venue.position * venue.midPx;

function fillOrder(venue: ModelVenue, order: VenueOrder, sz: number): void {
  const { px, side, oid, cloid } = order;
  const fee = Math.trunc((px * sz * 150) / 1_000_000);
  const fill: VenueFill = {
    tid: venue.nextTid++,
    oid,
    cloid,
    side,
    px,
    sz,
    fee,
    closedPnl: 0,
    crossed: false,
    startPosition: venue.position,
    timeMs: venue.nowMs,
  };
  venue.fills.push(fill);
  venue.position += sideSign(side) * sz;
  venue.cash -= sideSign(side) * px * sz + fee;
  const left = order.sz - sz;
  if (left === 0) endOrder(venue, order, "filled", 0);
  else {
    const updated = { ...order, sz: left };
    venue.live.set(oid, updated);
    publish(venue, { kind: "orders", orders: [updated] });
  }
  publish(venue, { kind: "fills", fills: [fill] });
}

function endOrder(
  venue: ModelVenue,
  order: VenueOrder,
  status: "filled" | "canceled",
  sz: number,
): void {
  const ended: VenueOrder = { ...order, sz, status, timeMs: venue.nowMs };
  venue.live.delete(order.oid);
  if (order.cloid !== null) venue.finished.set(order.cloid, ended);
  publish(venue, { kind: "orders", orders: [ended] });
}

function handle(venue: ModelVenue, request: VenueRequest): RequestOutcome {
  const changes = request.kind === "placeBatch" || request.kind.startsWith("cancelBy");
  if (request.kind === "placeBatch" && venue.nowMs > request.expiresAtMs) {
    return { kind: "refused", code: "stale", text: "expired" };
  }
  if (changes && venue.seenRequests.has(request.requestId)) {
    return { kind: "refused", code: "stale", text: "duplicate nonce" };
  }
  venue.seenRequests.add(request.requestId);
  switch (request.kind) {
    case "placeBatch":
      return { kind: "statuses", statuses: request.orders.map((item) => place(venue, item)) };
    case "cancelByCloid": {
      const statuses = request.cloids.map((cloid) =>
        cancel(
          venue,
          [...venue.live.values()].find((order) => order.cloid === cloid),
        ),
      );
      return { kind: "statuses", statuses };
    }
    case "cancelByOid":
      return {
        kind: "statuses",
        statuses: request.oids.map((oid) => cancel(venue, venue.live.get(oid))),
      };
    case "queryOpenOrders":
      return { kind: "openOrders", orders: [...venue.live.values()] };
    case "queryOrder": {
      const live = [...venue.live.values()].find((order) => order.cloid === request.cloid);
      return { kind: "order", order: live ?? venue.finished.get(request.cloid) ?? null };
    }
    case "queryAccount": {
      const positionValue = venue.position * venue.midPx;
      const equity = modelEquity(venue);
      const { position, nowMs: timeMs } = venue;
      return {
        kind: "account",
        account: { timeMs, position, positionValue, equity, withdrawable: equity },
      };
    }
    case "queryFills": {
      const fills = venue.fills.filter((fill) => fill.timeMs >= request.sinceMs);
      return { kind: "fills", fills, complete: true };
    }
    case "queryFunding":
      return { kind: "funding", payments: [] };
    case "scheduleCancel":
      if (!venue.offersDeadMan) return { kind: "refused", code: "other", text: "not offered" };
      venue.deadManMs = request.timeMs;
      return { kind: "accepted" };
  }
}

function place(venue: ModelVenue, item: PlaceItem): ItemStatus {
  const { cloid, side, px, sz } = item;
  const crosses = side === BUY ? px >= venue.midPx + 100 : px <= venue.midPx - 100;
  if (item.tif === "ioc") return takeAtOnce(venue, item, crosses);
  if (crosses) return { kind: "error", code: "wouldMatch", text: "would match" };
  if (venue.refuseAll || nextBelow(venue.prng, 400) < venue.faults.dropPct) {
    return { kind: "error", code: "margin", text: "margin" };
  }
  const oid = venue.nextOid++;
  const order: VenueOrder = {
    oid,
    cloid,
    side,
    px,
    sz,
    origSz: sz,
    status: "open",
    timeMs: venue.nowMs,
  };
  venue.live.set(oid, order);
  venue.placed += 1;
  publish(venue, { kind: "orders", orders: [order] });
  return { kind: "resting", oid };
}

/** An order that takes: filled at the touch up to what strangers offer, the rest dropped. */
function takeAtOnce(venue: ModelVenue, item: PlaceItem, crosses: boolean): ItemStatus {
  const { cloid, side } = item;
  const closes = Math.max(0, -sideSign(side) * venue.position);
  const sz = Math.min(item.sz, venue.offered, item.reduceOnly ? closes : item.sz);
  if (!crosses || sz === 0) return { kind: "error", code: "other", text: "could not match" };
  const oid = venue.nextOid++;
  const px = venue.midPx + sideSign(side) * 100;
  const timeMs = venue.nowMs;
  const order: VenueOrder = {
    oid,
    cloid,
    side,
    px,
    sz: item.sz,
    origSz: item.sz,
    status: "open",
    timeMs,
  };
  venue.live.set(oid, order);
  venue.placed += 1;
  fillOrder(venue, order, sz);
  const left = venue.live.get(oid);
  if (left !== undefined) endOrder(venue, left, "canceled", left.sz);
  return { kind: "filled", oid, sz };
}

function cancel(venue: ModelVenue, order: VenueOrder | undefined): ItemStatus {
  if (order === undefined) return { kind: "error", code: "notLive", text: "not live" };
  endOrder(venue, order, "canceled", order.sz);
  return { kind: "canceled" };
}

/** A message of a stream: in doubt like any other, and lost while the streams are down. */
function publish(venue: ModelVenue, event: VenueEvent): void {
  if (!venue.streamsUp) return;
  overLink(venue, false, () => {
    if (venue.streamsUp) venue.listener(event);
  });
}

function overLink(venue: ModelVenue, droppable: boolean, deliver: () => void): void {
  const { prng, faults } = venue;
  if (droppable && nextBelow(prng, 100) < faults.dropPct) return;
  const copies = nextBelow(prng, 100) < faults.duplicatePct ? 2 : 1;
  for (let i = 0; i < copies; i++) {
    const slow = nextBelow(prng, 100) < faults.slowPct;
    const dueMs = venue.nowMs + 1 + nextBelow(prng, slow ? faults.slowMsMax : 40);
    venue.queue.push({ dueMs, order: venue.sent++, deliver });
  }
}
