/**
 * The port the market maker trades through. Requests go out with ids, events come in; every amount
 * is an integer (ticks, lots, micros), every time comes with its event. A venue adapter and a
 * simulation implement the same port, and the maker cannot tell them apart.
 *
 * What an implementation owes the maker:
 * - each request is answered by at most one `outcome`; none at all counts as unknown after a while;
 * - `refused` is said only of what certainly changed nothing, `unknown` of everything in doubt;
 * - events may be late, repeated or out of order, and fills may be repeated: the maker copes.
 */
import type { Hex } from "../base/hex.ts";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import type { Side } from "../base/side.ts";

/** An order to place. */
export interface PlaceItem {
  /** Client order id: 0x and 32 lower-case hex digits. */
  readonly cloid: Hex;
  readonly side: Side;
  /** Limit price, legal on the market [ticks]. */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  readonly tif: "alo" | "gtc" | "ioc";
  readonly reduceOnly: boolean;
}

/** What a request asks for. */
export type VenueRequestBody =
  /** Place orders; the venue must refuse them when it gets to them after `expiresAtMs` [ms]. */
  | {
      readonly kind: "placeBatch";
      readonly orders: readonly PlaceItem[];
      readonly expiresAtMs: number;
    }
  | { readonly kind: "cancelByCloid"; readonly cloids: readonly Hex[] }
  | { readonly kind: "cancelByOid"; readonly oids: readonly number[] }
  /** All open orders of the account on the maker's market. */
  | { readonly kind: "queryOpenOrders" }
  | { readonly kind: "queryOrder"; readonly cloid: Hex }
  | { readonly kind: "queryAccount" }
  /** Fills of the account on the maker's market at or after a time [ms]. */
  | { readonly kind: "queryFills"; readonly sinceMs: number }
  /** Payments for holding, likewise [ms]. */
  | { readonly kind: "queryFunding"; readonly sinceMs: number }
  /** Dead-man timer: cancel all at `timeMs`, or disarm with null [ms]. */
  | { readonly kind: "scheduleCancel"; readonly timeMs: number | null };

/** A request with the id that its outcome will carry. */
export type VenueRequest = VenueRequestBody & { readonly requestId: number };

/** One price level. */
export interface BookLevel {
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
}

/** A public trade. */
export interface VenueTrade {
  readonly tid: number;
  /** Side of the taker. */
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  /** [ms] */
  readonly timeMs: number;
}

/** A fill of one of the account's orders. */
export interface VenueFill {
  /** Trade id: names the fill wherever it is reported. */
  readonly tid: number;
  readonly oid: number;
  readonly cloid: Hex | null;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  /** Paid; negative = received [10^-6 USDC]. */
  readonly fee: number;
  /** Realised PnL by the venue's own reckoning [10^-6 USDC]. */
  readonly closedPnl: number;
  /** Whether the order took liquidity. */
  readonly crossed: boolean;
  /** Position before the fill [lots]. */
  readonly startPosition: number;
  /** [ms] */
  readonly timeMs: number;
}

/** How an order stands. */
export type VenueOrderStatus = "open" | "filled" | "canceled" | "rejected";

/** An order as the venue reports it. */
export interface VenueOrder {
  readonly oid: number;
  readonly cloid: Hex | null;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** What remains [lots]. */
  readonly sz: number;
  /** As placed [lots]. */
  readonly origSz: number;
  readonly status: VenueOrderStatus;
  /** [ms] */
  readonly timeMs: number;
}

/** Why an item or a whole request was refused, as far as the maker acts on it. */
export type RefusalCode =
  /** A post-only order would have matched. */
  | "wouldMatch"
  | "margin"
  | "positionLimit"
  | "reduceOnly"
  /** Price off the tick, size or notional out of bounds. */
  | "invalidOrder"
  /** The order was never placed, or is canceled or filled. */
  | "notLive"
  /** A live order has this cloid already: this request or a copy of it got through. */
  | "cloidDuplicate"
  /** Too many requests for the moment. */
  | "rateLimited"
  /** Expired, or its nonce was used: a copy of the request may have got through before. */
  | "stale"
  /** The signer is not known to the venue. */
  | "identity"
  | "other";

/** Outcome of one item of a batch, in the order of the request. */
export type ItemStatus =
  | { readonly kind: "resting"; readonly oid: number }
  /** Matched at once; `sz` is what matched [lots]. */
  | { readonly kind: "filled"; readonly oid: number; readonly sz: number }
  | { readonly kind: "canceled" }
  /** The answer says nothing certain about this item. */
  | { readonly kind: "unknown" }
  | { readonly kind: "error"; readonly code: RefusalCode; readonly text: string };

/** The account on the maker's market at one moment. */
export interface AccountSnapshot {
  /** Venue time of the snapshot [ms]. */
  readonly timeMs: number;
  /** [lots], positive = long. */
  readonly position: number;
  /** Position at the venue's mark, signed as the position [10^-6 USDC]. */
  readonly positionValue: number;
  /** Cash and unrealised PnL of all positions [10^-6 USDC]. */
  readonly equity: number;
  /** Equity that no position or order ties up [10^-6 USDC]. */
  readonly withdrawable: number;
}

/** A payment between longs and shorts that our position took part in. */
export interface VenueFunding {
  /** Venue time; a position is paid once at a time [ms]. */
  readonly timeMs: number;
  /** Received, negative = paid [10^-6 USDC]. */
  readonly amount: number;
}

/** What became of a request. */
export type RequestOutcome =
  | { readonly kind: "statuses"; readonly statuses: readonly ItemStatus[] }
  | { readonly kind: "openOrders"; readonly orders: readonly VenueOrder[] }
  /** null: the venue knows no order of this cloid. */
  | { readonly kind: "order"; readonly order: VenueOrder | null }
  | { readonly kind: "account"; readonly account: AccountSnapshot }
  /** `complete` is false when older fills since the asked time may be missing. */
  | { readonly kind: "fills"; readonly fills: readonly VenueFill[]; readonly complete: boolean }
  | { readonly kind: "funding"; readonly payments: readonly VenueFunding[] }
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly text: string }
  | { readonly kind: "unknown"; readonly cause: "timeout" | "disconnected" | "overload" | "other" };

/** What a venue tells the maker. */
export type VenueEvent =
  | { readonly kind: "marketSpec"; readonly spec: InstrumentSpec }
  /**
   * Levels best first. `top` levels replace the touch only, as a best-bid-and-offer feed does. A `far`
   * book reaches farther than the others and may come rarely: prices are not made from it, but it
   * tells what stands before orders that the others do not reach.
   */
  | {
      readonly kind: "book";
      readonly depth: "full" | "top" | "far";
      readonly timeMs: number;
      readonly bids: readonly BookLevel[];
      readonly asks: readonly BookLevel[];
    }
  /** Reference prices; 0 = none [ticks]. Funding that is foreseen, where it is told [1/h]. */
  | {
      readonly kind: "reference";
      readonly timeMs: number;
      readonly oraclePx: number;
      readonly markPx: number;
      readonly fundingRate?: number;
    }
  | { readonly kind: "trades"; readonly trades: readonly VenueTrade[] }
  | { readonly kind: "orders"; readonly orders: readonly VenueOrder[] }
  | { readonly kind: "fills"; readonly fills: readonly VenueFill[] }
  /** Some may have been told before. */
  | { readonly kind: "funding"; readonly payments: readonly VenueFunding[] }
  /** Request budget of the address; the venue counts each item of a batch. */
  | { readonly kind: "budget"; readonly used: number; readonly cap: number }
  | { readonly kind: "outcome"; readonly requestId: number; readonly outcome: RequestOutcome }
  /** All streams are up, or at least one is not. */
  | { readonly kind: "connection"; readonly up: boolean }
  /** A stream lives although nothing happened on it. */
  | { readonly kind: "heartbeat"; readonly feed: "market" | "user" };

/** A venue as the maker's owner drives it. */
export interface Venue {
  /** Opens the streams; events go to `listener`, never from within `connect` or `send`. */
  connect(listener: (event: VenueEvent) => void): void;
  /** Sends a request; its outcome comes as an event. */
  send(request: VenueRequest): void;
  /** Closes the streams; no event follows. */
  close(): void;
}
