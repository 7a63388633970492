import { expect, test } from "vitest";
import type { Hex } from "../base/hex.ts";
import { checkInvariants } from "../exchange/invariant.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { MAKER_CONFIG_DEFAULTS } from "../maker/config.ts";
import { makerStatus } from "../maker/maker-status.ts";
import { DEFAULT_MARKETS } from "./default-markets.ts";
import { createSimulation, type Simulation } from "./simulation.ts";

const MAKER: Hex = `0x${"ab".repeat(20)}`;

function simulate(seed: number, traders: "agents" | "noise" = "noise"): Simulation {
  const simulation = createSimulation({
    seed,
    startMs: 1_700_000_000_000,
    markets: DEFAULT_MARKETS,
    traders,
    makerAddress: MAKER,
    makerDeposit: 100_000_000_000,
    makerConfigOf: (sessionId) => ({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId }),
  });
  simulation.maker.start();
  simulation.runFor(60_000);
  return simulation;
}

function stateOf({ exchange }: Simulation) {
  if (exchange.running === null) throw new Error("the exchange runs");
  return exchange.running.sequencer.state;
}

function statusOf({ maker }: Simulation) {
  if (maker.running === null) throw new Error("the maker runs");
  return makerStatus(maker.running.maker);
}

test("a maker quotes and is filled on simulated time, and its PnL is the exchange's", () => {
  const simulation = simulate(1);
  const status = statusOf(simulation);
  expect(status.phase).toBe("quoting");
  expect(status.fills.count).toBeGreaterThan(10);
  expect(status.residual).toBe(0);
  checkInvariants(stateOf(simulation));
});

test("among agents it quotes and is filled, its PnL is the exchange's, and one seed decides all", () => {
  const [first, again] = [simulate(1, "agents"), simulate(1, "agents")];
  const status = statusOf(first);
  expect(status.phase).toBe("quoting");
  expect(status.fills.count).toBeGreaterThan(3);
  expect(status.residual).toBe(0);
  checkInvariants(stateOf(first));
  expect(statusOf(again)).toEqual(status);
  expect(stateHash(stateOf(again))).toBe(stateHash(stateOf(first)));
});

test("one seed decides everything", () => {
  const [first, again, other] = [simulate(5), simulate(5), simulate(6)];
  expect(statusOf(again)).toEqual(statusOf(first));
  expect(stateHash(stateOf(again))).toBe(stateHash(stateOf(first)));
  expect(stateHash(stateOf(other))).not.toBe(stateHash(stateOf(first)));
});

test("a kill outlives the maker", () => {
  const simulation = simulate(7);
  simulation.maker.control({ kind: "kill", text: "enough" });
  simulation.maker.crash();
  simulation.maker.start();
  simulation.runFor(10_000);
  expect(statusOf(simulation)).toMatchObject({ phase: "killed", flatBook: true, orders: [] });
});

test("an exchange that lost its power comes back with all that was told", () => {
  const simulation = simulate(8);
  const told = simulation.exchange.running?.models.seq ?? 0;
  simulation.exchange.crash();
  expect(simulation.exchange.running).toBeNull();
  const { sequencer, models } = simulation.exchange.start();
  expect(sequencer.appliedSeq).toBeGreaterThanOrEqual(told);
  expect(models.seq).toBeGreaterThanOrEqual(told);
});
