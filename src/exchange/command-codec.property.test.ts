import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACCOUNT_RULE_NAMES, accountRulesFrom } from "../base/account-rules.ts";
import type { Hex } from "../base/hex.ts";
import { PROTECTION } from "../base/market-protection.ts";
import type { Side } from "../base/side.ts";
import { TIF, type Tif } from "../base/time-in-force.ts";
import { COMMAND, COMMAND_ITEMS_MAX, createCommandRecord, HEADER } from "./command.ts";
import { type Command, type OrderItem, readCommand, writeCommand } from "./command-codec.ts";
import {
  decodeCommandRecord,
  encodeCommandRecord,
  encodedCommandBytesMax,
} from "./command-encoding.ts";

const hexOf = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => {
    const digits = Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `0x${digits}` as Hex;
  });
const address = hexOf(20).filter((hex) => !/^0x0+$/.test(hex));
const cloid = hexOf(16);
const whole = fc.maxSafeInteger();
const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((v) => (v === undefined ? {} : { [key]: v }));

const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((objects) => Object.assign({}, ...objects) as object);

const order = merged(
  fc.record({
    market: whole,
    side: fc.constantFrom<Side>(0, 1),
    px: whole,
    sz: whole,
    tif: fc.constantFrom<Tif>(...Object.values(TIF)),
  }),
  optional("reduceOnly", fc.constant(true)),
  optional("unsupported", fc.constant(true)),
  optional("groupScope", fc.constant(true)),
  optional("cloid", cloid),
) as fc.Arbitrary<OrderItem>;
const modify = merged(
  fc.record({
    target: fc.oneof(
      positive.map((oid) => ({ oid })),
      cloid.map((hex) => ({ cloid: hex })),
    ),
    order,
  }),
  optional("alwaysPlace", fc.constant(true)),
);
const signed = merged(
  fc.record({ signer: address, nonce: whole }),
  optional("vault", address),
  optional("expiresAfter", positive),
);
const master = fc.record({ signer: address, nonce: whole });
const part = fc.record({ market: whole, sz: whole, usd: whole });
const several = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 6 });
const kind = <K extends Command["kind"]>(name: K) => fc.record({ kind: fc.constant(name) });
const text = (max: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9 ]{0,${max}}$`));

const COMMANDS: Record<Command["kind"], fc.Arbitrary<object>> = {
  tick: kind("tick"),
  createMarket: merged(
    kind("createMarket"),
    fc.record({
      spec: fc.record({
        name: text(20),
        szDecimals: whole,
        maxLeverage: whole,
        pxMax: whole,
        positionMax: whole,
        notionalMin: whole,
        priceRule: fc.constantFrom("fiveSignificantFigures", "everyTick"),
        marginMode: fc.constantFrom("noCross", "strictIsolated"),
      }),
    }),
  ),
  setOraclePrices: merged(
    kind("setOraclePrices"),
    fc.record({ prices: several(fc.record({ market: whole, px: whole })) }),
  ),
  twapOrder: merged(
    kind("twapOrder"),
    signed,
    fc.record({
      twap: merged(
        fc.record({ market: whole, side: whole, sz: whole, minutes: whole }),
        optional("reduceOnly", fc.constant(true)),
        optional("randomize", fc.constant(true)),
        optional("trigger", fc.record({ px: positive, above: fc.boolean() })),
        optional("stopPx", positive),
      ),
    }),
  ),
  twapCancel: merged(kind("twapCancel"), signed, fc.record({ market: whole, twapId: whole })),
  deposit: merged(kind("deposit"), fc.record({ address, amount: whole })),
  withdraw: merged(kind("withdraw"), fc.record({ address, amount: whole })),
  setLimits: merged(kind("setLimits"), fc.record({ on: fc.boolean() })),
  setFunding: merged(
    kind("setFunding"),
    fc.record({
      intervalMs: whole,
      sampleMs: whole,
      interest: whole,
      clamp: whole,
      divisor: whole,
      cap: whole,
      markets: several(fc.record({ market: whole, impactNotional: whole })),
    }),
  ),
  setMarginTiers: merged(
    kind("setMarginTiers"),
    fc.record({
      market: whole,
      tiers: several(fc.record({ lowerBound: whole, maxLeverage: whole })),
    }),
  ),
  setMark: merged(
    kind("setMark"),
    fc.record({ policy: whole, basisTauMs: whole, bookTauMs: whole, markets: several(whole) }),
  ),
  setProtection: merged(
    kind("setProtection"),
    fc.record({
      market: whole,
      settings: fc.dictionary(fc.constantFrom(...Object.keys(PROTECTION)), whole),
    }),
  ),
  setMarketState: merged(
    kind("setMarketState"),
    fc.record({ market: whole, state: whole, untilMs: whole }),
  ),
  setFeeSchedule: merged(kind("setFeeSchedule"), fc.record({ schedule: whole })),
  setDefaultPolicy: merged(
    kind("setDefaultPolicy"),
    fc.record({
      adl: whole,
      partialAbove: whole,
      backstop: fc.option(address),
      lossMax: whole,
    }),
  ),
  fundInsurance: merged(kind("fundInsurance"), fc.record({ amount: whole })),
  setStake: merged(kind("setStake"), fc.record({ address, amount: whole })),
  placeOrders: merged(
    kind("placeOrders"),
    signed,
    fc.record({
      orders: several(merged(order, optional("slippage", whole)) as fc.Arbitrary<OrderItem>),
    }),
    optional("builder", fc.record({ account: fc.integer({ min: -1 }), fee: whole })),
  ),
  cancelOrders: merged(
    kind("cancelOrders"),
    signed,
    fc.record({ cancels: several(fc.record({ market: whole, oid: whole })) }),
  ),
  cancelByCloid: merged(
    kind("cancelByCloid"),
    signed,
    fc.record({ cancels: several(fc.record({ market: whole, cloid })) }),
  ),
  modifyOrder: merged(kind("modifyOrder"), signed, fc.record({ modify })),
  modifyOrders: merged(kind("modifyOrders"), signed, fc.record({ modifies: several(modify) })),
  scheduleCancel: merged(kind("scheduleCancel"), signed, fc.record({ timeMs: whole })),
  approveAgent: merged(
    kind("approveAgent"),
    master,
    fc.record({ agent: hexOf(20), name: text(16), validUntilMs: whole }),
  ),
  noop: merged(kind("noop"), signed),
  registerReferrer: merged(kind("registerReferrer"), signed, fc.record({ code: text(20) })),
  setReferrer: merged(kind("setReferrer"), signed, fc.record({ code: text(20) })),
  approveBuilderFee: merged(
    kind("approveBuilderFee"),
    master,
    fc.record({ builder: hexOf(20), feeMax: whole }),
  ),
  claimRewards: merged(kind("claimRewards"), signed),
  createSubAccount: merged(kind("createSubAccount"), signed, fc.record({ name: text(16) })),
  subAccountTransfer: merged(
    kind("subAccountTransfer"),
    master,
    fc.record({ subAccount: hexOf(20), amount: whole, isDeposit: fc.boolean() }),
  ),
  renameSubAccount: merged(
    kind("renameSubAccount"),
    master,
    fc.record({ subAccount: hexOf(20), name: text(16) }),
  ),
  usdSend: merged(kind("usdSend"), master, fc.record({ destination: hexOf(20), amount: whole })),
  movePosition: merged(
    kind("movePosition"),
    master,
    part,
    fc.record({ subAccount: hexOf(20), isSplit: fc.boolean() }),
  ),
  offerPosition: merged(
    kind("offerPosition"),
    signed,
    part,
    fc.record({ destination: hexOf(20), expiresAtMs: whole }),
  ),
  acceptOffer: merged(kind("acceptOffer"), signed, fc.record({ offer: whole })),
  endOffer: merged(kind("endOffer"), signed, fc.record({ offer: whole })),
  setAccountRules: merged(
    kind("setAccountRules"),
    fc
      .tuple(...ACCOUNT_RULE_NAMES.map(() => whole))
      .map((rules) => accountRulesFrom((i) => rules[i] as number)),
  ),
  riskLimits: merged(
    kind("riskLimits"),
    signed,
    fc.record({ market: whole, size: whole, exposure: whole }),
  ),
  setRiskLimits: merged(
    kind("setRiskLimits"),
    fc.record({ address, market: whole, size: whole, exposure: whole }),
  ),
  cancelAll: merged(kind("cancelAll"), signed, optional("market", whole)),
  startGrid: merged(
    kind("startGrid"),
    signed,
    fc.record({
      grid: merged(
        fc.record({ market: whole, lowPx: whole, highPx: whole, levels: whole, size: whole }),
        optional("geometric", fc.constant(true)),
        optional("direction", fc.constantFrom("long", "short")),
        optional("shift", fc.constant(true)),
        optional(
          "stopLowPx",
          fc.nat({ max: 1e9 }).map((px) => px + 1),
        ),
        optional(
          "stopHighPx",
          fc.nat({ max: 1e9 }).map((px) => px + 1),
        ),
      ),
    }),
  ),
  setQuote: merged(
    kind("setQuote"),
    signed,
    fc.record({
      quote: merged(
        fc.record({
          market: whole,
          tag: whole,
          spread: whole,
          size: whole,
          intervalMs: whole,
          ttlMs: whole,
          positionMax: whole,
          fade: whole,
        }),
        optional("bothOrNone", fc.constant(true)),
      ),
    }),
  ),
  startDeltaNeutral: merged(
    kind("startDeltaNeutral"),
    signed,
    fc.record({ market: whole, threshold: whole, intervalMs: whole }),
  ),
  setFeatures: merged(
    kind("setFeatures"),
    fc.record({
      vaults: whole,
      pools: whole,
      profitShareCapBps: whole,
      noticeMs: whole,
      lockupMs: whole,
      creationFee: whole,
    }),
  ),
  createPool: merged(
    kind("createPool"),
    fc.record({
      market: whole,
      lowPx: whole,
      highPx: whole,
      levels: whole,
      size: whole,
      gridFlags: whole,
      feeShareBps: whole,
      streamMs: whole,
    }),
  ),
  pausePool: merged(kind("pausePool"), fc.record({ pool: whole, paused: fc.boolean() })),
  changeLiquidity: merged(
    kind("changeLiquidity"),
    signed,
    fc.record({ pool: whole, isDeposit: fc.boolean(), amount: whole, least: whole }),
  ),
  createVault: merged(
    kind("createVault"),
    signed,
    fc.record({ name: text(50), description: text(250), amount: whole, profitShareBps: whole }),
  ),
  vaultTransfer: merged(
    kind("vaultTransfer"),
    master,
    fc.record({ address: hexOf(20), amount: whole, isDeposit: fc.boolean() }),
    optional(
      "sharesMin",
      fc.nat({ max: 1e9 }).map((n) => n + 1),
    ),
  ),
  vaultModify: merged(
    kind("vaultModify"),
    master,
    fc.record({
      address: hexOf(20),
      allowDeposits: fc.constantFrom(true, false, null),
      alwaysClose: fc.constantFrom(true, false, null),
    }),
  ),
  vaultDistribute: merged(
    kind("vaultDistribute"),
    master,
    fc.record({ address: hexOf(20), amount: whole }),
  ),
  setVault: merged(
    kind("setVault"),
    master,
    fc.record({
      address: hexOf(20),
      change: fc.oneof(
        fc.record({ setting: fc.constant("profitShare"), bps: whole }),
        fc.record({ setting: fc.constant("paused"), paused: fc.boolean() }),
        fc.constant({ setting: "manager", manager: null }),
        fc.constant({ setting: "manager", manager: `0x${"ab".repeat(20)}` }),
      ),
    }),
  ),
  controlStrategy: merged(
    kind("controlStrategy"),
    signed,
    fc.record({ id: whole, control: fc.constantFrom("pause", "resume", "end", "flatten") }),
  ),
  updateLeverage: merged(
    kind("updateLeverage"),
    signed,
    fc.record({ market: whole, leverage: whole, isCross: fc.boolean() }),
  ),
  updateIsolatedMargin: merged(
    kind("updateIsolatedMargin"),
    signed,
    fc.record({ market: whole, amount: whole }),
  ),
  topUpIsolatedMargin: merged(
    kind("topUpIsolatedMargin"),
    signed,
    fc.record({ market: whole, leverage: whole }),
  ),
};

const noMinusZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("commands", () => {
  test("the table above has every kind", () => {
    expect(Object.keys(COMMANDS).sort()).toEqual(Object.keys(COMMAND).sort());
  });

  test.each(Object.entries(COMMANDS))("%s survives record and bytes", (_, arbitrary) => {
    // Written into a dirty record: nothing of the command before may shine through.
    const record = createCommandRecord();
    const again = createCommandRecord();
    fc.assert(
      fc.property(arbitrary, fc.nat(64), (object, offset) => {
        const command = object as Command;
        record.lanes.fill(7);
        record.bytes.fill(7);
        again.lanes.fill(9);
        again.bytes.fill(9);
        writeCommand(command, record);
        expect(noMinusZero(readCommand(record))).toEqual(noMinusZero(command));
        const view = new DataView(new ArrayBuffer(offset + encodedCommandBytesMax(record)));
        const end = encodeCommandRecord(record, view, offset);
        expect(decodeCommandRecord(view, offset, again)).toBe(end);
        expect(noMinusZero(readCommand(again))).toEqual(noMinusZero(command));
      }),
      { numRuns: 60 },
    );
  });

  test("a full batch fits, one more stops before it is written over the end", () => {
    const record = createCommandRecord();
    const cancels = new Array(COMMAND_ITEMS_MAX).fill({ market: 1, oid: 2 });
    const head = { kind: "cancelOrders", signer: `0x${"1".repeat(40)}`, nonce: 1 } as const;
    writeCommand({ ...head, cancels }, record);
    expect(record.lanes[HEADER.itemCount]).toBe(200);
    expect(readCommand(record)).toEqual({ ...head, cancels });
    expect(() => writeCommand({ ...head, cancels: [...cancels, ...cancels] }, record)).toThrow(
      /broken rule/,
    );
  });

  test("a kind that no command has reads as null", () => {
    const record = createCommandRecord(0);
    for (const unknown of [0, 199, 299, Number.NaN]) {
      record.lanes[HEADER.kind] = unknown;
      expect(readCommand(record)).toBeNull();
    }
  });
});
