import { useEffect } from "preact/hooks";
import { PoolsPanel, VaultsPanel } from "../panel/vault-panels.tsx";
import { freshnessOf } from "../stream/market-store.ts";
import { followVaults } from "../stream/vaults-store.ts";

/** What the exchange itself runs for vaults and liquidity pools, and what it comes to. */
export function VaultsPage() {
  useEffect(followVaults, []);
  const isLive = freshnessOf("vaults").kind === "live";
  return (
    <main class={isLive ? "vaults-page" : "vaults-page old"}>
      <VaultsPanel />
      <PoolsPanel />
    </main>
  );
}
