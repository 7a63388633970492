/**
 * Takers without a view: buys and sells arrive as a Hawkes process, so that trades cluster and a buy
 * is followed by buys; sizes are lognormal. The flow as a whole holds little: an order that would add
 * to a net position is the smaller the larger that position is, which leaves times and sides alone.
 */
import type { Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side, sideSign } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import {
  createHawkesState,
  exciteHawkes,
  type HawkesEvent,
  type HawkesParams,
  type HawkesState,
  nextHawkesEvent,
} from "../../math/hawkes.ts";
import { nextGaussian } from "../gaussian.ts";
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
  /** Largest order [10^-6 USDC]. */
  readonly notionalMax: number;
  /** Net position at which the flow adds nothing more [10^-6 USDC]. */
  readonly inventoryMax: number;
  /** How far from the middle it takes at most [1]. */
  readonly reach: number;
  readonly accounts: readonly AgentAccount[];
  readonly prng: Prng;
  readonly startMs: number;
}

/** After a pause longer than this the arrivals of the pause are left out [ms]. */
const CATCH_UP_MS = 5_000;

interface Flow {
  readonly options: NoiseTraderOptions;
  hawkes: HawkesState;
  next: HawkesEvent | null;
}

/** A flow that starts calm. */
export function createNoiseTrader(options: NoiseTraderOptions): Agent {
  const { arrivals, prng, startMs } = options;
  const hawkes = createHawkesState(arrivals, startMs / 1_000);
  const flow: Flow = { options, hawkes, next: nextHawkesEvent(arrivals, hawkes, prng) };
  return {
    accounts: options.accounts,
    nextMs: () => (flow.next === null ? Number.POSITIVE_INFINITY : flow.next.atSec * 1_000),
    step: (view) => stepFlow(flow, view),
  };
}

function stepFlow(flow: Flow, view: MarketView): Command[] {
  const { arrivals, prng } = flow.options;
  const commands: Command[] = [];
  skipPause(flow, view.nowMs);
  while (flow.next !== null && flow.next.atSec * 1_000 <= view.nowMs) {
    const { kind } = flow.next;
    exciteHawkes(arrivals, flow.hawkes, flow.next);
    flow.next = nextHawkesEvent(arrivals, flow.hawkes, prng);
    const command = arrive(flow.options, view, kind === 0 ? BUY : SELL);
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

function arrive(options: NoiseTraderOptions, view: MarketView, side: Side): Command | null {
  const { medianNotional, logSizeSd, notionalMax, inventoryMax, accounts, prng, reach } = options;
  const drawn = medianNotional * Math.exp(logSizeSd * nextGaussian(prng));
  const px = midOf(view);
  if (px === null) return null;
  const positions = accounts.map((account) => positionOf(view, account));
  const net = positions.reduce((sum, lots) => sum + lots, 0) * px * sideSign(side);
  const room = Math.min(1, Math.max(0, 1 - net / inventoryMax));
  const notional = Math.min(drawn, notionalMax) * room;
  // The account that holds most of the other side buys or sells back first.
  const signed = positions.map((lots) => lots * sideSign(side));
  const index = signed.indexOf(Math.min(...signed));
  const sz = lotsOf(view, notional, px);
  return takeCommand(view, accounts[index] as AgentAccount, { side, sz, px, reach });
}
