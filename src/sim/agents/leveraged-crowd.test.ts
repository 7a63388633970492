import { describe, expect, test } from "vitest";
import { createAgentWorld } from "../../../test/support/agent-world.ts";
import { START_MS } from "../../../test/support/test-exchange.ts";
import { accountOfAddress, accountSummary } from "../../exchange/query.ts";
import { createLeveragedCrowd, type LeveragedCrowdOptions } from "./leveraged-crowd.ts";

function worldWithCrowd(change: Partial<LeveragedCrowdOptions> = {}) {
  const world = createAgentWorld();
  const accounts = Array.from({ length: 5 }, (_, i) => world.account("crowd", 1_000, i));
  const agent = createLeveragedCrowd({
    accounts,
    everyMs: 500,
    closeShare: 0,
    trendShare: 1,
    memorySec: 60,
    reach: 0.003,
    prng: world.prng(8),
    startMs: START_MS,
    ...change,
  });
  const summaryOf = (index: number) => {
    const address = accounts[index]?.address ?? "0x";
    return accountSummary(world.exchange.state, accountOfAddress(world.exchange.state, address));
  };
  return { world, accounts, agent, summaryOf };
}

describe("leveraged crowd", () => {
  test("takes positions of ten times its money and more, all of them margined", () => {
    const { world, accounts, agent, summaryOf } = worldWithCrowd();
    world.fillBook(640_000, 1_000_000);
    const events = world.play([agent], 60);
    expect(events.filter((event) => event.kind === "orderRejected")).toEqual([]);
    for (let index = 0; index < accounts.length; index++) {
      const { notional, equity, initial } = summaryOf(index);
      expect(notional / equity).toBeGreaterThan(9);
      expect(initial).toBeLessThanOrEqual(equity);
    }
  });

  test("a fall of 10 % liquidates who was long; money comes back by deposits only", () => {
    const { world, accounts, agent, summaryOf } = worldWithCrowd();
    world.fillBook(640_000, 1_000_000);
    world.play([agent], 60);
    const longs = accounts.filter((account) => world.position(account) > 0).length;
    expect(longs).toBeGreaterThan(0);
    world.cancelAll();
    world.fillBook(576_000, 1_000_000);
    const from = world.exchange.log.length;
    world.setOracle(576_000);
    const after = world.exchange.log.slice(from);
    const liquidated = after.filter((event) => event.kind === "liquidationStarted");
    expect(liquidated.length).toBe(longs);
    const events = world.play([agent], 60);
    const deposits = events.filter((event) => event.kind === "deposited");
    expect(deposits.length).toBeGreaterThan(0);
    for (const event of deposits) {
      if (event.kind === "deposited") expect(event.amount).toBeLessThanOrEqual(1_000_000_000);
    }
    for (let index = 0; index < accounts.length; index++) {
      expect(summaryOf(index).equity).toBeLessThanOrEqual(1_700_000_000);
    }
  });

  test("who closes is flat after it", () => {
    const { world, accounts, agent } = worldWithCrowd({ closeShare: 1 });
    world.fillBook(640_000, 1_000_000);
    let flats = 0;
    for (let i = 0; i < 40; i++) {
      world.play([agent], 1);
      flats += accounts.filter((account) => world.position(account) === 0).length;
    }
    expect(flats).toBeGreaterThan(40);
  });
});
