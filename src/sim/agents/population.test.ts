/** The whole population on every market: legal, deterministic, solvent by visible deposits, bounded. */
import { describe, expect, test } from "vitest";
import {
  createTestExchange,
  START_MS,
  type TestExchange,
} from "../../../test/support/test-exchange.ts";
import { REJECT } from "../../base/reject-code.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { bestPx, systemBalances } from "../../exchange/query.ts";
import { stateHash } from "../../exchange/state-hash.ts";
import { DEFAULT_MARKETS, type DefaultMarket } from "../default-markets.ts";
import type { Traders } from "../traders.ts";
import { createPopulation } from "./population.ts";

/** What an agent may be refused: the book or its margin has changed by the time it is there. */
const USUAL_REJECTS: ReadonlySet<number> = new Set([
  REJECT.aloWouldMatch,
  REJECT.iocNoMatch,
  REJECT.marginInsufficient,
  REJECT.reduceOnlyIncreases,
]);

interface Run {
  readonly exchange: TestExchange;
  readonly traders: Traders;
  readonly commands: Command[];
}

function open(markets: readonly DefaultMarket[], seed: number): Run {
  const exchange = createTestExchange({
    markets: markets.map(({ spec }) => spec),
    invariantsEvery: 64,
  });
  const traders = createPopulation({ seed, markets, startMs: START_MS });
  const run: Run = { exchange, traders, commands: [] };
  for (const command of traders.genesis) exchange.run(command);
  return run;
}

function play({ exchange, traders, commands }: Run, seconds: number): void {
  const endMs = exchange.timeMs + 1_000 * seconds;
  while (traders.nextMs() <= endMs) {
    exchange.timeMs = Math.max(exchange.timeMs, Math.ceil(traders.nextMs()));
    for (const command of traders.step(exchange.state, exchange.timeMs)) {
      commands.push(command);
      exchange.run(command);
      exchange.drain();
    }
  }
  exchange.timeMs = Math.max(exchange.timeMs, endMs);
}

const refusals = ({ exchange }: Run): string[] =>
  exchange.log.flatMap((event) => {
    if (event.kind === "orderRejected")
      return USUAL_REJECTS.has(event.code) ? [] : [`order ${event.code}`];
    return event.kind === "commandRejected" || event.kind === "cancelRejected"
      ? [`${event.kind} ${event.code}`]
      : [];
  });

describe.each(DEFAULT_MARKETS.map((market) => [market.spec.name, market] as const))(
  "%s",
  (_, market) => {
    test.each([1, 2])(
      "seed %i: a two-sided book, trades on both sides, nothing illegal",
      (seed) => {
        const run = open([market], seed);
        play(run, 10);
        let twoSided = 0;
        for (let second = 0; second < 120; second++) {
          play(run, 1);
          const [bid, ask] = [BUY, SELL].map((side) =>
            bestPx(run.exchange.state, 0, side as 0 | 1),
          );
          if (bid !== 0 && ask !== 0) twoSided += 1;
        }
        expect(twoSided).toBeGreaterThan(117);
        expect(refusals(run)).toEqual([]);
        const sides = run.exchange.log.flatMap((event) =>
          event.kind === "fill" && event.crossed ? [event.side] : [],
        );
        expect(sides.filter((side) => side === BUY).length).toBeGreaterThan(20);
        expect(sides.filter((side) => side === SELL).length).toBeGreaterThan(20);
      },
    );
  },
);

test("a seed decides all; another seed decides otherwise", () => {
  const hashOf = (seed: number): string => {
    const run = open(DEFAULT_MARKETS, seed);
    play(run, 20);
    return stateHash(run.exchange.state);
  };
  expect(hashOf(3)).toBe(hashOf(3));
  expect(hashOf(3)).not.toBe(hashOf(4));
});

test("markets do not disturb each other: BTC alone trades as BTC among others", () => {
  const oraclesOf = (markets: readonly DefaultMarket[]): number[] => {
    const run = open(markets, 5);
    play(run, 20);
    return run.exchange.log.flatMap((event) =>
      event.kind === "oracleMoved" && event.market === 0 ? [event.px] : [],
    );
  };
  expect(oraclesOf(DEFAULT_MARKETS)).toEqual(oraclesOf(DEFAULT_MARKETS.slice(0, 1)));
});

test("a crash liquidates, invariants hold, and money comes by few deposits that are seen", () => {
  const run = open(DEFAULT_MARKETS.slice(0, 1), 6);
  play(run, 300);
  const before = systemBalances(run.exchange.state).deposits;
  for (const factor of [0.94, 0.95, 1.08]) {
    run.traders.scaleReference(0, factor);
    play(run, 60);
  }
  const { log, state } = run.exchange;
  expect(log.filter((event) => event.kind === "liquidationStarted").length).toBeGreaterThan(0);
  expect(refusals(run)).toEqual([]);
  const since = systemBalances(state).deposits - before;
  const told = run.commands
    .flatMap((command) => (command.kind === "deposit" ? [command.amount] : []))
    .reduce((sum, amount) => sum + amount, 0);
  expect(told).toBe(since);
  expect(since).toBeLessThan(before / 10);
  const bid = bestPx(state, 0, BUY);
  expect(bid / run.traders.referencePx(0, run.exchange.timeMs)).toBeGreaterThan(0.995);
});

test("after a pause of a day the agents go on from now: no flood, no old prices", () => {
  const run = open(DEFAULT_MARKETS, 7);
  play(run, 10);
  const sent = run.commands.length;
  run.exchange.timeMs += 86_400_000;
  play(run, 2);
  expect(run.commands.length - sent).toBeLessThan(400);
  expect(refusals(run)).toEqual([]);
});

test("on an exchange that ran before it goes on at its prices and opens its accounts itself", () => {
  const exchange = createTestExchange({ markets: [(DEFAULT_MARKETS[0] as DefaultMarket).spec] });
  const traders = createPopulation({
    seed: 8,
    markets: DEFAULT_MARKETS.slice(0, 1),
    startMs: START_MS,
    startPx: [500_000],
  });
  const run: Run = { exchange, traders, commands: [] };
  play(run, 20);
  expect(refusals(run)).toEqual([]);
  expect(Math.abs(bestPx(exchange.state, 0, BUY) / 500_000 - 1)).toBeLessThan(0.01);
});
