/** The short forms of `npm run scale` and `npm run steady`: what must hold at any size. */
import { expect, test } from "vitest";
import { measureEveryKind } from "./every-kind.ts";
import { measureForks, measureReplay, measureSize } from "./scale.ts";
import { readSteadyLog } from "./steady-log.ts";
import { createSteadyPipeline } from "./steady-pipeline.ts";

test("a large state, its snapshot and its forks go the same way and share nothing", () => {
  const options = { seed: 3, accounts: 2_000, markets: 50, resting: 20_000 };
  const report = measureSize(options, 5_000);
  expect(report).toMatchObject({ accounts: 2_000, markets: 50, orders: 20_000 });
  const { snapshotBytes, forkBytes, hash, hashLater } = report;
  console.log(
    `20,000 orders: snapshot ${snapshotBytes} bytes, fork ${forkBytes} bytes, hash ${hash}, then ${hashLater}`,
  );
});

test("forks of a small exchange are the same as it, and take little room", () => {
  const report = measureForks({ seed: 6, accounts: 1_000, markets: 3, resting: 1_000 }, 5);
  expect(report).toMatchObject({ accounts: 1_000, orders: 1_000, markets: 3 });
  expect(report.bytes).toBeLessThan(8_000_000);
});

test("a journal written frame by frame replays to the same hash", () => {
  const load = { seed: 4, accounts: 200, markets: 8, resting: 2_000 };
  const report = measureReplay(load, { commands: 60_000, warmUp: 1_000 });
  expect(report.journalBytes).toBeGreaterThan(60_000 * 56);
});

test("a journal of every command kind replays to the same hash, from zero and from every snapshot", {
  timeout: 300_000,
}, () => {
  const report = measureEveryKind({ seed: 1, commands: 25_000, snapshotEvery: 6_000 });
  const missing = [...report.kinds].filter(([, count]) => count === 0).map(([kind]) => kind);
  expect(missing, "kinds that test/support/random-commands.ts does not make").toEqual([]);
  expect(report.replays.map(({ hash }) => hash)).toEqual(report.replays.map(() => report.hash));
  expect(report.replays).toHaveLength(5);
});

test("a steady load keeps its books at their size and is what it says", () => {
  const pipeline = createSteadyPipeline({ seed: 5, accounts: 100, markets: 4, resting: 1_000 });
  pipeline.run(20_000);
  const { load, state } = pipeline;
  expect(load.live).toBeGreaterThanOrEqual(950);
  expect(load.live).toBeLessThanOrEqual(1_050);
  const resting = state.books.map((book) => {
    let count = 0;
    for (const side of [0, 1] as const) book.forEach(side, () => count++);
    return count;
  });
  expect(resting.reduce((sum, count) => sum + count, 0)).toBe(load.live);
  // Trades happen: some position is open.
  expect(state.positions.table.count).toBeGreaterThan(100);
});

test("collections and deoptimisations are read from what the engine prints", () => {
  const log = readSteadyLog(
    [
      "[7:0x29ed8000]     1666 ms: Scavenge 16.5 (21.4) -> 12.5 (21.4) MB, pooled: 0 MB, 0.21 / 0.03 ms  (average mu = 0.992) allocation failure; ",
      "[7:0x29ed8000]     1764 ms: Mark-Compact 16.5 (21.4) -> 12.5 (21.4) MB, 2.21 / 0.00 ms  (average mu = 1) finalize incremental marking; ",
      "[bailout (kind: deopt-eager, reason: wrong map): begin. deoptimizing 0x38ed83006f19 <JSFunction queueIfUnder (sfi = 0x110539471649)>, 0x1ee0 <Code TURBOFAN_JS>, opt id 182]",
      "[bailout (kind: deopt-lazy, reason: (unknown)): begin. deoptimizing 0x38ed83006f19 <JSFunction (sfi = 0x110539471649)>, 0x1ee0 <Code TURBOFAN_JS>, opt id 183]",
      "other output",
    ].join("\n"),
  );
  expect(log.collections.map(({ kind }) => kind)).toEqual(["Scavenge", "Mark-Compact"]);
  expect(log.deopts).toMatchObject([
    { name: "queueIfUnder", reason: "wrong map", kind: "deopt-eager" },
    { name: "(anonymous)", reason: "(unknown)", kind: "deopt-lazy" },
  ]);
  expect(readSteadyLog("").deopts).toEqual([]);
});
