/**
 * Holds orders to their account's risk limits, and to the cap of open interest of their market. Only
 * orders that may add to a position come here: who reduces is never in anybody's way.
 *
 * What counts is what an order may lead to together with the open orders of its side, all filled:
 * position, its notional at mark, number of markets with a position or orders that may open one, and
 * leverage: the sum over markets of the largest notional that can come, by equity.
 */
import { REJECT } from "../../base/reject-code.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { BUY } from "../../base/side.ts";
import { ACCOUNT } from "../account/account.ts";
import { POSITION } from "../account/position.ts";
import { ALL_MARKETS, isLimited, limitOf, RISK } from "../account/risk-limit.ts";
import type { Core } from "../core.ts";
import { wholeEquity } from "../margin/isolated.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";
import type { IncomingOrder } from "./order-event.ts";
import { isAtCap, type Refusal } from "./protection-rules.ts";

/** Leverage is set in hundredths. */
const LEVERAGE_ONE = 100;

/** What an order may not add to; `reach` is the largest position that it may lead to [lots]. */
export function addingProblem(core: Core, order: IncomingOrder, reach: number): Refusal | null {
  const { account, market } = order;
  const { isGuarded } = core.terms[market] as MarketTerms;
  if (isGuarded && isAtCap(core, market)) return { code: REJECT.openInterestCapped };
  return isLimited(core.risk, account) ? riskProblem(core, order, reach) : null;
}

function riskProblem(core: Core, order: IncomingOrder, reach: number): Refusal | null {
  const { risk } = core;
  const { account, market } = order;
  const sizeMax = limitOf(risk, account, market, RISK.size);
  if (sizeMax !== 0 && reach > sizeMax) return { code: REJECT.riskPositionPassed, a: sizeMax };
  const notionalMax = limitOf(risk, account, market, RISK.exposure);
  if (notionalMax !== 0 && reach * markPxOf(core.oracle, market) > notionalMax)
    return { code: REJECT.riskNotionalPassed, a: notionalMax };
  const countMax = limitOf(risk, account, ALL_MARKETS, RISK.size);
  if (countMax !== 0 && positionsWith(core, order) > countMax)
    return { code: REJECT.riskPositionsPassed, a: countMax };
  const leverageMax = limitOf(risk, account, ALL_MARKETS, RISK.exposure);
  if (leverageMax === 0) return null;
  const equity = wholeEquity(core, account);
  const room = mulDivTrunc(Math.max(0, equity), leverageMax, LEVERAGE_ONE);
  return exposureWith(core, order) > room
    ? { code: REJECT.riskLeveragePassed, a: leverageMax }
    : null;
}

/** Markets on which the account has a position or open orders, the order's included. */
function positionsWith(core: Core, order: IncomingOrder): number {
  let count = 0;
  forEachRow(core, order.account, (row, market) => {
    const { f64 } = core.positions.rows;
    const at = row * 8;
    const isOpen =
      f64[at + POSITION.size] !== 0 ||
      f64[at + POSITION.buyLots] !== 0 ||
      f64[at + POSITION.sellLots] !== 0;
    if (isOpen || market === order.market) count += 1;
  });
  return count;
}

/** Sum over markets of the largest notional that can come, the order's included [10^-6 USDC]. */
function exposureWith(core: Core, { account, market: own, side, px, sz }: IncomingOrder): number {
  let sum = 0;
  forEachRow(core, account, (row, market) => {
    const { f64 } = core.positions.rows;
    const at = row * 8;
    const markPx = markPxOf(core.oracle, market);
    const signed = (f64[at + POSITION.size] as number) * markPx;
    const isOwn = market === own;
    const bought = isOwn && side === BUY ? px * sz : 0;
    const sold = isOwn && side !== BUY ? Math.max(px, markPx) * sz : 0;
    const allBuys = signed + (f64[at + POSITION.buyNotional] as number) + bought;
    const allSells = signed - (f64[at + POSITION.sellNotional] as number) - sold;
    sum += Math.max(Math.abs(signed), Math.abs(allBuys), Math.abs(allSells));
  });
  return sum;
}

/** Goes through an account's rows; that of the order's market is there since its margin was tried. */
function forEachRow(
  core: Core,
  account: number,
  look: (row: number, market: number) => void,
): void {
  const { i32 } = core.positions.rows;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (link !== 0) {
    look(link - 1, i32[(link - 1) * 16 + POSITION.market] as number);
    link = i32[(link - 1) * 16 + POSITION.next] as number;
  }
}
