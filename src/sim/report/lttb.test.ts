import { expect, test } from "vitest";
import { type Point, thinLine } from "./lttb.ts";

const line = (length: number, y: (i: number) => number): Point[] =>
  Array.from({ length }, (_, i) => [i, y(i)] as const);

test("a short line stays as it is, a long one gets the count asked for, ends included", () => {
  const short = line(5, (i) => i);
  expect(thinLine(short, 10)).toBe(short);
  const long = line(10_000, (i) => Math.sin(i / 200));
  const thin = thinLine(long, 300);
  expect(thin.length).toBe(300);
  expect([thin[0], thin.at(-1)]).toEqual([long[0], long.at(-1)]);
  expect(thin.every((point, i) => i === 0 || point[0] > (thin[i - 1] as Point)[0])).toBe(true);
});

test("a single spike survives", () => {
  const spiked = line(5_000, (i) => (i === 3_333 ? 9 : 0));
  expect(Math.max(...thinLine(spiked, 50).map(([, y]) => y))).toBe(9);
});
