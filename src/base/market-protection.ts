/** What protects a market from prices and sizes that nobody meant: names, bounds, and the venue's values. */
import { MICROS_PER_USDC } from "./units.ts";

/** Lanes of a market's settings; 0 switches a rule off. */
export const PROTECTION = {
  /** Farthest that an order's limit may lie from the index price [10^-9]. */
  distance: 0,
  /** Farthest that a buy may lie above the index price, and a sell below [10^-9]. */
  band: 1,
  /** Largest order at market, at the index price; an order with a limit may be ten times that [10^-6 USDC]. */
  marketNotionalMax: 2,
  /** A move of the mark price by more than this halts the market [10^-9]. */
  moveMax: 3,
  /** Moves within this time count for certain, those over more than twice of it do not [ms]. */
  moveWindowMs: 4,
  /** How long a halted market takes cancels alone, and then orders that only add [ms]. */
  cancelOnlyMs: 5,
  postOnlyMs: 6,
  /** Liquidations wait while the last index price is older [ms]. */
  staleMs: 7,
  /** At this much open interest, at the mark price, no order adds to a position [10^-6 USDC]. */
  openInterestMax: 8,
} as const;
/** A setting's name. */
export type ProtectionSetting = keyof typeof PROTECTION;
/** Number of settings. */
export const PROTECTION_SETTINGS = 9;

/** How a market stands; numbers never change. */
export const MARKET_STATE = { open: 0, cancelOnly: 1, postOnly: 2 } as const;
/** A market state's fixed number. */
export type MarketState = (typeof MARKET_STATE)[keyof typeof MARKET_STATE];

/** Settings of a market that takes any price and size: of a recording, or a test. */
export const UNPROTECTED = { distance: 0, marketNotionalMax: 0 } as const;

/** Whether a number is a market state's. */
export const isMarketState = (state: number): state is MarketState =>
  state === MARKET_STATE.open ||
  state === MARKET_STATE.cancelOnly ||
  state === MARKET_STATE.postOnly;

/** The venue's largest order at market by the highest leverage of the market [10^-6 USDC]. */
export function venueMarketNotional(maxLeverage: number): number {
  const millions = maxLeverage >= 25 ? 30 : maxLeverage >= 20 ? 5 : maxLeverage >= 10 ? 2 : 0.5;
  return millions * 1_000_000 * MICROS_PER_USDC;
}

/** Whether settings together make sense; each is a whole number from 0 to its bound. */
export function areSettingsSound(settings: Readonly<Record<ProtectionSetting, number>>): boolean {
  const names = Object.keys(PROTECTION) as ProtectionSetting[];
  const isWithin = names.every((name) => {
    const value = settings[name];
    return Number.isSafeInteger(value) && value >= 0 && value <= boundOf(name);
  });
  if (!isWithin || settings.moveMax === 0) return isWithin;
  return settings.moveWindowMs > 0 && settings.cancelOnlyMs + settings.postOnlyMs > 0;
}

const DAY_MS = 86_400_000;
const ONE_E9 = 1_000_000_000;
const AMOUNT_MAX = 4_503_599_627_370_496;

function boundOf(name: ProtectionSetting): number {
  if (name === "distance" || name === "band" || name === "moveMax") return ONE_E9;
  return name.endsWith("Ms") ? 7 * DAY_MS : AMOUNT_MAX;
}
