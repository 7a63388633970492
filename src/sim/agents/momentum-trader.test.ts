import { expect, test } from "vitest";
import { createAgentWorld } from "../../../test/support/agent-world.ts";
import { START_MS } from "../../../test/support/test-exchange.ts";
import { createMomentumTrader } from "./momentum-trader.ts";

const usd = (value: number): number => value * 1_000_000;

function worldWithMomentum() {
  const world = createAgentWorld();
  const account = world.account("momentum");
  const agent = createMomentumTrader({
    account,
    memorySec: 20,
    threshold: 0.0005,
    orderNotional: usd(5_000),
    positionMax: usd(40_000),
    reach: 0.001,
    everyMs: 500,
    prng: world.prng(4),
    startMs: START_MS,
  });
  const move = (px: number): void => {
    world.cancelAll();
    world.fillBook(px, 1_000_000);
  };
  return { world, account, agent, move };
}

test("a price that stands still is no trend", () => {
  const { world, account, agent, move } = worldWithMomentum();
  move(640_000);
  world.play([agent], 60);
  expect(world.position(account)).toBe(0);
});

test.each([
  ["buys what rises", 1],
  ["sells what falls", -1],
] as const)("it %s, up to its limit, and leaves when the trend is over", (_, sign) => {
  const { world, account, agent, move } = worldWithMomentum();
  move(640_000);
  world.play([agent], 5);
  for (let step = 1; step <= 12; step++) {
    move(640_000 + sign * 100 * step);
    world.play([agent], 2);
  }
  const held = world.position(account);
  expect(Math.sign(held)).toBe(sign);
  expect(Math.abs(held) * 640_000).toBeLessThan(usd(46_000));
  move(640_000 - sign * 200);
  world.play([agent], 10);
  expect(world.position(account) * sign).toBeLessThanOrEqual(0);
});

test("without a book it has no opinion", () => {
  const { world, agent } = worldWithMomentum();
  expect(world.play([agent], 20)).toEqual([]);
});
