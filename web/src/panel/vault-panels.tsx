import type { ComponentChildren } from "preact";
import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Pool, Vault } from "../stream/vaults-message.ts";
import { vaults, vaultsProblem } from "../stream/vaults-store.ts";
import { decimalText, moneyText } from "../text/decimal-text.ts";
import { percentText } from "../text/figure-text.ts";
import { StrategyList } from "./strategy-list.tsx";
import { SignedMoney, Tile } from "./tile.tsx";

const MARKS = {
  open: { tone: "good", text: "● open" },
  quoting: { tone: "good", text: "▶ quoting" },
  shut: { tone: "warn", text: "◐ no deposits" },
  waiting: { tone: "warn", text: "◐ waiting for liquidity" },
  paused: { tone: "warn", text: "‖ paused" },
  closing: { tone: "warn", text: "◐ closing" },
  closed: { tone: "soft", text: "■ closed" },
} as const;

const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;
const money = (micros: number): string => moneyText(micros, "minusOnly");
const share = (bps: number): string => percentText(bps / 10_000, bps % 100 === 0 ? 0 : 2);

/** Where the venue tells nothing: why, and what it takes. */
function NotThere({ none }: { readonly none: string }) {
  const told = vaults.value;
  const problem = vaultsProblem.value;
  if (told === null && problem === null) return <p class="empty">Asking the venue…</p>;
  if (told === null) return <p class="empty warn">◐ {problem}</p>;
  if (told.offered) return <p class="empty">{none}</p>;
  return (
    <p class="empty" data-testid="not-offered">
      {readView.value?.venue ?? "This venue"} does not answer <code>bourseVaults</code> and{" "}
      <code>boursePools</code>. Vaults and pools are shown where the maker trades on a Bourse
      exchange: <code>bourse up</code> runs one with both.
    </p>
  );
}

function Holding(props: {
  readonly testId: string;
  readonly name: string;
  readonly address: string;
  readonly status: keyof typeof MARKS;
  readonly children: ComponentChildren;
}) {
  const { tone, text } = MARKS[props.status];
  return (
    <article class="holding" data-testid={props.testId}>
      <h3>
        <b>{props.name}</b>
        <span class={tone}>{text}</span>
        <span class="soft" title={props.address}>
          {shortAddress(props.address)}
        </span>
      </h3>
      {props.children}
    </article>
  );
}

function VaultCard({ vault }: { readonly vault: Vault }) {
  return (
    <Holding testId="vault" name={vault.name} address={vault.address} status={vault.status}>
      <dl class="tiles">
        <Tile name="Equity" testId="vault-equity">
          {money(vault.equity)}
        </Tile>
        <Tile name="PnL" testId="vault-pnl">
          <SignedMoney micros={vault.pnl} />
        </Tile>
        <Tile name="Share price">{decimalText(vault.sharePrice, 6)}</Tile>
        <Tile name="Profit share">{share(vault.profitShareBps)}</Tile>
        <Tile name="Depositors">{decimalText(vault.depositors, 0)}</Tile>
        <Tile name="Owner">
          <span title={vault.owner}>{shortAddress(vault.owner)}</span>
        </Tile>
      </dl>
      <StrategyList of={vault.strategies} />
    </Holding>
  );
}

function PoolCard({ pool }: { readonly pool: Pool }) {
  return (
    <Holding testId="pool" name={`${pool.coin} pool`} address={pool.address} status={pool.status}>
      <dl class="tiles">
        <Tile name="Liquidity">{money(pool.liquidity)}</Tile>
        <Tile name="PnL" testId="pool-pnl">
          <SignedMoney micros={pool.pnl} />
        </Tile>
        <Tile
          name="Against holding"
          hint="Impermanent loss: what quoting brought or cost against holding the money, fees left out"
          testId="pool-loss"
        >
          <SignedMoney micros={pool.impermanentLoss} />
        </Tile>
        <Tile name="Takers' fees" hint="Earned so far of what takers paid" testId="pool-fees">
          {money(pool.feesEarned)}
        </Tile>
        <Tile name="On their way">{money(pool.feesPending)}</Tile>
        <Tile name="Share of fees">{share(pool.feeShareBps)}</Tile>
        <Tile name="Range">
          {pool.low} – {pool.high}
        </Tile>
        <Tile name="Supply">
          {Number(pool.supply).toLocaleString("en-US", { maximumFractionDigits: 2 })}
        </Tile>
        <Tile name="Token price">{decimalText(pool.tokenPrice, 6)}</Tile>
        <Tile name="Holders">{decimalText(pool.holders, 0)}</Tile>
      </dl>
      <StrategyList of={pool.strategies} />
    </Holding>
  );
}

const Total = (props: { readonly count: number; readonly more: number }) => (
  <span class="soft">
    {props.count + props.more}
    {props.more > 0 ? `, the first ${props.count} shown` : ""} · USDC
  </span>
);

/** Every vault with what the exchange runs for it. */
export function VaultsPanel() {
  const told = vaults.value;
  const rows = told?.vaults ?? [];
  return (
    <Panel
      title="Vaults"
      name="vaults"
      source="vaults"
      aside={<Total count={rows.length} more={told?.vaultsMore ?? 0} />}
    >
      <div class="scroll holdings">
        {rows.map((vault) => (
          <VaultCard key={vault.address} vault={vault} />
        ))}
        {rows.length === 0 && <NotThere none="No vault was opened yet." />}
      </div>
    </Panel>
  );
}

/** Every liquidity pool with its grid. */
export function PoolsPanel() {
  const told = vaults.value;
  const rows = told?.pools ?? [];
  return (
    <Panel
      title="Liquidity pools"
      name="pools"
      source="vaults"
      aside={<Total count={rows.length} more={told?.poolsMore ?? 0} />}
    >
      <div class="scroll holdings">
        {rows.map((pool) => (
          <PoolCard key={pool.address} pool={pool} />
        ))}
        {rows.length === 0 && <NotThere none="No pool was opened yet." />}
      </div>
    </Panel>
  );
}
