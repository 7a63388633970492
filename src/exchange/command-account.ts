/** Commands about sub-accounts, and money and positions between accounts, as objects and in records. */
import { bytesToHex, type Hex, readAscii, writeAscii, writeHex } from "../base/hex.ts";
import {
  AGENT_NAME_BYTES,
  COMMAND,
  type CommandRecord,
  HEADER,
  ITEM_CLOID_AT,
  itemByte,
  MOVE,
  OFFER_ID,
  SUB_TRANSFER,
  SUBJECT_AT,
  TRANSFER_AMOUNT,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** See the file's head; amounts in [10^-6 USDC]. */
export type AccountCommand =
  | ({ kind: "createSubAccount"; name: string } & Signed)
  | ({ kind: "renameSubAccount"; subAccount: Hex; name: string } & Signed)
  | ({ kind: "subAccountTransfer"; subAccount: Hex; isDeposit: boolean; amount: number } & Signed)
  | ({ kind: "usdSend"; destination: Hex; amount: number } & Signed)
  | ({ kind: "movePosition"; subAccount: Hex; isSplit: boolean } & Part & Signed)
  | ({ kind: "offerPosition"; destination: Hex; expiresAtMs: number } & Part & Signed)
  | ({ kind: "acceptOffer" | "endOffer"; offer: number } & Signed);

/** Part of a position [lots], and money that goes with it; negative = comes back [10^-6 USDC]. */
interface Part {
  market: number;
  sz: number;
  usd: number;
}

/** Writes such a command into a record. */
export function writeAccountCommand(command: AccountCommand, record: CommandRecord): void {
  const { lanes, bytes } = record;
  const kind = COMMAND[command.kind];
  switch (command.kind) {
    case "createSubAccount":
      beginSigned(record, kind, 1, command);
      writeName(command.name, record);
      return;
    case "renameSubAccount":
      beginSigned(record, kind, 1, command);
      writeHex(command.subAccount, bytes, SUBJECT_AT, 20);
      writeName(command.name, record);
      return;
    case "subAccountTransfer":
      beginSigned(record, kind, 0, command);
      writeHex(command.subAccount, bytes, SUBJECT_AT, 20);
      lanes[SUB_TRANSFER.amount] = command.amount;
      lanes[SUB_TRANSFER.isDeposit] = command.isDeposit ? 1 : 0;
      return;
    case "usdSend":
      beginSigned(record, kind, 0, command);
      writeHex(command.destination, bytes, SUBJECT_AT, 20);
      lanes[TRANSFER_AMOUNT] = command.amount;
      return;
    case "movePosition":
      beginSigned(record, kind, 0, command);
      writeHex(command.subAccount, bytes, SUBJECT_AT, 20);
      writePart(command, record);
      lanes[MOVE.isSplit] = command.isSplit ? 1 : 0;
      return;
    case "offerPosition":
      beginSigned(record, kind, 1, command);
      writeHex(command.destination, bytes, itemByte(0) + ITEM_CLOID_AT, 20);
      writePart(command, record);
      lanes[MOVE.expiresAtMs] = command.expiresAtMs;
      return;
    case "acceptOffer":
    case "endOffer":
      beginSigned(record, kind, 0, command);
      lanes[OFFER_ID] = command.offer;
  }
}

/** Reads such a command back; null for another kind. */
export function readAccountCommand(record: CommandRecord): AccountCommand | null {
  const { lanes, bytes } = record;
  const subject = (): Hex => bytesToHex(bytes, SUBJECT_AT, 20);
  switch (lanes[HEADER.kind]) {
    case COMMAND.createSubAccount:
      return { kind: "createSubAccount", ...readSigned(record), name: readName(record) };
    case COMMAND.renameSubAccount:
      return {
        kind: "renameSubAccount",
        ...readSigned(record),
        subAccount: subject(),
        name: readName(record),
      };
    case COMMAND.subAccountTransfer:
      return {
        kind: "subAccountTransfer",
        ...readSigned(record),
        subAccount: subject(),
        amount: lanes[SUB_TRANSFER.amount] as number,
        isDeposit: lanes[SUB_TRANSFER.isDeposit] === 1,
      };
    case COMMAND.usdSend:
      return {
        kind: "usdSend",
        ...readSigned(record),
        destination: subject(),
        amount: lanes[TRANSFER_AMOUNT] as number,
      };
    case COMMAND.movePosition:
      return {
        kind: "movePosition",
        ...readSigned(record),
        subAccount: subject(),
        ...readPart(record),
        isSplit: lanes[MOVE.isSplit] === 1,
      };
    case COMMAND.offerPosition:
      return {
        kind: "offerPosition",
        ...readSigned(record),
        destination: bytesToHex(bytes, itemByte(0) + ITEM_CLOID_AT, 20),
        ...readPart(record),
        expiresAtMs: lanes[MOVE.expiresAtMs] as number,
      };
    case COMMAND.acceptOffer:
      return { kind: "acceptOffer", ...readSigned(record), offer: lanes[OFFER_ID] as number };
    case COMMAND.endOffer:
      return { kind: "endOffer", ...readSigned(record), offer: lanes[OFFER_ID] as number };
    default:
      return null;
  }
}

function writePart(part: Part, { lanes }: CommandRecord): void {
  lanes[MOVE.market] = part.market;
  lanes[MOVE.sz] = part.sz;
  lanes[MOVE.usd] = part.usd;
}

const readPart = ({ lanes }: CommandRecord): Part => ({
  market: lanes[MOVE.market] as number,
  sz: lanes[MOVE.sz] as number,
  usd: lanes[MOVE.usd] as number,
});

function writeName(name: string, { bytes }: CommandRecord): void {
  writeAscii(name, bytes, itemByte(0) + ITEM_CLOID_AT, AGENT_NAME_BYTES);
}

const readName = ({ bytes }: CommandRecord): string =>
  readAscii(bytes, itemByte(0) + ITEM_CLOID_AT, AGENT_NAME_BYTES);
