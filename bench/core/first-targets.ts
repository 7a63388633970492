/**
 * The targets of the first sketch, as mean cost a command on an exchange of ten thousand resting orders,
 * behind a journal that commits groups to disk: each lap counts from its first command until its last is
 * durable. Reads are timed alone.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { asTimeMs } from "../../src/base/units.ts";
import { liveSlot } from "../../src/exchange/book/order-table.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, type OrderItem, writeCommand } from "../../src/exchange/command-codec.ts";
import {
  accountOfAddress,
  bestPx,
  openOrderCount,
  openOrderIds,
} from "../../src/exchange/query.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { openJournal } from "../../src/journal/open-journal.ts";
import type { Sequencer } from "../../src/journal/sequencer.ts";
import { isTickDue, tick } from "../../src/journal/tick.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { median } from "./statistics.ts";
import { addressOf } from "./trading-floor.ts";

/** How often. */
export interface TargetSize {
  readonly rounds: number;
  /** Commands of a lap. */
  readonly lap: number;
}

/** One target. */
export interface TargetCost {
  readonly name: string;
  /** Median over the rounds [us]. */
  readonly us: number;
  readonly targetUs: number;
}

/** All of them, and the best price beside a search of the levels. */
export interface TargetReport {
  readonly costs: readonly TargetCost[];
  /** A read of the best price, and the search for it among the levels [ns]. */
  readonly bestNs: number;
  readonly searchNs: number;
  readonly levels: number;
}

const TRADERS = 1_000;
const RESTING = 10_000;
const LEVELS = 512;
const BATCH = 100;
const START_MS = 1_800_000_000_000;
const COMMANDS_PER_MS = 200;
const DEPOSIT = 1_000_000_000_000;
/** Commands a turn of the event loop. */
const BURST = 1_024;
const SZ = 20;
/** Between two levels [ticks]. */
const STEP = 100;
const { spec, startPx } = DEFAULT_MARKETS[0] as (typeof DEFAULT_MARKETS)[number];

const signed = (i: number) => ({ signer: addressOf(i), nonce: 0 });
/** Accounts behind the traders hold what rests all the time. */
const rester = (i: number): number => TRADERS + (i % TRADERS);
const order = (side: 0 | 1, px: number, tif: OrderItem["tif"] = TIF.gtc): OrderItem => ({
  market: 0,
  side,
  px,
  sz: SZ,
  tif,
});

function recordOf(command: Command): CommandRecord {
  const record = createCommandRecord("orders" in command ? command.orders.length : undefined);
  writeCommand(command, record);
  return record;
}

/** An order of every trader in turn. */
const orders = (count: number, item: OrderItem): CommandRecord[] =>
  Array.from({ length: count }, (_, i) =>
    recordOf({ kind: "placeOrders", ...signed(i % TRADERS), orders: [item] }),
  );

interface Floor {
  readonly sequencer: Sequencer;
  /** Submits the records in turn and waits until all is durable; their mean cost [us]. */
  lap(records: readonly CommandRecord[]): Promise<number>;
  /** Cancels what the traders have open. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Measures every target. */
export async function measureFirstTargets({ rounds, lap }: TargetSize): Promise<TargetReport> {
  const floor = await openFloor();
  const { state } = floor.sequencer;
  const place: number[] = [];
  const match: number[] = [];
  const batch: number[] = [];
  const low = startPx - 2 * LEVELS * STEP;
  const many = Array.from({ length: BATCH }, (_, i) => order(BUY, low - i * STEP));
  const batches = Array.from({ length: Math.ceil(lap / BATCH) }, (_, i) =>
    recordOf({ kind: "placeOrders", ...signed(i % TRADERS), orders: many }),
  );
  for (let round = 0; round <= rounds; round++) {
    place.push(await floor.lap(orders(lap, order(BUY, low))));
    await floor.clear();
    await floor.lap(orders(lap, order(BUY, startPx)));
    const before = openOrderCount(state);
    // Backwards, so that nobody meets an order of his own.
    match.push(await floor.lap(orders(lap, order(SELL, startPx, TIF.ioc)).reverse()));
    if (openOrderCount(state) !== before - lap) throw new Error("not every order was matched");
    batch.push(await floor.lap(batches));
    await floor.clear();
  }
  const oids = openOrderIds(state, accountOfAddress(state, addressOf(rester(0))));
  const lookup = timeReads(rounds, lap, (i) =>
    liveSlot(state.orders, oids[i % oids.length] as number),
  );
  const best = timeReads(rounds, lap, () => bestPx(state, 0, BUY));
  const levels = new Map(Array.from({ length: LEVELS }, (_, i) => [startPx - (i + 1) * STEP, SZ]));
  const search = timeReads(rounds, Math.ceil(lap / 10), () => highestOf(levels));
  await floor.close();
  // The first round warms up.
  const of = (all: number[]): number => median(all.slice(1));
  return {
    costs: [
      { name: "order placed", us: of(place), targetUs: 1_000 },
      { name: "order matched", us: of(match), targetUs: 2_000 },
      { name: `batch of ${BATCH} orders`, us: of(batch), targetUs: 10_000 },
      { name: "order looked up by id", us: lookup / 1e3, targetUs: 100 },
    ],
    bestNs: best,
    searchNs: search,
    levels: LEVELS,
  };
}

function highestOf(levels: ReadonlyMap<number, number>): number {
  let best = 0;
  for (const px of levels.keys()) if (px > best) best = px;
  return best;
}

/** Mean cost of a read, median over the rounds [ns]. */
function timeReads(rounds: number, count: number, read: (i: number) => number): number {
  let sum = 0;
  const all = Array.from({ length: rounds + 1 }, () => {
    const begin = performance.now();
    for (let i = 0; i < count; i++) sum += read(i);
    return ((performance.now() - begin) * 1e6) / count;
  });
  if (Number.isNaN(sum)) throw new Error("a read came to nothing");
  return median(all.slice(1));
}

/** A market, money for everybody, and what rests all the time. */
const openingCommands = (): Command[] => [
  { kind: "createMarket", spec },
  { kind: "setOraclePrices", prices: [{ market: 0, px: startPx }] },
  ...Array.from(
    { length: 2 * TRADERS },
    (_, i): Command => ({ kind: "deposit", address: addressOf(i), amount: DEPOSIT }),
  ),
  ...Array.from({ length: RESTING }, (_, i): Command => {
    const px = startPx - (1 + (i % LEVELS)) * STEP;
    return { kind: "placeOrders", ...signed(rester(i)), orders: [order(BUY, px)] };
  }),
];

async function openFloor(): Promise<Floor> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-bench-"));
  let nonce = START_MS;
  const { sequencer } = openJournal({
    storage: createFileStorage(folder),
    clock: {
      nowMs: () => asTimeMs(START_MS + Math.floor(sequencer.appliedSeq / COMMANDS_PER_MS)),
    },
    commandsMax: 2 ** 20,
    bytesMax: 2 ** 28,
    stopwatch: { elapsedMs: () => performance.now() },
    delayMsMax: Number.POSITIVE_INFINITY,
    snapshotEvery: 0,
    snapshotAtClose: false,
    onFatal: (error) => {
      throw error;
    },
  });
  const lap = async (records: readonly CommandRecord[]): Promise<number> => {
    const begin = performance.now();
    for (let at = 0; at < records.length; ) {
      for (const end = Math.min(records.length, at + BURST); at < end; at++) {
        const record = records[at] as CommandRecord;
        nonce += 1;
        record.lanes[HEADER.nonce] = nonce;
        if (sequencer.submit(record) === null) throw new Error("the sequencer takes every command");
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
    return ((performance.now() - begin) * 1e3) / records.length;
  };
  await lap(openingCommands().map(recordOf));
  if (openOrderCount(sequencer.state) !== RESTING) throw new Error("not every order rests");
  const cancels = Array.from({ length: TRADERS }, (_, i) =>
    recordOf({ kind: "cancelAll", ...signed(i) }),
  );
  return {
    sequencer,
    lap,
    async clear() {
      await lap(cancels);
      while (isTickDue(sequencer, 0)) tick(sequencer);
      if (openOrderCount(sequencer.state) !== RESTING) throw new Error("only what rested is left");
    },
    async close() {
      await new Promise<void>((resolve) => sequencer.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
