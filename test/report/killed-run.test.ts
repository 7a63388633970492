/** The real command, killed while it runs: what it had recorded is a run that can be told of. */
import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { findRun, readRunHead } from "../../src/cli/run-folder.ts";
import { endStartedProcesses, startBourse } from "../support/started-process.ts";

afterAll(endStartedProcesses);

test("kill -9 leaves a run that `runs` lists and `report` explains", async () => {
  const up = startBourse("up", "--json", "--port", "0", "--page-port", "0", "--seed", "424242");
  // Killed as soon as the causes of its PnL are on disk.
  let isOnDisk = false;
  while (!isOnDisk) {
    await up.tells(({ kind }) => kind === "status");
    const { summary } = readRunHead(findRun("-424242"));
    isOnDisk = summary !== null && summary.split !== null;
  }
  up.signal("SIGKILL");
  expect(await up.ended).toBe("SIGKILL");

  const runs = startBourse("runs", "--json");
  const listed = await runs.tells(({ kind, seed }) => kind === "run" && seed === 424_242);
  expect(listed).toMatchObject({ state: "running", command: "up", asset: "BTC", venue: "SIM" });

  const report = startBourse("report", String(listed.id), "--json");
  const told = await report.tells(({ kind }) => kind === "report");
  expect(existsSync(String(told.report))).toBe(true);
  const { split, total } = told.summary as { split: Record<string, number>; total: number };
  expect(Object.values(split).reduce((sum, part) => sum + part, 0)).toBe(total);
  expect(told.again).toContain("--seed 424242");
}, 90_000);
