import { describe, expect, it, test } from "vitest";
import {
  control,
  createWorld,
  LIMIT,
  settle,
  strides,
  trueWorst,
  type World,
} from "../../test/model/maker-world.ts";
import { hitBest, MODEL_SPEC, setStreams } from "../../test/model/model-venue.ts";
import { BUY, SELL } from "../base/side.ts";
import { MAKER_CONFIG_DEFAULTS } from "./config.ts";
import { cloidOf } from "./execution/cloid.ts";
import { onTimer, onVenueEvent } from "./maker.ts";
import { createMaker } from "./maker-state.ts";
import { makerStatus } from "./maker-status.ts";
import { configProblem } from "./parameters.ts";
import type { VenueOrder } from "./venue.ts";

const CALM = { wild: false };
const status = (world: World) => makerStatus(world.maker);
const codes = (world: World): string[] => status(world).blocks.map(({ code }) => code);

function quotingWorld(overrides: Parameters<typeof createWorld>[1] = {}): World {
  const world = createWorld(3, overrides);
  strides(world, 40, CALM);
  expect(status(world).phase).toBe("quoting");
  return world;
}

function standingOrder(world: World, oid: number, cloid: VenueOrder["cloid"]): VenueOrder {
  const order: VenueOrder = {
    oid,
    cloid,
    side: BUY,
    px: 900_000,
    sz: 100,
    origSz: 100,
    status: "open",
    timeMs: 0,
  };
  world.venue.live.set(oid, order);
  return order;
}

describe("start", () => {
  it("says what it waits for before anything was heard", () => {
    const maker = createMaker({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 });
    expect(onTimer(maker, 1_000)).toEqual([]);
    const { phase, blocks } = makerStatus(maker);
    expect(phase).toBe("starting");
    expect(blocks.map(({ code }) => code)).toEqual([
      "disconnected",
      "marketSpecUnknown",
      "marketDataUnknown",
      "userFeedUnknown",
      "syncing",
      "accountUnknown",
      "noFairPrice",
    ]);
  });

  it("sends nothing but the clean-up before it agrees with the venue", () => {
    const maker = createMaker({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 });
    onVenueEvent(maker, { kind: "marketSpec", spec: MODEL_SPEC }, 1_000);
    const kinds = onVenueEvent(maker, { kind: "connection", up: true }, 1_000).map((r) => r.kind);
    expect(kinds).toEqual(["queryOpenOrders"]);
  });

  test.each([
    ["own", 1],
    ["all", 0],
  ] as const)(
    "with scope %s it clears orders of an earlier run and leaves %i of others",
    (cancelScope, left) => {
      const world = createWorld(3, { cancelScope });
      const { cloidPrefix } = world.maker.config;
      standingOrder(world, 1_001, cloidOf({ cloidPrefix, sessionId: 999_999 }, 4));
      standingOrder(world, 1_002, null);
      strides(world, 60, CALM);
      expect(world.venue.live.has(1_001)).toBe(false);
      expect(world.venue.live.has(1_002)).toBe(left === 1);
      expect(status(world).foreignOrders).toBe(left);
      expect(status(world).phase).toBe("quoting");
    },
  );

  test.each([
    [false, "failed"],
    [true, "quoting"],
  ])(
    "when orders cannot be cleared and a dirty start is allowed: %s, it is %s",
    (allowDirtyStart, phase) => {
      const world = createWorld(3, { allowDirtyStart });
      const { cloidPrefix } = world.maker.config;
      const stuck = standingOrder(world, 1_001, cloidOf({ cloidPrefix, sessionId: 999_999 }, 4));
      for (let i = 0; i < 120; i++) {
        // Whatever cancels it, it comes back.
        world.venue.live.set(stuck.oid, stuck);
        strides(world, 1, CALM);
      }
      expect(status(world).phase).toBe(phase);
      if (phase === "failed") {
        expect(world.venue.placed).toBe(0);
        expect(status(world).blocks[0]?.text).toContain("5 rounds");
      }
    },
  );

  it("takes a position that is there as the start of its books", () => {
    const world = createWorld(3);
    world.venue.position = 700;
    strides(world, 60, CALM);
    expect(status(world).position.size).toBe(700);
    expect(status(world).pnl?.total).toBe(0);
  });

  it("with a position past the limit quotes back to zero only", () => {
    const world = createWorld(3);
    world.venue.position = LIMIT + 500;
    strides(world, 60, CALM);
    const orders = status(world).orders;
    expect(orders.length).toBeGreaterThan(0);
    expect(orders.every(({ side }) => side === SELL)).toBe(true);
    expect(trueWorst(world.venue).short).toBeGreaterThanOrEqual(0);
    expect(status(world).kill.killed).toBe(false);
  });
});

describe("while quoting", () => {
  it("leaves its orders alone while nothing moves", () => {
    const world = quotingWorld();
    const { placed } = world.venue;
    strides(world, 200, CALM);
    expect(world.venue.placed).toBe(placed);
  });

  it("moves both quotes down when it is long and up when it is short", () => {
    const long = quotingWorld();
    const before = Math.max(
      ...status(long)
        .orders.filter((o) => o.side === BUY)
        .map((o) => o.px),
    );
    hitBest(long.venue, BUY, 690);
    strides(long, 40, CALM);
    const after = Math.max(
      ...status(long)
        .orders.filter((o) => o.side === BUY)
        .map((o) => o.px),
    );
    expect(after).toBeLessThan(before);
    expect(status(long).quote.reservationPx).toBeLessThan(status(long).quote.fairPx ?? 0);
  });

  it("does not follow its own quotes where nobody else quotes", () => {
    const world = quotingWorld();
    const { venue, maker } = world;
    venue.feedOn = false;
    const own = [...venue.live.values()];
    const side = (which: number) =>
      own
        .filter((order) => order.side === which)
        .map(({ px, sz }) => ({ px, sz }))
        .sort((a, b) => (which === BUY ? b.px - a.px : a.px - b.px));
    const timeMs = venue.nowMs + 1;
    venue.listener({ kind: "book", depth: "full", timeMs, bids: side(BUY), asks: side(SELL) });
    expect(status(world).quote.fairPx).toBeNull();
    venue.listener({ kind: "reference", timeMs, oraclePx: 1_000_000, markPx: 0 });
    expect(status(world).quote).toMatchObject({ fairPx: 1_000_000, fairSource: "reference" });
    expect(maker.latch.killed).toBe(false);
  });

  it("pauses, resumes and cancels all on request", () => {
    const world = quotingWorld();
    control(world, { kind: "pause" });
    strides(world, 40, CALM);
    expect([status(world).phase, world.venue.live.size]).toEqual(["paused", 0]);
    control(world, { kind: "resume" });
    strides(world, 40, CALM);
    const cloids = new Set(status(world).orders.map(({ cloid }) => cloid));
    expect(cloids.size).toBe(6);
    control(world, { kind: "cancelAll" });
    strides(world, 60, CALM);
    expect(status(world).phase).toBe("quoting");
    expect(status(world).orders.filter(({ cloid }) => cloids.has(cloid))).toEqual([]);
  });

  it("cancels one order on request and shows its level again", () => {
    const world = quotingWorld();
    const [first] = status(world).orders;
    if (first === undefined) throw new Error("it quotes");
    control(world, { kind: "cancelOrder", cloid: first.cloid });
    strides(world, 40, CALM);
    const { orders } = status(world);
    expect(orders.map(({ cloid }) => cloid)).not.toContain(first.cloid);
    expect(orders.length).toBe(6);
  });

  it("cancels at once when the streams go down, and agrees with the venue before it quotes again", () => {
    const world = quotingWorld();
    setStreams(world.venue, false);
    strides(world, 40, CALM);
    expect([status(world).phase, world.venue.live.size]).toEqual(["stale", 0]);
    const { placed } = world.venue;
    setStreams(world.venue, true);
    expect(codes(world)).toContain("syncing");
    strides(world, 60, CALM);
    expect(world.venue.placed).toBeGreaterThan(placed);
  });

  it("stops with nothing left", () => {
    const world = quotingWorld();
    hitBest(world.venue, SELL, 100);
    control(world, { kind: "stop" });
    strides(world, 60, CALM);
    expect([status(world).phase, world.venue.live.size]).toEqual(["stopped", 0]);
  });

  it("keeps the rest of its budget for cancels", () => {
    const world = quotingWorld();
    world.venue.listener({ kind: "budget", used: 9_900, cap: 10_000 });
    strides(world, 40, CALM);
    expect(codes(world)).toContain("budgetLow");
    expect(world.venue.live.size).toBe(0);
  });

  it("takes over a position that no fill explains, and says so", () => {
    const world = quotingWorld();
    world.venue.position += 123;
    strides(world, 400, CALM);
    expect(status(world)).toMatchObject({
      phase: "quoting",
      position: { size: 123, adjusted: 123 },
    });
  });

  it("goes on without the dead-man timer when the venue refuses it", () => {
    const world = quotingWorld({ deadManMs: 30_000 });
    strides(world, 60, CALM);
    expect(world.maker.deadManArmed).toBe(false);
    expect(status(world).phase).toBe("quoting");
  });

  it("sets the dead-man timer while it quotes and takes it back once nothing rests", () => {
    const world = quotingWorld({ deadManMs: 30_000 });
    world.venue.offersDeadMan = true;
    world.maker.nextDeadManMs = 0;
    strides(world, 60, CALM);
    expect(world.venue.deadManMs).toBeGreaterThan(world.maker.nowMs);
    control(world, { kind: "pause" });
    strides(world, 60, CALM);
    expect([world.venue.live.size, world.venue.deadManMs]).toEqual([0, null]);
  });
});

describe("reasons", () => {
  it.each(["glft", "avellanedaStoikov", "fixedSpread"] as const)(
    "%s: every order keeps what its price was made of, and the parts add up",
    (model) => {
      const world = quotingWorld({ model });
      strides(world, 200, { wild: true });
      settle(world, 60);
      const { orders } = status(world);
      expect(orders.length).toBeGreaterThan(0);
      for (const { side, px, reason } of orders) {
        if (reason === null) throw new Error("an order of this run has a reason");
        const { fairPx, reservationPx, halfSpread, terms, skew, rawPx, level } = reason;
        expect(reason).toMatchObject({ model, px });
        expect(terms.reduce((sum, { ticks }) => sum + ticks, 0)).toBeCloseTo(halfSpread, 6);
        expect(reservationPx).toBeCloseTo(fairPx - skew, 6);
        const away = (level * world.maker.config.levelSpacingBps * fairPx) / 10_000;
        const sign = side === BUY ? -1 : 1;
        const edge = reservationPx + sign * halfSpread;
        const first = side === BUY ? Math.min(edge, fairPx) : Math.max(edge, fairPx);
        expect(rawPx).toBeCloseTo(first + sign * away, 6);
        expect(sign * (px - rawPx)).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it("show in the model of the status, with what is estimated and what is a prior", () => {
    const world = quotingWorld({ model: "glft" });
    expect(status(world).model).toMatchObject({
      name: "glft",
      gamma: 0.15,
      estimates: { sigma: { source: "prior" }, intensity: { source: "prior", count: 0 } },
    });
    for (let i = 0; i < 12; i++) {
      hitBest(world.venue, i % 2 === 0 ? BUY : SELL, 690);
      world.venue.midPx += i % 2 === 0 ? 100 : -100;
      strides(world, 70, CALM);
    }
    const { model, sides } = status(world);
    expect(model?.estimates.intensity).toMatchObject({ source: "estimated", count: 12 });
    expect(model?.estimates.sigma.source).toBe("estimated");
    expect(model?.estimates.fee.source).toBe("estimated");
    expect(sides).toEqual({
      bid: { state: "quoting", text: "" },
      ask: { state: "quoting", text: "" },
    });
  });
});

describe("flatten", () => {
  function longWorld(): World {
    const world = quotingWorld();
    hitBest(world.venue, BUY, 650);
    strides(world, 20, CALM);
    expect(world.venue.position).toBe(650);
    return world;
  }

  it("cancels all, closes the position and stays paused", () => {
    const world = longWorld();
    control(world, { kind: "flatten" });
    expect(codes(world)).toContain("flattening");
    strides(world, 40, CALM);
    expect([world.venue.position, world.venue.live.size]).toEqual([0, 0]);
    expect(status(world).phase).toBe("paused");
    expect(status(world).sides.bid).toEqual({ state: "off", text: "paused after flattening" });
    control(world, { kind: "resume" });
    strides(world, 40, CALM);
    expect(status(world).phase).toBe("quoting");
  });

  it("with nothing to close only pauses", () => {
    const world = quotingWorld();
    const { placed } = world.venue;
    control(world, { kind: "flatten" });
    strides(world, 40, CALM);
    expect([status(world).phase, world.venue.placed]).toEqual(["paused", placed]);
  });

  it("takes what the book offers, tries three times, and says what is left", () => {
    const world = longWorld();
    world.venue.offered = 200;
    control(world, { kind: "flatten" });
    strides(world, 400, CALM);
    expect(world.venue.position).toBe(50);
    expect(codes(world)).toEqual(["paused"]);
    expect(status(world).blocks[0]?.text).toContain("50 lots could not be closed");
  });

  it("a kill ends it: nothing more is sent", () => {
    const world = longWorld();
    world.venue.offered = 200;
    control(world, { kind: "flatten" });
    strides(world, 30, CALM);
    const { placed } = world.venue;
    control(world, { kind: "kill", text: "test" });
    strides(world, 300, CALM);
    expect(world.venue.placed).toBe(placed);
    control(world, { kind: "rearm" });
    strides(world, 60, CALM);
    expect([status(world).phase, world.venue.placed]).toEqual(["paused", placed]);
  });
});

describe("settings while it runs", () => {
  const configure = (world: World, changes: Record<string, number>): void =>
    control(world, { kind: "configure", changes });

  it("takes changes over in the next round", () => {
    const world = quotingWorld();
    expect(configProblem(world.maker, { halfSpreadBps: 20, levels: 2 })).toBeNull();
    configure(world, { halfSpreadBps: 20, levels: 2 });
    strides(world, 40, CALM);
    const { orders, parameters } = status(world);
    expect(orders.length).toBe(4);
    expect(Math.max(...orders.filter((o) => o.side === BUY).map((o) => o.px))).toBe(998_000);
    expect(parameters.find(({ key }) => key === "halfSpreadBps")?.value).toBe(20);
  });

  it.each<[Record<string, number>, RegExp]>([
    [{ halfSpreadBps: 20, levels: 1.5 }, /levels must be an integer/],
    [{ halfSpreadBps: 20, sessionId: 5 }, /sessionId cannot be changed/],
    [{ halfSpreadBps: Number.NaN }, /halfSpreadBps must be/],
    [{ levels: 100, levelSpacingBps: 100 }, /quoteDistanceBpsMax/],
    [{ gammaBase: 1 }, /gammaBase cannot be changed/],
  ])("%j is refused as a whole", (changes, problem) => {
    const world = quotingWorld();
    const before = world.maker.config;
    expect(configProblem(world.maker, changes)).toMatch(problem);
    configure(world, changes);
    expect(world.maker.config).toBe(before);
  });

  it("a limit that shrinks below the position kills nothing: only the way back is quoted", () => {
    const world = quotingWorld({ maxPositionContracts: null, maxPositionNotional: 3_000_000_000 });
    hitBest(world.venue, BUY, 690);
    strides(world, 20, CALM);
    configure(world, { maxPositionNotional: 200_000_000 });
    strides(world, 40, CALM);
    expect(status(world).position.limit).toBe(200);
    expect(status(world).kill.killed).toBe(false);
    expect(status(world).orders.every(({ side }) => side === SELL)).toBe(true);
    expect(status(world).sides.bid.state).toBe("off");
  });
});

describe("kill switch", () => {
  const killedBy = (world: World): string[] => status(world).kill.reasons.map((r) => r.reason);

  function expectKilled(world: World, reason: string): void {
    settle(world, 80);
    expect(killedBy(world)).toContain(reason);
    expect(status(world).phase).toBe("killed");
    expect(world.venue.live.size).toBe(0);
    const { placed } = world.venue;
    strides(world, 60, CALM);
    expect(world.venue.placed).toBe(placed);
  }

  test.each<[string, Parameters<typeof createWorld>[1]]>([
    ["dailyLoss", { maxDailyLoss: 1_000_000 }],
    ["drawdown", { maxDrawdown: 0.0001 }],
  ])("%s", (reason, overrides) => {
    const world = quotingWorld(overrides);
    hitBest(world.venue, BUY, 690);
    strides(world, 10, CALM);
    expect(status(world).kill.killed).toBe(false);
    world.venue.midPx -= 60_000;
    expectKilled(world, reason);
  });

  it("position runs away", () => {
    const world = quotingWorld();
    world.venue.position += 2 * LIMIT + 1;
    strides(world, 200, CALM);
    expectKilled(world, "positionRunaway");
  });

  it("reject storm", () => {
    const world = quotingWorld({ rejectStormCount: 4 });
    world.venue.refuseAll = true;
    world.venue.midPx += 2_000;
    strides(world, 100, CALM);
    expectKilled(world, "rejectStorm");
  });

  it("an error inside kills, and the orders still go", () => {
    const world = quotingWorld();
    const poison = { kind: "book", depth: "full", timeMs: world.venue.nowMs + 1 } as never;
    world.venue.listener(poison);
    expectKilled(world, "internalError");
  });

  it("stays killed in a maker that starts with the stored latch", () => {
    const world = quotingWorld();
    control(world, { kind: "kill", text: "by hand" });
    const stored = JSON.parse(JSON.stringify(world.maker.latch));
    const next = createWorld(4);
    next.maker.latch = stored;
    strides(next, 100, CALM);
    expect(status(next).phase).toBe("killed");
    expect(next.venue.placed).toBe(0);
    control(next, { kind: "rearm" });
    strides(next, 60, CALM);
    expect(status(next).phase).toBe("quoting");
  });
});
