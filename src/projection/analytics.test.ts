import { describe, expect, test } from "vitest";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import type { EventHead, ExchangeEvent, FillEvent } from "../exchange/event-codec.ts";
import { ANALYTICS_DAYS, createAnalytics, DAY_MS, foldAnalytics } from "./analytics.ts";
import { encodeAnalytics, restoreAnalytics } from "./analytics-codec.ts";
import { type AnalyticsView, analyticsView } from "./analytics-view.ts";

const ACCOUNT = 2;
const START_MS = 20_000 * DAY_MS;

/** A model with one market and one account, fed by hand; positions follow the fills. */
function createScript() {
  const analytics = createAnalytics();
  let seq = 0;
  let now = START_MS;
  let position = 0;
  let mark = 1_000;
  const head = (): EventHead => {
    seq += 1;
    return { seq, timeMs: now, account: ACCOUNT, market: 0, item: -1 };
  };
  const fold = (event: ExchangeEvent): void => foldAnalytics(analytics, event);
  return {
    analytics,
    wait: (ms: number) => {
      now += ms;
    },
    pay: (amount: number) =>
      fold(
        amount < 0
          ? { ...head(), kind: "withdrawn", amount: -amount }
          : { ...head(), kind: "deposited", amount },
      ),
    moveMark: (px: number) => {
      mark = px;
      fold({ ...head(), kind: "oracleMoved", px, markPx: px });
    },
    fill: (side: Side, px: number, sz: number, over: Partial<FillEvent> = {}) => {
      fold({
        ...head(),
        kind: "fill",
        oid: 1,
        side,
        px,
        sz,
        origSz: 0,
        tif: TIF.gtc,
        reduceOnly: false,
        cloid: null,
        tid: seq,
        fee: 0,
        closedPnl: 0,
        startPosition: position,
        counterparty: 3,
        counterOid: 2,
        markPx: mark,
        crossed: false,
        liquidation: false,
        builderFee: 0,
        way: "book",
        ...over,
      });
      position += side === BUY ? sz : -sz;
    },
    view: (): AnalyticsView => analyticsView(analytics, ACCOUNT, { nowMs: now }),
  };
}

describe("performance metrics of an account", () => {
  test("volumes, fees, rebates, gross and net PnL", () => {
    const { pay, moveMark, fill, view } = createScript();
    pay(1_000_000);
    moveMark(1_000);
    fill(BUY, 1_000, 10, { fee: 5 });
    fill(SELL, 1_020, 4, { crossed: true, fee: -3, closedPnl: 80 });
    moveMark(1_010);
    expect(view()).toMatchObject({
      totals: {
        makerVolume: 10_000,
        takerVolume: 4_080,
        makerFills: 1,
        takerFills: 1,
        feesPaid: 5,
        rebatesEarned: 3,
      },
      unrealised: 60,
      grossPnl: 140,
      netPnl: 138,
      equity: 1_000_138,
    });
  });

  test("win rate is of closed round trips: fills that open do not count, fees do", () => {
    const { fill, view } = createScript();
    fill(BUY, 1_000, 10, { fee: 4 });
    expect(view()).toMatchObject({ trips: 0, winRate: null, profitFactor: null });
    fill(SELL, 1_001, 5, { fee: 2, closedPnl: 5 });
    expect(view().trips).toBe(0);
    // Gains 10 in all, and pays 12: lost after fees. Six of twelve lots of the last fill open anew.
    fill(SELL, 1_001, 10, { fee: 12, closedPnl: 5 });
    expect(view()).toMatchObject({ trips: 1, winRate: 0, profitFactor: 0 });
    fill(BUY, 981, 5, { fee: 0, closedPnl: 100 });
    expect(view()).toMatchObject({ trips: 2, winRate: 0.5 });
    // 10 - 4 - 2 - 6 = -2, and 100 - 6.
    expect(view().profitFactor).toBe(94 / 2);
  });

  test("markouts take the mark in force at each horizon, from each side", () => {
    const { moveMark, fill, wait, view } = createScript();
    moveMark(1_000);
    fill(BUY, 999, 10);
    fill(SELL, 1_001, 20, { crossed: true });
    wait(2_000);
    moveMark(1_009);
    wait(4_000);
    moveMark(500);
    const at = (horizon: number) => [view().maker[horizon], view().taker[horizon]];
    expect(at(0)).toMatchObject([
      { horizonMs: 1_000, n: 1, value: 10 },
      { horizonMs: 1_000, n: 1, value: 20 },
    ]);
    expect(at(1)).toMatchObject([
      { horizonMs: 5_000, n: 1, value: 100 },
      { horizonMs: 5_000, n: 1, value: -160 },
    ]);
    expect(at(1)[0]?.mean).toBeCloseTo((10 / 999) * 10_000, 9);
    expect(at(2)).toMatchObject([{ n: 0, mean: null }, { n: 0 }]);
  });

  test("days: flows are no returns, quiet days are days, and the ring is bounded", () => {
    const { pay, moveMark, fill, wait, view, analytics } = createScript();
    pay(10_000);
    moveMark(1_000);
    fill(BUY, 1_000, 10);
    wait(DAY_MS / 2);
    moveMark(1_100);
    pay(89_000);
    wait(DAY_MS / 2);
    moveMark(1_000);
    expect(view().days).toMatchObject([{ day: 20_000, equity: 100_000, flow: 99_000 }]);
    expect(view().days[0]?.return).toBeCloseTo(0.1, 12);
    wait(3 * DAY_MS);
    pay(-50_000);
    expect(view().days[1]?.return).toBeCloseTo(-0.01, 12);
    expect(
      view()
        .days.slice(2)
        .map((point) => point.return),
    ).toEqual([0, 0]);
    expect(view().returns).toMatchObject({ n: 4, sharpe: null, sortino: null, periodMs: DAY_MS });
    expect(view().returns.drawdown).toBeCloseTo(0.01, 12);
    wait(10_000 * DAY_MS);
    moveMark(1_000);
    expect(view().days).toHaveLength(ANALYTICS_DAYS);
    expect(analytics.accounts.size).toBe(1);
  });

  test("a backstop's takeover is a loss, not a withdrawal; a deficit paid by others is a flow", () => {
    const { pay, wait, moveMark, view, analytics } = createScript();
    pay(1_000);
    const head = { seq: 9, timeMs: START_MS, account: ACCOUNT, market: -1, item: -1 };
    foldAnalytics(analytics, { ...head, kind: "backstopTookOver", amount: 400, backstop: 5 });
    foldAnalytics(analytics, { ...head, kind: "deficitBooked", amount: 100 });
    expect(view()).toMatchObject({ equity: 700, netPnl: -400, totals: { flow: 1_100 } });
    expect(analyticsView(analytics, 5, { nowMs: START_MS }).netPnl).toBe(400);
    wait(DAY_MS);
    moveMark(1);
    expect(view().days[0]?.return).toBeCloseTo(-0.4, 12);
  });

  test("a pool's part of a taker's fee is a rebate, not a flow", () => {
    const { pay, view, analytics } = createScript();
    pay(1_000);
    const head = { seq: 9, timeMs: START_MS, account: ACCOUNT, market: 0, item: -1 };
    const none = { pool: 0, tokens: 0, assets: 0, supply: 0, closingCost: 0 };
    foldAnalytics(analytics, { ...head, ...none, kind: "poolEarned", amount: 50 });
    expect(view()).toMatchObject({ equity: 1_050, netPnl: 50, totals: { rebatesEarned: 50 } });
    expect(view().dayReturn).toBeCloseTo(0.05, 12);
  });

  test("a position that moves brings its open profit as a flow in kind", () => {
    const { pay, moveMark, view, analytics } = createScript();
    pay(1_000);
    moveMark(1_000);
    const move = { seq: 9, timeMs: START_MS, account: ACCOUNT, market: 0, item: -1, other: 3 };
    const terms = { size: 10, cost: 9_000, startPosition: 0, cause: 0, markPx: 1_000 } as const;
    foldAnalytics(analytics, { ...move, kind: "positionMoved", ...terms });
    expect(view()).toMatchObject({ equity: 2_000, netPnl: 0, totals: { flow: 2_000 } });
    expect(view().dayReturn).toBe(0);
  });
});

test("taken over from a snapshot in mid-flight they go on to the same", () => {
  const live = createScript();
  live.pay(1_000_000);
  live.moveMark(1_000);
  live.fill(BUY, 990, 10);
  live.wait(6_000);
  live.fill(SELL, 1_003, 10, { closedPnl: 130 });
  const copy = createAnalytics();
  restoreAnalytics(copy, JSON.parse(JSON.stringify(encodeAnalytics(live.analytics))));
  const last: ExchangeEvent = {
    kind: "oracleMoved",
    seq: 99,
    timeMs: START_MS + 2 * DAY_MS,
    account: -1,
    market: 0,
    item: -1,
    px: 1_005,
    markPx: 1_005,
  };
  foldAnalytics(live.analytics, last);
  foldAnalytics(copy, last);
  expect(encodeAnalytics(copy)).toEqual(encodeAnalytics(live.analytics));
  expect(live.view().maker.map(({ n }) => n)).toEqual([2, 2, 2, 2]);
});
