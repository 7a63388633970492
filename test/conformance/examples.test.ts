import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runStockClient } from "../../examples/stock-client.ts";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

test("stock client: places, modifies, cancels, fills, subscribes, uses an agent wallet", async () => {
  const said: string[] = [];
  const report = await runStockClient(exchange.gateway.url, (line) => said.push(line));
  expect(report.statuses).toEqual([
    "open",
    "canceled",
    "open",
    "canceled",
    "open",
    "filled",
    "open",
    "filled",
  ]);
  expect(new Set(report.tids).size).toBe(2);
  expect(report).toMatchObject({ openOrders: 0, positions: 0 });
  expect(said.find((line) => line.startsWith("closed by the agent"))).toContain("filled");
});

test("stock client: the command line of its head comment", async () => {
  const file = resolve(import.meta.dirname, "../../examples/stock-client.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [file, exchange.gateway.url]);
  expect(stdout).toContain("closed by the agent");
});
