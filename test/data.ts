/**
 * Recorded data that stands beside the project, not in it. A suite that needs a file that is absent
 * skips and says why; with `BOURSE_DATA=require` it fails instead.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, test } from "vitest";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const ROOTS = {
  data: join(PROJECT, "../shared/data"),
  facts: join(PROJECT, "../shared/facts"),
} as const;

/** Absolute path of a recorded file, named from the data folder or as `facts/…`; may be absent. */
export const dataPath = (relative: string): string =>
  relative.startsWith("facts/")
    ? join(ROOTS.facts, relative.slice("facts/".length))
    : join(ROOTS.data, relative);

/** Whether an absent need fails a suite (`BOURSE_DATA=require`) instead of skipping it. */
export const needsAreRequired = (env: NodeJS.ProcessEnv = process.env): boolean =>
  env.BOURSE_DATA === "require";

/** The part of a suite or test that counting looks at. */
interface Task {
  readonly type: string;
  readonly mode: string;
  readonly result?: { readonly state?: string } | undefined;
  readonly tasks?: readonly Task[];
}

const wasSkipped = (task: Task): boolean =>
  task.mode !== "run" || task.result?.state === "skip" || task.result === undefined;

/** Tests below a suite that ran, and that were skipped. */
export function countTasks(task: Task): { ran: number; skipped: number } {
  if (task.type === "test")
    return wasSkipped(task) ? { ran: 0, skipped: 1 } : { ran: 1, skipped: 0 };
  const counts = (task.tasks ?? []).map(countTasks);
  return {
    ran: counts.reduce((sum, one) => sum + one.ran, 0),
    skipped: counts.reduce((sum, one) => sum + one.skipped, 0),
  };
}

/**
 * A suite with something it cannot do without. `missing` says what is absent, or is undefined; then
 * the suite runs and closes with the line `name: ran N, skipped M`.
 */
export function describeWithNeed(
  name: string,
  missing: string | undefined,
  suite: () => void,
): void {
  if (missing === undefined) {
    describe(name, () => {
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads fixtures from this pattern
      afterAll(({}, task) => {
        const { ran, skipped } = countTasks(task as unknown as Task);
        console.log(`${name}: ran ${ran}, skipped ${skipped}`);
      });
      suite();
    });
    return;
  }
  if (needsAreRequired()) {
    describe(name, () => {
      test("has what it needs", () => {
        throw new Error(`${missing}, and BOURSE_DATA=require`);
      });
    });
    return;
  }
  console.log(`${name}: skipped, ${missing}`);
  describe(name, () => {
    test.skip(`skipped: ${missing}`, () => undefined);
  });
}

/** A suite over recorded files; `suite` gets their absolute paths in the order of `relatives`. */
export function describeWithData(
  name: string,
  relatives: readonly string[],
  suite: (...paths: string[]) => void,
): void {
  const paths = relatives.map(dataPath);
  const absent = relatives.filter((_, index) => !existsSync(paths[index] ?? ""));
  const missing = absent.length > 0 ? `recorded data is absent: ${absent.join(", ")}` : undefined;
  describeWithNeed(name, missing, () => suite(...paths));
}
