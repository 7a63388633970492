/**
 * Who trades on the simulated exchange: for each market a reference price, an oracle that follows it,
 * and agents composed by a recipe. One seed decides all; every agent draws from a generator of its own.
 */
import { assert } from "../../base/assert.ts";
import { nextU32 } from "../../base/prng.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { marketCount } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import { branchingRatio, type HawkesParams } from "../../math/hawkes.ts";
import type { DefaultMarket } from "../default-markets.ts";
import { partPrng } from "../part-prng.ts";
import {
  createReferencePrice,
  REFERENCE_DEFAULTS,
  type ReferencePrice,
  referencePx,
  scaleReference,
} from "../reference-price.ts";
import type { Traders } from "../traders.ts";
import { type Agent, type AgentAccount, type AgentKind, createAgentAccount } from "./agent.ts";
import { createArbitrageur } from "./arbitrageur.ts";
import { createNoiseTrader } from "./noise-trader.ts";
import { createPassiveLiquidity } from "./passive-liquidity.ts";
import { topUps } from "./treasury.ts";

/** What a population is made from. */
export interface PopulationOptions {
  readonly seed: number;
  readonly markets: readonly DefaultMarket[];
  readonly startMs: number;
  /** Where the reference prices start; 0 or missing = the market's first price [ticks]. */
  readonly startPx?: readonly number[];
}

/** Time between oracle prices [ms]. */
const ORACLE_EVERY_MS = 1_000;
const TOP_UP_EVERY_MS = 60_000;
const MILLION = 1_000_000 * MICROS_PER_USDC;

interface Market {
  readonly reference: ReferencePrice;
  readonly agents: readonly Agent[];
  readonly pxMax: number;
}

/** A population that begins at a time; its genesis funds it on a fresh exchange. */
export function createPopulation(options: PopulationOptions): Traders {
  const { markets, startMs } = options;
  const all = markets.map((_, market) => createMarket(options, market));
  const agents = all.flatMap((market) => market.agents);
  const accounts: AgentAccount[] = agents.flatMap((agent) => agent.accounts);
  let oracleAtMs = startMs;
  let topUpAtMs = startMs;
  const reference = (market: number): ReferencePrice => (all[market] as Market).reference;
  return {
    genesis: accounts.map(({ address, deposit: amount }) => ({ kind: "deposit", address, amount })),
    nextMs() {
      let next = Math.min(oracleAtMs, topUpAtMs);
      for (const agent of agents) next = Math.min(next, agent.nextMs());
      return next;
    },
    step(state, nowMs) {
      const commands: Command[] = [];
      if (nowMs >= oracleAtMs) {
        oracleAtMs = nowMs + ORACLE_EVERY_MS;
        commands.push(oraclePrices(all, state, nowMs));
      }
      if (nowMs >= topUpAtMs) {
        topUpAtMs = nowMs + TOP_UP_EVERY_MS;
        commands.push(...topUps(state, accounts));
      }
      all.forEach(({ agents: own, reference: path }, market) => {
        const spec = (markets[market] as DefaultMarket).spec;
        for (const agent of own) {
          if (agent.nextMs() > nowMs) continue;
          commands.push(...agent.step({ state, market, spec, reference: path, nowMs }));
        }
      });
      return commands;
    },
    referencePx: (market, nowMs) => referencePx(reference(market), nowMs),
    scaleReference: (market, factor) => scaleReference(reference(market), factor),
  };
}

function oraclePrices(all: readonly Market[], state: ExchangeState, nowMs: number): Command {
  const prices = all.slice(0, marketCount(state)).map(({ reference, pxMax }, market) => ({
    market,
    px: Math.min(Math.max(1, Math.round(referencePx(reference, nowMs))), pxMax),
  }));
  return { kind: "setOraclePrices", prices };
}

function createMarket(options: PopulationOptions, market: number): Market {
  const { seed, startMs } = options;
  const { spec, startPx, sigmaPerSqrtSec } = options.markets[market] as DefaultMarket;
  const prng = (part: string) => partPrng(nextU32(partPrng(seed, part)), spec.name);
  const from = options.startPx?.[market] ?? 0;
  const reference = createReferencePrice({
    params: { ...REFERENCE_DEFAULTS, sigmaPerSqrtSec },
    prng: prng("reference"),
    startPx: from > 0 ? from : startPx,
    startMs,
    pxMax: spec.pxMax,
  });
  return { reference, agents: createAgents(options, market, prng), pxMax: spec.pxMax };
}

function createAgents(
  { startMs, markets }: PopulationOptions,
  market: number,
  prngOf: (part: string) => ReturnType<typeof partPrng>,
): Agent[] {
  const { activity } = markets[market] as DefaultMarket;
  const account = (kind: AgentKind, index: number, millions: number): AgentAccount =>
    createAgentAccount({ kind, market, index, deposit: millions * MILLION, nowMs: startMs });
  const usd = (value: number): number => value * activity * MICROS_PER_USDC;
  const passive = [0, 1, 2].map((index) =>
    createPassiveLiquidity({
      account: account("passive", index, 20),
      bands: [-0.5, 1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64, 85, 113, 150, 200],
      medianNotional: usd(4_000),
      growthPerStep: 0.1,
      logSizeSd: 1,
      lifeSec: 4,
      lifeSecPerStep: 1,
      refill: 0.5,
      lean: 0.0004,
      positionMax: usd(8_000_000),
      blurSteps: 0.4,
      everyMs: 400,
      prng: prngOf(`passive ${index}`),
      startMs: startMs + 100 * index,
    }),
  );
  const arrivals: HawkesParams = {
    baseRates: [0.7 * activity, 0.7 * activity],
    branching: [
      [0.42, 0.1],
      [0.1, 0.42],
    ],
    decay: 4,
  };
  assert(branchingRatio(arrivals) < 1, "a flow dies out by itself");
  const noise = createNoiseTrader({
    arrivals,
    medianNotional: usd(1_900),
    logSizeSd: 2.3,
    notionalMax: usd(1_500_000),
    inventoryMax: usd(6_000_000),
    reach: 0.0025,
    accounts: [0, 1, 2, 3, 4, 5].map((index) => account("noise", index, 5)),
    prng: prngOf("noise"),
    startMs: startMs + 500,
  });
  const arbitrage = createArbitrageur({
    account: account("arbitrage", 0, 5),
    edge: 0.0006,
    orderNotional: usd(50_000),
    positionMax: usd(2_000_000),
    everyMs: 300,
    prng: prngOf("arbitrage"),
    startMs,
  });
  return [...passive, noise, arbitrage];
}
