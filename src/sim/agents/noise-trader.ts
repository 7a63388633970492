/**
 * Takers without a view: buys and sells arrive as a Hawkes process, so that trades cluster and a buy
 * is followed by buys. Sizes are lognormal; a share of the logarithm's variance is a mood that fades
 * over seconds (an Ornstein-Uhlenbeck process), so that large orders come together.
 *
 * Who sells or buys for reasons of his own tells something all the same: each order moves the wider
 * market's price its way for good, by the square root of its size (Bouchaud, Farmer and Lillo, How
 * markets slowly digest changes in supply and demand, 2009, section 5).
 *
 * The flow as a whole holds little: an order that would add to a net position is the smaller the larger
 * that position is, which leaves times and sides alone.
 */
import { assert } from "../../base/assert.ts";
import type { Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side, sideSign } from "../../base/side.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import type { Command } from "../../exchange/command-codec.ts";
import {
  branchingRatio,
  createHawkesState,
  exciteHawkes,
  type HawkesEvent,
  type HawkesParams,
  type HawkesState,
  nextHawkesEvent,
} from "../../math/hawkes.ts";
import { createFadingNoise, type FadingNoise, fadingNoiseAt } from "../fading-noise.ts";
import { nextGaussian } from "../gaussian.ts";
import { scaleReference } from "../reference-price.ts";
import {
  type Agent,
  type AgentAccount,
  lotsOf,
  type MarketView,
  midOf,
  positionOf,
  takeCommand,
} from "./agent.ts";

/** What the flow is like. */
export interface NoiseTraderOptions {
  /** Kind 0 = buys, 1 = sells. */
  readonly arrivals: HawkesParams;
  /** Median notional of an order [10^-6 USDC], and standard deviation of its logarithm [1]. */
  readonly medianNotional: number;
  readonly logSizeSd: number;
  /** Share of that variance that is mood [ratio], and how long a mood lasts [s]. */
  readonly moodShare: number;
  readonly moodSec: number;
  /** Largest order [10^-6 USDC]. */
  readonly notionalMax: number;
  /** Net position at which the flow adds nothing more [10^-6 USDC]. */
  readonly inventoryMax: number;
  /** How far from the middle it takes at most [1]. */
  readonly reach: number;
  /** Lasting move of the wider market's price by an order of 100,000 USDC [1]. */
  readonly impact: number;
  readonly accounts: readonly AgentAccount[];
  readonly prng: Prng;
  readonly startMs: number;
}

/** Order that `impact` is told for [10^-6 USDC]. */
const IMPACT_NOTIONAL = 100_000 * MICROS_PER_USDC;
/** After a pause longer than this the arrivals of the pause are left out [ms]. */
const CATCH_UP_MS = 5_000;

interface Flow {
  readonly options: NoiseTraderOptions;
  readonly mood: FadingNoise;
  hawkes: HawkesState;
  next: HawkesEvent | null;
}

/** A flow that starts calm. */
export function createNoiseTrader(options: NoiseTraderOptions): Agent {
  const { arrivals, prng, startMs } = options;
  assert(branchingRatio(arrivals) < 1, "a flow that excites itself dies out by itself");
  const hawkes = createHawkesState(arrivals, startMs / 1_000);
  const flow: Flow = {
    options,
    mood: createFadingNoise(prng, { memorySec: options.moodSec, atSec: hawkes.atSec }),
    hawkes,
    next: nextHawkesEvent(arrivals, hawkes, prng),
  };
  return {
    accounts: options.accounts,
    isKeptFunded: true,
    nextMs: () => (flow.next === null ? Number.POSITIVE_INFINITY : flow.next.atSec * 1_000),
    step: (view) => stepFlow(flow, view),
  };
}

function stepFlow(flow: Flow, view: MarketView): Command[] {
  const { arrivals, prng } = flow.options;
  const commands: Command[] = [];
  skipPause(flow, view.nowMs);
  while (flow.next !== null && flow.next.atSec * 1_000 <= view.nowMs) {
    const { kind, atSec } = flow.next;
    exciteHawkes(arrivals, flow.hawkes, flow.next);
    flow.next = nextHawkesEvent(arrivals, flow.hawkes, prng);
    const command = arrive(flow.options, view, {
      side: kind === 0 ? BUY : SELL,
      notional: drawNotional(flow, atSec),
    });
    if (command !== null) commands.push(command);
  }
  return commands;
}

function skipPause(flow: Flow, nowMs: number): void {
  const { arrivals, prng } = flow.options;
  if (flow.next === null || flow.next.atSec * 1_000 > nowMs - CATCH_UP_MS) return;
  flow.hawkes = createHawkesState(arrivals, nowMs / 1_000);
  flow.next = nextHawkesEvent(arrivals, flow.hawkes, prng);
}

/** Value of the order at a time [s -> 10^-6 USDC]. */
function drawNotional(flow: Flow, atSec: number): number {
  const { medianNotional, logSizeSd, notionalMax, moodShare, prng } = flow.options;
  const mood = fadingNoiseAt(flow.mood, atSec);
  const score = Math.sqrt(moodShare) * mood + Math.sqrt(1 - moodShare) * nextGaussian(prng);
  return Math.min(medianNotional * Math.exp(logSizeSd * score), notionalMax);
}

function arrive(
  { inventoryMax, accounts, reach, impact }: NoiseTraderOptions,
  view: MarketView,
  { side, notional }: { side: Side; notional: number },
): Command | null {
  const px = midOf(view);
  if (px === null) return null;
  const positions = accounts.map((account) => positionOf(view, account));
  const net = positions.reduce((sum, lots) => sum + lots, 0) * px * sideSign(side);
  const room = Math.min(1, Math.max(0, 1 - net / inventoryMax));
  // The account that holds most of the other side buys or sells back first.
  const signed = positions.map((lots) => lots * sideSign(side));
  const index = signed.indexOf(Math.min(...signed));
  const sz = lotsOf(view, notional * room, px);
  const move = impact * Math.sqrt((sz * px) / IMPACT_NOTIONAL);
  scaleReference(view.reference, Math.exp(sideSign(side) * move));
  return takeCommand(view, accounts[index] as AgentAccount, { side, sz, px, reach });
}
