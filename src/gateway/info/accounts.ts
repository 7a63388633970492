import {
  ExtraAgentsRequest,
  type ExtraAgentsResponse,
  SubAccounts2Request,
  type SubAccounts2Response,
  SubAccountsRequest,
  type SubAccountsResponse,
  UserAbstractionRequest,
  type UserAbstractionResponse,
  UserRateLimitRequest,
  type UserRateLimitResponse,
  UserRoleRequest,
  type UserRoleResponse,
} from "@nktkas/hyperliquid/api/info";
import type { Hex } from "../../base/hex.ts";
import {
  accountOfAddress,
  accountSummary,
  addressOfAccount,
  roleOfAddress,
  subAccountViews,
} from "../../exchange/query.ts";
import { accountOf, agentsOf } from "../../projection/account-directory.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { accountState } from "./clearinghouse-state.ts";
import { infoMethod } from "./info-method.ts";

/** Requests that an address may send before it has traded. */
const REQUESTS_CAP_BASE = 10_000;

/** `userRole`: a user, an agent or sub-account of one, or missing. */
export const userRole = infoMethod(
  UserRoleRequest,
  ({ sequencer, nowMs }, { user }): UserRoleResponse => {
    const role = roleOfAddress(sequencer.state, user, nowMs());
    if (role.role === "subAccount")
      return {
        role: "subAccount",
        data: { master: addressOfAccount(sequencer.state, role.master) },
      };
    if (role.role !== "agent") return { role: role.role };
    return { role: "agent", data: { user: addressOfAccount(sequencer.state, role.account) } };
  },
);

/** `userRateLimit`: the address budget; requests cannot be reserved here. */
export const userRateLimit = infoMethod(
  UserRateLimitRequest,
  ({ sequencer }, { user }): UserRateLimitResponse => {
    const account = accountOfAddress(sequencer.state, user);
    const summary = account < 0 ? null : accountSummary(sequencer.state, account);
    return {
      cumVlm: formatUsdc(summary?.volume ?? 0),
      nRequestsUsed: summary?.requestsUsed ?? 0,
      nRequestsCap: summary?.requestsCap ?? REQUESTS_CAP_BASE,
      nRequestsSurplus: 0,
    };
  },
);

/** `extraAgents`: the named ones that are valid. */
export const extraAgents = infoMethod(
  ExtraAgentsRequest,
  ({ models, nowMs }, { user }): ExtraAgentsResponse =>
    agentsOf(models.accounts, accountOf(models.accounts, user))
      .filter(({ name, validUntilMs }) => name !== "" && nowMs() < validUntilMs)
      .map(({ address, name, validUntilMs }) => ({ address, name, validUntil: validUntilMs })),
);

/** `userAbstraction`: every account is of the default kind. */
export const userAbstraction = infoMethod(
  UserAbstractionRequest,
  (): UserAbstractionResponse => "default",
);

/** `subAccounts`: null stands for none. */
export const subAccounts = infoMethod(
  SubAccountsRequest,
  (context, { user }): SubAccountsResponse =>
    subAccountsOf(context, user, (account) => ({
      clearinghouseState: accountState(context, account),
    })),
);

/** `subAccounts2`: as `subAccounts`, with a state for each dex. */
export const subAccounts2 = infoMethod(
  SubAccounts2Request,
  (context, { user }): SubAccounts2Response =>
    subAccountsOf(context, user, (account) => ({
      dexToClearinghouseState: context.models.directory.ids.dexes.map((dex) => [
        dex,
        accountState(context, account, dex),
      ]),
    })),
);

function subAccountsOf<T>(
  { sequencer: { state } }: GatewayContext,
  user: Hex,
  statesOf: (account: number) => T,
) {
  const master = accountOfAddress(state, user);
  const views = master < 0 ? [] : subAccountViews(state, master);
  if (views.length === 0) return null;
  return views.map(({ account, name }) => ({
    name,
    subAccountUser: addressOfAccount(state, account),
    master: addressOfAccount(state, master),
    spotState: { balances: [] },
    ...statesOf(account),
  }));
}
