/**
 * The peer: nodejs-order-book through its documented calls. Ids are made before anything is timed;
 * what it filled is read from its answers. Its journal and its stop orders stay unused.
 */
import { OrderBook, type ProcessedOrder } from "nodejs-order-book";
import { BUY } from "../../src/base/side.ts";
import { type CommandStream, STEP } from "./command-stream.ts";
import type { Contender } from "./contender.ts";
import { addFill, createTally, type Tally } from "./tally.ts";

/** The peer over a stream. */
export function createPeer(stream: CommandStream): Contender {
  const book = new OrderBook();
  const { kind, side, px, sz, order } = stream;
  const ids = createIds(stream.orderCount);
  const tally = createTally();
  let live = 0;
  return {
    orders: null,
    tally: () => tally,
    live: () => live,
    apply(i) {
      const id = ids[order[i] as number] as string;
      const size = sz[i] as number;
      const price = px[i] as number;
      switch (kind[i]) {
        case STEP.add: {
          const answer = book.limit({ side: wordOf(side[i] as number), id, size, price });
          live += 1 - takeFills(answer, id, tally);
          return;
        }
        case STEP.cancel:
          book.cancel(id);
          live -= 1;
          return;
        case STEP.modify:
          takeFills(book.modify(id, { price, size }), id, tally);
          return;
        default: {
          const word = wordOf(side[i] as number);
          const answer = book.limit({ side: word, id, size, price, timeInForce: "IOC" });
          const done = takeFills(answer, id, tally);
          live -= answer.done.at(-1)?.id === id ? done - 1 : done;
        }
      }
    },
  };
}

/** Ids such as o12; read from text, they are whole strings and no pieces still to be joined. */
const createIds = (count: number): string[] =>
  JSON.parse(JSON.stringify(Array.from({ length: count }, (_, i) => `o${i}`))) as string[];

const wordOf = (side: number): "buy" | "sell" => (side === BUY ? "buy" : "sell");

/**
 * Adds the fills that an answer tells of and returns how many orders it used up, the taker among
 * them. `done` holds the used-up orders in the order of their fills, the taker last; `partial` is
 * the resting order that is left with a remainder, or the taker.
 */
function takeFills(answer: ProcessedOrder, takerId: string, tally: Tally): number {
  if (answer.err !== null) throw new Error(`the peer refuses an order: ${answer.err.message}`);
  for (const order of answer.done)
    if (order.id !== takerId) addFill(tally, order.price, order.size);
  const { partial } = answer;
  if (partial !== null && partial.id !== takerId)
    addFill(tally, partial.price, answer.partialQuantityProcessed);
  return answer.done.length;
}
