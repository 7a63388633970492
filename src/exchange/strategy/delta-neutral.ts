/**
 * Keeps an account near no net exposure: with the notionals of all its positions at mark summed, signed,
 * what lies beyond a threshold is traded away on one market, at once and within a bound around its
 * mark price. Every coin counts as one risk: a hedge in another coin hedges the common move alone.
 *
 *     net = sum over markets of size x mark        [lots x ticks = 10^-6 USDC]
 *     |net| > threshold  ->  trade floor(|net| / mark) lots of the hedge market against it
 */
import { BUY, SELL } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { ACCOUNT } from "../account/account.ts";
import { POSITION } from "../account/position.ts";
import { STRATEGY, STRATEGY_STATUS } from "../account/strategy-table.ts";
import { type Core, commandTimeMs } from "../core.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { setDue } from "./due.ts";
import { take } from "./placing.ts";
import { setStrategyLane, strategyLane } from "./strategy.ts";

const OWN = STRATEGY.own;
/** Own lanes of such a strategy. */
export const DELTA_NEUTRAL = {
  /** Net notional that is left alone [10^-6 USDC]. */
  threshold: OWN,
  /** Least time between two hedges [ms]. */
  intervalMs: OWN + 1,
  hedgedMs: OWN + 2,
  /** Hedges that traded. */
  hedges: OWN + 3,
} as const;

/** Net notional of an account at mark, positive = long [10^-6 USDC]. */
export function netNotional({ accounts, positions, oracle }: Core, account: number): number {
  const { i32, f64 } = positions.rows;
  let net = 0;
  let link = accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (link !== 0) {
    const row = link - 1;
    const market = i32[row * 16 + POSITION.market] as number;
    net += (f64[row * 8 + POSITION.size] as number) * markPxOf(oracle, market);
    link = i32[row * 16 + POSITION.next] as number;
  }
  return net;
}

/** Its turn: trades away what lies beyond the threshold, no more often than its interval says. */
export function runDeltaNeutral(core: Core, row: number, touched: TouchedAccounts): void {
  const of = (lane: number): number => strategyLane(core, row, lane);
  if (of(STRATEGY.status) !== STRATEGY_STATUS.running) return;
  const net = netNotional(core, of(STRATEGY.account));
  if (Math.abs(net) <= of(DELTA_NEUTRAL.threshold)) return;
  const nowMs = commandTimeMs(core);
  const mayMs = of(DELTA_NEUTRAL.hedgedMs) + of(DELTA_NEUTRAL.intervalMs);
  if (of(DELTA_NEUTRAL.hedgedMs) !== 0 && nowMs < mayMs) {
    setDue(core, row, mayMs);
    return;
  }
  const markPx = markPxOf(core.oracle, of(STRATEGY.market));
  const sz = markPx === 0 ? 0 : Math.floor(Math.abs(net) / markPx);
  if (sz === 0) return;
  setStrategyLane(core, row, DELTA_NEUTRAL.hedgedMs, nowMs);
  const side = net > 0 ? SELL : BUY;
  const taken = take(core, row, { side, sz, tif: TIF.ioc, reduceOnly: false }, touched);
  if (taken.lots > 0)
    setStrategyLane(core, row, DELTA_NEUTRAL.hedges, of(DELTA_NEUTRAL.hedges) + 1);
  // What the book did not take is tried again.
  setDue(core, row, nowMs + Math.max(1, of(DELTA_NEUTRAL.intervalMs)));
}

/** Whether a price gives it something to do: any market's may. */
export const concernsDeltaNeutral = (core: Core, row: number): boolean =>
  strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running &&
  Math.abs(netNotional(core, strategyLane(core, row, STRATEGY.account))) >
    strategyLane(core, row, DELTA_NEUTRAL.threshold);
