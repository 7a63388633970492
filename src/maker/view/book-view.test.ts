import { describe, expect, it, test } from "vitest";
import type { BookLevel } from "../venue.ts";
import { bestOfOthers, createBookView, deepestBook, noteBook, noteFarBook } from "./book-view.ts";

const level = (px: number, sz = 1): BookLevel => ({ px, sz });
const book = (bids: BookLevel[], asks: BookLevel[], timeMs = 5, depth: "full" | "top" = "full") =>
  ({ kind: "book", depth, timeMs, bids, asks }) as const;

describe("book view", () => {
  test.each([
    ["crossed", book([level(10)], [level(9)])],
    ["locked", book([level(10)], [level(10)])],
    ["without size", book([level(10, 0)], [level(11)])],
    ["out of order", book([level(9), level(10)], [level(11)])],
    ["older than the last", book([level(8)], [level(11)], 4)],
  ])("a book that is %s is dropped and counted", (_, message) => {
    const view = createBookView();
    noteBook(view, book([level(9)], [level(12)]), 100);
    expect(noteBook(view, message, 200)).toBe(false);
    expect([view.bids[0]?.px, view.receivedMs, view.dropped]).toEqual([9, 100, 1]);
  });

  it("takes a touch over the levels behind it", () => {
    const view = createBookView();
    noteBook(view, book([level(9), level(8), level(7)], [level(12), level(13)]), 100);
    noteBook(view, book([level(8, 5)], [level(10, 2)], 6, "top"), 110);
    expect(view.bids).toEqual([level(8, 5), level(7)]);
    expect(view.asks).toEqual([level(10, 2), level(12), level(13)]);
  });

  it("shows beyond its last levels what a deeper book holds, and makes no price of it", () => {
    const view = createBookView();
    noteFarBook(view, { bids: [level(9), level(7), level(5)], asks: [level(20)], timeMs: 4 });
    expect(deepestBook(view)).toEqual({ bids: [], asks: [] });
    noteBook(view, book([level(8), level(7, 3)], [level(12)]), 100);
    expect(view.bids).toEqual([level(8), level(7, 3)]);
    expect(deepestBook(view)).toEqual({
      bids: [level(8), level(7, 3), level(5)],
      asks: [level(12), level(20)],
    });
    expect(noteFarBook(view, { bids: [level(6)], asks: [], timeMs: 3 })).toBe(false);
    expect(noteFarBook(view, { bids: [level(5), level(6)], asks: [], timeMs: 5 })).toBe(false);
    expect(view.dropped).toBe(2);
  });

  it("looks past levels that are ours alone", () => {
    const levels = [level(10, 3), level(9, 5), level(8, 2)];
    const own = new Map([
      [10, 3],
      [9, 4],
    ]);
    expect(bestOfOthers(levels, own)).toEqual(level(9, 1));
    expect(bestOfOthers([level(10, 3)], own)).toBeNull();
  });
});
