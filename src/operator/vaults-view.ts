/**
 * Vaults and liquidity pools of the venue as the page shows them: `GET /vaults`. Money and prices of a
 * share are integers [10^-6 USDC]; prices and sizes of markets are decimal text, for each market has
 * decimals of its own. The page keeps its own copy of these types.
 */

interface AnyStrategy {
  readonly id: number;
  readonly coin: string;
  /** Null while it runs; else why it rests, in words. */
  readonly paused: string | null;
  /** Position that its own fills made, signed [coins]. */
  readonly netSz: string;
  readonly fills: number;
  /** Traded and paid in fees. */
  readonly volume: number;
  readonly fees: number;
}

/** Orders at the steps of a range, each answered by one a step away. */
export interface GridRow extends AnyStrategy {
  readonly kind: "grid";
  readonly low: string;
  readonly high: string;
  readonly levels: number;
  readonly size: string;
  /** Whether it follows the price out of its range. */
  readonly shifts: boolean;
  /** Of completed cycles, after their fees. */
  readonly cycleProfit: number;
}

/** One side of a two-sided quote as it rests. */
export interface LegRow {
  readonly px: string;
  readonly sz: string;
}

/** A two-sided quote; null = nothing rests on that side. */
export interface QuoteRow extends AnyStrategy {
  readonly kind: "quote";
  readonly bid: LegRow | null;
  readonly ask: LegRow | null;
}

/** Hedging of what an account holds. */
export interface HedgeRow extends AnyStrategy {
  readonly kind: "hedge";
  readonly hedges: number;
  /** Net notional, signed. */
  readonly net: number;
}

/** What the venue runs for a vault or pool. */
export type StrategyRow = GridRow | QuoteRow | HedgeRow;

/** A vault. */
export interface VaultRow {
  readonly address: string;
  readonly name: string;
  readonly owner: string;
  readonly status: "open" | "shut" | "paused" | "closing" | "closed";
  readonly equity: number;
  readonly pnl: number;
  /** Of each depositor's profit, to the owner [10^-4]. */
  readonly profitShareBps: number;
  readonly depositors: number;
  readonly sharePrice: number;
  readonly strategies: readonly StrategyRow[];
}

/** A liquidity pool. */
export interface PoolRow {
  readonly address: string;
  readonly coin: string;
  readonly status: "quoting" | "waiting" | "paused";
  readonly low: string;
  readonly high: string;
  readonly levels: number;
  readonly liquidity: number;
  readonly pnl: number;
  /** Earned of takers' fees so far, and what of that has not arrived yet. */
  readonly feesEarned: number;
  readonly feesPending: number;
  /** Of what takers pay [10^-4]. */
  readonly feeShareBps: number;
  /** What quoting brought or cost against holding the money, fees left out. */
  readonly impermanentLoss: number;
  /** Tokens that there are, and what one is worth. */
  readonly supply: string;
  readonly tokenPrice: number;
  readonly holders: number;
  readonly strategies: readonly StrategyRow[];
}

/** Vaults and pools of the venue. */
export interface VaultsView {
  /** False where the venue knows no such question. */
  readonly offered: boolean;
  readonly vaults: readonly VaultRow[];
  readonly pools: readonly PoolRow[];
  /** How many more there are of either than are told here. */
  readonly vaultsMore: number;
  readonly poolsMore: number;
}
