import { defineConfig } from "vitest/config";

/** One run of every test: those beside the code and those that span rooms. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "web/**", "**/dist/**"],
    pool: "forks",
    globalSetup: "./test/run-home.ts",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/reporter.ts"],
  },
});
