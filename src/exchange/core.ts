/** What the rooms of the exchange work on together while a command is applied. `state.ts` builds it. */
import type { F64Column, Register } from "../base/column.ts";
import type { Accounts } from "./account/account.ts";
import type { ChangedAccounts } from "./account/changed-accounts.ts";
import type { DefaultPolicy } from "./account/default-policy.ts";
import type { FeatureTable } from "./account/feature-table.ts";
import type { FeeRows } from "./account/fee-row.ts";
import type { MarginCache } from "./account/margin-sums.ts";
import type { Pools } from "./account/pool-table.ts";
import type { Positions } from "./account/position.ts";
import type { PositionOffers } from "./account/position-offer.ts";
import type { Rewards } from "./account/reward-row.ts";
import type { RiskLimits } from "./account/risk-limit.ts";
import type { ShareTable } from "./account/share-table.ts";
import type { Signers } from "./account/signer.ts";
import type { Strategies } from "./account/strategy-table.ts";
import type { SubAccounts } from "./account/sub-account.ts";
import type { Twaps } from "./account/twap-row.ts";
import type { Vaults } from "./account/vault-table.ts";
import type { Book } from "./book/book.ts";
import type { ExpiryHeap } from "./book/expiry-heap.ts";
import type { BookLinks } from "./book/ladder.ts";
import type { OrderTable } from "./book/order-table.ts";
import type { ConsequenceQueue } from "./consequence.ts";
import {
  EVENT_HEAD,
  EVENT_HEAD_LANES,
  EVENT_LANES,
  type EventKind,
  type EventRing,
  eventByte,
  eventLane,
  reserveEvent,
} from "./event.ts";
import type { MarginTiers } from "./market/margin-tiers.ts";
import type { Markets } from "./market/market.ts";
import type { MarketTerms } from "./market/market-terms.ts";
import type { Protection } from "./market/protection.ts";
import { NUMBER, numberOf } from "./numbers.ts";
import type { FundingRows } from "./oracle/funding-row.ts";
import type { MarkRows } from "./oracle/mark.ts";
import type { Oracle } from "./oracle/oracle.ts";
import type { PriceWatch } from "./oracle/price-watch.ts";
import type { Trails } from "./oracle/trail-table.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const {
  kind: EVENT_HEAD_KIND,
  seq: EVENT_HEAD_SEQ,
  timeMs: EVENT_HEAD_TIME_MS,
  account: EVENT_HEAD_ACCOUNT,
  market: EVENT_HEAD_MARKET,
  item: EVENT_HEAD_ITEM,
} = EVENT_HEAD;
const OWN_EVENT_HEAD_LANES = EVENT_HEAD_LANES;
const OWN_EVENT_LANES = EVENT_LANES;
const { seq: NUMBER_SEQ, timeMs: NUMBER_TIME_MS } = NUMBER;

/** How many accounts the last oracle prices made the exchange look at. */
export interface AccountVisits {
  /** For a price beyond one of their triggers. */
  passed: number;
  /** For money or positions that changed since the prices before, or for being in distress. */
  changed: number;
}

/** The joined state of an exchange; opaque outside this room but for the functions of `query.ts`. */
export interface Core {
  readonly register: Register;
  readonly numbers: F64Column;
  readonly markets: Markets;
  readonly marginTiers: MarginTiers;
  readonly protection: Protection;
  readonly oracle: Oracle;
  readonly orders: OrderTable;
  /** Queue links of all books; derived from the orders. */
  readonly links: BookLinks;
  /** One book a market; derived from the orders. */
  readonly books: Book[];
  /** Terms of all markets; derived from their rows and tiers. */
  readonly terms: MarketTerms[];
  /** Orders that end by time, next first; derived from the orders. */
  readonly expiries: ExpiryHeap;
  readonly accounts: Accounts;
  readonly positions: Positions;
  readonly twaps: Twaps;
  readonly trails: Trails;
  readonly signers: Signers;
  readonly subAccounts: SubAccounts;
  readonly positionOffers: PositionOffers;
  readonly strategies: Strategies;
  readonly features: FeatureTable;
  readonly shares: ShareTable;
  readonly vaults: Vaults;
  readonly pools: Pools;
  readonly risk: RiskLimits;
  /** What accounts may have of sub-accounts and agents; see `account/account-rules.ts`. */
  readonly accountRules: F64Column;
  readonly fees: FeeRows;
  readonly defaults: DefaultPolicy;
  readonly rewards: Rewards;
  readonly fundings: FundingRows;
  readonly marks: MarkRows;
  readonly queue: ConsequenceQueue;
  /** Margin sums kept beside the accounts; derived. */
  readonly margins: MarginCache;
  /** Accounts whose triggers in `watch` no longer fit; derived. */
  readonly changed: ChangedAccounts;
  /** Prices at which a position's account must be looked at; derived from accounts and positions. */
  readonly watch: PriceWatch;
  /** Slots of orders that wait for the mark price; derived from the orders. */
  readonly waiting: PriceWatch;
  /** Not state. */
  readonly visits: AccountVisits;
  /** Where events of the running command go. Not state. */
  events: EventRing;
}

/**
 * Reserves an event and fills its head; returns its first lane. `item` -1 = a consequence. Plain
 * arguments here and below in matching: a bundle would be an allocation for each event.
 */
export function beginEvent(
  core: Core,
  kind: EventKind,
  account: number,
  market: number,
  item: number,
): number {
  const lane = reserveHead(core, kind, account, market, item);
  const { lanes } = core.events;
  for (let at = lane + OWN_EVENT_HEAD_LANES; at < lane + OWN_EVENT_LANES; at++) lanes[at] = 0;
  return lane;
}

/**
 * As {@link beginEvent}, for writers of every lane behind the head: those hold what stood there
 * before.
 */
export function reserveHead(
  core: Core,
  kind: EventKind,
  account: number,
  market: number,
  item: number,
): number {
  const ring = core.events;
  const lane = eventLane(ring, reserveEvent(ring));
  const { lanes } = ring;
  const numbers = core.numbers.data;
  lanes[lane + EVENT_HEAD_KIND] = kind;
  lanes[lane + EVENT_HEAD_SEQ] = numbers[NUMBER_SEQ] as number;
  lanes[lane + EVENT_HEAD_TIME_MS] = numbers[NUMBER_TIME_MS] as number;
  lanes[lane + EVENT_HEAD_ACCOUNT] = account;
  lanes[lane + EVENT_HEAD_MARKET] = market;
  lanes[lane + EVENT_HEAD_ITEM] = item;
  return lane;
}

/** First side byte of the event just reserved. */
export const lastEventByte = (core: Core): number =>
  eventByte(core.events, core.events.written - 1);

/** Time of the running command [ms]. */
export const commandTimeMs = (core: Core): number => numberOf(core.numbers, NUMBER_TIME_MS);
