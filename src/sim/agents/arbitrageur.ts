/**
 * Keeps the book near the oracle: takes what is offered below or bid above it by more than its edge, and
 * gives the position back when the book has returned. Between its looks the book may stray.
 */
import type { Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { oraclePx } from "../../exchange/query.ts";
import { nextExponential } from "../gaussian.ts";
import {
  type Agent,
  type AgentAccount,
  lotsOf,
  type MarketView,
  positionOf,
  takeCommand,
  touchOf,
} from "./agent.ts";

/** What it is like. */
export interface ArbitrageurOptions {
  readonly account: AgentAccount;
  /** Distance from the oracle that is worth a trade [1]. */
  readonly edge: number;
  /** Value of one order, and of the largest position [10^-6 USDC]. */
  readonly orderNotional: number;
  readonly positionMax: number;
  /** Mean time between two looks [ms]. */
  readonly everyMs: number;
  readonly prng: Prng;
  readonly startMs: number;
}

/** An arbitrageur that starts flat. */
export function createArbitrageur(options: ArbitrageurOptions): Agent {
  const { account, everyMs, prng } = options;
  let nextMs = options.startMs + everyMs;
  return {
    accounts: [account],
    isKeptFunded: true,
    nextMs: () => nextMs,
    step(view) {
      nextMs = view.nowMs + everyMs * nextExponential(prng);
      return look(options, view);
    },
  };
}

function look(options: ArbitrageurOptions, view: MarketView): Command[] {
  const { account, edge, orderNotional, positionMax } = options;
  const { bid, ask } = touchOf(view);
  const oracle = oraclePx(view.state, view.market);
  if (bid === 0 || ask === 0 || oracle === 0) return [];
  const held = positionOf(view, account);
  const take = (side: Side, notional: number, reduceOnly: boolean): Command[] => {
    const sz = reduceOnly
      ? Math.min(Math.abs(held), lotsOf(view, notional, oracle))
      : lotsOf(view, notional, oracle);
    // Nothing beyond the price at which the edge is used up.
    const limit = reduceOnly ? oracle : oracle * (side === BUY ? 1 - edge / 2 : 1 + edge / 2);
    return [takeCommand(view, account, { side, sz, px: limit, reach: 0, reduceOnly })];
  };
  if (ask < oracle * (1 - edge) && held * oracle < positionMax)
    return take(BUY, orderNotional, false);
  if (bid > oracle * (1 + edge) && -held * oracle < positionMax)
    return take(SELL, orderNotional, false);
  if (held > 0 && bid >= oracle) return take(SELL, orderNotional, true);
  if (held < 0 && ask <= oracle) return take(BUY, orderNotional, true);
  return [];
}
