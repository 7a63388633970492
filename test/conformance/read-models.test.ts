import { describe, expect, test } from "vitest";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { accountSummary, openInterest } from "../../src/exchange/query.ts";
import { analyticsView } from "../../src/projection/analytics-view.ts";
import { fillsOf } from "../../src/projection/fills.ts";
import { type L2Level, topLevels } from "../../src/projection/l2.ts";
import { openOrdersOf } from "../../src/projection/orders.ts";
import { createReadModels, foldEvent, type ReadModels } from "../../src/projection/read-models.ts";
import { decodeReadModels, encodeReadModels } from "../../src/projection/read-models-codec.ts";
import { createBusyExchange, USERS } from "./busy-exchange.ts";

const busy = createBusyExchange(7);
busy.live(600);
busy.crash();
busy.live(20);
const { state, models } = busy.local;
const accounts = USERS.map((_, i) => i + 2);

const isSame = (a: ReadModels, b: ReadModels): boolean =>
  Buffer.from(encodeReadModels(a)).equals(encodeReadModels(b));

describe("read models of a busy exchange", () => {
  test("it is busy: every kind of event about orders occurred", () => {
    const kinds = new Set(busy.events.map(({ kind }) => kind));
    for (const kind of [
      "orderAccepted",
      "orderRested",
      "orderReduced",
      "orderCanceled",
      "orderRejected",
      "fill",
      "liquidationStarted",
      "scheduledCancelFired",
    ] as const) {
      expect(kinds, kind).toContain(kind);
    }
  });

  test("rebuilt from all events they equal those kept up group by group", () => {
    const rebuilt = createReadModels();
    for (const event of busy.events) foldEvent(rebuilt, event);
    expect(isSame(rebuilt, models)).toBe(true);
    expect(rebuilt.l2).toEqual(models.l2);
  });

  test("taken over from a snapshot at any point they go on to the same", () => {
    const half = createReadModels();
    const at = busy.events.findIndex(({ seq }) => seq > (busy.events.at(-1)?.seq ?? 0) / 2);
    for (const event of busy.events.slice(0, at)) foldEvent(half, event);
    const restored = decodeReadModels(encodeReadModels(half)) as ReadModels;
    for (const event of busy.events) foldEvent(restored, event);
    expect(isSame(restored, models)).toBe(true);
    expect(restored.l2).toEqual(models.l2);
  });

  test("open orders are the state's, and the book is their sum by price", () => {
    for (const account of accounts) {
      expect(openOrdersOf(models.orders, account)).toHaveLength(
        accountSummary(state, account).openOrders,
      );
    }
    const open = accounts.flatMap((account) => openOrdersOf(models.orders, account));
    expect(open.length).toBeGreaterThan(15);
    for (const { market } of models.directory.markets) {
      for (const side of [BUY, SELL] as Side[]) {
        const sums = new Map<number, L2Level>();
        for (const order of open) {
          if (!order.resting || order.market !== market || order.side !== side) continue;
          const { sz = 0, n = 0 } = sums.get(order.px) ?? {};
          sums.set(order.px, { px: order.px, sz: sz + order.sz, n: n + 1 });
        }
        const levels = [...sums.values()].sort((a, b) =>
          side === BUY ? b.px - a.px : a.px - b.px,
        );
        expect(topLevels(models.l2, market, side, 1e6)).toEqual(levels);
      }
    }
  });

  test("fills lead, one after the other, to the state's positions", () => {
    for (const account of accounts) {
      const positions = new Map<number, number>();
      for (const fill of fillsOf(models.fills, account).reverse()) {
        expect(fill.startPosition).toBe(positions.get(fill.market) ?? 0);
        const signed = fill.side === BUY ? fill.sz : -fill.sz;
        positions.set(fill.market, fill.startPosition + signed);
      }
      const open = [...positions].filter(([, size]) => size !== 0).sort(([a], [b]) => a - b);
      const { positions: held } = accountSummary(state, account);
      expect(open).toEqual(held.map(({ market, size }) => [market, size]));
    }
    expect(openInterest(state, 0)).toBeGreaterThan(0);
  });
});

test("analytics follow each account's equity to the last unit, and its profit is what no flow explains", () => {
  for (const account of accounts) {
    const view = analyticsView(models.analytics, account, { nowMs: busy.local.nowMs });
    const { equity, cash, positions } = accountSummary(state, account);
    expect(view.equity - view.unrealised).toBe(cash);
    expect(view.equity).toBe(equity);
    expect(view.netPnl).toBe(view.equity - view.totals.flow);
    const held = models.analytics.accounts.get(account)?.markets ?? new Map();
    for (const { market, size } of positions) expect(held.get(market)?.size).toBe(size);
  }
});
