import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ARMED, tripLatch } from "../maker/risk/kill-latch.ts";
import { openKillHistory } from "./kill-history.ts";

const folder = mkdtempSync(join(tmpdir(), "bourse-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("each reason and each re-arming is one line, newest first, over restarts", () => {
  const path = join(folder, "maker", "kill-history.ndjson");
  const history = openKillHistory(path, ARMED);
  const first = tripLatch(ARMED, { reason: "manual", text: "by hand", timeMs: 10 });
  const second = tripLatch(first, { reason: "drawdown", text: "6 % below", timeMs: 20 });
  history.note(first, 10);
  history.note(first, 11);
  history.note(second, 20);
  history.note(ARMED, 30);
  history.note(ARMED, 31);
  const expected = [
    { timeMs: 30, kind: "rearmed", reason: null, text: "re-armed" },
    { timeMs: 20, kind: "killed", reason: "drawdown", text: "6 % below" },
    { timeMs: 10, kind: "killed", reason: "manual", text: "by hand" },
  ];
  expect(history.changes()).toEqual(expected);
  appendFileSync(path, '{"timeMs":40,"ki');
  expect(openKillHistory(path, ARMED).changes()).toEqual(expected);
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
});

test("a run that starts killed does not tell the same trip again", () => {
  const path = join(folder, "again.ndjson");
  const latch = tripLatch(ARMED, { reason: "manual", text: "by hand", timeMs: 10 });
  const history = openKillHistory(path, latch);
  history.note(latch, 50);
  expect(history.changes()).toEqual([]);
  history.note(ARMED, 60);
  expect(history.changes().map(({ kind }) => kind)).toEqual(["rearmed"]);
});
