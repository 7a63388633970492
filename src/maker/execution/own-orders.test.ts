import { describe, expect, it, test } from "vitest";
import type { Hex } from "../../base/hex.ts";
import { BUY, SELL } from "../../base/side.ts";
import { cloidOf, isOwnCloid, isSessionCloid } from "./cloid.ts";
import {
  addOrder,
  createOwnOrders,
  findOrder,
  noteCancelSent,
  noteEnded,
  noteNeverPlaced,
  noteOpen,
  noteOrderFill,
  noteSettled,
  noteUnknown,
  type OwnOrder,
  type OwnOrders,
  openExposure,
  ownSizes,
  worstCase,
} from "./own-orders.ts";

const SCOPE = { cloidPrefix: "b0c5e001", sessionId: 255 };

function pending(orders: OwnOrders, counter = 1, side = BUY): OwnOrder {
  const cloid = cloidOf(SCOPE, counter);
  const order = { cloid, side, px: 100, sz: 10, reduceOnly: false, placedMs: 0, expiresAtMs: 50 };
  return addOrder(orders, { ...order, reason: null }, "pendingPlace", 0);
}

function resting(orders: OwnOrders, counter = 1, side = BUY): OwnOrder {
  const order = pending(orders, counter, side);
  noteOpen(orders, order, counter, 1);
  return order;
}

describe("cloids", () => {
  test("carry prefix, session and counter", () => {
    expect(cloidOf(SCOPE, 16)).toBe("0xb0c5e001000000ff0000000000000010");
  });

  test.each<[Hex | null, boolean, boolean]>([
    [cloidOf(SCOPE, 1), true, true],
    [cloidOf({ ...SCOPE, sessionId: 256 }, 1), true, false],
    [cloidOf({ ...SCOPE, cloidPrefix: "b0c5e002" }, 1), false, false],
    [null, false, false],
  ])("%s: own %s, of this session %s", (cloid, own, session) => {
    expect([isOwnCloid(SCOPE, cloid), isSessionCloid(SCOPE, cloid)]).toEqual([own, session]);
  });
});

describe("life of an order", () => {
  it("lives through placing, filling and ending", () => {
    const orders = createOwnOrders();
    const order = pending(orders);
    expect(openExposure(order)).toBe(10);
    noteOpen(orders, order, 7, 1);
    noteOrderFill(orders, order, { oid: 7, sz: 4 }, 2);
    expect([order.state, openExposure(order)]).toEqual(["live", 6]);
    noteOrderFill(orders, order, { oid: 7, sz: 6 }, 3);
    expect([order.state, openExposure(order), orders.active.size]).toEqual(["done", 0, 0]);
  });

  it("is found by cloid and by oid, also when its fill comes before its acknowledgement", () => {
    const orders = createOwnOrders();
    const order = pending(orders);
    noteOrderFill(orders, order, { oid: 9, sz: 1 }, 1);
    expect([order.state, order.oid]).toEqual(["live", 9]);
    expect(findOrder(orders, null, 9)).toBe(order);
    expect(findOrder(orders, order.cloid, null)).toBe(order);
  });

  it("counts what may still fill after a cancel until the venue says how much filled", () => {
    const orders = createOwnOrders();
    const order = resting(orders);
    noteCancelSent(order, 2);
    noteEnded(orders, order, null, 3);
    expect([order.state, openExposure(order)]).toEqual(["settling", 10]);
    noteEnded(orders, order, 3, 4);
    expect([order.state, openExposure(order)]).toEqual(["settling", 3]);
    noteOrderFill(orders, order, { oid: 1, sz: 3 }, 5);
    expect(order.state).toBe("done");
  });

  it("is done once all fills have been read", () => {
    const orders = createOwnOrders();
    const order = resting(orders);
    noteEnded(orders, order, null, 3);
    noteSettled(orders, order, 4);
    expect([order.state, openExposure(order)]).toEqual(["done", 0]);
  });

  it("is not brought back by a late acknowledgement after its end", () => {
    const orders = createOwnOrders();
    const order = resting(orders);
    noteEnded(orders, order, 0, 2);
    noteOpen(orders, order, 1, 3);
    expect(order.state).toBe("done");
  });

  it("is in doubt again when the venue shows an order that had been taken for never placed", () => {
    const orders = createOwnOrders();
    const order = pending(orders);
    noteNeverPlaced(orders, order, 100);
    expect(order.state).toBe("done");
    noteOpen(orders, order, 4, 101);
    expect([order.state, openExposure(order), orders.active.size]).toEqual(["unknown", 10, 1]);
  });

  it("cannot be taken for never placed once it has a fill", () => {
    const orders = createOwnOrders();
    const order = resting(orders);
    noteOrderFill(orders, order, { oid: 1, sz: 2 }, 2);
    noteUnknown(order, 3);
    noteNeverPlaced(orders, order, 4);
    expect([order.state, openExposure(order)]).toEqual(["settling", 8]);
  });
});

describe("sums over orders", () => {
  it("takes every order that may fill into the worst case [lots]", () => {
    const orders = createOwnOrders();
    resting(orders, 1, BUY);
    noteUnknown(resting(orders, 2, SELL), 2);
    pending(orders, 3, SELL);
    expect(worstCase(orders, 5)).toEqual({ long: 15, short: -15 });
  });

  it("keeps an order that just ended in the sizes that a book may still show", () => {
    const orders = createOwnOrders();
    const order = resting(orders);
    noteEnded(orders, order, 0, 10);
    expect(ownSizes(orders, BUY, 500).get(100)).toBe(10);
    expect(ownSizes(orders, BUY, 2_000).get(100)).toBeUndefined();
  });
});
