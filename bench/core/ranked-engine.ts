/**
 * The same engine over ranks of legal prices in place of ticks: prices become ranks on their way in,
 * and ranks prices again in fills and best prices. In between an order's price is its rank, as it
 * would be if the ladder went by rank; ranks rise with prices, so matching does not tell them apart.
 */
import { type BookEngine, createBookEngine, PX_MAX } from "./book-engine.ts";
import { createPriceRanks, type PriceGrid, pxOfRank, rankOfPx } from "./price-rank.ts";

/** An empty engine whose ladder has one level a legal price. */
export function createRankedEngine(grid: PriceGrid): BookEngine {
  const ranks = createPriceRanks(grid);
  const engine = createBookEngine("fast", rankOfPx(ranks, PX_MAX));
  const { orders, ladder, fills } = engine;
  const mapFills = (): void => {
    for (let k = 0; k < fills.count; k++) fills.px[k] = pxOfRank(ranks, fills.px[k] as number);
  };
  return {
    orders,
    ladder,
    fills,
    place(oids, at, side, px, sz) {
      engine.place(oids, at, side, rankOfPx(ranks, px), sz);
      mapFills();
    },
    ioc(side, px, sz) {
      engine.ioc(side, rankOfPx(ranks, px), sz);
      mapFills();
    },
    cancel: (oids, at) => engine.cancel(oids, at),
    modify(oids, at, px, sz) {
      engine.modify(oids, at, rankOfPx(ranks, px), sz);
      mapFills();
    },
    bestPx: (side) => pxOfRank(ranks, engine.bestPx(side)),
    live: () => engine.live(),
  };
}
