import {
  UserNonFundingLedgerUpdatesRequest,
  type UserNonFundingLedgerUpdatesResponse,
} from "@nktkas/hyperliquid/api/info";
import { accountOf, addressOf } from "../../projection/account-directory.ts";
import { type Answer, withAnswer } from "../../projection/history-queries.ts";
import type { LedgerEntry } from "../../projection/ledger.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import { historyOf } from "../gateway-context.ts";
import { commandHash } from "./fill-shape.ts";
import { infoMethod, timeSpan } from "./info-method.ts";

/** `userNonFundingLedgerUpdates`: deposits, withdrawals and transfers from a time on, oldest first. */
export const userNonFundingLedgerUpdates = infoMethod(
  UserNonFundingLedgerUpdatesRequest,
  (context, { user, startTime, endTime }): Answer<UserNonFundingLedgerUpdatesResponse> => {
    const { models } = context;
    const account = accountOf(models.accounts, user);
    const entries = historyOf(context).ledger(account, timeSpan(startTime, endTime));
    return withAnswer(entries, (found) =>
      found.map((entry) => ({
        time: entry.timeMs,
        hash: commandHash(entry.seq, false),
        delta: deltaOf(models, entry),
      })),
    );
  },
);

type Delta = UserNonFundingLedgerUpdatesResponse[number]["delta"];

function deltaOf({ accounts }: ReadModels, entry: LedgerEntry): Delta {
  const usdc = formatUsdc(Math.abs(entry.amount));
  if (entry.kind === "deposit") return { type: "deposit", usdc };
  // Withdrawals are the operator's: nobody signed them, and they cost nothing.
  if (entry.kind === "withdrawal") return { type: "withdraw", usdc, nonce: 0, fee: "0.0" };
  const [from, to] = entry.amount < 0 ? [entry.account, entry.other] : [entry.other, entry.account];
  const moved = { usdc, user: addressOf(accounts, from), destination: addressOf(accounts, to) };
  if (entry.kind === "subAccountTransfer") return { type: "subAccountTransfer", ...moved };
  return { type: "internalTransfer", ...moved, fee: formatUsdc(entry.fee) };
}
