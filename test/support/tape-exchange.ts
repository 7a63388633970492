/**
 * An exchange that a tape is played into, without disk or clock: every command is applied at once,
 * and what the exchange says is counted as it comes.
 */
import { readLane } from "../../src/base/column.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import {
  createEventRing,
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  eventLane,
  ORDER_EVENT,
  releaseEvents,
} from "../../src/exchange/event.ts";
import { createExchange } from "../../src/exchange/state.ts";
import type { TapeDoor } from "../../src/sim/tape/tape-accounts.ts";
import {
  createTapeMarket,
  noteTapeEvents,
  playTapeEvent,
  type TapeMarket,
  tapeGenesis,
  tapeSpec,
} from "../../src/sim/tape-market.ts";
import type { TapeEvent, TapeHeader } from "../../src/tape/tape-event.ts";

/** One trade as the exchange printed it [ticks, lots]. */
export interface Print {
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
  readonly maker: number;
}

/** See the file's head. */
export interface TapeExchange {
  readonly door: TapeDoor;
  readonly market: TapeMarket;
  /** The exchange's time; moves by a millisecond a message [ms]. */
  nowMs: number;
  /** Trades printed since the start, and their size [lots]. */
  trades: number;
  tradedLots: number;
  /** Trades of the last message. */
  prints: Print[];
  /** Orders and commands of the tape that were refused. */
  refused: number;
  /** Times a book at rest was crossed. */
  crossed: number;
  /** Asked before each command: whether the exchange does not take it now. */
  refuses: () => boolean;
  /** Plays a message, again and again where the exchange does not take all of it. */
  play(event: TapeEvent): void;
  /** Levels of a side, best first [ticks, lots]. */
  levels(side: Side): { px: number; sz: number }[];
}

/** A fresh exchange with a tape's market. */
export function createTapeExchange(header: TapeHeader, startPx: number): TapeExchange {
  const state = createExchange();
  const ring = createEventRing();
  const record = createCommandRecord();
  let seq = 0;
  const submit = (command: Command): boolean => {
    if (exchange.refuses()) return false;
    writeCommand(command, record);
    seq += 1;
    record.lanes[HEADER.seq] = seq;
    record.lanes[HEADER.timeMs] = exchange.nowMs;
    const from = ring.written;
    applyCommand(state, record, ring);
    for (let index = from; index < ring.written; index++) count(index);
    if (exchange.market !== undefined) noteTapeEvents(exchange.market, ring, from, ring.written);
    releaseEvents(ring, ring.written);
    return true;
  };
  const count = (index: number): void => {
    const lane = eventLane(ring, index);
    const at = (offset: number): number => ring.lanes[lane + offset] as number;
    const kind = at(EVENT_HEAD.kind);
    if (kind === EVENT.orderRejected || kind === EVENT.commandRejected) exchange.refused += 1;
    if (kind !== EVENT.fill || (at(ORDER_EVENT.flags) & EVENT_FLAG.crossed) === 0) return;
    const sz = at(ORDER_EVENT.sz);
    exchange.trades += 1;
    exchange.tradedLots += sz;
    const maker = ring.lanes[eventLane(ring, index - 1) + EVENT_HEAD.account] as number;
    exchange.prints.push({ side: at(ORDER_EVENT.side) as Side, px: at(ORDER_EVENT.px), sz, maker });
  };
  const door: TapeDoor = { state, submit, nowMs: () => exchange.nowMs };
  const exchange = {
    door,
    market: undefined as unknown as TapeMarket,
    nowMs: 1_767_571_200_000,
    trades: 0,
    tradedLots: 0,
    prints: [] as Print[],
    refused: 0,
    crossed: 0,
    refuses: () => false,
    play(event: TapeEvent): void {
      exchange.nowMs += 1;
      exchange.prints = [];
      while (!playTapeEvent(exchange.market, event)) exchange.nowMs += 1;
      const book = state.books[0];
      const [bid, ask] = [book?.bestPx(BUY) ?? 0, book?.bestPx(SELL) ?? 0];
      if (bid !== 0 && ask !== 0 && bid >= ask) exchange.crossed += 1;
    },
    levels(side: Side): { px: number; sz: number }[] {
      const levels: { px: number; sz: number }[] = [];
      state.books[0]?.forEach(side, (slot) => {
        const px = readLane(state.orders.px, slot);
        const sz = readLane(state.orders.sz, slot);
        const last = levels.at(-1);
        if (last?.px === px) last.sz += sz;
        else levels.push({ px, sz });
      });
      return levels;
    },
  };
  for (const command of tapeGenesis(tapeSpec(header, startPx), startPx)) submit(command);
  exchange.market = createTapeMarket(door, header, 0);
  return exchange;
}
