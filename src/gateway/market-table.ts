/** Size decimals of every market; the index is the asset id. */
export interface MarketTable {
  readonly count: number;
  szDecimals(market: number): number;
}
