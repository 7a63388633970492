/**
 * Who trades on the simulated exchange: for each market a reference price, an oracle that follows it,
 * and agents composed by a recipe. One seed decides all; every agent draws from a generator of its own.
 */
import { nextU32 } from "../../base/prng.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { marketCount } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
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
import type { Agent, AgentAccount } from "./agent.ts";
import { createAgents } from "./recipe.ts";
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
/** Volatility that nobody's orders cause, as a share of the market's [ratio]. */
const UNTRADED_SHARE = 0.7;
const TOP_UP_EVERY_MS = 60_000;

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
  const funded = agents.filter((agent) => agent.isKeptFunded).flatMap((agent) => agent.accounts);
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
        commands.push(...topUps(state, funded));
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
  const { spec, startPx, sigmaPerSqrtSec, activity } = options.markets[market] as DefaultMarket;
  const prng = (part: string) => partPrng(nextU32(partPrng(seed, part)), spec.name);
  const from = options.startPx?.[market] ?? 0;
  const reference = createReferencePrice({
    params: { ...REFERENCE_DEFAULTS, sigmaPerSqrtSec: sigmaPerSqrtSec * UNTRADED_SHARE },
    prng: prng("reference"),
    startPx: from > 0 ? from : startPx,
    startMs,
    pxMax: spec.pxMax,
  });
  return {
    reference,
    agents: createAgents({ market, activity, startMs, prngOf: prng }),
    pxMax: spec.pxMax,
  };
}
