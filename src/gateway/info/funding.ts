import {
  FundingHistoryRequest,
  type FundingHistoryResponse,
  PredictedFundingsRequest,
  type PredictedFundingsResponse,
  UserFundingRequest,
  type UserFundingResponse,
} from "@nktkas/hyperliquid/api/info";
import { marketFunding } from "../../exchange/query.ts";
import { accountOf } from "../../projection/account-directory.ts";
import type { FundingItem } from "../../projection/fundings.ts";
import { type Answer, withAnswer } from "../../projection/history-queries.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatQuotient, formatSignedSz, formatUsdc } from "../../wire/decimal.ts";
import { historyOf } from "../gateway-context.ts";
import { commandHash } from "./fill-shape.ts";
import { infoMethod, timeSpan } from "./info-method.ts";

const HOUR_MS = 3_600_000;
const RATE_DECIMALS = 12;

/** A rate as a fraction [10^-12]. */
export const formatFundingRate = (rate: number): string =>
  formatQuotient(rate, 1_000_000_000_000, RATE_DECIMALS);

/** A payment as the feed and `userFunding` have it. */
export const paymentShape = (models: ReadModels, item: FundingItem) => {
  const { name, szDecimals } = marketOf(models.directory, item.market);
  return {
    coin: name,
    usdc: formatUsdc(item.amount),
    szi: formatSignedSz(item.size, szDecimals),
    fundingRate: formatFundingRate(item.rate),
    nSamples: item.samples,
  };
};

/** `fundingHistory`: a market's rates from a time on; null for a coin that is not traded. */
export const fundingHistory = infoMethod(
  FundingHistoryRequest,
  (context, { coin, startTime, endTime }): Answer<FundingHistoryResponse | null> => {
    const market = context.models.directory.byName.get(coin);
    if (market === undefined) return null;
    const items = historyOf(context).rates(market.market, timeSpan(startTime, endTime));
    return withAnswer(items, (found) =>
      found.map(({ rate, premium, timeMs }) => ({
        coin,
        fundingRate: formatFundingRate(rate),
        premium: formatFundingRate(premium),
        time: timeMs,
      })),
    );
  },
);

/** `predictedFundings`: what each market would pay by the samples so far; null where none is paid. */
export const predictedFundings = infoMethod(
  PredictedFundingsRequest,
  ({ models, sequencer }): PredictedFundingsResponse =>
    models.directory.markets.map(({ market, name }) => {
      const funding = marketFunding(sequencer.state, market);
      const data =
        funding === null
          ? null
          : {
              fundingRate: formatFundingRate(funding.predictedRate),
              nextFundingTime: funding.nextPaymentMs,
              fundingIntervalHours: funding.terms.intervalMs / HOUR_MS,
            };
      return [name, [["HlPerp", data]]];
    }),
);

/** `userFunding`: an account's payments from a time on. */
export const userFunding = infoMethod(
  UserFundingRequest,
  (context, { user, startTime, endTime }): Answer<UserFundingResponse> => {
    const { models } = context;
    const account = accountOf(models.accounts, user);
    const items = historyOf(context).payments(account, timeSpan(startTime, endTime));
    return withAnswer(items, (found) =>
      found.map((item) => ({
        time: item.timeMs,
        hash: commandHash(item.seq, true),
        delta: { type: "funding" as const, ...paymentShape(models, item) },
      })),
    );
  },
);
