/**
 * A market that is about to crash: leveraged accounts, makers on both sides, a backstop and an
 * insurance fund, on an exchange of their own. Everything follows from one seed, whatever the policy
 * is: the same deposits, positions, prices and quotes meet every policy.
 */
import { assert } from "../../base/assert.ts";
import type { Hex } from "../../base/hex.ts";
import { ceilLegalPx, floorLegalPx } from "../../base/instrument-spec.ts";
import { nextBelow, nextUnit, type Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import { applyCommand, hasQueuedWork } from "../../exchange/apply.ts";
import { createCommandRecord, HEADER } from "../../exchange/command.ts";
import { type Command, writeCommand } from "../../exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../exchange/event.ts";
import { type ExchangeEvent, readEvents } from "../../exchange/event-codec.ts";
import { accountOfAddress, lastSeq } from "../../exchange/query.ts";
import { createExchange, type ExchangeState } from "../../exchange/state.ts";
import { DEFAULT_MARKETS, type DefaultMarket } from "../default-markets.ts";
import { nextGaussian } from "../gaussian.ts";
import { partPrng } from "../part-prng.ts";

/** Markets that fall: BTC and ETH. */
export const CRASH_MARKETS: readonly DefaultMarket[] = DEFAULT_MARKETS.slice(0, 2);

/** What an account is there for. */
export type CrashRole = "long" | "short" | "maker" | "backstop";

/** The exchange, its clock, and who is who. */
export interface CrashMarket {
  readonly state: ExchangeState;
  /** By account id; the exchange's own have none. */
  readonly roles: ReadonlyMap<number, CrashRole>;
  /** Prices before the fall, market by market [ticks]. */
  readonly startPx: readonly number[];
  timeMs: number;
  /** Applies a command and the ticks that what it queued takes; returns all events. */
  send(command: CommandWithoutNonce): ExchangeEvent[];
  /** Makers take back what rests and quote around prices anew [ticks]. */
  quote(px: readonly number[]): ExchangeEvent[];
}

/** A command whose nonce the market fills in. */
export type CommandWithoutNonce = Command extends infer One
  ? One extends { nonce: number }
    ? Omit<One, "nonce">
    : One
  : never;

const START_MS = Date.UTC(2026, 0, 5);
const MAKERS = 8;
/** Every maker's money, the backstop's and what it may lose, the insurance fund [10^-6 USDC]. */
const MAKER_DEPOSIT = 400_000 * MICROS_PER_USDC;
const BACKSTOP_DEPOSIT = 500_000 * MICROS_PER_USDC;
const BACKSTOP_LOSS_MAX = 200_000 * MICROS_PER_USDC;
const INSURANCE = 20_000 * MICROS_PER_USDC;
/** Of the leveraged accounts, those that are long [ratio]. */
const LONG_SHARE = 0.65;
/** Size of a maker's quote in the crash [10^-6 USDC], and its distance from the index by number [ratio]. */
const QUOTE_NOTIONAL = 12_000 * MICROS_PER_USDC;
const QUOTE_STEP = 0.0015;

const address = (role: number, index: number): Hex =>
  `0x${role.toString(16).padStart(2, "0")}${(index * 2_654_435_761).toString(16).padStart(38, "0")}`;

/** Builds the market and opens all positions; `adl` is an `ADL` number. */
export function createCrashMarket({
  seed,
  accounts,
  adl,
}: {
  seed: number;
  accounts: number;
  adl: number;
}): CrashMarket {
  const state = createExchange();
  const ring = createEventRing();
  const record = createCommandRecord();
  const roles = new Map<number, CrashRole>();
  let nonce = START_MS;
  const market: CrashMarket = {
    state,
    roles,
    startPx: CRASH_MARKETS.map(({ startPx }) => startPx),
    timeMs: START_MS,
    send(command) {
      const events: ExchangeEvent[] = [];
      let next: CommandWithoutNonce = command;
      do {
        nonce += 1;
        writeCommand(("signer" in next ? { ...next, nonce } : next) as Command, record);
        record.lanes[HEADER.seq] = lastSeq(state) + 1;
        record.lanes[HEADER.timeMs] = market.timeMs;
        const from = ring.written;
        applyCommand(state, record, ring);
        events.push(...readEvents(ring, from, ring.written));
        releaseEvents(ring, ring.written);
        next = { kind: "tick" };
      } while (hasQueuedWork(state));
      return events;
    },
    quote: (px) => quoteAll(market, px),
  };
  openMarkets(market, adl);
  openPositions(market, roles, { prng: partPrng(seed, "crash accounts"), accounts });
  return market;
}

function openMarkets(market: CrashMarket, adl: number): void {
  for (const { spec } of CRASH_MARKETS) market.send({ kind: "createMarket", spec });
  setPrices(market, market.startPx);
  market.send({ kind: "fundInsurance", amount: INSURANCE });
  fund(market, "backstop", address(3, 0), BACKSTOP_DEPOSIT);
  market.send({
    kind: "setDefaultPolicy",
    adl,
    partialAbove: 100_000 * MICROS_PER_USDC,
    backstop: address(3, 0),
    lossMax: BACKSTOP_LOSS_MAX,
  });
  for (let maker = 0; maker < MAKERS; maker++)
    fund(market, "maker", address(2, maker), MAKER_DEPOSIT);
}

/** Sets the index price of every market [ticks]. */
export const setPrices = (market: CrashMarket, px: readonly number[]): ExchangeEvent[] =>
  market.send({
    kind: "setOraclePrices",
    prices: px.map((ticks, id) => ({ market: id, px: ticks })),
  });

function fund(market: CrashMarket, role: CrashRole, user: Hex, amount: number): void {
  market.send({ kind: "deposit", address: user, amount });
  (market.roles as Map<number, CrashRole>).set(accountOfAddress(market.state, user), role);
}

/** Longs with high leverage and shorts with less, each against the makers, at prices that wander a little. */
function openPositions(
  market: CrashMarket,
  roles: ReadonlyMap<number, CrashRole>,
  { prng, accounts }: { prng: Prng; accounts: number },
): void {
  for (let index = 0; index < accounts; index++) {
    const isLong = index < accounts * LONG_SHARE;
    const id = nextBelow(prng, CRASH_MARKETS.length);
    const { spec } = CRASH_MARKETS[id] as DefaultMarket;
    const px = market.startPx.map((ticks) =>
      Math.round(ticks * (1 + 0.004 * (nextUnit(prng) - 0.5))),
    );
    setPrices(market, px);
    const leverage = 2 + nextBelow(prng, Math.min(isLong ? 30 : 10, spec.maxLeverage) - 1);
    const deposit = Math.round(500 * Math.exp(1.1 * nextGaussian(prng) + 1.2)) * MICROS_PER_USDC;
    const signer = address(isLong ? 0 : 1, index);
    fund(market, isLong ? "long" : "short", signer, deposit);
    market.send({ kind: "updateLeverage", signer, market: id, leverage, isCross: true });
    const at = px[id] as number;
    const side: Side = isLong ? BUY : SELL;
    const limit = isLong ? ceilLegalPx(spec, at) : floorLegalPx(spec, at);
    const sz = Math.floor((0.9 * deposit * leverage) / limit);
    // Whoever has most room takes the other side; makers take turns.
    const maker = address(2, index % MAKERS);
    const order = { market: id, px: limit, sz, tif: TIF.gtc };
    market.send({
      kind: "placeOrders",
      signer: maker,
      orders: [{ ...order, side: isLong ? SELL : BUY }],
    });
    market.send({ kind: "placeOrders", signer, orders: [{ ...order, side, tif: TIF.ioc }] });
    market.send({ kind: "cancelAll", signer: maker });
  }
  setPrices(market, market.startPx);
  assert(roles.size === accounts + MAKERS + 1, "everybody has an account");
}

/** Each maker quotes a size on both sides of every market, farther out the higher its number. */
function quoteAll(market: CrashMarket, px: readonly number[]): ExchangeEvent[] {
  const events: ExchangeEvent[] = [];
  for (let maker = 0; maker < MAKERS; maker++) {
    const signer = address(2, maker);
    events.push(...market.send({ kind: "cancelAll", signer }));
    const orders = CRASH_MARKETS.flatMap(({ spec }, id) => {
      const at = px[id] as number;
      const away = QUOTE_STEP * (maker + 1);
      const bid = floorLegalPx(spec, at * (1 - away));
      const ask = ceilLegalPx(spec, at * (1 + away));
      const sz = Math.floor(QUOTE_NOTIONAL / at);
      return [
        { market: id, side: BUY, px: bid, sz, tif: TIF.alo },
        { market: id, side: SELL, px: ask, sz, tif: TIF.alo },
      ];
    });
    events.push(...market.send({ kind: "placeOrders", signer, orders }));
  }
  return events;
}
