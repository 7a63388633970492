/** The benchmark runs on little work and prints its tables; what they say is not judged here. */
import { afterAll, expect, test } from "vitest";
import { endStartedProcesses, PROJECT, startProcess } from "../support/started-process.ts";

afterAll(endStartedProcesses);

test("a quick run ends well, with every section and every contender", async () => {
  const bench = startProcess(process.execPath, ["bench/run.ts", "--quick"], { cwd: PROJECT });
  expect(await bench.ended, bench.output()).toBe(0);
  const headings = [...bench.output().matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
  expect(headings).toEqual([
    "Measured",
    "Bars",
    "Commands a second",
    "One command at a time",
    "Memory",
    "Durable commands",
    "Ladder by tick and by rank, 100,000.0",
    "An oracle price",
    "A liquidation storm",
    "Targets of the first sketch",
    "Market making in the exchange",
    "HTTP",
    "Where signers are recovered",
    "Stages of an action, us",
    "WebSocket",
  ]);
  for (const row of ["nodejs-order-book", "our plain book", "our fast book", "our pipeline"]) {
    expect(bench.output()).toMatch(new RegExp(`^\\| ${row} \\| [\\d.,]+ \\| [\\d.,]+ \\|$`, "m"));
  }
}, 300_000);
