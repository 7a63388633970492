/**
 * The event record: what the exchange says happened. Rejects are events; replies, feeds, read
 * models and analytics are folded from events alone.
 *
 * Events are written to a ring that the caller owns: {@link EVENT_LANES} float64 lanes and
 * {@link EVENT_BYTES} side bytes each, contiguous and in order. The ring grows by doubling up to
 * its bound and never overwrites what was not released. Objects live in `event-codec.ts`.
 */
import { assert } from "../base/assert.ts";

/** Event kinds; numbers never change. */
export const EVENT = {
  /** An order passed every check and has an id; fills, rest or cancel follow. */
  orderAccepted: 1,
  /** What is left of an order rests on the book. */
  orderRested: 2,
  /** One side of a match; the resting side's event comes directly before the taker's. */
  fill: 3,
  orderCanceled: 4,
  /** A resting reduce-only order shrank with the position. */
  orderReduced: 5,
  /** An order was refused; it has an id all the same where one was to be had. */
  orderRejected: 6,
  /** A cancel named no live order. */
  cancelRejected: 7,
  /** A whole command was refused and changed nothing. */
  commandRejected: 8,
  accountOpened: 9,
  deposited: 10,
  withdrawn: 11,
  marketCreated: 12,
  oracleMoved: 13,
  agentApproved: 14,
  agentRemoved: 15,
  cancelScheduled: 16,
  /** The scheduled cancel of an account fired. */
  scheduledCancelFired: 17,
  liquidationStarted: 18,
  /** What a closed account owed beyond its money, taken over by the insurance account. */
  deficitBooked: 19,
  limitsSet: 20,
  /** A trigger order passed every check, has an id and waits for the mark price. */
  orderWaiting: 31,
  /** A trigger order's price has come: fills, rest or cancel follow under the same id. */
  orderTriggered: 32,
  /** A child's parent has filled: from now on it waits for the mark price, with the size that filled. */
  orderArmed: 33,
  /** A time-weighted order runs, or waits for its trigger price. */
  twapStarted: 34,
  /** A slice of one has filled, whole or in part. */
  twapSliced: 35,
  twapEnded: 36,
  feeScheduleSet: 60,
  stakeSet: 61,
  fundingSet: 62,
  /** A market paid its funding; one `fundingPaid` a position came before it. */
  fundingSettled: 63,
  fundingPaid: 64,
  defaultPolicySet: 120,
  insuranceFunded: 121,
  /** A large position was closed in part; its account's are closed whole for a while. */
  cooldownStarted: 122,
  /** The backstop has all positions and the money of an account. */
  backstopTookOver: 123,
  /** A position was closed against holders of the other side; one fill each came before it. */
  deleveraged: 124,
  markSet: 65,
  leverageUpdated: 40,
  marginTiersSet: 41,
  referralCodeRegistered: 180,
  referrerNamed: 181,
  builderApproved: 182,
  rewardsClaimed: 183,
  accountRulesSet: 44,
  /** A sub-account has another name; its address and name are in the bytes. */
  subAccountRenamed: 45,
  /** Margin moved between an account and its isolated position; what fills move goes without saying. */
  isolatedMarginUpdated: 145,
  /** A market stands otherwise: open, taking cancels alone, or orders that only add. */
  marketStateSet: 80,
  /** Liquidations in a market wait for an index price, or no longer. */
  liquidationsPaused: 81,
  liquidationsResumed: 82,
  protectionSet: 83,
  /** Part of a position came from another account, or went there; the giver's event comes first. */
  positionMoved: 46,
  /** Part of a position is offered to another account. */
  positionOffered: 47,
  /** An offer was accepted, taken back, declined or overtaken by its time. */
  offerEnded: 48,
  /** An account has a sub-account; its address and name are in the bytes. */
  subAccountCreated: 42,
  /** Money came from another account, or went there (negative). */
  transferred: 43,
  strategyStarted: 100,
  strategyPaused: 101,
  strategyResumed: 102,
  strategyEnded: 103,
  /** A grid sold what it had bought below, or bought back what it had sold above. */
  gridCycled: 104,
  /** An account opened a vault; its address is in the bytes. */
  vaultCreated: 110,
  vaultDeposited: 111,
  vaultWithdrawn: 112,
  vaultChanged: 113,
  featuresSet: 114,
  /** A liquidity pool stands; its address is in the bytes. */
  poolCreated: 140,
  liquidityAdded: 141,
  liquidityRemoved: 142,
  /** A pool earned a part of a taker's fee, which is on its way to it. */
  poolEarned: 143,
  /** An account's owner or the operator (b = 1) limits what it may add to. */
  riskLimitsSet: 150,
} as const;

/** An event kind's fixed number. */
export type EventKind = (typeof EVENT)[keyof typeof EVENT];

/** Lanes that every event has. */
export const EVENT_HEAD = {
  kind: 0,
  seq: 1,
  timeMs: 2,
  /** The account it happened to; -1 = none. */
  account: 3,
  /** -1 = none. */
  market: 4,
  /** Index of the item of the command it answers; -1 = a consequence. */
  item: 5,
} as const;

/** Number of head lanes. */
export const EVENT_HEAD_LANES = 6;

/** Lanes of order, fill and reject events. */
export const ORDER_EVENT = {
  oid: 6,
  side: 7,
  /** Limit price; a fill's is the price of the match [ticks]. */
  px: 8,
  /** accepted: size after the reduce-only cap; rested, canceled, reduced: what remains; fill: matched [lots]. */
  sz: 9,
  /** accepted, rested, canceled, rejected: size as asked; fill: what remains of the order [lots]. */
  origSz: 10,
  /** A `TIF` number. */
  tif: 11,
  /** Sum of {@link EVENT_FLAG} values. */
  flags: 12,
  /** rejected: a `REJECT` number; canceled: a `CANCEL_REASON` number. */
  code: 13,
  /** rejected: figures that the reject carries (see `REJECT`). */
  a: 14,
  b: 15,
  c: 16,
  /** rested, of an order that is good till a time: when it leaves the book; else 0 [ms]. */
  expiresAtMs: 17,
  /** waiting, triggered, rejected, of a trigger order: the mark price that fires it [ticks]. */
  triggerPx: 19,
  /** waiting, of one that follows mark: its offset [ticks or bps]. */
  offset: 17,
  /** waiting, of a child: its parent's id. */
  parentOid: 18,
  /** accepted: the time-weighted order that it is a slice of; else 0. */
  twapId: 18,
} as const;

/** Bits of a time-weighted order's flags, in its row and, as far as they are told, in events. */
export const TWAP_FLAG = {
  reduceOnly: 1,
  randomize: 2,
  /** It waits for its trigger price. */
  waiting: 4,
  /** It starts at and above its trigger price, else at and below. */
  above: 8,
  /** Its next slice is due and waits for its turn. */
  queued: 16,
  /** Its stop price lies above where mark stood when it began. */
  stopRises: 32,
} as const;

/** Lanes of events about time-weighted orders. */
export const TWAP_EVENT = {
  id: 6,
  side: 7,
  /** As asked, and what has filled so far [lots]. */
  sz: 8,
  executedSz: 9,
  /** [10^-6 USDC] */
  executedNtl: 10,
  minutes: 11,
  /** Sum of `TWAP_FLAG` values. */
  flags: 12,
  /** ended: a `TWAP_END` number, and the `REJECT` number of a slice that was refused. */
  end: 13,
  code: 14,
  /** When it began to run, or was sent where it waits for a price [ms]. */
  startMs: 15,
  /** 0 = none [ticks]. */
  triggerPx: 16,
  stopPx: 17,
} as const;

/** Lanes of a fill beyond {@link ORDER_EVENT}'s oid, side, px, sz, origSz (remaining), tif and flags. */
export const FILL_EVENT = {
  /** Trade id, equal for both sides. */
  tid: 13,
  /** Paid; negative = received [10^-6 USDC]. */
  fee: 14,
  /** Realised PnL gross of fee [10^-6 USDC]. */
  closedPnl: 15,
  /** Position before the fill [lots]. */
  startPosition: 16,
  /** Account of the other side. */
  counterparty: 17,
  /** Order of the other side. */
  counterOid: 18,
  /** Mark price at the match [ticks]. */
  markPx: 19,
} as const;

/** Lanes of events about money, agents and settings. */
export const ACCOUNT_EVENT = {
  /**
   * deposited, withdrawn, deficitBooked: [10^-6 USDC]; scheduled: [ms]; limitsSet: 0 or 1;
   * insuranceFunded, backstopTookOver (money that went over), deleveraged (what the other side bore):
   * [10^-6 USDC]; cooldownStarted: until [ms]; defaultPolicySet: an `ADL` number;
   * feeScheduleSet: its number; stakeSet: [10^-6 tokens]; transferred: without the fee; rewardsClaimed:
   * [10^-6 USDC]; riskLimitsSet: position [lots] or positions; builderApproved: highest fee [10^-5]; referrerNamed: account of the referrer;
   * isolatedMarginUpdated: into the position, negative = out of it [10^-6 USDC].
   */
  amount: 6,
  /**
   * liquidationStarted: equity, maintenance [10^-6 USDC]; agentApproved: valid until [ms];
   * leverageUpdated: leverage, 1 = cross;
   * transferred: the other account, a {@link TRANSFER_CAUSE}; builderApproved: account of the builder;
   * backstopTookOver: the backstop's account; deleveraged: lots, worst price [ticks];
   * defaultPolicySet: partialAbove, lossMax [10^-6 USDC]; riskLimitsSet: notional [10^-6 USDC] or
   * leverage [10^-2], 1 = the operator's.
   */
  a: 7,
  b: 8,
  /** transferred: what the giver paid beside the amount [10^-6 USDC]. */
  c: 9,
} as const;

/** Lanes of `oracleMoved` [ticks]. */
export const ORACLE_EVENT = { px: ORDER_EVENT.px, markPx: 9 } as const;

/** Lanes of `markSet`. */
export const MARK_TERMS_EVENT = {
  /** A `MARK_POLICY` number. */
  policy: 6,
  /** [ms] */
  basisTauMs: 7,
  bookTauMs: 8,
} as const;

/** Lanes of events about strategies. */
export const STRATEGY_EVENT = {
  id: 6,
  /** A `STRATEGY_KIND` number. */
  strategy: 7,
  /** paused: a `PAUSE` number; ended: a `STRATEGY_END` number; cycled: lots. */
  a: 8,
  /** ended: lots that it leaves, negative = short; cycled: gross profit [10^-6 USDC]. */
  b: 9,
  /** ended: gross profit of its cycles; cycled: fees of both sides [10^-6 USDC]. */
  c: 10,
  /** ended: fees of all its fills [10^-6 USDC]. */
  d: 11,
} as const;

/** Lanes of events about vaults; money [10^-6 USDC]. */
export const VAULT_EVENT = {
  /** The vault's own account. */
  vault: 6,
  /** deposited: paid in; withdrawn: paid out; changed: a `VAULT_SETTING`. */
  amount: 7,
  /** deposited: given; withdrawn: taken back; changed: the value. */
  shares: 8,
  /** Assets and shares of the vault before. */
  assets: 9,
  supply: 10,
  /** withdrawn: what was paid for these shares. */
  basis: 11,
  /** withdrawn: share of the profit, and the owner's shares for it; created: its share [10^-4]. */
  commission: 13,
  commissionShares: 14,
  /** withdrawn: what closing for it has cost, and what the shares were worth before that. */
  closingCost: 15,
  requested: 16,
} as const;

/** Lanes of events about liquidity pools; money [10^-6 USDC]. */
export const POOL_EVENT = {
  /** Its id. */
  pool: 6,
  /** added: paid in; removed: paid out; earned: of the fee. */
  amount: 7,
  /** Given or taken back. */
  tokens: 8,
  /** The pool's before. */
  assets: 9,
  supply: 10,
  /** removed: what closing for it has cost. */
  closingCost: 11,
} as const;

/** Why a strategy ended; numbers never change. */
export const STRATEGY_END = { requested: 1, stopPrice: 2, account: 3 } as const;
/** Why money went from one account to another; numbers never change. */
export const TRANSFER_CAUSE = {
  /** Between an account and its sub-account. */
  subAccount: 0,
  /** Sent to an address. */
  sent: 1,
  /** Into a vault, and out of one. */
  vaultDeposit: 10,
  vaultWithdrawal: 11,
  /** Into a liquidity pool, and out of one. */
  poolDeposit: 12,
  poolWithdrawal: 13,
  /** With a position that changed hands. */
  position: 2,
} as const;

/** Why part of a position changed hands; numbers never change. */
export const MOVE_CAUSE = {
  /** From a master to its sub-account. */
  split: 0,
  /** Back. */
  merge: 1,
  /** An offer was accepted. */
  offer: 2,
} as const;

/** Why part of a position changed hands. */
export type MoveCause = (typeof MOVE_CAUSE)[keyof typeof MOVE_CAUSE];

/** Lanes of `positionMoved`, of either side. */
export const MOVE_EVENT = {
  /** Change of the position [lots] and of its cost basis [10^-6 USDC]. */
  size: 6,
  cost: 7,
  /** Position before it [lots]. */
  startPosition: 8,
  /** The other account. */
  other: 9,
  /** A {@link MOVE_CAUSE}. */
  cause: 10,
  /** [ticks] */
  markPx: 11,
} as const;

/** How an offer ended; numbers never change. */
export const OFFER_END = {
  accepted: 0,
  /** By the giver. */
  withdrawn: 1,
  /** By the receiver. */
  declined: 2,
  expired: 3,
} as const;

/** How an offer ended. */
export type OfferEnd = (typeof OFFER_END)[keyof typeof OFFER_END];

/** Lanes of `positionOffered` and `offerEnded`; the account is the giver. */
export const OFFER_EVENT = {
  id: 6,
  /** Account of the receiver. */
  taker: 7,
  /** offerEnded: an {@link OFFER_END}. */
  end: 8,
  /** offered: positive = a long [lots]. */
  size: 9,
  /** offered: its cost basis, and what the giver would pay with it [10^-6 USDC]. */
  cost: 10,
  usd: 11,
  /** offered: good before then [ms]. */
  expiresAtMs: 12,
} as const;

/** Why money went from one account to another. */
export type TransferCause = (typeof TRANSFER_CAUSE)[keyof typeof TRANSFER_CAUSE];

/** Lanes of `fundingSet`. */
export const FUNDING_TERMS_EVENT = {
  /** [ms] */
  intervalMs: 6,
  sampleMs: 7,
  /** [10^-12] */
  interest: 8,
  clamp: 9,
  divisor: 10,
  cap: 11,
  /** [10^-6 USDC] */
  impactNotional: 12,
} as const;

/** Lanes of `fundingPaid` and `fundingSettled`. */
export const FUNDING_EVENT = {
  /** paid: received, negative = paid; settled: the residue [10^-6 USDC]. */
  amount: 6,
  /** paid: the position [lots]. */
  size: 7,
  /** [ticks] */
  oraclePx: 8,
  /** Of this payment [10^-12]. */
  rate: 9,
  /** Mean of the samples [10^-12], and their number. */
  premium: 10,
  samples: 11,
} as const;

/** Lanes of `marketCreated`; the name is in the bytes. */
export const MARKET_EVENT = {
  szDecimals: 6,
  maxLeverage: 7,
  pxMax: 8,
  positionMax: 9,
  notionalMin: 10,
  priceRule: 11,
  /** 0 = cross and isolated, 1 = isolated alone, 2 = isolated alone and strict. */
  marginMode: 12,
} as const;

/** Lanes of `marketStateSet`, `liquidationsPaused` and `liquidationsResumed`. */
export const MARKET_STATE_EVENT = {
  /** A `MARKET_STATE` number. */
  state: 6,
  /** Set: when it changes by itself, 0 = never; paused, resumed: time of the last index price [ms]. */
  untilMs: 7,
  /** A {@link MARKET_CAUSE} number. */
  cause: 8,
  /** Of a move: the price that was too far away, and the one it was too far from [ticks]. */
  px: 9,
  fromPx: 10,
} as const;

/** Why a market stands otherwise. */
export const MARKET_CAUSE = { operator: 0, move: 1, time: 2 } as const;

/** First lane of a market's settings in `protectionSet`, in the order of `PROTECTION`. */
export const PROTECTION_EVENT_AT = 6;

/** Bits of an event's flags. */
export const EVENT_FLAG = {
  reduceOnly: 1,
  hasCloid: 2,
  /** Fill: this side took. */
  crossed: 4,
  /** Fill: one of the sides is being liquidated. */
  liquidation: 8,
  /** waiting, triggered, rejected: a trigger order; with time in force ioc it goes to market. */
  trigger: 256,
  takeProfit: 512,
  /** Of a trigger order: it is tied to the position. */
  position: 1024,
  /** Fill outside the book: the backstop took the position over. */
  backstop: 65_536,
  /** Fill outside the book: the counterparty was deleveraged. */
  adl: 131_072,
  /** Of a trigger order: it was placed with a parent. */
  child: 2048,
  /** Of a child: its parent has not filled. */
  dormant: 4096,
  /** Fill: a builder's fee is among its fee; see {@link FILL_BUILDER_FEE_AT}. */
  builder: 8192,
  /** Of a trigger order: its price follows mark, at an offset in ticks or in bps. */
  trailing: 16_384,
  trailingBps: 32_768,
} as const;

/** Offset of a builder's fee in a fill's bytes: two words, the lower one first [10^-6 USDC]. */
export const FILL_BUILDER_FEE_AT = 16;

/** Float64 lanes of an event. */
export const EVENT_LANES = 20;
/** Side bytes of an event: a cloid (16), an address (20), or an address and a name (20 + 16). */
export const EVENT_BYTES = 40;

/** Events in order; `written` and `released` count for ever, positions wrap by the power-of-two capacity. */
export interface EventRing {
  lanes: Float64Array;
  bytes: Uint8Array;
  /** The same bytes, four at a time in the machine's order, for copying. */
  words: Int32Array;
  capacity: number;
  readonly capacityMax: number;
  written: number;
  released: number;
}

/** A ring for `capacity` events that may grow to `capacityMax`; both powers of two. */
export function createEventRing(capacity = 4096, capacityMax = 4_194_304): EventRing {
  assert((capacity & (capacity - 1)) === 0 && capacity > 0, "a ring's capacity is a power of two");
  const bytes = new Uint8Array(capacity * EVENT_BYTES);
  return {
    lanes: new Float64Array(capacity * EVENT_LANES),
    bytes,
    words: new Int32Array(bytes.buffer),
    capacity,
    capacityMax,
    written: 0,
    released: 0,
  };
}

/** First lane of event number `index` (counted from the ring's start of life). */
export const eventLane = (ring: EventRing, index: number): number =>
  (index & (ring.capacity - 1)) * EVENT_LANES;

/** First byte of event number `index`. */
export const eventByte = (ring: EventRing, index: number): number =>
  (index & (ring.capacity - 1)) * EVENT_BYTES;

/**
 * Reserves the next event and returns its number. Lanes and side bytes are whatever stood there
 * before: who reserves writes all lanes, and all bytes that are read. Grows the ring when it is full.
 */
export function reserveEvent(ring: EventRing): number {
  if (ring.written - ring.released >= ring.capacity) growRing(ring);
  const index = ring.written;
  ring.written = index + 1;
  return index;
}

/** Gives back the room of all events below `upTo`; their numbers must not be read again. */
export function releaseEvents(ring: EventRing, upTo: number): void {
  assert(upTo <= ring.written && upTo >= ring.released, "events are released in order");
  ring.released = upTo;
}

function growRing(ring: EventRing): void {
  const capacity = ring.capacity * 2;
  assert(capacity <= ring.capacityMax, "events are released before the ring reaches its bound");
  const lanes = new Float64Array(capacity * EVENT_LANES);
  const bytes = new Uint8Array(capacity * EVENT_BYTES);
  for (let index = ring.released; index < ring.written; index++) {
    const from = (index & (ring.capacity - 1)) * EVENT_LANES;
    lanes.set(ring.lanes.subarray(from, from + EVENT_LANES), (index % capacity) * EVENT_LANES);
    const fromByte = (index & (ring.capacity - 1)) * EVENT_BYTES;
    bytes.set(
      ring.bytes.subarray(fromByte, fromByte + EVENT_BYTES),
      (index % capacity) * EVENT_BYTES,
    );
  }
  ring.lanes = lanes;
  ring.bytes = bytes;
  ring.words = new Int32Array(bytes.buffer);
  ring.capacity = capacity;
}
