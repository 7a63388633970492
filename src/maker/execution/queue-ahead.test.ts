import { beforeEach, describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { MAKER_CONFIG_DEFAULTS } from "../config.ts";
import { onVenueEvent } from "../maker.ts";
import { createMaker, type Maker } from "../maker-state.ts";
import type { BookLevel } from "../venue.ts";
import { addOrder, noteOpen, type OwnOrder } from "./own-orders.ts";

const PX = 100_000;
let maker: Maker;
let order: OwnOrder;
let tid = 0;

/** A book in which the level of our bid has a size, our own 10 lots included where `own`. */
function book(nowMs: number, sz: number, own = true): void {
  const bids: BookLevel[] = [{ px: PX + 100, sz: 5 }];
  if (sz + (own ? 10 : 0) > 0) bids.push({ px: PX, sz: sz + (own ? 10 : 0) });
  bids.push({ px: PX - 500, sz: 7 });
  const asks = [{ px: PX + 200, sz: 5 }];
  onVenueEvent(maker, { kind: "book", depth: "full", timeMs: nowMs, bids, asks }, nowMs);
}

function trade(nowMs: number, px: number, sz: number, side = SELL): void {
  tid += 1;
  onVenueEvent(maker, { kind: "trades", trades: [{ tid, side, px, sz, timeMs: nowMs }] }, nowMs);
}

beforeEach(() => {
  maker = createMaker({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 });
  order = addOrder(
    maker.orders,
    {
      cloid: `0x${"1".repeat(32)}`,
      side: BUY,
      px: PX,
      sz: 10,
      reduceOnly: false,
      placedMs: 0,
      expiresAtMs: 0,
      reason: null,
    },
    "pendingPlace",
    0,
  );
  book(900, 20, false);
  noteOpen(maker.orders, order, 1, 1_000);
});

describe("size ahead [lots]", () => {
  test("is not known before the order rests, then everybody else's at its price", () => {
    expect(order.queueAhead).toBeNull();
    book(1_000, 30);
    expect(order.queueAhead).toBe(30);
  });

  test("the largest of the first second counts, then the smallest", () => {
    book(1_000, 30);
    book(1_500, 45);
    book(1_900, 20);
    expect(order.queueAhead).toBe(45);
    book(2_000, 40);
    expect(order.queueAhead).toBe(40);
    book(2_100, 400);
    expect(order.queueAhead).toBe(40);
  });

  test.each([
    ["at the price takes its size off", PX, 12, SELL, 28],
    ["larger than the queue leaves nothing", PX, 50, SELL, 0],
    ["beyond the price leaves nothing", PX - 100, 1, SELL, 0],
    ["better than the price changes nothing", PX + 100, 5, SELL, 40],
    ["of a buyer changes nothing", PX, 12, BUY, 40],
  ])("a trade %s", (_, px, sz, side, left) => {
    book(1_000, 40);
    book(2_000, 40);
    trade(2_100, px, sz, side);
    expect(order.queueAhead).toBe(left);
  });

  test("a trade told twice counts once, and one from before the order not at all", () => {
    book(1_000, 40);
    book(2_000, 40);
    trade(2_100, PX, 12);
    tid -= 1;
    trade(2_200, PX, 12);
    expect(order.queueAhead).toBe(28);
    onVenueEvent(
      maker,
      { kind: "trades", trades: [{ tid: 999, side: SELL, px: PX, sz: 12, timeMs: 899 }] },
      2_300,
    );
    expect(order.queueAhead).toBe(28);
  });

  test("a cancellation at the price takes nothing off until too little is left", () => {
    book(1_000, 40);
    book(2_000, 40);
    trade(2_100, PX, 10);
    book(2_200, 35);
    expect(order.queueAhead).toBe(30);
    book(2_300, 25);
    expect(order.queueAhead).toBe(25);
  });

  test("at a price that nobody else shows nothing stands ahead", () => {
    book(1_000, 0, false);
    expect(order.queueAhead).toBe(0);
  });

  test("at a price outside the levels shown it is not known, until a deeper book shows it", () => {
    const near = { bids: [{ px: PX + 100, sz: 5 }], asks: [{ px: PX + 200, sz: 5 }] };
    const told = (depth: "full" | "far", nowMs: number, bids: readonly BookLevel[]): void =>
      void onVenueEvent(maker, { kind: "book", depth, timeMs: nowMs, ...near, bids }, nowMs);
    told("full", 1_000, near.bids);
    expect(order.queueAhead).toBeNull();
    told("far", 1_100, [...near.bids, { px: PX, sz: 34 }]);
    expect(order.queueAhead).toBe(24);
    told("full", 1_200, near.bids);
    expect(order.queueAhead).toBe(24);
  });
});
