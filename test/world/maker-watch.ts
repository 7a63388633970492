/**
 * Watches the market maker from outside: what it sends, what it was told, and what the exchange
 * holds for it. The limits are checked on the exchange's own state after every command.
 */

import { assert } from "../../src/base/assert.ts";
import { readLane } from "../../src/base/column.ts";
import { bytesToHex, type Hex } from "../../src/base/hex.ts";
import { slotOfOrderId } from "../../src/base/order-id.ts";
import { BUY, sideSign } from "../../src/base/side.ts";
import { cloidByte } from "../../src/exchange/book/order-table.ts";
import {
  EVENT,
  EVENT_HEAD,
  type EventRing,
  eventByte,
  eventLane,
  ORDER_EVENT,
} from "../../src/exchange/event.ts";
import { accountOfAddress, accountSummary, openOrderIds } from "../../src/exchange/query.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import { isOwnCloid, isSessionCloid } from "../../src/maker/execution/cloid.ts";
import { mayRest } from "../../src/maker/execution/own-orders.ts";
import type { Maker } from "../../src/maker/maker-state.ts";
import { makerStatus } from "../../src/maker/maker-status.ts";
import type { KillLatch } from "../../src/maker/risk/kill-latch.ts";
import { markPx } from "../../src/maker/risk/mark.ts";
import type { VenueEvent, VenueRequest } from "../../src/maker/venue.ts";
import { pnlAt, residualAgainst } from "../../src/maker/view/fill-ledger.ts";
import { splitOf } from "../../src/maker/view/pnl-split.ts";
import { fillsOf } from "../../src/projection/fills.ts";
import { paymentsOf } from "../../src/projection/fundings.ts";
import type { RunningExchange } from "../../src/sim/exchange-host.ts";
import type { MakerHost, RunningMaker } from "../../src/sim/maker-host.ts";
import type { Schedule } from "../../src/sim/schedule.ts";
import type { SimulatedVenue } from "../../src/sim/simulated-venue.ts";
import { accountSnapshot } from "../../src/sim/venue-view.ts";
import type { WorldPlan } from "./plan.ts";

/** Time within which a maker that must not quote is off the book while link and exchange stand [ms]. */
const PULL_MS = 10_000;

/** An order of the maker that rests. */
interface RestingOrder {
  readonly cloid: Hex | null;
  readonly isBuy: boolean;
  readonly sz: number;
}

/** See the file's head. */
export interface MakerWatch {
  /** Trips of the kill switch. */
  readonly kills: number;
  noteStart(): void;
  noteEvent(event: VenueEvent): void;
  noteRequest(request: VenueRequest): void;
  noteLatch(latch: KillLatch): void;
  noteRearm(): void;
  /** Something outside the maker broke or was mended. */
  noteDisturbance(): void;
  /** After a command was applied; `ring` holds its events from `from` on. */
  noteCommand(state: ExchangeState, ring: EventRing, from: number): void;
  /** Once all is well again: it quotes, or is killed. */
  checkQuoting(): void;
  /** After the world has settled: both sides agree to the unit. */
  checkSettled(exchange: RunningExchange): void;
  /** The exchange holds no order of the maker. */
  checkGone(state: ExchangeState): void;
}

/** What a watch looks at. */
export interface MakerWatchOptions {
  readonly plan: WorldPlan;
  readonly schedule: Schedule;
  readonly address: Hex;
  /** Set once the simulation stands. */
  readonly host: () => MakerHost<SimulatedVenue>;
}

interface Watch extends MakerWatchOptions {
  account: number;
  kills: number;
  isKilled: boolean;
  killedMs: number;
  calmMs: number;
  startMs: number;
  /** Last market data that reached the maker, by the maker's clock [ms]. */
  marketMs: number;
  userMs: number;
  /** Position when the run began, and what orders of others than the run traded since [lots]. */
  startPosition: number;
  othersBought: number;
  othersSold: number;
}

/** A watch that has seen nothing. */
export function createMakerWatch(options: MakerWatchOptions): MakerWatch {
  const watch: Watch = {
    ...options,
    account: -1,
    kills: 0,
    isKilled: false,
    killedMs: 0,
    calmMs: 0,
    startMs: 0,
    marketMs: Number.NEGATIVE_INFINITY,
    userMs: Number.NEGATIVE_INFINITY,
    startPosition: 0,
    othersBought: 0,
    othersSold: 0,
  };
  const { schedule } = options;
  return {
    get kills() {
      return watch.kills;
    },
    noteStart: () => noteStart(watch),
    noteEvent: (event) => noteEvent(watch, event),
    noteRequest: (request) => noteRequest(watch, request),
    noteLatch(latch) {
      if (!latch.killed || watch.isKilled) return;
      watch.isKilled = true;
      watch.killedMs = schedule.nowMs;
      watch.kills += 1;
    },
    noteRearm() {
      watch.isKilled = false;
    },
    noteDisturbance() {
      watch.calmMs = schedule.nowMs;
    },
    noteCommand: (state, ring, from) => noteCommand(watch, state, ring, from),
    checkQuoting() {
      const running = options.host().running;
      assert(running !== null, "the maker runs when the world has settled");
      const { latch } = running.maker;
      const { phase, blocks } = makerStatus(running.maker);
      assert(
        phase === (latch.killed ? "killed" : "quoting"),
        `a maker that was not killed quotes again: ${phase} ${JSON.stringify(blocks)}`,
      );
    },
    checkSettled: (running) => checkSettled(watch, running),
    checkGone(state) {
      assert(
        restingOrders(watch, state).length === 0,
        "a stopped or killed maker has no order left",
      );
    },
  };
}

function noteStart(watch: Watch): void {
  watch.marketMs = Number.NEGATIVE_INFINITY;
  watch.userMs = Number.NEGATIVE_INFINITY;
  watch.startMs = watch.schedule.nowMs;
  watch.calmMs = watch.schedule.nowMs;
  watch.othersBought = 0;
  watch.othersSold = 0;
  watch.startPosition = Number.NaN;
}

function noteEvent(watch: Watch, event: VenueEvent): void {
  const nowMs = watch.host().nowMs();
  const { kind } = event;
  if (kind === "book" || (kind === "heartbeat" && event.feed === "market")) watch.marketMs = nowMs;
  const isUser = ["orders", "fills", "funding", "connection"].includes(kind);
  if (isUser || (kind === "heartbeat" && event.feed === "user")) watch.userMs = nowMs;
  const { running } = watch.host();
  if (running !== null && running.maker.ledger.baseline !== null) checkSplit(running.maker);
}

/** Lost, late and repeated fills and positions taken over leave nothing without a cause. */
function checkSplit(maker: Maker): void {
  const pnl = pnlAt(maker.ledger, markPx(maker) ?? 0);
  const split = splitOf(maker.split, pnl);
  const sum = Object.values(split).reduce((total, part) => total + part, 0);
  assert(sum === pnl.total && split.residual === 0, "the causes of PnL sum to the ledger's");
}

function noteRequest(watch: Watch, request: VenueRequest): void {
  const { running } = watch.host();
  if (running === null || request.kind !== "placeBatch") return;
  const { staleDataMs, userFeedMs } = running.maker.config;
  const nowMs = watch.host().nowMs();
  assert(!watch.isKilled, "a killed maker places nothing until it is armed again");
  assert(nowMs - watch.marketMs <= staleDataMs, "nothing is placed while market data is stale");
  assert(nowMs - watch.userMs <= userFeedMs, "nothing is placed while the user stream is silent");
}

function noteCommand(watch: Watch, state: ExchangeState, ring: EventRing, from: number): void {
  if (watch.account < 0) {
    watch.account = accountOfAddress(state, watch.address);
    if (watch.account < 0) return;
  }
  const { running } = watch.host();
  if (running === null) return;
  const position = positionOf(watch, state);
  if (Number.isNaN(watch.startPosition)) watch.startPosition = position;
  noteOwnEvents(watch, running, ring, from);
  const resting = restingOrders(watch, state);
  checkLimit(watch, running, position, resting);
  checkKnown(running, resting);
  checkPulled(watch, running, resting);
}

/** Trades of orders that are not the run's, and orders accepted too late after a kill. */
function noteOwnEvents(
  watch: Watch,
  { maker }: RunningMaker<SimulatedVenue>,
  ring: EventRing,
  from: number,
): void {
  for (let index = from; index < ring.written; index++) {
    const lane = eventLane(ring, index);
    const at = (offset: number): number => ring.lanes[lane + offset] as number;
    if (at(EVENT_HEAD.account) !== watch.account) continue;
    const kind = at(EVENT_HEAD.kind);
    const cloid = bytesToHex(ring.bytes, eventByte(ring, index), 16);
    if (kind === EVENT.orderRested && isOwnCloid(maker.config, cloid) && watch.isKilled) {
      const { placeLifetimeMs, clockSkewMs } = maker.config;
      assert(
        watch.schedule.nowMs <= watch.killedMs + placeLifetimeMs + clockSkewMs,
        "no order of a killed maker is accepted once those on their way have expired",
      );
    }
    if (kind !== EVENT.fill || isSessionCloid(maker.config, cloid)) continue;
    if (at(ORDER_EVENT.side) === BUY) watch.othersBought += at(ORDER_EVENT.sz);
    else watch.othersSold += at(ORDER_EVENT.sz);
  }
}

/** The worst that can become of the position stays within the limit, whatever the maker believes. */
function checkLimit(
  watch: Watch,
  { maker }: RunningMaker<SimulatedVenue>,
  position: number,
  resting: readonly RestingOrder[],
): void {
  let buys = 0;
  let sells = 0;
  for (const { cloid, isBuy, sz } of resting) {
    if (!isSessionCloid(maker.config, cloid)) continue;
    if (isBuy) buys += sz;
    else sells += sz;
  }
  const { positionLimit } = watch.plan;
  const longMax = Math.max(positionLimit, watch.startPosition) + watch.othersBought;
  const shortMax = Math.max(positionLimit, -watch.startPosition) + watch.othersSold;
  if (buys > 0) assert(position + buys <= longMax, "the worst long stays within the limit");
  if (sells > 0) assert(position - sells >= -shortMax, "the worst short stays within the limit");
}

/** Each order of the run that rests is one that the maker counts as perhaps resting. */
function checkKnown(
  { maker }: RunningMaker<SimulatedVenue>,
  resting: readonly RestingOrder[],
): void {
  for (const { cloid } of resting) {
    if (cloid === null || !isSessionCloid(maker.config, cloid)) continue;
    const order = maker.orders.active.get(cloid);
    assert(
      order !== undefined && mayRest(order),
      `order ${cloid} rests, the maker takes it for ${order?.state ?? "ended"}`,
    );
  }
}

/** Killed or blind for long enough, with exchange and link in order: nothing of its own rests. */
function checkPulled(
  watch: Watch,
  { maker }: RunningMaker<SimulatedVenue>,
  resting: readonly RestingOrder[],
): void {
  const { nowMs } = watch.schedule;
  if (nowMs - watch.calmMs < PULL_MS || resting.length === 0) return;
  const { staleDataMs } = maker.config;
  const isBlind = watch.host().nowMs() - watch.marketMs > staleDataMs + PULL_MS;
  assert(!isBlind, "a maker without market data has its orders off the book");
  const isKilledLong = watch.isKilled && nowMs - watch.killedMs > PULL_MS;
  assert(!isKilledLong, "a killed maker has its orders off the book");
}

function checkSettled(watch: Watch, exchange: RunningExchange): void {
  const { state } = exchange.sequencer;
  const { running } = watch.host();
  assert(running !== null, "the maker runs when the world has settled");
  const { maker } = running;
  const { ledger } = maker;
  assert(
    !maker.latch.reasons.some(({ reason }) => reason === "internalError"),
    `the maker meets no error of its own: ${JSON.stringify(maker.latch.reasons)}`,
  );
  assert(ledger.baseline !== null, "the maker has agreed with the exchange");
  const unsure = [...maker.orders.active.values()].filter(
    (order) => order.state !== "live" && order.state !== "pendingPlace",
  );
  assert(
    unsure.every((order) => order.state === "pendingCancel"),
    `no order is in doubt once the world has settled: ${JSON.stringify(unsure[0])}`,
  );
  for (const { cloid } of restingOrders(watch, state)) {
    const isKnown = cloid !== null && maker.orders.active.has(cloid);
    assert(isKnown, `the maker knows order ${cloid} that rests`);
  }
  checkLedger(watch, exchange, running);
}

/** Each fill counted once: position, cash, fees and PnL agree with the exchange to the unit. */
function checkLedger(
  watch: Watch,
  { sequencer: { state }, models }: RunningExchange,
  { maker }: RunningMaker<SimulatedVenue>,
): void {
  const { ledger, config } = maker;
  const { baseline } = ledger;
  assert(baseline !== null, "the ledger is open");
  const position = positionOf(watch, state);
  assert(
    ledger.position === position,
    `position ${ledger.position} is ${position} on the exchange`,
  );
  assert(ledger.adjustedLots === 0, "no position was taken over without its fills");
  const since = fillsOf(models.fills, watch.account).filter(
    (fill) => fill.timeMs > baseline.timeMs || isSessionCloid(config, fill.cloid),
  );
  const fees = since.reduce((sum, { fee }) => sum + fee, 0);
  const cash = since.reduce((sum, { side, px, sz }) => sum - sideSign(side) * px * sz, 0);
  assert(ledger.count === since.length, `${ledger.count} fills counted, ${since.length} happened`);
  assert(ledger.fees === fees, `fees ${ledger.fees} are ${fees} on the exchange`);
  assert(ledger.tradeCash === cash, `cash of fills ${ledger.tradeCash} is ${cash}`);
  const paid = paymentsOf(models.fundings, watch.account)
    .filter(({ market, timeMs }) => market === 0 && timeMs > baseline.timeMs)
    .reduce((sum, { amount }) => sum + amount, 0);
  assert(ledger.funding === paid, `funding ${ledger.funding} is ${paid} on the exchange`);
  const account = accountSnapshot(state, { account: watch.account, market: 0 }, 0);
  const residual = residualAgainst(ledger, account);
  assert(residual === 0, `PnL is the change of the exchange's equity but for ${residual}`);
}

const positionOf = (watch: Watch, state: ExchangeState): number =>
  accountSummary(state, watch.account).positions.find(({ market }) => market === 0)?.size ?? 0;

function restingOrders(watch: Watch, state: ExchangeState): RestingOrder[] {
  const { orders } = state;
  const config = watch.plan.makerConfig;
  return openOrderIds(state, watch.account).flatMap((oid) => {
    const slot = slotOfOrderId(oid);
    const cloid = bytesToHex(orders.cloids.data, cloidByte(slot), 16);
    if (!isOwnCloid({ ...config, sessionId: 0 }, cloid)) return [];
    return [
      {
        cloid,
        isBuy: readLane(orders.side, slot) === BUY,
        sz: readLane(orders.sz, slot),
      },
    ];
  });
}
