/** The real command, killed while it runs: what it had recorded is a run that can be told of. */
import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { endStartedProcesses, startBourse } from "../support/started-process.ts";

afterAll(endStartedProcesses);

test("kill -9 leaves a run that `runs` lists and `report` explains", async () => {
  const up = startBourse("up", "--json", "--port", "0", "--page-port", "0", "--seed", "11");
  await up.tells(({ kind, fair }) => kind === "status" && fair !== null);
  await up.tells(({ kind }) => kind === "status");
  up.signal("SIGKILL");
  expect(await up.ended).toBe("SIGKILL");

  const runs = startBourse("runs", "--json");
  const listed = await runs.tells(({ kind, seed }) => kind === "run" && seed === 11);
  expect(listed).toMatchObject({ state: "running", command: "up", asset: "BTC", venue: "SIM" });

  const report = startBourse("report", String(listed.id), "--json");
  const told = await report.tells(({ kind }) => kind === "report");
  expect(existsSync(String(told.report))).toBe(true);
  const { split, total } = told.summary as { split: Record<string, number>; total: number };
  expect(Object.values(split).reduce((sum, part) => sum + part, 0)).toBe(total);
  expect(told.again).toContain("--seed 11");
}, 90_000);
