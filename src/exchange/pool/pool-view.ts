/** Liquidity pools as objects, for answers and tests; money [10^-6 USDC]. */
import { POOL, poolLane } from "../account/pool-table.ts";
import { HOLDING, holderOf, holdingLane, holdingsOf, supplyOf } from "../account/share-table.ts";
import { STRATEGY } from "../account/strategy-table.ts";
import type { Core } from "../core.ts";
import { assetsForShares } from "../share-ledger/share-price.ts";
import { strategyLane } from "../strategy/strategy.ts";
import { strategiesOf } from "../strategy/strategy-list.ts";
import { poolAssets } from "./pool.ts";

/** Tokens of one holder. */
export interface TokenView {
  readonly account: number;
  readonly amount: number;
  /** What they are worth now, and what was paid for them. */
  readonly equity: number;
  readonly basis: number;
}

/** A pool. */
export interface PoolView {
  /** From 1 on. */
  readonly id: number;
  readonly account: number;
  readonly market: number;
  readonly lowPx: number;
  readonly highPx: number;
  readonly levels: number;
  readonly size: number;
  readonly feeShareBps: number;
  readonly streamMs: number;
  readonly createdMs: number;
  readonly paused: boolean;
  /** Id of its grid, 0 = it has none. */
  readonly strategy: number;
  /** What it is worth at mark, inventory included. */
  readonly liquidity: number;
  readonly supply: number;
  /** Earned of takers' fees so far, and what of that is on its way. */
  readonly accumulatedFees: number;
  readonly pendingFees: number;
  readonly paidIn: number;
  readonly paidOut: number;
  /**
   * What quoting has cost or brought against holding the money: worth and payouts less deposits and
   * the fees that arrived.
   */
  readonly impermanentLoss: number;
  readonly tokens: readonly TokenView[];
}

/** Number of pools that there ever were. */
export const poolTotal = ({ pools }: Core): number => pools.table.count;

/** The pool of a row. */
export function viewOfPool(core: Core, row: number): PoolView {
  const of = (lane: number): number => poolLane(core.pools, row, lane);
  const book = of(POOL.book);
  const pool = { supply: supplyOf(core.shares, book), assets: poolAssets(core, row) };
  const [strategy] = strategiesOf(core, of(POOL.account));
  const arrived = of(POOL.accumulatedFees) - of(POOL.pending);
  return {
    id: row + 1,
    account: of(POOL.account),
    market: of(POOL.market),
    lowPx: of(POOL.lowPx),
    highPx: of(POOL.highPx),
    levels: of(POOL.levels),
    size: of(POOL.size),
    feeShareBps: of(POOL.feeShareBps),
    streamMs: of(POOL.streamMs),
    createdMs: of(POOL.createdMs),
    paused: of(POOL.paused) === 1,
    strategy: strategy === undefined ? 0 : strategyLane(core, strategy, STRATEGY.id),
    liquidity: pool.assets,
    supply: pool.supply,
    accumulatedFees: of(POOL.accumulatedFees),
    pendingFees: of(POOL.pending),
    paidIn: of(POOL.paidIn),
    paidOut: of(POOL.paidOut),
    impermanentLoss: pool.assets + of(POOL.paidOut) - of(POOL.paidIn) - arrived,
    tokens: holdingsOf(core.shares, book).map((holding) => {
      const amount = holdingLane(core.shares, holding, HOLDING.shares);
      return {
        account: holderOf(core.shares, holding),
        amount,
        equity: assetsForShares(pool, amount),
        basis: holdingLane(core.shares, holding, HOLDING.basis),
      };
    }),
  };
}
