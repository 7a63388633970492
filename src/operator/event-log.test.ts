import { expect, test } from "vitest";
import { createFakeSource } from "../../test/page/fake-source.ts";
import { createEventLog, EVENTS_KEPT } from "./event-log.ts";
import type { OperatorView } from "./operator-view.ts";

const view = createFakeSource().view();
const QUOTED = { state: "quoting", text: "" } as const;
const OFF = { state: "off", text: "position limit" } as const;

const textsOf = (changes: readonly Partial<OperatorView>[]): string[] => {
  const log = createEventLog();
  for (const change of changes) log.noteView({ ...view, ...change });
  return log
    .recent()
    .map(({ text }) => text)
    .reverse();
};

test("a state is noted when it changes, not while it lasts", () => {
  const paused = { state: { name: "paused", reasons: ["by the operator"] } } as const;
  const quoting = { state: { name: "quoting", reasons: [] } } as const;
  expect(textsOf([quoting, quoting, paused, paused, quoting])).toEqual([
    "quoting",
    "paused: by the operator",
    "quoting",
  ]);
});

test("a side is noted when it goes off and when it comes back", () => {
  const state = { name: "quoting", reasons: [] } as const;
  const both = (bid: typeof QUOTED | typeof OFF) => ({ state, sides: { bid, ask: QUOTED } });
  expect(textsOf([both(QUOTED), both(OFF), both(OFF), both(QUOTED)])).toEqual([
    "quoting",
    "bid off: position limit",
    "bid quoted again",
  ]);
});

test("the oldest are dropped past the bound, and numbers go on", () => {
  const log = createEventLog();
  for (let i = 0; i < EVENTS_KEPT + 5; i += 1) log.note({ timeMs: i, tone: "plain", text: "" });
  expect(log.recent()).toHaveLength(EVENTS_KEPT);
  expect(log.recent()[0]?.id).toBe(EVENTS_KEPT + 5);
  expect(log.lastId()).toBe(EVENTS_KEPT + 5);
});
