import {
  LeadingVaultsRequest,
  type LeadingVaultsResponse,
  UserVaultEquitiesRequest,
  type UserVaultEquitiesResponse,
  VaultDetailsRequest,
  type VaultDetailsResponse,
  VaultSummariesRequest,
  type VaultSummariesResponse,
} from "@nktkas/hyperliquid/api/info";
import * as v from "valibot";
import type { Hex } from "../../base/hex.ts";
import {
  accountOfAddress,
  accountSummary,
  addressOfAccount,
  vaultViews,
} from "../../exchange/query.ts";
import type { DepositorView, VaultView } from "../../exchange/vault/vault-view.ts";
import { formatScaled, formatTokens, formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { infoMethod } from "./info-method.ts";
import { strategyShapes } from "./strategies.ts";

const MICROS = 1_000_000;
const DAY_MS = 86_400_000;
/** `vaultSummaries` lists vaults that are no older [ms]. */
const SUMMARY_AGE_MAX = 2 * 3_600_000;

type Follower = VaultDetailsResponse["followers"][number];
type Portfolio = VaultDetailsResponse["portfolio"];

const viewsOf = ({ sequencer }: GatewayContext): VaultView[] => vaultViews(sequencer.state);

/** `vaultDetails`: null where there is no such vault. */
export const vaultDetails = infoMethod(
  VaultDetailsRequest,
  (context, { vaultAddress, user }): VaultDetailsResponse | null => {
    const { state } = context.sequencer;
    const account = accountOfAddress(state, vaultAddress);
    const vault = viewsOf(context).find((view) => view.account === account);
    if (vault === undefined) return null;
    const asker = user == null ? -1 : accountOfAddress(state, user);
    const own = vault.depositors.find((depositor) => depositor.account === asker);
    const leader = vault.depositors.find((depositor) => depositor.account === vault.owner);
    const free = accountSummary(state, vault.account).withdrawable;
    return {
      name: vault.name,
      vaultAddress,
      leader: addressOfAccount(state, vault.owner),
      description: vault.description,
      portfolio: NO_PORTFOLIO,
      apr: 0,
      followerState:
        own === undefined || user == null
          ? null
          : { ...followerOf(context, vault, own), user: user as Hex },
      leaderFraction: vault.supply === 0 ? 0 : (leader?.shares ?? 0) / vault.supply,
      leaderCommission: vault.profitShareBps / 10_000,
      followers: vault.depositors.map((depositor) => followerOf(context, vault, depositor)),
      maxDistributable: free / MICROS,
      maxWithdrawable: Math.min(free, own?.equity ?? 0) / MICROS,
      isClosed: vault.status === "closed",
      relationship: { type: "normal" },
      allowDeposits: vault.allowDeposits && vault.status === "open",
      alwaysCloseOnWithdraw: vault.alwaysClose,
    };
  },
);

function followerOf(
  { sequencer, nowMs }: GatewayContext,
  vault: VaultView,
  { account, equity, basis, enteredMs, lockedUntilMs }: DepositorView,
): Follower {
  const pnl = formatUsdc(equity - basis);
  return {
    user: account === vault.owner ? "Leader" : addressOfAccount(sequencer.state, account),
    vaultEquity: formatUsdc(equity),
    pnl,
    allTimePnl: pnl,
    daysFollowing: Math.floor((nowMs() - enteredMs) / DAY_MS),
    vaultEntryTime: enteredMs,
    lockupUntil: lockedUntilMs,
  };
}

const EMPTY = { accountValueHistory: [], pnlHistory: [], vlm: "0.0" };
/** No history of a vault's worth is kept. */
const NO_PORTFOLIO: Portfolio = [
  ["day", EMPTY],
  ["week", EMPTY],
  ["month", EMPTY],
  ["allTime", EMPTY],
  ["perpDay", EMPTY],
  ["perpWeek", EMPTY],
  ["perpMonth", EMPTY],
  ["perpAllTime", EMPTY],
];

/** `userVaultEquities`: what a user holds of vaults. */
export const userVaultEquities = infoMethod(
  UserVaultEquitiesRequest,
  (context, { user }): UserVaultEquitiesResponse => {
    const { state } = context.sequencer;
    const account = accountOfAddress(state, user);
    return viewsOf(context).flatMap((vault) =>
      vault.depositors
        .filter((depositor) => depositor.account === account)
        .map(({ equity, lockedUntilMs }) => ({
          vaultAddress: addressOfAccount(state, vault.account),
          equity: formatUsdc(equity),
          lockedUntilTimestamp: lockedUntilMs,
        })),
    );
  },
);

/** `leadingVaults`: vaults that a user leads. */
export const leadingVaults = infoMethod(
  LeadingVaultsRequest,
  (context, { user }): LeadingVaultsResponse => {
    const { state } = context.sequencer;
    const account = accountOfAddress(state, user);
    return viewsOf(context)
      .filter(({ owner, status }) => account >= 0 && owner === account && status !== "closed")
      .map((vault) => ({ address: addressOfAccount(state, vault.account), name: vault.name }));
  },
);

/** `vaultSummaries`: the youngest vaults. */
export const vaultSummaries = infoMethod(
  VaultSummariesRequest,
  (context): VaultSummariesResponse => {
    const { state } = context.sequencer;
    return viewsOf(context)
      .filter(({ createdMs }) => context.nowMs() - createdMs < SUMMARY_AGE_MAX)
      .map((vault) => ({
        name: vault.name,
        vaultAddress: addressOfAccount(state, vault.account),
        leader: addressOfAccount(state, vault.owner),
        tvl: formatUsdc(vault.equity),
        isClosed: vault.status === "closed",
        relationship: { type: "normal" },
        createTimeMillis: vault.createdMs,
      }));
  },
);

const VaultsRequest = v.object({ type: v.literal("bourseVaults") });

/** `bourseVaults`: every vault however old, with its figures and what the exchange runs for it; decimals as text. */
export const bourseVaults = infoMethod(VaultsRequest, (context): object[] => {
  const { state } = context.sequencer;
  return viewsOf(context).map((vault) => ({
    address: addressOfAccount(state, vault.account),
    owner: addressOfAccount(state, vault.owner),
    name: vault.name,
    status: vault.status,
    allowDeposits: vault.allowDeposits && vault.status === "open",
    createdAt: vault.createdMs,
    equity: formatUsdc(vault.equity),
    paid: formatUsdc(vault.collateral),
    pnl: formatUsdc(vault.pnl),
    paidOut: formatUsdc(vault.paidOut),
    profitShareBps: vault.profitShareBps,
    profitShared: formatUsdc(vault.profitShared),
    depositors: vault.depositors.length,
    supply: formatTokens(vault.supply),
    sharePrice: formatScaled(
      vault.supply === 0 ? MICROS : Math.floor((vault.equity * 1e7) / vault.supply),
      6,
    ),
    strategies: strategyShapes(state, vault.account),
  }));
});
