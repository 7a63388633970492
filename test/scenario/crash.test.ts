/** The crash day: 40 % in a minute, 500 leveraged accounts, under both ways to deleverage. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ADL_NAMES } from "../../src/exchange/account/default-policy.ts";
import { type CrashOptions, type CrashReport, playCrash } from "../../src/sim/crash/crash-day.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const CRASH = { seed: 42, accounts: 500, drop: 0.4, seconds: 60 } as const;

const reports = new Map<string, CrashReport>();
function play(options: CrashOptions): CrashReport {
  const key = JSON.stringify(options);
  const report = reports.get(key) ?? playCrash(options);
  reports.set(key, report);
  return report;
}
const both = (seed: number): CrashReport[] => ADL_NAMES.map((adl) => play({ ...CRASH, seed, adl }));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

describe.each([42, 1, 2])("the crash of seed %i", (seed) => {
  test("nobody is owed more than there is, and nobody still owes", () => {
    for (const { claims, money, indebted, insuranceLeast } of both(seed)) {
      expect(claims).toBe(money);
      expect(indebted).toBe(0);
      expect(insuranceLeast).toBeGreaterThanOrEqual(0);
    }
  });

  test("the loss is booked to the last unit", () => {
    for (const { bill, groups } of both(seed)) {
      expect(bill.owed).toBeGreaterThan(0);
      expect(bill.owed).toBe(bill.insured + bill.borne);
      expect(sum(groups.map(({ before, after }) => after - before))).toBe(0);
      const insurance = groups.find(({ name }) => name === "insurance");
      expect((insurance?.before ?? 0) - (insurance?.after ?? 0)).toBe(bill.insured);
    }
  });

  test("every way to close is taken", () => {
    for (const { bill, victims } of both(seed)) {
      expect(bill.liquidated).toBeGreaterThan(100);
      expect(bill.inPart).toBeGreaterThan(0);
      expect(bill.onBook).toBeGreaterThan(0);
      expect(bill.takenOver).toBeGreaterThan(0);
      expect(bill.deleveraged).toBeGreaterThan(0);
      expect(victims.accounts).toBeGreaterThan(0);
    }
  });
});

test("the same crash before both policies: the queue takes from leverage, pro rata from everybody", () => {
  const [queue, proRata] = both(42) as [CrashReport, CrashReport];
  const of = (report: CrashReport, group: string): { before: number; after: number } =>
    report.groups.find(({ name }) => name === group) as { before: number; after: number };
  expect(proRata.openNotional).toBe(queue.openNotional);
  for (const group of ["long", "short", "maker", "backstop", "insurance"])
    expect(of(proRata, group).before).toBe(of(queue, group).before);
  expect(queue.bill.borne).toBeGreaterThan(0);
  // Shorts have up to ten times their money open, makers far less.
  expect(of(proRata, "short").after).toBeGreaterThan(of(queue, "short").after);
  expect(of(proRata, "maker").after).toBeLessThan(of(queue, "maker").after);
  expect(proRata.hash).not.toBe(queue.hash);
});

test("the same seed gives the same state, another seed another", () => {
  const again = playCrash({ ...CRASH, adl: "queue" });
  expect(again).toEqual(both(42)[0]);
  expect(both(1)[0]?.hash).not.toBe(again.hash);
});

test("`bourse scenario crash --json` says both, and ends with 0", async () => {
  const args = ["src/cli/main.ts", "scenario", "crash", "--accounts", "80", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const said = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as CrashReport & { kind: string });
  expect(said.map(({ kind, adl }) => [kind, adl])).toEqual([
    ["crash", "queue"],
    ["crash", "proRata"],
  ]);
  for (const { claims, money } of said) expect(claims).toBe(money);
});

test("a scenario that does not exist is named, and those that do", async () => {
  const args = ["src/cli/main.ts", "scenario", "flood"];
  const failed = promisify(execFile)(process.execPath, args, { cwd: ROOT });
  await expect(failed).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining("there is: crash"),
  });
});
