import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommandStream } from "../../test/support/random-commands.ts";
import { createTestExchange } from "../../test/support/test-exchange.ts";
import { accountCount, accountSummary, markPx, poolViews } from "../exchange/query.ts";
import { analyticsEquity, createAnalytics, foldAnalytics } from "./analytics.ts";
import { analyticsView } from "./analytics-view.ts";

test("from events alone follow each account's positions and equity to the last unit, and no profit is left unexplained", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const exchange = createTestExchange();
      const stream = createCommandStream({ seed });
      for (let i = 0; i < 1_000; i++) {
        const { command, timeMs } = stream.next();
        exchange.timeMs = timeMs;
        stream.observe(exchange.run(command));
      }
      const analytics = createAnalytics();
      // The fee for opening a vault is in no event.
      const owners = new Set(
        exchange.log.flatMap(({ kind, account }) => (kind === "vaultCreated" ? [account] : [])),
      );
      for (const event of exchange.log) foldAnalytics(analytics, event);
      const { state } = exchange;
      const marks = [0, 1, 2].map((market) => markPx(state, market));
      const onTheWay = new Map(poolViews(state).map((pool) => [pool.account, pool.pendingFees]));
      for (let account = 2; account < accountCount(state); account++) {
        const own = analytics.accounts.get(account);
        const { whole, positions } = accountSummary(state, account);
        const equity = own === undefined ? 0 : analyticsEquity({ marks }, own);
        if (!owners.has(account))
          expect(equity - (onTheWay.get(account) ?? 0), `equity of ${account}`).toBe(whole.equity);
        const held = [...(own?.markets ?? [])].filter(([, { size }]) => size !== 0);
        expect(held.map(([market, { size }]) => [market, size]).sort()).toEqual(
          positions.map(({ market, size }) => [market, size]).sort(),
        );
        const view = analyticsView(analytics, account, { nowMs: exchange.timeMs });
        expect(view.netPnl).toBe(view.equity - view.totals.flow);
      }
    }),
    { numRuns: 12 },
  );
});
