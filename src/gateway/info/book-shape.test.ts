import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { groupLevels, readGrouping, UNGROUPED } from "./book-shape.ts";

const levels = (...pxs: number[]) => pxs.map((px) => ({ px, sz: 2, n: 1 }));
const pxs = (groups: { px: number }[]) => groups.map(({ px }) => px);

describe("grouping of prices", () => {
  // Best last, as the model keeps them [ticks].
  const bids = levels(99_000, 99_948, 99_951, 99_999, 100_010);
  const asks = levels(100_990, 100_060, 100_011);

  test.each([
    [undefined, undefined, [100_010, 99_999, 99_951, 99_948, 99_000], [100_011, 100_060, 100_990]],
    [5, undefined, [100_010, 99_999, 99_951, 99_948, 99_000], [100_020, 100_060, 100_990]],
    [5, 1, [100_010, 99_999, 99_951, 99_948, 99_000], [100_020, 100_060, 100_990]],
    [5, 2, [100_000, 99_998, 99_950, 99_948, 99_000], [100_020, 100_060, 101_000]],
    [5, 5, [100_000, 99_995, 99_950, 99_945, 99_000], [100_050, 100_100, 101_000]],
    [4, undefined, [100_000, 99_990, 99_950, 99_940, 99_000], [100_100, 101_000]],
    [3, undefined, [100_000, 99_900, 99_000], [101_000]],
    [2, undefined, [100_000, 99_000], [110_000]],
  ] as const)("%s figures, mantissa %s: bids fall, asks rise", (nSigFigs, mantissa, low, high) => {
    const grouping = { nSigFigs, mantissa };
    expect(pxs(groupLevels(bids, { side: BUY, grouping, depth: 20 }))).toEqual(low);
    expect(pxs(groupLevels(asks, { side: SELL, grouping, depth: 20 }))).toEqual(high);
  });

  test("sums sizes and counts of a bucket, and stops at the depth", () => {
    const grouping = { nSigFigs: 3, mantissa: undefined } as const;
    expect(groupLevels(bids, { side: BUY, grouping, depth: 20 })[1]).toEqual({
      px: 99_900,
      sz: 6,
      n: 3,
    });
    expect(groupLevels(bids, { side: BUY, grouping, depth: 2 })).toHaveLength(2);
    expect(groupLevels(bids, { side: BUY, grouping: UNGROUPED, depth: 1 })).toHaveLength(1);
  });

  test("a price with fewer digits than asked for stays", () => {
    const grouping = { nSigFigs: 5, mantissa: 5 } as const;
    expect(pxs(groupLevels(levels(1234), { side: BUY, grouping, depth: 9 }))).toEqual([1234]);
  });
});

test.each([
  [{}, true],
  [{ nSigFigs: 2 }, true],
  [{ nSigFigs: 5, mantissa: 1 }, true],
  [{ nSigFigs: null, mantissa: null }, true],
  [{ nSigFigs: 1 }, false],
  [{ nSigFigs: 6 }, false],
  [{ nSigFigs: "5" }, false],
  [{ mantissa: 2 }, false],
  [{ nSigFigs: 4, mantissa: 2 }, false],
  [{ nSigFigs: 5, mantissa: 3 }, false],
])("grouping %j is offered: %s", (request, isOffered) => {
  expect(readGrouping(request) !== null).toBe(isOffered);
});
