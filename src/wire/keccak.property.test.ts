import fc from "fast-check";
import { keccak256 as reference } from "viem";
import { expect, test } from "vitest";
import { bytesToHex } from "../base/hex.ts";
import { keccak256 } from "./keccak.ts";

test("the hash of any bytes, whole or in two parts, is another implementation's", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ maxLength: 300 }),
      (first, second) => {
        const whole = new Uint8Array([...first, ...second]);
        const expected = reference(whole);
        expect(bytesToHex(keccak256(whole))).toBe(expected);
        expect(bytesToHex(keccak256(first, second))).toBe(expected);
      },
    ),
  );
});

test("a hash stays what it is when another is made", () => {
  const one = keccak256(Uint8Array.of(1));
  const before = bytesToHex(one);
  keccak256(Uint8Array.of(2));
  expect(bytesToHex(one)).toBe(before);
});
