/** The small parts of base: order ids, hex, columns, time in force, sides, refusals. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assert, InvariantError } from "./assert.ts";
import {
  addF64,
  addI32,
  addRow,
  addTable,
  addU8,
  clearRow,
  clearTable,
  copyRegister,
  createRegister,
  isFull,
  usedBytes,
} from "./column.ts";
import { bytesToHex, hexToBytes, isZero, readAscii, writeAscii } from "./hex.ts";
import {
  ORDER_SEQ_BOUND,
  ORDER_SLOT_COUNT,
  packOrderId,
  seqOfOrderId,
  slotOfOrderId,
} from "./order-id.ts";
import { CANCEL_REASON, cancelReasonName, REJECT, rejectName } from "./reject-code.ts";
import { BUY, crosses, oppositeSide, SELL, sideSign } from "./side.ts";
import { isImmediate, TIF } from "./time-in-force.ts";

describe("order ids", () => {
  const seq = fc.integer({ min: 1, max: ORDER_SEQ_BOUND - 1 });
  const slot = fc.integer({ min: 0, max: ORDER_SLOT_COUNT - 1 });

  test("pack and unpack, safe, and grow with the sequence whatever the slots", () => {
    fc.assert(
      fc.property(seq, slot, slot, (order, own, other) => {
        const oid = packOrderId(order, own);
        expect(Number.isSafeInteger(oid)).toBe(true);
        expect([seqOfOrderId(oid), slotOfOrderId(oid)]).toEqual([order, own]);
        expect(packOrderId(order + 1, other)).toBeGreaterThan(oid);
      }),
    );
  });
});

describe("hex and ASCII", () => {
  test("bytes survive hex", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const hex = bytesToHex(bytes);
        expect(hex).toMatch(/^0x[0-9a-f]*$/);
        expect(hexToBytes(hex, bytes.length)).toEqual(bytes);
        expect(isZero(bytes, 0, bytes.length)).toBe(bytes.every((byte) => byte === 0));
      }),
    );
  });

  test("texts survive padding, and what does not fit stops", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{0,12}$/), (text) => {
        const bytes = new Uint8Array(20).fill(255);
        writeAscii(text, bytes, 4, 12);
        expect(readAscii(bytes, 4, 12)).toBe(text);
        expect([bytes[3], bytes[16]]).toEqual([255, 255]);
      }),
    );
    expect(() => writeAscii("toolong", new Uint8Array(6), 0, 6)).toThrow(InvariantError);
    expect(() => hexToBytes("0x12", 2)).toThrow(InvariantError);
    expect(() => hexToBytes("0xzz", 1)).toThrow(InvariantError);
  });
});

describe("columns", () => {
  const build = () => {
    const register = createRegister();
    const table = addTable(register, "t", 40);
    return {
      register,
      table,
      f: addF64(table, "f", 2),
      i: addI32(table, "i"),
      b: addU8(table, "b", 3),
    };
  };
  const rows = fc.array(fc.record({ f: fc.maxSafeInteger(), i: fc.integer(), b: fc.nat(255) }), {
    maxLength: 40,
  });

  test("keep their values through growth, a copy shares nothing, cleared rows are zero", () => {
    fc.assert(
      fc.property(rows, rows, (values, leftovers) => {
        const one = build();
        const other = build();
        for (const [state, list] of [
          [one, values],
          [other, leftovers],
        ] as const) {
          for (const value of list) {
            const row = addRow(state.table);
            state.f.data[row * 2 + 1] = value.f;
            state.i.data[row] = value.i;
            state.b.data[row * 3 + 2] = value.b;
          }
        }
        copyRegister(one.register, other.register);
        expect(other.table.count).toBe(values.length);
        for (const [n, column] of one.table.columns.entries()) {
          const copy = other.table.columns[n] as typeof column;
          expect(usedBytes(other.table, copy)).toEqual(usedBytes(one.table, column));
        }
        values.forEach((value, row) => {
          expect([other.f.data[row * 2 + 1], other.i.data[row]]).toEqual([value.f, value.i]);
        });
        if (values.length > 0) {
          clearRow(other.table, 0);
          expect(other.b.data[2]).toBe(0);
          expect(one.b.data[2]).toBe(values[0]?.b);
        }
        clearTable(other.table);
        while (!isFull(other.table)) addRow(other.table);
        expect(other.f.data.every((lane) => lane === 0)).toBe(true);
        expect(() => addRow(other.table)).toThrow(InvariantError);
      }),
    );
  });
});

describe("sides, times in force, refusals", () => {
  test("a price crosses a limit where it is at least as good for the taker [ticks]", () => {
    expect([99, 100, 101].map((px) => crosses(BUY, px, 100))).toEqual([true, true, false]);
    expect([99, 100, 101].map((px) => crosses(SELL, px, 100))).toEqual([false, true, true]);
    expect([oppositeSide(BUY), oppositeSide(SELL)]).toEqual([SELL, BUY]);
    expect([sideSign(BUY), sideSign(SELL)]).toEqual([1, -1]);
  });

  test("what never rests", () => {
    const immediate = Object.entries(TIF).flatMap(([name, tif]) => (isImmediate(tif) ? name : []));
    expect(immediate).toEqual(["ioc", "frontendMarket", "liquidationMarket", "fok"]);
  });

  test("numbers of refusals and cancel reasons are distinct and lead back to their names", () => {
    expect(new Set(Object.values(REJECT)).size).toBe(Object.keys(REJECT).length);
    for (const [name, code] of Object.entries(REJECT)) expect(rejectName(code)).toBe(name);
    for (const [name, code] of Object.entries(CANCEL_REASON))
      expect(cancelReasonName(code)).toBe(name);
    expect(rejectName(0)).toBeUndefined();
    expect(cancelReasonName(0)).toBeUndefined();
  });

  test("a broken rule says which", () => {
    expect(() => assert(false, "two and two make five")).toThrow(
      "broken rule: two and two make five",
    );
    expect(() => assert(true, "nothing")).not.toThrow();
  });
});
