import { expect, test } from "vitest";
import type { StreamMessage } from "../../src/operator/stream-message.ts";
import { EMPTY_STREAM, foldMessage, type StreamState } from "../../web/src/stream/stream-fold.ts";
import { createFakeSource } from "./fake-source.ts";

const source = createFakeSource();
source.fill();
const view = { ...source.view(), events: [] };
const snapshot = (seq: number): StreamMessage => ({ type: "snapshot", seq, schema: 2, view });
const kpi = (seq: number, position: number): StreamMessage => {
  const { timeMs, marketTimeMs, pnl, split, equity, sides, limits, budget, counters } = view;
  const money = { pnl, split, equity, budget };
  const part = { timeMs, marketTimeMs, position, sides, limits, counters, ...money };
  return { type: "kpi", seq, part };
};
const fills = (seq: number, tids: readonly number[]): StreamMessage => {
  const { timeMs, position, pnl, split, counters } = view;
  const fill = view.fills[0];
  if (fill === undefined) throw new Error("the fake has a fill");
  const fresh = tids.map((tid) => ({ ...fill, tid }));
  return { type: "fills", seq, part: { timeMs, fills: fresh, position, pnl, split, counters } };
};
const fold = (...messages: StreamMessage[]): StreamState =>
  messages.reduce(foldMessage, EMPTY_STREAM);

test("an update replaces its part and leaves the rest", () => {
  const state = fold(snapshot(4), kpi(5, 77));
  expect(state).toMatchObject({ seq: 5, gap: false, view: { position: 77, coin: "BTC" } });
  expect(state.view?.book).toEqual(view.book);
});

test("updates before the first snapshot are nothing", () => {
  expect(fold(kpi(1, 77))).toEqual(EMPTY_STREAM);
});

test.each([
  ["a number is missing", 6],
  ["a number comes twice", 4],
])("%s: nothing more is taken in until a snapshot", (_, seq) => {
  const broken = fold(snapshot(4), kpi(seq, 77));
  expect(broken).toMatchObject({ gap: true, view: { position: view.position } });
  expect(foldMessage(broken, kpi(5, 78))).toBe(broken);
  expect(foldMessage(broken, snapshot(9))).toMatchObject({ gap: false, seq: 9 });
});

test("fills are prepended, each once, and only so many are kept", () => {
  const twice = fold(snapshot(0), fills(1, [3, 2, 1]), fills(2, [4, 3]));
  expect(twice.view?.fills.map((fill) => fill.tid)).toEqual([4, 3, 2, 1]);
  const many = Array.from({ length: 80 }, (_, i) => 100 - i);
  expect(fold(snapshot(0), fills(1, many)).view?.fills).toHaveLength(50);
});

test("events are prepended, each once; a row of the series leaves the view as it is", () => {
  const event = (id: number) => ({ id, timeMs: id, tone: "plain", text: `event ${id}` }) as const;
  const events = (seq: number, ids: readonly number[]): StreamMessage => ({
    type: "events",
    seq,
    part: { timeMs: 7, events: ids.map(event) },
  });
  const row: StreamMessage = { type: "series", seq: 3, part: { timeMs: 9, row: [9, 1] } };
  const state = fold(snapshot(0), events(1, [2, 1]), events(2, [3, 2]), row);
  expect(state.view?.events.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(state).toMatchObject({ seq: 3, gap: false, view: { timeMs: 9, pnl: view.pnl } });
});

test("a snapshot of another version asks for a reload and is not shown", () => {
  const other = foldMessage(fold(snapshot(1)), { type: "snapshot", seq: 2, schema: 99, view });
  expect(other).toMatchObject({ outdated: true, seq: 1 });
  expect(foldMessage(other, kpi(2, 77)).view?.position).toBe(view.position);
});
