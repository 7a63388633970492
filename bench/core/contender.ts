/** Who takes part: each runs the same commands in a process of its own. */
import type { Side } from "../../src/base/side.ts";
import type { OrderTable } from "../../src/exchange/book/order-table.ts";
import { type BookEngine, type BookForm, createBookEngine, PX_MAX } from "./book-engine.ts";
import {
  type CommandStream,
  createCommandStream,
  STEP,
  type StreamPlan,
} from "./command-stream.ts";
import { createPriceRanks, type PriceRanks, pxOfRank, rankOfPx } from "./price-rank.ts";
import { createRankedEngine } from "./ranked-engine.ts";
import { addFill, createTally, joinTallies, type Tally } from "./tally.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { add: STEP_ADD, cancel: STEP_CANCEL, modify: STEP_MODIFY } = STEP;

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

/**
 * Our book alone, or the fast one by rank of the legal price: `ranked` turns prices into ranks and
 * back while it runs; for `preranked` whoever read the price has found its rank too, ranks stand in
 * the stream before anything is timed, and what is left is what the denser ladder is worth by itself.
 */
export type ContenderForm = BookForm | "ranked" | "preranked";

/** A book over a stream of its own. */
export function createBookContender(plan: StreamPlan, form: ContenderForm): Contender {
  if (form === "ranked") {
    const stream = createCommandStream(plan, createRankedEngine);
    return createEngineContender(stream, createRankedEngine(stream.market), null);
  }
  const stream = createCommandStream(plan);
  if (form !== "preranked") return createEngineContender(stream, createBookEngine(form), null);
  const ranks = createPriceRanks(stream.market);
  const px = stream.px.map((ticks) => rankOfPx(ranks, ticks));
  const engine = createBookEngine("fast", rankOfPx(ranks, PX_MAX));
  return createEngineContender({ ...stream, px }, engine, ranks);
}

/**
 * Books of so many markets that take turns, command by command, as in an exchange of many markets:
 * orders and commands of the plan are shared out evenly, each book has its own stream and tables.
 */
export function createManyBooks(plan: StreamPlan, form: ContenderForm, markets: number): Contender {
  const resting = plan.resting / markets;
  const more = plan.more / markets;
  const books = Array.from({ length: markets }, (_, market) =>
    createBookContender({ ...plan, resting, more, seed: plan.seed * markets + market }, form),
  );
  return {
    orders: null,
    tally: () => books.map((book) => book.tally()).reduce(joinTallies, createTally()),
    live: () => books.reduce((sum, book) => sum + book.live(), 0),
    apply: (i) => (books[i % markets] as Contender).apply((i / markets) | 0),
  };
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
        case STEP_ADD:
          engine.place(oidOf, at, side[i] as Side, px[i] as number, sz[i] as number);
          break;
        case STEP_CANCEL:
          engine.cancel(oidOf, at);
          return;
        case STEP_MODIFY:
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
