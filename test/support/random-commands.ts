/**
 * Random commands for an exchange: pure, seeded and repeatable, so that properties, crash tests and
 * a whole simulated world can share them. The stream opens three markets and its users first, then
 * trades: prices around a wandering oracle, tight margins, jumps that liquidate, agents, schedules,
 * cancels and modifies of orders it was told about, and a share of nonsense that must be refused.
 */

import { VENUE_ACCOUNT_RULES } from "../../src/base/account-rules.ts";
import { DEFAULT_FEATURES } from "../../src/base/features.ts";
import type { Hex } from "../../src/base/hex.ts";
import {
  ceilLegalPx,
  floorLegalPx,
  type InstrumentSpec,
  lotsPerCoin,
  ticksPerUsdc,
} from "../../src/base/instrument-spec.ts";
import { createPrng, nextBelow, nextU32, nextUnit, type Prng } from "../../src/base/prng.ts";
import { STP, type Stp } from "../../src/base/self-trade.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { isImmediate, TIF, type Tif } from "../../src/base/time-in-force.ts";
import { MICROS_PER_USDC } from "../../src/base/units.ts";
import {
  COMMAND,
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  HEADER,
  HEADER_LANES,
  ITEM_LANES,
  itemByte,
  itemLane,
} from "../../src/exchange/command.ts";
import type { Command, ModifyItem, OrderItem } from "../../src/exchange/command-codec.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import { addressOf, cloidOf, START_MS } from "./test-exchange.ts";

/** Three markets at the ends and in the middle of the precision range. */
export const STREAM_MARKETS: readonly InstrumentSpec[] = [
  {
    name: "BTC",
    szDecimals: 5,
    maxLeverage: 40,
    pxMax: 2 ** 25 - 1,
    positionMax: 2 ** 24,
    notionalMin: 10 * MICROS_PER_USDC,
    priceRule: "fiveSignificantFigures",
  },
  {
    name: "ETH",
    szDecimals: 4,
    maxLeverage: 25,
    pxMax: 10_000_000,
    positionMax: 50_000_000,
    notionalMin: 10 * MICROS_PER_USDC,
    priceRule: "fiveSignificantFigures",
  },
  {
    name: "kPEPE",
    szDecimals: 0,
    maxLeverage: 10,
    pxMax: 1_000_000,
    positionMax: 500_000_000,
    notionalMin: 10 * MICROS_PER_USDC,
    priceRule: "fiveSignificantFigures",
    marginMode: "strictIsolated",
  },
];
const START_PRICES_USDC = [60_000, 3_000, 0.0123] as const;

/** What a stream is made of. */
export interface CommandStreamOptions {
  readonly seed: number;
  /** Default 6. */
  readonly users?: number;
  /** Share of values and commands that must be refused, 0 to 1; default 0.05. */
  readonly nonsense?: number;
  readonly startMs?: number;
  /** Prices that the oracles start from, market by market; they stay within a factor of four [USDC per coin]. */
  readonly startPxUsdc?: readonly number[];
}

/** One command and the time it is sent at [ms]. */
export interface TimedCommand {
  readonly command: Command;
  readonly timeMs: number;
}

/** An endless stream; tell it what happened so that it can cancel and modify what rests. */
export interface CommandStream {
  next(): TimedCommand;
  observe(events: readonly ExchangeEvent[]): void;
}

interface KnownOrder {
  readonly oid: number;
  readonly market: number;
  readonly user: number;
  /** Of a sub-account of the user. */
  readonly vault?: Hex;
  readonly cloid: Hex | null;
}

interface StreamState {
  readonly prng: Prng;
  readonly users: number;
  readonly nonsense: number;
  readonly startPxUsdc: readonly number[];
  readonly pxUsdc: number[];
  readonly known: KnownOrder[];
  /** Sub-accounts that it was told of, by user. */
  readonly subs: { user: number; account: number; address: Hex }[];
  /** Vaults that it was told of, by owner. */
  readonly vaults: { user: number; account: number; address: Hex }[];
  /** Offers of positions that it was told of, by the user who may take them. */
  readonly offers: { user: number; vault: { vault?: Hex }; id: number }[];
  /** Strategies that run, by user. */
  strategies: { id: number; user: number }[];
  readonly opening: Command[];
  readonly lastNonce: Map<Hex, number>;
  timeMs: number;
}

const KNOWN_MAX = 256;
const userAddress = (user: number): Hex => addressOf(`user${user}`);
const agentAddress = (user: number, n: number): Hex => addressOf(`bot${user}x${n}`);

/** A stream of commands; the same options give the same stream for the same observations. */
export function createCommandStream(options: CommandStreamOptions): CommandStream {
  const state: StreamState = {
    prng: createPrng(options.seed),
    users: options.users ?? 6,
    nonsense: options.nonsense ?? 0.05,
    startPxUsdc: options.startPxUsdc ?? START_PRICES_USDC,
    pxUsdc: [...(options.startPxUsdc ?? START_PRICES_USDC)],
    known: [],
    subs: [],
    offers: [],
    strategies: [],
    vaults: [],
    opening: [],
    lastNonce: new Map(),
    timeMs: options.startMs ?? START_MS,
  };
  state.opening.push(...openingCommands(state));
  return {
    next() {
      const command = state.opening.shift() ?? randomCommand(state);
      return { command, timeMs: state.timeMs };
    },
    observe(events) {
      for (const event of events) {
        if (event.kind === "subAccountCreated")
          state.subs.push({
            user: event.account - 2,
            account: event.subAccount,
            address: event.address,
          });
        if (event.kind === "vaultCreated") {
          const vault = { user: event.account - 2, account: event.vault, address: event.address };
          state.vaults.push(vault);
        }
        if (event.kind === "positionOffered") noteOffer(state, event.taker, event.id);
        if (event.kind === "strategyStarted")
          state.strategies.push({ id: event.id, user: event.account - 2 });
        if (event.kind === "strategyEnded")
          state.strategies = state.strategies.filter(({ id }) => id !== event.id);
        const isGone =
          event.kind === "orderCanceled" || (event.kind === "fill" && event.origSz === 0);
        // Some of what is gone stays known: canceling it must find nothing.
        if (isGone && !chance(state, state.nonsense)) forget(state, event.oid);
        if (event.kind !== "orderRested" && event.kind !== "orderWaiting") continue;
        const { oid, market, cloid } = event;
        // Its owner acts for a vault as for a sub-account.
        const all = [...state.subs, ...state.vaults];
        const sub = all.find(({ account }) => account === event.account);
        const owner = sub && { user: sub.user, vault: sub.address };
        state.known.push({ oid, market, user: event.account - 2, ...owner, cloid });
      }
      if (state.known.length > KNOWN_MAX) state.known.splice(0, state.known.length - KNOWN_MAX);
    },
  };
}

function noteOffer(state: StreamState, account: number, id: number): void {
  const sub = state.subs.find((one) => one.account === account);
  const user = sub?.user ?? account - 2;
  state.offers.push({ user, vault: sub === undefined ? {} : { vault: sub.address }, id });
  if (state.offers.length > 20) state.offers.shift();
}

function forget(state: StreamState, oid: number): void {
  const at = state.known.findIndex((order) => order.oid === oid);
  if (at >= 0) state.known.splice(at, 1);
}

function openingCommands(state: StreamState): Command[] {
  const commands: Command[] = STREAM_MARKETS.map((spec) => ({ kind: "createMarket", spec }));
  commands.push(oracleCommand(state, [0, 1, 2]));
  commands.push({ kind: "setFeatures", ...DEFAULT_FEATURES, vaults: 1, pools: 1, lockupMs: 1_000 });
  for (let user = 0; user < state.users; user++) {
    const usdc = 500 * (1 << (2 * (user % 4)));
    commands.push({ kind: "deposit", address: userAddress(user), amount: usdc * MICROS_PER_USDC });
  }
  const master = (user: number) => ({ signer: userAddress(user), nonce: state.timeMs - 1 });
  commands.push({ kind: "registerReferrer", ...master(0), code: "ALPHA" });
  commands.push({ kind: "setReferrer", ...master(1), code: "ALPHA" });
  const builder = userAddress(state.users - 1);
  commands.push({ kind: "approveBuilderFee", ...master(2), builder, feeMax: 100 });
  // After the users, whose accounts are numbered from the first.
  commands.push(poolCommand(state));
  return commands;
}

const chance = (state: StreamState, p: number): boolean => nextUnit(state.prng) < p;
const pick = <T>(state: StreamState, from: readonly T[]): T =>
  from[nextBelow(state.prng, from.length)] as T;

/** Roughly normal with standard deviation 1. */
const bell = (state: StreamState): number =>
  (nextUnit(state.prng) + nextUnit(state.prng) + nextUnit(state.prng) - 1.5) * 2;

function oracleCommand(state: StreamState, markets: readonly number[]): Command {
  const prices = markets.map((market) => {
    const spec = STREAM_MARKETS[market] as InstrumentSpec;
    const ticks = Math.round((state.pxUsdc[market] as number) * ticksPerUsdc(spec.szDecimals));
    const px = Math.max(1, Math.min(ticks, spec.pxMax));
    // What other venues say is known now and then, and once in a while not a price.
    return px % 7 === 0 ? { market, px, elsewherePx: px + (px % 49) - 20 } : { market, px };
  });
  return { kind: "setOraclePrices", prices };
}

function wander(state: StreamState, market: number, scale: number): void {
  const start = state.startPxUsdc[market] as number;
  const moved = (state.pxUsdc[market] as number) * (1 + scale * bell(state));
  state.pxUsdc[market] = Math.min(Math.max(moved, start / 4), start * 4);
}

function moveTime(state: StreamState): void {
  const roll = nextUnit(state.prng);
  if (roll < 0.002) state.timeMs += 86_400_000;
  else if (roll < 0.03) state.timeMs += nextBelow(state.prng, 30_000);
  else if (roll < 0.7) state.timeMs += nextBelow(state.prng, 400);
}

function randomCommand(state: StreamState): Command {
  moveTime(state);
  const roll = nextUnit(state.prng);
  if (roll < 0.494) return placeCommand(state);
  if (roll < 0.5) return rewardCommand(state, nextBelow(state.prng, state.users));
  if (roll < 0.6) return cancelCommand(state);
  if (roll < 0.7) return modifyCommand(state);
  if (roll < 0.8) {
    const market = nextBelow(state.prng, STREAM_MARKETS.length);
    const roll = nextUnit(state.prng);
    wander(state, market, roll < 0.03 ? 0.3 : roll < 0.15 ? 0.05 : 0.002);
    return oracleCommand(state, [market]);
  }
  if (roll < 0.88) return { kind: "tick" };
  return sideCommand(state, roll);
}

/** Money, agents, schedules, settings and what else is rare. */
function sideCommand(state: StreamState, roll: number): Command {
  const user = nextBelow(state.prng, state.users);
  const address = userAddress(user);
  if (roll < 0.881) return protectionCommand(state);
  if (roll < 0.884) return twapCommand(state, user);
  if (roll < 0.887) return leverageCommand(state, user);
  if (roll < 0.89) return marginCommand(state, user);
  if (roll < 0.9) return { kind: "deposit", address, amount: nextBelow(state.prng, 1e8) };
  if (roll < 0.92) return { kind: "withdraw", address, amount: nextBelow(state.prng, 4e8) };
  if (roll < 0.926) return policyCommand(state, address);
  if (roll < 0.93) return { kind: "fundInsurance", amount: nextBelow(state.prng, 5e7) };
  if (roll < 0.942) return vaultStreamCommand(state, user);
  if (roll < 0.948) {
    const timeMs = chance(state, 0.2) ? 0 : state.timeMs + 4_900 + nextBelow(state.prng, 9_000);
    return { kind: "scheduleCancel", ...signed(state, user), timeMs };
  }
  if (roll < 0.955) {
    const isRemoval = chance(state, 0.15);
    return {
      kind: "approveAgent",
      ...signed(state, user),
      agent: isRemoval ? `0x${"0".repeat(40)}` : agentAddress(user, nextBelow(state.prng, 5)),
      name: pick(state, ["", "", "a", "b", "c", "d"]),
      validUntilMs: agentValidity(state),
    };
  }
  if (roll < 0.969) return positionCommand(state, user);
  if (roll < 0.971) return { kind: "noop", ...signed(state, user) };
  if (roll < 0.98) return strategyCommand(state, user);
  if (roll < 0.984) return sendCommand(state, user);
  if (roll < 0.989) return subAccountCommand(state, user);
  if (roll < 0.99) return { kind: "setLimits", on: chance(state, 0.5) };
  if (roll < 0.991) return markCommand(state);
  if (roll < 0.992) return fundingCommand(state);
  if (roll < 0.9935) return { kind: "setFeeSchedule", schedule: nextBelow(state.prng, 3) };
  if (roll < 0.995)
    return {
      kind: "setStake",
      address,
      amount: nextBelow(state.prng, 1e9) * nextBelow(state.prng, 1e3),
    };
  if (roll < 0.996) return rulesCommand(state);
  if (roll < 0.9965) return riskCommand(state, user);
  if (roll < 0.9975) return { kind: "createMarket", spec: pick(state, STREAM_MARKETS) };
  return tiersCommand(state);
}

/** Limits that bite now and then, most often lifted again soon. */
function riskCommand(state: StreamState, user: number): Command {
  const isAll = chance(state, 0.4);
  const market = isAll ? -1 : nextBelow(state.prng, chance(state, state.nonsense) ? 5 : 3);
  const size = isAll ? pick(state, [0, 1, 2]) : nextBelow(state.prng, 1e6);
  const exposure = isAll ? nextBelow(state.prng, 1_000) : nextBelow(state.prng, 1e9);
  const args = chance(state, 0.4)
    ? { market, size: 0, exposure: 0 }
    : { market, size: chance(state, state.nonsense) ? -1 : size, exposure };
  if (chance(state, 0.5)) return { kind: "riskLimits", ...signed(state, user), ...args };
  return { kind: "setRiskLimits", address: userAddress(user), ...args };
}

/** Backstops with little to lose among those with much, and partial closing of small positions. */
function policyCommand(state: StreamState, backstop: Hex): Command {
  return {
    kind: "setDefaultPolicy",
    adl: chance(state, state.nonsense) ? 2 : nextBelow(state.prng, 2),
    partialAbove: nextBelow(state.prng, 10_000) * MICROS_PER_USDC,
    backstop: chance(state, 0.3) ? null : backstop,
    lossMax: nextBelow(state.prng, 1e4) * MICROS_PER_USDC,
  };
}

/** A vault, money into one or out of it, or what its owner decides; now and then somebody else. */
function vaultStreamCommand(state: StreamState, user: number): Command {
  const { prng } = state;
  if (chance(state, 0.06))
    return {
      kind: "setFeatures",
      vaults: chance(state, 0.9) ? 1 : 0,
      pools: chance(state, 0.9) ? 1 : 0,
      profitShareCapBps: nextBelow(prng, 4_000),
      noticeMs: nextBelow(prng, 60_000),
      lockupMs: nextBelow(prng, 3_000),
      creationFee: nextBelow(prng, 2) * 1_000_000,
    };
  if (chance(state, 0.35)) return liquidityCommand(state, user);
  const vault = pick(state, [...state.vaults, null]);
  if (vault === null)
    return {
      kind: "createVault",
      ...signed(state, user),
      name: "vault",
      description: "of a stream",
      amount: (chance(state, state.nonsense) ? 1 : 100) * MICROS_PER_USDC,
      profitShareBps: nextBelow(prng, 3_000),
    };
  const { address } = vault;
  const owner = signed(state, chance(state, state.nonsense) ? user : vault.user);
  const roll = nextUnit(prng);
  if (roll < 0.55)
    return {
      kind: "vaultTransfer",
      ...signed(state, user),
      address,
      isDeposit: chance(state, 0.6),
      amount: 1 + nextBelow(prng, 6e7),
      ...(chance(state, 0.1) && { sharesMin: 1 + nextBelow(prng, 1e9) }),
    };
  if (roll < 0.7)
    return {
      kind: "vaultModify",
      ...owner,
      address,
      allowDeposits: pick(state, [true, true, false, null]),
      alwaysClose: pick(state, [true, false, null]),
    };
  if (roll < 0.8)
    return {
      kind: "vaultDistribute",
      ...owner,
      address,
      amount: chance(state, 0.5) ? 0 : 1 + nextBelow(prng, 5e7),
    };
  const change = pick(state, [
    { setting: "manager", manager: userAddress(user) },
    { setting: "manager", manager: null },
    { setting: "profitShare", bps: nextBelow(prng, 5_000) },
    { setting: "paused", paused: chance(state, 0.3) },
  ] as const);
  return { kind: "setVault", ...owner, address, change };
}

/** A pool around the price; now and then one that is not sound. */
function poolCommand(state: StreamState): Command {
  const { prng } = state;
  const market = nextBelow(prng, STREAM_MARKETS.length);
  const spec = STREAM_MARKETS[market] as InstrumentSpec;
  const px = (state.pxUsdc[market] as number) * ticksPerUsdc(spec.szDecimals);
  const legal = (ticks: number): number => floorLegalPx(spec, Math.max(1, Math.round(ticks)));
  const lots = Math.round((20 / (state.pxUsdc[market] as number)) * lotsPerCoin(spec.szDecimals));
  return {
    kind: "createPool",
    market,
    lowPx: legal(px * 0.95),
    highPx: legal(px * 1.05),
    levels: chance(state, state.nonsense) ? 0 : 2 + nextBelow(prng, 7),
    size: Math.max(1, lots),
    gridFlags: chance(state, 0.5) ? 8 : 0,
    feeShareBps: chance(state, state.nonsense) ? 10_001 : nextBelow(prng, 10_001),
    streamMs: 1 + nextBelow(prng, 60_000),
  };
}

/** Money into a pool or out of it; now and then a new pool, or a rest. */
function liquidityCommand(state: StreamState, user: number): Command {
  const { prng } = state;
  if (chance(state, 0.08)) return poolCommand(state);
  const pool = 1 + nextBelow(prng, 3);
  if (chance(state, 0.1)) return { kind: "pausePool", pool, paused: chance(state, 0.4) };
  const isDeposit = chance(state, 0.5);
  return {
    kind: "changeLiquidity",
    ...signed(state, user),
    pool,
    isDeposit,
    // Small exits mostly: few hold many tokens.
    amount: 1 + nextBelow(prng, isDeposit ? 8e7 : chance(state, 0.3) ? 8e8 : 1e6),
    least: chance(state, 0.1) ? nextBelow(prng, 1e9) : 0,
  };
}

/** A grid around the price, most often sound; or something asked of one that is known. */
function strategyCommand(state: StreamState, user: number): Command {
  const { prng } = state;
  const known = pick(state, [...state.strategies, null]);
  if (known !== null && chance(state, 0.6)) {
    const owner = chance(state, state.nonsense) ? user : known.user;
    const control = pick(state, ["pause", "resume", "resume", "resume", "end", "flatten"] as const);
    return { kind: "controlStrategy", ...signed(state, owner), id: known.id, control };
  }
  const market = nextBelow(prng, STREAM_MARKETS.length);
  const spec = STREAM_MARKETS[market] as InstrumentSpec;
  const px = (state.pxUsdc[market] as number) * ticksPerUsdc(spec.szDecimals);
  if (chance(state, 0.3)) return quoteCommand(state, user, market);
  if (chance(state, 0.15))
    return {
      kind: "startDeltaNeutral",
      ...signed(state, user),
      market,
      threshold: nextBelow(prng, 200) * MICROS_PER_USDC,
      intervalMs: pick(state, [0, 200, 5_000]),
    };
  const width = chance(state, state.nonsense) ? 0 : 0.005 + 0.1 * nextUnit(prng);
  const legal = (ticks: number): number => floorLegalPx(spec, Math.max(1, Math.round(ticks)));
  const usdc = 12 + 40 * nextUnit(prng);
  const lots = Math.round((usdc / (state.pxUsdc[market] as number)) * lotsPerCoin(spec.szDecimals));
  return {
    kind: "startGrid",
    ...signed(state, user),
    grid: {
      market,
      lowPx: legal(px * (1 - width)),
      highPx: legal(px * (1 + width)),
      levels: 2 + nextBelow(prng, 7),
      size: Math.max(1, lots),
      ...(chance(state, 0.3) && { geometric: true }),
      ...(chance(state, 0.3) && { direction: pick(state, ["long", "short"] as const) }),
      ...(chance(state, 0.3) && { shift: true }),
      ...(chance(state, 0.3) && { stopLowPx: legal(px * (1 - 2 * width)) }),
      ...(chance(state, 0.3) && { stopHighPx: legal(px * (1 + 2 * width)) }),
    },
  };
}

/** A quote of a few dollars a leg, set anew now and then; now and then one that is not sound. */
function quoteCommand(state: StreamState, user: number, market: number): Command {
  const { prng } = state;
  const spec = STREAM_MARKETS[market] as InstrumentSpec;
  const usdc = 12 + 60 * nextUnit(prng);
  const lots = Math.round((usdc / (state.pxUsdc[market] as number)) * lotsPerCoin(spec.szDecimals));
  const size = Math.max(1, lots);
  const hasLimit = chance(state, 0.5);
  return {
    kind: "setQuote",
    ...signed(state, user),
    quote: {
      market,
      tag: nextBelow(prng, 2),
      spread: chance(state, state.nonsense) ? 10 : 100 + nextBelow(prng, 5_000),
      size,
      intervalMs: pick(state, [0, 100, 2_000]),
      ttlMs: pick(state, [0, 0, 20_000]),
      positionMax: hasLimit ? size * (1 + nextBelow(prng, 4)) : 0,
      fade: hasLimit ? nextBelow(prng, 2_000) : 0,
      ...(chance(state, 0.3) && { bothOrNone: true }),
    },
  };
}

/** The usual validity, a short one, or one that is too long [ms]. */
function agentValidity(state: StreamState): number {
  if (!chance(state, 0.3)) return 0;
  const spanMs = chance(state, state.nonsense) ? 181 * 86_400_000 : nextBelow(state.prng, 60_000);
  return state.timeMs + spanMs;
}

/** A sub-account's opening, or money to one that is there, now and then somebody else's. */
function subAccountCommand(state: StreamState, user: number): Command {
  const sub = state.subs[nextBelow(state.prng, state.subs.length * 2 + 1)];
  if (sub === undefined)
    return {
      kind: "createSubAccount",
      ...signed(state, user),
      name: chance(state, state.nonsense) ? "" : "sub",
    };
  const master = chance(state, state.nonsense) ? user : sub.user;
  if (chance(state, 0.15))
    return {
      kind: "renameSubAccount",
      ...signed(state, master),
      subAccount: sub.address,
      name: pick(state, ["hedge", "carry", ""]),
    };
  return {
    kind: "subAccountTransfer",
    ...signed(state, master),
    subAccount: sub.address,
    isDeposit: chance(state, 0.7),
    amount: nextBelow(state.prng, 4e8),
  };
}

/** A time-weighted order, or the end of one that the stream may have started. */
function twapCommand(state: StreamState, user: number): Command {
  const market = nextBelow(state.prng, STREAM_MARKETS.length);
  if (chance(state, 0.2)) {
    const twapId = 1 + nextBelow(state.prng, 12);
    return { kind: "twapCancel", ...signed(state, user), market, twapId };
  }
  const spec = STREAM_MARKETS[market] as InstrumentSpec;
  const pxUsdc = state.pxUsdc[market] as number;
  const near = (): number => {
    const usdc = pxUsdc * (1 + 0.01 * bell(state));
    return floorLegalPx(spec, Math.max(1, Math.round(usdc * ticksPerUsdc(spec.szDecimals))));
  };
  const usdc = 60 * (1 << nextBelow(state.prng, 8));
  return {
    kind: "twapOrder",
    ...signed(state, user),
    twap: {
      market: chance(state, state.nonsense) ? 9 : market,
      side: chance(state, 0.5) ? BUY : SELL,
      sz: Math.round((usdc / pxUsdc) * lotsPerCoin(spec.szDecimals)),
      minutes: chance(state, state.nonsense) ? pick(state, [0, 4, 20_000, 0.5]) : 5,
      ...(chance(state, 0.2) && { reduceOnly: true }),
      ...(chance(state, 0.5) && { randomize: true }),
      ...(chance(state, 0.3) && { trigger: { px: near(), above: chance(state, 0.5) } }),
      ...(chance(state, 0.3) && { stopPx: near() }),
    },
  };
}

/** Lots that are most often fewer than a position has. */
function randomPart(state: StreamState): { market: number; sz: number; usd: number } {
  const market = nextBelow(state.prng, STREAM_MARKETS.length);
  const { szDecimals } = STREAM_MARKETS[market] as InstrumentSpec;
  const usdc = 1 << nextBelow(state.prng, 8);
  const lots = (usdc / (state.pxUsdc[market] as number)) * lotsPerCoin(szDecimals);
  return {
    market: chance(state, state.nonsense) ? 3 : market,
    sz: Math.floor(lots) + (chance(state, state.nonsense) ? 0 : 1),
    usd: chance(state, 0.5) ? 0 : nextBelow(state.prng, 4e8) - 1e8,
  };
}

/** Positions between a user's accounts, offers of them to others, and what becomes of those. */
function positionCommand(state: StreamState, user: number): Command {
  const roll = nextUnit(state.prng);
  const sub = roll < 0.4 ? pick(state, state.subs) : undefined;
  if (sub !== undefined)
    return {
      kind: "movePosition",
      ...signed(state, chance(state, state.nonsense) ? user : sub.user),
      subAccount: sub.address,
      isSplit: chance(state, 0.6),
      ...randomPart(state),
    };
  const offer = roll < 0.75 ? pick(state, state.offers) : undefined;
  if (offer !== undefined) {
    const kind = chance(state, 0.8) ? "acceptOffer" : "endOffer";
    const head = signed(state, offer.user);
    return { kind, ...head, ...offer.vault, offer: offer.id };
  }
  const others = [...state.subs, ...state.subs].map(({ address }) => address);
  for (let other = 0; other < state.users; other++) others.push(userAddress(other));
  return {
    kind: "offerPosition",
    ...signed(state, user),
    destination: chance(state, state.nonsense) ? addressOf("nobody") : pick(state, others),
    expiresAtMs: state.timeMs + nextBelow(state.prng, 120_000),
    ...randomPart(state),
  };
}

/** Money to a user, a sub-account or an address that may have no account yet. */
function sendCommand(state: StreamState, user: number): Command {
  const destination =
    chance(state, 0.1) || state.subs.length === 0
      ? addressOf(`friend${nextBelow(state.prng, 20)}`)
      : chance(state, 0.5)
        ? userAddress(nextBelow(state.prng, state.users))
        : pick(state, state.subs).address;
  const amount = chance(state, state.nonsense) ? 0 : nextBelow(state.prng, 1e8);
  return { kind: "usdSend", ...signed(state, user), destination, amount };
}

/** The venue's rules of accounts, or others that bite sooner. */
function rulesCommand(state: StreamState): Command {
  if (chance(state, 0.5)) return { kind: "setAccountRules", ...VENUE_ACCOUNT_RULES };
  return {
    kind: "setAccountRules",
    ...VENUE_ACCOUNT_RULES,
    subVolumeMin: nextBelow(state.prng, 1e9),
    subCountBase: nextBelow(state.prng, 3),
    subVolumeStep: chance(state, state.nonsense) ? 0 : 1 + nextBelow(state.prng, 1e9),
    agentCountBase: nextBelow(state.prng, 3),
    agentValidityMsMax: VENUE_ACCOUNT_RULES.agentValidityMs,
    openingFee: nextBelow(state.prng, 1e6),
  };
}

/** Tiers that begin where the stream's accounts trade; now and then some that are not sound. */
function tiersCommand(state: StreamState): Command {
  const market = nextBelow(state.prng, STREAM_MARKETS.length);
  let { maxLeverage } = STREAM_MARKETS[market] as InstrumentSpec;
  let lowerBound = 0;
  const tiers = Array.from({ length: nextBelow(state.prng, 4) }, () => {
    const usdc = 10 * (1 << (7 + nextBelow(state.prng, 9)));
    lowerBound += usdc * MICROS_PER_USDC + nextBelow(state.prng, MICROS_PER_USDC);
    maxLeverage = chance(state, state.nonsense) ? maxLeverage : Math.ceil(maxLeverage / 2);
    return { lowerBound, maxLeverage };
  });
  return { kind: "setMarginTiers", market: chance(state, state.nonsense) ? 3 : market, tiers };
}

/** Any leverage of a market, most often; else one that no market has. */
function leverageCommand(state: StreamState, user: number): Command {
  const market = nextBelow(state.prng, STREAM_MARKETS.length);
  const { maxLeverage } = STREAM_MARKETS[market] as InstrumentSpec;
  const isNonsense = chance(state, state.nonsense);
  // Mostly high: accounts at low leverage hardly trade.
  const below = nextBelow(
    state.prng,
    chance(state, 0.2) ? maxLeverage : Math.ceil(maxLeverage / 4),
  );
  const chosen = maxLeverage - below;
  return {
    kind: "updateLeverage",
    ...signed(state, user),
    market: chance(state, state.nonsense / 4) ? 7 : market,
    leverage: isNonsense ? pick(state, [0, maxLeverage + 1, -1]) : chosen,
    isCross: !chance(state, 0.3),
  };
}

/** Margin into or out of a position, which is isolated at times. */
function marginCommand(state: StreamState, user: number): Command {
  const { prng } = state;
  const market = chance(state, state.nonsense / 4) ? 7 : nextBelow(prng, STREAM_MARKETS.length);
  const head = { ...signed(state, user), market };
  if (chance(state, 0.2)) {
    const leverage = chance(state, state.nonsense) ? 0.5 : 1 + nextBelow(prng, 20_000_000);
    return { kind: "topUpIsolatedMargin", ...head, leverage };
  }
  const amount = chance(state, state.nonsense) ? 0.5 : nextBelow(prng, 2e7) - 8e6;
  return { kind: "updateIsolatedMargin", ...head, amount };
}

/** The venue's policy more often than the oracle's, and nonsense. */
function markCommand(state: StreamState): Command {
  return {
    kind: "setMark",
    policy: pick(state, [0, 1, 1, 1, 1, 2]),
    basisTauMs: pick(state, [0, 1_000, 30_000, 150_000]),
    bookTauMs: 1 + nextBelow(state.prng, 60_000),
    markets: [nextBelow(state.prng, 3), nextBelow(state.prng, chance(state, 0.1) ? 5 : 3)],
  };
}

/** Halts that pass soon, and settings that refuse now and then; some that make no sense. */
function protectionCommand(state: StreamState): Command {
  const { prng } = state;
  const market = nextBelow(prng, chance(state, state.nonsense) ? 5 : STREAM_MARKETS.length);
  if (chance(state, 0.4)) {
    const untilMs = chance(state, 0.1) ? 1 : state.timeMs + 1 + nextBelow(prng, 4_000);
    return { kind: "setMarketState", market, state: nextBelow(prng, 3), untilMs };
  }
  const settings = {
    distance: pick(state, [0, 800_000_000, 50_000_000]),
    band: pick(state, [0, 0, 10_000_000]),
    marketNotionalMax: pick(state, [0, 1e9, 1e13]),
    moveMax: pick(state, [0, 30_000_000, 10_000_000]),
    moveWindowMs: chance(state, state.nonsense) ? 0 : 10_000,
    cancelOnlyMs: nextBelow(prng, 2_000),
    postOnlyMs: 1 + nextBelow(prng, 2_000),
    staleMs: pick(state, [0, 5_000, 500]),
    openInterestMax: pick(state, [0, 0, 1e10, 1e12]),
  };
  return { kind: "setProtection", market, settings };
}

/** Terms that pay often and much, none, or nonsense. */
function fundingCommand(state: StreamState): Command {
  const { prng } = state;
  return {
    kind: "setFunding",
    intervalMs: pick(state, [0, 60_000, 600_000, 3_600_000]),
    sampleMs: pick(state, [500, 5_000, 5_000]),
    interest: nextBelow(prng, 1e9) - 4e8,
    clamp: nextBelow(prng, 1e9),
    divisor: nextBelow(prng, 9),
    cap: nextBelow(prng, 1e8) * nextBelow(prng, 10),
    markets: [nextBelow(prng, 3), nextBelow(prng, chance(state, 0.1) ? 5 : 3)].map((market) => ({
      market,
      impactNotional: 1 + nextBelow(prng, 1e9),
    })),
  };
}

function signed(state: StreamState, user: number) {
  const isAgent = chance(state, 0.1);
  const signer = isAgent ? agentAddress(user, nextBelow(state.prng, 5)) : userAddress(user);
  const last = state.lastNonce.get(signer) ?? 0;
  let nonce = Math.max(last + 1, state.timeMs);
  if (chance(state, state.nonsense / 2)) nonce = pick(state, [last, 1, nonce + 2 * 86_400_000]);
  else state.lastNonce.set(signer, nonce);
  return {
    signer,
    nonce,
    ...(chance(state, 0.02) && { expiresAfter: state.timeMs - 5 + nextBelow(state.prng, 10) }),
    ...(chance(state, state.nonsense / 10) && { vault: addressOf("vault") }),
    ...subOf(state, user),
  };
}

/** Signed by an order's owner, most often in the name of the account whose order it is. */
function signedFor(state: StreamState, { user, vault }: KnownOrder) {
  const head = signed(state, user);
  return vault === undefined || chance(state, state.nonsense) ? head : { ...head, vault };
}

/** Now and then a sub-account of the user, to act for. */
function subOf(state: StreamState, user: number): { vault?: Hex } {
  const sub = chance(state, 0.2) ? pick(state, state.subs) : undefined;
  return sub !== undefined && (sub.user === user || chance(state, state.nonsense))
    ? { vault: sub.address }
    : {};
}

function randomOrder(state: StreamState): OrderItem {
  const market = nextBelow(state.prng, STREAM_MARKETS.length);
  const spec = STREAM_MARKETS[market] as InstrumentSpec;
  const side = chance(state, 0.5) ? BUY : SELL;
  const away = chance(state, 0.08) ? 0.1 : 0.002;
  const usdc = (state.pxUsdc[market] as number) * (1 + away * bell(state));
  const ticks = Math.max(1, Math.round(usdc * ticksPerUsdc(spec.szDecimals)));
  // Shifts and products only: powers of floats are not the same on every machine.
  const notionalUsdc = 8 * (1 << nextBelow(state.prng, 15)) * (1 + nextUnit(state.prng));
  const order: OrderItem = {
    market,
    side,
    px: side === BUY ? floorLegalPx(spec, ticks) : ceilLegalPx(spec, ticks),
    sz: Math.max(1, Math.round((notionalUsdc / usdc) * lotsPerCoin(spec.szDecimals))),
    tif: pick<Tif>(state, [
      TIF.gtc,
      TIF.gtc,
      TIF.gtc,
      TIF.ioc,
      TIF.alo,
      TIF.frontendMarket,
      TIF.fok,
    ]),
  };
  if (chance(state, 0.15)) order.reduceOnly = true;
  if (order.reduceOnly && chance(state, 0.3)) order.sz = 0;
  if (chance(state, 0.1)) order.expiresAtMs = state.timeMs - 100 + nextBelow(state.prng, 60_000);
  if (chance(state, 0.3)) order.stp = pick<Stp>(state, [STP.taker, STP.both, STP.decrement]);
  if (chance(state, 0.1)) order.groupScope = true;
  if (order.tif === TIF.alo && chance(state, 0.5)) order.slide = true;
  if (chance(state, 0.3)) order.cloid = cloidOf(nextBelow(state.prng, 40));
  if (chance(state, 0.12)) makeTrigger(state, order);
  if (chance(state, state.nonsense)) spoil(state, order);
  return order;
}

/** A trigger a little off the price, more often on the side where it waits. */
function makeTrigger(state: StreamState, order: OrderItem): void {
  const spec = STREAM_MARKETS[order.market] as InstrumentSpec;
  const takeProfit = chance(state, 0.5);
  const rises = (order.side === BUY) !== takeProfit;
  const sign = rises === chance(state, 0.95) ? 1 : -1;
  const usdc =
    (state.pxUsdc[order.market] as number) * (1 + sign * 0.003 * (0.1 + nextUnit(state.prng)));
  const px = floorLegalPx(spec, Math.max(1, Math.round(usdc * ticksPerUsdc(spec.szDecimals))));
  order.trigger = { px: chance(state, state.nonsense) ? -1 : px, takeProfit };
  order.tif = pick<Tif>(state, [TIF.gtc, TIF.ioc]);
  if (order.reduceOnly && chance(state, 0.5)) order.trigger.position = true;
  if (chance(state, 0.3)) makeTrailing(state, order);
}

/** A stop that follows the mark price, near enough to fire. */
function makeTrailing(state: StreamState, order: OrderItem): void {
  const spec = STREAM_MARKETS[order.market] as InstrumentSpec;
  const isBps = chance(state, 0.5);
  const bps = 1 + nextBelow(state.prng, 60);
  const ticks = Math.round(
    ((state.pxUsdc[order.market] as number) * ticksPerUsdc(spec.szDecimals) * bps) / 10_000,
  );
  const px = chance(state, state.nonsense) ? pick(state, [0, -1, 10_000, 2 ** 25]) : ticks;
  order.tif = TIF.ioc;
  order.trigger = {
    px: isBps ? bps : px,
    takeProfit: false,
    trail: isBps ? "bps" : "ticks",
  };
}

function spoil(state: StreamState, order: OrderItem): void {
  const what = nextBelow(state.prng, 6);
  if (what === 0) order.px = pick(state, [-1, -2, 0, order.px + 0.5, 2 ** 25, 2 ** 53]);
  else if (what === 1) order.sz = pick(state, [-1, 0, 0.5, 2 ** 40, 2 ** 53]);
  else if (what === 2) order.market = pick(state, [-1, 3, 0.5]);
  else if (what === 3) order.tif = pick(state, [TIF.liquidationMarket, 9 as Tif]);
  else if (what === 4) order.unsupported = true;
  else order.px += 1;
}

/** A parent and one or two children, mostly as they should be. */
function familyOrders(state: StreamState): OrderItem[] {
  const parent = randomOrder(state);
  delete parent.trigger;
  delete parent.expiresAtMs;
  parent.reduceOnly = chance(state, state.nonsense);
  parent.parent = !chance(state, state.nonsense);
  const children = Array.from({ length: 1 + nextBelow(state.prng, 2) }, (_, n) => {
    const child = randomOrder(state);
    child.market = STREAM_MARKETS[parent.market] === undefined ? 0 : parent.market;
    child.side = parent.side === BUY ? SELL : BUY;
    child.px = parent.px;
    child.reduceOnly = !chance(state, state.nonsense);
    child.sz = chance(state, 0.3) ? 0 : parent.sz;
    delete child.expiresAtMs;
    makeTrigger(state, child);
    const spec = STREAM_MARKETS[parent.market];
    const takeProfit = n === 0;
    const sign = (parent.side === BUY) === takeProfit ? 1 : -1;
    const px = parent.px * (1 + sign * 0.003 * nextUnit(state.prng));
    if (spec !== undefined && px > 0 && px < 2 ** 40)
      child.trigger = { px: floorLegalPx(spec, Math.max(1, Math.round(px))), takeProfit };
    if (child.trigger !== undefined) child.trigger.child = true;
    return child;
  });
  return [parent, ...children];
}

function placeCommand(state: StreamState): Command {
  if (chance(state, 0.06)) {
    const head = signed(state, nextBelow(state.prng, state.users));
    return {
      kind: "placeOrders",
      ...head,
      orders: familyOrders(state),
      ...(chance(state, 0.2) && { atomic: true }),
    };
  }
  const count = chance(state, 0.25) ? nextBelow(state.prng, 6) : 1;
  const orders = Array.from({ length: count }, () => {
    const order = randomOrder(state);
    const isPlain = isImmediate(order.tif) && order.trigger === undefined;
    if (isPlain && chance(state, 0.1)) order.slippage = nextBelow(state.prng, 50_000);
    return order;
  });
  const head = signed(state, nextBelow(state.prng, state.users));
  if (chance(state, 0.1)) {
    // Users' accounts stand behind the exchange's own two, in order.
    const builder = {
      account: 2 + nextBelow(state.prng, state.users),
      fee: nextBelow(state.prng, 50),
    };
    return { kind: "placeOrders", ...head, orders, builder };
  }
  return { kind: "placeOrders", ...head, orders, ...(chance(state, 0.3) && { atomic: true }) };
}

/** Codes, referrers, approvals of builders and claims; few codes, so that some are taken. */
function rewardCommand(state: StreamState, user: number): Command {
  const what = nextUnit(state.prng);
  const head = signed(state, user);
  if (what < 0.2)
    return { kind: "registerReferrer", ...head, code: pick(state, ["ALPHA", "BETA", "", "GAMMA"]) };
  if (what < 0.4)
    return { kind: "setReferrer", ...head, code: pick(state, ["ALPHA", "BETA", "GAMMA", "none"]) };
  if (what < 0.8)
    return {
      kind: "approveBuilderFee",
      ...head,
      builder: userAddress(nextBelow(state.prng, state.users)),
      feeMax: chance(state, 0.1) ? pick(state, [0, 101, 0.5]) : 40 + nextBelow(state.prng, 61),
    };
  return { kind: "claimRewards", ...head };
}

/** An order it was told about, most often; else an id nobody has. */
function target(state: StreamState): KnownOrder {
  const { known, prng } = state;
  const nobodys = { oid: 1, market: 0, user: 0, cloid: null };
  if (!chance(state, state.nonsense)) return known[nextBelow(prng, known.length)] ?? nobodys;
  const oid = pick(state, [0, 1, -1, 0.5, 2 ** 53, nextU32(prng)]);
  return { oid, market: 0, user: nextBelow(prng, state.users), cloid: cloidOf(77) };
}

function cancelCommand(state: StreamState): Command {
  const first = target(state);
  const targets = chance(state, 0.3) ? [first, target(state), target(state)] : [first];
  const head = signedFor(state, first);
  if (chance(state, 0.03))
    return { kind: "cancelAll", ...head, ...(chance(state, 0.7) && { market: first.market }) };
  if (chance(state, 0.3)) {
    const cancels = targets.map(({ market, cloid }) => ({ market, cloid: cloid ?? cloidOf(5) }));
    return { kind: "cancelByCloid", ...head, cancels };
  }
  const cancels = targets.map(({ market, oid }) => ({ market, oid }));
  return { kind: "cancelOrders", ...head, cancels };
}

function modifyCommand(state: StreamState): Command {
  const order = target(state);
  const { oid, cloid } = order;
  const modify = (): ModifyItem => ({
    target: cloid !== null && chance(state, 0.4) ? { cloid } : { oid: Math.max(1, oid) },
    order: randomOrder(state),
    ...(chance(state, 0.5) && { alwaysPlace: true }),
  });
  const head = signedFor(state, order);
  if (chance(state, 0.5)) return { kind: "modifyOrder", ...head, modify: modify() };
  return { kind: "modifyOrders", ...head, modifies: [modify(), modify()] };
}

const NASTY = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  -1,
  -2,
  0,
  0.5,
  1,
  3,
  7,
  200,
  2 ** 21,
  2 ** 25,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e300,
  5e-324,
] as const;

/**
 * Spoils a filled record: any lanes but seq and time get values that no command has, the item count
 * anything within its bounds, bytes anything. A state must take all of it.
 */
export function scrambleRecord(prng: Prng, record: CommandRecord): void {
  const { lanes, bytes } = record;
  if (nextBelow(prng, 8) === 0) {
    const room = Math.floor((lanes.length - HEADER_LANES) / ITEM_LANES);
    lanes[HEADER.itemCount] = nextBelow(prng, Math.min(room, COMMAND_ITEMS_MAX, 6) + 1);
  }
  const items = lanes[HEADER.itemCount] as number;
  const end = itemLane(items);
  const spoiled = 1 + nextBelow(prng, 4);
  for (let i = 0; i < spoiled; i++) {
    const lane = nextBelow(prng, end);
    if (lane === HEADER.seq || lane === HEADER.timeMs || lane === HEADER.itemCount) continue;
    lanes[lane] = NASTY[nextBelow(prng, NASTY.length)] as number;
  }
  if (nextBelow(prng, 10) === 0)
    lanes[HEADER.kind] = nextBelow(prng, Math.max(...Object.values(COMMAND)) + 3);
  if (nextBelow(prng, 6) === 0) bytes[nextBelow(prng, itemByte(items))] = nextBelow(prng, 256);
}
