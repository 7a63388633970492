/** Events as objects, for edges, read models and tests. Prices in ticks, sizes in lots, money in micros. */
import { type AccountRules, accountRulesFrom } from "../base/account-rules.ts";
import { assert } from "../base/assert.ts";
import { bytesToHex, type Hex, readAscii } from "../base/hex.ts";
import { MARGIN_TIERS_MAX, type MarginTier } from "../base/margin-tiers.ts";
import { PROTECTION, type ProtectionSetting } from "../base/market-protection.ts";
import type { CancelReason, RejectCode } from "../base/reject-code.ts";
import type { Side } from "../base/side.ts";
import type { Tif } from "../base/time-in-force.ts";
import type { TwapEnd } from "../base/twap-end.ts";
import {
  ACCOUNT_EVENT,
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  EVENT_HEAD_LANES,
  type EventRing,
  eventByte,
  eventLane,
  FILL_BUILDER_FEE_AT,
  FILL_EVENT,
  FUNDING_EVENT,
  FUNDING_TERMS_EVENT,
  MARK_TERMS_EVENT,
  MARKET_EVENT,
  MARKET_STATE_EVENT,
  MOVE_EVENT,
  type MoveCause,
  OFFER_EVENT,
  type OfferEnd,
  ORACLE_EVENT,
  ORDER_EVENT,
  POOL_EVENT,
  PROTECTION_EVENT_AT,
  STRATEGY_EVENT,
  type TransferCause,
  TWAP_EVENT,
  TWAP_FLAG,
  VAULT_EVENT,
} from "./event.ts";

/** What every event says. */
export interface EventHead {
  seq: number;
  timeMs: number;
  /** -1 = none. */
  account: number;
  /** -1 = none. */
  market: number;
  /** Item of the command it answers; -1 = a consequence. */
  item: number;
}

/** What every event about an order says [px: ticks, sz: lots]. */
export interface OrderFacts {
  oid: number;
  side: Side;
  px: number;
  /** accepted: after the reduce-only cap; rested, canceled, reduced: remaining; fill: matched [lots]. */
  sz: number;
  /** As asked; of a fill: what remains of the order [lots]. */
  origSz: number;
  tif: Tif;
  reduceOnly: boolean;
  cloid: Hex | null;
}

/** What fires a trigger order. */
export interface TriggerFacts {
  /** Mark price [ticks]. */
  px: number;
  takeProfit: boolean;
  /** Tied to the position. */
  position: boolean;
  /** Its price follows mark at an offset. */
  trail?: { offset: number; unit: "ticks" | "bps" };
  /** Of a child: its parent, and whether it still waits for the parent's fill. */
  parent?: { oid: number; awaited: boolean };
}

/** How a time-weighted order stands [sz: lots, prices: ticks]. */
export interface TwapFacts {
  twapId: number;
  side: Side;
  /** As asked, and what has filled. */
  sz: number;
  executedSz: number;
  /** [10^-6 USDC] */
  executedNtl: number;
  minutes: number;
  reduceOnly: boolean;
  randomize: boolean;
  /** When it began to run, or was sent where it waits for a price [ms]. */
  startMs: number;
  trigger: { px: number; above: boolean } | null;
  /** It waits for its trigger price. */
  waiting: boolean;
  stopPx: number | null;
}

/** Events about time-weighted orders. */
export type TwapEvent = EventHead &
  TwapFacts &
  (
    | { kind: "twapStarted" }
    | { kind: "twapSliced" }
    /** `code`: of the slice that was refused; 0 = none was. */
    | { kind: "twapEnded"; end: TwapEnd; code: RejectCode | 0 }
  );

/** Events about orders. */
export type OrderEvent = EventHead &
  OrderFacts &
  /** `twapId`: of a slice; null of other orders. */
  (
    | { kind: "orderAccepted"; twapId: number | null }
    | { kind: "orderRested"; expiresAtMs: number | null }
    | { kind: "orderReduced" }
    | { kind: "orderArmed" }
    | { kind: "orderWaiting" | "orderTriggered"; trigger: TriggerFacts }
    | { kind: "orderCanceled"; reason: CancelReason }
    | {
        kind: "orderRejected";
        code: RejectCode;
        a: number;
        b: number;
        c: number;
        /** Of a trigger order. */
        trigger?: TriggerFacts;
      }
  );

/** One side of a match; see `FILL_EVENT` for the units. */
export type FillEvent = EventHead &
  OrderFacts & {
    kind: "fill";
    tid: number;
    fee: number;
    closedPnl: number;
    startPosition: number;
    counterparty: number;
    counterOid: number;
    markPx: number;
    crossed: boolean;
    /** One of the sides is being liquidated. */
    liquidation: boolean;
    /** Part of the fee that a builder earns; 0 = none [10^-6 USDC]. */
    builderFee: number;
    /** How the match came about: on the book, by the backstop, or by deleveraging. */
    way: FillWay;
  };

/** Where a fill was made; the last two are outside the book. */
export type FillWay = "book" | "backstop" | "adl";

/** A payment of one position, or the end of a market's payments; see `FUNDING_EVENT` for the units. */
export type FundingEvent = EventHead & {
  kind: "fundingPaid" | "fundingSettled";
  amount: number;
  size: number;
  oraclePx: number;
  rate: number;
  premium: number;
  samples: number;
};

/** What became of a strategy; see `STRATEGY_EVENT` for the lanes. */
export type StrategyEvent = EventHead & {
  kind: "strategyStarted" | "strategyPaused" | "strategyResumed" | "strategyEnded" | "gridCycled";
  id: number;
  /** A `STRATEGY_KIND` number. */
  strategy: number;
  a: number;
  b: number;
  c: number;
  d: number;
};

/** Money that came to an account, or left it (negative), in both accounts' names [10^-6 USDC]. */
export type TransferEvent = EventHead & {
  kind: "transferred";
  amount: number;
  /** The other account. */
  other: number;
  cause: TransferCause;
  /** What the giver paid beside it [10^-6 USDC]. */
  fee: number;
};

/** What became of a liquidity pool; see `POOL_EVENT` for the lanes. */
export type PoolEvent = EventHead & {
  kind: "poolCreated" | "liquidityAdded" | "liquidityRemoved" | "poolEarned";
  pool: number;
  amount: number;
  tokens: number;
  assets: number;
  supply: number;
  closingCost: number;
};

/** What became of a vault; see `VAULT_EVENT` for the lanes. */
export type VaultEvent = EventHead & {
  kind: "vaultCreated" | "vaultDeposited" | "vaultWithdrawn" | "vaultChanged";
  /** The vault's own account. */
  vault: number;
  amount: number;
  shares: number;
  assets: number;
  supply: number;
  basis: number;
  commission: number;
  commissionShares: number;
  closingCost: number;
  requested: number;
  /** created: the vault's address; else zeros. */
  address: Hex;
};

/** Part of a position that changed hands, in either account's name; see `MOVE_EVENT` for the units. */
export type PositionMovedEvent = EventHead & {
  kind: "positionMoved";
  size: number;
  cost: number;
  startPosition: number;
  /** The other account. */
  other: number;
  cause: MoveCause;
  markPx: number;
};

/** Every event as an object. */
export type ExchangeEvent =
  | OrderEvent
  | FillEvent
  | TwapEvent
  | (EventHead & { kind: "cancelRejected"; code: RejectCode; oid: number })
  | (EventHead & {
      kind: "commandRejected";
      code: RejectCode;
      a: number;
      b: number;
      c: number;
      address: Hex;
    })
  | (EventHead & { kind: "accountOpened"; address: Hex })
  | (EventHead & { kind: "deposited" | "withdrawn"; amount: number })
  | (EventHead & { kind: "deficitBooked" | "insuranceFunded"; amount: number })
  | (EventHead & {
      kind: "marketCreated";
      name: string;
      szDecimals: number;
      maxLeverage: number;
      pxMax: number;
      positionMax: number;
      notionalMin: number;
      /** 0 = five significant figures, 1 = every tick. */
      priceRule: number;
      /** 0 = cross and isolated, 1 = isolated alone, 2 = isolated alone and strict. */
      marginMode: number;
    })
  /** [10^-6 USDC] */
  | (EventHead & { kind: "isolatedMarginUpdated"; amount: number })
  | (EventHead & { kind: "oracleMoved"; px: number; markPx: number })
  | (EventHead & { kind: "agentApproved"; agent: Hex; name: string; validUntilMs: number })
  | (EventHead & { kind: "agentRemoved"; agent: Hex; name: string })
  | (EventHead & { kind: "cancelScheduled"; scheduledMs: number })
  | (EventHead & { kind: "scheduledCancelFired" })
  | (EventHead & { kind: "liquidationStarted"; equity: number; maintenance: number })
  | (EventHead & { kind: "cooldownStarted"; untilMs: number })
  | (EventHead & { kind: "backstopTookOver"; amount: number; backstop: number })
  | (EventHead & { kind: "deleveraged"; amount: number; lots: number; px: number })
  | (EventHead & {
      kind: "defaultPolicySet";
      /** An `ADL` number; the account is the backstop's. */
      adl: number;
      partialAbove: number;
      lossMax: number;
    })
  | (EventHead & { kind: "limitsSet"; on: boolean })
  | (EventHead & { kind: "marginTiersSet"; tiers: MarginTier[] })
  | (EventHead & {
      kind: "marketStateSet";
      /** A `MARKET_STATE` number. */
      state: number;
      untilMs: number;
      /** A `MARKET_CAUSE` number. */
      cause: number;
      px: number;
      fromPx: number;
    })
  /** Time of the last index price [ms]. */
  | (EventHead & { kind: "liquidationsPaused" | "liquidationsResumed"; atMs: number })
  | (EventHead & { kind: "protectionSet"; settings: Record<ProtectionSetting, number> })
  /** Limits of an account on a market (-1 = across all), by its owner or the operator. */
  | (EventHead & { kind: "riskLimitsSet"; size: number; exposure: number; operators: boolean })
  | (EventHead & { kind: "feeScheduleSet"; schedule: number })
  /** [10^-6 tokens] */
  | (EventHead & { kind: "stakeSet"; stake: number })
  | (EventHead & { kind: "referralCodeRegistered"; referralCode: string })
  /** The account of whose code was named. */
  | (EventHead & { kind: "referrerNamed"; referrer: number })
  /** Account of the builder, and what it may take at most [10^-5]. */
  | (EventHead & { kind: "builderApproved"; builder: number; feeMax: number })
  | (EventHead & { kind: "rewardsClaimed"; amount: number })
  | (EventHead & { kind: "subAccountCreated"; subAccount: number; address: Hex; name: string })
  | (EventHead & { kind: "subAccountRenamed"; subAccount: number; address: Hex; name: string })
  | TransferEvent
  | PositionMovedEvent
  | (EventHead & {
      kind: "positionOffered";
      id: number;
      taker: number;
      size: number;
      cost: number;
      usd: number;
      expiresAtMs: number;
    })
  | (EventHead & { kind: "offerEnded"; id: number; taker: number; end: OfferEnd })
  | ({ kind: "accountRulesSet" } & EventHead & AccountRules)
  | (EventHead & {
      kind: "fundingSet";
      intervalMs: number;
      sampleMs: number;
      interest: number;
      clamp: number;
      divisor: number;
      cap: number;
      impactNotional: number;
    })
  | StrategyEvent
  | VaultEvent
  | PoolEvent
  | (EventHead & { kind: "featuresSet" })
  | FundingEvent
  | (EventHead & { kind: "markSet"; policy: number; basisTauMs: number; bookTauMs: number })
  | (EventHead & { kind: "leverageUpdated"; leverage: number; isCross: boolean });

/** Reads event number `index` of a ring. */
export function readEvent(ring: EventRing, index: number): ExchangeEvent {
  assert(index >= ring.released && index < ring.written, "the event is in the ring");
  const lane = eventLane(ring, index);
  const byte = eventByte(ring, index);
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const head = readHead(ring, lane);
  const address = (): Hex => bytesToHex(ring.bytes, byte, 20);
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.orderAccepted:
      return {
        kind: "orderAccepted",
        ...head,
        ...orderFacts(ring, lane, byte),
        twapId: at(ORDER_EVENT.twapId) === 0 ? null : at(ORDER_EVENT.twapId),
      };
    case EVENT.orderRested:
      return {
        kind: "orderRested",
        ...head,
        ...orderFacts(ring, lane, byte),
        expiresAtMs: at(ORDER_EVENT.expiresAtMs) === 0 ? null : at(ORDER_EVENT.expiresAtMs),
      };
    case EVENT.orderReduced:
      return { kind: "orderReduced", ...head, ...orderFacts(ring, lane, byte) };
    case EVENT.orderArmed:
      return { kind: "orderArmed", ...head, ...orderFacts(ring, lane, byte) };
    case EVENT.orderCanceled:
      return {
        kind: "orderCanceled",
        ...head,
        ...orderFacts(ring, lane, byte),
        reason: at(ORDER_EVENT.code) as CancelReason,
      };
    case EVENT.orderRejected:
      return {
        kind: "orderRejected",
        ...head,
        ...orderFacts(ring, lane, byte),
        code: at(ORDER_EVENT.code) as RejectCode,
        a: at(ORDER_EVENT.a),
        b: at(ORDER_EVENT.b),
        c: at(ORDER_EVENT.c),
        ...((at(ORDER_EVENT.flags) & EVENT_FLAG.trigger) !== 0 && {
          trigger: triggerFacts(ring, lane),
        }),
      };
    case EVENT.orderWaiting:
    case EVENT.orderTriggered:
      return {
        kind: at(EVENT_HEAD.kind) === EVENT.orderWaiting ? "orderWaiting" : "orderTriggered",
        ...head,
        ...orderFacts(ring, lane, byte),
        trigger: triggerFacts(ring, lane),
      };
    case EVENT.fill:
      return readFill(ring, lane, byte, head);
    case EVENT.cancelRejected:
      return {
        kind: "cancelRejected",
        ...head,
        code: at(ORDER_EVENT.code) as RejectCode,
        oid: at(ORDER_EVENT.oid),
      };
    case EVENT.commandRejected:
      return {
        kind: "commandRejected",
        ...head,
        code: at(ORDER_EVENT.code) as RejectCode,
        a: at(ORDER_EVENT.a),
        b: at(ORDER_EVENT.b),
        c: at(ORDER_EVENT.c),
        address: address(),
      };
    default:
      return readTwapEvent(ring, lane, head) ?? readAccountEvent(ring, lane, byte, head);
  }
}

const readHead = ({ lanes }: EventRing, lane: number): EventHead => ({
  seq: lanes[lane + EVENT_HEAD.seq] as number,
  timeMs: lanes[lane + EVENT_HEAD.timeMs] as number,
  account: lanes[lane + EVENT_HEAD.account] as number,
  market: lanes[lane + EVENT_HEAD.market] as number,
  item: lanes[lane + EVENT_HEAD.item] as number,
});

/** Reads an event about a time-weighted order; null where it is another's. */
function readTwapEvent(ring: EventRing, lane: number, head: EventHead): TwapEvent | null {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.twapStarted:
      return { kind: "twapStarted", ...head, ...twapFacts(ring, lane) };
    case EVENT.twapSliced:
      return { kind: "twapSliced", ...head, ...twapFacts(ring, lane) };
    case EVENT.twapEnded:
      return {
        kind: "twapEnded",
        ...head,
        ...twapFacts(ring, lane),
        end: at(TWAP_EVENT.end) as TwapEnd,
        code: at(TWAP_EVENT.code) as RejectCode | 0,
      };
    default:
      return null;
  }
}

/** Reads an event about money, agents, markets or settings. */
function readAccountEvent(
  ring: EventRing,
  lane: number,
  byte: number,
  head: EventHead,
): ExchangeEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const address = (): Hex => bytesToHex(ring.bytes, byte, 20);
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.accountOpened:
      return { kind: "accountOpened", ...head, address: address() };
    case EVENT.deposited:
      return { kind: "deposited", ...head, amount: at(ACCOUNT_EVENT.amount) };
    case EVENT.withdrawn:
      return { kind: "withdrawn", ...head, amount: at(ACCOUNT_EVENT.amount) };
    case EVENT.marketCreated:
      return {
        kind: "marketCreated",
        ...head,
        name: readAscii(ring.bytes, byte, 20),
        szDecimals: at(MARKET_EVENT.szDecimals),
        maxLeverage: at(MARKET_EVENT.maxLeverage),
        pxMax: at(MARKET_EVENT.pxMax),
        positionMax: at(MARKET_EVENT.positionMax),
        notionalMin: at(MARKET_EVENT.notionalMin),
        priceRule: at(MARKET_EVENT.priceRule),
        marginMode: at(MARKET_EVENT.marginMode),
      };
    case EVENT.isolatedMarginUpdated:
      return { kind: "isolatedMarginUpdated", ...head, amount: at(ACCOUNT_EVENT.amount) };
    case EVENT.oracleMoved:
    case EVENT.markSet:
      return readPriceEvent(ring, lane, head);
    case EVENT.agentApproved:
      return {
        kind: "agentApproved",
        ...head,
        agent: address(),
        name: readAscii(ring.bytes, byte + 20, 16),
        validUntilMs: at(ACCOUNT_EVENT.a),
      };
    case EVENT.agentRemoved:
      return {
        kind: "agentRemoved",
        ...head,
        agent: address(),
        name: readAscii(ring.bytes, byte + 20, 16),
      };
    case EVENT.cancelScheduled:
      return { kind: "cancelScheduled", ...head, scheduledMs: at(ACCOUNT_EVENT.amount) };
    case EVENT.scheduledCancelFired:
      return { kind: "scheduledCancelFired", ...head };
    case EVENT.liquidationStarted:
    case EVENT.deficitBooked:
    case EVENT.insuranceFunded:
    case EVENT.cooldownStarted:
    case EVENT.backstopTookOver:
    case EVENT.deleveraged:
    case EVENT.defaultPolicySet:
      return readDefaultEvent(ring, lane, head);
    case EVENT.limitsSet:
      return { kind: "limitsSet", ...head, on: at(ACCOUNT_EVENT.amount) === 1 };
    default:
      return readSettingEvent(ring, lane, byte, head);
  }
}

/** Reads an event about an account's settings, transfers or sub-accounts. */
function readSettingEvent(
  ring: EventRing,
  lane: number,
  byte: number,
  head: EventHead,
): ExchangeEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const address = (): Hex => bytesToHex(ring.bytes, byte, 20);
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.marketStateSet:
      return {
        kind: "marketStateSet",
        ...head,
        state: at(MARKET_STATE_EVENT.state),
        untilMs: at(MARKET_STATE_EVENT.untilMs),
        cause: at(MARKET_STATE_EVENT.cause),
        px: at(MARKET_STATE_EVENT.px),
        fromPx: at(MARKET_STATE_EVENT.fromPx),
      };
    case EVENT.liquidationsPaused:
      return { kind: "liquidationsPaused", ...head, atMs: at(MARKET_STATE_EVENT.untilMs) };
    case EVENT.liquidationsResumed:
      return { kind: "liquidationsResumed", ...head, atMs: at(MARKET_STATE_EVENT.untilMs) };
    case EVENT.protectionSet:
      return { kind: "protectionSet", ...head, settings: readSettings(ring, lane) };
    case EVENT.marginTiersSet:
      return { kind: "marginTiersSet", ...head, tiers: readTiers(ring, lane) };
    case EVENT.feeScheduleSet:
      return { kind: "feeScheduleSet", ...head, schedule: at(ACCOUNT_EVENT.amount) };
    case EVENT.stakeSet:
      return { kind: "stakeSet", ...head, stake: at(ACCOUNT_EVENT.amount) };
    case EVENT.subAccountCreated:
    case EVENT.subAccountRenamed:
      return {
        kind:
          at(EVENT_HEAD.kind) === EVENT.subAccountCreated
            ? "subAccountCreated"
            : "subAccountRenamed",
        ...head,
        subAccount: at(ACCOUNT_EVENT.a),
        address: address(),
        name: readAscii(ring.bytes, byte + 20, 16),
      };
    case EVENT.transferred:
      return {
        kind: "transferred",
        ...head,
        amount: at(ACCOUNT_EVENT.amount),
        other: at(ACCOUNT_EVENT.a),
        cause: at(ACCOUNT_EVENT.b) as TransferCause,
        fee: at(ACCOUNT_EVENT.c),
      };
    case EVENT.positionMoved:
    case EVENT.positionOffered:
    case EVENT.offerEnded:
      return readMoveEvent(ring, lane, head);
    case EVENT.accountRulesSet:
      return {
        kind: "accountRulesSet",
        ...head,
        ...accountRulesFrom((i) => at(EVENT_HEAD_LANES + i)),
      };
    case EVENT.fundingSet:
    case EVENT.fundingPaid:
    case EVENT.fundingSettled:
      return readFundingEvent(ring, lane, head);
    case EVENT.leverageUpdated:
      return {
        kind: "leverageUpdated",
        ...head,
        leverage: at(ACCOUNT_EVENT.a),
        isCross: at(ACCOUNT_EVENT.b) === 1,
      };
    default:
      return (
        readVaultEvent(ring, lane, byte, head) ??
        readRewardEvent(ring, lane, byte, head) ??
        readStrategyEvent(ring, lane, head)
      );
  }
}

/** Reads an event about referrers, builders and risk limits; null for another kind. */
function readRewardEvent(
  ring: EventRing,
  lane: number,
  byte: number,
  head: EventHead,
): ExchangeEvent | null {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.riskLimitsSet:
      return {
        kind: "riskLimitsSet",
        ...head,
        size: at(ACCOUNT_EVENT.amount),
        exposure: at(ACCOUNT_EVENT.a),
        operators: at(ACCOUNT_EVENT.b) === 1,
      };
    case EVENT.referralCodeRegistered:
      return {
        kind: "referralCodeRegistered",
        ...head,
        referralCode: readAscii(ring.bytes, byte, 20),
      };
    case EVENT.referrerNamed:
      return { kind: "referrerNamed", ...head, referrer: at(ACCOUNT_EVENT.amount) };
    case EVENT.builderApproved:
      return {
        kind: "builderApproved",
        ...head,
        builder: at(ACCOUNT_EVENT.a),
        feeMax: at(ACCOUNT_EVENT.amount),
      };
    case EVENT.rewardsClaimed:
      return { kind: "rewardsClaimed", ...head, amount: at(ACCOUNT_EVENT.amount) };
    default:
      return null;
  }
}

/** Reads an event about index and mark. */
function readPriceEvent(ring: EventRing, lane: number, head: EventHead): ExchangeEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  if (at(EVENT_HEAD.kind) === EVENT.oracleMoved) {
    const px = at(ORACLE_EVENT.px);
    return { kind: "oracleMoved", ...head, px, markPx: at(ORACLE_EVENT.markPx) };
  }
  return {
    kind: "markSet",
    ...head,
    policy: at(MARK_TERMS_EVENT.policy),
    basisTauMs: at(MARK_TERMS_EVENT.basisTauMs),
    bookTauMs: at(MARK_TERMS_EVENT.bookTauMs),
  };
}

const VAULT_EVENT_KINDS = new Map<number, VaultEvent["kind"]>([
  [EVENT.vaultCreated, "vaultCreated"],
  [EVENT.vaultDeposited, "vaultDeposited"],
  [EVENT.vaultWithdrawn, "vaultWithdrawn"],
  [EVENT.vaultChanged, "vaultChanged"],
]);

/** Reads an event about vaults; null where it is none. */
function readVaultEvent(
  ring: EventRing,
  lane: number,
  byte: number,
  head: EventHead,
): ExchangeEvent | null {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  if (at(EVENT_HEAD.kind) === EVENT.featuresSet) return { kind: "featuresSet", ...head };
  const kind = VAULT_EVENT_KINDS.get(at(EVENT_HEAD.kind));
  if (kind === undefined) return readPoolEvent(ring, lane, head);
  return {
    kind,
    ...head,
    vault: at(VAULT_EVENT.vault),
    amount: at(VAULT_EVENT.amount),
    shares: at(VAULT_EVENT.shares),
    assets: at(VAULT_EVENT.assets),
    supply: at(VAULT_EVENT.supply),
    basis: at(VAULT_EVENT.basis),
    commission: at(VAULT_EVENT.commission),
    commissionShares: at(VAULT_EVENT.commissionShares),
    closingCost: at(VAULT_EVENT.closingCost),
    requested: at(VAULT_EVENT.requested),
    address: kind === "vaultCreated" ? bytesToHex(ring.bytes, byte, 20) : `0x${"0".repeat(40)}`,
  };
}

/** Reads an event about a position that changes hands, or might. */
function readMoveEvent(ring: EventRing, lane: number, head: EventHead): ExchangeEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const offer = { ...head, id: at(OFFER_EVENT.id), taker: at(OFFER_EVENT.taker) };
  switch (at(EVENT_HEAD.kind)) {
    case EVENT.positionOffered:
      return {
        kind: "positionOffered",
        ...offer,
        size: at(OFFER_EVENT.size),
        cost: at(OFFER_EVENT.cost),
        usd: at(OFFER_EVENT.usd),
        expiresAtMs: at(OFFER_EVENT.expiresAtMs),
      };
    case EVENT.offerEnded:
      return { kind: "offerEnded", ...offer, end: at(OFFER_EVENT.end) as OfferEnd };
    default:
      return {
        kind: "positionMoved",
        ...head,
        size: at(MOVE_EVENT.size),
        cost: at(MOVE_EVENT.cost),
        startPosition: at(MOVE_EVENT.startPosition),
        other: at(MOVE_EVENT.other),
        cause: at(MOVE_EVENT.cause) as MoveCause,
        markPx: at(MOVE_EVENT.markPx),
      };
  }
}

const POOL_EVENT_KINDS = new Map<number, PoolEvent["kind"]>([
  [EVENT.poolCreated, "poolCreated"],
  [EVENT.liquidityAdded, "liquidityAdded"],
  [EVENT.liquidityRemoved, "liquidityRemoved"],
  [EVENT.poolEarned, "poolEarned"],
]);

/** Reads an event about liquidity pools; null where it is none. */
function readPoolEvent(ring: EventRing, lane: number, head: EventHead): PoolEvent | null {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const kind = POOL_EVENT_KINDS.get(at(EVENT_HEAD.kind));
  if (kind === undefined) return null;
  return {
    kind,
    ...head,
    pool: at(POOL_EVENT.pool),
    amount: at(POOL_EVENT.amount),
    tokens: at(POOL_EVENT.tokens),
    assets: at(POOL_EVENT.assets),
    supply: at(POOL_EVENT.supply),
    closingCost: at(POOL_EVENT.closingCost),
  };
}

const STRATEGY_EVENT_KINDS = new Map<number, StrategyEvent["kind"]>([
  [EVENT.strategyStarted, "strategyStarted"],
  [EVENT.strategyPaused, "strategyPaused"],
  [EVENT.strategyResumed, "strategyResumed"],
  [EVENT.strategyEnded, "strategyEnded"],
  [EVENT.gridCycled, "gridCycled"],
]);

/** Reads an event about a strategy. */
function readStrategyEvent(ring: EventRing, lane: number, head: EventHead): StrategyEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  const kind = STRATEGY_EVENT_KINDS.get(at(EVENT_HEAD.kind));
  assert(kind !== undefined, `event kind ${at(EVENT_HEAD.kind)} is in the closed set`);
  return {
    kind,
    ...head,
    id: at(STRATEGY_EVENT.id),
    strategy: at(STRATEGY_EVENT.strategy),
    a: at(STRATEGY_EVENT.a),
    b: at(STRATEGY_EVENT.b),
    c: at(STRATEGY_EVENT.c),
    d: at(STRATEGY_EVENT.d),
  };
}

/** Reads an event about funding. */
function readFundingEvent(ring: EventRing, lane: number, head: EventHead): ExchangeEvent {
  const at = (offset: number): number => ring.lanes[lane + offset] as number;
  if (at(EVENT_HEAD.kind) === EVENT.fundingSet) {
    return {
      kind: "fundingSet",
      ...head,
      intervalMs: at(FUNDING_TERMS_EVENT.intervalMs),
      sampleMs: at(FUNDING_TERMS_EVENT.sampleMs),
      interest: at(FUNDING_TERMS_EVENT.interest),
      clamp: at(FUNDING_TERMS_EVENT.clamp),
      divisor: at(FUNDING_TERMS_EVENT.divisor),
      cap: at(FUNDING_TERMS_EVENT.cap),
      impactNotional: at(FUNDING_TERMS_EVENT.impactNotional),
    };
  }
  return {
    kind: at(EVENT_HEAD.kind) === EVENT.fundingPaid ? "fundingPaid" : "fundingSettled",
    ...head,
    amount: at(FUNDING_EVENT.amount),
    size: at(FUNDING_EVENT.size),
    oraclePx: at(FUNDING_EVENT.oraclePx),
    rate: at(FUNDING_EVENT.rate),
    premium: at(FUNDING_EVENT.premium),
    samples: at(FUNDING_EVENT.samples),
  };
}

/** Reads an event about accounts that could not be closed in time. */
function readDefaultEvent(ring: EventRing, lane: number, head: EventHead): ExchangeEvent {
  const amount = ring.lanes[lane + ACCOUNT_EVENT.amount] as number;
  const a = ring.lanes[lane + ACCOUNT_EVENT.a] as number;
  const b = ring.lanes[lane + ACCOUNT_EVENT.b] as number;
  switch (ring.lanes[lane + EVENT_HEAD.kind]) {
    case EVENT.liquidationStarted:
      return { kind: "liquidationStarted", ...head, equity: a, maintenance: b };
    case EVENT.deficitBooked:
      return { kind: "deficitBooked", ...head, amount };
    case EVENT.insuranceFunded:
      return { kind: "insuranceFunded", ...head, amount };
    case EVENT.cooldownStarted:
      return { kind: "cooldownStarted", ...head, untilMs: amount };
    case EVENT.backstopTookOver:
      return { kind: "backstopTookOver", ...head, amount, backstop: a };
    case EVENT.deleveraged:
      return { kind: "deleveraged", ...head, amount, lots: a, px: b };
    default:
      return { kind: "defaultPolicySet", ...head, adl: amount, partialAbove: a, lossMax: b };
  }
}

/** Reads events `from` to `to` (exclusive). */
export function readEvents(ring: EventRing, from: number, to: number): ExchangeEvent[] {
  const events: ExchangeEvent[] = [];
  for (let index = from; index < to; index++) events.push(readEvent(ring, index));
  return events;
}

function readSettings({ lanes }: EventRing, lane: number): Record<ProtectionSetting, number> {
  const pairs = Object.entries(PROTECTION).map(([name, at]) => [
    name,
    lanes[lane + PROTECTION_EVENT_AT + at] as number,
  ]);
  return Object.fromEntries(pairs) as Record<ProtectionSetting, number>;
}

/** Pairs of bound and leverage behind the head, up to the first that is none. */
function readTiers({ lanes }: EventRing, lane: number): MarginTier[] {
  const tiers: MarginTier[] = [];
  for (let n = 0; n < MARGIN_TIERS_MAX - 1; n++) {
    const at = lane + EVENT_HEAD_LANES + 2 * n;
    if (lanes[at] === 0) break;
    tiers.push({ lowerBound: lanes[at] as number, maxLeverage: lanes[at + 1] as number });
  }
  return tiers;
}

function orderFacts(ring: EventRing, lane: number, byte: number): OrderFacts {
  const { lanes } = ring;
  const flags = lanes[lane + ORDER_EVENT.flags] as number;
  return {
    oid: lanes[lane + ORDER_EVENT.oid] as number,
    side: lanes[lane + ORDER_EVENT.side] as Side,
    px: lanes[lane + ORDER_EVENT.px] as number,
    sz: lanes[lane + ORDER_EVENT.sz] as number,
    origSz: lanes[lane + ORDER_EVENT.origSz] as number,
    tif: lanes[lane + ORDER_EVENT.tif] as Tif,
    reduceOnly: (flags & EVENT_FLAG.reduceOnly) !== 0,
    cloid: flags & EVENT_FLAG.hasCloid ? bytesToHex(ring.bytes, byte, 16) : null,
  };
}

function twapFacts({ lanes }: EventRing, lane: number): TwapFacts {
  const at = (offset: number): number => lanes[lane + offset] as number;
  const flags = at(TWAP_EVENT.flags);
  const triggerPx = at(TWAP_EVENT.triggerPx);
  return {
    twapId: at(TWAP_EVENT.id),
    side: at(TWAP_EVENT.side) as Side,
    sz: at(TWAP_EVENT.sz),
    executedSz: at(TWAP_EVENT.executedSz),
    executedNtl: at(TWAP_EVENT.executedNtl),
    minutes: at(TWAP_EVENT.minutes),
    reduceOnly: (flags & TWAP_FLAG.reduceOnly) !== 0,
    randomize: (flags & TWAP_FLAG.randomize) !== 0,
    startMs: at(TWAP_EVENT.startMs),
    trigger: triggerPx === 0 ? null : { px: triggerPx, above: (flags & TWAP_FLAG.above) !== 0 },
    waiting: (flags & TWAP_FLAG.waiting) !== 0,
    stopPx: at(TWAP_EVENT.stopPx) === 0 ? null : at(TWAP_EVENT.stopPx),
  };
}

function triggerFacts({ lanes }: EventRing, lane: number): TriggerFacts {
  const flags = lanes[lane + ORDER_EVENT.flags] as number;
  const facts: TriggerFacts = {
    px: lanes[lane + ORDER_EVENT.triggerPx] as number,
    takeProfit: (flags & EVENT_FLAG.takeProfit) !== 0,
    position: (flags & EVENT_FLAG.position) !== 0,
  };
  const parentOid = lanes[lane + ORDER_EVENT.parentOid] as number;
  if (parentOid !== 0)
    facts.parent = { oid: parentOid, awaited: (flags & EVENT_FLAG.dormant) !== 0 };
  if ((flags & EVENT_FLAG.trailing) !== 0) {
    const unit = (flags & EVENT_FLAG.trailingBps) !== 0 ? "bps" : "ticks";
    facts.trail = { offset: lanes[lane + ORDER_EVENT.offset] as number, unit };
  }
  return facts;
}

function readBuilderFee({ words }: EventRing, byte: number): number {
  const word = (byte + FILL_BUILDER_FEE_AT) >>> 2;
  return (words[word + 1] as number) * 4_294_967_296 + ((words[word] as number) >>> 0);
}

function readFill(ring: EventRing, lane: number, byte: number, head: EventHead): FillEvent {
  const { lanes } = ring;
  const flags = lanes[lane + ORDER_EVENT.flags] as number;
  return {
    kind: "fill",
    ...head,
    ...orderFacts(ring, lane, byte),
    tid: lanes[lane + FILL_EVENT.tid] as number,
    fee: lanes[lane + FILL_EVENT.fee] as number,
    closedPnl: lanes[lane + FILL_EVENT.closedPnl] as number,
    startPosition: lanes[lane + FILL_EVENT.startPosition] as number,
    counterparty: lanes[lane + FILL_EVENT.counterparty] as number,
    counterOid: lanes[lane + FILL_EVENT.counterOid] as number,
    markPx: lanes[lane + FILL_EVENT.markPx] as number,
    crossed: (flags & EVENT_FLAG.crossed) !== 0,
    liquidation: (flags & EVENT_FLAG.liquidation) !== 0,
    builderFee: (flags & EVENT_FLAG.builder) === 0 ? 0 : readBuilderFee(ring, byte),
    way: flags & EVENT_FLAG.adl ? "adl" : flags & EVENT_FLAG.backstop ? "backstop" : "book",
  };
}
