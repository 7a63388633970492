/** Actions about vaults as commands. */
import type { Signed } from "../exchange/command-signed.ts";
import type { VaultChange, VaultCommand } from "../exchange/command-vault.ts";
import type { WireAction } from "../wire/canonical.ts";

type Of<Type extends WireAction["type"]> = Extract<WireAction, { type: Type }>;

/** Share of profit of a vault that is opened over the wire, which has no word for it: the venue's 10 % [10^-4]. */
const VENUE_PROFIT_SHARE = 1_000;
const TEXT_FORM = /^[\x20-\x7e]*$/;

/** Turns an action about a vault into its command, or a text that refuses it. */
export function vaultCommand(
  action: Of<"createVault" | "vaultTransfer" | "vaultModify" | "vaultDistribute" | "bourse.vault">,
  signed: Signed,
): VaultCommand | string {
  switch (action.type) {
    case "createVault": {
      const { name, description, initialUsd: amount } = action;
      if (!TEXT_FORM.test(name) || !TEXT_FORM.test(description))
        return "Vault name and description must be printable ASCII.";
      const profitShareBps = VENUE_PROFIT_SHARE;
      return { kind: "createVault", ...signed, name, description, amount, profitShareBps };
    }
    case "vaultTransfer": {
      const { vaultAddress: address, isDeposit, usd: amount } = action;
      return { kind: "vaultTransfer", ...signed, address, isDeposit, amount };
    }
    case "vaultModify":
      return {
        kind: "vaultModify",
        ...signed,
        address: action.vaultAddress,
        allowDeposits: action.allowDeposits,
        alwaysClose: action.alwaysCloseOnWithdraw,
      };
    case "vaultDistribute":
      return {
        kind: "vaultDistribute",
        ...signed,
        address: action.vaultAddress,
        amount: action.usd,
      };
    default:
      return {
        kind: "setVault",
        ...signed,
        address: action.vaultAddress,
        change: changeOf(action),
      };
  }
}

function changeOf({ manager, profitShareBps, paused }: Of<"bourse.vault">): VaultChange {
  if (manager !== undefined)
    return { setting: "manager", manager: manager === "none" ? null : manager };
  if (profitShareBps !== undefined) return { setting: "profitShare", bps: profitShareBps };
  return { setting: "paused", paused: paused === true };
}
