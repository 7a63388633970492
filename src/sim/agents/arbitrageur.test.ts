import { expect, test } from "vitest";
import { createAgentWorld } from "../../../test/support/agent-world.ts";
import { START_MS } from "../../../test/support/test-exchange.ts";
import { bestPx } from "../../exchange/query.ts";
import { createArbitrageur } from "./arbitrageur.ts";

const usd = (value: number): number => value * 1_000_000;

function worldWithArbitrage() {
  const world = createAgentWorld();
  const account = world.account("arbitrage");
  const agent = createArbitrageur({
    account,
    edge: 0.0006,
    orderNotional: usd(20_000),
    positionMax: usd(200_000),
    everyMs: 200,
    prng: world.prng(2),
    startMs: START_MS,
  });
  return { world, account, agent };
}

test("a book at the oracle is left alone", () => {
  const { world, account, agent } = worldWithArbitrage();
  world.fillBook(640_000, 100_000);
  expect(world.play([agent], 10)).toEqual([]);
  expect(world.position(account)).toBe(0);
});

test.each([
  ["above", 642_000, 1],
  ["below", 638_000, -1],
] as const)(
  "with the oracle %s the book it takes towards it, within its limit",
  (_, oracle, sign) => {
    const { world, account, agent } = worldWithArbitrage();
    world.fillBook(640_000, 20_000);
    world.setOracle(oracle);
    world.play([agent], 30);
    const held = world.position(account);
    expect(Math.sign(held)).toBe(sign);
    expect(Math.abs(held) * 640_000).toBeLessThanOrEqual(usd(220_000));
    // It takes only what is worth it: nothing within half its edge of the oracle.
    const fills = world.exchange.log.filter((event) => event.kind === "fill" && event.crossed);
    for (const event of fills) {
      if (event.kind === "fill")
        expect(sign * (oracle - event.px)).toBeGreaterThan(0.0003 * oracle);
    }
    expect(fills.length).toBeGreaterThan(0);
  },
);

test("when the book is back at the oracle it gives the position back", () => {
  const { world, account, agent } = worldWithArbitrage();
  world.fillBook(640_000, 20_000);
  world.setOracle(642_000);
  world.play([agent], 10);
  expect(world.position(account)).toBeGreaterThan(0);
  world.cancelAll();
  world.fillBook(642_100, 100_000);
  world.play([agent], 30);
  expect(world.position(account)).toBe(0);
  expect(bestPx(world.exchange.state, 0, 0)).toBeGreaterThan(0);
});

test("without an oracle's side of the book it waits", () => {
  const { world, agent } = worldWithArbitrage();
  world.rest(0, 630_000, 1_000);
  expect(world.play([agent], 5)).toEqual([]);
});
