/** Risk limits of an account, by its owner or the operator, as objects and in records. */
import { bytesToHex, type Hex, writeHex } from "../base/hex.ts";
import {
  beginCommand,
  COMMAND,
  type CommandRecord,
  HEADER,
  RISK_ARGS,
  SIGNER_AT,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** On a market: largest position [lots] and notional [10^-6 USDC]; on all (-1): positions, and leverage [10^-2]. */
export interface RiskArgs {
  market: number;
  /** 0 = no limit. */
  size: number;
  exposure: number;
}
/** The owner's. */
export type RiskCommand = { kind: "riskLimits" } & RiskArgs & Signed;
/** The operator's. */
export type OperatorRiskCommand = { kind: "setRiskLimits"; address: Hex } & RiskArgs;

/** Writes either into a record. */
export function writeRisk(command: RiskCommand | OperatorRiskCommand, record: CommandRecord): void {
  const { lanes } = record;
  if (command.kind === "riskLimits") beginSigned(record, COMMAND.riskLimits, 0, command);
  else {
    beginCommand(record, COMMAND.setRiskLimits, 0);
    writeHex(command.address, record.bytes, SIGNER_AT, 20);
  }
  lanes[RISK_ARGS.market] = command.market;
  lanes[RISK_ARGS.size] = command.size;
  lanes[RISK_ARGS.exposure] = command.exposure;
}

/** The arguments of either. */
export const readRiskArgs = ({ lanes }: CommandRecord): RiskArgs => ({
  market: lanes[RISK_ARGS.market] as number,
  size: lanes[RISK_ARGS.size] as number,
  exposure: lanes[RISK_ARGS.exposure] as number,
});

/** Reads the owner's back; null for another kind. */
export const readRiskCommand = (record: CommandRecord): RiskCommand | null =>
  record.lanes[HEADER.kind] === COMMAND.riskLimits
    ? { kind: "riskLimits", ...readSigned(record), ...readRiskArgs(record) }
    : null;

/** Reads the operator's back. */
export const readOperatorRisk = (record: CommandRecord): OperatorRiskCommand => ({
  kind: "setRiskLimits",
  address: bytesToHex(record.bytes, SIGNER_AT, 20),
  ...readRiskArgs(record),
});
