/**
 * Plays a tape into a running exchange at its own pace, by the clock that the exchange runs on. Where
 * the machine is too slow for that the tape falls behind and catches up; nothing of it is left out.
 *
 * Bounded: it reads a piece of the file at a time, and plays on only while what it has sent is not
 * far from being durable.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { BUY, SELL } from "../base/side.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import {
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  type EventRing,
  eventLane,
  ORDER_EVENT,
} from "../exchange/event.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import {
  createTapeMarket,
  finishTape,
  noteTapeEvents,
  playTapeEvent,
  type TapeMarket,
} from "../sim/tape-market.ts";
import type { Tape, TapeEvent } from "../tape/tape-event.ts";

/** Commands sent and not yet durable beyond which the tape waits. */
const BEHIND_MAX = 4_096;
/** Longest time that the tape plays without letting others have a turn [ms]. */
const TURN_MS = 5;
/** Longest single wait, so that a stop is noticed [ms]. */
const PAUSE_MS_MAX = 200;

/** What the exchange printed and where its book stands [ticks, lots]. */
export interface TapeFigures {
  /** Trades on the tape's market, and their size. */
  readonly trades: number;
  readonly tradedLots: number;
  /** Those of them that the tape sent. */
  readonly sentTrades: number;
  readonly sentLots: number;
  /** 0 = the side is empty. */
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** Times the book was crossed at the end of a durable group. */
  readonly crossed: number;
}

/** A tape that plays. */
export interface TapePlayer {
  /** Resolves when the tape has ended; rejects where it cannot be read on. */
  readonly ended: Promise<"tape">;
  /** How far the tape lags behind its own pace [ms]. */
  lagMs(): number;
  figures(): TapeFigures;
  stop(): void;
}

/** Where and how fast a tape is played. */
export interface TapePlayerOptions {
  readonly tape: Tape;
  readonly sequencer: Sequencer;
  /** Clock of the exchange [ms], and how many of its milliseconds pass in one. */
  readonly nowMs: () => number;
  readonly speed: number;
}

interface Player extends TapePlayerOptions {
  readonly market: TapeMarket;
  readonly counts: { trades: number; tradedLots: number; crossed: number };
  startNs: bigint | null;
  startMs: number;
  lagMs: number;
  isStopped: boolean;
}

/** Starts to play a tape into market 0. */
export function startTapePlayer(options: TapePlayerOptions): TapePlayer {
  const { sequencer, tape, nowMs } = options;
  const record = createCommandRecord();
  const door = {
    state: sequencer.state,
    nowMs,
    submit(command: Parameters<typeof writeCommand>[0]): void {
      writeCommand(command, record);
      // Refused only while the exchange stops: it takes nothing from anybody then.
      if (sequencer.submit(record) === null) player.isStopped = true;
    },
  };
  const player: Player = {
    ...options,
    market: createTapeMarket(door, tape.header, 0),
    counts: { trades: 0, tradedLots: 0, crossed: 0 },
    startNs: null,
    startMs: nowMs(),
    lagMs: 0,
    isStopped: false,
  };
  const stopListening = sequencer.subscribe((ring, from, to) => {
    noteTapeEvents(player.market, ring, from, to);
    countEvents(player, ring, from, to);
  });
  const ended = new Promise<"tape">((resolve, reject) => {
    playTape(player)
      .finally(stopListening)
      .then((isWhole) => isWhole && resolve("tape"), reject);
  });
  return {
    ended,
    lagMs: () => player.lagMs,
    figures: () => figuresOf(player),
    stop: () => {
      player.isStopped = true;
    },
  };
}

/** Plays to the end, or until it is stopped; answers which. */
async function playTape(player: Player): Promise<boolean> {
  let turnMs = performance.now();
  for await (const events of player.tape.read()) {
    for (const event of events) {
      const isOnTime = await waitFor(player, event);
      if (player.isStopped) return false;
      playTapeEvent(player.market, event);
      await keepDurable(player);
      if (isOnTime) turnMs = performance.now();
      if (performance.now() - turnMs < TURN_MS) continue;
      await nextTurn();
      turnMs = performance.now();
    }
  }
  finishTape(player.market);
  await new Promise<void>((resolve) => player.sequencer.whenDurable(resolve));
  return true;
}

/** Waits until a message is due; answers whether there was time to wait. */
async function waitFor(player: Player, { localNs }: TapeEvent): Promise<boolean> {
  player.startNs ??= localNs;
  const dueMs = player.startMs + Number(localNs - player.startNs) / 1e6;
  let waited = false;
  for (;;) {
    const leftMs = dueMs - player.nowMs();
    player.lagMs = Math.max(0, -leftMs);
    if (leftMs < 1 || player.isStopped) return waited;
    waited = true;
    await pause(Math.min(leftMs / player.speed, PAUSE_MS_MAX));
  }
}

async function keepDurable({ sequencer }: Player): Promise<void> {
  if (sequencer.appliedSeq - sequencer.durableSeq < BEHIND_MAX) return;
  await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
}

function countEvents({ counts, market }: Player, ring: EventRing, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const lane = eventLane(ring, index);
    if (ring.lanes[lane + EVENT_HEAD.kind] !== EVENT.fill) continue;
    if (ring.lanes[lane + EVENT_HEAD.market] !== market.market) continue;
    if (((ring.lanes[lane + ORDER_EVENT.flags] as number) & EVENT_FLAG.crossed) === 0) continue;
    counts.trades += 1;
    counts.tradedLots += ring.lanes[lane + ORDER_EVENT.sz] as number;
  }
  const [bid, ask] = touchOf(market);
  if (bid !== 0 && ask !== 0 && bid >= ask) counts.crossed += 1;
}

function touchOf({ door, market }: TapeMarket): [bid: number, ask: number] {
  const book = door.state.books[market];
  return [book?.bestPx(BUY) ?? 0, book?.bestPx(SELL) ?? 0];
}

function figuresOf({ counts, market }: Player): TapeFigures {
  const { orders, books } = market.door.state;
  const levels = [BUY, SELL].map((side) => {
    let count = 0;
    let last = 0;
    books[market.market]?.forEach(side, (slot) => {
      const px = orders.px.data[slot] as number;
      if (px !== last) count += 1;
      last = px;
    });
    return count;
  });
  const [bestBid, bestAsk] = touchOf(market);
  return {
    ...counts,
    sentTrades: market.counts.trades,
    sentLots: market.counts.tradedLots,
    bestBid,
    bestAsk,
    bidLevels: levels[0] as number,
    askLevels: levels[1] as number,
  };
}
