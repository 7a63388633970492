/**
 * A load that could go on for ever: markets and accounts are opened, books are filled, and then
 * orders are placed, canceled, moved and taken at such rates that the books keep their size. It is
 * written straight into records and reads event rings as they are, and allocates nothing on the way,
 * so that what a run allocates or costs is the exchange's.
 */
import { assert } from "../../src/base/assert.ts";
import { ORDER_SLOT_COUNT } from "../../src/base/order-id.ts";
import { REJECT } from "../../src/base/reject-code.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import {
  beginCommand,
  COMMAND,
  type CommandRecord,
  HEADER,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_FLAG,
  itemByte,
  itemLane,
  LIMITS_ON,
  SIGNER_AT,
  TRANSFER_AMOUNT,
} from "../../src/exchange/command.ts";
import { writeCommand } from "../../src/exchange/command-codec.ts";
import {
  EVENT,
  EVENT_HEAD,
  type EventRing,
  eventLane,
  ORDER_EVENT,
} from "../../src/exchange/event.ts";
import { START_MS, testSpec } from "./test-exchange.ts";

/** How large a load is. */
export interface SteadyLoadOptions {
  readonly seed: number;
  readonly markets: number;
  readonly accounts: number;
  /** Orders that rest once the books are full. */
  readonly resting: number;
  /**
   * Whether what not every command needs comes up too: client order ids, orders that only add, moves
   * of the oracle, ticks, and the request budget.
   */
  readonly hasVariety?: boolean;
}

/** The stream; tell it of every event, in order, before the next batch is written. */
export interface SteadyLoad {
  readonly options: SteadyLoadOptions;
  /** Commands that open markets and accounts. */
  readonly openingCount: number;
  /** Orders that are known to rest. */
  readonly live: number;
  /** Writes the next command, its seq and time included. */
  next(record: CommandRecord): void;
  /** Takes in the events `from` to `to` (exclusive). */
  observe(ring: EventRing, from: number, to: number): void;
}

/** Distance of the farthest order from the middle of its book [price steps]. */
const DEPTH = 500;
/** Markets' middles, by turns: prices of five digits, where every tick is legal, and of seven, where every 100th is [ticks]. */
const MIDDLE_PX = [50_000, 1_000_000] as const;
const PX_STEP = [1, 100] as const;
/** Smallest order: a little above 10 USDC at the lowest price [lots]. */
const LOTS_MIN = [300, 15] as const;
/** Commands a millisecond of command time. */
const COMMANDS_PER_MS = 100;
/** Money of all accounts together: below what an exchange takes [10^-6 USDC]. */
const DEPOSITS = 1.5e15;
/** Of so many commands one is a tick and one moves an oracle, where there is variety. */
const RARE_EVERY = 1_024;
const WORDS_PER_ADDRESS = 5;

interface LoadState {
  readonly options: SteadyLoadOptions;
  /** Live orders, densely: id, owner, market, side. */
  readonly oid: Float64Array;
  readonly owner: Int32Array;
  readonly market: Int32Array;
  readonly side: Uint8Array;
  /** Place of a slot's order among the live ones; -1 = none. */
  readonly placeOfSlot: Int32Array;
  /** State of the generator's xorshift and the count of live orders, as lanes: they change without allocating. */
  readonly numbers: Int32Array;
  seq: number;
}

const RANDOM = 0;
const LIVE = 1;
/** Orders written since events were last read. */
const PENDING = 2;

/** A load at its beginning. */
export function createSteadyLoad(options: SteadyLoadOptions): SteadyLoad {
  assert(options.resting * 1.05 < ORDER_SLOT_COUNT, "the resting orders have slots");
  const room = Math.ceil(options.resting * 1.05) + 4_096;
  const load: LoadState = {
    options,
    oid: new Float64Array(room),
    owner: new Int32Array(room),
    market: new Int32Array(room),
    side: new Uint8Array(room),
    placeOfSlot: new Int32Array(ORDER_SLOT_COUNT).fill(-1),
    numbers: Int32Array.of(Math.imul(options.seed + 1, 0x9e3779b1) | 1, 0, 0),
    seq: 0,
  };
  const openingCount = options.markets + 2 + options.accounts;
  return {
    options,
    openingCount,
    get live() {
      return load.numbers[LIVE] as number;
    },
    next(record) {
      load.seq += 1;
      if (load.seq <= openingCount) writeOpening(load, record);
      else writeTrading(load, record);
      record.lanes[HEADER.seq] = load.seq;
      record.lanes[HEADER.timeMs] = START_MS + Math.floor(load.seq / COMMANDS_PER_MS);
    },
    observe: (ring, from, to) => observe(load, ring, from, to),
  };
}

/** Next integer in [0, bound). */
function below(load: LoadState, bound: number): number {
  let x = load.numbers[RANDOM] as number;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  load.numbers[RANDOM] = x;
  return (x >>> 1) % bound;
}

function writeOpening(load: LoadState, record: CommandRecord): void {
  const { markets, accounts } = load.options;
  const at = load.seq - 1;
  if (at < markets) {
    const spec = testSpec({
      name: `M${at}`,
      szDecimals: at % 6,
      maxLeverage: 20,
      pxMax: 4 * (MIDDLE_PX[at & 1] as number),
      positionMax: 100_000_000,
      priceRule: "fiveSignificantFigures",
    });
    writeCommand({ kind: "createMarket", spec }, record);
  } else if (at === markets) {
    const prices = Array.from({ length: markets }, (_, market) => ({
      market,
      px: MIDDLE_PX[market & 1] as number,
    }));
    writeCommand({ kind: "setOraclePrices", prices }, record);
  } else if (at === markets + 1) {
    beginCommand(record, COMMAND.setLimits, 0);
    record.lanes[LIMITS_ON] = load.options.hasVariety === true ? 1 : 0;
  } else {
    beginCommand(record, COMMAND.deposit, 0);
    writeAddress(record, at - markets - 2);
    record.lanes[TRANSFER_AMOUNT] = Math.floor(DEPOSITS / accounts);
  }
}

/** The address of user `user`, 0 and up: the number itself, then words that are spread by it. */
function writeAddress(record: CommandRecord, user: number): void {
  record.words[SIGNER_AT / 4] = user + 1;
  for (let i = 1; i < WORDS_PER_ADDRESS; i++) {
    record.words[SIGNER_AT / 4 + i] = Math.imul(user + 1, 0x85ebca6b + 2 * i);
  }
}

/**
 * Of 100 commands 48 place, 42 cancel, 5 move an order and 5 take. Below the wanted number of resting
 * orders all place, 2 % above it all cancel.
 */
function writeTrading(load: LoadState, record: CommandRecord): void {
  const live = (load.numbers[LIVE] as number) + (load.numbers[PENDING] as number);
  const { resting } = load.options;
  const roll = below(load, 100);
  if (load.options.hasVariety === true && load.seq % RARE_EVERY < 2) {
    writeRare(load, record);
    return;
  }
  // Where nothing is known to rest yet there is nothing to cancel either.
  if (live < resting || load.numbers[LIVE] === 0) writePlace(load, record);
  else if (live > resting * 1.02) writeTargeted(load, record, false);
  else if (roll < 48) writePlace(load, record);
  else if (roll < 53) writeTake(load, record);
  else writeTargeted(load, record, roll < 58);
}

/** A tick, or a market's oracle a step off its middle or back on it. */
function writeRare(load: LoadState, record: CommandRecord): void {
  if (load.seq % RARE_EVERY === 0) {
    beginCommand(record, COMMAND.tick, 0);
    return;
  }
  const market = below(load, load.options.markets);
  const form = market & 1;
  beginCommand(record, COMMAND.setOraclePrices, 1);
  const lane = itemLane(0);
  record.lanes[lane + ITEM.market] = market;
  record.lanes[lane + ITEM.px] =
    (MIDDLE_PX[form] as number) + below(load, 2) * (PX_STEP[form] as number);
}

function begin(load: LoadState, record: CommandRecord, kind: number, user: number): number {
  const { lanes } = record;
  beginCommand(record, kind as typeof COMMAND.placeOrders, 1);
  lanes[HEADER.nonce] = START_MS + load.seq;
  writeAddress(record, user);
  return itemLane(0);
}

function writePlace(load: LoadState, record: CommandRecord): void {
  const lane = begin(load, record, COMMAND.placeOrders, below(load, load.options.accounts));
  writeOrder(load, record, lane, below(load, load.options.markets), below(load, 2), false);
}

function writeTake(load: LoadState, record: CommandRecord): void {
  const lane = begin(load, record, COMMAND.placeOrders, below(load, load.options.accounts));
  writeOrder(load, record, lane, below(load, load.options.markets), below(load, 2), true);
}

/** A limit order on its side of the middle, near it more often than far; or one that reaches across. */
function writeOrder(
  load: LoadState,
  record: CommandRecord,
  lane: number,
  market: number,
  side: number,
  isTake: boolean,
): void {
  const { lanes } = record;
  const form = market & 1;
  const u = below(load, 1_000);
  const distance = 1 + Math.floor((u * u * DEPTH) / 1_000_000);
  const away = (side === BUY) === isTake ? 1 : -1;
  const steps = isTake ? 20 : distance;
  if (!isTake) load.numbers[PENDING] = (load.numbers[PENDING] as number) + 1;
  lanes[lane + ITEM.market] = market;
  lanes[lane + ITEM.side] = side;
  lanes[lane + ITEM.px] = (MIDDLE_PX[form] as number) + away * steps * (PX_STEP[form] as number);
  lanes[lane + ITEM.sz] = (LOTS_MIN[form] as number) * (1 + below(load, 4));
  lanes[lane + ITEM.tif] = isTake ? TIF.ioc : TIF.gtc;
  if (load.options.hasVariety === true) writeVariety(load, record, lane, isTake);
}

/** Every other resting order may only add; every fourth order has a client id. */
function writeVariety(load: LoadState, record: CommandRecord, lane: number, isTake: boolean): void {
  if (!isTake && below(load, 2) === 0) record.lanes[lane + ITEM.tif] = TIF.alo;
  if (below(load, 4) !== 0) return;
  record.lanes[lane + ITEM.flags] = ITEM_FLAG.hasCloid;
  record.words[(itemByte(0) + ITEM_CLOID_AT) / 4] = load.seq;
}

/** Cancels or moves a random live order. It counts as gone at once, so no two commands name it. */
function writeTargeted(load: LoadState, record: CommandRecord, isMove: boolean): void {
  const at = below(load, load.numbers[LIVE] as number);
  const market = load.market[at] as number;
  const kind = isMove ? COMMAND.modifyOrder : COMMAND.cancelOrders;
  const lane = begin(load, record, kind, (load.owner[at] as number) - 2);
  if (isMove) writeOrder(load, record, lane, market, load.side[at] as number, false);
  record.lanes[lane + ITEM.market] = market;
  record.lanes[lane + ITEM.targetOid] = load.oid[at] as number;
  drop(load, at);
}

/** Forgets the live order at a place; the last one takes its place. */
function drop(load: LoadState, at: number): void {
  const last = (load.numbers[LIVE] as number) - 1;
  load.numbers[LIVE] = last;
  load.placeOfSlot[(load.oid[at] as number) % ORDER_SLOT_COUNT] = -1;
  if (at === last) return;
  load.oid[at] = load.oid[last] as number;
  load.owner[at] = load.owner[last] as number;
  load.market[at] = load.market[last] as number;
  load.side[at] = load.side[last] as number;
  load.placeOfSlot[(load.oid[at] as number) % ORDER_SLOT_COUNT] = at;
}

function observe(load: LoadState, ring: EventRing, from: number, to: number): void {
  const { lanes } = ring;
  load.numbers[PENDING] = 0;
  for (let index = from; index < to; index++) {
    const lane = eventLane(ring, index);
    const kind = lanes[lane + EVENT_HEAD.kind] as number;
    const oid = lanes[lane + ORDER_EVENT.oid] as number;
    if (kind === EVENT.orderRested) {
      const at = load.numbers[LIVE] as number;
      assert(at < load.oid.length, "the load has room for what rests");
      load.numbers[LIVE] = at + 1;
      load.oid[at] = oid;
      load.owner[at] = lanes[lane + EVENT_HEAD.account] as number;
      load.market[at] = lanes[lane + EVENT_HEAD.market] as number;
      load.side[at] = lanes[lane + ORDER_EVENT.side] === BUY ? BUY : SELL;
      load.placeOfSlot[oid % ORDER_SLOT_COUNT] = at;
    } else if (
      kind === EVENT.orderCanceled ||
      (kind === EVENT.fill && lanes[lane + ORDER_EVENT.origSz] === 0)
    ) {
      const at = load.placeOfSlot[oid % ORDER_SLOT_COUNT] as number;
      if (at >= 0 && load.oid[at] === oid) drop(load, at);
    } else if (kind === EVENT.orderRejected || kind === EVENT.commandRejected)
      assert(isBenign(lanes[lane + ORDER_EVENT.code] as number), "a steady load is not refused");
  }
}

/** An immediate order that found nothing is no fault of the load. */
const isBenign = (code: number): boolean => code === REJECT.iocNoMatch;
