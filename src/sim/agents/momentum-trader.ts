/**
 * Follows the trend: compares the middle of the book with its own average of the recent past, buys what
 * rises and sells what falls, and gives the position back when the trend is gone. It makes moves
 * overshoot and sides persist.
 */
import type { Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { nextExponential } from "../gaussian.ts";
import {
  type Agent,
  type AgentAccount,
  lotsOf,
  type MarketView,
  midOf,
  positionOf,
  takeCommand,
} from "./agent.ts";

/** What it is like. */
export interface MomentumTraderOptions {
  readonly account: AgentAccount;
  /** How long its average remembers [s]. */
  readonly memorySec: number;
  /** Distance from the average that is a trend [1]. */
  readonly threshold: number;
  /** Value of one order, and of the largest position [10^-6 USDC]. */
  readonly orderNotional: number;
  readonly positionMax: number;
  /** How far from the middle it takes at most [1]. */
  readonly reach: number;
  /** Mean time between two looks [ms]. */
  readonly everyMs: number;
  readonly prng: Prng;
  readonly startMs: number;
}

/** A trader without an opinion yet. */
export function createMomentumTrader(options: MomentumTraderOptions): Agent {
  const { account, memorySec, everyMs, prng, startMs } = options;
  let average: number | null = null;
  let lastMs = startMs;
  let nextMs = startMs + everyMs;
  return {
    accounts: [account],
    isKeptFunded: true,
    nextMs: () => nextMs,
    step(view) {
      nextMs = view.nowMs + everyMs * nextExponential(prng);
      const mid = midOf(view);
      if (mid === null) return [];
      const weight = Math.exp(-(view.nowMs - lastMs) / 1_000 / memorySec);
      lastMs = view.nowMs;
      average = average === null ? mid : mid + (average - mid) * weight;
      return follow(options, view, { mid, trend: mid / average - 1 });
    },
  };
}

function follow(
  options: MomentumTraderOptions,
  view: MarketView,
  { mid, trend }: { mid: number; trend: number },
): Command[] {
  const { account, threshold, orderNotional, positionMax, reach } = options;
  const held = positionOf(view, account);
  const take = (side: Side, sz: number, reduceOnly: boolean): Command[] => [
    takeCommand(view, account, { side, sz, px: mid, reach, reduceOnly }),
  ];
  // The trend that a position was taken for is over.
  if (held * trend < 0) return take(held > 0 ? SELL : BUY, Math.abs(held), true);
  if (Math.abs(trend) < threshold || Math.abs(held) * mid >= positionMax) return [];
  return take(trend > 0 ? BUY : SELL, lotsOf(view, orderNotional, mid), false);
}
