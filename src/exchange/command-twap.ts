/** Commands about time-weighted orders, as objects and in records. */
import type { Side } from "../base/side.ts";
import {
  COMMAND,
  type CommandRecord,
  HEADER,
  ITEM,
  ITEM_FLAG,
  itemLane,
  TWAP_ARGS,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** A time-weighted order to start [sz: lots, prices: ticks]. */
export interface TwapItem {
  market: number;
  side: Side;
  sz: number;
  minutes: number;
  reduceOnly?: boolean;
  randomize?: boolean;
  /** It begins when the mark price is there, at or above, else at or below. */
  trigger?: { px: number; above: boolean };
  /** It ends when the mark price reaches it. */
  stopPx?: number;
}

/** See the file's head. */
export type TwapCommand =
  | ({ kind: "twapOrder"; twap: TwapItem } & Signed)
  | ({ kind: "twapCancel"; market: number; twapId: number } & Signed);

/** Writes such a command into a record. */
export function writeTwapCommand(command: TwapCommand, record: CommandRecord): void {
  const { lanes } = record;
  const lane = itemLane(0);
  beginSigned(record, COMMAND[command.kind], 1, command);
  if (command.kind === "twapCancel") {
    lanes[lane + ITEM.market] = command.market;
    lanes[lane + ITEM.targetOid] = command.twapId;
    return;
  }
  const { market, side, sz, minutes, reduceOnly, randomize, trigger, stopPx } = command.twap;
  lanes[lane + ITEM.market] = market;
  lanes[lane + ITEM.side] = side;
  lanes[lane + ITEM.sz] = sz;
  lanes[lane + ITEM.flags] = reduceOnly === true ? ITEM_FLAG.reduceOnly : 0;
  lanes[TWAP_ARGS.minutes] = minutes;
  lanes[TWAP_ARGS.randomize] = randomize === true ? 1 : 0;
  lanes[TWAP_ARGS.triggerPx] = trigger?.px ?? 0;
  lanes[TWAP_ARGS.above] = trigger?.above === true ? 1 : 0;
  lanes[TWAP_ARGS.stopPx] = stopPx ?? 0;
}

/** Reads such a command back; null for another kind. */
export function readTwapCommand(record: CommandRecord): TwapCommand | null {
  const { lanes } = record;
  const lane = itemLane(0);
  const market = lanes[lane + ITEM.market] as number;
  switch (lanes[HEADER.kind]) {
    case COMMAND.twapOrder:
      return { kind: "twapOrder", ...readSigned(record), twap: readTwap(lanes, lane) };
    case COMMAND.twapCancel: {
      const twapId = lanes[lane + ITEM.targetOid] as number;
      return { kind: "twapCancel", ...readSigned(record), market, twapId };
    }
    default:
      return null;
  }
}

function readTwap(lanes: Float64Array, lane: number): TwapItem {
  const twap: TwapItem = {
    market: lanes[lane + ITEM.market] as number,
    side: lanes[lane + ITEM.side] as Side,
    sz: lanes[lane + ITEM.sz] as number,
    minutes: lanes[TWAP_ARGS.minutes] as number,
  };
  if ((lanes[lane + ITEM.flags] as number) & ITEM_FLAG.reduceOnly) twap.reduceOnly = true;
  if (lanes[TWAP_ARGS.randomize] === 1) twap.randomize = true;
  const triggerPx = lanes[TWAP_ARGS.triggerPx] as number;
  if (triggerPx !== 0) twap.trigger = { px: triggerPx, above: lanes[TWAP_ARGS.above] === 1 };
  if (lanes[TWAP_ARGS.stopPx] !== 0) twap.stopPx = lanes[TWAP_ARGS.stopPx] as number;
  return twap;
}
