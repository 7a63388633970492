/** The SDK's shapes as the maker's integers. Text that is no number of the market is an error. */

import { assetIdOf, dexOfName } from "../base/asset-ids.ts";
import type { Hex } from "../base/hex.ts";
import { type InstrumentSpec, MARKET_NOTIONAL_BOUND } from "../base/instrument-spec.ts";
import { OperationalError } from "../base/operational-error.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TICKS_BOUND } from "../base/units.ts";
import type {
  AccountSnapshot,
  BookLevel,
  VenueFill,
  VenueFunding,
  VenueOrder,
  VenueOrderStatus,
  VenueTrade,
} from "../maker/venue.ts";
import { parsePx, parseSignedSz, parseSz, parseUsdc } from "../wire/decimal.ts";

/** The smallest order that the venue takes [10^-6 USDC]. */
const NOTIONAL_MIN = 10_000_000;

/** A market as the adapter needs it. */
export interface WireMarket {
  readonly assetId: number;
  /** Dex that it is of; empty = the main one. */
  readonly dex: string;
  /** Place among the dex's markets. */
  readonly index: number;
  readonly spec: InstrumentSpec;
}

/** Level of a wire book. */
export interface WireLevel {
  readonly px: string;
  readonly sz: string;
}

/** Fill of the account, as `userFills` tells it. */
export interface WireFill extends WireLevel {
  readonly coin: string;
  readonly side: "B" | "A";
  readonly time: number;
  readonly startPosition: string;
  readonly closedPnl: string;
  readonly oid: number;
  readonly crossed: boolean;
  readonly fee: string;
  readonly tid: number;
  readonly cloid?: Hex | null;
}

/** Payment for holding, as `userFundings` tells it. */
export interface WireFunding {
  readonly time: number;
  /** Received; negative = paid. */
  readonly usdc: string;
}

/** Order of the account, as listings and updates tell it. */
export interface WireOrder {
  readonly coin: string;
  readonly side: "B" | "A";
  readonly limitPx: string;
  readonly sz: string;
  readonly origSz: string;
  readonly oid: number;
  readonly cloid?: Hex | null;
}

/**
 * The market named `asset` in the answer to its dex's `meta`; an error when there is none. `dexIndex` is the
 * dex's place in `perpDexs`, 0 = the main one, -1 = there is no such dex.
 */
export function marketOfMeta(
  universe: readonly { name: string; szDecimals: number; maxLeverage: number }[],
  asset: string,
  dexIndex = 0,
): WireMarket {
  const index = universe.findIndex(({ name }) => name === asset);
  const found = universe[index];
  if (found === undefined || dexIndex < 0) {
    throw new OperationalError({
      code: "marketUnknown",
      message: `the venue has no market named ${asset}`,
      retryable: true,
    });
  }
  const pxMax = TICKS_BOUND - 1;
  return {
    assetId: assetIdOf(dexIndex, index),
    dex: dexOfName(asset),
    index,
    spec: {
      name: asset,
      szDecimals: found.szDecimals,
      maxLeverage: found.maxLeverage,
      pxMax,
      positionMax: Math.floor(MARKET_NOTIONAL_BOUND / pxMax),
      notionalMin: NOTIONAL_MIN,
      priceRule: "fiveSignificantFigures",
    },
  };
}

/** Levels of one side, best first. */
export const levelsOf = (
  levels: readonly WireLevel[],
  { szDecimals }: InstrumentSpec,
): BookLevel[] =>
  levels.map(({ px, sz }) => ({ px: pxOf(px, szDecimals), sz: szOf(sz, szDecimals) }));

/** A payment; what is below a micro is cut. */
export const fundingOf = ({ time, usdc }: WireFunding): VenueFunding => ({
  timeMs: time,
  amount: microsOf(usdc),
});

/** A fill of the account. */
export const fillOf = (fill: WireFill, { szDecimals }: InstrumentSpec): VenueFill => ({
  tid: fill.tid,
  oid: fill.oid,
  cloid: cloidOf(fill.cloid),
  side: sideOf(fill.side),
  px: pxOf(fill.px, szDecimals),
  sz: szOf(fill.sz, szDecimals),
  fee: microsOf(fill.fee),
  closedPnl: microsOf(fill.closedPnl),
  crossed: fill.crossed,
  startPosition: positionOf(fill.startPosition, szDecimals),
  timeMs: fill.time,
});

/** A public trade. */
export const tradeOf = (
  trade: WireLevel & { readonly side: "B" | "A"; readonly time: number; readonly tid: number },
  { szDecimals }: InstrumentSpec,
): VenueTrade => ({
  tid: trade.tid,
  side: sideOf(trade.side),
  px: pxOf(trade.px, szDecimals),
  sz: szOf(trade.sz, szDecimals),
  timeMs: trade.time,
});

/** An order with its status word and the time it got it [ms]. */
export const orderOf = (
  order: WireOrder,
  { status, timeMs }: { status: string; timeMs: number },
  { szDecimals }: InstrumentSpec,
): VenueOrder => ({
  oid: order.oid,
  cloid: cloidOf(order.cloid),
  side: sideOf(order.side),
  px: pxOf(order.limitPx, szDecimals),
  sz: szOf(order.sz, szDecimals),
  origSz: szOf(order.origSz, szDecimals),
  status: statusOf(status),
  timeMs,
});

/** The account on one market. */
export function accountOf(
  state: {
    readonly time: number;
    readonly withdrawable: string;
    readonly marginSummary: { readonly accountValue: string };
    readonly assetPositions: readonly {
      readonly position: {
        readonly coin: string;
        readonly szi: string;
        readonly positionValue: string;
      };
    }[];
  },
  { name, szDecimals }: InstrumentSpec,
): AccountSnapshot {
  const held = state.assetPositions.find(({ position }) => position.coin === name)?.position;
  const position = held === undefined ? 0 : positionOf(held.szi, szDecimals);
  const value = held === undefined ? 0 : microsOf(held.positionValue);
  return {
    timeMs: state.time,
    position,
    // The wire's value has no sign.
    positionValue: position < 0 ? -Math.abs(value) : Math.abs(value),
    equity: microsOf(state.marginSummary.accountValue),
    withdrawable: microsOf(state.withdrawable),
  };
}

/** The maker's status of a wire status word: some thirty words, four meanings. */
export function statusOf(word: string): VenueOrderStatus {
  if (word === "open" || word === "triggered") return "open";
  if (word === "filled") return "filled";
  return word === "rejected" || word.endsWith("Rejected") ? "rejected" : "canceled";
}

/** Price in ticks; an error where the text is none. */
export function pxOf(text: string, szDecimals: number): number {
  const px = parsePx(text, szDecimals);
  return px > 0 ? px : unreadable("price", text);
}

/** Size in lots; an error where the text is none. */
export function szOf(text: string, szDecimals: number): number {
  const sz = parseSz(text, szDecimals);
  return sz >= 0 ? sz : unreadable("size", text);
}

/** Reference price in ticks, cut to the tick; 0 where there is none. */
export function referenceOf(text: string | null | undefined, szDecimals: number): number {
  if (text === null || text === undefined) return 0;
  return Math.max(0, parsePx(cut(text, 6 - szDecimals), szDecimals));
}

const sideOf = (letter: "B" | "A"): Side => (letter === "B" ? BUY : SELL);

const cloidOf = (cloid: Hex | null | undefined): Hex | null =>
  cloid === null || cloid === undefined ? null : (cloid.toLowerCase() as Hex);

function positionOf(text: string, szDecimals: number): number {
  return parseSignedSz(text, szDecimals) ?? unreadable("position", text);
}

/** Money is cut to 10^-6: some amounts of the venue carry more digits than it books. */
function microsOf(text: string): number {
  return parseUsdc(cut(text, 6)) ?? unreadable("amount", text);
}

function cut(text: string, decimals: number): string {
  const dot = text.indexOf(".");
  if (dot < 0) return text;
  return decimals === 0 ? text.slice(0, dot) : text.slice(0, dot + 1 + decimals);
}

function unreadable(what: string, text: string): never {
  throw new OperationalError({
    code: "wireUnreadable",
    message: `the venue sent a ${what} that cannot be read: ${text.slice(0, 40)}`,
    retryable: false,
  });
}
