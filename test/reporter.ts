import type { Reporter, TestModule } from "vitest/node";

/** Counts of one test run. */
export interface RunCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The line that a run closes with. */
export const closingLine = ({ passed, failed, skipped }: RunCounts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** A file that failed outside its tests counts as one failed test. */
function countModules(modules: readonly TestModule[]): RunCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === "pending" ? "skipped" : state] += 1;
    }
    if (module.errors().length > 0) counts.failed += 1;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) counts.failed += 1;
    }
  }
  return counts;
}

/** Prints the plain closing line after everything else, whatever other reporters print. */
export default class ClosingLineReporter implements Reporter {
  #line: string | undefined;

  constructor() {
    process.on("exit", () => {
      if (this.#line !== undefined) process.stdout.write(`${this.#line}\n`);
    });
  }

  /** Keeps the counts; errors outside any test count as failed. */
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = countModules(modules);
    this.#line = closingLine({ ...counts, failed: counts.failed + unhandledErrors.length });
  }
}
