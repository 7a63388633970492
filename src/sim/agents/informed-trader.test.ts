import { expect, test } from "vitest";
import { createAgentWorld } from "../../../test/support/agent-world.ts";
import { START_MS } from "../../../test/support/test-exchange.ts";
import { referencePx } from "../reference-price.ts";
import { createInformedTrader } from "./informed-trader.ts";

const usd = (value: number): number => value * 1_000_000;
const HORIZON_MS = 2_000;

function worldWithInsider(sigma: number, seed: number) {
  const world = createAgentWorld({ sigma, seed });
  const account = world.account("informed");
  const agent = createInformedTrader({
    account,
    horizonMs: HORIZON_MS,
    edge: 0.0002,
    orderNotional: usd(5_000),
    positionMax: usd(50_000),
    everyMs: 300,
    prng: world.prng(6),
    startMs: START_MS,
  });
  return { world, account, agent };
}

test("what will not move is not worth a trade", () => {
  const { world, agent } = worldWithInsider(1e-12, 1);
  world.fillBook(640_000, 100_000);
  expect(world.play([agent], 30)).toEqual([]);
});

test("it takes on the side that the price will go to, and at a price that the future beats", () => {
  let trades = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { world, agent } = worldWithInsider(4e-4, seed);
    world.fillBook(640_000, 100_000);
    for (const event of world.play([agent], 3)) {
      if (event.kind !== "fill" || !event.crossed || event.startPosition !== 0) continue;
      const coming = referencePx(world.reference, event.timeMs + HORIZON_MS);
      const sign = event.side === 0 ? 1 : -1;
      expect(sign * (coming - event.px)).toBeGreaterThan(0);
      trades += 1;
    }
  }
  expect(trades).toBeGreaterThan(3);
});

test("its position stays within its limit, and it leaves when the price has arrived", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { world, account, agent } = worldWithInsider(4e-4, seed);
    world.fillBook(640_000, 1_000_000);
    let most = 0;
    for (let second = 0; second < 20; second++) {
      world.play([agent], 1);
      const held = world.position(account);
      most = Math.max(most, Math.abs(held) * 640_000);
      const there = Math.round(referencePx(world.reference, world.exchange.timeMs) / 10) * 10;
      world.cancelAll();
      world.fillBook(there, 1_000_000);
    }
    expect(most).toBeLessThan(usd(90_000));
  }
});
