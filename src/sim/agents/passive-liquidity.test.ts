import { describe, expect, test } from "vitest";
import { type AgentWorld, createAgentWorld } from "../../../test/support/agent-world.ts";
import { addressOf, START_MS } from "../../../test/support/test-exchange.ts";
import { BUY, SELL } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { accountOfAddress, bestPx, openOrderViews } from "../../exchange/query.ts";
import { createFadingNoise } from "../fading-noise.ts";
import { referencePx } from "../reference-price.ts";
import type { AgentAccount } from "./agent.ts";
import { createPassiveLiquidity, type PassiveLiquidityOptions } from "./passive-liquidity.ts";

const usd = (value: number): number => value * 1_000_000;
const BANDS = [-0.5, 1, 3, 10, 40];

function providerIn(
  world: AgentWorld,
  account: AgentAccount,
  change: Partial<PassiveLiquidityOptions> = {},
) {
  const basis = createFadingNoise(world.prng(5), { memorySec: 1, atSec: START_MS / 1_000 });
  return createPassiveLiquidity({
    account,
    bands: BANDS,
    medianNotional: usd(2_000),
    growthPerStep: 0.1,
    logSizeSd: 0.5,
    notionalMax: usd(50_000),
    lifeSec: 5,
    lifeSecPerStep: 1,
    refill: 0.5,
    basis,
    basisSd: 0,
    errorSteps: 0,
    errorSec: 1,
    lean: 0.0004,
    positionMax: usd(500_000),
    everyMs: 300,
    prng: world.prng(7),
    startMs: START_MS,
    ...change,
  });
}

const ordersOf = ({ exchange }: AgentWorld, { address }: AgentAccount) =>
  openOrderViews(exchange.state, accountOfAddress(exchange.state, address));

describe("passive liquidity", () => {
  test("one order a band and side, best prices next to fair, none beyond the last band", () => {
    const world = createAgentWorld();
    const account = world.account("passive", 10_000_000);
    const provider = providerIn(world, account, { lifeSec: 1e9, lifeSecPerStep: 0 });
    world.play([provider], 5);
    const orders = ordersOf(world, account);
    for (const side of [BUY, SELL] as const) {
      const steps = orders
        .filter((order) => order.side === side)
        .map(({ px }) => Math.abs(px - 640_000) / 10)
        .sort((a, b) => a - b);
      expect(steps).toHaveLength(BANDS.length - 1);
      expect(steps[0]).toBeLessThanOrEqual(1);
      expect(steps.at(-1)).toBeLessThanOrEqual(41);
    }
    expect(bestPx(world.exchange.state, 0, BUY)).toBeLessThan(
      bestPx(world.exchange.state, 0, SELL),
    );
  });

  test("orders live for a while and are replaced: the same book, other orders", () => {
    const world = createAgentWorld();
    const account = world.account("passive", 10_000_000);
    const provider = providerIn(world, account);
    world.play([provider], 5);
    const before = new Set(ordersOf(world, account).map(({ oid }) => oid));
    world.play([provider], 3);
    const soon = ordersOf(world, account).filter(({ oid }) => before.has(oid)).length;
    world.play([provider], 120);
    const late = ordersOf(world, account).filter(({ oid }) => before.has(oid)).length;
    expect(soon).toBeGreaterThan(late);
    expect(soon).toBeLessThan(before.size);
    expect(late).toBeLessThanOrEqual(1);
    expect(ordersOf(world, account).length).toBeGreaterThan(before.size / 2);
  });

  test("it follows the reference price and never crosses itself", () => {
    const world = createAgentWorld({ sigma: 3e-4 });
    const account = world.account("passive", 10_000_000);
    const provider = providerIn(world, account);
    for (let second = 0; second < 60; second++) {
      const events = world.play([provider], 1);
      expect(events.filter((event) => event.kind === "fill")).toEqual([]);
      const bid = bestPx(world.exchange.state, 0, BUY);
      const ask = bestPx(world.exchange.state, 0, SELL);
      const fair = referencePx(world.reference, world.exchange.timeMs);
      if (bid !== 0 && ask !== 0) expect(Math.abs((bid + ask) / 2 / fair - 1)).toBeLessThan(0.003);
    }
  });

  test("what it holds moves its prices against it, and at its limit it adds nothing", () => {
    const world = createAgentWorld();
    const account = world.account("passive", 10_000_000);
    const provider = providerIn(world, account, {
      positionMax: usd(20_000),
      lifeSec: 1e9,
      lifeSecPerStep: 0,
    });
    world.play([provider], 2);
    world.exchange.fund("seller", 1_000_000);
    const order = { market: 0, side: SELL, px: 639_000, sz: 1_000_000, tif: TIF.ioc };
    const signer = addressOf("seller");
    for (let i = 0; i < 10 && world.position(account) * 640_000 < usd(20_000); i++) {
      world.exchange.run({ kind: "placeOrders", signer, orders: [order] });
      world.play([provider], 1);
    }
    world.play([provider], 3);
    const orders = ordersOf(world, account);
    expect(world.position(account) * 640_000).toBeGreaterThan(usd(20_000));
    const kept = orders.filter(({ side }) => side === BUY);
    const asks = orders.filter(({ side }) => side === SELL).map(({ px }) => px);
    // Fair is 4 bps lower: 25 legal steps.
    expect(Math.min(...asks)).toBeLessThan(640_000);
    expect(kept.every(({ px }) => px <= 640_000 - 240)).toBe(true);
  });

  test("an account that is not open yet does nothing", () => {
    const world = createAgentWorld();
    const account = { address: addressOf("nobody"), deposit: 1, nonce: 0 };
    expect(world.play([providerIn(world, account)], 2)).toEqual([]);
  });
});
