/**
 * What every form of book must do: cases on the bare book, a comparison with a brute-force model,
 * and known bugs of other engines played through the exchange with this book in place.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRegister, writeLane } from "../../src/base/column.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import {
  createOrderTable,
  freeSlot,
  type OrderTable,
  takeSlot,
} from "../../src/exchange/book/order-table.ts";
import { createScenario, perform, play, type Scenario } from "./scenario.ts";
import type { CreateBook } from "./test-exchange.ts";

/** A book over an order table of its own, with a few shorthands. */
interface BookBench {
  readonly book: Book;
  readonly orders: OrderTable;
  /** Puts an order on the book and returns its slot [px: ticks, sz: lots]. */
  add(side: Side, px: number, sz?: number): number;
  /** Takes an order off and frees its slot. */
  drop(slot: number): void;
  slots(side: Side): number[];
}

function createBench(createBook: CreateBook): BookBench {
  const orders = createOrderTable(createRegister(), 16);
  const book = createBook(orders);
  return {
    book,
    orders,
    add(side, px, sz = 1) {
      const slot = takeSlot(orders);
      writeLane(orders.side, slot, side);
      writeLane(orders.px, slot, px);
      writeLane(orders.sz, slot, sz);
      book.insert(slot);
      return slot;
    },
    drop(slot) {
      book.remove(slot);
      freeSlot(orders, slot);
    },
    slots(side) {
      const found: number[] = [];
      book.forEach(side, (slot) => found.push(slot));
      return found;
    },
  };
}

/** Runs the whole suite for one form of book. */
export function describeBook(name: string, createBook: CreateBook): void {
  describe(`${name}: cases [ticks]`, () => bareCases(createBook));
  describe(`${name}: against a brute-force model`, () => modelProperty(createBook));
  describe(`${name}: known bugs of other engines`, () => knownBugs(createBook));
}

function bareCases(createBook: CreateBook): void {
  test("an empty side has no best price and no best order", () => {
    const { book } = createBench(createBook);
    for (const side of [BUY, SELL] as const) {
      expect(book.bestPx(side)).toBe(0);
      expect(book.bestSlot(side)).toBe(-1);
    }
  });

  test("bids stand high to low, asks low to high, orders of a price oldest first", () => {
    const { book, add, slots } = createBench(createBook);
    const b1 = add(BUY, 10);
    const b2 = add(BUY, 12);
    const b3 = add(BUY, 11);
    const b4 = add(BUY, 12);
    const a1 = add(SELL, 21);
    const a2 = add(SELL, 20);
    const a3 = add(SELL, 20);
    expect(slots(BUY)).toEqual([b2, b4, b3, b1]);
    expect(slots(SELL)).toEqual([a2, a3, a1]);
    expect([book.bestPx(BUY), book.bestPx(SELL)]).toEqual([12, 20]);
    expect([book.bestSlot(BUY), book.bestSlot(SELL)]).toEqual([b2, a2]);
  });

  test("taking the best level away uncovers the next; the last leaves the side empty", () => {
    const { book, add, drop } = createBench(createBook);
    const far = add(SELL, 30);
    const near = add(SELL, 20);
    drop(near);
    expect([book.bestPx(SELL), book.bestSlot(SELL)]).toEqual([30, far]);
    drop(far);
    expect([book.bestPx(SELL), book.bestSlot(SELL)]).toEqual([0, -1]);
  });

  test("the extremes of the price range are prices like others", () => {
    const { book, add, drop } = createBench(createBook);
    const [low, high] = [add(BUY, 1), add(SELL, 2 ** 25 - 1)];
    expect([book.bestPx(BUY), book.bestPx(SELL)]).toEqual([1, 2 ** 25 - 1]);
    drop(low);
    drop(high);
    add(SELL, 2);
    drop(add(SELL, 1));
    expect([book.bestPx(BUY), book.bestPx(SELL)]).toEqual([0, 2]);
  });

  test("a slot that is used again stands where its new order belongs", () => {
    const { add, drop, slots } = createBench(createBook);
    const first = add(BUY, 10);
    const second = add(BUY, 10);
    drop(first);
    const again = add(BUY, 10);
    expect(again).toBe(first);
    expect(slots(BUY)).toEqual([second, again]);
  });
}

interface ModelOrder {
  readonly slot: number;
  readonly side: Side;
  readonly px: number;
  readonly age: number;
}

/** Orders of a side in book order, by sorting everything. */
function sortModel(model: readonly ModelOrder[], side: Side): ModelOrder[] {
  return model
    .filter((order) => order.side === side)
    .sort((a, b) => (side === BUY ? b.px - a.px : a.px - b.px) || a.age - b.age);
}

/** The wanted side, or the other where that would cross the book, or none where both would. */
function uncrossedSide(
  model: readonly ModelOrder[],
  { side, px }: { readonly side: Side; readonly px: number },
): Side | null {
  const fits = (wanted: Side): boolean => {
    const best = sortModel(model, wanted === BUY ? SELL : BUY)[0];
    return best === undefined || (wanted === BUY ? px < best.px : px > best.px);
  };
  if (fits(side)) return side;
  const other = side === BUY ? SELL : BUY;
  return fits(other) ? other : null;
}

function modelProperty(createBook: CreateBook): void {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("add" as const),
      side: fc.constantFrom<Side>(BUY, SELL),
      px: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2 ** 25 - 1 })),
    }),
    fc.record({ kind: fc.constant("remove" as const), at: fc.nat() }),
    fc.record({ kind: fc.constant("fill" as const), side: fc.constantFrom<Side>(BUY, SELL) }),
  );

  test("after any inserts, removes and fills at the front both sides are as sorted afresh", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { book, add, drop, slots } = createBench(createBook);
        const model: ModelOrder[] = [];
        const forget = (slot: number): void => {
          drop(slot);
          model.splice(
            model.findIndex((order) => order.slot === slot),
            1,
          );
        };
        steps.forEach((one, age) => {
          if (one.kind === "add") {
            const side = uncrossedSide(model, one);
            if (side !== null) model.push({ slot: add(side, one.px), side, px: one.px, age });
          } else if (one.kind === "remove") {
            if (model.length > 0) forget((model[one.at % model.length] as ModelOrder).slot);
          } else {
            const best = sortModel(model, one.side)[0];
            expect(book.bestSlot(one.side)).toBe(best?.slot ?? -1);
            if (best !== undefined) forget(best.slot);
          }
          for (const side of [BUY, SELL] as const) {
            const sorted = sortModel(model, side);
            expect(slots(side)).toEqual(sorted.map(({ slot }) => slot));
            expect(book.bestPx(side)).toBe(sorted[0]?.px ?? 0);
          }
        });
      }),
      { numRuns: 60 },
    );
  });
}

const FUNDED = `
  commands
  | who   | command       |
  |       | oracle 100    |
  | alice | deposit 90000 |
  | bob   | deposit 90000 |
  | carol | deposit 90000 |
`;

/** The two prices that print in the fills of a taker, in order. */
const fillPrices = (scenario: Scenario, who: string, command: string): number[] =>
  perform(scenario, who, command).flatMap((event) =>
    event.kind === "fill" && event.crossed ? [event.px] : [],
  );

function knownBugs(createBook: CreateBook): void {
  const funded = (): Scenario => play(createScenario(undefined, { createBook }), FUNDED);

  test("31: the best price holds after more than 100 levels", () => {
    const { book, add, drop } = createBench(createBook);
    const slots = new Map<number, number>();
    for (let i = 0; i < 300; i++) {
      const px = 1_000 + ((i * 7) % 300);
      slots.set(px, add(SELL, px));
      slots.set(px - 300, add(BUY, px - 300));
    }
    expect([book.bestPx(SELL), book.bestPx(BUY)]).toEqual([1_000, 999]);
    for (let step = 0; step < 150; step++) {
      drop(slots.get(1_000 + step) as number);
      drop(slots.get(999 - step) as number);
      expect([book.bestPx(SELL), book.bestPx(BUY)]).toEqual([1_001 + step, 998 - step]);
    }
  });

  test("31: through the exchange, the best of 150 levels trades first", () => {
    const scenario = funded();
    for (let i = 0; i < 150; i++) {
      perform(scenario, "alice", `sell 0.2@${101 + ((i * 53) % 150) / 100} gtc`);
    }
    const prices = fillPrices(scenario, "bob", "buy 30@103 ioc");
    expect(prices).toEqual(Array.from({ length: 150 }, (_, i) => 101_000 + i * 10));
  });

  test("31: an order at exactly the touch crosses, on both sides", () => {
    const scenario = funded();
    perform(scenario, "alice", "sell 1@101 gtc");
    perform(scenario, "alice", "buy 1@99 gtc");
    expect(fillPrices(scenario, "bob", "buy 1@101 gtc")).toEqual([101_000]);
    expect(fillPrices(scenario, "bob", "sell 1@99 gtc")).toEqual([99_000]);
  });

  test("31: a sweep of three levels goes in price order, on both sides", () => {
    const scenario = funded();
    for (const px of [103, 101, 102]) perform(scenario, "alice", `sell 1@${px} gtc`);
    for (const px of [97, 99, 98]) perform(scenario, "alice", `buy 1@${px} gtc`);
    expect(fillPrices(scenario, "bob", "buy 3@103 gtc")).toEqual([101_000, 102_000, 103_000]);
    expect(fillPrices(scenario, "carol", "sell 3@97 gtc")).toEqual([99_000, 98_000, 97_000]);
  });

  test("32: a partial fill does not move the maker to the back of its level", () => {
    play(
      funded(),
      `
      commands
      | who   | command             | events |
      | alice | buy 2@99 gtc as A   | accepted A, rested A 2@99 |
      | bob   | buy 2@99 gtc as B   | accepted B, rested B 2@99 |
      | carol | sell 1@99 ioc as C1 | accepted C1, fill A 1@99, fill C1 1@99 |
      | carol | sell 2@99 ioc as C2 | accepted C2, fill A 1@99, fill C2 1@99, fill B 1@99, fill C2 1@99 |
    `,
    );
  });

  test("32: a modify of a filled id is refused", () => {
    play(
      funded(),
      `
      commands
      | who   | command                          | events |
      | alice | buy 1@99 gtc as A                | accepted A, rested A 1@99 |
      | bob   | sell 1@99 ioc as B               | accepted B, fill A 1@99, fill B 1@99 |
      | alice | modify A to buy 1@98 gtc         | cancelRejected modifyNotLive |
      | alice | batchModify A to buy 1@98 gtc always | cancelRejected modifyNotLive |
      book
      | side | px | sz | order |
    `,
    );
  });

  test("33: a trade's price is the maker's, for buys and for sells", () => {
    const scenario = funded();
    perform(scenario, "alice", "sell 1@101 gtc");
    perform(scenario, "alice", "buy 1@99 gtc");
    expect(fillPrices(scenario, "bob", "buy 1@105 ioc")).toEqual([101_000]);
    expect(fillPrices(scenario, "bob", "sell 1@95 ioc")).toEqual([99_000]);
  });

  test("33: removing one order leaves its level's siblings, from the front, middle and back", () => {
    const { add, drop, slots, book } = createBench(createBook);
    const level = [1, 2, 3, 4, 5].map(() => add(BUY, 50));
    for (const at of [2, 0, 4]) {
      drop(level[at] as number);
      expect(slots(BUY)).toEqual(level.filter((slot) => slots(BUY).includes(slot)));
    }
    expect(slots(BUY)).toEqual([level[1], level[3]]);
    expect(book.bestSlot(BUY)).toBe(level[1]);
  });

  test("34: an immediate-or-cancel remainder does not rest", () => {
    play(
      funded(),
      `
      commands
      | who   | command            | events |
      | alice | sell 1@101 gtc as A | accepted A, rested A 1@101 |
      | bob   | buy 2@101 ioc as B | accepted B, fill A 1@101, fill B 1@101, canceled B iocRemainder |
      | carol | sell 1@101 gtc as C | accepted C, rested C 1@101 |
      book
      | side | px  | sz | order |
      | ask  | 101 | 1  | C     |
    `,
    );
  });

  test("34: an immediate order without liquidity leaves no phantom level", () => {
    const scenario = funded();
    perform(scenario, "bob", "buy 1@101 ioc");
    perform(scenario, "bob", "sell 1@99 frontendMarket");
    const [book] = scenario.exchange.state.books;
    expect([BUY, SELL].map((side) => book?.bestPx(side))).toEqual([0, 0]);
    play(
      scenario,
      `
      commands
      | who   | command             | events |
      | alice | buy 1@101 alo as A  | accepted A, rested A 1@101 |
    `,
    );
  });

  test("35: equal prices written differently share one level", () => {
    const scenario = funded();
    for (const [i, px] of ["100.1", "100.10", "100.100", "1001e-1", "0100.1"].entries()) {
      perform(scenario, i % 2 === 0 ? "alice" : "bob", `sell 1@${px} gtc`);
    }
    expect(new Set(fillPrices(scenario, "carol", "buy 5@100.1 ioc"))).toEqual(new Set([100_100]));
    expect(scenario.exchange.summary("carol").positions).toMatchObject([{ size: 5_000 }]);
    const { book, add, slots } = createBench(createBook);
    const level = [0.1 + 0.2, 0.3, 3 / 10].map((px) => add(SELL, Math.round(px * 1_000)));
    expect(slots(SELL)).toEqual(level);
    expect(book.bestPx(SELL)).toBe(300);
  });
}
