import {
  UserNonFundingLedgerUpdatesRequest,
  type UserNonFundingLedgerUpdatesResponse,
} from "@nktkas/hyperliquid/api/info";
import * as v from "valibot";
import type { Hex } from "../../base/hex.ts";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { MOVE_CAUSE, TRANSFER_CAUSE } from "../../exchange/event.ts";
import { accountOfAddress, offerViews } from "../../exchange/query.ts";
import { accountOf, addressOf } from "../../projection/account-directory.ts";
import { type Answer, newest, withAnswer } from "../../projection/history-queries.ts";
import type { LedgerItem } from "../../projection/ledger.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatQuotient, formatSignedSz, formatUsdc } from "../../wire/decimal.ts";
import { historyOf } from "../gateway-context.ts";
import { commandHash } from "./fill-shape.ts";
import { infoMethod } from "./info-method.ts";

type Update = UserNonFundingLedgerUpdatesResponse[number];

/** Most items in one answer. */
export const LEDGER_MAX = 2_000;
const ENTRY_PX_DECIMALS = 6;

/** An item as the feed and `userNonFundingLedgerUpdates` have it; null for what the wire has no word for. */
export function ledgerShape(models: ReadModels, item: LedgerItem): Update | null {
  const delta = deltaOf(models, item);
  return delta === null ? null : { time: item.timeMs, hash: commandHash(item.seq, true), delta };
}

function deltaOf(models: ReadModels, item: LedgerItem): Update["delta"] | null {
  const usdc = formatUsdc(Math.abs(item.amount));
  switch (item.kind) {
    case "deposited":
      return { type: "deposit", usdc };
    case "withdrawn":
      return { type: "withdraw", usdc, nonce: item.timeMs, fee: "0.0" };
    case "deficitBooked":
    case "insuranceFunded":
      return null;
    default: {
      const [from, to] = item.amount < 0 ? [item.account, item.other] : [item.other, item.account];
      const user = addressOf(models.accounts, from);
      const destination = addressOf(models.accounts, to);
      if (item.cause === TRANSFER_CAUSE.vaultDeposit)
        return { type: "vaultDeposit", vault: destination, usdc };
      // What a vault paid out takes more to tell than its money.
      if (item.cause === TRANSFER_CAUSE.vaultWithdrawal) return null;
      return item.cause === TRANSFER_CAUSE.subAccount
        ? { type: "subAccountTransfer", usdc, user, destination }
        : { type: "internalTransfer", usdc, user, destination, fee: formatUsdc(item.fee) };
    }
  }
}

/** `userNonFundingLedgerUpdates`: money that came and went, oldest first. */
export const userNonFundingLedgerUpdates = infoMethod(
  UserNonFundingLedgerUpdatesRequest,
  (context, { user, startTime = 0, endTime }): Answer<UserNonFundingLedgerUpdatesResponse> => {
    const { models } = context;
    const toMs = endTime ?? Number.MAX_SAFE_INTEGER;
    const span = { fromMs: startTime, toMs, count: LEDGER_MAX, newestFirst: false };
    const items = historyOf(context).ledger(accountOf(models.accounts, user), span);
    return withAnswer(items, (found) => found.flatMap((item) => ledgerShape(models, item) ?? []));
  },
);

const USER = v.pipe(
  v.string(),
  v.regex(/^0[xX][0-9a-fA-F]{40}$/),
  v.transform((text) => text.toLowerCase() as Hex),
);

/** Size and entry price of a part of a position: cost / size [10^-6 USDC / lots -> USDC]. */
function partShape(
  models: ReadModels,
  market: number,
  { size, cost }: { size: number; cost: number },
) {
  const { name, szDecimals } = marketOf(models.directory, market);
  const ticksPerUsdc = 10 ** (PERP_DECIMALS - szDecimals);
  return {
    coin: name,
    szi: formatSignedSz(size, szDecimals),
    entryPx: formatQuotient(cost, size * ticksPerUsdc, ENTRY_PX_DECIMALS),
  };
}

/** `boursePositionOffers`: open offers that a user made or was made. */
export const boursePositionOffers = infoMethod(
  v.object({ type: v.literal("boursePositionOffers"), user: USER }),
  ({ models, sequencer: { state }, nowMs }, { user }) => {
    const account = accountOfAddress(state, user);
    return offerViews(state, account)
      .filter(({ expiresAtMs }) => nowMs() < expiresAtMs)
      .map(({ id, giver, taker, market, usd, expiresAtMs, ...part }) => ({
        offer: id,
        user: addressOf(models.accounts, giver),
        destination: addressOf(models.accounts, taker),
        ...partShape(models, market, part),
        usd,
        expiresAt: expiresAtMs,
      }));
  },
);

const CAUSE_WORDS = {
  [MOVE_CAUSE.split]: "split",
  [MOVE_CAUSE.merge]: "merge",
  [MOVE_CAUSE.offer]: "offer",
} as const;

/** `boursePositionMoves`: positions that came from other accounts or went there, newest first. */
export const boursePositionMoves = infoMethod(
  v.object({ type: v.literal("boursePositionMoves"), user: USER }),
  (context, { user }) => {
    const { models } = context;
    const items = historyOf(context).moves(accountOf(models.accounts, user), newest(LEDGER_MAX));
    return withAnswer(items, (found) =>
      found.map((item) => ({
        time: item.timeMs,
        hash: commandHash(item.seq, true),
        cause: CAUSE_WORDS[item.cause],
        other: addressOf(models.accounts, item.other),
        ...partShape(models, item.market, item),
      })),
    );
  },
);
