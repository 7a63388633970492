/**
 * Everything one market maker knows: plain data, no timers, no clock. Time enters with each input
 * as `nowMs` and never runs backwards here.
 */
import { assert } from "../base/assert.ts";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import { type MakerConfig, makerConfigProblem } from "./config.ts";
import { createEstimates, type Estimates } from "./estimate/estimates.ts";
import { createOwnOrders, type OwnOrders } from "./execution/own-orders.ts";
import type { FairSource } from "./quote/fair-price.ts";
import type { ModelQuote } from "./quote/quote-model.ts";
import { createEquityWatch, type EquityWatch } from "./risk/equity-watch.ts";
import { createHeartbeats, type Heartbeats } from "./risk/heartbeat.ts";
import { ARMED, type KillLatch } from "./risk/kill-latch.ts";
import { createRejectTracker, type RejectTracker } from "./risk/reject-tracker.ts";
import type { AccountSnapshot, VenueOrder, VenueRequest } from "./venue.ts";
import { type BookView, createBookView } from "./view/book-view.ts";
import { createFillLedger, type FillLedger } from "./view/fill-ledger.ts";
import { createSplitView, type SplitView } from "./view/pnl-split.ts";
import { createSeenTrades, type SeenTrades } from "./view/seen-trades.ts";

/** A request whose outcome has not come. */
export interface PendingRequest {
  readonly request: VenueRequest;
  readonly sentMs: number;
  /** Its outcome is taken as unknown already; one that comes late is still heard. */
  overdue: boolean;
}

/** How far the maker has come in making its knowledge and the venue agree. */
export interface SyncState {
  stage: "clear" | "fills" | "account" | "ready";
  /** Whether it was ready once in this run. */
  first: boolean;
  /** Request that the stage waits for, or null. */
  requestId: number | null;
  /** Next try [ms]. */
  nextMs: number;
  /** Position of the venue beyond ours at the last snapshots, and how often in a row [lots]. */
  mismatch: number;
  mismatchCount: number;
  /** Venue time of the last snapshot whose position was ours: no fill before it is missing [ms]. */
  agreedMs: number;
  /** Orders may be left over from before: the start was allowed all the same. */
  dirty: boolean;
}

/** Cancel-all by the venue's own list, repeated until nothing is left. */
export interface PullState {
  active: boolean;
  clean: boolean;
  rounds: number;
  /** Next round [ms]. */
  nextMs: number;
  /** Listing that the round waits for, or null. */
  requestId: number | null;
}

/** What the operator asked for. */
export interface ControlState {
  paused: boolean;
  /** Why it is paused, in words. */
  pausedText: string;
  /** Cancel everything once, then go on. */
  cancelAll: boolean;
  stopping: boolean;
}

/** A position on its way to zero. */
export interface FlattenState {
  /** Orders sent so far. */
  tries: number;
  /** Earliest time of the next one [ms]. */
  nextMs: number;
}

/** The quote of the last round. */
export interface QuoteState {
  /** [ticks, fractional] */
  fairPx: number | null;
  fairSource: FairSource | null;
  /** What the model made of it; null before there was anything to quote around. */
  model: ModelQuote | null;
  /** When orders were last changed [ms]. */
  changedMs: number;
}

/** What was sent and how it went. */
export interface RequestCounters {
  requests: number;
  places: number;
  cancels: number;
  unknown: number;
  held: number;
}

/** One market maker. */
export interface Maker {
  /** Replaced as a whole when the operator changes settings. */
  config: MakerConfig;
  /** Requests that leave at the end of the step. */
  readonly outbox: VenueRequest[];
  nowMs: number;
  spec: InstrumentSpec | null;
  readonly book: BookView;
  readonly trades: SeenTrades;
  readonly estimates: Estimates;
  readonly ledger: FillLedger;
  /** Causes of the ledger's PnL. */
  readonly split: SplitView;
  readonly orders: OwnOrders;
  /** Open orders on the market that are not ours, by the last listing. */
  foreign: readonly VenueOrder[];
  readonly pending: Map<number, PendingRequest>;
  nextRequestId: number;
  nextOrderCounter: number;
  account: AccountSnapshot | null;
  /** Venue's equity change that the ledger does not explain; null = not comparable [10^-6 USDC]. */
  residual: number | null;
  /** Residual at which payments for holding were asked for last [10^-6 USDC]. */
  fundingAsked: number | null;
  readonly beats: Heartbeats;
  connected: boolean;
  /** When the connection last came up or went down [ms]. */
  linkChangedMs: number;
  readonly control: ControlState;
  /** Null while it is not flattening. */
  flatten: FlattenState | null;
  latch: KillLatch;
  rearmedMs: number;
  readonly sync: SyncState;
  readonly pull: PullState;
  readonly rejects: RejectTracker;
  readonly equity: EquityWatch;
  /** Requests left to the address before what was sent since; null = not known. */
  budgetLeft: number | null;
  /** [lots] */
  positionLimit: number | null;
  /** Position that was there already and cannot count as run away [lots]. */
  runawayFloor: number;
  /** Next periodic reads [ms]. */
  nextAccountMs: number;
  nextListingMs: number;
  nextBackfillMs: number;
  nextDeadManMs: number;
  /** The venue's dead-man timer was set and not taken back. */
  deadManArmed: boolean;
  /** Why it can never quote in this run. */
  failure: string | null;
  readonly quote: QuoteState;
  readonly counters: RequestCounters;
}

/** A market maker with a stored kill latch, or armed. */
export function createMaker(config: MakerConfig, latch: KillLatch = ARMED): Maker {
  const problem = makerConfigProblem(config);
  assert(problem === null, `the maker's settings are sound: ${problem}`);
  return {
    config,
    outbox: [],
    nowMs: 0,
    spec: null,
    book: createBookView(),
    trades: createSeenTrades(),
    estimates: createEstimates(),
    ledger: createFillLedger(),
    split: createSplitView(),
    orders: createOwnOrders(),
    foreign: [],
    pending: new Map(),
    nextRequestId: 1,
    nextOrderCounter: 1,
    account: null,
    residual: null,
    fundingAsked: null,
    beats: createHeartbeats(),
    connected: false,
    linkChangedMs: Number.NEGATIVE_INFINITY,
    control: { paused: false, pausedText: "", cancelAll: false, stopping: false },
    flatten: null,
    latch,
    rearmedMs: Number.NEGATIVE_INFINITY,
    sync: {
      stage: "clear",
      first: true,
      requestId: null,
      nextMs: 0,
      mismatch: 0,
      mismatchCount: 0,
      agreedMs: 0,
      dirty: false,
    },
    pull: { active: false, clean: false, rounds: 0, nextMs: 0, requestId: null },
    rejects: createRejectTracker(),
    equity: createEquityWatch(),
    budgetLeft: null,
    positionLimit: null,
    runawayFloor: 0,
    nextAccountMs: 0,
    nextListingMs: 0,
    nextBackfillMs: 0,
    nextDeadManMs: 0,
    deadManArmed: false,
    failure: null,
    quote: { fairPx: null, fairSource: null, model: null, changedMs: 0 },
    counters: { requests: 0, places: 0, cancels: 0, unknown: 0, held: 0 },
  };
}
