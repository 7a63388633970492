/**
 * The ladder to show: levels at fixed distances around the model's reservation price,
 *
 *   bid_i = min(reservation - half, fair) - i x spacing
 *   ask_i = max(reservation + half, fair) + i x spacing                        [ticks]
 *
 * Never through the fair price: far from balance a model would pay to get rid of its inventory, and a
 * resting order that gives away money is better sent as an order that takes. Prices are still
 * fractional here; they become legal ticks in `execution/target.ts`.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";

/** A level to show. */
export interface QuoteLevel {
  readonly side: Side;
  /** 0 = best. */
  readonly level: number;
  /** [ticks, fractional] */
  readonly px: number;
  /** Wanted notional [10^-6 USDC]. */
  readonly notional: number;
}

/** What shapes the ladder. */
export interface LadderInput {
  /** [ticks, fractional] */
  readonly fairPx: number;
  readonly reservationPx: number;
  /** [ticks] */
  readonly halfSpread: number;
  /** Distance between neighbouring levels [bps] of the fair price. */
  readonly levelSpacingBps: number;
  readonly levels: number;
  /** Size of each level as a multiple of the side's; best first [1]. */
  readonly shares: readonly number[];
  /** Mean notional of a level on each side [10^-6 USDC]. */
  readonly buyNotional: number;
  readonly sellNotional: number;
}

/** Levels of both sides, best first and sides alternating. */
export function quoteLadder(input: LadderInput): QuoteLevel[] {
  const { fairPx, reservationPx, halfSpread } = input;
  const spacing = (fairPx * input.levelSpacingBps) / 10_000;
  const bid = Math.min(reservationPx - halfSpread, fairPx);
  const ask = Math.max(reservationPx + halfSpread, fairPx);
  const levels: QuoteLevel[] = [];
  for (let level = 0; level < input.levels; level++) {
    const away = level * spacing;
    const share = input.shares[level] ?? 1;
    if (share === 0) continue;
    levels.push({ side: BUY, level, px: bid - away, notional: share * input.buyNotional });
    levels.push({ side: SELL, level, px: ask + away, notional: share * input.sellNotional });
  }
  return levels;
}
