/** Vaults and pools as a venue tells of them, under the page's names and bounded for it. */
import type { PoolRow, StrategyRow, VaultRow, VaultsView } from "../operator/vaults-view.ts";
import type { VaultInfo, VenuePool, VenueStrategy, VenueVault } from "../venue/vault-info.ts";

/** Most vaults, and most pools, that the page is told of. */
const ROWS_MAX = 50;
/** Most strategies of either. */
const STRATEGIES_MAX = 8;

const PAUSE_WORDS: Readonly<Record<string, string>> = {
  requested: "its owner asked",
  margin: "an order found no margin",
  canceled: "one of its orders was canceled",
  rangeBroken: "the mark left its range",
  limit: "a limit of its own is passed",
  expired: "it was not renewed in time",
};

/** The page's view; null = the venue knows no vaults of this kind. */
export function vaultsView(info: VaultInfo | null): VaultsView {
  const { vaults, pools } = info ?? { vaults: [], pools: [] };
  return {
    offered: info !== null,
    vaults: vaults.slice(0, ROWS_MAX).map(vaultRow),
    pools: pools.slice(0, ROWS_MAX).map(poolRow),
    vaultsMore: Math.max(0, vaults.length - ROWS_MAX),
    poolsMore: Math.max(0, pools.length - ROWS_MAX),
  };
}

const vaultRow = (vault: VenueVault): VaultRow => ({
  address: vault.address,
  name: vault.name,
  owner: vault.owner,
  status: vault.status === "open" && !vault.allowDeposits ? "shut" : vault.status,
  equity: vault.equity,
  pnl: vault.pnl,
  profitShareBps: vault.profitShareBps,
  depositors: vault.depositors,
  sharePrice: vault.sharePrice,
  strategies: strategyRows(vault.strategies),
});

const poolRow = (pool: VenuePool): PoolRow => ({
  address: pool.address,
  coin: pool.coin,
  status: pool.status,
  low: pool.low,
  high: pool.high,
  levels: pool.levels,
  liquidity: pool.totalLiquidity,
  pnl: pool.totalLiquidity + pool.paidOut - pool.paidIn,
  feesEarned: pool.accumulatedFees,
  feesPending: pool.pendingFees,
  feeShareBps: pool.feeShareBps,
  impermanentLoss: pool.impermanentLoss,
  supply: pool.totalSupply,
  tokenPrice: pool.tokenPrice,
  holders: pool.lpTokens.length,
  strategies: strategyRows(pool.strategies),
});

const strategyRows = (strategies: readonly VenueStrategy[]): StrategyRow[] =>
  strategies.slice(0, STRATEGIES_MAX).map(strategyRow);

function strategyRow(strategy: VenueStrategy): StrategyRow {
  const { id, coin, netSz, fills, volume, fees } = strategy;
  const any = { id, coin, paused: pausedText(strategy), netSz, fills, volume, fees };
  switch (strategy.kind) {
    case "grid": {
      const { low, high, levels, size, beyond, netProfit } = strategy;
      const terms = { low, high, levels, size, shifts: beyond === "shift" };
      return { kind: "grid", ...any, ...terms, cycleProfit: netProfit };
    }
    case "quote":
      return { kind: "quote", ...any, bid: strategy.bid, ask: strategy.ask };
    case "deltaNeutral":
      return { kind: "hedge", ...any, hedges: strategy.hedges, net: strategy.net };
  }
}

/** A word that a newer venue uses is shown as it is. */
function pausedText({ status, pause }: VenueStrategy): string | null {
  if (status === "running") return null;
  return pause === null ? "no reason is told" : (PAUSE_WORDS[pause] ?? pause);
}
