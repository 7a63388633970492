/** Vaults as objects, for answers and tests; money [10^-6 USDC]. */
import { readAscii } from "../../base/hex.ts";
import { HOLDING, holderOf, holdingLane, holdingsOf, supplyOf } from "../account/share-table.ts";
import {
  VAULT,
  VAULT_DESCRIPTION_BYTES,
  VAULT_NAME_BYTES,
  VAULT_STATUS,
  vaultLane,
} from "../account/vault-table.ts";
import type { Core } from "../core.ts";
import { assetsForShares, sharePrice } from "../share-ledger/share-price.ts";
import { profitShareOf, vaultAssets } from "./vault.ts";

/** Who holds a part of a vault. */
export interface DepositorView {
  readonly account: number;
  readonly shares: number;
  /** What they are worth now, before a share of profit. */
  readonly equity: number;
  /** What was paid for them. */
  readonly basis: number;
  /** Share of the profit that would be taken now. */
  readonly profitShareDue: number;
  readonly lockedUntilMs: number;
  readonly enteredMs: number;
}

/** A vault. */
export interface VaultView {
  /** From 1 on. */
  readonly id: number;
  readonly account: number;
  readonly owner: number;
  /** -1 = nobody. */
  readonly manager: number;
  readonly name: string;
  readonly description: string;
  readonly status: keyof typeof VAULT_STATUS;
  readonly createdMs: number;
  /** Share of profit in force, and one that is to come [10^-4]. */
  readonly profitShareBps: number;
  readonly nextProfitShareBps: number;
  readonly nextFromMs: number;
  readonly allowDeposits: boolean;
  readonly alwaysClose: boolean;
  /** What depositors paid for the shares that there are. */
  readonly collateral: number;
  /** What the account is worth at mark. */
  readonly equity: number;
  readonly supply: number;
  /** Of ten shares, which is what a unit of a first deposit buys [10^-9]. */
  readonly sharePrice: number;
  /** Equity less collateral. */
  readonly pnl: number;
  /** Over all depositors, as it would be taken now. */
  readonly profitShareDue: number;
  readonly profitShared: number;
  readonly paidOut: number;
  readonly depositors: readonly DepositorView[];
}

/** Number of vaults that there ever were. */
export const vaultTotal = ({ vaults }: Core): number => vaults.table.count;

/** The vault of a row. */
export function viewOfVault(core: Core, row: number): VaultView {
  const { vaults, shares } = core;
  const of = (lane: number): number => vaultLane(vaults, row, lane);
  const book = of(VAULT.book);
  const pool = { supply: supplyOf(shares, book), assets: vaultAssets(core, row) };
  const bps = profitShareOf(core, row);
  const depositors = holdingsOf(shares, book).map((holding) => {
    const account = holderOf(shares, holding);
    const count = holdingLane(shares, holding, HOLDING.shares);
    const basis = holdingLane(shares, holding, HOLDING.basis);
    const equity = assetsForShares(pool, count);
    const profit = account === of(VAULT.owner) ? 0 : Math.max(0, equity - basis);
    return {
      account,
      shares: count,
      equity,
      basis,
      profitShareDue: Math.floor((profit * bps) / 10_000),
      lockedUntilMs: holdingLane(shares, holding, HOLDING.lockedUntilMs),
      enteredMs: holdingLane(shares, holding, HOLDING.enteredMs),
    };
  });
  const collateral = depositors.reduce((sum, { basis }) => sum + basis, 0);
  const names = Object.keys(VAULT_STATUS) as (keyof typeof VAULT_STATUS)[];
  const isNext = of(VAULT.nextFromMs) !== 0 && bps !== of(VAULT.nextProfitShareBps);
  return {
    id: row + 1,
    account: of(VAULT.account),
    owner: of(VAULT.owner),
    manager: of(VAULT.manager),
    name: readAscii(vaults.name.data, row * VAULT_NAME_BYTES, VAULT_NAME_BYTES),
    description: readAscii(
      vaults.description.data,
      row * VAULT_DESCRIPTION_BYTES,
      VAULT_DESCRIPTION_BYTES,
    ),
    status: names.find((name) => VAULT_STATUS[name] === of(VAULT.status)) ?? "open",
    createdMs: of(VAULT.createdMs),
    profitShareBps: bps,
    nextProfitShareBps: isNext ? of(VAULT.nextProfitShareBps) : 0,
    nextFromMs: isNext ? of(VAULT.nextFromMs) : 0,
    allowDeposits: of(VAULT.allowDeposits) === 1,
    alwaysClose: of(VAULT.alwaysClose) === 1,
    collateral,
    equity: pool.assets,
    supply: pool.supply,
    sharePrice: sharePrice(pool),
    pnl: pool.assets - collateral,
    profitShareDue: depositors.reduce((sum, { profitShareDue }) => sum + profitShareDue, 0),
    profitShared: of(VAULT.profitShared),
    paidOut: of(VAULT.paidOut),
    depositors,
  };
}
