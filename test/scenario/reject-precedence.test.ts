/**
 * Every refusal, and which one is reported where a command breaks two rules: the lower number. A
 * rule is broken by a change to a sound command; two changes together break both rules. Pairs that
 * cannot be broken together are listed with the reason, so that a new rule has to be thought of.
 */

import { describe, expect, test } from "vitest";
import { VENUE_ACCOUNT_RULES } from "../../src/base/account-rules.ts";
import { writeLane } from "../../src/base/column.ts";
import { DEFAULT_FEATURES } from "../../src/base/features.ts";
import type { Hex } from "../../src/base/hex.ts";
import { MARKET_STATE } from "../../src/base/market-protection.ts";
import { REJECT, type RejectName, rejectName } from "../../src/base/reject-code.ts";
import { STP } from "../../src/base/self-trade.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { MICROS_PER_USDC } from "../../src/base/units.ts";
import { createCommandRecord, PX_INVALID, SZ_INVALID } from "../../src/exchange/command.ts";
import { type Command, type OrderItem, writeCommand } from "../../src/exchange/command-codec.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import { VENUE_FUNDING } from "../../src/exchange/funding/funding-terms.ts";
import { VENUE_MARK } from "../../src/exchange/oracle/mark-terms.ts";
import {
  addressOf,
  cloidOf,
  createTestExchange,
  START_MS,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

const seen = new Set<RejectName>();

/** Name of the first refusal among events, or the kind of the first event. */
function outcomeOf(events: readonly ExchangeEvent[]): string {
  const refusal = events.find((event) => "code" in event);
  if (refusal === undefined || !("code" in refusal)) return events[0]?.kind ?? "nothing";
  const name = rejectName(refusal.code) as RejectName;
  seen.add(name);
  return name;
}

/** All pairs of names, lower number first, without those that exclude each other. */
function pairsOf(
  names: readonly RejectName[],
  exclusive: readonly (readonly [RejectName, RejectName, string])[],
): [RejectName, RejectName][] {
  const isExclusive = (a: RejectName, b: RejectName): boolean =>
    exclusive.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
  const sorted = names.toSorted((a, b) => REJECT[a] - REJECT[b]);
  return sorted.flatMap((a, i) =>
    sorted
      .slice(i + 1)
      .flatMap((b): [RejectName, RejectName][] => (isExclusive(a, b) ? [] : [[a, b]])),
  );
}

interface OrderCase {
  readonly exchange: TestExchange;
  item: OrderItem;
  signer: "rich" | "poor";
  vault: boolean;
}

/** Two funded accounts with a resting order each, a foreign ask at 145, a market without a price. */
function soundOrder(): OrderCase {
  const exchange = createTestExchange({
    markets: [
      testSpec({ priceRule: "fiveSignificantFigures", notionalMin: 10 ** 12 }),
      testSpec({ name: "NEW", priceRule: "fiveSignificantFigures", notionalMin: 10 ** 12 }),
    ],
    invariantsEvery: 1_000,
  });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 150_000 }] });
  const sz = 10_000_000;
  const resting = { market: 0, side: BUY, px: 130_000, sz, tif: TIF.gtc, cloid: cloidOf(1) };
  for (const [name, usdc] of [
    ["rich", 10_000_000],
    ["poor", 140_000],
    ["asker", 10_000_000],
  ] as const) {
    exchange.fund(name, usdc);
    const order = name === "asker" ? { ...resting, side: SELL, px: 145_000 } : resting;
    exchange.run({ kind: "placeOrders", signer: addressOf(name), orders: [order] });
  }
  const item = { market: 0, side: BUY, px: 140_000, sz, tif: TIF.gtc };
  return { exchange, item, signer: "rich", vault: false };
}

/** How to break each rule of an order; applied in this order. */
const ORDER_BREAKS: Partial<Record<RejectName, (order: OrderCase) => void>> = {
  marginInsufficient: (order) => {
    order.signer = "poor";
  },
  selfTradePrevented: ({ item }) => {
    item.side = SELL;
    item.px = 130_000;
    item.tif = TIF.ioc;
    item.stp = STP.taker;
  },
  fokUnfillable: ({ item }) => {
    item.tif = TIF.fok;
    item.px = 149_000;
    item.sz = 10_000_001;
  },
  orderExpired: ({ item }) => {
    item.expiresAtMs = START_MS;
  },
  aloWouldMatch: ({ item }) => {
    item.tif = TIF.alo;
    item.px = 150_000;
  },
  iocNoMatch: ({ item }) => {
    item.tif = TIF.ioc;
  },
  notionalTooSmall: ({ item }) => {
    item.sz = 1;
  },
  szTooLarge: ({ item }) => {
    if (item.sz === 1) item.px = 1_000;
    item.sz = 50_000_001;
  },
  pxTooHigh: ({ item }) => {
    item.px = 10_001_000;
    item.side = BUY;
  },
  pxOffTick: ({ item }) => {
    item.px += 1;
  },
  reduceOnlyIncreases: ({ item }) => {
    item.reduceOnly = true;
  },
  cloidDuplicate: ({ item }) => {
    item.cloid = cloidOf(1);
  },
  orderKindUnsupported: ({ item }) => {
    item.unsupported = true;
  },
  oracleMissing: ({ item }) => {
    item.market = 1;
  },
  szZero: ({ item }) => {
    item.sz = 0;
  },
  szInvalid: ({ item }) => {
    item.sz = SZ_INVALID;
  },
  pxInvalid: ({ item }) => {
    item.px = PX_INVALID;
  },
  marketUnknown: ({ item }) => {
    item.market = 2;
  },
  tradingHalted: ({ exchange }) => {
    exchange.run({ kind: "setMarketState", market: 0, state: MARKET_STATE.cancelOnly, untilMs: 0 });
  },
  postOnlyPeriod: ({ exchange }) => {
    exchange.run({ kind: "setMarketState", market: 0, state: MARKET_STATE.postOnly, untilMs: 0 });
  },
  pxTooFar: ({ exchange }) => {
    exchange.run({ kind: "setProtection", market: 0, settings: { distance: 1 } });
  },
  pxOutOfBand: ({ exchange }) => {
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
    exchange.run({ kind: "setProtection", market: 0, settings: { band: 10_000_000 } });
  },
  notionalTooLarge: ({ exchange }) => {
    exchange.run({ kind: "setProtection", market: 0, settings: { marketNotionalMax: 1 } });
  },
  tooManyOrders: ({ exchange, signer }) => {
    exchange.run({ kind: "setLimits", on: true });
    writeLane(exchange.state.orders.liveCount, exchange.account(signer), 1_000);
  },
  triggerPxBad: ({ item }) => {
    item.trigger = { px: 150_000, takeProfit: false };
  },
  orderSlotsExhausted: ({ exchange }) => {
    const { table } = exchange.state.orders;
    (table as { countMax: number }).countMax = table.count;
  },
  orderSeqExhausted: ({ exchange }) => {
    exchange.state.orders.allocator.f64[0] = 2 ** 32 - 1;
  },
  tierPassed: ({ exchange }) => {
    const tiers = [{ lowerBound: 1, maxLeverage: 1 }];
    exchange.run({ kind: "setMarginTiers", market: 0, tiers });
  },
};

const sizeOnce = "both are about the one size";
const whenItFires = "margin and book are looked at when a trigger order fires";
const ORDER_EXCLUSIVE: readonly (readonly [RejectName, RejectName, string])[] = [
  ["triggerPxBad", "marginInsufficient", whenItFires],
  ["triggerPxBad", "aloWouldMatch", whenItFires],
  ["triggerPxBad", "iocNoMatch", whenItFires],
  ["triggerPxBad", "tierPassed", whenItFires],
  ["pxInvalid", "pxOffTick", "a price that is no number has no tick"],
  ["pxInvalid", "pxTooHigh", "a price that is no number is not high"],
  ["szInvalid", "szZero", sizeOnce],
  ["szInvalid", "szTooLarge", sizeOnce],
  ["szInvalid", "notionalTooSmall", sizeOnce],
  ["szZero", "szTooLarge", sizeOnce],
  ["szZero", "reduceOnlyIncreases", "reduce-only of size zero means the whole position"],
  ["marketUnknown", "oracleMissing", "an order names one market"],
  ["pxTooHigh", "iocNoMatch", "a buy above the cap crosses"],
  ["aloWouldMatch", "iocNoMatch", "an order has one time in force"],
  ["iocNoMatch", "orderSlotsExhausted", "an immediate order takes no slot"],
  ["fokUnfillable", "triggerPxBad", "an order has one time in force"],
  ["orderExpired", "triggerPxBad", "an order that waits for its price is not good till a time"],
  ["selfTradePrevented", "triggerPxBad", "an order that waits for its price meets nobody yet"],
  ["selfTradePrevented", "orderSlotsExhausted", "an immediate order takes no slot"],
  ["selfTradePrevented", "aloWouldMatch", "an order has one time in force"],
  ["selfTradePrevented", "iocNoMatch", "who finds nothing does not find himself"],
  ["selfTradePrevented", "fokUnfillable", "an order has one time in force"],
  ["fokUnfillable", "orderSlotsExhausted", "an immediate order takes no slot"],
  ["fokUnfillable", "aloWouldMatch", "an order has one time in force"],
  ["fokUnfillable", "iocNoMatch", "an order has one time in force"],
  ["oracleMissing", "aloWouldMatch", "a market without a price has no orders"],
  ["reduceOnlyIncreases", "marginInsufficient", "a reduce-only order needs no margin"],
  ["reduceOnlyIncreases", "tierPassed", "a reduce-only order adds no exposure"],
  ["tradingHalted", "postOnlyPeriod", "a market has one state"],
  ["pxOutOfBand", "triggerPxBad", "an order that waits is held to the band when it fires"],
  ["pxOutOfBand", "selfTradePrevented", "the band looks the other way for a sell"],
  ["tooManyOrders", "fokUnfillable", "an immediate order does not count"],
  ["tooManyOrders", "selfTradePrevented", "an immediate order does not count"],
  ["pxInvalid", "aloWouldMatch", "a price that is no number does not cross"],
  ["szTooLarge", "pxTooHigh", "together beyond what the market can ever hold; see the case below"],
];

function runOrder(order: OrderCase): string {
  const signer = addressOf(order.signer);
  return outcomeOf(order.exchange.run({ kind: "placeOrders", signer, orders: [order.item] }));
}

describe("orders", () => {
  const names = Object.keys(ORDER_BREAKS) as RejectName[];

  test("the sound order rests, by either account's leave", () => {
    expect(runOrder(soundOrder())).toBe("orderAccepted");
  });

  test.each(names)("%s", (name) => {
    const order = soundOrder();
    ORDER_BREAKS[name]?.(order);
    expect(runOrder(order)).toBe(name);
  });

  test.each(pairsOf(names, ORDER_EXCLUSIVE))("%s comes before %s", (first, second) => {
    const order = soundOrder();
    for (const name of names) {
      if (name === first || name === second) ORDER_BREAKS[name]?.(order);
    }
    expect(runOrder(order)).toBe(first);
  });

  test("parentRefused: what waits for the fill of an order that was refused", () => {
    const { exchange, item } = soundOrder();
    const parent = { ...item, tif: TIF.ioc, parent: true };
    const child = {
      ...item,
      side: SELL,
      reduceOnly: true,
      trigger: { px: 130_000, takeProfit: false, child: true },
    };
    const events = exchange.run({
      kind: "placeOrders",
      signer: addressOf("rich"),
      orders: [parent, child],
    });
    expect(events.map((event) => outcomeOf([event]))).toEqual(["iocNoMatch", "parentRefused"]);
  });

  test("a price above the cap comes before a size above the cap", () => {
    const order = soundOrder();
    order.item.px = 10_001_000;
    order.item.sz = 50_000_001;
    expect(runOrder(order)).toBe("pxTooHigh");
  });

  test("without a sequence number a refused order has no id, else it has one", () => {
    const order = soundOrder();
    order.item.sz = 0;
    const place = () =>
      order.exchange.run({ kind: "placeOrders", signer: addressOf("rich"), orders: [order.item] });
    const [refused] = place();
    expect(refused).toMatchObject({ kind: "orderRejected", oid: expect.toSatisfy((n) => n > 0) });
    ORDER_BREAKS.orderSeqExhausted?.(order);
    expect(place()).toMatchObject([{ kind: "orderRejected", oid: 0 }]);
  });

  test("the last order sequence number still serves", () => {
    const { exchange, item } = soundOrder();
    exchange.state.orders.allocator.f64[0] = 2 ** 32 - 2;
    const place = () =>
      exchange.run({ kind: "placeOrders", signer: addressOf("rich"), orders: [item] });
    const [accepted] = place();
    expect(accepted).toMatchObject({ kind: "orderAccepted" });
    expect(
      "oid" in (accepted as object) && Number.isSafeInteger((accepted as { oid: number }).oid),
    ).toBe(true);
    expect(place()).toMatchObject([{ code: REJECT.orderSeqExhausted }]);
  });

  test("a slot that becomes free serves again", () => {
    const order = soundOrder();
    ORDER_BREAKS.orderSlotsExhausted?.(order);
    const { exchange, item } = order;
    const place = () =>
      outcomeOf(exchange.run({ kind: "placeOrders", signer: addressOf("rich"), orders: [item] }));
    expect(place()).toBe("orderSlotsExhausted");
    exchange.run({
      kind: "cancelByCloid",
      signer: addressOf("rich"),
      cancels: [{ market: 0, cloid: cloidOf(1) }],
    });
    expect(place()).toBe("orderAccepted");
    expect(place()).toBe("orderSlotsExhausted");
  });

  test("a full table of positions refuses who is new to the market and nobody else", () => {
    const { exchange, item } = soundOrder();
    const { table } = exchange.state.positions;
    (table as { countMax: number }).countMax = table.count;
    exchange.fund("late", 10_000_000);
    const place = (name: string) =>
      outcomeOf(exchange.run({ kind: "placeOrders", signer: addressOf(name), orders: [item] }));
    expect(place("late")).toBe("capacityExhausted");
    expect(place("rich")).toBe("orderAccepted");
  });
});

interface ActionCase {
  readonly exchange: TestExchange;
  command: Extract<Command, { signer: unknown }>;
  itemCount: number | undefined;
}

const GOOD_NONCE = START_MS + 500;

function soundAction(): ActionCase {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1_000 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  exchange.fund("user", 1_000);
  exchange.run({
    kind: "approveAgent",
    signer: addressOf("user"),
    agent: addressOf("bot"),
    name: "",
    validUntilMs: 0,
  });
  for (const name of ["user", "bot"]) {
    exchange.run({ kind: "noop", signer: addressOf(name), nonce: START_MS + 400 });
  }
  const orders = [{ market: 0, side: BUY, px: 99_000, sz: 1_000, tif: TIF.gtc }];
  const command = {
    kind: "placeOrders",
    signer: addressOf("user"),
    nonce: GOOD_NONCE,
    orders,
  } as const;
  return { exchange, command: { ...command, orders }, itemCount: undefined };
}

const ACTION_BREAKS: Partial<Record<RejectName, (action: ActionCase) => void>> = {
  masterKeyRequired: (action) => {
    const { nonce } = action.command;
    const agent = addressOf("other");
    const signer = addressOf("bot");
    action.command = { kind: "approveAgent", signer, nonce, agent, name: "x", validUntilMs: 0 };
  },
  signerUnknown: ({ command }) => {
    command.signer = addressOf("nobody");
  },
  vaultUnknown: ({ command }) => {
    command.vault = addressOf("vault");
  },
  actionExpired: ({ command }) => {
    command.expiresAfter = START_MS - 1;
  },
  nonceDuplicate: ({ command }) => {
    command.nonce = START_MS + 400;
  },
  nonceTooLow: ({ command }) => {
    command.nonce = 1;
  },
  nonceTooHigh: ({ command }) => {
    command.nonce = START_MS + 2 * 86_400_000;
  },
  budgetExhausted: ({ exchange }) => {
    exchange.run({ kind: "setLimits", on: true });
    const account = exchange.account("user");
    writeLane(exchange.state.accounts.requestsUsed, account, 1_000_000);
    writeLane(exchange.state.accounts.overBudgetAtMs, account, START_MS);
  },
  batchEmpty: (action) => {
    action.itemCount = 0;
  },
  batchTooLarge: (action) => {
    action.itemCount = 201;
  },
};

const oneNonce = "an action has one nonce";
const ACTION_EXCLUSIVE: readonly (readonly [RejectName, RejectName, string])[] = [
  ["signerUnknown", "nonceDuplicate", "an unknown signer has used no nonce"],
  ["signerUnknown", "budgetExhausted", "an unknown signer has no budget"],
  ["signerUnknown", "masterKeyRequired", "an unknown signer is no agent"],
  ["vaultUnknown", "masterKeyRequired", "approveAgent names no vault"],
  ["nonceDuplicate", "nonceTooLow", oneNonce],
  ["nonceDuplicate", "nonceTooHigh", oneNonce],
  ["nonceTooLow", "nonceTooHigh", oneNonce],
  ["batchEmpty", "batchTooLarge", "an action has one number of items"],
];

function runAction({ exchange, command, itemCount }: ActionCase): string {
  const record = createCommandRecord(201);
  if (itemCount !== undefined && command.kind === "placeOrders") {
    const one = command.orders[0] as OrderItem;
    writeCommand({ ...command, orders: new Array<OrderItem>(itemCount).fill(one) }, record);
  } else {
    writeCommand(command, record);
    if (itemCount !== undefined) record.lanes[5] = itemCount;
  }
  return outcomeOf(exchange.runRecord(record));
}

describe("whole actions", () => {
  const names = Object.keys(ACTION_BREAKS) as RejectName[];

  test("the sound action passes", () => {
    expect(runAction(soundAction())).toBe("orderAccepted");
  });

  test.each(names)("%s, and nothing else happens", (name) => {
    const action = soundAction();
    ACTION_BREAKS[name]?.(action);
    const { length } = action.exchange.log;
    expect(runAction(action)).toBe(name);
    expect(action.exchange.log.length).toBe(length + 1);
    expect(action.exchange.summary("user").openOrders).toBe(0);
  });

  test.each(pairsOf(names, ACTION_EXCLUSIVE))("%s comes before %s", (first, second) => {
    const action = soundAction();
    for (const name of names) {
      if (name === first || name === second) ACTION_BREAKS[name]?.(action);
    }
    expect(runAction(action)).toBe(first);
  });

  test("an action refused for its form does not spend the one action in 10 s", () => {
    const action = soundAction();
    ACTION_BREAKS.budgetExhausted?.(action);
    action.exchange.timeMs += 10_000;
    expect(runAction({ ...action, itemCount: 0 })).toBe("batchEmpty");
    action.command.nonce += 1;
    expect(runAction(action)).toBe("orderAccepted");
    action.command.nonce += 1;
    expect(runAction(action)).toBe("budgetExhausted");
  });
});

const ADMIN_KINDS: ReadonlySet<Command["kind"]> = new Set([
  "createMarket",
  "setOraclePrices",
  "deposit",
  "withdraw",
  "setFeeSchedule",
  "setAccountRules",
  "setProtection",
  "setMarketState",
  "setFeatures",
  "createPool",
  "pausePool",
  "setRiskLimits",
] as const);

describe("schedules, agents, money and markets", () => {
  /** Breaks of one kind of command, in precedence order; each is tried alone and with each later one. */
  interface Family {
    readonly title: string;
    readonly breaks: readonly (readonly [RejectName, (c: FamilyCase) => void])[];
    readonly exclusive?: readonly (readonly [RejectName, RejectName, string])[];
    readonly start: () => FamilyCase;
  }
  interface FamilyCase {
    exchange: TestExchange;
    command: Command;
  }
  const set = (part: object) => (c: FamilyCase) => {
    c.command = { ...c.command, ...part } as Command;
  };
  const grid = (part: object) => (c: FamilyCase) => {
    set({ grid: { ...(c.command as { grid: object }).grid, ...part } })(c);
  };
  const quote = (part: object) => (c: FamilyCase) => {
    set({ quote: { ...(c.command as { quote: object }).quote, ...part } })(c);
  };
  const QUOTE = { tag: 0, intervalMs: 0, ttlMs: 0, positionMax: 0, fade: 0 };
  const start = (command: Omit<Command, "nonce" | "signer">) => (): FamilyCase => {
    const { exchange } = soundAction();
    // What a command says beside its content decides how it is written: an operator's has no signer.
    const isAdmin = ADMIN_KINDS.has((command as Command).kind);
    const signed = isAdmin ? {} : { signer: addressOf("user"), nonce: GOOD_NONCE };
    return { exchange, command: { ...signed, ...command } as Command };
  };

  /**
   * As `start`, and the user holds an isolated long on the market and one on a strict market, each with
   * its initial margin to the unit; another account holds a cross long, a third nothing.
   */
  const holding = (command: Omit<Command, "nonce" | "signer">) => (): FamilyCase => {
    const begun = start(command)();
    const { exchange } = begun;
    for (const name of ["STR", "NEW"])
      exchange.run({
        kind: "createMarket",
        spec: testSpec({ name, marginMode: "strictIsolated" }),
      });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 1, px: 100_000 }] });
    for (const name of ["other", "idle", "asker"]) exchange.fund(name, 1_000);
    const signer = addressOf("user");
    exchange.run({ kind: "updateLeverage", signer, market: 0, leverage: 10, isCross: false });
    for (const market of [0, 1]) {
      const order = { market, px: 100_000, sz: 1_000, tif: TIF.gtc };
      for (const name of ["asker", "user", "asker", "other"]) {
        const side: Side = name === "asker" ? SELL : BUY;
        exchange.run({
          kind: "placeOrders",
          signer: addressOf(name),
          orders: [{ ...order, side }],
        });
      }
    }
    return begun;
  };

  const VAULTS_ON = { ...DEFAULT_FEATURES, vaults: 1 };
  /** A command of the user about a vault that somebody else leads. */
  const startVault = (command: Record<string, unknown>) => (): FamilyCase => {
    const begun = start({ ...command, address: addressOf("nobody") } as never)();
    const { exchange } = begun;
    exchange.run({ kind: "setFeatures", ...VAULTS_ON });
    exchange.fund("leader", 10_000);
    const events = exchange.run({
      kind: "createVault",
      signer: addressOf("leader"),
      name: "vault",
      description: "of a test",
      amount: 1_000 * MICROS_PER_USDC,
      profitShareBps: 500,
    });
    const made = events.find(({ kind }) => kind === "vaultCreated");
    if (made?.kind === "vaultCreated") set({ address: made.address })(begun);
    return begun;
  };
  /** The user is long 1 and has a sub-account with 50 USDC; `make` writes a command about them. */
  const startLong = (make: (sub: Hex) => object) => (): FamilyCase => {
    const { exchange } = soundAction();
    exchange.fund("maker", 10_000);
    const order = { market: 0, px: 100_000, sz: 1_000, tif: TIF.gtc };
    for (const [name, side] of [
      ["maker", SELL],
      ["user", BUY],
    ] as const) {
      const signer = addressOf(name);
      exchange.run({ kind: "placeOrders", signer, orders: [{ ...order, side }] });
    }
    const signer = addressOf("user");
    const events = exchange.run({ kind: "createSubAccount", signer, name: "sub" });
    const made = events.find(({ kind }) => kind === "subAccountCreated");
    const sub = made?.kind === "subAccountCreated" ? made.address : addressOf("nobody");
    const gift = { kind: "subAccountTransfer", isDeposit: true, amount: 50_000_000 } as const;
    exchange.run({ ...gift, signer, subAccount: sub });
    return { exchange, command: { signer, nonce: GOOD_NONCE, ...make(sub) } as Command };
  };
  const fillPositions = ({ exchange }: FamilyCase): void => {
    const { table } = exchange.state.positions;
    (table as { countMax: number }).countMax = table.count;
  };
  const onePart = { market: 0, sz: 500, usd: 0 };
  const oneUsd = "a movement has one sum of money";

  const POOL = {
    market: 0,
    lowPx: 90_000,
    highPx: 110_000,
    levels: 5,
    size: 1_000,
    gridFlags: 0,
    feeShareBps: 100,
    streamMs: 1_000,
  };
  /** A change of the user's liquidity in a pool that is there. */
  const startPool = (command: Record<string, unknown>) => (): FamilyCase => {
    const begun = start({ kind: "changeLiquidity", pool: 1, ...command } as never)();
    begun.exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES, pools: 1 });
    begun.exchange.run({ kind: "createPool", ...POOL });
    return begun;
  };

  const limit = (limits: { market: number; size: number; exposure: number }) => (c: FamilyCase) => {
    c.exchange.run({ kind: "setRiskLimits", address: addressOf("rich"), ...limits });
  };
  const slippage = (value: number) => (c: FamilyCase) => {
    const { orders } = c.command as Extract<Command, { kind: "placeOrders" }>;
    set({ orders: orders.map((order) => ({ ...order, slippage: value })) })(c);
  };
  const families: Family[] = [
    {
      title: "movePosition",
      start: startLong((subAccount) => ({
        kind: "movePosition",
        subAccount,
        isSplit: true,
        ...onePart,
      })),
      breaks: [
        [
          "moveOpposite",
          ({ exchange, command }) => {
            const order = { market: 0, px: 100_000, sz: 100, tif: TIF.gtc };
            const vault = (command as { subAccount: Hex }).subAccount;
            const bid = { ...order, side: BUY };
            exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: [bid] });
            const orders = [{ ...order, side: SELL }];
            exchange.run({ kind: "placeOrders", signer: addressOf("user"), vault, orders });
          },
        ],
        [
          "moveTooLarge",
          ({ exchange }) => {
            const tiers = [{ lowerBound: 1, maxLeverage: 5 }];
            exchange.run({ kind: "setMarginTiers", market: 0, tiers });
          },
        ],
        [
          "moveIsolated",
          ({ exchange, command }) => {
            const vault = (command as { subAccount: Hex }).subAccount;
            const choice = { market: 0, leverage: 10, isCross: false };
            exchange.run({ kind: "updateLeverage", signer: addressOf("user"), vault, ...choice });
          },
        ],
        ["giverUncovered", set({ usd: 10 ** 12 })],
        ["takerUncovered", set({ usd: -(10 ** 12) })],
        ["amountInvalid", set({ usd: 0.5 })],
        ["moveSzInvalid", set({ sz: 1_001 })],
        ["marketUnknown", set({ market: 9 })],
        ["vaultUnknown", set({ subAccount: addressOf("nobody") })],
      ],
      exclusive: [
        ["amountInvalid", "giverUncovered", oneUsd],
        ["amountInvalid", "takerUncovered", oneUsd],
        ["giverUncovered", "takerUncovered", oneUsd],
      ],
    },
    {
      title: "movePosition to where no row is",
      start: startLong((subAccount) => ({
        kind: "movePosition",
        subAccount,
        isSplit: true,
        ...onePart,
      })),
      breaks: [
        ["capacityExhausted", fillPositions],
        ["giverUncovered", set({ usd: 10 ** 12 })],
        ["vaultUnknown", set({ subAccount: addressOf("nobody") })],
      ],
    },
    {
      title: "offerPosition",
      start: startLong((destination) => ({
        kind: "offerPosition",
        destination,
        expiresAtMs: START_MS + 9_000,
        ...onePart,
      })),
      breaks: [
        [
          "tooManyOffers",
          ({ exchange, command }) => {
            for (let n = 0; n < 20; n++)
              exchange.run({ ...command, nonce: GOOD_NONCE + 1 + n } as Command);
          },
        ],
        ["offerExpiryInvalid", set({ expiresAtMs: START_MS })],
        ["moveSzInvalid", set({ sz: 0 })],
        ["transferToSelf", set({ destination: addressOf("user") })],
        ["accountUnknown", set({ destination: addressOf("nobody") })],
        ["amountInvalid", set({ usd: 2 ** 53 })],
        ["marketUnknown", set({ market: 0.5 })],
      ],
      exclusive: [["accountUnknown", "transferToSelf", "an offer has one destination"]],
    },
    {
      title: "offerPosition in a full table",
      start: startLong((destination) => ({
        kind: "offerPosition",
        destination,
        expiresAtMs: START_MS + 9_000,
        ...onePart,
      })),
      breaks: [
        [
          "capacityExhausted",
          ({ exchange }) => {
            (exchange.state.positionOffers.table as { countMax: number }).countMax = 0;
          },
        ],
      ],
    },
    {
      title: "acceptOffer",
      start: () => {
        const begun = startLong((destination) => ({
          kind: "offerPosition",
          destination,
          expiresAtMs: START_MS + 9_000,
          ...onePart,
        }))();
        const { exchange, command } = begun;
        const vault = (command as { destination: Hex }).destination;
        const made = exchange.run(command).find(({ kind }) => kind === "positionOffered");
        const offer = made?.kind === "positionOffered" ? made.id : 0;
        const signer = addressOf("user");
        begun.command = { kind: "acceptOffer", signer, vault, nonce: GOOD_NONCE + 1, offer };
        return begun;
      },
      breaks: [
        [
          "takerUncovered",
          ({ exchange, command }) => {
            const subAccount = (command as { vault: Hex }).vault;
            const take = { kind: "subAccountTransfer", isDeposit: false } as const;
            exchange.run({ ...take, signer: addressOf("user"), subAccount, amount: 50_000_000 });
          },
        ],
        [
          "offerChanged",
          ({ exchange }) => {
            const order = { market: 0, px: 100_000, sz: 1_000, tif: TIF.gtc };
            for (const [name, side] of [
              ["maker", BUY],
              ["user", SELL],
            ] as const) {
              const signer = addressOf(name);
              exchange.run({ kind: "placeOrders", signer, orders: [{ ...order, side }] });
            }
          },
        ],
        [
          "offerExpired",
          ({ exchange }) => {
            exchange.timeMs += 9_000;
          },
        ],
        ["offerUnknown", set({ offer: 1 })],
      ],
    },
    {
      title: "endOffer",
      start: startLong(() => ({ kind: "endOffer", offer: 1 })),
      breaks: [["offerUnknown", set({})]],
    },
    {
      title: "scheduleCancel",
      start: start({ kind: "scheduleCancel", timeMs: START_MS + 9_000 } as Command),
      breaks: [
        ["scheduleTooSoon", set({ timeMs: START_MS + 4_999 })],
        ["scheduleVolumeTooLow", ({ exchange }) => exchange.run({ kind: "setLimits", on: true })],
        [
          "scheduleDailyLimit",
          ({ exchange }) => {
            const { scheduledFiredDay, scheduledFiredCount } = exchange.state.accounts;
            writeLane(scheduledFiredDay, 2, Math.floor(START_MS / 86_400_000));
            writeLane(scheduledFiredCount, 2, 10);
          },
        ],
      ],
    },
    {
      title: "approveAgent",
      start: start({
        kind: "approveAgent",
        agent: addressOf("new"),
        name: "four",
        validUntilMs: 0,
      } as Command),
      breaks: [
        ["agentExpired", set({ validUntilMs: START_MS })],
        [
          "agentAddressTaken",
          (c) => {
            c.exchange.fund("taken", 1);
            set({ agent: addressOf("taken") })(c);
          },
        ],
        ["agentValidityTooLong", set({ validUntilMs: START_MS + 181 * 86_400_000 })],
        [
          "tooManyAgents",
          ({ exchange }) => {
            for (const name of ["one", "two", "three"]) {
              exchange.run({
                kind: "approveAgent",
                signer: addressOf("user"),
                agent: addressOf(name),
                name,
                validUntilMs: 0,
              });
            }
          },
        ],
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.signers;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
      ],
      exclusive: [
        ["agentAddressTaken", "capacityExhausted", "a taken address has its row"],
        ["agentExpired", "agentValidityTooLong", "an approval has one validity"],
      ],
    },
    {
      title: "usdSend",
      start: start({ kind: "usdSend", destination: addressOf("new"), amount: 1_000 } as Command),
      breaks: [
        ["agentAddressTaken", set({ destination: addressOf("bot") })],
        ["amountInvalid", set({ amount: 0.5 })],
        ["balanceInsufficient", set({ amount: 10 ** 12 })],
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.accounts;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
      ],
      exclusive: [["amountInvalid", "balanceInsufficient", "a transfer has one amount"]],
    },
    {
      title: "usdSend to an account",
      start: start({ kind: "usdSend", destination: addressOf("user"), amount: 1_000 } as Command),
      breaks: [
        ["transferToSelf", set({})],
        ["balanceInsufficient", set({ amount: 10 ** 12 })],
      ],
    },
    {
      title: "renameSubAccount",
      start: () => {
        const begun = start({ kind: "renameSubAccount", name: "b" } as Command)();
        const name = { signer: addressOf("user"), name: "sub" };
        const events = begun.exchange.run({ kind: "createSubAccount", ...name });
        const made = events.find(({ kind }) => kind === "subAccountCreated");
        if (made?.kind === "subAccountCreated") set({ subAccount: made.address })(begun);
        return begun;
      },
      breaks: [
        ["subAccountNameEmpty", set({ name: "" })],
        ["vaultUnknown", set({ subAccount: addressOf("nobody") })],
      ],
    },
    {
      title: "setAccountRules",
      start: start({ kind: "setAccountRules", ...VENUE_ACCOUNT_RULES } as Command),
      breaks: [["accountRulesInvalid", set({ openingFee: -1 })]],
    },
    {
      title: "createSubAccount",
      start: start({ kind: "createSubAccount", name: "sub" } as Command),
      breaks: [
        ["subAccountNameEmpty", set({ name: "" })],
        ["subAccountVolumeTooLow", ({ exchange }) => exchange.run({ kind: "setLimits", on: true })],
        [
          "tooManySubAccounts",
          ({ exchange }) => {
            for (let n = 0; n < 10; n++)
              exchange.run({ kind: "createSubAccount", signer: addressOf("user"), name: "s" });
          },
        ],
      ],
      // Ten of them come first where both are broken, so limits are on only when they are there.
      exclusive: [
        ["subAccountVolumeTooLow", "tooManySubAccounts", "limits keep the ten from being"],
      ],
    },
    {
      title: "createSubAccount in a full table",
      start: start({ kind: "createSubAccount", name: "sub" } as Command),
      breaks: [
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.accounts;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
      ],
    },
    {
      title: "subAccountTransfer",
      start: () => {
        const begun = start({
          kind: "subAccountTransfer",
          isDeposit: true,
          amount: 1,
          subAccount: addressOf("nobody"),
        } as Command)();
        const { exchange } = begun;
        const name = { signer: addressOf("user"), name: "sub" };
        const events = exchange.run({ kind: "createSubAccount", ...name });
        const made = events.find(({ kind }) => kind === "subAccountCreated");
        if (made?.kind === "subAccountCreated") set({ subAccount: made.address })(begun);
        return begun;
      },
      breaks: [
        ["amountInvalid", set({ amount: 0 })],
        ["subTransferUncovered", set({ amount: 10 ** 12 })],
        ["vaultUnknown", set({ subAccount: addressOf("nobody") })],
      ],
      exclusive: [["amountInvalid", "subTransferUncovered", "a transfer has one amount"]],
    },
    {
      title: "startGrid",
      start: start({
        kind: "startGrid",
        grid: { market: 0, lowPx: 90_000, highPx: 110_000, levels: 3, size: 1_000 },
      } as Command),
      breaks: [
        ["strategyInvalid", grid({ lowPx: 0 })],
        ["gridSpacingTight", grid({ levels: 257, lowPx: 99_900, highPx: 100_100 })],
        [
          "tooManyStrategies",
          ({ exchange }) => {
            exchange.fund("user", 1_000_000);
            const small = { market: 0, lowPx: 90_000, highPx: 110_000, levels: 2, size: 1_000 };
            for (let n = 0; n < 64; n++)
              exchange.run({ kind: "startGrid", signer: addressOf("user"), grid: small });
          },
        ],
        ["strategyUncovered", grid({ size: 50_000_000 })],
        ["strategyOrderRefused", grid({ direction: "long" })],
      ],
      exclusive: [["strategyInvalid", "gridSpacingTight", "a grid has one lowest price"]],
    },
    {
      title: "setQuote",
      start: start({
        kind: "setQuote",
        quote: { ...QUOTE, market: 0, spread: 1_000, size: 1_000 },
      } as Command),
      breaks: [
        ["strategyInvalid", quote({ tag: -1 })],
        ["quoteSpreadTooTight", quote({ spread: 50 })],
      ],
    },
    {
      title: "startDeltaNeutral",
      start: start({
        kind: "startDeltaNeutral",
        market: 0,
        threshold: 1,
        intervalMs: 0,
      } as Command),
      breaks: [
        ["strategyInvalid", set({ threshold: 0 })],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "controlStrategy",
      start: start({ kind: "controlStrategy", id: 7, control: "end" } as Command),
      breaks: [["strategyUnknown", set({})]],
    },
    {
      title: "createVault",
      start: () => {
        const begun = start({
          kind: "createVault",
          name: "vault",
          description: "of a test",
          amount: 500 * MICROS_PER_USDC,
          profitShareBps: 500,
        } as Command)();
        begun.exchange.run({ kind: "setFeatures", ...VAULTS_ON });
        return begun;
      },
      breaks: [
        ["amountInvalid", set({ amount: 0 })],
        ["vaultsOff", ({ exchange }) => exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES })],
      ],
      exclusive: [["amountInvalid", "vaultsOff", "switches come before all else"]],
    },
    {
      title: "createVault, terms",
      start: () => {
        const begun = start({
          kind: "createVault",
          name: "vault",
          description: "of a test",
          amount: 500 * MICROS_PER_USDC,
          profitShareBps: 500,
        } as Command)();
        begun.exchange.run({ kind: "setFeatures", ...VAULTS_ON });
        return begun;
      },
      breaks: [
        ["vaultInitialTooSmall", set({ amount: 1 })],
        ["profitShareTooHigh", set({ profitShareBps: 10_001 })],
      ],
    },
    {
      title: "deposit into a vault",
      start: startVault({ kind: "vaultTransfer", isDeposit: true, amount: 500 * MICROS_PER_USDC }),
      breaks: [
        ["vaultUnknown", set({ address: addressOf("nobody") })],
        ["amountInvalid", set({ amount: 0 })],
      ],
    },
    {
      title: "deposit into a vault, terms",
      start: startVault({ kind: "vaultTransfer", isDeposit: true, amount: 500 * MICROS_PER_USDC }),
      breaks: [
        [
          "vaultDepositsClosed",
          ({ exchange, command }) => {
            const { address } = command as { address: Hex };
            const change = { setting: "paused", paused: true } as const;
            exchange.run({ kind: "setVault", signer: addressOf("leader"), address, change });
          },
        ],
        ["sharesTooFew", set({ sharesMin: 1e15 })],
        [
          "vaultOwnerShare",
          (c) => {
            c.exchange.fund("user", 1_000_000);
            set({ amount: 300_000 * MICROS_PER_USDC })(c);
          },
        ],
      ],
    },
    {
      title: "withdrawal from a vault",
      start: startVault({ kind: "vaultTransfer", isDeposit: false, amount: MICROS_PER_USDC }),
      breaks: [["vaultShareless", set({})]],
    },
    {
      title: "withdrawal from a vault that is locked",
      start: startVault({ kind: "vaultTransfer", isDeposit: false, amount: MICROS_PER_USDC }),
      breaks: [["vaultLocked", set({ signer: addressOf("leader") })]],
    },
    {
      title: "setVault",
      start: startVault({ kind: "setVault", change: { setting: "profitShare", bps: 1 } }),
      breaks: [["vaultNotOwner", set({})]],
    },
    {
      title: "vaultDistribute",
      start: startVault({ kind: "vaultDistribute", amount: 0 }),
      breaks: [
        ["vaultUncovered", set({ signer: addressOf("leader"), amount: 1e12 })],
        [
          "vaultNotFlat",
          (c) => {
            const { address } = c.command as { address: Hex };
            const order = { market: 0, px: 100_000, sz: 1_000 } as const;
            const sell = { ...order, side: SELL, tif: TIF.gtc };
            c.exchange.run({ kind: "placeOrders", signer: addressOf("user"), orders: [sell] });
            const buy = { ...order, side: BUY, tif: TIF.ioc };
            const signer = addressOf("leader");
            c.exchange.run({ kind: "placeOrders", signer, vault: address, orders: [buy] });
            set({ signer })(c);
          },
        ],
        [
          "vaultClosed",
          (c) => {
            const { address } = c.command as { address: Hex };
            const signer = addressOf("leader");
            c.exchange.run({ kind: "vaultDistribute", signer, address, amount: 0 });
            set({ signer })(c);
          },
        ],
      ],
      exclusive: [
        ["vaultUncovered", "vaultNotFlat", "an amount is for one of them"],
        ["vaultUncovered", "vaultClosed", "a closed vault pays nothing"],
        ["vaultNotFlat", "vaultClosed", "a closed vault is flat"],
      ],
    },
    {
      title: "createPool",
      start: () => {
        const begun = start({ kind: "createPool", ...POOL } as Command)();
        begun.exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES, pools: 1 });
        return begun;
      },
      breaks: [
        ["poolsOff", ({ exchange }) => exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES })],
        ["poolTermsInvalid", set({ feeShareBps: -1 })],
      ],
    },
    {
      title: "pausePool",
      start: start({ kind: "pausePool", pool: 9, paused: true } as Command),
      breaks: [["poolUnknown", set({})]],
    },
    {
      title: "liquidity added",
      start: startPool({ isDeposit: true, amount: 100 * MICROS_PER_USDC, least: 0 }),
      breaks: [
        [
          "poolPaused",
          ({ exchange }) => exchange.run({ kind: "pausePool", pool: 1, paused: true }),
        ],
        ["balanceInsufficient", set({ amount: 1e12 })],
      ],
      exclusive: [["balanceInsufficient", "poolPaused", "of another band"]],
    },
    {
      title: "liquidity removed",
      start: startPool({ isDeposit: false, amount: 1, least: 0 }),
      breaks: [["tokensInsufficient", set({})]],
    },
    {
      title: "setFeatures",
      start: start({ kind: "setFeatures", ...DEFAULT_FEATURES } as Command),
      breaks: [["featuresInvalid", set({ vaults: 2 })]],
    },
    {
      title: "setMarginTiers",
      start: start({
        kind: "setMarginTiers",
        market: 0,
        tiers: [{ lowerBound: 1, maxLeverage: 5 }],
      } as Command),
      breaks: [
        ["marginTiersInvalid", set({ tiers: [{ lowerBound: 1, maxLeverage: 10 }] })],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "updateLeverage",
      start: () => {
        const begun = start({
          kind: "updateLeverage",
          market: 0,
          leverage: 10,
          isCross: true,
        } as Command)();
        // 1,000 USDC at stake at 10x, all of the account's money.
        const orders = [{ market: 0, side: BUY, px: 100_000, sz: 100_000, tif: TIF.gtc }];
        begun.exchange.run({ kind: "placeOrders", signer: addressOf("user"), orders });
        return begun;
      },
      breaks: [
        ["leverageUncovered", set({ leverage: 9 })],
        ["leverageInvalid", set({ leverage: 11 })],
        ["marketUnknown", set({ market: 9 })],
      ],
      exclusive: [["leverageInvalid", "leverageUncovered", "an action has one leverage"]],
    },
    {
      title: "updateLeverage of an isolated position",
      start: holding({
        kind: "updateLeverage",
        market: 0,
        leverage: 10,
        isCross: false,
      } as Command),
      breaks: [
        ["marginKindHeld", set({ isCross: true })],
        ["isolatedLeverageUncovered", set({ leverage: 9 })],
        ["marketUnknown", set({ market: 9 })],
      ],
      exclusive: [
        ["marginKindHeld", "isolatedLeverageUncovered", "it is asked of isolated margin alone"],
      ],
    },
    {
      title: "updateLeverage of a market without cross margin",
      start: holding({
        kind: "updateLeverage",
        market: 2,
        leverage: 10,
        isCross: false,
      } as Command),
      breaks: [
        ["crossUnavailable", set({ isCross: true })],
        ["leverageInvalid", set({ leverage: 11 })],
      ],
    },
    {
      title: "updateIsolatedMargin of a position",
      start: holding({ kind: "updateIsolatedMargin", market: 0, amount: 1 } as Command),
      breaks: [
        ["marketUnknown", set({ market: 9 })],
        ["amountInvalid", set({ amount: 0.5 })],
        ["marginChangeZero", set({ amount: 0 })],
        ["marginPositionFlat", set({ signer: addressOf("idle") })],
        ["marginIncreaseUncovered", set({ amount: 10 ** 12 })],
        ["marginReductionUncovered", set({ amount: -1 })],
      ],
      exclusive: [
        ["amountInvalid", "marginChangeZero", "an update has one amount"],
        ["amountInvalid", "marginIncreaseUncovered", "an update has one amount"],
        ["amountInvalid", "marginReductionUncovered", "an update has one amount"],
        ["marginChangeZero", "marginIncreaseUncovered", "an update has one amount"],
        ["marginChangeZero", "marginReductionUncovered", "an update has one amount"],
        ["marginIncreaseUncovered", "marginReductionUncovered", "an update has one amount"],
      ],
    },
    {
      title: "updateIsolatedMargin of a position that is cross, or whose market is strict",
      start: holding({ kind: "updateIsolatedMargin", market: 1, amount: 1 } as Command),
      breaks: [
        ["marginNotIsolated", set({ signer: addressOf("other"), market: 0 })],
        ["marginRemovalBarred", set({ amount: -1 })],
      ],
      exclusive: [["marginNotIsolated", "marginRemovalBarred", "a strict market has no cross"]],
    },
    {
      title: "topUpIsolatedMargin",
      start: holding({ kind: "topUpIsolatedMargin", market: 0, leverage: 5_000_000 } as Command),
      breaks: [
        ["marketUnknown", set({ market: 9 })],
        ["leverageInvalid", set({ leverage: 0 })],
        ["marginChangeZero", set({ leverage: 20_000_000 })],
        ["marginPositionFlat", set({ signer: addressOf("idle") })],
      ],
      exclusive: [
        ["leverageInvalid", "marginChangeZero", "a top-up has one leverage"],
        ["marginChangeZero", "marginPositionFlat", "without a position nothing is topped up"],
      ],
    },
    {
      title: "updateLeverage of a market not met before",
      start: start({ kind: "updateLeverage", market: 0, leverage: 10, isCross: true } as Command),
      breaks: [
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.positions;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "registerReferrer",
      start: start({ kind: "registerReferrer", code: "NEW" } as Command),
      breaks: [
        [
          "referralVolumeTooLow",
          ({ exchange }) => {
            exchange.run({ kind: "setLimits", on: true });
          },
        ],
        [
          "referralCodeSet",
          ({ exchange }) => {
            exchange.run({ kind: "registerReferrer", signer: addressOf("user"), code: "OLD" });
          },
        ],
        ["referralCodeInvalid", set({ code: "" })],
        [
          "referralCodeTaken",
          (c) => {
            c.exchange.fund("other", 1);
            c.exchange.run({ kind: "registerReferrer", signer: addressOf("other"), code: "TAKEN" });
            set({ code: "TAKEN" })(c);
          },
        ],
      ],
      exclusive: [
        ["referralVolumeTooLow", "referralCodeSet", "a code takes the volume"],
        ["referralVolumeTooLow", "referralCodeTaken", "a code takes the volume"],
        ["referralCodeInvalid", "referralCodeTaken", "an action has one code"],
      ],
    },
    {
      title: "setReferrer",
      start: () => {
        const begun = start({ kind: "setReferrer", code: "OTHER" } as Command)();
        begun.exchange.fund("other", 1);
        const signer = addressOf("other");
        begun.exchange.run({ kind: "registerReferrer", signer, code: "OTHER" });
        return begun;
      },
      breaks: [
        ["referralCodeUnknown", set({ code: "NOBODY" })],
        [
          "referrerIsSelf",
          (c) => {
            c.exchange.run({ kind: "registerReferrer", signer: addressOf("user"), code: "OWN" });
            set({ code: "OWN" })(c);
          },
        ],
        [
          "referrerSet",
          ({ exchange }) => {
            exchange.run({ kind: "setReferrer", signer: addressOf("user"), code: "OTHER" });
          },
        ],
      ],
      exclusive: [["referralCodeUnknown", "referrerIsSelf", "an action has one code"]],
    },
    {
      title: "approveBuilderFee",
      start: () => {
        const builder = addressOf("builder0");
        const begun = start({ kind: "approveBuilderFee", builder, feeMax: 10 } as Command)();
        for (let n = 0; n < 11; n++) begun.exchange.fund(`builder${n}`, 100);
        return begun;
      },
      breaks: [
        ["builderFeeTooHigh", set({ feeMax: 101 })],
        ["builderUnderfunded", set({ builder: addressOf("nobody") })],
        [
          "tooManyBuilders",
          ({ exchange }) => {
            for (let n = 1; n < 11; n++)
              exchange.run({
                kind: "approveBuilderFee",
                signer: addressOf("user"),
                builder: addressOf(`builder${n}`),
                feeMax: 1,
              });
          },
        ],
      ],
    },
    {
      title: "claimRewards",
      start: start({ kind: "claimRewards" } as Command),
      breaks: [["rewardsNone", set({})]],
    },
    {
      title: "placeOrders with a builder",
      start: start({
        kind: "placeOrders",
        orders: [{ market: 9, side: BUY, px: 1, sz: 1, tif: TIF.gtc }],
        builder: { account: 2, fee: 1 },
      } as Command),
      breaks: [["builderNotApproved", set({})]],
    },
    {
      title: "withdraw",
      start: start({ kind: "withdraw", address: addressOf("user"), amount: 1 } as Command),
      breaks: [
        ["amountInvalid", set({ amount: 0.5 })],
        ["balanceInsufficient", set({ amount: 10 ** 12 })],
        ["accountUnknown", set({ address: addressOf("nobody") })],
      ],
      exclusive: [
        ["amountInvalid", "balanceInsufficient", "a withdrawal has one amount"],
        ["balanceInsufficient", "accountUnknown", "nobody has no balance"],
      ],
    },
    {
      title: "deposit",
      start: start({ kind: "deposit", address: addressOf("new"), amount: 1 } as Command),
      breaks: [
        ["amountInvalid", set({ amount: -1 })],
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.accounts;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
      ],
    },
    {
      title: "createMarket",
      start: start({ kind: "createMarket", spec: testSpec({ name: "NEW" }) } as Command),
      breaks: [
        ["marketNameTaken", set({ spec: testSpec() })],
        [
          "marketSpecInvalid",
          (c) => {
            const { spec } = c.command as { spec: ReturnType<typeof testSpec> };
            set({ spec: { ...spec, maxLeverage: 0 } })(c);
          },
        ],
        [
          "capacityExhausted",
          ({ exchange }) => {
            const { table } = exchange.state.markets;
            (table as { countMax: number }).countMax = table.count;
          },
        ],
      ],
      // Full tables are numbered with money; markets are looked at first.
      exclusive: [
        ["capacityExhausted", "marketNameTaken", "of another band"],
        ["capacityExhausted", "marketSpecInvalid", "of another band"],
      ],
    },
    {
      title: "setOraclePrices",
      start: start({ kind: "setOraclePrices", prices: [{ market: 0, px: 5 }] } as Command),
      breaks: [
        ["oraclePxInvalid", set({ prices: [{ market: 0, px: 0 }] })],
        ["marketUnknown", set({ prices: [{ market: 9, px: 0 }] })],
      ],
    },
    {
      title: "setFunding",
      start: start({
        kind: "setFunding",
        ...VENUE_FUNDING,
        markets: [{ market: 0, impactNotional: 1_000_000 }],
      } as Command),
      breaks: [
        ["fundingTermsInvalid", set({ divisor: 0 })],
        ["marketUnknown", set({ markets: [{ market: 9, impactNotional: 1 }] })],
      ],
    },
    {
      title: "setDefaultPolicy",
      start: start({
        kind: "setDefaultPolicy",
        adl: 1,
        partialAbove: 0,
        backstop: null,
        lossMax: 0,
      } as Command),
      breaks: [
        ["defaultPolicyInvalid", set({ lossMax: -1 })],
        ["accountUnknown", set({ backstop: addressOf("nobody") })],
      ],
    },
    {
      title: "setMark",
      start: start({ kind: "setMark", ...VENUE_MARK, markets: [0] } as Command),
      breaks: [
        ["markTermsInvalid", set({ policy: 2 })],
        ["marketUnknown", set({ markets: [9] })],
      ],
    },
    {
      title: "setProtection",
      start: start({ kind: "setProtection", market: 0, settings: { band: 1 } } as Command),
      breaks: [
        ["protectionInvalid", set({ settings: { band: -1 } })],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "setMarketState",
      start: start({ kind: "setMarketState", market: 0, state: 1, untilMs: 0 } as Command),
      breaks: [
        ["protectionInvalid", set({ untilMs: START_MS })],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "an order beyond what may be added",
      start: () => {
        const { exchange, item } = soundOrder();
        const orders = [{ ...item, px: 145_000, tif: TIF.ioc }];
        exchange.run({ kind: "placeOrders", signer: addressOf("rich"), orders });
        const command: Command = {
          ...start({ kind: "placeOrders", orders: [item] } as Command)().command,
          signer: addressOf("rich"),
        } as Command;
        return { exchange, command };
      },
      breaks: [
        [
          "openInterestCapped",
          ({ exchange }) => {
            exchange.run({ kind: "setProtection", market: 0, settings: { openInterestMax: 1 } });
          },
        ],
        ["riskPositionPassed", limit({ market: 0, size: 1, exposure: 0 })],
        ["riskNotionalPassed", limit({ market: 0, size: 0, exposure: 1 })],
        [
          "riskPositionsPassed",
          (c) => {
            const { exchange } = c;
            exchange.run({ kind: "setOraclePrices", prices: [{ market: 1, px: 100_000 }] });
            const other = { market: 1, side: BUY, px: 90_000, sz: 20_000_000, tif: TIF.gtc };
            exchange.run({ kind: "placeOrders", signer: addressOf("rich"), orders: [other] });
            limit({ market: -1, size: 1, exposure: 0 })(c);
          },
        ],
        ["riskLeveragePassed", limit({ market: -1, size: 0, exposure: 1 })],
      ],
      exclusive: [
        ["riskPositionPassed", "riskNotionalPassed", "a setting has one pair of limits a market"],
        ["riskPositionsPassed", "riskLeveragePassed", "a setting has one pair of limits for all"],
      ],
    },
    {
      title: "an immediate order with a slippage",
      start: () => {
        const { exchange, item } = soundOrder();
        const orders = [{ ...item, side: SELL, px: 130_000, tif: TIF.ioc, slippage: 140_000 }];
        const command: Command = {
          kind: "placeOrders",
          signer: addressOf("asker"),
          nonce: GOOD_NONCE,
          orders,
        };
        return { exchange, command };
      },
      breaks: [
        ["slippagePassed", slippage(10_000)],
        ["orderKindUnsupported", slippage(1_000_001)],
      ],
      exclusive: [["slippagePassed", "orderKindUnsupported", "an order has one slippage"]],
    },
    {
      title: "riskLimits",
      start: start({ kind: "riskLimits", market: 0, size: 1, exposure: 1 } as Command),
      breaks: [
        ["riskLimitsInvalid", set({ size: -1 })],
        ["marketUnknown", set({ market: 9 })],
      ],
    },
    {
      title: "setRiskLimits",
      start: start({
        kind: "setRiskLimits",
        address: addressOf("user"),
        market: 0,
        size: 1,
        exposure: 1,
      } as Command),
      breaks: [
        ["riskLimitsInvalid", set({ exposure: 0.5 })],
        ["marketUnknown", set({ market: 9 })],
        ["accountUnknown", set({ address: addressOf("nobody") })],
      ],
      exclusive: [["accountUnknown", "marketUnknown", "nobody's limits are looked at no further"]],
    },
    {
      title: "setFeeSchedule",
      start: start({ kind: "setFeeSchedule", schedule: 1 } as Command),
      breaks: [["feeScheduleUnknown", set({ schedule: 9 })]],
    },
    {
      title: "placeOrders, atomic",
      start: start({
        kind: "placeOrders",
        orders: [{ market: 9, side: BUY, px: 1, sz: 1, tif: TIF.gtc }],
        atomic: true,
      } as Command),
      breaks: [["batchFailed", set({})]],
    },
    {
      title: "cancelOrders",
      start: start({ kind: "cancelOrders", cancels: [{ market: 0, oid: 5 }] } as Command),
      breaks: [["orderNotLive", set({})]],
    },
    {
      title: "modifyOrder",
      start: start({
        kind: "modifyOrder",
        modify: {
          target: { oid: 5 },
          order: { market: 9, side: BUY, px: PX_INVALID, sz: 0, tif: TIF.gtc },
        },
      } as Command),
      breaks: [["modifyNotLive", set({})]],
    },
  ];

  const run = ({ exchange, command }: FamilyCase): string => outcomeOf(exchange.run(command));

  describe.each(families)("$title", ({ start: begin, breaks, exclusive = [] }) => {
    test.each(breaks)("%s", (name, breakRule) => {
      const c = begin();
      breakRule(c);
      expect(run(c)).toBe(name);
    });

    const names = breaks.map(([name]) => name);
    for (const [first, second] of pairsOf(names, exclusive)) {
      test(`${first} comes before ${second}`, () => {
        const c = begin();
        for (const [name, breakRule] of breaks) {
          if (name === first || name === second) breakRule(c);
        }
        expect(run(c)).toBe(first);
      });
    }
  });

  test("time-weighted orders", () => {
    const { exchange } = soundAction();
    const signer = addressOf("user");
    const twap = { market: 0, side: BUY, sz: 20_000, minutes: 5 };
    const place = (more: object): string =>
      outcomeOf(exchange.run({ kind: "twapOrder", signer, twap: { ...twap, ...more } }));
    expect(place({})).toBe("twapStarted");
    expect(place({ minutes: 4, sz: 1, reduceOnly: true })).toBe("twapDurationInvalid");
    expect(place({ sz: 1, reduceOnly: true })).toBe("twapTooSmall");
    expect(place({ reduceOnly: true })).toBe("twapReduceOnlyIncreases");
    const end = { kind: "twapCancel", signer, market: 0, twapId: 9 } as const;
    expect(outcomeOf(exchange.run(end))).toBe("twapNotLive");
  });

  test("an agent cannot be given money of its own", () => {
    const { exchange } = soundAction();
    expect(outcomeOf(exchange.run({ kind: "deposit", address: addressOf("bot"), amount: 1 }))).toBe(
      "agentAddressTaken",
    );
  });
});

test("every refusal of the set was seen, but for those that stop before the journal", () => {
  const before: RejectName[] = ["agentNameTooLong"];
  const missing = (Object.keys(REJECT) as RejectName[]).filter((name) => !seen.has(name));
  expect(missing).toEqual(before);
});
