import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COMMAND,
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  createCommandRecord,
  HEADER,
  itemByte,
  itemCount,
  itemLane,
} from "./command.ts";
import { writeCommand } from "./command-codec.ts";
import {
  decodeCommandRecord,
  encodeCommandRecord,
  encodedCommandBytesMax,
} from "./command-encoding.ts";

/** Lanes as they may come: mostly zero, then numbers of every form. */
const lane = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(50) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(-0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324) },
);
const byte = fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.nat(255));

/** Records of up to four items with anything in them. */
const record = fc.nat(4).chain((items) =>
  fc
    .tuple(
      fc.array(lane, { minLength: itemLane(items), maxLength: itemLane(items) }),
      fc.array(byte, { minLength: itemByte(items), maxLength: itemByte(items) }),
    )
    .map(([lanes, bytes]) => {
      const made = createCommandRecord(items);
      made.lanes.set(lanes);
      made.bytes.set(bytes);
      made.lanes[HEADER.itemCount] = items;
      return made;
    }),
);

/** A record that holds what it must not keep. */
function dirtyRecord(): CommandRecord {
  const dirty = createCommandRecord(4);
  dirty.lanes.fill(7);
  dirty.bytes.fill(7);
  return dirty;
}

function encoded(one: CommandRecord): DataView {
  const view = new DataView(new ArrayBuffer(encodedCommandBytesMax(one)));
  return new DataView(view.buffer.slice(0, encodeCommandRecord(one, view, 0)));
}

const contentOf = (one: CommandRecord): { lanes: number[]; bytes: number[] } => ({
  lanes: [...one.lanes.subarray(0, itemLane(itemCount(one)))],
  bytes: [...one.bytes.subarray(0, itemByte(itemCount(one)))],
});

describe("records as bytes", () => {
  test("any record survives, lane by lane and byte by byte, at any offset", () => {
    fc.assert(
      fc.property(record, fc.nat(64), (one, offset) => {
        const view = new DataView(new ArrayBuffer(offset + encodedCommandBytesMax(one)));
        const end = encodeCommandRecord(one, view, offset);
        const again = dirtyRecord();
        expect(decodeCommandRecord(view, offset, again)).toBe(end);
        expect(contentOf(again)).toEqual(contentOf(one));
      }),
      { numRuns: 1_000 },
    );
  });

  test("bytes that end early are no command", () => {
    fc.assert(
      fc.property(record, (one) => {
        const whole = encoded(one);
        const again = dirtyRecord();
        for (let cut = 0; cut < whole.byteLength; cut++) {
          expect(decodeCommandRecord(new DataView(whole.buffer, 0, cut), 0, again)).toBe(-1);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("any bytes are a command that stays within them, or none; nothing is thrown", () => {
    const garbage = fc.uint8Array({ minLength: 0, maxLength: 400 });
    const head = fc.tuple(fc.nat(3), fc.nat(127), fc.constant(0), fc.constant(0));
    fc.assert(
      fc.property(fc.nat(20), head, garbage, (offset, first, rest) => {
        const bytes = Uint8Array.of(...new Array<number>(offset).fill(7), ...first, ...rest);
        const again = createCommandRecord();
        const end = decodeCommandRecord(new DataView(bytes.buffer), offset, again);
        if (end < 0) return;
        expect(end).toBeGreaterThan(offset);
        expect(end).toBeLessThanOrEqual(bytes.length);
        expect(itemCount(again)).toBeLessThanOrEqual(COMMAND_ITEMS_MAX);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a head with too many items, with an unknown part, or with more items than fit is refused", () => {
    const bytes = new DataView(new ArrayBuffer(2 ** 20));
    const room = createCommandRecord();
    bytes.setUint32(0, COMMAND_ITEMS_MAX, true);
    expect(decodeCommandRecord(bytes, 0, room)).toBeGreaterThan(0);
    expect(decodeCommandRecord(bytes, 0, createCommandRecord(COMMAND_ITEMS_MAX - 1))).toBe(-1);
    bytes.setUint32(0, COMMAND_ITEMS_MAX + 1, true);
    expect(decodeCommandRecord(bytes, 0, room)).toBe(-1);
    for (let bit = 15; bit < 32; bit++) {
      bytes.setUint32(0, (1 << bit) >>> 0, true);
      expect(decodeCommandRecord(bytes, 0, room)).toBe(-1);
    }
  });

  test("a command's bytes [hex] stay what they are", () => {
    const one = createCommandRecord();
    const signer = `0x${"ab".repeat(20)}` as const;
    writeCommand({ kind: "cancelOrders", signer, nonce: 3, cancels: [{ market: 1, oid: 2 }] }, one);
    one.lanes[HEADER.seq] = 1;
    one.lanes[HEADER.timeMs] = 2;
    const hex = Buffer.from(encoded(one).buffer).toString("hex");
    expect(one.lanes[HEADER.kind]).toBe(COMMAND.cancelOrders);
    expect(hex).toBe(
      [
        "01080000",
        "0000000000002640",
        "000000000000f03f",
        "0000000000000040",
        "0000000000000840",
        "ab".repeat(20),
        "000000000000f03f",
        "0000000000000040",
      ].join(""),
    );
  });
});
