/** Markets by id and by name, with their last oracle price. */
import { assert } from "../base/assert.ts";
import type { ExchangeEvent } from "../exchange/event-codec.ts";

/** What readers need to know of a market. */
export interface MarketView {
  readonly market: number;
  readonly name: string;
  readonly szDecimals: number;
  readonly maxLeverage: number;
  /** 0 before the first [ticks]. */
  oraclePx: number;
}

/** The model: ids are dense from 0. */
export interface MarketDirectory {
  readonly markets: MarketView[];
  readonly byName: Map<string, MarketView>;
}

/** A directory without markets. */
export const createMarketDirectory = (): MarketDirectory => ({ markets: [], byName: new Map() });

/** Folds the opening of a market. */
export function foldMarketCreated(
  directory: MarketDirectory,
  event: ExchangeEvent & { kind: "marketCreated" },
): void {
  restoreMarket(directory, {
    market: event.market,
    name: event.name,
    szDecimals: event.szDecimals,
    maxLeverage: event.maxLeverage,
    oraclePx: 0,
  });
}

/** Takes a market over from a snapshot; in order of id. */
export function restoreMarket(directory: MarketDirectory, view: MarketView): void {
  assert(view.market === directory.markets.length, "market ids are dense");
  directory.markets.push(view);
  directory.byName.set(view.name, view);
}

/** A market by id. */
export function marketOf(directory: MarketDirectory, market: number): MarketView {
  const view = directory.markets[market];
  assert(view !== undefined, "a market is created before it is used");
  return view;
}
