/**
 * One oracle price that liquidates nobody, in an exchange of many accounts of which a tenth hold the
 * market, beside one in a market that nobody holds; the first price after all holders' money changed;
 * and the first price of a fork, which has to look at everybody once.
 */
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { lastSeq, lastTimeMs, visitsOfLastPrices } from "../../src/exchange/query.ts";
import { createExchange, type ExchangeState, forkExchange } from "../../src/exchange/state.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { median } from "./statistics.ts";
import { addressOf } from "./trading-floor.ts";

/** What a price costs, and how many accounts it looked at. */
export interface PriceCost {
  /** Median [us]. */
  readonly us: number;
  /** Most of any price. */
  readonly visits: number;
}

/** What an oracle price costs. */
export interface OracleMove {
  readonly accounts: number;
  readonly holders: number;
  /** In the market that the holders hold, a tick up or down. */
  readonly held: PriceCost;
  /** In a market that nobody holds. */
  readonly unheld: PriceCost;
  /** The first time over the second, median of the ratios. */
  readonly ratio: number;
  /** The same as held, each time after a deposit to every holder. */
  readonly changed: PriceCost;
  /** The first price of a fork, in the market that nobody holds. */
  readonly forked: PriceCost;
}

const PX = DEFAULT_MARKETS.map(({ startPx }) => startPx);
const HELD = 0;
const UNHELD = 2;
/** 10,000 USDC, and positions of 20,000 to 59,000 USDC [10^-6 USDC]. */
const DEPOSIT = 10_000_000_000;
const NOTIONAL_MIN = 20_000_000_000;
const NOTIONAL_STEP = 1_000_000_000;
const NOTIONAL_STEPS = 40;
/** Rounds of the prices that look at many accounts. */
const LONG_ROUNDS = 9;

const ring = createEventRing();
const record = createCommandRecord();

function send(state: ExchangeState, command: Command): void {
  writeCommand(command, record);
  record.lanes[HEADER.seq] = lastSeq(state) + 1;
  record.lanes[HEADER.timeMs] = Math.max(1_800_000_000_000, lastTimeMs(state));
  applyCommand(state, record, ring);
  releaseEvents(ring, ring.written);
}

/** Times prices of the kinds in turn. */
export function measureOracleMove(accounts: number, rounds: number): OracleMove {
  const state = createExchange();
  const holders = Math.floor(accounts / 10);
  openPositions(state, accounts, holders);
  const [held, unheld, changed, forked] = [
    createSeries(),
    createSeries(),
    createSeries(),
    createSeries(),
  ];
  for (let round = 0; round < rounds; round++) {
    const isCounted = 2 * round >= rounds;
    unheld.add(timePrice(state, UNHELD, round), isCounted);
    held.add(timePrice(state, HELD, round), isCounted);
  }
  for (let round = 0; round < LONG_ROUNDS; round++) {
    for (let account = 0; account < holders; account++)
      send(state, { kind: "deposit", address: addressOf(account), amount: 1_000_000 });
    changed.add(timePrice(state, HELD, round), round > 0);
    forked.add(timePrice(forkExchange(state), UNHELD, round), round > 0);
  }
  const ratio = median(held.all.map((us, i) => us / (unheld.all[i] as number)));
  return {
    accounts,
    holders,
    held: held.cost(),
    unheld: unheld.cost(),
    ratio,
    changed: changed.cost(),
    forked: forked.cost(),
  };
}

/** Markets, money, and a position for every account: a tenth in the one market, the others in another. */
function openPositions(state: ExchangeState, accounts: number, holders: number): void {
  for (const { spec } of DEFAULT_MARKETS) send(state, { kind: "createMarket", spec });
  send(state, { kind: "setOraclePrices", prices: PX.map((px, market) => ({ market, px })) });
  for (let account = 0; account < accounts; account++)
    send(state, { kind: "deposit", address: addressOf(account), amount: DEPOSIT });
  for (let account = 0; account < accounts; account += 2) {
    const market = account < holders ? HELD : 1;
    const px = PX[market] as number;
    const notional = NOTIONAL_MIN + ((account >> 1) % NOTIONAL_STEPS) * NOTIONAL_STEP;
    const order = { market, px, sz: Math.floor(notional / px) };
    const signed = { kind: "placeOrders", nonce: lastTimeMs(state) } as const;
    const buy = { ...order, side: BUY, tif: TIF.gtc };
    send(state, { ...signed, signer: addressOf(account), orders: [buy] });
    const sell = { ...order, side: SELL, tif: TIF.ioc };
    send(state, { ...signed, signer: addressOf(account + 1), orders: [sell] });
  }
}

function timePrice(state: ExchangeState, market: number, round: number): PriceCost {
  const px = (PX[market] as number) + (round % 2);
  const start = performance.now();
  send(state, { kind: "setOraclePrices", prices: [{ market, px }] });
  const us = (performance.now() - start) * 1e3;
  const { passed, changed } = visitsOfLastPrices(state);
  return { us, visits: passed + changed };
}

/** Collects what prices of a kind cost. */
function createSeries() {
  const all: number[] = [];
  let visits = 0;
  return {
    all,
    add(price: PriceCost, isCounted: boolean): void {
      if (!isCounted) return;
      all.push(price.us);
      visits = Math.max(visits, price.visits);
    },
    cost: (): PriceCost => ({ us: median(all), visits }),
  };
}
