/**
 * From the ladder wanted to orders that are legal: the only place where prices and sizes of the
 * maker are rounded. Bids go down and asks up to a legal price, so rounding never narrows the
 * spread; an order that would touch the other side's best steps back behind it; levels that fall
 * on one price step outwards.
 */
import { ceilLegalPx, floorLegalPx, type InstrumentSpec } from "../../base/instrument-spec.ts";
import { divCeil } from "../../base/rounding.ts";
import { BUY, type Side } from "../../base/side.ts";
import type { QuoteLevel } from "../quote/ladder.ts";

/** An order that should stand on the book. */
export interface TargetOrder {
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  /** Level of the ladder that it stands for. */
  readonly level: QuoteLevel;
}

/** What bounds the targets. */
export interface TargetInput {
  readonly spec: InstrumentSpec;
  /** Best prices of others; 0 = none [ticks]. */
  readonly bestBid: number;
  readonly bestAsk: number;
  /** Largest sum of sizes on each side [lots]. */
  readonly buyCapacity: number;
  readonly sellCapacity: number;
}

/**
 * Legal orders for the levels, which come best first. Sizes are cut to what is left of the side's
 * capacity; what falls under the market's smallest notional is raised to it where the capacity
 * allows and left out otherwise.
 */
export function targetOrders(levels: readonly QuoteLevel[], input: TargetInput): TargetOrder[] {
  const targets: TargetOrder[] = [];
  const left = { buy: input.buyCapacity, sell: input.sellCapacity };
  const edge = { buy: Number.POSITIVE_INFINITY, sell: 0 };
  for (const level of levels) {
    const side = level.side === BUY ? "buy" : "sell";
    const px =
      level.side === BUY ? bidPx(level.px, input, edge.buy) : askPx(level.px, input, edge.sell);
    if (px === null) continue;
    edge[side] = px;
    const sz = orderSz(level.notional, px, left[side], input.spec);
    if (sz === 0) continue;
    left[side] -= sz;
    targets.push({ side: level.side, px, sz, level });
  }
  return targets;
}

/** Legal bid at or below `wanted`, the level above it and the best ask [ticks]. */
function bidPx(wanted: number, { spec, bestAsk }: TargetInput, above: number): number | null {
  let bound = wanted;
  if (bestAsk > 0) bound = Math.min(bound, bestAsk - 1);
  bound = Math.min(bound, above - 1);
  if (!(bound >= 1)) return null;
  const px = floorLegalPx(spec, Math.min(bound, spec.pxMax));
  return px >= 1 ? px : null;
}

/** Legal ask at or above `wanted`, the level below it and the best bid [ticks]. */
function askPx(wanted: number, { spec, bestBid }: TargetInput, below: number): number | null {
  const bound = Math.max(wanted, bestBid + 1, below + 1);
  if (!(bound <= spec.pxMax)) return null;
  const px = ceilLegalPx(spec, bound);
  return px <= spec.pxMax ? px : null;
}

function orderSz(notional: number, px: number, capacity: number, spec: InstrumentSpec): number {
  const least = divCeil(spec.notionalMin, px);
  const wanted = Math.max(least, Math.floor(notional / px), 1);
  const sz = Math.min(wanted, Math.max(0, capacity), spec.positionMax);
  return sz >= least ? sz : 0;
}
