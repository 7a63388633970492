import {
  UserFillsByTimeRequest,
  type UserFillsByTimeResponse,
  UserFillsRequest,
  type UserFillsResponse,
} from "@nktkas/hyperliquid/api/info";
import { accountOf } from "../../projection/account-directory.ts";
import { fillsOf } from "../../projection/fills.ts";
import { fillShapes } from "./fill-shape.ts";
import { infoMethod } from "./info-method.ts";

/** Most fills in one answer. */
export const FILLS_ANSWER_MAX = 2000;

/** `userFills`: the last 2000, newest first. */
export const userFills = infoMethod(
  UserFillsRequest,
  ({ models }, { user, aggregateByTime = false }): UserFillsResponse => {
    const fills = fillsOf(models.fills, accountOf(models.accounts, user), FILLS_ANSWER_MAX);
    return fillShapes(models, fills, aggregateByTime);
  },
);

/** `userFillsByTime`: 2000 from the start of the range on; reversed, from its end back. */
export const userFillsByTime = infoMethod(
  UserFillsByTimeRequest,
  ({ models }, request): UserFillsByTimeResponse => {
    const { startTime, aggregateByTime = false, reversed = false } = request;
    const endTime = request.endTime ?? Number.POSITIVE_INFINITY;
    const inRange = fillsOf(models.fills, accountOf(models.accounts, request.user)).filter(
      ({ timeMs }) => timeMs >= startTime && timeMs <= endTime,
    );
    const newestFirst = fillShapes(models, inRange, aggregateByTime);
    return (reversed ? newestFirst : newestFirst.reverse()).slice(0, FILLS_ANSWER_MAX);
  },
);
