/** Side of an order: 0 = buy (bid), 1 = sell (ask). */
export type Side = 0 | 1;

/** A buy order, resting as a bid. */
export const BUY: Side = 0;
/** A sell order, resting as an ask. */
export const SELL: Side = 1;

/** The side an order of this side trades against. */
export const oppositeSide = (side: Side): Side => (side === BUY ? SELL : BUY);

/** Sign that a fill of this side adds to a position: +1 for buys, -1 for sells. */
export const sideSign = (side: Side): 1 | -1 => (side === BUY ? 1 : -1);

/** Whether a price is at least as good as a limit for the taker on `side` [ticks, ticks]. */
export const crosses = (side: Side, restingPx: number, limitPx: number): boolean =>
  side === BUY ? restingPx <= limitPx : restingPx >= limitPx;
