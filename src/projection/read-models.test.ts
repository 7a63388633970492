import { describe, expect, test } from "vitest";
import type { Hex } from "../base/hex.ts";
import { CANCEL_REASON, REJECT } from "../base/reject-code.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import type { EventHead, ExchangeEvent, OrderFacts } from "../exchange/event-codec.ts";
import { accountOf, addressOf, agentsOf, ZERO_ADDRESS } from "./account-directory.ts";
import { takeChanges } from "./change-log.ts";
import { fillsOf } from "./fills.ts";
import { WHOLE_WINDOWS } from "./history-windows.ts";
import { bestLevel, topLevels } from "./l2.ts";
import { bookMidDoubled, midDoubled } from "./mid.ts";
import { finishedOrdersOf, openOrdersOf, orderByCloid, orderByOid } from "./orders.ts";
import {
  createReadModels,
  foldEvent,
  type ReadModels,
  readModelSeq,
  unwatchModels,
  watchModels,
} from "./read-models.ts";
import { decodeReadModels, encodeReadModels } from "./read-models-codec.ts";
import { tradesOf } from "./trades.ts";

const FINISHED_ORDERS_MAX = WHOLE_WINDOWS.finishedOrders;
const MAKER = 2;
const TAKER = 3;
const address = (account: number): Hex => `0x${String(account).padStart(40, "0")}`;
const cloid = (n: number): Hex => `0x${n.toString(16).padStart(32, "0")}`;

/** A log of events made by hand, each under its own seq unless said otherwise. */
function createScript() {
  let seq = 0;
  const events: ExchangeEvent[] = [];
  const head = (over: Partial<EventHead>): EventHead => ({
    seq,
    timeMs: 1_700_000_000_000 + seq,
    account: -1,
    market: -1,
    item: 0,
    ...over,
  });
  const facts = (over: Partial<OrderFacts>): OrderFacts => ({
    oid: 0,
    side: BUY,
    px: 100,
    sz: 10,
    origSz: over.sz ?? 10,
    tif: TIF.gtc,
    reduceOnly: false,
    cloid: null,
    ...over,
  });
  const order = (account: number, over: Partial<OrderFacts>) => ({
    ...head({ account, market: 0 }),
    ...facts(over),
  });
  return {
    events,
    next: () => {
      seq += 1;
    },
    open: (...accounts: number[]) => {
      seq += 1;
      events.push({
        kind: "marketCreated",
        ...head({ market: 0 }),
        name: "BTC",
        szDecimals: 5,
        maxLeverage: 40,
        pxMax: 1e7,
        positionMax: 1e7,
        notionalMin: 1e7,
        priceRule: 0,
        marginMode: 0,
      });
      for (const account of accounts) {
        events.push({ kind: "accountOpened", ...head({ account }), address: address(account) });
      }
    },
    rest: (account: number, over: Partial<OrderFacts>) => {
      seq += 1;
      events.push({ kind: "orderAccepted", ...order(account, over), twapId: null });
      events.push({ kind: "orderRested", ...order(account, over), expiresAtMs: null });
    },
    accept: (account: number, over: Partial<OrderFacts>) => {
      seq += 1;
      events.push({ kind: "orderAccepted", ...order(account, over), twapId: null });
    },
    match: (at: {
      makerOid: number;
      takerOid: number;
      takerSide: Side;
      px: number;
      sz: number;
      makerLeft: number;
      takerLeft: number;
    }) => {
      const tid = events.length;
      const side = (crossed: boolean): ExchangeEvent => ({
        kind: "fill",
        ...order(crossed ? TAKER : MAKER, {
          oid: crossed ? at.takerOid : at.makerOid,
          side: crossed ? at.takerSide : ((1 - at.takerSide) as Side),
          px: at.px,
          sz: at.sz,
          origSz: crossed ? at.takerLeft : at.makerLeft,
        }),
        tid,
        fee: 1,
        closedPnl: 0,
        startPosition: 0,
        counterparty: crossed ? MAKER : TAKER,
        counterOid: crossed ? at.makerOid : at.takerOid,
        markPx: 100,
        crossed,
        liquidation: false,
        builderFee: 0,
        way: "book",
      });
      events.push(side(false), side(true));
    },
    cancel: (account: number, over: Partial<OrderFacts>, reason: keyof typeof CANCEL_REASON) => {
      events.push({
        kind: "orderCanceled",
        ...order(account, over),
        reason: CANCEL_REASON[reason],
      });
    },
    reduce: (account: number, over: Partial<OrderFacts>) => {
      events.push({ kind: "orderReduced", ...order(account, over) });
    },
    reject: (account: number, over: Partial<OrderFacts>, code: keyof typeof REJECT) => {
      seq += 1;
      events.push({
        kind: "orderRejected",
        ...order(account, over),
        code: REJECT[code],
        a: 0,
        b: 0,
        c: 0,
      });
    },
    push: (event: ExchangeEvent) => events.push(event),
    head,
  };
}

function folded(events: readonly ExchangeEvent[]): ReadModels {
  const models = createReadModels();
  for (const event of events) foldEvent(models, event);
  return models;
}

describe("the book", () => {
  test("holds what rests, sorted, with totals and order counts, and loses what trades or ends", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    script.rest(MAKER, { oid: 1, px: 99, sz: 5 });
    script.rest(MAKER, { oid: 2, px: 98, sz: 7 });
    script.rest(MAKER, { oid: 3, px: 99, sz: 4 });
    script.rest(MAKER, { oid: 4, side: SELL, px: 103, sz: 6, reduceOnly: true });
    script.rest(MAKER, { oid: 5, side: SELL, px: 101, sz: 2 });
    let models = folded(script.events);
    expect(topLevels(models.l2, 0, BUY, 9)).toEqual([
      { px: 99, sz: 9, n: 2 },
      { px: 98, sz: 7, n: 1 },
    ]);
    expect(topLevels(models.l2, 0, SELL, 1)).toEqual([{ px: 101, sz: 2, n: 1 }]);
    expect(bookMidDoubled(models.l2, 0)).toBe(200);

    script.accept(TAKER, { oid: 6, side: SELL, px: 99, sz: 6 });
    script.match({
      makerOid: 1,
      takerOid: 6,
      takerSide: SELL,
      px: 99,
      sz: 5,
      makerLeft: 0,
      takerLeft: 1,
    });
    script.match({
      makerOid: 3,
      takerOid: 6,
      takerSide: SELL,
      px: 99,
      sz: 1,
      makerLeft: 3,
      takerLeft: 0,
    });
    script.next();
    script.reduce(MAKER, { oid: 4, side: SELL, px: 103, sz: 2, origSz: 6 });
    script.cancel(MAKER, { oid: 5, side: SELL, px: 101, sz: 2 }, "requested");
    models = folded(script.events);
    expect(topLevels(models.l2, 0, BUY, 9)).toEqual([
      { px: 99, sz: 3, n: 1 },
      { px: 98, sz: 7, n: 1 },
    ]);
    expect(topLevels(models.l2, 0, SELL, 9)).toEqual([{ px: 103, sz: 2, n: 1 }]);
    expect(bestLevel(models.l2, 0, SELL)?.px).toBe(103);
  });

  test("an order that never rested leaves no trace", () => {
    const script = createScript();
    script.open(TAKER);
    script.accept(TAKER, { oid: 1, tif: TIF.ioc });
    script.cancel(TAKER, { oid: 1, tif: TIF.ioc }, "iocRemainder");
    const models = folded(script.events);
    expect(bestLevel(models.l2, 0, BUY)).toBeUndefined();
    expect(openOrdersOf(models.orders, TAKER)).toEqual([]);
    expect(finishedOrdersOf(models.orders, TAKER)[0]).toMatchObject({ state: "canceled", sz: 10 });
  });
});

describe("mids", () => {
  test("come from the book, else the last trade, else the oracle", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    expect(midDoubled(folded(script.events), 0)).toBe(0);
    script.push({ kind: "oracleMoved", ...script.head({ market: 0 }), px: 90, markPx: 90 });
    expect(midDoubled(folded(script.events), 0)).toBe(180);
    script.rest(MAKER, { oid: 1, px: 99, sz: 5 });
    script.accept(TAKER, { oid: 2, side: SELL, px: 99, sz: 5 });
    script.match({
      makerOid: 1,
      takerOid: 2,
      takerSide: SELL,
      px: 99,
      sz: 5,
      makerLeft: 0,
      takerLeft: 0,
    });
    expect(midDoubled(folded(script.events), 0)).toBe(198);
    script.rest(MAKER, { oid: 3, px: 98 });
    script.rest(MAKER, { oid: 4, side: SELL, px: 101 });
    expect(midDoubled(folded(script.events), 0)).toBe(199);
  });
});

describe("orders", () => {
  test("are found by id and by cloid, only by their owner, live and finished", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    script.rest(MAKER, { oid: 1, cloid: cloid(7) });
    let models = folded(script.events);
    expect(orderByOid(models.orders, MAKER, 1)).toMatchObject({ state: "open", sz: 10 });
    expect(orderByOid(models.orders, TAKER, 1)).toBeUndefined();
    expect(orderByCloid(models.orders, MAKER, cloid(7))?.oid).toBe(1);
    expect(orderByCloid(models.orders, TAKER, cloid(7))).toBeUndefined();

    script.next();
    script.cancel(MAKER, { oid: 1, cloid: cloid(7) }, "modified");
    script.rest(MAKER, { oid: 2, cloid: cloid(7), px: 97 });
    models = folded(script.events);
    expect(orderByOid(models.orders, MAKER, 1)).toMatchObject({
      state: "canceled",
      code: CANCEL_REASON.modified,
    });
    expect(orderByCloid(models.orders, MAKER, cloid(7))?.oid).toBe(2);
    expect(openOrdersOf(models.orders, MAKER).map(({ oid }) => oid)).toEqual([2]);
  });

  test("a refused order does not hide the accepted one that bears its cloid", () => {
    const script = createScript();
    script.open(MAKER);
    script.rest(MAKER, { oid: 1, cloid: cloid(7) });
    script.reject(MAKER, { oid: 2, cloid: cloid(7) }, "cloidDuplicate");
    script.reject(MAKER, { oid: 3, cloid: cloid(8) }, "marginInsufficient");
    script.next();
    script.cancel(MAKER, { oid: 1, cloid: cloid(7) }, "requested");
    const models = folded(script.events);
    for (const read of [models, decodeReadModels(encodeReadModels(models)) as ReadModels]) {
      expect(orderByCloid(read.orders, MAKER, cloid(7))).toMatchObject({ oid: 1 });
      expect(orderByCloid(read.orders, MAKER, cloid(8))).toMatchObject({
        oid: 3,
        state: "rejected",
        code: REJECT.marginInsufficient,
      });
    }
  });

  test("what cannot be shown of a refused order is left out", () => {
    const script = createScript();
    script.open(MAKER);
    script.reject(MAKER, { oid: 0, px: 5 }, "orderSlotsExhausted");
    script.reject(MAKER, { oid: 5, px: -2 }, "pxOffTick");
    script.reject(MAKER, { oid: 6, sz: 0 }, "szZero");
    expect(finishedOrdersOf(folded(script.events).orders, MAKER)).toEqual([]);
  });

  test("finished ones are bounded an account, and the indices with them", () => {
    const script = createScript();
    script.open(MAKER);
    const total = FINISHED_ORDERS_MAX + 50;
    for (let oid = 1; oid <= total; oid++) {
      script.rest(MAKER, { oid, cloid: cloid(oid) });
      script.cancel(MAKER, { oid, cloid: cloid(oid) }, "requested");
    }
    const { orders } = folded(script.events);
    expect(finishedOrdersOf(orders, MAKER)).toHaveLength(FINISHED_ORDERS_MAX);
    expect(finishedOrdersOf(orders, MAKER)[0]?.oid).toBe(total);
    expect(orders.byOid.size).toBe(FINISHED_ORDERS_MAX);
    expect(orders.accounts.get(MAKER)?.byCloid.size).toBe(FINISHED_ORDERS_MAX);
    expect(orderByOid(orders, MAKER, 50)).toBeUndefined();
    expect(orderByOid(orders, MAKER, 51)).toBeDefined();
  });
});

describe("fills and trades", () => {
  test("a match gives each side a fill and the market one trade", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    script.rest(MAKER, { oid: 1, side: SELL, px: 101, sz: 8 });
    script.accept(TAKER, { oid: 2, px: 102, sz: 3 });
    script.match({
      makerOid: 1,
      takerOid: 2,
      takerSide: BUY,
      px: 101,
      sz: 3,
      makerLeft: 5,
      takerLeft: 0,
    });
    const models = folded(script.events);
    expect(fillsOf(models.fills, MAKER)).toMatchObject([
      { oid: 1, crossed: false, side: SELL, sz: 3 },
    ]);
    expect(fillsOf(models.fills, TAKER)).toMatchObject([
      { oid: 2, crossed: true, side: BUY, sz: 3 },
    ]);
    expect(tradesOf(models.trades, 0)).toMatchObject([
      { px: 101, sz: 3, side: BUY, buyer: TAKER, seller: MAKER },
    ]);
    expect(orderByOid(models.orders, MAKER, 1)).toMatchObject({ state: "open", sz: 5 });
    expect(orderByOid(models.orders, TAKER, 2)).toMatchObject({ state: "filled", sz: 0 });
  });
});

describe("directories", () => {
  test("know addresses both ways, and one agent a name", () => {
    const script = createScript();
    script.open(MAKER);
    const agent = (name: string, n: number): ExchangeEvent => ({
      kind: "agentApproved",
      ...script.head({ account: MAKER }),
      agent: address(n),
      name,
      validUntilMs: 5,
    });
    script.push(agent("bot", 70));
    script.push(agent("", 71));
    script.push(agent("bot", 72));
    script.push({
      kind: "agentRemoved",
      ...script.head({ account: MAKER }),
      agent: address(71),
      name: "",
    });
    const { accounts } = folded(script.events);
    expect(accountOf(accounts, address(MAKER))).toBe(MAKER);
    expect(accountOf(accounts, address(9))).toBe(-1);
    expect(addressOf(accounts, MAKER)).toBe(address(MAKER));
    expect(addressOf(accounts, 0)).toBe(ZERO_ADDRESS);
    expect(agentsOf(accounts, MAKER)).toEqual([
      { address: address(72), name: "bot", validUntilMs: 5 },
    ]);
  });
});

describe("changes", () => {
  test("tell each order once as its owner sees it, in order, and start anew when taken", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    const models = folded(script.events);
    const log = watchModels(models);
    script.events.length = 0;
    script.rest(MAKER, { oid: 1, side: SELL, px: 101, sz: 8 });
    script.accept(TAKER, { oid: 2, px: 101, sz: 9 });
    script.match({
      makerOid: 1,
      takerOid: 2,
      takerSide: BUY,
      px: 101,
      sz: 8,
      makerLeft: 0,
      takerLeft: 1,
    });
    script.cancel(TAKER, { oid: 2, sz: 1, origSz: 9 }, "iocRemainder");
    for (const event of script.events) foldEvent(models, event);
    const changes = takeChanges(log);
    expect(changes.orders.map(({ oid, state, sz }) => [oid, state, sz])).toEqual([
      [1, "open", 8],
      [1, "filled", 0],
      [2, "canceled", 1],
    ]);
    expect(changes.fills).toHaveLength(2);
    expect(changes.trades).toHaveLength(1);
    expect([...changes.books]).toEqual([0]);
    expect(takeChanges(log)).toMatchObject({ orders: [], fills: [], trades: [], mids: false });
    unwatchModels(models, log);
    expect(models.logs.size).toBe(0);
  });
});

describe("snapshots", () => {
  test("restore the same models, and skip what they hold already", () => {
    const script = createScript();
    script.open(MAKER, TAKER);
    script.push({ kind: "oracleMoved", ...script.head({ market: 0 }), px: 100, markPx: 100 });
    script.rest(MAKER, { oid: 1, side: SELL, px: 101, sz: 8, cloid: cloid(1) });
    script.accept(TAKER, { oid: 2, px: 101, sz: 3 });
    script.match({
      makerOid: 1,
      takerOid: 2,
      takerSide: BUY,
      px: 101,
      sz: 3,
      makerLeft: 5,
      takerLeft: 0,
    });
    const models = folded(script.events);
    const bytes = encodeReadModels(models);
    const restored = decodeReadModels(bytes) as ReadModels;
    expect(readModelSeq(restored)).toBe(readModelSeq(models));
    expect(encodeReadModels(restored)).toEqual(bytes);
    expect(topLevels(restored.l2, 0, SELL, 9)).toEqual([{ px: 101, sz: 5, n: 1 }]);

    script.next();
    script.cancel(MAKER, { oid: 1, side: SELL, px: 101, sz: 5, origSz: 8 }, "requested");
    for (const event of script.events) foldEvent(restored, event);
    expect(encodeReadModels(restored)).toEqual(encodeReadModels(folded(script.events)));
  });

  test("cover commands without events, whose replay adds nothing", () => {
    const script = createScript();
    script.open(MAKER);
    const models = folded(script.events);
    const restored = decodeReadModels(encodeReadModels(models, 9)) as ReadModels;
    expect(readModelSeq(restored)).toBe(9);
    expect(() => encodeReadModels(models, 0)).toThrow();
  });

  test("bytes of another format or cut short are refused", () => {
    const bytesOf = (text: string) =>
      new Uint8Array([...text].map((letter) => letter.charCodeAt(0)));
    for (const text of ['{"format":0}', '{"format":1', "null", ""]) {
      expect(decodeReadModels(bytesOf(text)), text).toBeNull();
    }
  });
});
