/** The short form of `npm run twin`: fast and plain book under one stream, and planted faults. */

import { describe, expect, test } from "vitest";
import { writeLane } from "../../src/base/column.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import type { CreateBook } from "../support/test-exchange.ts";
import { runDeepTwin } from "./deep-twin.ts";
import { ALL_KINDS, runTwin } from "./twin.ts";

const HASH_EVERY = 1_000;
const SEEDS = [1, 2, 3] as const;

/** A plain book with something about it changed. */
const faulty =
  (change: (book: Book) => Partial<Book>): CreateBook =>
  (orders) => {
    const book = createReferenceBook(orders);
    return { ...book, ...change(book) };
  };

describe("fast and plain book under the same commands", () => {
  test.each(SEEDS)("seed %d: same events after each command, same hash and books", (seed) => {
    const result = runTwin({ seed, commands: 18_000, hashEvery: HASH_EVERY });
    console.log(`twin seed ${seed} (${result.setting}): hash ${result.hash}`);
    expect(result.difference).toBeNull();
    expect([...result.kinds].sort((a, b) => a - b)).toEqual(ALL_KINDS);
    expect(result.fills).toBeGreaterThan(200);
    expect(result.liquidations).toBeGreaterThan(0);
  });
});

test("5,000 resting orders in three books: same events, hash and books", () => {
  const result = runDeepTwin({ seed: 8, resting: 5_000, commands: 25_000, hashEvery: 10_000 });
  console.log(`deep twin seed 8: hash ${result.hash}`);
  expect(result.difference).toBeNull();
  expect(result.live).toBeGreaterThan(4_900);
});

describe("a planted difference is found", () => {
  test("the newest order of the best price stands first", () => {
    const createTwin = faulty((book) => ({
      bestSlot(side) {
        const slots: number[] = [];
        const px = book.bestPx(side);
        if (px === 0) return -1;
        book.forEach(side, (slot) => slots.push(slot));
        return slots[Math.min(1, slots.length - 1)] as number;
      },
    }));
    const { difference } = runTwin({ seed: 4, commands: 5_000, hashEvery: 5_000, createTwin });
    expect(difference?.what).toMatch(/^(event|\d+ events)/);
  });

  test("an order that is taken off comes back where nothing trades: only the walk can see it", () => {
    const createTwin = faulty((book) => ({
      forEach(side, visit) {
        const slots: number[] = [];
        book.forEach(side, (slot) => slots.push(slot));
        for (const slot of side === SELL ? slots.reverse() : slots) visit(slot);
      },
    }));
    const { difference } = runTwin({ seed: 5, commands: 2_000, hashEvery: 100, createTwin });
    expect(difference?.what).toMatch(new RegExp(`orders of side ${SELL}$`));
  });

  test("a best price that is a tick off", () => {
    const createTwin = faulty((book) => ({
      bestPx: (side) => book.bestPx(side) + (side === BUY && book.bestPx(side) > 0 ? 1 : 0),
    }));
    const { difference } = runTwin({ seed: 6, commands: 5_000, hashEvery: 100, createTwin });
    expect(difference).not.toBeNull();
  });

  test("a deep book that leaves out every hundredth order when it is walked", () => {
    const createTwin = faulty((book) => ({
      forEach(side, visit) {
        let count = 0;
        book.forEach(side, (slot) => {
          if (++count % 100 !== 0) visit(slot);
        });
      },
    }));
    const options = { seed: 9, resting: 1_000, commands: 2_000, hashEvery: 500, createTwin };
    expect(runDeepTwin(options).difference?.what).toMatch(/orders of side/);
  });

  test("one lane of the state, in silence", () => {
    const { difference } = runTwin({
      seed: 7,
      commands: 2_000,
      hashEvery: 500,
      tamper: ({ accounts }, seq) => {
        // The exchange's own account schedules nothing, so nothing writes over it.
        if (seq === 1_700) writeLane(accounts.scheduledFiredCount, 1, 9);
      },
    });
    expect(difference).toMatchObject({ seq: 2_000, what: expect.stringMatching(/^hash /) });
  });
});
