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

// Constants of other modules as this one's own: the engine folds these and loads those.
const {
  orderAccepted: EVENT_ORDER_ACCEPTED,
  fill: EVENT_FILL,
  orderRejected: EVENT_ORDER_REJECTED,
  cancelRejected: EVENT_CANCEL_REJECTED,
  commandRejected: EVENT_COMMAND_REJECTED,
  liquidationStarted: EVENT_LIQUIDATION_STARTED,
} = EVENT;
const { crossed: EVENT_FLAG_CROSSED } = EVENT_FLAG;
const { seq: EVENT_HEAD_SEQ } = EVENT_HEAD;
const {
  oid: ORDER_EVENT_OID,
  flags: ORDER_EVENT_FLAGS,
  px: ORDER_EVENT_PX,
  sz: ORDER_EVENT_SZ,
  code: ORDER_EVENT_CODE,
} = ORDER_EVENT;
const { cancel: STEP_CANCEL, modify: STEP_MODIFY } = STEP;

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
    if (stream.kind[i] === STEP_CANCEL || stream.kind[i] === STEP_MODIFY)
      targetOid[i] = oidOf[order] as number;
    const record = filler.fill(i);
    stamp(record);
    const from = ring.written;
    applyCommand(state, record, ring);
    assertAccepted(ring);
    for (let at = from; at < ring.written; at++) {
      const lane = eventLane(ring, at);
      if (ring.lanes[lane] === EVENT_ORDER_ACCEPTED)
        oidOf[order] = ring.lanes[lane + ORDER_EVENT_OID] as number;
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
  if (lanes[lane] !== EVENT_FILL) return;
  if (((lanes[lane + ORDER_EVENT_FLAGS] as number) & EVENT_FLAG_CROSSED) === 0) return;
  addFill(tally, lanes[lane + ORDER_EVENT_PX] as number, lanes[lane + ORDER_EVENT_SZ] as number);
}

const REFUSALS: ReadonlySet<number> = new Set([
  EVENT_ORDER_REJECTED,
  EVENT_CANCEL_REJECTED,
  EVENT_COMMAND_REJECTED,
  EVENT_LIQUIDATION_STARTED,
]);

/** The work is what it says: nothing in it is refused or liquidated. */
function assertAccepted(ring: EventRing): void {
  for (let at = ring.released; at < ring.written; at++) {
    const lane = eventLane(ring, at);
    if (!REFUSALS.has(ring.lanes[lane] as number)) continue;
    const code = ring.lanes[lane + ORDER_EVENT_CODE];
    throw new Error(
      `command ${ring.lanes[lane + EVENT_HEAD_SEQ]} is refused: event ${ring.lanes[lane]}, code ${code}`,
    );
  }
}
