/** Who takes part: each runs the same commands in a process of its own. */
import type { Side } from "../../src/base/side.ts";
import type { OrderTable } from "../../src/exchange/book/order-table.ts";
import { type BookEngine, type BookForm, createBookEngine, PX_MAX } from "./book-engine.ts";
import { type CommandStream, STEP } from "./command-stream.ts";
import { createPriceRanks, type PriceRanks, pxOfRank, rankOfPx } from "./price-rank.ts";
import { createRankedEngine } from "./ranked-engine.ts";
import { addFill, createTally, type Tally } from "./tally.ts";

/** A book under test. */
export interface Contender {
  /** Runs command `i` of its stream. */
  apply(i: number): void;
  /** What it filled so far. */
  tally(): Tally;
  /** Orders that rest now. */
  live(): number;
  /** Our table of orders; null = a peer's own. */
  readonly orders: OrderTable | null;
}

/** Our book alone. */
export const createBookContender = (stream: CommandStream, form: BookForm): Contender =>
  createEngineContender(stream, createBookEngine(form), null);

/** The fast book by rank, with prices turned into ranks and back while it runs. */
export const createRankedContender = (stream: CommandStream): Contender =>
  createEngineContender(stream, createRankedEngine(stream.market), null);

/**
 * The fast book by rank, where whoever read the price has found its rank too: ranks stand in the
 * stream before anything is timed. What the denser ladder is worth by itself.
 */
export function createPrerankedContender(stream: CommandStream): Contender {
  const ranks = createPriceRanks(stream.market);
  const px = stream.px.map((ticks) => rankOfPx(ranks, ticks));
  const engine = createBookEngine("fast", rankOfPx(ranks, PX_MAX));
  return createEngineContender({ ...stream, px }, engine, ranks);
}

/** An engine over a stream; `ranks` turns the prices of its fills into ticks where they are ranks. */
function createEngineContender(
  stream: CommandStream,
  engine: BookEngine,
  ranks: PriceRanks | null,
): Contender {
  const { fills } = engine;
  const { kind, side, px, sz, order } = stream;
  const oidOf = new Float64Array(stream.orderCount);
  const tally = createTally();
  return {
    orders: engine.orders,
    tally: () => tally,
    live: () => engine.live(),
    apply(i) {
      const at = order[i] as number;
      switch (kind[i]) {
        case STEP.add:
          engine.place(oidOf, at, side[i] as Side, px[i] as number, sz[i] as number);
          break;
        case STEP.cancel:
          engine.cancel(oidOf, at);
          return;
        case STEP.modify:
          engine.modify(oidOf, at, px[i] as number, sz[i] as number);
          break;
        default:
          engine.ioc(side[i] as Side, px[i] as number, sz[i] as number);
      }
      for (let k = 0; k < fills.count; k++) {
        const found = fills.px[k] as number;
        addFill(tally, ranks === null ? found : pxOfRank(ranks, found), fills.sz[k] as number);
      }
    },
  };
}
