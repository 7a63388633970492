/**
 * Who is deleveraged first: holders by profit and leverage, the venue's index.
 *
 *   long:   (mark / entry) (notional / equity) = N / C   x N / E
 *   short:  (entry / mark) (notional / equity) = C / N   x N / E
 *
 * N notional at mark, C cost of the position without its sign, E equity of its margin scope
 * [10^-6 USDC]. Source: Hyperliquid's documentation, "Auto-deleveraging", state of August 2026; the
 * direction of the first factor for shorts is implied there. Quotients of floats are the same on any
 * machine. Holders whose equity is gone come last.
 *
 * The order is total: equal scores by size, largest first, then by address. None of the three knows
 * in what order accounts came about.
 */
import { readLane } from "../../base/column.ts";
import type { Accounts } from "../account/account.ts";
import type { Core } from "../core.ts";
import { createMarginFigures } from "../margin/margin.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { marginBehind } from "./scope.ts";

const figures = createMarginFigures();

/** A position in the ranking. */
export interface RankedHolder {
  readonly row: number;
  readonly account: number;
  /** See the head of the file; -1 = no equity. */
  readonly score: number;
  /** Without sign [lots]. */
  readonly size: number;
}

/** Index of an open position; see the head of the file. */
function adlScore(core: Core, row: number): number {
  const size = readLane(core.positions.size, row);
  const { equity } = marginBehind(core, row, figures);
  if (equity <= 0) return -1;
  const notional = Math.abs(size) * markPxOf(core.oracle, readLane(core.positions.market, row));
  const cost = Math.max(1, Math.abs(readLane(core.positions.cost, row)));
  return (size > 0 ? notional / cost : cost / notional) * (notional / equity);
}

/** Holders of a side of a market, first to be deleveraged first. O(positions of the exchange). */
export function rankHolders(core: Core, market: number, isLong: boolean): RankedHolder[] {
  const { positions } = core;
  const holders: RankedHolder[] = [];
  for (let row = 0; row < positions.table.count; row++) {
    if (readLane(positions.market, row) !== market) continue;
    const size = readLane(positions.size, row);
    if (size === 0 || size > 0 !== isLong) continue;
    const account = positions.account.data[row] as number;
    holders.push({ row, account, score: adlScore(core, row), size: Math.abs(size) });
  }
  return holders.sort(
    (a, b) =>
      b.score - a.score || b.size - a.size || compareAddresses(core.accounts, a.account, b.account),
  );
}

function compareAddresses({ address }: Accounts, a: number, b: number): number {
  for (let i = 0; i < 20; i++) {
    const less = (address.data[a * 20 + i] as number) - (address.data[b * 20 + i] as number);
    if (less !== 0) return less;
  }
  return 0;
}
