/**
 * Small accounts with large positions: each buys or sells as much as its margin allows, more often with
 * the trend of the last minutes than against it, keeps the position for a while, and is closed by the
 * exchange when the price goes far enough the other way. Liquidations are market orders, so a move that
 * hits many of them feeds itself. Who has lost all comes back with new money after a while, by a deposit.
 */
import { nextBelow, nextUnit, type Prng } from "../../base/prng.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { accountOfAddress, accountSummary } from "../../exchange/query.ts";
import { nextExponential } from "../gaussian.ts";
import {
  type Agent,
  type AgentAccount,
  lotsOf,
  type MarketView,
  midOf,
  takeCommand,
} from "./agent.ts";

/** What it is like. */
export interface LeveragedCrowdOptions {
  readonly accounts: readonly AgentAccount[];
  /** Mean time between two decisions of the whole crowd [ms]. */
  readonly everyMs: number;
  /** Chance that a decision with a position at hand is to close it [ratio]. */
  readonly closeShare: number;
  /** Chance that a new position goes with the trend [ratio]. */
  readonly trendShare: number;
  /** How long the trend is remembered [s]. */
  readonly memorySec: number;
  /** How far from the middle it takes at most [1]. */
  readonly reach: number;
  readonly prng: Prng;
  readonly startMs: number;
}

/** Less than this share of the first deposit is as good as nothing [ratio]. */
const BROKE_SHARE = 0.2;
/** Share of its means that an account puts into a position at least, and at most [ratio]. */
const STAKE_MIN = 0.5;
const STAKE_MAX = 0.95;

/** A crowd without positions. */
export function createLeveragedCrowd(options: LeveragedCrowdOptions): Agent {
  const { accounts, everyMs, memorySec, prng, startMs } = options;
  let average: number | null = null;
  let lastMs = startMs;
  let nextMs = startMs + everyMs * nextExponential(prng);
  return {
    accounts,
    isKeptFunded: false,
    nextMs: () => nextMs,
    step(view) {
      nextMs = view.nowMs + everyMs * nextExponential(prng);
      const mid = midOf(view);
      if (mid === null) return [];
      const weight = Math.exp(-(view.nowMs - lastMs) / 1_000 / memorySec);
      lastMs = view.nowMs;
      average = average === null ? mid : mid + (average - mid) * weight;
      const account = accounts[nextBelow(prng, accounts.length)] as AgentAccount;
      return decide(options, view, { account, mid, isRising: mid >= average });
    },
  };
}

function decide(
  options: LeveragedCrowdOptions,
  view: MarketView,
  { account, mid, isRising }: { account: AgentAccount; mid: number; isRising: boolean },
): Command[] {
  const { prng, closeShare, trendShare, reach } = options;
  const owner = accountOfAddress(view.state, account.address);
  const means = owner < 0 ? null : accountSummary(view.state, owner);
  const held = means?.positions.find(({ market }) => market === view.market);
  if (held === undefined && (means?.equity ?? 0) < BROKE_SHARE * account.deposit) {
    const amount = account.deposit - Math.max(0, means?.equity ?? 0);
    return [{ kind: "deposit", address: account.address, amount }];
  }
  if (held !== undefined) {
    if (nextUnit(prng) >= closeShare) return [];
    const side = held.size > 0 ? SELL : BUY;
    const sz = Math.abs(held.size);
    return [takeCommand(view, account, { side, sz, px: mid, reach, reduceOnly: true })];
  }
  const leverage = Math.min(20, view.spec.maxLeverage);
  const stake = STAKE_MIN + (STAKE_MAX - STAKE_MIN) * nextUnit(prng);
  const notional = (means?.equity ?? 0) * leverage * stake;
  const withTrend = nextUnit(prng) < trendShare;
  const side = withTrend === isRising ? BUY : SELL;
  return [takeCommand(view, account, { side, sz: lotsOf(view, notional, mid), px: mid, reach })];
}
