/**
 * Wired or not done: in one short run of the whole system every file of exchange and maker that can
 * run did run, and one fill reaches everything that a fill has to move.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { unwiredFiles } from "../../scripts/coverage-wiring.ts";
import type { Hex } from "../../src/base/hex.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { accountOfAddress, accountSummary, systemBalances } from "../../src/exchange/query.ts";
import { analyticsView } from "../../src/projection/analytics-view.ts";
import { dailyVolumeOf } from "../../src/projection/daily-volume.ts";
import { fillsOf } from "../../src/projection/fills.ts";
import { bestLevel } from "../../src/projection/l2.ts";
import { openOrdersOf } from "../../src/projection/orders.ts";
import { createReadModels, foldEvent } from "../../src/projection/read-models.ts";
import { tradesOf } from "../../src/projection/trades.ts";
import { addressOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const coverageDir = mkdtempSync(join(tmpdir(), "bourse-coverage-"));

afterAll(() => rmSync(coverageDir, { recursive: true, force: true }));

/** Runs a program of the project with coverage on and waits for its end. */
async function runCovered(
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_V8_COVERAGE: coverageDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("one `bourse up` and one world run enter every file of exchange and maker", {
  timeout: 180_000,
}, async () => {
  const runs = await Promise.all([
    runCovered([
      "src/cli/main.ts",
      "up",
      "--for",
      "8",
      "--json",
      "--port",
      "0",
      "--page-port",
      "0",
    ]),
    runCovered(["test/world/run.ts", "--seeds", "4"]),
  ]);
  for (const { code, output } of runs) expect(code, output.slice(-2_000)).toBe(0);
  expect(runs[0]?.output).toContain('"kind":"summary"');
  expect(
    unwiredFiles({ root: ROOT, coverageDir, except: ["src/exchange/book/reference.ts"] }),
  ).toEqual([]);
});

test("one fill moves positions, money, fees, volume, book, orders, fills, trades, day figures and analytics", () => {
  const exchange = createTestExchange({ markets: [testSpec()] });
  const [maker, taker] = [addressOf("maker"), addressOf("taker")];
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  for (const address of [maker, taker])
    exchange.run({ kind: "deposit", address, amount: 1_000_000_000 });
  const order = { market: 0, px: 100_000, sz: 1_000, tif: TIF.gtc };
  exchange.run({ kind: "placeOrders", signer: maker, orders: [{ ...order, side: BUY }] });
  const before = summaries();
  const events = exchange.run({
    kind: "placeOrders",
    signer: taker,
    orders: [{ ...order, side: SELL, sz: 400 }],
  });
  const after = summaries();

  const models = createReadModels();
  for (const event of exchange.log) foldEvent(models, event);
  const [makerId, takerId] = [maker, taker].map((address) =>
    accountOfAddress(exchange.state, address),
  ) as [number, number];
  expect(events.filter(({ kind }) => kind === "fill")).toHaveLength(2);
  expect([after.maker.positions[0]?.size, after.taker.positions[0]?.size]).toEqual([400, -400]);
  // 40 USDC at 0.015 % and 0.045 %.
  expect([after.maker.cash - before.maker.cash, after.taker.cash - before.taker.cash]).toEqual([
    -6_000, -18_000,
  ]);
  expect(after.fees - before.fees).toBe(24_000);
  expect([after.maker.volume, after.taker.volume]).toEqual([40_000_000, 40_000_000]);
  expect(after.maker.marginUsed).toBe(4_000_000);
  expect(bestLevel(models.l2, 0, BUY)?.sz).toBe(600);
  expect(openOrdersOf(models.orders, makerId).map(({ sz }) => sz)).toEqual([600]);
  expect([makerId, takerId].map((id) => fillsOf(models.fills, id).length)).toEqual([1, 1]);
  expect(tradesOf(models.trades, 0)).toHaveLength(1);
  expect(dailyVolumeOf(models.volume, makerId, exchange.timeMs).length).toBeGreaterThan(0);
  const analyticsOf = (id: number) =>
    analyticsView(models.analytics, id, { nowMs: exchange.timeMs });
  expect(analyticsOf(makerId)).toMatchObject({
    totals: { makerVolume: 40_000_000, takerVolume: 0, feesPaid: 6_000 },
    equity: after.maker.equity,
  });
  expect(analyticsOf(takerId)).toMatchObject({
    totals: { makerVolume: 0, takerVolume: 40_000_000, feesPaid: 18_000 },
    netPnl: after.taker.equity - before.taker.equity,
  });

  function summaries() {
    const of = (address: Hex) =>
      accountSummary(exchange.state, accountOfAddress(exchange.state, address));
    return { maker: of(maker), taker: of(taker), fees: systemBalances(exchange.state).fees };
  }
});
