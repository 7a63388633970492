import { expect, test } from "vitest";
import type { MakerStatus } from "../maker/maker-status.ts";
import type { MakerNotes } from "../maker/view/pnl-split.ts";
import { createFillMarkouts } from "./fill-markouts.ts";

type Resolved = MakerNotes["markouts"]["items"][number];

const resolved = (tid: number, horizonMs: number, markoutBps: number): Resolved => ({
  tid,
  horizonMs,
  markoutBps,
  moveBps: 0,
  timeMs: 0,
  side: 0,
  fairHalfTicks: 0,
});

const statusOf = (tids: readonly number[]): MakerStatus =>
  ({
    fills: { recent: tids.map((tid) => ({ tid })) },
    markouts: [{ horizonMs: 1_000 }, { horizonMs: 5_000 }],
  }) as unknown as MakerStatus;

test("each fill has what is known of it, in the order of the horizons, from each reading on", () => {
  const all = [resolved(1, 1_000, 0.5), resolved(2, 1_000, -1), resolved(1, 5_000, 2)];
  let told = 1;
  const read = createFillMarkouts(({ markouts }) => ({
    fills: { items: [], next: 0, lost: 0 },
    markouts: { items: all.slice(markouts, told), next: told, lost: 0 },
    fairHalfTicks: null,
  }));
  expect(read(statusOf([1, 2]))).toEqual([{ tid: 1, bps: [0.5, null] }]);
  told = 3;
  expect(read(statusOf([1, 2]))).toEqual([
    { tid: 1, bps: [0.5, 2] },
    { tid: 2, bps: [-1, null] },
  ]);
  expect(read(statusOf([2]))).toEqual([{ tid: 2, bps: [-1, null] }]);
});
