import { describe, expect, it, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { MAKER_CONFIG_DEFAULTS, makerConfigProblem } from "../config.ts";
import {
  createEquityWatch,
  dailyLoss,
  drawdown,
  noteEquity,
  resetEquityWatch,
} from "./equity-watch.ts";
import { createHeartbeats, inputHealth } from "./heartbeat.ts";
import { ARMED, parseKillLatch, tripLatch } from "./kill-latch.ts";
import {
  createRejectTracker,
  isSideResting,
  noteReject,
  noteSideBatch,
  noteThrottled,
  rejectsWithin,
} from "./reject-tracker.ts";

const DAY = 86_400_000;

describe("equity watch", () => {
  it("measures the fall from the peak and the loss of the day", () => {
    const watch = createEquityWatch();
    for (const [equity, hour] of [
      [1_000, 1],
      [1_200, 2],
      [900, 3],
    ] as const) {
      noteEquity(watch, equity, hour * 3_600_000);
    }
    expect(dailyLoss(watch)).toBe(100);
    expect(drawdown(watch)).toBe(0.25);
  });

  it("starts the day at the last equity of the day before", () => {
    const watch = createEquityWatch();
    noteEquity(watch, 1_000, DAY - 1);
    noteEquity(watch, 950, DAY);
    expect(dailyLoss(watch)).toBe(50);
    resetEquityWatch(watch);
    expect([dailyLoss(watch), drawdown(watch)]).toEqual([0, 0]);
  });

  it("knows nothing before it was fed", () => {
    expect([dailyLoss(createEquityWatch()), drawdown(createEquityWatch())]).toEqual([0, 0]);
  });
});

describe("heartbeats", () => {
  test.each([
    [Number.NEGATIVE_INFINITY, "unknown"],
    [900, "fresh"],
    [899, "stale"],
  ])("an input last fed at %f is %s at 1000 with a limit of 100 [ms]", (fedMs, health) => {
    const beats = { ...createHeartbeats(), market: fedMs };
    expect(inputHealth(beats, "market", { nowMs: 1_000, ageMsMax: 100 })).toBe(health);
  });
});

describe("kill latch", () => {
  const entry = { reason: "drawdown", text: "5 %", timeMs: 7 } as const;
  const killed = tripLatch(ARMED, entry);

  it("keeps each reason once", () => {
    expect(tripLatch(killed, { ...entry, timeMs: 9 })).toBe(killed);
    expect(tripLatch(killed, { ...entry, reason: "manual" }).reasons.length).toBe(2);
  });

  test.each<[string, unknown, boolean]>([
    ["a tripped latch stays tripped", JSON.parse(JSON.stringify(killed)), true],
    ["an armed latch stays armed", JSON.parse(JSON.stringify(ARMED)), false],
    ["no object counts as killed", "null", true],
    ["null counts as killed", null, true],
    ["missing fields count as killed", {}, true],
    ["killed without a reason counts as killed", { killed: true, reasons: [] }, true],
  ])("stored and read back: %s", (_, stored, isKilled) => {
    const latch = parseKillLatch(stored, 5);
    expect(latch.killed).toBe(isKilled);
    expect(latch.reasons.length > 0).toBe(isKilled);
  });
});

describe("reject tracker", () => {
  it("rests a side after three refused batches, twice as long each time", () => {
    const tracker = createRejectTracker();
    for (let i = 0; i < 3; i++) noteSideBatch(tracker, BUY, "refused", 0);
    expect([isSideResting(tracker, BUY, 4_999), isSideResting(tracker, SELL, 0)]).toEqual([
      true,
      false,
    ]);
    expect(isSideResting(tracker, BUY, 5_000)).toBe(false);
    noteSideBatch(tracker, BUY, "refused", 5_000);
    expect(isSideResting(tracker, BUY, 14_999)).toBe(true);
    noteSideBatch(tracker, BUY, "taken", 20_000);
    noteSideBatch(tracker, BUY, "refused", 20_000);
    expect(isSideResting(tracker, BUY, 20_000)).toBe(false);
  });

  it("counts refusals within the window; lost races are none", () => {
    const tracker = createRejectTracker();
    noteReject(tracker, "margin", 0);
    noteReject(tracker, "margin", 900);
    noteReject(tracker, "wouldMatch", 900);
    expect(rejectsWithin(tracker, 1_000, 1_000)).toBe(2);
    expect(rejectsWithin(tracker, 1_000, 1_500)).toBe(1);
    expect(tracker.total).toBe(3);
  });

  it("waits longer each time the venue asks for fewer requests", () => {
    const tracker = createRejectTracker();
    noteThrottled(tracker, 0);
    expect(tracker.throttledUntilMs).toBe(10_000);
    noteThrottled(tracker, 10_000);
    expect(tracker.throttledUntilMs).toBe(25_000);
  });
});

describe("settings", () => {
  const config = { ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 };

  test("the defaults are sound", () => {
    expect(makerConfigProblem(config)).toBeNull();
  });

  test.each<[object, RegExp]>([
    [{ asset: "" }, /asset/],
    [{ cloidPrefix: "XYZ" }, /cloidPrefix/],
    [{ cloidPrefix: "00000000" }, /cloidPrefix/],
    [{ sessionId: 2 ** 32 }, /sessionId/],
    [{ halfSpreadBps: 0 }, /halfSpreadBps/],
    [{ halfSpreadBps: Number.NaN }, /halfSpreadBps/],
    [{ levels: 1.5 }, /levels/],
    [{ maxPositionContracts: -1 }, /maxPositionContracts/],
    [{ staleDataKillMs: 1_000 }, /staleDataKillMs/],
    [{ accountAgeMsMax: 6_000 }, /accountAgeMsMax/],
    [{ deadManMs: 500 }, /deadManMs/],
    [{ model: "fixedSpread", halfSpreadBps: 400, levelSpacingBps: 100 }, /quoteDistanceBpsMax/],
    [{ minSpreadFloorBps: 400, levelSpacingBps: 100 }, /quoteDistanceBpsMax/],
  ])("%j is refused", (changed, problem) => {
    expect(makerConfigProblem({ ...config, ...changed })).toMatch(problem);
  });
});
