/** Commands about leverage and the margin of a position, as objects and in records. */
import {
  COMMAND,
  type CommandRecord,
  HEADER,
  TOP_UP_MARGIN,
  UPDATE_LEVERAGE,
  UPDATE_MARGIN,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** See the file's head. */
export type MarginCommand =
  | ({ kind: "updateLeverage"; market: number; leverage: number; isCross: boolean } & Signed)
  /** Into the position, negative = out of it [10^-6 USDC]. */
  | ({ kind: "updateIsolatedMargin"; market: number; amount: number } & Signed)
  /** [10^-6] */
  | ({ kind: "topUpIsolatedMargin"; market: number; leverage: number } & Signed);

/** Writes such a command into a record. */
export function writeMarginCommand(command: MarginCommand, record: CommandRecord): void {
  const { lanes } = record;
  beginSigned(record, COMMAND[command.kind], 0, command);
  if (command.kind === "updateLeverage") {
    lanes[UPDATE_LEVERAGE.market] = command.market;
    lanes[UPDATE_LEVERAGE.leverage] = command.leverage;
    lanes[UPDATE_LEVERAGE.isCross] = command.isCross ? 1 : 0;
  } else if (command.kind === "updateIsolatedMargin") {
    lanes[UPDATE_MARGIN.market] = command.market;
    lanes[UPDATE_MARGIN.amount] = command.amount;
  } else {
    lanes[TOP_UP_MARGIN.market] = command.market;
    lanes[TOP_UP_MARGIN.leverage] = command.leverage;
  }
}

/** Reads such a command back; null for another kind. */
export function readMarginCommand(record: CommandRecord): MarginCommand | null {
  const { lanes } = record;
  switch (lanes[HEADER.kind]) {
    case COMMAND.updateLeverage:
      return {
        kind: "updateLeverage",
        ...readSigned(record),
        market: lanes[UPDATE_LEVERAGE.market] as number,
        leverage: lanes[UPDATE_LEVERAGE.leverage] as number,
        isCross: lanes[UPDATE_LEVERAGE.isCross] === 1,
      };
    case COMMAND.updateIsolatedMargin:
      return {
        kind: "updateIsolatedMargin",
        ...readSigned(record),
        market: lanes[UPDATE_MARGIN.market] as number,
        amount: lanes[UPDATE_MARGIN.amount] as number,
      };
    case COMMAND.topUpIsolatedMargin:
      return {
        kind: "topUpIsolatedMargin",
        ...readSigned(record),
        market: lanes[TOP_UP_MARGIN.market] as number,
        leverage: lanes[TOP_UP_MARGIN.leverage] as number,
      };
    default:
      return null;
  }
}
