import {
  UserFillsByTimeRequest,
  type UserFillsByTimeResponse,
  UserFillsRequest,
  type UserFillsResponse,
} from "@nktkas/hyperliquid/api/info";
import { accountOf } from "../../projection/account-directory.ts";
import {
  type Answer,
  type HistorySpan,
  newest,
  withAnswer,
} from "../../projection/history-queries.ts";
import { historyOf } from "../gateway-context.ts";
import { fillShapes } from "./fill-shape.ts";
import { infoMethod } from "./info-method.ts";

/** Most fills in one answer. */
export const FILLS_ANSWER_MAX = 2000;
/** Most fills that are summed for one answer. */
const FILLS_SUMMED_MAX = 10_000;

/** `userFills`: the last 2000, newest first. */
export const userFills = infoMethod(
  UserFillsRequest,
  (context, { user, aggregateByTime = false }): Answer<UserFillsResponse> => {
    const { models } = context;
    const span = newest(FILLS_ANSWER_MAX);
    const fills = historyOf(context).fills(accountOf(models.accounts, user), span);
    return withAnswer(fills, (found) => fillShapes(models, found, aggregateByTime));
  },
);

/** `userFillsByTime`: 2000 from the start of the range on; reversed, from its end back. */
export const userFillsByTime = infoMethod(
  UserFillsByTimeRequest,
  (context, request): Answer<UserFillsByTimeResponse> => {
    const { models } = context;
    const { startTime, aggregateByTime = false, reversed = false } = request;
    const span: HistorySpan = {
      fromMs: startTime,
      toMs: request.endTime ?? Number.MAX_SAFE_INTEGER,
      count: aggregateByTime ? FILLS_SUMMED_MAX : FILLS_ANSWER_MAX,
      newestFirst: reversed,
    };
    const fills = historyOf(context).fills(accountOf(models.accounts, request.user), span);
    return withAnswer(fills, (found) => {
      if (reversed) return fillShapes(models, found, aggregateByTime).slice(0, FILLS_ANSWER_MAX);
      const newestFirst = fillShapes(models, found.toReversed(), aggregateByTime);
      return newestFirst.reverse().slice(0, FILLS_ANSWER_MAX);
    });
  },
);
