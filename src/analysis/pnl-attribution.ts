/**
 * Splits the change of equity since the start into causes that add up to it exactly. With q the
 * position, f the fair price, m the mark, and per fill i of signed size s_i at price p_i with
 * fair price f_i just before it:
 *
 *   spread            = sum s_i (f_i - p_i)
 *   adverse selection = sum s_i (f(t_i + h) - f_i)                        while h runs: f(now)
 *   inventory         = sum s_i (f(now) - f(t_i + h)) + q_0 (f(now) - f_0)
 *                       + q (m - f) - q_0 (m_0 - f_0)
 *   fees              = - sum fee_i
 *   funding           = what was received for holding, a figure of the venue's
 *
 *   spread + adverse selection + inventory + fees + funding = change of cash + q m - q_0 m_0
 *
 * The first three telescope: fair prices cancel in pairs, whatever they are. Effective spread less
 * price impact follows Huang and Stoll (1996, section 3). Everything is an integer: f comes in
 * half-ticks, where the middle of a book is exact, and sums are kept in half-micros. The derivation
 * and the one rounding, of less than a micro, are in docs/formulas/pnl-attribution.md.
 *
 * O(1) a price and a fill. Owns no clock: times are the venue's.
 */
import { assert } from "../base/assert.ts";
import { type Side, sideSign } from "../base/side.ts";
import {
  createPricePath,
  lastPathPrice,
  notePathPrice,
  type PricePath,
  pathPriceAt,
  pathPriceBefore,
} from "./price-path.ts";

/** Causes of a change of equity; their sum is the change [10^-6 USDC]. */
export interface PnlSplit {
  /** Earned by trading away from the fair price. */
  readonly spread: number;
  /** Moves of the fair price within the horizon after each fill; a loss is negative. */
  readonly adverseSelection: number;
  /** Moves of the price on what was held for longer. */
  readonly inventory: number;
  /** Paid fees are negative, rebates positive. */
  readonly fees: number;
  /** Received from the other side of the market for holding; negative = paid. */
  readonly funding: number;
  /** What no cause explains; 0 unless the books disagree. */
  readonly residual: number;
}

/** How long after a fill a move counts as adverse selection [ms]. */
export const ADVERSE_HORIZON_MS = 5_000;

/** A fill as attribution sees it. */
export interface AttributedFill {
  /** Venue time [ms]. */
  readonly timeMs: number;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  /** Paid; negative = received [10^-6 USDC]. */
  readonly fee: number;
}

/** Running sums of the causes. */
export interface PnlAttribution {
  readonly horizonMs: number;
  /** Fair price over venue time [half-ticks]. */
  readonly path: PricePath;
  /** [lots], positive = long. */
  position: number;
  /** Fills whose horizon still runs, oldest first. */
  readonly recent: { timeMs: number; lots: number }[];
  /** Sum of their signed sizes [lots]. */
  recentLots: number;
  /** [half-micros] */
  spread: number;
  adverse: number;
  /** Moves of the fair price on what was held beyond the horizon [half-micros]. */
  held: number;
  /** Value of the position at the mark beyond that at the fair price, at the start [half-micros]. */
  openBasis: number;
  /** Paid [10^-6 USDC]. */
  fees: number;
}

/** An attribution with no position and no price. */
export const createPnlAttribution = (horizonMs = ADVERSE_HORIZON_MS): PnlAttribution => ({
  horizonMs,
  path: createPricePath(),
  position: 0,
  recent: [],
  recentLots: 0,
  spread: 0,
  adverse: 0,
  held: 0,
  openBasis: 0,
  fees: 0,
});

/**
 * Takes over a position that no fill explains, at its value [10^-6 USDC]: what is held at the start,
 * and later corrections. No cause gains or loses by it.
 */
export function takeOverPosition(
  attribution: PnlAttribution,
  { timeMs, lots, value }: { timeMs: number; lots: number; value: number },
): void {
  if (lots === 0) return;
  const { path } = attribution;
  // Without a price so far the venue's own valuation starts the path.
  if (path.count === 0) notePathPrice(path, timeMs, Math.round((2 * value) / lots));
  attribution.position += lots;
  attribution.openBasis += 2 * value - lots * (lastPathPrice(path) as number);
}

/** Moves the fair price to a new one that is in force from `timeMs` on [half-ticks]. */
export function noteFairPrice(
  attribution: PnlAttribution,
  timeMs: number,
  fairHalfTicks: number,
): void {
  assert(Number.isSafeInteger(fairHalfTicks), "a fair price is a whole number of half-ticks");
  const { path } = attribution;
  const before = lastPathPrice(path);
  endHorizons(attribution, Math.max(path.lastMs, timeMs));
  notePathPrice(path, timeMs, fairHalfTicks);
  if (before === null) return;
  const move = fairHalfTicks - before;
  attribution.adverse += attribution.recentLots * move;
  attribution.held += (attribution.position - attribution.recentLots) * move;
}

/**
 * Counts a fill, told of at any time after it; returns the fair price just before it [half-ticks].
 * Moves between the fill and now are made good, so that a late word gives the same sums.
 */
export function noteAttributedFill(attribution: PnlAttribution, fill: AttributedFill): number {
  const { path, horizonMs } = attribution;
  const { timeMs, px } = fill;
  // The first price ever is the fill's own: nothing was captured as far as anyone can tell.
  if (path.count === 0) notePathPrice(path, timeMs, 2 * px);
  const lots = sideSign(fill.side) * fill.sz;
  const fair = pathPriceBefore(path, timeMs) as number;
  const now = lastPathPrice(path) as number;
  attribution.spread += lots * (fair - 2 * px);
  attribution.fees += fill.fee;
  attribution.position += lots;
  if (timeMs + horizonMs >= path.lastMs) {
    attribution.adverse += lots * (now - fair);
    attribution.recent.push({ timeMs, lots });
    attribution.recentLots += lots;
  } else {
    const after = pathPriceAt(path, timeMs + horizonMs) as number;
    attribution.adverse += lots * (after - fair);
    attribution.held += lots * (now - after);
  }
  assert(Number.isSafeInteger(attribution.spread), "captured spread is a safe integer");
  return fair;
}

/**
 * The split with the position at its value by the mark, and the funding and the change of equity that
 * the ledger tells [10^-6 USDC]. Halves of micros that spread and adverse selection leave go to inventory.
 */
export function pnlSplit(
  attribution: PnlAttribution,
  ledger: { positionValue: number; equityChange: number; funding: number },
): PnlSplit {
  const { position, path, openBasis } = attribution;
  const { positionValue, equityChange, funding } = ledger;
  const basis = 2 * positionValue - position * (lastPathPrice(path) ?? 0) - openBasis;
  const spread = Math.floor(attribution.spread / 2);
  const adverseSelection = Math.floor(attribution.adverse / 2);
  const halves = attribution.spread - 2 * spread + attribution.adverse - 2 * adverseSelection;
  const inventory = Math.floor((attribution.held + basis + halves) / 2) || 0;
  const fees = -attribution.fees || 0;
  const residual = equityChange - (spread + adverseSelection + inventory + fees + funding);
  return { spread, adverseSelection, inventory, fees, funding, residual };
}

/** Takes fills out of the window whose horizon ended before a time [ms]. */
function endHorizons(attribution: PnlAttribution, timeMs: number): void {
  const { recent, horizonMs } = attribution;
  let ended = 0;
  for (const fill of recent) {
    if (fill.timeMs + horizonMs >= timeMs) break;
    attribution.recentLots -= fill.lots;
    ended += 1;
  }
  if (ended > 0) recent.splice(0, ended);
}
