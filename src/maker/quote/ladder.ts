/**
 * The ladder to show: levels at fixed distances around a reservation price that leans against the
 * position. With q = position / limit, cut to [-1, 1]:
 *
 *   reservation = fair x (1 - inventorySkewBps x q / 10^4)
 *   bid_i = reservation x (1 - (halfSpreadBps + i x levelSpacingBps) / 10^4)
 *   ask_i = reservation x (1 + (halfSpreadBps + i x levelSpacingBps) / 10^4)       [ticks]
 *
 * Long: both quotes lower; short: both higher. Prices are still fractional here; they become legal
 * ticks in `execution/target.ts`.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";

/** A level to show. */
export interface QuoteLevel {
  readonly side: Side;
  /** [ticks, fractional] */
  readonly px: number;
  /** Wanted notional [10^-6 USDC]. */
  readonly notional: number;
}

/** What shapes the ladder. */
export interface LadderInput {
  /** [ticks, fractional] */
  readonly fairPx: number;
  /** [lots] */
  readonly position: number;
  /** [lots] */
  readonly positionLimit: number;
  readonly halfSpreadBps: number;
  readonly levelSpacingBps: number;
  readonly inventorySkewBps: number;
  readonly levels: number;
  /** [10^-6 USDC] */
  readonly levelNotional: number;
}

/** Price around which the quotes stand [ticks, fractional]. */
export function reservationPrice(input: LadderInput): number {
  const { position, positionLimit } = input;
  const q = positionLimit > 0 ? Math.max(-1, Math.min(1, position / positionLimit)) : 0;
  return input.fairPx * (1 - (input.inventorySkewBps * q) / 10_000);
}

/** Levels of both sides, best first and sides alternating. */
export function quoteLadder(input: LadderInput): QuoteLevel[] {
  const reservation = reservationPrice(input);
  const levels: QuoteLevel[] = [];
  for (let i = 0; i < input.levels; i++) {
    const distance = (input.halfSpreadBps + i * input.levelSpacingBps) / 10_000;
    const notional = input.levelNotional;
    levels.push({ side: BUY, px: reservation * (1 - distance), notional });
    levels.push({ side: SELL, px: reservation * (1 + distance), notional });
  }
  return levels;
}
