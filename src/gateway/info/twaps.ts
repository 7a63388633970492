/** Time-weighted orders: their history, and the fills of their slices. */
import {
  TwapHistoryRequest,
  type TwapHistoryResponse,
  UserTwapSliceFillsByTimeRequest,
  type UserTwapSliceFillsByTimeResponse,
  UserTwapSliceFillsRequest,
  type UserTwapSliceFillsResponse,
} from "@nktkas/hyperliquid/api/info";
import type { Hex } from "../../base/hex.ts";
import type { RejectCode } from "../../base/reject-code.ts";
import { accountOf, addressOf } from "../../projection/account-directory.ts";
import type { FillView } from "../../projection/fills.ts";
import { type Answer, newest, withAnswer } from "../../projection/history-queries.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { type TwapView, twapHistoryOf } from "../../projection/twaps.ts";
import { formatPx, formatSz, formatUsdc } from "../../wire/decimal.ts";
import { sideLetter } from "../../wire/order-words.ts";
import { rejectText } from "../../wire/reject-text.ts";
import { type GatewayContext, historyOf } from "../gateway-context.ts";
import { fillShape } from "./fill-shape.ts";
import { FILLS_ANSWER_MAX } from "./fills.ts";
import { infoMethod } from "./info-method.ts";

/** A record of the history on the wire. */
export type TwapRecordShape = TwapHistoryResponse[number];
/** How one stands, on the wire. */
export type TwapStateShape = TwapRecordShape["state"];
/** A fill of a slice on the wire. */
export type SliceFillShape = UserTwapSliceFillsResponse[number];

/** How a time-weighted order stands. */
export function twapStateShape(models: ReadModels, twap: TwapView): TwapStateShape {
  const { name, szDecimals } = marketOf(models.directory, twap.market);
  return {
    coin: name,
    user: addressOf(models.accounts, twap.account),
    side: sideLetter(twap.side),
    sz: formatSz(twap.sz, szDecimals),
    executedSz: formatSz(twap.executedSz, szDecimals),
    executedNtl: formatUsdc(twap.executedNtl),
    minutes: twap.minutes,
    reduceOnly: twap.reduceOnly,
    randomize: twap.randomize,
    timestamp: twap.startMs,
    trigger:
      twap.trigger === null
        ? null
        : { px: formatPx(twap.trigger.px, szDecimals), above: twap.trigger.above },
    stopPx: twap.stopPx === null ? null : formatPx(twap.stopPx, szDecimals),
  };
}

/** A record of the history. */
export const twapRecordShape = (models: ReadModels, twap: TwapView): TwapRecordShape => ({
  time: Math.floor(twap.timeMs / 1000),
  state: twapStateShape(models, twap),
  status:
    twap.status === "error"
      ? { status: "error", description: errorText(models, twap) }
      : { status: twap.status },
  twapId: twap.twapId,
});

function errorText(models: ReadModels, { code, market }: TwapView): string {
  const { szDecimals } = marketOf(models.directory, market);
  return rejectText({ code: code as RejectCode, a: 0, b: 0, c: 0 }, { asset: market, szDecimals });
}

/** The fill of a slice; null for any other fill. */
const sliceFillShape = (models: ReadModels, fill: FillView): SliceFillShape | null =>
  fill.twapId === null ? null : { fill: fillShape(models, fill), twapId: fill.twapId };

/** The fills of slices among an account's, newest first. */
export const sliceFillShapes = (models: ReadModels, fills: readonly FillView[]): SliceFillShape[] =>
  fills.flatMap((fill) => {
    const shape = sliceFillShape(models, fill);
    return shape === null ? [] : [shape];
  });

/** `twapHistory`: the last 2000 records, newest first. */
export const twapHistory = infoMethod(
  TwapHistoryRequest,
  ({ models }, { user }): TwapHistoryResponse =>
    twapHistoryOf(models.twaps, accountOf(models.accounts, user)).map((twap) =>
      twapRecordShape(models, twap),
    ),
);

/** An account's fills of slices among its last ones, newest first. */
export function sliceFillsOf(context: GatewayContext, user: Hex): Answer<SliceFillShape[]> {
  const { models } = context;
  const fills = historyOf(context).fills(accountOf(models.accounts, user), newest(FILLS_LOOKED_AT));
  return withAnswer(fills, (found) => sliceFillShapes(models, found));
}

/** Fills of an account among which its slices' are looked for. */
const FILLS_LOOKED_AT = 10_000;

/** `userTwapSliceFills`: the last 2000, newest first. */
export const userTwapSliceFills = infoMethod(
  UserTwapSliceFillsRequest,
  (context, { user }): Answer<UserTwapSliceFillsResponse> =>
    withAnswer(sliceFillsOf(context, user), (found) => found.slice(0, FILLS_ANSWER_MAX)),
);

/** `userTwapSliceFillsByTime`: 2000 from the start of the range on. */
export const userTwapSliceFillsByTime = infoMethod(
  UserTwapSliceFillsByTimeRequest,
  (context, { user, startTime, endTime }): Answer<UserTwapSliceFillsByTimeResponse> =>
    withAnswer(sliceFillsOf(context, user), (found) =>
      found
        .filter(({ fill }) => fill.time >= startTime && fill.time <= (endTime ?? Infinity))
        .reverse()
        .slice(0, FILLS_ANSWER_MAX),
    ),
);
