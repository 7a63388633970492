/** Who takes part: each runs the same commands in a process of its own. */
import type { Side } from "../../src/base/side.ts";
import type { OrderTable } from "../../src/exchange/book/order-table.ts";
import { type BookForm, createBookEngine } from "./book-engine.ts";
import { type CommandStream, STEP } from "./command-stream.ts";
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
export function createBookContender(stream: CommandStream, form: BookForm): Contender {
  const engine = createBookEngine(form);
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
      for (let k = 0; k < fills.count; k++)
        addFill(tally, fills.px[k] as number, fills.sz[k] as number);
    },
  };
}
