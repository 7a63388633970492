/** A seeded stream of commands that keeps an exchange busy, and the hash after each of them. */
import type { Clock } from "../../src/base/clock.ts";
import type { Hex } from "../../src/base/hex.ts";
import { createPrng, nextBelow, type Prng } from "../../src/base/prng.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { asTimeMs } from "../../src/base/units.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, type OrderItem, writeCommand } from "../../src/exchange/command-codec.ts";
import { decodeCommandRecord } from "../../src/exchange/command-encoding.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { createExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { type Journal, type JournalOptions, openJournal } from "../../src/journal/open-journal.ts";
import type { Storage } from "../../src/journal/storage.ts";
import { recordBytes } from "../support/record-bytes.ts";

const BEGIN_MS = 1_700_000_000_000;
const USERS = 4;

/** A clock that goes on by a millisecond a look. */
export function createCountingClock(): Clock {
  let nowMs = BEGIN_MS;
  return { nowMs: () => asTimeMs(nowMs++) };
}

const addressOf = (user: number): Hex => `0x${String(user + 1).padStart(40, "0")}`;

/** Commands one after the other: a market, prices, money, then orders and cancels. */
export function createWorkload(seed: number): (record: CommandRecord) => void {
  const prng = createPrng(seed);
  let count = 0;
  return (record) => {
    writeCommand(commandAt(prng, count), record);
    count += 1;
  };
}

function commandAt(prng: Prng, count: number): Command {
  if (count === 0) {
    const spec = {
      name: "BTC",
      szDecimals: 5,
      maxLeverage: 20,
      pxMax: 10_000_000,
      positionMax: 10_000_000,
      notionalMin: 0,
      priceRule: "everyTick",
    } as const;
    return { kind: "createMarket", spec };
  }
  if (count === 1 || nextBelow(prng, 20) === 0) {
    const px = 1_000_000 + nextBelow(prng, 1_000);
    return { kind: "setOraclePrices", prices: [{ market: 0, px }] };
  }
  if (count < 2 + USERS) {
    return { kind: "deposit", address: addressOf(count - 2), amount: 10_000_000_000 };
  }
  const signed = { signer: addressOf(nextBelow(prng, USERS)), nonce: BEGIN_MS + count };
  if (nextBelow(prng, 8) === 0) {
    const cloid = cloidOf(nextBelow(prng, count));
    return { kind: "cancelByCloid", ...signed, cancels: [{ market: 0, cloid }] };
  }
  const orders = Array.from({ length: 1 + nextBelow(prng, 3) }, (_, i) =>
    orderOf(prng, count * 4 + i),
  );
  return { kind: "placeOrders", ...signed, orders };
}

const cloidOf = (index: number): Hex => `0x${index.toString(16).padStart(32, "0")}`;

function orderOf(prng: Prng, index: number): OrderItem {
  return {
    market: 0,
    side: nextBelow(prng, 2) === 0 ? BUY : SELL,
    px: 1_000_400 + nextBelow(prng, 200),
    sz: 10 + nextBelow(prng, 500),
    tif: nextBelow(prng, 5) === 0 ? TIF.ioc : TIF.gtc,
    cloid: cloidOf(index),
  };
}

/** State hashes by seq: `hashes[seq]` after the commands up to `seq`, folded beside any journal. */
export interface Reference {
  /** Takes a stamped record as the sequencer leaves it. */
  apply(record: CommandRecord): void;
  readonly hashes: string[];
}

/** A plain fold of the same commands. */
export function createReference(): Reference {
  const state = createExchange();
  const ring = createEventRing();
  const copy = createCommandRecord();
  const hashes = [stateHash(state)];
  return {
    hashes,
    apply(record) {
      decodeCommandRecord(recordBytes(record), 0, copy);
      applyCommand(state, copy, ring);
      releaseEvents(ring, ring.written);
      hashes[copy.lanes[HEADER.seq] as number] = stateHash(state);
    },
  };
}

/** Opens a journal; an error that stops it is thrown at whoever drives the storage. */
export const openTestJournal = (storage: Storage, options: Partial<JournalOptions> = {}): Journal =>
  openJournal({
    storage,
    clock: createCountingClock(),
    genesis: new Uint8Array(16).fill(7),
    snapshotEvery: 0,
    snapshotAtClose: false,
    onFatal: (error) => {
      throw error;
    },
    ...options,
  });
