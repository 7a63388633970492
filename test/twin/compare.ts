/** What two exchanges side by side are compared by: event rings bit by bit, hashes, books order by order. */
import { BUY, SELL } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import {
  EVENT_BYTES,
  EVENT_LANES,
  type EventRing,
  eventByte,
  eventLane,
} from "../../src/exchange/event.ts";
import { type ExchangeState, forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import type { CreateBook } from "../support/test-exchange.ts";

const swapped = new WeakMap<ExchangeState, number>();

/** Puts the twin's book in the place of every market's that was opened since. */
export function swapBooks(state: ExchangeState, createTwin: CreateBook): void {
  const from = swapped.get(state) ?? 0;
  const { books, orders } = state;
  if (books.length === from) return;
  for (let market = from; market < books.length; market++) books[market] = createTwin(orders);
  swapped.set(state, books.length);
}

const bitsOf = (ring: EventRing): Int32Array => new Int32Array(ring.lanes.buffer);

/** What differs between the unreleased events of two rings, or null. */
export function compareRings(one: EventRing, other: EventRing): string | null {
  const count = one.written - one.released;
  if (one.written !== other.written) {
    return `${count} events against ${other.written - other.released}`;
  }
  const [bits, otherBits] = [bitsOf(one), bitsOf(other)];
  for (let index = one.released; index < one.written; index++) {
    const [at, otherAt] = [eventLane(one, index) * 2, eventLane(other, index) * 2];
    for (let i = 0; i < EVENT_LANES * 2; i++) {
      if (bits[at + i] !== otherBits[otherAt + i]) {
        const lane = i >>> 1;
        const [a, b] = [one.lanes[at / 2 + lane], other.lanes[otherAt / 2 + lane]];
        return `event ${index - one.released} of ${count}, lane ${lane}: ${a} against ${b}`;
      }
    }
    const [byte, otherByte] = [eventByte(one, index), eventByte(other, index)];
    for (let i = 0; i < EVENT_BYTES; i++) {
      if (one.bytes[byte + i] !== other.bytes[otherByte + i])
        return `event ${index - one.released} of ${count}, byte ${i}`;
    }
  }
  return null;
}

/** What differs between two states: hash, books, or the books of a fork; or null. */
export function compareStates(fast: ExchangeState, twin: ExchangeState): string | null {
  const [hash, twinHash] = [stateHash(fast), stateHash(twin)];
  if (hash !== twinHash) return `hash ${hash} against ${twinHash}`;
  const rebuilt = forkExchange(fast).books;
  for (const [market, book] of fast.books.entries()) {
    const other = twin.books[market] as Book;
    const problem =
      compareBooks(book, other) ?? compareBooks(rebuilt[market] as Book, other, "a fork's ");
    if (problem !== null) return `market ${market}: ${problem}`;
  }
  return null;
}

function compareBooks(book: Book, other: Book, whose = ""): string | null {
  for (const side of [BUY, SELL] as const) {
    if (book.bestPx(side) !== other.bestPx(side)) return `${whose}best price of side ${side}`;
    if (book.bestSlot(side) !== other.bestSlot(side)) return `${whose}best order of side ${side}`;
    const slots: number[] = [];
    other.forEach(side, (slot) => slots.push(slot));
    let at = 0;
    let isSame = true;
    book.forEach(side, (slot) => {
      if (slots[at++] !== slot) isSame = false;
    });
    if (!isSame || at !== slots.length) return `${whose}orders of side ${side}`;
  }
  return null;
}
