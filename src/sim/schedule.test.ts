import { expect, test } from "vitest";
import { createSchedule } from "./schedule.ts";

test("runs by time, then by order of scheduling, and stops at the time asked for [ms]", () => {
  const schedule = createSchedule(1_000);
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name}@${schedule.nowMs}`);
  schedule.at(1_030, note("c"));
  schedule.at(1_010, note("a"));
  schedule.at(1_010, note("b"));
  schedule.at(1_031, note("late"));
  schedule.runUntil(1_030);
  expect(ran).toEqual(["a@1010", "b@1010", "c@1030"]);
  expect(schedule.nowMs).toBe(1_030);
  schedule.runUntil(2_000);
  expect(ran.at(-1)).toBe("late@1031");
  expect(schedule.nowMs).toBe(2_000);
});

test("what is due already runs now, behind what was scheduled for now", () => {
  const schedule = createSchedule(500);
  const ran: string[] = [];
  schedule.after(0, () => {
    schedule.at(100, () => ran.push(`past@${schedule.nowMs}`));
  });
  schedule.after(0, () => ran.push("now"));
  schedule.runUntil(500);
  expect(ran).toEqual(["now", "past@500"]);
});

test("many entries come out sorted", () => {
  const schedule = createSchedule(0);
  const ran: number[] = [];
  for (let i = 0; i < 500; i++) schedule.at((i * 7_919) % 503, () => ran.push(schedule.nowMs));
  schedule.runUntil(503);
  expect(ran).toHaveLength(500);
  expect(ran).toEqual([...ran].sort((a, b) => a - b));
});
