/** Commands about vaults, and who may act for one. */

import { FEATURE_NAMES, type Features } from "../../base/features.ts";
import { REJECT } from "../../base/reject-code.ts";
import { setFeatures as writeFeatures } from "../account/feature-table.ts";
import { VAULT, VAULT_STATUS, vaultLane } from "../account/vault-table.ts";
import { COMMAND, type CommandRecord, HEADER } from "../command.ts";
import { beginEvent, type Core } from "../core.ts";
import { EVENT, VAULT_EVENT } from "../event.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { rejectCommand } from "../refusal.ts";
import { distribute, modifyVault, setVault } from "./manage.ts";
import { createVault, transferToVault, vaultOfSubject } from "./vault.ts";

/** Applies a command about a vault; another kind is none of its business. */
export function applyVaultCommand(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  switch (record.lanes[HEADER.kind]) {
    case COMMAND.createVault:
      return createVault(core, record, account);
    case COMMAND.vaultTransfer:
      return transferToVault(core, record, account, touched);
    case COMMAND.vaultModify:
      return modifyVault(core, record, account);
    case COMMAND.vaultDistribute:
      return distribute(core, record, account, touched);
    case COMMAND.setVault:
      return setVault(core, record, account);
  }
}

/** What may be done in a vault's name: trading, and no moving of money. */
const TRADING: ReadonlySet<number> = new Set([
  COMMAND.placeOrders,
  COMMAND.cancelOrders,
  COMMAND.cancelByCloid,
  COMMAND.modifyOrder,
  COMMAND.modifyOrders,
  COMMAND.scheduleCancel,
  COMMAND.noop,
  COMMAND.updateLeverage,
  COMMAND.cancelAll,
  COMMAND.startGrid,
  COMMAND.controlStrategy,
  COMMAND.setQuote,
  COMMAND.startDeltaNeutral,
]);

/** The account of the vault that a command names where the sender may trade for it, else -1. */
export function vaultActor(
  core: Core,
  subject: Int32Array,
  { own, kind }: { own: number; kind: number },
): number {
  const row = vaultOfSubject(core, subject);
  if (row < 0 || !TRADING.has(kind)) return -1;
  const of = (lane: number): number => vaultLane(core.vaults, row, lane);
  const isOwner = of(VAULT.owner) === own;
  const mayManage = of(VAULT.manager) === own && of(VAULT.status) === VAULT_STATUS.open;
  return isOwner || mayManage ? of(VAULT.account) : -1;
}

/** Switches parts of market making on or off and sets their rules. */
export function setFeatures(core: Core, record: CommandRecord): void {
  const values = FEATURE_NAMES.map((_, lane) => record.lanes[HEADER.arg0 + lane] as number);
  const isSound =
    values.every((value) => Number.isSafeInteger(value) && value >= 0) &&
    (values[0] as number) <= 1 &&
    (values[1] as number) <= 1 &&
    (values[2] as number) <= 10_000;
  if (!isSound) {
    rejectCommand(core, record, { account: -1, code: REJECT.featuresInvalid });
    return;
  }
  const features = Object.fromEntries(FEATURE_NAMES.map((name, lane) => [name, values[lane]]));
  writeFeatures(core.features, features as unknown as Features);
  const lane = beginEvent(core, EVENT.featuresSet, -1, -1, 0);
  FEATURE_NAMES.forEach((_, at) => {
    core.events.lanes[lane + VAULT_EVENT.vault + at] = values[at] as number;
  });
}
