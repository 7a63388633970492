/** What a client does with its sub-accounts, agents and money, for worlds: much of it is to be refused. */
import type { Hex } from "../../src/base/hex.ts";
import { nextBelow, type Prng } from "../../src/base/prng.ts";
import type { Command } from "../../src/exchange/command-codec.ts";
import type { Signed } from "../../src/exchange/command-signed.ts";
import {
  accountOfAddress,
  addressOfAccount,
  offerViews,
  subAccountViews,
} from "../../src/exchange/query.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import { between, chance } from "./plan.ts";

/** What a client does about referrers and builders; codes are few, so most are taken. */
function rewardCommand(
  prng: Prng,
  { signed, others }: { signed: Signed; others: readonly Hex[] },
): Command {
  const commands: Command[] = [
    { kind: "registerReferrer", ...signed, code: `CODE${nextBelow(prng, 3)}` },
    { kind: "setReferrer", ...signed, code: `CODE${nextBelow(prng, 3)}` },
    {
      kind: "approveBuilderFee",
      ...signed,
      builder: others[nextBelow(prng, others.length)] as Hex,
      feeMax: nextBelow(prng, 110),
    },
    { kind: "claimRewards", ...signed },
  ];
  return commands[nextBelow(prng, commands.length)] as Command;
}

/** One such command of a client, about a sub-account of its own where it has one. */
export function accountCommand(
  state: ExchangeState,
  prng: Prng,
  { signed, others }: { signed: Signed; others: readonly Hex[] },
): Command {
  if (chance(prng, 0.3)) return rewardCommand(prng, { signed, others });
  const account = accountOfAddress(state, signed.signer);
  const subs = account < 0 ? [] : subAccountViews(state, account);
  const sub = subs[nextBelow(prng, Math.max(1, subs.length))];
  if (sub === undefined || (subs.length < 3 && chance(prng, 0.1)))
    return { kind: "createSubAccount", ...signed, name: "roving" };
  const subAccount = addressOfAccount(state, sub.account);
  const destination = chance(prng, 0.3)
    ? subAccount
    : (others[nextBelow(prng, others.length)] as Hex);
  const part = { market: nextBelow(prng, 2), sz: between(prng, 1, 40), usd: between(prng, 0, 9) };
  const commands: Command[] = [
    { kind: "renameSubAccount", ...signed, subAccount, name: "roved" },
    {
      kind: "subAccountTransfer",
      ...signed,
      subAccount,
      isDeposit: chance(prng, 0.7),
      amount: between(prng, 0, 50_000_000),
    },
    { kind: "movePosition", ...signed, subAccount, isSplit: chance(prng, 0.6), ...part },
    { kind: "offerPosition", ...signed, destination, expiresAtMs: signed.nonce + 9_000, ...part },
    ...offerViews(state, account).map(
      ({ id }): Command => ({
        kind: chance(prng, 0.8) ? "acceptOffer" : "endOffer",
        ...signed,
        offer: id,
      }),
    ),
    {
      kind: "riskLimits",
      ...signed,
      market: nextBelow(prng, 2),
      size: chance(prng, 0.5) ? 0 : between(prng, 1_000, 1_000_000),
      exposure: 0,
    },
    { kind: "usdSend", ...signed, destination, amount: between(prng, 0, 5_000_000) },
  ];
  return commands[nextBelow(prng, commands.length)] as Command;
}
