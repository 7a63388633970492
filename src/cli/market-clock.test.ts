import { describe, expect, test } from "vitest";
import { createMarketClock, createPacedClock, type Machine } from "./market-clock.ts";

const START_MS = 1_700_000_000_000;

/** A machine whose time a test lets pass: each turn takes as long as it says. */
function createMachine(turnMs: number) {
  let elapsedMs = 0;
  let next: (() => void) | null = null;
  const keep = (run: () => void): void => {
    next = run;
  };
  const machine: Machine = {
    dateMs: () => START_MS,
    elapsedMs: () => elapsedMs,
    soon: keep,
    later: keep,
  };
  const pass = (ms: number): void => {
    for (const endMs = elapsedMs + ms; elapsedMs < endMs; ) {
      elapsedMs += turnMs;
      const run = next;
      next = null;
      run?.();
    }
  };
  return { machine, pass };
}

describe("paced clock", () => {
  test.each([
    [0.1, 1_000, 100],
    [0.5, 1_000, 500],
    [2, 1_000, 2_000],
    [20, 1_000, 20_000],
  ])("at speed %d, %d ms are %d ms of market time", (speed, realMs, marketMs) => {
    const { machine, pass } = createMachine(0.25);
    const clock = createPacedClock(speed, machine);
    pass(realMs);
    expect(Math.abs(clock.nowMs() - START_MS - marketMs)).toBeLessThanOrEqual(speed + 1);
    pass(1_500);
    expect(clock.reachedSpeed() / speed).toBeGreaterThan(0.98);
    expect(clock.reachedSpeed() / speed).toBeLessThan(1.02);
  });

  test("a machine that is too slow slows the market: steps stay small, nothing is made up for", () => {
    const { machine, pass } = createMachine(1);
    const clock = createPacedClock(1_000, machine);
    let largest = 0;
    let lastMs: number = clock.nowMs();
    for (let turn = 0; turn < 2_000; turn++) {
      pass(1);
      largest = Math.max(largest, clock.nowMs() - lastMs);
      lastMs = clock.nowMs();
    }
    expect(largest).toBe(10);
    expect(clock.reachedSpeed()).toBeCloseTo(10, 0);
  });

  test("what is due runs in its order and at its time, once or again and again", () => {
    const { machine, pass } = createMachine(0.5);
    const clock = createPacedClock(10, machine);
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.nowMs() - START_MS]);
    clock.after(250, note("late"));
    clock.after(100, note("early"));
    const unwanted = clock.after(50, note("never"));
    const stop = clock.every(120, note("often"));
    unwanted();
    pass(40);
    stop();
    pass(40);
    expect(ran).toEqual([
      ["early", 100],
      ["often", 120],
      ["often", 240],
      ["late", 250],
      ["often", 360],
    ]);
  });

  test("held it goes no faster than real time; let go it is fast again", () => {
    const { machine, pass } = createMachine(0.5);
    const clock = createPacedClock(50, machine);
    const [first, second] = [clock.hold(), clock.hold()];
    pass(1_000);
    first();
    first();
    pass(1_000);
    expect(clock.nowMs() - START_MS).toBeLessThanOrEqual(2_000);
    second();
    pass(1_000);
    expect(clock.nowMs() - START_MS).toBeGreaterThan(15_000);
  });

  test("a slow market that is held is not hurried", () => {
    const { machine, pass } = createMachine(0.5);
    const clock = createPacedClock(0.2, machine);
    clock.hold();
    pass(1_000);
    expect(clock.nowMs() - START_MS).toBeLessThanOrEqual(201);
  });

  test("it stands still while the market is behind, and for good once it is stopped", () => {
    const { machine, pass } = createMachine(0.5);
    const clock = createPacedClock(50, machine);
    let isBehind = true;
    clock.isBehind = () => isBehind;
    pass(500);
    expect(clock.nowMs()).toBe(START_MS);
    isBehind = false;
    pass(500);
    const reached = clock.nowMs();
    expect(reached).toBeGreaterThan(START_MS + 5_000);
    clock.stop();
    pass(500);
    expect(clock.nowMs()).toBe(reached);
  });

  test("it skips to a time that lies ahead and never back", () => {
    const { machine } = createMachine(0.5);
    const clock = createPacedClock(2, machine);
    clock.skipTo(START_MS + 60_000);
    clock.skipTo(START_MS);
    expect(clock.nowMs()).toBe(START_MS + 60_000);
  });
});

describe("clock at speed 1", () => {
  test("is the machine's, and ahead of it where the market was ahead", () => {
    const clock = createMarketClock(1);
    const machineMs = Date.now();
    expect(clock.nowMs()).toBeGreaterThanOrEqual(machineMs);
    clock.skipTo(machineMs + 3_600_000);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(machineMs + 3_600_000);
    clock.skipTo(0);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(machineMs + 3_600_000);
    clock.stop();
  });

  test("runs what it is asked to, and not what was taken back", async () => {
    const clock = createMarketClock(1);
    const ran: string[] = [];
    clock.after(1, () => ran.push("never"))();
    await new Promise<void>((resolve) => {
      const stop = clock.every(1, () => {
        ran.push("often");
        if (ran.length < 3) return;
        stop();
        resolve();
      });
    });
    expect(ran).toEqual(["often", "often", "often"]);
    clock.stop();
  });
});
