/**
 * The whole system from one seed: exchange, journal, disk, market maker, link, noise market and a
 * few random clients in one thread on simulated time, with everything breaking now and then.
 */

import { assert } from "../../src/base/assert.ts";
import {
  createDigest,
  digestHex,
  updateDigest,
  updateDigestNumber,
  updateDigestText,
} from "../../src/base/digest.ts";
import { DEFAULT_FEATURES } from "../../src/base/features.ts";
import type { Hex } from "../../src/base/hex.ts";
import { floorLegalPx } from "../../src/base/instrument-spec.ts";
import { BUY, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import type { CommandRecord } from "../../src/exchange/command.ts";
import type { Command } from "../../src/exchange/command-codec.ts";
import { EVENT_LANES, type EventRing, eventLane } from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { VENUE_FUNDING } from "../../src/exchange/funding/funding-terms.ts";
import { VENUE_MARK } from "../../src/exchange/oracle/mark-terms.ts";
import { marketSpec, oraclePx } from "../../src/exchange/query.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { replayJournal } from "../../src/journal/replay.ts";
import { makerStatus } from "../../src/maker/maker-status.ts";
import type { VenueEvent, VenueRequest } from "../../src/maker/venue.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import type { RunningExchange } from "../../src/sim/exchange-host.ts";
import { SOUND_LINK } from "../../src/sim/faulty-link.ts";
import { createLatchStore, type LatchStore } from "../../src/sim/maker-host.ts";
import type { SimulatedVenue } from "../../src/sim/simulated-venue.ts";
import { createSimulation, type Simulation } from "../../src/sim/simulation.ts";
import { createExchangeWatch, type ExchangeWatch } from "./exchange-watch.ts";
import { createMakerWatch, type MakerWatch } from "./maker-watch.ts";
import type { Mutation, Seams } from "./mutations.ts";
import { createPlan, type Moment, type WorldPlan } from "./plan.ts";
import { checkAcked, createRover, type Rover, roverAddress } from "./rover.ts";

/** Payments often enough for several in a world, and between any two crashes [ms]. */
const FUNDING_EVERY_MS = 10_000;

const fundingEvery = (intervalMs: number): Command => ({
  kind: "setFunding",
  ...VENUE_FUNDING,
  intervalMs,
  sampleMs: 1_000,
  markets: [0, 1].map((market) => ({ market, impactNotional: 1_000_000_000 })),
});

/** What happened in a world. */
export interface WorldCounts {
  commands: number;
  fills: number;
  exchangeCrashes: number;
  makerCrashes: number;
  restarts: number;
  tornBytes: number;
  unknownOutcomes: number;
  lostMessages: number;
  liquidations: number;
  takeovers: number;
  deleveraged: number;
  kills: number;
}

/** How a world went. */
export interface WorldResult {
  readonly seed: number;
  /** Digest of exchange, maker and everything that happened; null when it failed. */
  readonly hash: string | null;
  /** Which rule broke, and when; null when none did. */
  readonly failure: string | null;
  readonly counts: WorldCounts;
}

/** How to run a world. */
export interface WorldOptions {
  readonly mutation?: Mutation | undefined;
  /** Told in words what happens. */
  readonly trace?: ((line: string) => void) | undefined;
}

const START_MS = Date.UTC(2026, 0, 5, 23, 59, 20);
const MAKER: Hex = `0x${"aa".repeat(20)}`;
/** Signs what is traded by hand on the maker's account. */
const BY_HAND: Hex = `0x${"ab".repeat(20)}`;
/** Takes over what the book cannot close; it does nothing of its own accord. */
const BACKSTOP: Hex = `0x${"b5".repeat(20)}`;
/** Bet on the leaps of the price, one each way, with this much each time [10^-6 USDC]. */
const GAMBLERS: readonly Hex[] = [`0x${"9a".repeat(20)}`, `0x${"9b".repeat(20)}`];
const BET = 500_000_000;
/** Three clients, the first with little to lose [10^-6 USDC]. */
const ROVER_DEPOSITS = [500_000_000, 3_000_000_000, 15_000_000_000];
/** Too many to be told of. */
const QUIET_EVENTS = new Set(["book", "reference", "trades", "heartbeat", "budget"]);
const SUPERVISE_MS = 500;
const STOP_MS = 12_000;

interface World {
  readonly plan: WorldPlan;
  readonly seams: Seams;
  readonly sim: Simulation;
  readonly rovers: Rover[];
  readonly exchangeWatch: ExchangeWatch;
  readonly makerWatch: MakerWatch;
  readonly counts: WorldCounts;
  readonly digest: ReturnType<typeof createDigest>;
  readonly trace: (line: string) => void;
  /** How the exchange comes back after the next crash. */
  next: { downMs: number; clockOffsetMs: number };
  ring: EventRing | null;
  ringAt: number;
  killedSinceMs: number | null;
}

/** Runs the world of a seed to its end or to the first broken rule. */
export function runWorld(seed: number, options: WorldOptions = {}): WorldResult {
  const counts = noCounts();
  let nowMs = (): number => 0;
  try {
    const world = createWorld(seed, options, counts);
    nowMs = () => world.sim.schedule.nowMs - START_MS;
    return { seed, hash: play(world), failure: null, counts };
  } catch (error) {
    // Whatever breaks anywhere is what a world is run for: the caller prints it with the seed.
    const text = error instanceof Error ? error.message : String(error);
    if (options.trace !== undefined && error instanceof Error) options.trace(error.stack ?? text);
    return { seed, hash: null, failure: `${text} (after ${nowMs()} ms)`, counts };
  }
}

/** Both ways to deleverage, and positions that are closed in part first. */
/** A pool around the price that a world begins at. */
const POOL = {
  market: 0,
  lowPx: 620_000,
  highPx: 660_000,
  levels: 9,
  size: 30,
  gridFlags: 8,
  feeShareBps: 3_000,
  streamMs: 5_000,
};

const defaultPolicy = (seed: number): Command => ({
  kind: "setDefaultPolicy",
  adl: seed % 2,
  partialAbove: (seed % 3) * 1_000_000_000,
  backstop: BACKSTOP,
  lossMax: 100_000_000_000,
});

function createWorld(seed: number, options: WorldOptions, counts: WorldCounts): World {
  const plan = createPlan(seed);
  const seams = options.mutation?.seams() ?? {};
  const digest = createDigest();
  const exchangeWatch = createExchangeWatch();
  const hold: { world?: World } = {};
  const store = watchedStore(createLatchStore(), (latch) => makerWatch.noteLatch(latch));
  const sim: Simulation = createSimulation({
    seed,
    startMs: START_MS,
    markets: DEFAULT_MARKETS.slice(0, 2),
    makerAddress: MAKER,
    makerDeposit: plan.makerDeposit,
    makerConfigOf: (sessionId) => ({ ...plan.makerConfig, sessionId }),
    traders: "noise",
    noise: { takerEveryMs: plan.takerEveryMs },
    faults: plan.faults,
    timing: plan.timing,
    disk: { latencyMsMax: plan.diskLatencyMsMax, skipSync: seams.skipSync === true },
    latchStore: seams.wrapLatchStore?.(store) ?? store,
    wrapVenue: (venue) => {
      const watched = watchedVenue(venue, (event) => {
        makerWatch.noteEvent(event);
        if (!QUIET_EVENTS.has(event.kind)) hold.world?.trace(`  <- ${JSON.stringify(event)}`);
      });
      return seams.wrapVenue?.(watched, sim.schedule) ?? watched;
    },
    exchange: {
      snapshotEvery: plan.snapshotEvery,
      segmentBytes: plan.segmentBytes,
      commandsMax: plan.commandsMax,
      open: seams.open,
      onCommand: (state, record) => {
        if (hold.world !== undefined) noteCommand(hold.world, state, record);
        else exchangeWatch.noteCommand(state, record);
      },
      onDurable: (ring, from, to) => {
        if (hold.world !== undefined) noteDurable(hold.world, ring, from, to);
      },
      onStop: () => {
        if (hold.world !== undefined) noteStop(hold.world);
      },
    },
    onRequest: (request) => {
      if (hold.world !== undefined) noteRequest(hold.world, request);
    },
    genesis: [
      ...ROVER_DEPOSITS.map(
        (amount, index): Command => ({ kind: "deposit", address: roverAddress(index), amount }),
      ),
      { kind: "deposit", address: BACKSTOP, amount: 200_000_000_000 },
      { kind: "setFeatures", ...DEFAULT_FEATURES, vaults: 1, pools: 1, lockupMs: 2_000 },
      { kind: "createPool", ...POOL },
      { kind: "fundInsurance", amount: seed % 4 === 0 ? 1 : 5_000_000_000 },
      defaultPolicy(seed),
      {
        kind: "approveAgent",
        signer: MAKER,
        nonce: START_MS,
        agent: BY_HAND,
        name: "by hand",
        validUntilMs: 0,
      },
      fundingEvery(FUNDING_EVERY_MS),
      { kind: "setMark", ...VENUE_MARK, markets: [0, 1] },
    ],
  });
  const makerWatch = createMakerWatch({
    plan,
    schedule: sim.schedule,
    address: MAKER,
    host: () => sim.maker,
  });
  const world: World = {
    plan,
    seams,
    sim,
    rovers: [],
    exchangeWatch,
    makerWatch,
    counts,
    digest,
    trace: (line) => options.trace?.(`${sim.schedule.nowMs - START_MS} ${line}`),
    next: { downMs: 500, clockOffsetMs: 0 },
    ring: null,
    ringAt: 0,
    killedSinceMs: null,
  };
  hold.world = world;
  return world;
}

function play(world: World): string {
  const { plan, sim, makerWatch } = world;
  const { schedule, exchange, link } = sim;
  exchange.clockOffsetMs = plan.clockOffsets.exchange;
  sim.maker.clockOffsetMs = plan.clockOffsets.maker;
  for (let index = 0; index < ROVER_DEPOSITS.length; index++) {
    world.rovers.push(
      createRover({
        schedule,
        exchange,
        seed: plan.seed,
        index,
        faults: plan.roverFaults,
        onReleased: (seq) => world.exchangeWatch.noteTold(seq),
      }),
    );
  }
  startMaker(world);
  for (const moment of plan.moments) schedule.after(moment.atMs, () => happen(world, moment));
  schedule.after(SUPERVISE_MS, () => supervise(world));
  sim.runFor(plan.activeMs);

  world.trace("settle");
  for (const rover of world.rovers) {
    rover.isActive = false;
    rover.link.faults = SOUND_LINK;
  }
  link.faults = SOUND_LINK;
  link.muted.clear();
  sim.diskLatencyMsMax = plan.diskLatencyMsMax;
  exchange.crashAfterOperations(Number.POSITIVE_INFINITY);
  for (const operation of ["append", "sync"] as const) {
    sim.disk.failNext(operation, Number.POSITIVE_INFINITY);
  }
  makerWatch.noteDisturbance();
  sim.runFor(plan.settleMs / 2);
  makerWatch.checkQuoting();
  sim.isTraded = false;
  // The last payment is told of before everything is compared.
  sim.exchange.submit(fundingEvery(0));
  sim.runFor(plan.settleMs / 2);
  const running = exchange.running;
  assert(running !== null, "the exchange runs once the world has settled");
  makerWatch.checkSettled(running);
  for (const rover of world.rovers) checkAcked(rover, running.models);
  return finish(world, running);
}

/** Stops the maker, closes the exchange, and reads the journal back in every way. */
function finish(world: World, running: RunningExchange): string {
  const { sim, digest, counts, exchangeWatch, makerWatch } = world;
  sim.maker.control({ kind: "stop" });
  sim.runFor(STOP_MS);
  makerWatch.checkGone(running.sequencer.state);
  const maker = sim.maker.running?.maker;
  assert(maker !== undefined, "a maker that stops in order is there to the end");
  counts.unknownOutcomes += maker.counters.unknown;
  updateDigestText(digest, JSON.stringify(makerStatus(maker)));
  sim.maker.crash();

  while (running.sequencer.durableSeq < running.sequencer.appliedSeq) sim.runFor(1);
  exchangeWatch.checkEnd(running);
  const live = stateHash(running.sequencer.state);
  sim.exchange.close(() => undefined);
  sim.runFor(1_000);
  const again = sim.exchange.start();
  exchangeWatch.checkEnd(again);
  assert(stateHash(again.sequencer.state) === live, "an orderly close loses nothing");
  const replay = replayJournal(sim.disk);
  assert(replay.hash === live, "the journal from its first command gives the live state");
  counts.commands = exchangeWatch.commands;
  counts.kills = makerWatch.kills;
  counts.lostMessages = sim.link.stats.dropped;
  updateDigestText(digest, live);
  return digestHex(digest);
}

function happen(world: World, moment: Moment): void {
  const { sim, makerWatch } = world;
  const { schedule, link, maker, exchange } = sim;
  world.trace(JSON.stringify(moment));
  switch (moment.kind) {
    case "exchangeCrash":
      world.next = moment;
      exchange.crashAfterOperations(moment.afterOperations);
      return;
    case "diskFailure":
      world.next = { downMs: moment.downMs, clockOffsetMs: exchange.clockOffsetMs };
      sim.disk.failNext(moment.operation);
      return;
    case "makerCrash":
      stopMaker(world, moment.downMs, moment.clockOffsetMs);
      return;
    case "cut":
      link.cut();
      maker.running?.venue.loseConnection();
      makerWatch.noteDisturbance();
      schedule.after(moment.forMs, () => {
        link.mend();
        makerWatch.noteDisturbance();
      });
      return;
    case "mute":
      link.muted.add(moment.stream);
      schedule.after(moment.forMs, () => link.muted.delete(moment.stream));
      return;
    case "kill":
      maker.control({ kind: "kill", text: "the operator's order" });
      return;
    case "pause":
      maker.control({ kind: "pause" });
      schedule.after(moment.forMs, () => maker.control({ kind: "resume" }));
      return;
    case "cancelAll":
      maker.control({ kind: "cancelAll" });
      return;
    case "cancelOne":
      cancelOne(world);
      return;
    case "flatten":
      maker.control({ kind: "flatten" });
      schedule.after(moment.forMs, () => maker.control({ kind: "resume" }));
      return;
    case "configure":
      maker.control(moment);
      return;
    case "diskStall":
      sim.diskLatencyMsMax = moment.latencyMsMax;
      makerWatch.noteDisturbance();
      schedule.after(moment.forMs, () => endStall(world));
      return;
    case "clockStep":
      (moment.of === "maker" ? maker : exchange).clockOffsetMs = moment.clockOffsetMs;
      return;
    case "manual":
      tradeByHand(world, moment);
      return;
    case "jump":
      jump(world, moment.market, moment.factor);
  }
}

/** The operator cancels one order by hand, whatever state it is in. */
function cancelOne({ sim }: World): void {
  const order = sim.maker.running?.maker.orders.active.values().next().value;
  if (order !== undefined) sim.maker.control({ kind: "cancelOrder", cloid: order.cloid });
}

function endStall({ sim, plan, makerWatch }: World): void {
  const stalledMs = sim.diskLatencyMsMax;
  sim.diskLatencyMsMax = plan.diskLatencyMsMax;
  // What began while it was slow ends when it ends.
  sim.schedule.after(2 * stalledMs, () => makerWatch.noteDisturbance());
}

function tradeByHand(
  { sim }: World,
  { side, notional, rests }: Extract<Moment, { kind: "manual" }>,
): void {
  const { running } = sim.exchange;
  if (running === null) return;
  const { state } = running.sequencer;
  const towards = (side === BUY ? 1 : -1) * (rests ? -0.001 : 0.002);
  const px = floorLegalPx(marketSpec(state, 0), oraclePx(state, 0) * (1 + towards));
  const sz = Math.floor(notional / px);
  const order = { market: 0, side, px, sz, tif: rests ? TIF.alo : TIF.ioc };
  const nonce = sim.schedule.nowMs;
  sim.exchange.submit({ kind: "placeOrders", signer: BY_HAND, nonce, orders: [order] });
}

/** The reference price leaps; whoever is thin is liquidated, as one of two who bet on it at 19 times their money. */
function jump({ sim }: World, market: number, factor: number): void {
  const running = sim.exchange.running;
  if (running !== null) {
    const { state } = running.sequencer;
    const px = floorLegalPx(marketSpec(state, market), oraclePx(state, market));
    const sz = Math.floor((19 * BET) / px);
    GAMBLERS.forEach((signer, side) => {
      sim.exchange.submit({ kind: "deposit", address: signer, amount: BET });
      const order = { market, side: side as Side, px, sz, tif: TIF.gtc };
      const nonce = sim.schedule.nowMs;
      sim.exchange.submit({ kind: "placeOrders", signer, nonce, orders: [order] });
    });
  }
  sim.traders.scaleReference(market, factor);
  const px = sim.traders.referencePx(market, sim.schedule.nowMs);
  sim.exchange.submit({ kind: "setOraclePrices", prices: [{ market, px: Math.round(px) }] });
}

function startMaker(world: World): void {
  const { sim, makerWatch, seams } = world;
  makerWatch.noteStart();
  const { maker, sessionId } = sim.maker.start();
  world.trace(`maker starts, session ${sessionId}`);
  seams.onMakerStart?.(maker);
}

function stopMaker(world: World, downMs: number, clockOffsetMs: number): void {
  const { sim, counts } = world;
  const { running } = sim.maker;
  if (running === null) return;
  counts.makerCrashes += 1;
  counts.unknownOutcomes += running.maker.counters.unknown;
  sim.maker.crash();
  sim.schedule.after(downMs, () => {
    sim.maker.clockOffsetMs = clockOffsetMs;
    startMaker(world);
  });
}

/** What an operator does: starts a maker anew that gave up, arms one again that was killed. */
function supervise(world: World): void {
  const { sim, plan, makerWatch } = world;
  const { schedule, maker } = sim;
  const running = maker.running;
  schedule.after(SUPERVISE_MS, () => supervise(world));
  if (running === null) return;
  if (running.maker.failure !== null) {
    world.trace(`maker gave up: ${running.maker.failure}`);
    stopMaker(world, 1_000, maker.clockOffsetMs);
    return;
  }
  if (!running.maker.latch.killed) {
    world.killedSinceMs = null;
    return;
  }
  world.killedSinceMs ??= schedule.nowMs;
  if (plan.rearmAfterMs === null) return;
  if (schedule.nowMs - world.killedSinceMs < plan.rearmAfterMs) return;
  world.trace(`armed again after ${JSON.stringify(running.maker.latch.reasons)}`);
  makerWatch.noteRearm();
  maker.control({ kind: "rearm" });
}

function noteCommand(world: World, state: ExchangeState, record: CommandRecord): void {
  const { events } = state;
  const from = world.ring === events ? world.ringAt : 0;
  world.ring = events;
  world.ringAt = events.written;
  world.seams.onCommand?.(state, readEvents(events, from, events.written));
  world.exchangeWatch.noteCommand(state, record);
  world.makerWatch.noteCommand(state, events, from);
}

function noteDurable(world: World, ring: EventRing, from: number, to: number): void {
  const { digest, counts, exchangeWatch, seams, sim } = world;
  const events = readEvents(ring, from, to);
  if (sim.exchange.running !== null) seams.onDurable?.(sim.exchange.running.models, events);
  for (const event of events) {
    exchangeWatch.noteTold(event.seq);
    if (event.kind === "liquidationStarted") counts.liquidations += 1;
    if (event.kind === "backstopTookOver") counts.takeovers += 1;
    if (event.kind === "deleveraged") counts.deleveraged += 1;
    if (event.kind === "fill" && event.crossed) counts.fills += 1;
  }
  for (let index = from; index < to; index++) {
    const lane = eventLane(ring, index);
    const { buffer, byteOffset } = ring.lanes.subarray(lane, lane + EVENT_LANES);
    updateDigest(digest, new Uint8Array(buffer, byteOffset, EVENT_LANES * 8));
  }
}

function noteStop(world: World): void {
  const { sim, counts, makerWatch } = world;
  counts.exchangeCrashes += 1;
  world.trace("exchange stops");
  sim.maker.running?.venue.loseConnection();
  makerWatch.noteDisturbance();
  const { downMs, clockOffsetMs } = world.next;
  sim.schedule.after(downMs, () => {
    sim.exchange.clockOffsetMs = clockOffsetMs;
    restartExchange(world);
  });
}

function restartExchange(world: World): void {
  const { sim, counts, exchangeWatch, makerWatch } = world;
  const running = sim.exchange.start();
  const { tornTail, snapshot, seq } = running.report;
  counts.restarts += 1;
  counts.tornBytes += tornTail?.bytesCut ?? 0;
  world.trace(
    `exchange starts at seq ${seq}, snapshot ${snapshot?.seq ?? "none"}, cut ${tornTail?.bytesCut ?? 0} bytes`,
  );
  exchangeWatch.checkStart(running);
  for (const rover of world.rovers) checkAcked(rover, running.models);
  makerWatch.noteDisturbance();
}

function noteRequest(world: World, request: VenueRequest): void {
  const { digest, sim, makerWatch } = world;
  makerWatch.noteRequest(request);
  world.trace(`  -> ${JSON.stringify(request)}`);
  updateDigestNumber(digest, sim.schedule.nowMs);
  updateDigestText(digest, request.kind);
}

/** A venue whose events are seen before anything is put between it and the maker. */
const watchedVenue = (
  venue: SimulatedVenue,
  noteEvent: (event: VenueEvent) => void,
): SimulatedVenue => ({
  ...venue,
  connect: (listener) =>
    venue.connect((event) => {
      noteEvent(event);
      listener(event);
    }),
});

function watchedStore(
  store: LatchStore,
  noteLatch: (latch: Parameters<LatchStore["save"]>[0]) => void,
): LatchStore {
  return {
    load: () => store.load(),
    save(latch) {
      store.save(latch);
      noteLatch(latch);
    },
  };
}

const noCounts = (): WorldCounts => ({
  commands: 0,
  fills: 0,
  exchangeCrashes: 0,
  makerCrashes: 0,
  restarts: 0,
  tornBytes: 0,
  unknownOutcomes: 0,
  lostMessages: 0,
  liquidations: 0,
  takeovers: 0,
  deleveraged: 0,
  kills: 0,
});
