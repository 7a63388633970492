/** Commands about vaults, as objects and in records; money [10^-6 USDC], shares of profit [10^-4]. */
import { bytesToHex, type Hex, isZero, readAscii, writeAscii, writeHex } from "../base/hex.ts";
import {
  COMMAND,
  type CommandRecord,
  CREATE_VAULT,
  HEADER,
  itemByte,
  SET_VAULT,
  SUBJECT_AT,
  TRANSFER_AMOUNT,
  VAULT_MODIFY,
  VAULT_SETTING,
  VAULT_TEXT_ITEMS,
  VAULT_TRANSFER,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

const NAME_BYTES = 50;
const DESCRIPTION_BYTES = 250;

/** A change of a vault that its owner makes. */
export type VaultChange =
  /** Who trades for it beside the owner; null = nobody. */
  | { setting: "manager"; manager: Hex | null }
  | { setting: "profitShare"; bps: number }
  | { setting: "paused"; paused: boolean };

/** See the file's head. */
export type VaultCommand =
  | ({
      kind: "createVault";
      name: string;
      description: string;
      amount: number;
      profitShareBps: number;
    } & Signed)
  | ({
      kind: "vaultTransfer";
      address: Hex;
      isDeposit: boolean;
      amount: number;
      /** Least shares that a deposit must buy. */
      sharesMin?: number;
    } & Signed)
  | ({
      kind: "vaultModify";
      address: Hex;
      allowDeposits: boolean | null;
      alwaysClose: boolean | null;
    } & Signed)
  | ({ kind: "vaultDistribute"; address: Hex; amount: number } & Signed)
  | ({ kind: "setVault"; address: Hex; change: VaultChange } & Signed);

/** Writes such a command into a record. */
export function writeVaultCommand(command: VaultCommand, record: CommandRecord): void {
  const { lanes, bytes } = record;
  const isManager = command.kind === "setVault" && command.change.setting === "manager";
  const items = command.kind === "createVault" ? VAULT_TEXT_ITEMS : isManager ? 1 : 0;
  beginSigned(record, COMMAND[command.kind], items, command);
  if ("address" in command) writeHex(command.address, bytes, SUBJECT_AT, 20);
  switch (command.kind) {
    case "createVault":
      writeAscii(command.name, bytes, itemByte(0), NAME_BYTES);
      writeAscii(command.description, bytes, itemByte(0) + NAME_BYTES, DESCRIPTION_BYTES);
      lanes[CREATE_VAULT.amount] = command.amount;
      lanes[CREATE_VAULT.profitShareBps] = command.profitShareBps;
      return;
    case "vaultTransfer":
      lanes[VAULT_TRANSFER.amount] = command.amount;
      lanes[VAULT_TRANSFER.isDeposit] = command.isDeposit ? 1 : 0;
      lanes[VAULT_TRANSFER.sharesMin] = command.sharesMin ?? 0;
      return;
    case "vaultModify":
      lanes[VAULT_MODIFY.allowDeposits] = wordOf(command.allowDeposits);
      lanes[VAULT_MODIFY.alwaysClose] = wordOf(command.alwaysClose);
      return;
    case "vaultDistribute":
      lanes[TRANSFER_AMOUNT] = command.amount;
      return;
    case "setVault":
      writeChange(command.change, record);
  }
}

const wordOf = (word: boolean | null): number => (word === null ? -1 : word ? 1 : 0);
const boolOf = (word: number): boolean | null => (word < 0 ? null : word === 1);

function writeChange(change: VaultChange, { lanes, bytes }: CommandRecord): void {
  lanes[SET_VAULT.setting] = VAULT_SETTING[change.setting];
  if (change.setting === "profitShare") lanes[SET_VAULT.value] = change.bps;
  else if (change.setting === "paused") lanes[SET_VAULT.value] = change.paused ? 1 : 0;
  else if (change.manager !== null) writeHex(change.manager, bytes, itemByte(0), 20);
}

/** Reads such a command back; null for another kind. */
export function readVaultCommand(record: CommandRecord): VaultCommand | null {
  const { lanes, bytes } = record;
  const of = (lane: number): number => lanes[lane] as number;
  const about = () => ({ ...readSigned(record), address: bytesToHex(bytes, SUBJECT_AT, 20) });
  switch (lanes[HEADER.kind]) {
    case COMMAND.createVault:
      return {
        kind: "createVault",
        ...readSigned(record),
        name: readAscii(bytes, itemByte(0), NAME_BYTES),
        description: readAscii(bytes, itemByte(0) + NAME_BYTES, DESCRIPTION_BYTES),
        amount: of(CREATE_VAULT.amount),
        profitShareBps: of(CREATE_VAULT.profitShareBps),
      };
    case COMMAND.vaultTransfer:
      return {
        kind: "vaultTransfer",
        ...about(),
        amount: of(VAULT_TRANSFER.amount),
        isDeposit: of(VAULT_TRANSFER.isDeposit) === 1,
        ...(of(VAULT_TRANSFER.sharesMin) !== 0 && { sharesMin: of(VAULT_TRANSFER.sharesMin) }),
      };
    case COMMAND.vaultModify:
      return {
        kind: "vaultModify",
        ...about(),
        allowDeposits: boolOf(of(VAULT_MODIFY.allowDeposits)),
        alwaysClose: boolOf(of(VAULT_MODIFY.alwaysClose)),
      };
    case COMMAND.vaultDistribute:
      return { kind: "vaultDistribute", ...about(), amount: of(TRANSFER_AMOUNT) };
    case COMMAND.setVault: {
      const change = readChange(record);
      return change === null ? null : { kind: "setVault", ...about(), change };
    }
    default:
      return null;
  }
}

function readChange({ lanes, bytes }: CommandRecord): VaultChange | null {
  const value = lanes[SET_VAULT.value] as number;
  switch (lanes[SET_VAULT.setting]) {
    case VAULT_SETTING.manager: {
      const at = itemByte(0);
      return {
        setting: "manager",
        manager: isZero(bytes, at, 20) ? null : bytesToHex(bytes, at, 20),
      };
    }
    case VAULT_SETTING.profitShare:
      return { setting: "profitShare", bps: value };
    case VAULT_SETTING.paused:
      return { setting: "paused", paused: value === 1 };
    default:
      return null;
  }
}
