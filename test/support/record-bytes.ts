import type { CommandRecord } from "../../src/exchange/command.ts";
import {
  encodeCommandRecord,
  encodedCommandBytesMax,
} from "../../src/exchange/command-encoding.ts";

/** A record as the journal keeps it, in a view of just these bytes. */
export function recordBytes(record: CommandRecord): DataView {
  const room = new DataView(new ArrayBuffer(encodedCommandBytesMax(record)));
  return new DataView(room.buffer.slice(0, encodeCommandRecord(record, room, 0)));
}
