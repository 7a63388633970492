import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, type Hex, hexToBytes } from "./hex.ts";

test("bytes come back from their text, in lower case and in upper case", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = bytesToHex(bytes);
      expect(text).toBe(`0x${Buffer.from(bytes).toString("hex")}`);
      expect(hexToBytes(text, bytes.length)).toEqual(bytes);
      expect(hexToBytes(`0x${text.slice(2).toUpperCase()}`, bytes.length)).toEqual(bytes);
    }),
  );
});

test("a stretch of bytes is the text of that stretch", () => {
  const bytes = Uint8Array.of(1, 2, 0xab, 0xff);
  expect(bytesToHex(bytes, 1, 2)).toBe("0x02ab");
});

test.each<Hex>(["0x0", "0x123", "0x0g", "0x 1", "0x1\u0660", "0x\u0131\u0131"])(
  "%j is not one byte",
  (text) => {
    expect(() => hexToBytes(text, 1)).toThrow("hex");
  },
);
