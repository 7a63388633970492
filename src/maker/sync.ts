/**
 * Agreement with the venue before the first quote and after every gap in the streams:
 *
 *   clear    no order of ours rests (`cancelAllOrdersOnStartup`; always after a gap)
 *   fills    fills since the last known one are read again
 *   account  the venue's position equals the ledger's (`syncPositionFromExchange`)
 *   ready
 *
 * At the start the account opens the ledger. Later a position that three readings in a row agree
 * on, with all fills read in between, is taken over as an adjustment that the status shows.
 */
import { requestBackfill } from "./execution/chase.ts";
import { openAt } from "./execution/fill-report.ts";
import { restartPull } from "./execution/pull.ts";
import { isWaiting, sendRequest } from "./execution/requests.ts";
import type { Maker } from "./maker-state.ts";
import { markPx } from "./risk/mark.ts";
import type { AccountSnapshot, RequestOutcome } from "./venue.ts";
import { adjustPosition, residualAgainst } from "./view/fill-ledger.ts";
import { noteSplitTakeOver } from "./view/pnl-split.ts";

/** How far back payments are asked for: fewer than an answer holds [ms]. */
const FUNDING_SPAN_MS = 14 * 86_400_000;
/** Readings in a row that must agree before the venue's position is taken over. */
const AGREEING_MAX = 3;
/** Pause between two tries [ms]. */
const RETRY_MS = 500;

/** Starts over, as after a gap in the streams. */
export function restartSync(maker: Maker): void {
  const { sync } = maker;
  sync.stage = "clear";
  sync.requestId = null;
  sync.mismatchCount = 0;
  sync.nextMs = maker.nowMs;
  restartPull(maker);
}

/** Takes the next step when it is due. */
export function stepSync(maker: Maker): void {
  const { sync, nowMs } = maker;
  if (!maker.connected || maker.spec === null || sync.stage === "ready") return;
  if (isWaiting(maker, sync.requestId) || nowMs < sync.nextMs) return;
  sync.nextMs = nowMs + RETRY_MS;
  if (sync.stage === "clear") return stepClear(maker);
  sync.requestId =
    sync.stage === "fills" ? requestBackfill(maker) : sendRequest(maker, { kind: "queryAccount" });
}

/** Whether the stage leaves open orders as they are: only before the first quote, and by choice. */
export const keepsOrders = (maker: Maker): boolean =>
  maker.sync.first && !maker.config.cancelAllOrdersOnStartup;

function stepClear(maker: Maker): void {
  const { sync, pull, config } = maker;
  sync.nextMs = maker.nowMs;
  if (keepsOrders(maker)) {
    sync.requestId = sendRequest(maker, { kind: "queryOpenOrders" });
    return;
  }
  if (pull.clean) return enterStage(maker, sync.first ? "account" : "fills");
  // One round more than the retries means that the last retry did not do it either.
  if (!sync.first || pull.rounds <= config.cancelRetryMax) return;
  if (config.allowDirtyStart) {
    sync.dirty = true;
    enterStage(maker, "account");
  } else if (maker.failure === null) {
    maker.failure = `orders on the venue could not be cleared in ${config.cancelRetryMax} rounds`;
  }
}

/** A listing was answered while orders are left as they are. */
export function noteSyncListing(maker: Maker, requestId: number): void {
  if (maker.sync.stage === "clear" && requestId === maker.sync.requestId) {
    enterStage(maker, "account");
  }
}

/** A read of fills was answered. */
export function noteSyncFills(maker: Maker, requestId: number, outcome: RequestOutcome): void {
  if (maker.sync.stage !== "fills" || requestId !== maker.sync.requestId) return;
  if (outcome.kind === "fills") enterStage(maker, "account");
}

/** An account snapshot came: open the ledger with it, or compare. */
export function noteAccount(maker: Maker, account: AccountSnapshot, requestId: number): void {
  const { sync, ledger } = maker;
  if (maker.account !== null && account.timeMs < maker.account.timeMs) return;
  maker.account = account;
  maker.beats.account = maker.nowMs;
  const forStage = sync.stage === "account" && requestId === sync.requestId;
  if (ledger.baseline === null) {
    if (forStage) {
      openAt(maker, account);
      sync.agreedMs = account.timeMs;
      enterStage(maker, "ready");
    }
    return;
  }
  // A view from before the last fill or payment cannot know it.
  if (account.timeMs < Math.max(ledger.lastFillMs, ledger.lastFundingMs)) return;
  const residual = residualAgainst(ledger, account);
  maker.residual = residual ?? maker.residual;
  if (residual !== null) askForFunding(maker, residual, account.timeMs);
  const mismatch = account.position - ledger.position;
  if (mismatch === 0) {
    sync.mismatchCount = 0;
    sync.agreedMs = account.timeMs;
    if (forStage) enterStage(maker, "ready");
    return;
  }
  noteMismatch(maker, mismatch, forStage);
}

/** Equity that moved beyond the ledger may be funding of which the word was lost. */
function askForFunding(maker: Maker, residual: number, accountMs: number): void {
  if (residual === 0 || residual === maker.fundingAsked) return;
  maker.fundingAsked = residual;
  const baselineMs = maker.ledger.baseline?.timeMs ?? accountMs;
  const sinceMs = Math.max(baselineMs, accountMs - FUNDING_SPAN_MS);
  sendRequest(maker, { kind: "queryFunding", sinceMs });
}

function noteMismatch(maker: Maker, mismatch: number, forStage: boolean): void {
  const { sync } = maker;
  sync.mismatchCount = mismatch === sync.mismatch ? sync.mismatchCount + 1 : 1;
  sync.mismatch = mismatch;
  if (sync.stage === "ready") {
    // The first difference is most often a fill on its way: read again before making much of it.
    maker.nextAccountMs = maker.nowMs + RETRY_MS;
    requestBackfill(maker);
    if (sync.mismatchCount >= AGREEING_MAX) {
      restartSync(maker);
    }
    return;
  }
  if (!forStage) return;
  if (sync.mismatchCount < AGREEING_MAX) return enterStage(maker, "fills");
  const px = markPx(maker) ?? 0;
  adjustPosition(maker.ledger, mismatch, px);
  const { nowMs: timeMs } = maker;
  noteSplitTakeOver(maker.split, { timeMs, lots: mismatch, value: mismatch * px });
  sync.mismatchCount = 0;
  sync.agreedMs = maker.account?.timeMs ?? sync.agreedMs;
  enterStage(maker, "ready");
}

function enterStage(maker: Maker, stage: Maker["sync"]["stage"]): void {
  const { sync } = maker;
  sync.stage = stage;
  sync.requestId = null;
  sync.nextMs = sync.mismatchCount > 0 ? maker.nowMs + RETRY_MS : maker.nowMs;
  if (stage === "ready") sync.first = false;
}
