/** Commands about referrers and builders, as objects and in records. */
import { bytesToHex, type Hex, readAscii, writeAscii, writeHex } from "../base/hex.ts";
import {
  BUILDER_FEE,
  COMMAND,
  type CommandRecord,
  HEADER,
  itemByte,
  REFERRAL_CODE_BYTES,
  SUBJECT_AT,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** See the file's head; fees in [10^-5]. */
export type RewardCommand =
  | ({ kind: "registerReferrer" | "setReferrer"; code: string } & Signed)
  | ({ kind: "approveBuilderFee"; builder: Hex; feeMax: number } & Signed)
  | ({ kind: "claimRewards" } & Signed);

/** Writes such a command into a record. */
export function writeRewardCommand(command: RewardCommand, record: CommandRecord): void {
  const { lanes, bytes } = record;
  const kind = COMMAND[command.kind];
  switch (command.kind) {
    case "registerReferrer":
    case "setReferrer":
      beginSigned(record, kind, 1, command);
      writeAscii(command.code, bytes, itemByte(0), REFERRAL_CODE_BYTES);
      return;
    case "approveBuilderFee":
      beginSigned(record, kind, 0, command);
      writeHex(command.builder, bytes, SUBJECT_AT, 20);
      lanes[BUILDER_FEE] = command.feeMax;
      return;
    case "claimRewards":
      beginSigned(record, kind, 0, command);
  }
}

/** Reads such a command back; null for another kind. */
export function readRewardCommand(record: CommandRecord): RewardCommand | null {
  const { lanes, bytes } = record;
  const code = (): string => readAscii(bytes, itemByte(0), REFERRAL_CODE_BYTES);
  switch (lanes[HEADER.kind]) {
    case COMMAND.registerReferrer:
      return { kind: "registerReferrer", ...readSigned(record), code: code() };
    case COMMAND.setReferrer:
      return { kind: "setReferrer", ...readSigned(record), code: code() };
    case COMMAND.approveBuilderFee:
      return {
        kind: "approveBuilderFee",
        ...readSigned(record),
        builder: bytesToHex(bytes, SUBJECT_AT, 20),
        feeMax: lanes[BUILDER_FEE] as number,
      };
    case COMMAND.claimRewards:
      return { kind: "claimRewards", ...readSigned(record) };
    default:
      return null;
  }
}
