/**
 * The market maker as a step machine. Events and the time go in, requests come out; nothing else
 * goes in or out, so equal inputs give equal requests. Every step ends with the same questions in
 * the same order: what is overdue, must it stop, may it quote, what is uncertain.
 *
 * An error inside trips the kill switch instead of leaving orders unattended.
 */
import type { Hex } from "../base/hex.ts";
import { chaseOrders } from "./execution/chase.ts";
import { disarmDeadMan, noteDeadManRefused, pushDeadMan } from "./execution/dead-man.ts";
import { noteBackfill, noteFills } from "./execution/fill-report.ts";
import { endFlatten, startFlatten, stepFlatten } from "./execution/flatten.ts";
import { noteListing, noteReport } from "./execution/order-report.ts";
import { noteChangeOutcome, noteHealth, noteOrderAnswer } from "./execution/outcome.ts";
import { endPull, noteCleanListing, restartPull, stepPull } from "./execution/pull.ts";
import { noteQueueBook, noteQueueTrades } from "./execution/queue-ahead.ts";
import { sendCancels, sendRequest, takeOverdue, takePending } from "./execution/requests.ts";
import type { Maker, PendingRequest } from "./maker-state.ts";
import { changeConfig } from "./parameters.ts";
import { requote, updateFair } from "./quote/requote.ts";
import { type Block, quoteBlocks } from "./risk/block.ts";
import { resetEquityWatch } from "./risk/equity-watch.ts";
import { checkKill, trip } from "./risk/kill-check.ts";
import { ARMED } from "./risk/kill-latch.ts";
import {
  keepsOrders,
  noteAccount,
  noteSyncFills,
  noteSyncListing,
  restartSync,
  stepSync,
} from "./sync.ts";
import type { RequestOutcome, VenueEvent, VenueFunding, VenueRequest } from "./venue.ts";
import { noteBook, noteFarBook, noteReference } from "./view/book-view.ts";
import { noteFunding } from "./view/fill-ledger.ts";
import { noteSplitMarket, type SplitMarket } from "./view/pnl-split.ts";
import { takeNewTrades } from "./view/seen-trades.ts";

/** How often open orders are listed while all is well [ms]. */
const LISTING_MS = 15_000;

/** What the operator can ask for. */
export type MakerControl =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** Cancel everything once, then quote on. */
  | { readonly kind: "cancelAll" }
  /** Cancel one order; its level is quoted again in the next round. */
  | { readonly kind: "cancelOrder"; readonly cloid: Hex }
  /** Stop quoting, cancel all, close the position; then stay paused. */
  | { readonly kind: "flatten" }
  /** Change settings, all or none; `configProblem` says before whether it can be. */
  | { readonly kind: "configure"; readonly changes: Readonly<Record<string, number>> }
  | { readonly kind: "kill"; readonly text: string }
  | { readonly kind: "rearm" }
  | { readonly kind: "stop" };

/** Takes in an event of the venue; returns requests to send, in order. */
export const onVenueEvent = (maker: Maker, event: VenueEvent, nowMs: number): VenueRequest[] =>
  guarded(maker, nowMs, () => noteEvent(maker, event));

/** Lets time pass; to be called every 100 ms or so. */
export const onTimer = (maker: Maker, nowMs: number): VenueRequest[] =>
  guarded(maker, nowMs, () => undefined);

/** Takes in what the operator asks for. */
export const onControl = (maker: Maker, control: MakerControl, nowMs: number): VenueRequest[] =>
  guarded(maker, nowMs, () => noteControl(maker, control));

function guarded(maker: Maker, nowMs: number, work: () => void): VenueRequest[] {
  maker.nowMs = Math.max(maker.nowMs, nowMs);
  try {
    work();
    step(maker);
  } catch (error) {
    // A bug must not leave orders out: it kills, and the kill path alone still runs.
    trip(maker, "internalError", error instanceof Error ? error.message : String(error));
    try {
      stepPull(maker);
    } catch (second) {
      maker.failure = `cancel-all failed: ${second instanceof Error ? second.message : second}`;
    }
  }
  return maker.outbox.splice(0);
}

function step(maker: Maker): void {
  for (const pending of takeOverdue(maker)) {
    noteOutcome(maker, pending, { kind: "unknown", cause: "timeout" });
  }
  const hasQuote = updateFair(maker);
  checkKill(maker);
  if (maker.latch.killed) endFlatten(maker, "paused: killed while flattening");
  const blocks = quoteBlocks(maker);
  if (!hasQuote) blocks.push({ code: "noFairPrice", text: "no price to quote around" });
  if (blocks.length === 0) {
    if (maker.pull.active) endPull(maker);
    pushDeadMan(maker);
    requote(maker);
  } else if (mustPull(maker, blocks)) {
    // A closing order on its way is not to be cancelled with what rested before it.
    if (maker.flatten !== null && maker.pull.clean) stepFlatten(maker);
    else stepPull(maker);
    if (maker.pull.clean) {
      maker.control.cancelAll = false;
      disarmDeadMan(maker);
    }
  }
  stepSync(maker);
  chaseOrders(maker);
  readRegularly(maker);
}

/** Throttling holds changes back instead: more requests are what the venue asked to be spared. */
function mustPull(maker: Maker, blocks: readonly Block[]): boolean {
  if (keepsOrders(maker) && blocks.every((block) => isBeforeStart(block))) return false;
  return blocks.some((block) => block.code !== "throttled");
}

function isBeforeStart({ code }: Block): boolean {
  return code === "syncing" || code.endsWith("Unknown") || code === "noFairPrice";
}

function readRegularly(maker: Maker): void {
  const { nowMs, config, sync } = maker;
  if (sync.stage !== "ready" || !maker.connected) return;
  if (nowMs >= maker.nextAccountMs) {
    maker.nextAccountMs = nowMs + config.accountIntervalMs;
    sendRequest(maker, { kind: "queryAccount" });
  }
  if (nowMs >= maker.nextListingMs) {
    maker.nextListingMs = nowMs + LISTING_MS;
    sendRequest(maker, { kind: "queryOpenOrders" });
  }
}

function noteEvent(maker: Maker, event: VenueEvent): void {
  const { nowMs, beats } = maker;
  switch (event.kind) {
    case "marketSpec":
      maker.spec = event.spec;
      break;
    case "book":
      if (event.depth === "far") {
        if (noteFarBook(maker.book, event)) noteQueueBook(maker, event);
        break;
      }
      if (!noteBook(maker.book, event, nowMs)) break;
      beats.market = nowMs;
      noteQueueBook(maker, maker.book);
      noteSplitMarket(maker.split, splitMarket(maker), event.timeMs);
      break;
    case "reference":
      noteReference(maker.book, event, nowMs);
      noteSplitMarket(maker.split, splitMarket(maker), event.timeMs);
      break;
    case "trades":
      noteQueueTrades(maker, takeNewTrades(maker.trades, event.trades));
      break;
    case "orders":
      beats.user = nowMs;
      for (const report of event.orders) noteReport(maker, report);
      break;
    case "fills":
      beats.user = nowMs;
      noteFills(maker, event.fills);
      break;
    case "funding":
      beats.user = nowMs;
      notePayments(maker, event.payments);
      break;
    case "budget":
      maker.budgetLeft = event.cap - event.used;
      break;
    case "connection":
      noteConnection(maker, event.up);
      break;
    case "heartbeat":
      beats[event.feed] = nowMs;
      break;
    case "outcome": {
      const pending = takePending(maker, event.requestId);
      if (pending !== undefined) noteOutcome(maker, pending, event.outcome);
      break;
    }
  }
}

function notePayments({ ledger }: Maker, payments: readonly VenueFunding[]): void {
  for (const payment of payments) noteFunding(ledger, payment);
}

function splitMarket({ book, orders, nowMs, config }: Maker): SplitMarket {
  return { book, orders, nowMs, bookSpreadBpsMax: config.bookSpreadBpsMax };
}

function noteConnection(maker: Maker, up: boolean): void {
  if (up === maker.connected) return;
  maker.connected = up;
  maker.linkChangedMs = maker.nowMs;
  if (up) {
    maker.beats.user = maker.nowMs;
    restartSync(maker);
  } else restartPull(maker);
}

function noteOutcome(maker: Maker, pending: PendingRequest, outcome: RequestOutcome): void {
  const { request, sentMs } = pending;
  switch (request.kind) {
    case "placeBatch":
    case "cancelByCloid":
    case "cancelByOid":
      return noteChangeOutcome(maker, pending, outcome);
    case "queryOrder":
      return noteOrderAnswer(maker, pending, outcome);
    case "scheduleCancel":
      if (outcome.kind === "refused" && outcome.code !== "rateLimited") noteDeadManRefused(maker);
      return noteHealth(maker, outcome);
    case "queryOpenOrders":
      noteHealth(maker, outcome);
      if (outcome.kind !== "openOrders") return;
      noteListing(maker, outcome.orders, sentMs);
      if (request.requestId === maker.pull.requestId) noteCleanListing(maker, outcome.orders);
      return noteSyncListing(maker, request.requestId);
    case "queryAccount":
      noteHealth(maker, outcome);
      if (outcome.kind === "account") noteAccount(maker, outcome.account, request.requestId);
      return;
    case "queryFills": {
      noteHealth(maker, outcome);
      if (outcome.kind !== "fills") return;
      const { sinceMs } = request;
      noteBackfill(maker, outcome.fills, { sinceMs, sentMs, complete: outcome.complete });
      return noteSyncFills(maker, request.requestId, outcome);
    }
    case "queryFunding":
      noteHealth(maker, outcome);
      if (outcome.kind === "funding") notePayments(maker, outcome.payments);
      else maker.fundingAsked = null;
      return;
  }
}

function noteControl(maker: Maker, control: MakerControl): void {
  switch (control.kind) {
    case "pause":
      maker.control.paused = true;
      maker.control.pausedText = "paused by the operator";
      break;
    case "resume":
      maker.control.paused = false;
      maker.flatten = null;
      return;
    case "cancelAll":
      maker.control.cancelAll = true;
      break;
    case "kill":
      trip(maker, "manual", control.text);
      break;
    case "stop":
      maker.control.stopping = true;
      break;
    case "flatten":
      return startFlatten(maker);
    case "cancelOrder":
      return cancelOrder(maker, control.cloid);
    case "configure":
      return changeConfig(maker, control.changes);
    case "rearm":
      return rearm(maker);
  }
  restartPull(maker);
}

function cancelOrder(maker: Maker, cloid: Hex): void {
  const order = maker.orders.active.get(cloid);
  if (order?.state === "live") sendCancels(maker, [cloid]);
}

/** Arms the switch again: limits count from here, and the venue is agreed with before any quote. */
function rearm(maker: Maker): void {
  maker.latch = ARMED;
  maker.rearmedMs = maker.nowMs;
  maker.rejects.times = [];
  maker.runawayFloor = Math.abs(maker.ledger.position);
  resetEquityWatch(maker.equity);
  restartSync(maker);
}
