import { expect, test } from "vitest";
import { createFakeSource } from "../../test/page/fake-source.ts";
import { createSeriesRecorder, SERIES_COLUMNS, type SeriesStep } from "./series-recorder.ts";

const source = createFakeSource();

test("a row has a value for each column, and null for what is not known", () => {
  const view = source.view();
  const row = createSeriesRecorder().note({ ...view, model: null, split: null, orders: [] });
  const known = SERIES_COLUMNS.filter((_, i) => row[i] !== null);
  expect(row).toHaveLength(SERIES_COLUMNS.length);
  expect(known).toEqual([
    "timeMs",
    "mid",
    "fair",
    "reservation",
    "bid",
    "ask",
    "position",
    "positionMax",
    "net",
  ]);
});

test("own best prices are the nearest to the other side", () => {
  const view = source.view();
  const row = createSeriesRecorder().note(view);
  const at = (name: (typeof SERIES_COLUMNS)[number]) => row[SERIES_COLUMNS.indexOf(name)];
  const prices = (side: string) =>
    view.orders.filter((order) => order.side === side).map(({ px }) => px);
  expect(at("ownBid")).toBe(Math.max(...prices("buy")));
  expect(at("ownAsk")).toBe(Math.min(...prices("sell")));
});

test("rows are kept oldest first and within a bound; every thirtieth for longer", () => {
  const recorder = createSeriesRecorder();
  const view = source.view();
  for (let i = 0; i < 4_000; i += 1) recorder.note({ ...view, timeMs: i });
  const times = (step: SeriesStep): number[] =>
    (JSON.parse(recorder.json(step)) as { rows: number[][] }).rows.map((row) => row[0] as number);
  expect(times("fine")).toEqual(Array.from({ length: 3_600 }, (_, i) => 400 + i));
  expect(times("coarse")).toEqual(Array.from({ length: 134 }, (_, i) => 30 * i));
});
