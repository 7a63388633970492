/**
 * Cross margin of an account, recomputed from its position rows.
 *
 * With mark price p of a market, size s and the notionals B and S of resting buys and sells:
 *   equity      = cash + sum (s p - cost)                                     [10^-6 USDC]
 *   exposure    = max(|s p|, |s p + B|, |s p - S|)   the worst that can fill  [10^-6 USDC]
 *   initial     = sum ceil(exposure / leverage)       up: an account must hold it
 *   maintenance = sum ceil(|s p| / (2 maxLeverage))   half the initial rate at maximum leverage
 * Free margin = equity - initial. Products are exact: each market's caps keep |s| p below 2^49.
 */
import { divCeil } from "../../base/rounding.ts";
import { BUY } from "../../base/side.ts";
import { addOpenOrder } from "../account/position.ts";
import { isReduceOnly } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { defaultLeverage } from "../market/market.ts";
import { markPxOf } from "../oracle/oracle.ts";

/** An account's margin figures [10^-6 USDC]. */
export interface MarginFigures {
  equity: number;
  /** Of positions and resting orders. */
  initial: number;
  /** Of positions alone. */
  used: number;
  maintenance: number;
  /** Sum of absolute position notionals at mark. */
  notional: number;
  /** Sum over markets of (|position| + open orders) x pxMax: stays within 2^52. */
  worstNotional: number;
}

/** Figures of nothing; reused by callers. */
export const createMarginFigures = (): MarginFigures => ({
  equity: 0,
  initial: 0,
  used: 0,
  maintenance: 0,
  notional: 0,
  worstNotional: 0,
});

/** Exposure of a position row at a mark price: the worst of now, all buys filled, all sells filled [10^-6 USDC]. */
function exposureOf(core: Core, row: number, markPx: number): number {
  const { positions } = core;
  const notional = (positions.size.data[row] as number) * markPx;
  const allBuys = notional + (positions.buyNotional.data[row] as number);
  const allSells = notional - (positions.sellNotional.data[row] as number);
  return Math.max(Math.abs(notional), Math.abs(allBuys), Math.abs(allSells));
}

/** Recomputes an account's figures into `out`. O(markets the account ever met). */
export function computeMargin(core: Core, account: number, out: MarginFigures): MarginFigures {
  const { positions, markets } = core;
  out.equity = core.accounts.cash.data[account] as number;
  out.initial = 0;
  out.used = 0;
  out.maintenance = 0;
  out.notional = 0;
  out.worstNotional = 0;
  let link = core.accounts.firstPosition.data[account] as number;
  while (link !== 0) {
    const row = link - 1;
    link = positions.next.data[row] as number;
    const market = positions.market.data[row] as number;
    const markPx = markPxOf(core.oracle, market);
    const size = positions.size.data[row] as number;
    const notional = Math.abs(size * markPx);
    const leverage = defaultLeverage(markets, market);
    out.equity += size * markPx - (positions.cost.data[row] as number);
    out.initial += divCeil(exposureOf(core, row, markPx), leverage);
    out.used += divCeil(notional, leverage);
    out.maintenance += divCeil(notional, 2 * (markets.maxLeverage.data[market] as number));
    out.notional += notional;
    const openLots = Math.max(
      positions.buyLots.data[row] as number,
      positions.sellLots.data[row] as number,
    );
    out.worstNotional += (Math.abs(size) + openLots) * (markets.pxMax.data[market] as number);
  }
  return out;
}

/**
 * Figures as they would be after `lots` of a resting order filled at its price, before the fee: the
 * lots move from the open orders into the position at `row`. The rows are as before when it returns.
 */
export function computeMarginAfterFill(
  core: Core,
  slot: number,
  row: number,
  lots: number,
  out: MarginFigures,
): void {
  const { positions, orders } = core;
  const isBuy = orders.side.data[slot] === BUY;
  const opensMargin = !isReduceOnly(orders, slot);
  const px = orders.px.data[slot] as number;
  const size = positions.size.data[row] as number;
  const cost = positions.cost.data[row] as number;
  const signed = isBuy ? lots : -lots;
  if (opensMargin) addOpenOrder(positions, row, isBuy, px, -lots);
  positions.size.data[row] = size + signed;
  positions.cost.data[row] = cost + signed * px;
  computeMargin(core, orders.account.data[slot] as number, out);
  positions.size.data[row] = size;
  positions.cost.data[row] = cost;
  if (opensMargin) addOpenOrder(positions, row, isBuy, px, lots);
}

/** What an account may take out: equity beyond the larger of initial margin and 10 % of its notional [10^-6 USDC]. */
export function withdrawableOf(figures: MarginFigures): number {
  const kept = Math.max(figures.initial, divCeil(figures.notional, 10));
  return Math.max(0, figures.equity - kept);
}

/** Whether an account's equity is below what its positions need. */
export const isUnderMaintenance = (figures: MarginFigures): boolean =>
  figures.notional > 0 && figures.equity < figures.maintenance;
