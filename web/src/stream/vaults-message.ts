/**
 * Vaults and liquidity pools as the server tells of them at `GET /vaults`: the page's copy of its
 * types. Money and prices of a share are integers [10^-6 USDC]; prices and sizes of markets are
 * decimal text.
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
export interface Grid extends AnyStrategy {
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
export interface Leg {
  readonly px: string;
  readonly sz: string;
}

/** A two-sided quote; null = nothing rests on that side. */
export interface Quote extends AnyStrategy {
  readonly kind: "quote";
  readonly bid: Leg | null;
  readonly ask: Leg | null;
}

/** Hedging of what an account holds. */
export interface Hedge extends AnyStrategy {
  readonly kind: "hedge";
  readonly hedges: number;
  /** Net notional, signed. */
  readonly net: number;
}

/** What the venue runs for a vault or pool. */
export type Strategy = Grid | Quote | Hedge;

/** A vault. */
export interface Vault {
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
  readonly strategies: readonly Strategy[];
}

/** A liquidity pool. */
export interface Pool {
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
  readonly strategies: readonly Strategy[];
}

/** Vaults and pools of the venue. */
export interface Vaults {
  /** False where the venue knows no such question. */
  readonly offered: boolean;
  readonly vaults: readonly Vault[];
  readonly pools: readonly Pool[];
  /** How many more there are of either than are told here. */
  readonly vaultsMore: number;
  readonly poolsMore: number;
}
