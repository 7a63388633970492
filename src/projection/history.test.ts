import { expect, test } from "vitest";
import { createHistory, itemOfAge, itemsInOrder, keepItem, newestItems } from "./history.ts";

test("keeps the newest items up to its bound and hands back what falls out", () => {
  const history = createHistory<number>(3);
  expect([1, 2, 3, 4, 5].map((item) => keepItem(history, item))).toEqual([
    undefined,
    undefined,
    undefined,
    1,
    2,
  ]);
  expect(newestItems(history)).toEqual([5, 4, 3]);
  expect(newestItems(history, 2)).toEqual([5, 4]);
  expect(itemsInOrder(history)).toEqual([3, 4, 5]);
  expect([0, 1, 2, 3].map((age) => itemOfAge(history, age))).toEqual([5, 4, 3, undefined]);
  expect(history.items).toHaveLength(3);
});
