/**
 * Plays a tape into an exchange: one group of accounts keeps the recorded book as resting orders
 * (`tape/tape-depth.ts`), another sends the recorded trades as takers, and the oracle follows.
 *
 * Each recorded trade is one immediate-or-cancel order of the recorded side, price and size. Before
 * it, the recorded side is set so that it can print as recorded: nothing of the tape better or in
 * the way, enough at the price. Who is filled is then for the exchange to say: orders of others at a
 * better price come first and print at their own, those at the same price when the queue gets to
 * them. So with nobody else in the way every recorded trade is one trade here, of that price and
 * size; with somebody in the way the sum of sizes is the recorded one.
 *
 * Deterministic: the same tape and the same orders of others give the same commands. Time comes from
 * the tape and, for nonces, from the door.
 */
import { type InstrumentSpec, MARKET_NOTIONAL_BOUND } from "../base/instrument-spec.ts";
import { UNPROTECTED } from "../base/market-protection.ts";
import { BUY, type Side, sideSign } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { TICKS_BOUND } from "../base/units.ts";
import type { Command } from "../exchange/command-codec.ts";
import { EVENT, EVENT_HEAD, type EventRing, eventLane, ORDER_EVENT } from "../exchange/event.ts";
import type { TapeEvent, TapeHeader, TapeLevel } from "../tape/tape-event.ts";
import {
  createTapeAccounts,
  openAccount,
  placeAs,
  positionOf,
  type TapeAccounts,
  type TapeDoor,
} from "./tape/tape-accounts.ts";
import {
  createTapeDepth,
  markDirty,
  readyForTrade,
  recordDepth,
  recordedMid,
  recordTouch,
  syncDepth,
  type TapeDepth,
} from "./tape/tape-depth.ts";

/** Prices of a tape's market reach to this multiple of its first [1]. */
const PX_REACH = 16;
const ORACLE_EVERY_NS = 1_000_000_000n;

const DEPTH_GROUP = { kind: 1, countMax: 80, depositUsdc: 15_000_000, openPart: 0.4 };
const TAKER_GROUP = { kind: 2, countMax: 40, depositUsdc: 5_000_000, openPart: 1 };

/** What a tape's market has done so far. */
export interface TapeMarketCounts {
  /** Trades sent, and their size [lots]. */
  trades: number;
  tradedLots: number;
  /** Trades above the market's price cap, left out. */
  beyond: number;
}

/** See the file's head. */
export interface TapeMarket {
  readonly door: TapeDoor;
  readonly header: TapeHeader;
  readonly market: number;
  readonly counts: TapeMarketCounts;
  readonly depth: TapeDepth;
  readonly takers: TapeAccounts;
  /** The venue's own reference price, where the tape has one [ticks]; 0 = none. */
  referencePx: number;
  /** Venue time of the last change of the book [ms]. */
  bookMs: number;
  oracleAtNs: bigint;
  /** The exchange did not take a command of this message: none of it is sent until the next try. */
  isRefused: boolean;
}

/**
 * The market that a tape is played into: its tick and lot are the recorded ones, every tick is a
 * legal price, and no order is too small.
 */
export function tapeSpec(header: TapeHeader, startPx: number): InstrumentSpec {
  const pxMax = Math.min(TICKS_BOUND - 1, startPx * PX_REACH);
  return {
    name: header.coin,
    szDecimals: header.szDecimals,
    maxLeverage: 40,
    pxMax,
    positionMax: Math.floor(MARKET_NOTIONAL_BOUND / pxMax),
    notionalMin: 0,
    priceRule: "everyTick",
  };
}

/** Commands that open the market on a fresh exchange. */
export const tapeGenesis = (spec: InstrumentSpec, startPx: number): Command[] => [
  { kind: "createMarket", spec },
  // What was recorded had the rules of another venue.
  { kind: "setProtection", market: 0, settings: UNPROTECTED },
  { kind: "setOraclePrices", prices: [{ market: 0, px: startPx }] },
];

/** Stands ready to play a tape into an open market. */
export function createTapeMarket(
  exchange: TapeDoor,
  header: TapeHeader,
  market: number,
): TapeMarket {
  const door: TapeDoor = {
    state: exchange.state,
    nowMs: exchange.nowMs,
    submit(command) {
      tapeMarket.isRefused ||= !exchange.submit(command);
      return !tapeMarket.isRefused;
    },
  };
  const depthAccounts = createTapeAccounts(door, market, DEPTH_GROUP);
  const takers = createTapeAccounts(door, market, TAKER_GROUP);
  const isOwn = (account: number): boolean =>
    depthAccounts.ids.includes(account) || takers.ids.includes(account);
  const tapeMarket: TapeMarket = {
    door,
    header,
    market,
    counts: { trades: 0, tradedLots: 0, beyond: 0 },
    depth: createTapeDepth(depthAccounts, header.szStep, isOwn),
    takers,
    referencePx: 0,
    bookMs: 0,
    oracleAtNs: 0n,
    isRefused: false,
  };
  return tapeMarket;
}

/**
 * Plays one message; answers whether the exchange took all of it. Where it did not, because its disk
 * is behind, the same message is to be played again later: what was done is not done twice.
 */
export function playTapeEvent(market: TapeMarket, event: TapeEvent): boolean {
  market.isRefused = false;
  moveOracle(market, event);
  switch (event.kind) {
    case "snapshot":
    case "depth":
      market.bookMs = event.venueMs;
      recordDepth(market.depth, event, event.kind === "snapshot");
      syncDepth(market.depth);
      break;
    case "trade":
      playTrade(market, event);
      break;
    case "reference":
      market.referencePx = event.oraclePx;
      break;
    case "bbo":
      playTouch(market, event);
      break;
  }
  return !market.isRefused;
}

/**
 * Brings the book to what was last recorded: what trades set aside stands again. Answers whether the
 * exchange took all of it, as above.
 */
export function finishTape(market: TapeMarket): boolean {
  market.isRefused = false;
  syncDepth(market.depth);
  return !market.isRefused;
}

/**
 * Hyperliquid's whole books come seldom, and its best prices tell what happens in between. Binance's
 * changes of the book have them in them, in an order of their own: there they are left alone.
 */
function playTouch(
  market: TapeMarket,
  event: { venueMs: number; bid: TapeLevel | null; ask: TapeLevel | null },
): void {
  if (market.header.source !== "hyperliquid" || event.venueMs < market.bookMs) return;
  recordTouch(market.depth, event);
  syncDepth(market.depth);
}

function playTrade(
  market: TapeMarket,
  trade: { readonly side: Side; readonly px: number; readonly sz: number },
): void {
  const { depth, takers, counts } = market;
  const { side, px, sz } = trade;
  if (px > depth.pxMax) {
    counts.beyond += 1;
    return;
  }
  readyForTrade(depth, trade);
  const taker = takerFor(takers, trade);
  const order = { market: market.market, side, px, sz, tif: TIF.ioc };
  if (taker < 0 || !placeAs(takers, taker, [order])) return;
  counts.trades += 1;
  counts.tradedLots += sz;
}

/** The account whose position the trade brings nearest to zero; another once it would pass the cap. */
function takerFor(takers: TapeAccounts, { side, sz }: { side: Side; sz: number }): number {
  let best = -1;
  let bestReach = takers.positionMax - sz;
  for (let index = 0; index < takers.ids.length; index++) {
    const reach = positionOf(takers, index) * sideSign(side);
    if (reach <= bestReach) {
      best = index;
      bestReach = reach;
    }
  }
  if (best >= 0 || takers.ids.length >= takers.group.countMax) return Math.max(0, best);
  return openAccount(takers);
}

/** Once a second of the tape: the venue's own reference price, else the middle of the recorded book. */
function moveOracle(market: TapeMarket, { localNs }: TapeEvent): void {
  if (localNs < market.oracleAtNs) return;
  const px = market.referencePx > 0 ? market.referencePx : recordedMid(market.depth);
  if (px === 0 || px > market.depth.pxMax) return;
  const prices = [{ market: market.market, px }];
  if (market.door.submit({ kind: "setOraclePrices", prices })) {
    market.oracleAtNs = localNs + ORACLE_EVERY_NS;
  }
}

/**
 * Notes which of the tape's orders somebody traded with, or the exchange canceled: their prices are
 * looked at with the next change of the book. Handed each durable group of events.
 */
export function noteTapeEvents(
  { depth }: TapeMarket,
  ring: EventRing,
  from: number,
  to: number,
): void {
  for (let index = from; index < to; index++) {
    const lane = eventLane(ring, index);
    const kind = ring.lanes[lane + EVENT_HEAD.kind];
    const isConsequence = ring.lanes[lane + EVENT_HEAD.item] === -1;
    if (kind !== EVENT.fill && !(kind === EVENT.orderCanceled && isConsequence)) continue;
    if (!depth.isOwn(ring.lanes[lane + EVENT_HEAD.account] as number)) continue;
    const side: Side = ring.lanes[lane + ORDER_EVENT.side] === BUY ? 0 : 1;
    markDirty(depth, side, ring.lanes[lane + ORDER_EVENT.px] as number);
  }
}
