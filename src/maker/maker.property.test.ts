import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  control,
  createWorld,
  LIMIT,
  STEP_MS,
  settle,
  strides,
  trueWorst,
  type World,
} from "../../test/model/maker-world.ts";
import { type LinkFaults, modelEquity } from "../../test/model/model-venue.ts";
import { makerStatus } from "./maker-status.ts";

function expectAgreement({ venue, maker }: World): void {
  const { ledger } = maker;
  expect(ledger.position).toBe(venue.position);
  expect([...ledger.tids].sort((a, b) => a - b)).toEqual(venue.fills.map((fill) => fill.tid));
  expect(ledger.count).toBe(venue.fills.length);
  expect(ledger.adjustedLots).toBe(0);
  const pnl = makerStatus(maker).pnl;
  if (pnl === null) throw new Error("the ledger is open");
  expect(pnl.total).toBe(pnl.realised + pnl.unrealised - pnl.fees + pnl.funding);
  expect(pnl.total).toBe(pnl.cashChange + pnl.inventoryValue - pnl.baselineValue);
  expect(pnl.cashChange).toBe(venue.cash - 100_000_000_000);
}

const faultsArbitrary: fc.Arbitrary<LinkFaults> = fc.record({
  dropPct: fc.integer({ min: 0, max: 15 }),
  duplicatePct: fc.integer({ min: 0, max: 20 }),
  slowPct: fc.integer({ min: 0, max: 30 }),
  slowMsMax: fc.integer({ min: 100, max: 3_000 }),
});
const modelArbitrary = fc.constantFrom("glft", "avellanedaStoikov", "fixedSpread" as const);
const seedArbitrary = fc.integer({ min: 1, max: 2 ** 31 });

describe("maker over a faulty link", () => {
  it("quotes and gets filled on a clean link", () => {
    const world = createWorld(7);
    strides(world, 40, { wild: false });
    expect(makerStatus(world.maker).blocks).toEqual([]);
    expect(world.venue.live.size).toBe(6);
    strides(world, 400, { wild: true });
    settle(world, 200);
    expect(world.venue.fills.length).toBeGreaterThan(20);
    expectAgreement(world);
    expect(makerStatus(world.maker).residual).toBe(0);
  });

  it("keeps the true worst-case position within the limit at every moment", () => {
    fc.assert(
      fc.property(seedArbitrary, faultsArbitrary, modelArbitrary, (seed, faults, model) => {
        const world = createWorld(seed, { model });
        strides(world, 40, { wild: false });
        world.venue.faults = faults;
        const check = (): void => {
          const worst = trueWorst(world.venue);
          expect(worst.long).toBeLessThanOrEqual(LIMIT);
          expect(worst.short).toBeGreaterThanOrEqual(-LIMIT);
        };
        strides(world, 600, { wild: true, check });
      }),
      { numRuns: 60 },
    );
  });

  it("has no order left after a kill, and its ledger equals the sum of unique fills", () => {
    fc.assert(
      fc.property(seedArbitrary, faultsArbitrary, fc.boolean(), (seed, faults, all) => {
        const world = createWorld(seed, { cancelScope: all ? "all" : "own" });
        strides(world, 40, { wild: false });
        world.venue.faults = faults;
        strides(world, 150, { wild: true });
        control(world, { kind: "kill", text: "test" });
        strides(world, 60, { wild: true });
        settle(world, 500);
        expect(world.venue.live.size).toBe(0);
        expect(makerStatus(world.maker).flatBook).toBe(true);
        expect(makerStatus(world.maker).unknownOrders).toBe(0);
        expectAgreement(world);
        const placed = world.venue.placed;
        strides(world, 100, { wild: true });
        expect(world.venue.placed).toBe(placed);
        control(world, { kind: "rearm" });
        settle(world, 100);
        expect(world.venue.placed).toBeGreaterThan(placed);
      }),
      { numRuns: 60 },
    );
  });

  it("cancels everything when the feed falls silent and places nothing until re-armed", () => {
    fc.assert(
      fc.property(seedArbitrary, faultsArbitrary, (seed, faults) => {
        const world = createWorld(seed);
        const { venue, maker } = world;
        strides(world, 60, { wild: false });
        expect(venue.live.size).toBeGreaterThan(0);
        venue.feedOn = false;
        venue.faults = faults;
        const { staleDataMs, placeLifetimeMs, staleDataKillMs } = maker.config;
        strides(world, (staleDataMs + placeLifetimeMs + 2_000) / STEP_MS, { wild: true });
        const placed = venue.placed;
        strides(world, 50, { wild: true, check: () => expect(venue.placed).toBe(placed) });
        settle(world, 300);
        expect(venue.live.size).toBe(0);
        strides(world, staleDataKillMs / STEP_MS, { wild: false });
        expect(makerStatus(maker).phase).toBe("killed");
        venue.feedOn = true;
        strides(world, 100, { wild: false });
        expect(venue.placed).toBe(placed);
        control(world, { kind: "rearm" });
        strides(world, 100, { wild: false });
        expect(venue.placed).toBeGreaterThan(placed);
      }),
      { numRuns: 10 },
    );
  });

  it("gives equal requests for equal inputs", () => {
    const trace = (): unknown[] => {
      const world = createWorld(99);
      world.venue.faults = { dropPct: 10, duplicatePct: 10, slowPct: 10, slowMsMax: 900 };
      strides(world, 300, { wild: true });
      return [world.maker.counters, world.venue.fills, makerStatus(world.maker)];
    };
    expect(trace()).toEqual(trace());
  });

  it("counts what the account is worth exactly as the venue does", () => {
    fc.assert(
      fc.property(seedArbitrary, (seed) => {
        const world = createWorld(seed);
        strides(world, 200, { wild: true });
        settle(world, 250);
        expect(makerStatus(world.maker).residual).toBe(0);
        const { pnl, startEquity } = makerStatus(world.maker);
        const { venue } = world;
        const unmarked = (pnl?.inventoryValue ?? 0) - venue.position * venue.midPx;
        expect((startEquity ?? 0) + (pnl?.total ?? 0) - unmarked).toBe(modelEquity(venue));
      }),
      { numRuns: 10 },
    );
  });
});
