/**
 * Plays a tape into a running exchange at its own pace, by the clock that the exchange runs on. Where
 * the machine is too slow for that the tape falls behind and catches up; nothing of it is left out.
 *
 * Bounded: it reads a piece of the file at a time, and plays on only while what it has sent is not
 * far from being durable.
 */

import type { Clock } from "../base/clock.ts";
import { readLane } from "../base/column.ts";
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
import type { Timers } from "../gateway/feed/throttle.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import type { TapeDoor } from "../sim/tape/tape-accounts.ts";
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
/** Pause before what the exchange did not take is sent again: its disk is behind then [ms]. */
const RETRY_MS = 20;
const NS_PER_MS = 1e6;

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

/** Where a tape is played, and by which clock. */
export interface TapePlayerOptions {
  readonly tape: Tape;
  readonly sequencer: Sequencer;
  readonly clock: Clock & Timers;
}

interface Player extends TapePlayerOptions {
  readonly market: TapeMarket;
  readonly counts: { trades: number; tradedLots: number; crossed: number };
  readonly pieces: AsyncIterator<readonly TapeEvent[]>;
  /** Read while the piece before it plays. */
  ahead: Promise<IteratorResult<readonly TapeEvent[]>>;
  piece: readonly TapeEvent[];
  /** Next message of the piece. */
  next: number;
  startNs: bigint | null;
  startMs: number;
  lagMs: number;
  isStopped: boolean;
  readonly onEnd: () => void;
  readonly onError: (error: Error) => void;
}

/** Starts to play a tape into market 0. */
export function startTapePlayer(options: TapePlayerOptions): TapePlayer {
  const { sequencer, clock } = options;
  let player: Player;
  const stopListening = sequencer.subscribe((ring, from, to) => {
    noteTapeEvents(player.market, ring, from, to);
    countEvents(player, ring, from, to);
  });
  const ended = new Promise<"tape">((resolve, reject) => {
    player = createPlayer(options, {
      onEnd: () => resolve("tape"),
      onError: reject,
    });
  });
  clock.after(0, () => play(player));
  return {
    ended: ended.finally(stopListening),
    lagMs: () => player.lagMs,
    figures: () => figuresOf(player),
    stop() {
      player.isStopped = true;
      // Gives back the file; what it is read ahead for is not needed any more.
      player.pieces.return?.().catch(() => undefined);
    },
  };
}

function createPlayer(options: TapePlayerOptions, told: Pick<Player, "onEnd" | "onError">): Player {
  const { sequencer, tape, clock } = options;
  const record = createCommandRecord();
  const door: TapeDoor = {
    state: sequencer.state,
    nowMs: () => clock.nowMs(),
    submit(command) {
      writeCommand(command, record);
      return sequencer.submit(record) !== null;
    },
  };
  const pieces = tape.read()[Symbol.asyncIterator]();
  const player: Player = {
    ...options,
    ...told,
    market: createTapeMarket(door, tape.header, 0),
    counts: { trades: 0, tradedLots: 0, crossed: 0 },
    pieces,
    ahead: readAhead(pieces),
    piece: [],
    next: 0,
    startNs: null,
    startMs: clock.nowMs(),
    lagMs: 0,
    isStopped: false,
  };
  return player;
}

/** Plays everything that is due, and comes back when more is. */
function play(player: Player): void {
  const { sequencer, clock } = player;
  const again = (): void => play(player);
  const turnMs = performance.now();
  while (!player.isStopped) {
    const event = player.piece[player.next];
    if (event === undefined) {
      takePiece(player);
      return;
    }
    player.startNs ??= event.localNs;
    const dueMs = player.startMs + Number(event.localNs - player.startNs) / NS_PER_MS;
    const leftMs = dueMs - clock.nowMs();
    player.lagMs = Math.max(0, -leftMs);
    if (leftMs > 0) {
      clock.after(leftMs, again);
      return;
    }
    if (!playTapeEvent(player.market, event)) {
      clock.after(RETRY_MS, again);
      return;
    }
    player.next += 1;
    if (sequencer.appliedSeq - sequencer.durableSeq >= BEHIND_MAX) {
      sequencer.whenDurable(again);
      return;
    }
    if (performance.now() - turnMs >= TURN_MS) {
      setImmediate(again);
      return;
    }
  }
}

/** Goes on with the piece that was read ahead, or ends. */
function takePiece(player: Player): void {
  player.ahead.then(({ done, value }) => {
    if (player.isStopped) return;
    if (done === true) {
      finish(player);
      return;
    }
    player.piece = value;
    player.next = 0;
    player.ahead = readAhead(player.pieces);
    play(player);
  }, player.onError);
}

function finish(player: Player): void {
  if (player.isStopped) return;
  if (finishTape(player.market)) player.sequencer.whenDurable(player.onEnd);
  else player.clock.after(RETRY_MS, () => finish(player));
}

function readAhead(pieces: Player["pieces"]): Player["ahead"] {
  const ahead = pieces.next();
  // What goes wrong is told when the piece is needed, not before.
  ahead.catch(() => undefined);
  return ahead;
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
      const px = readLane(orders.px, slot);
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
