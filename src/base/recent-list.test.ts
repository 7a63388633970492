import { expect, test } from "vitest";
import { addRecent, createRecentList, recentSince } from "./recent-list.ts";

test("a reader gets each entry once, and learns how many it missed", () => {
  const list = createRecentList<number>(4);
  for (let i = 0; i < 5; i++) addRecent(list, i);
  const first = recentSince(list, 0);
  expect(first).toEqual({ items: [0, 1, 2, 3, 4], next: 5, lost: 0 });
  for (let i = 5; i < 20; i++) addRecent(list, i);
  const second = recentSince(list, first.next);
  expect(second.next).toBe(20);
  expect(second.items.at(-1)).toBe(19);
  expect(second.lost + second.items.length).toBe(15);
  expect(list.items.length).toBeLessThan(8);
  expect(recentSince(list, 20)).toEqual({ items: [], next: 20, lost: 0 });
});
