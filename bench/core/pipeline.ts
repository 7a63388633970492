/**
 * The whole way of a command through the exchange but for disk and network: encode for the journal
 * with a checksum a block, apply with gate, margin, matching, settlement and fees, events, and one
 * reader of all events.
 */
import { crc32 } from "node:zlib";
import { applyCommand } from "../../src/exchange/apply.ts";
import { liveOrderTotal } from "../../src/exchange/book/order-table.ts";
import type { CommandRecord } from "../../src/exchange/command.ts";
import {
  encodeCommandRecord,
  encodedCommandBytesMax,
} from "../../src/exchange/command-encoding.ts";
import {
  createEventRing,
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  type EventRing,
  eventLane,
  ORDER_EVENT,
  releaseEvents,
} from "../../src/exchange/event.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import { type CommandStream, STEP } from "./command-stream.ts";
import type { Contender } from "./contender.ts";
import { addFill, createTally, type Tally } from "./tally.ts";
import { createRecordFiller, createStamp, type FloorRules, openFloor } from "./trading-floor.ts";

const BLOCK_BYTES = 65_536;
/** Events are read and given back once so many wait. */
const EVENTS_PER_READ = 1_024;

/** Builds the pipeline over a stream, with an exchange of its own; the ids that cancels name come from a run before this one. */
export function createPipeline(stream: CommandStream, rules: FloorRules): Contender {
  const { targetOid } = rehearse(stream, rules);
  const filler = createRecordFiller(stream, targetOid, rules);
  const state = createExchange();
  const ring = createEventRing();
  const stamp = createStamp();
  openFloor(createTaker(state, ring, stamp), rules);
  const block = new Uint8Array(BLOCK_BYTES);
  const view = new DataView(block.buffer);
  const tally = createTally();
  let blockEnd = 0;
  let checksum = 0;
  return {
    orders: state.orders,
    tally() {
      readFills(ring, tally);
      return tally;
    },
    live: () => liveOrderTotal(state.orders),
    apply(i) {
      const record = filler.fill(i);
      stamp(record);
      if (blockEnd + encodedCommandBytesMax(record) > BLOCK_BYTES) {
        checksum = crc32(block, checksum);
        blockEnd = 0;
      }
      blockEnd = encodeCommandRecord(record, view, blockEnd);
      applyCommand(state, record, ring);
      if (ring.written - ring.released >= EVENTS_PER_READ) readFills(ring, tally);
    },
  };
}

/** Applies what opens a floor, and fails where something is refused. */
function createTaker(
  state: ExchangeState,
  ring: EventRing,
  stamp: (record: CommandRecord) => void,
): (record: CommandRecord) => void {
  return (record) => {
    stamp(record);
    applyCommand(state, record, ring);
    assertAccepted(ring);
    releaseEvents(ring, ring.written);
  };
}

/** Runs the stream once through another exchange: the id that every cancel and modify names. */
export function rehearse(
  stream: CommandStream,
  rules: FloorRules,
): { targetOid: Float64Array; tally: Tally } {
  const targetOid = new Float64Array(stream.count);
  const oidOf = new Float64Array(stream.orderCount);
  const filler = createRecordFiller(stream, targetOid, rules);
  const state = createExchange();
  const ring = createEventRing();
  const stamp = createStamp();
  const tally = createTally();
  openFloor(createTaker(state, ring, stamp), rules);
  for (let i = 0; i < stream.count; i++) {
    const order = stream.order[i] as number;
    if (stream.kind[i] === STEP.cancel || stream.kind[i] === STEP.modify)
      targetOid[i] = oidOf[order] as number;
    const record = filler.fill(i);
    stamp(record);
    const from = ring.written;
    applyCommand(state, record, ring);
    assertAccepted(ring);
    for (let at = from; at < ring.written; at++) {
      const lane = eventLane(ring, at);
      if (ring.lanes[lane] === EVENT.orderAccepted)
        oidOf[order] = ring.lanes[lane + ORDER_EVENT.oid] as number;
    }
    readFills(ring, tally);
  }
  return { targetOid, tally };
}

/** Adds all waiting fills to a tally, as takers see them, and gives the events back. */
export function readFills(ring: EventRing, tally: Tally): void {
  for (let at = ring.released; at < ring.written; at++) {
    addFillAt(ring, eventLane(ring, at), tally);
  }
  releaseEvents(ring, ring.written);
}

/** Adds the event at a lane to a tally where it is a taker's fill. */
export function addFillAt({ lanes }: EventRing, lane: number, tally: Tally): void {
  if (lanes[lane] !== EVENT.fill) return;
  if (((lanes[lane + ORDER_EVENT.flags] as number) & EVENT_FLAG.crossed) === 0) return;
  addFill(tally, lanes[lane + ORDER_EVENT.px] as number, lanes[lane + ORDER_EVENT.sz] as number);
}

const REFUSALS: ReadonlySet<number> = new Set([
  EVENT.orderRejected,
  EVENT.cancelRejected,
  EVENT.commandRejected,
  EVENT.liquidationStarted,
]);

/** The work is what it says: nothing in it is refused or liquidated. */
function assertAccepted(ring: EventRing): void {
  for (let at = ring.released; at < ring.written; at++) {
    const lane = eventLane(ring, at);
    if (!REFUSALS.has(ring.lanes[lane] as number)) continue;
    const code = ring.lanes[lane + ORDER_EVENT.code];
    throw new Error(
      `command ${ring.lanes[lane + EVENT_HEAD.seq]} is refused: event ${ring.lanes[lane]}, code ${code}`,
    );
  }
}
