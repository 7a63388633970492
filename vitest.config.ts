import { defineConfig } from "vitest/config";

/** One run of every test: those beside the code and those that span rooms. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "web/**", "**/dist/**"],
    pool: "forks",
    globalSetup: "./test/run-home.ts",
    maxWorkers: 2,
    // A bound on what hangs, not on a slow machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default", "./test/reporter.ts"],
  },
});
