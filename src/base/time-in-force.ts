/** How long an order lives; numbers never change. */
export const TIF = {
  /** Good till canceled: match what crosses, rest the remainder. */
  gtc: 0,
  /** Immediate or cancel: match what crosses, drop the remainder. */
  ioc: 1,
  /** Add liquidity only: refuse instead of matching. */
  alo: 2,
  /** The web page's market order: an immediate-or-cancel order, shown as Market. */
  frontendMarket: 3,
  /** The engine's own order that closes an account under maintenance. */
  liquidationMarket: 4,
  /** Fill or kill: match the whole size at once, or refuse. */
  fok: 5,
} as const;

/** A time in force's fixed number. */
export type Tif = (typeof TIF)[keyof typeof TIF];

/** Whether an order of this kind never rests. */
export const isImmediate = (tif: Tif): boolean =>
  tif === TIF.ioc || tif === TIF.frontendMarket || tif === TIF.liquidationMarket || tif === TIF.fok;
