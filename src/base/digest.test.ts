import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createDigest,
  digestHex,
  updateDigest,
  updateDigestNumber,
  updateDigestText,
} from "./digest.ts";

const digestOf = (...parts: Uint8Array[]): string => {
  const digest = createDigest();
  for (const part of parts) updateDigest(digest, part);
  return digestHex(digest);
};
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("digest", () => {
  test.each([
    { text: "", hex: "00000000000000000000000000000000" },
    { text: "0", hex: "0ab2409ea5eb34f8a5eb34f8a5eb34f8" },
    {
      text: "I will not buy this tobacconist's, it is scratched.",
      hex: "9b5b7ba2ef3f7866889adeaf00f3f98e",
    },
    {
      text: "I will not buy this record, it is scratched.",
      hex: "a0a9683b25ac5e40d9af2895890dddf5",
    },
  ])("MurmurHash3 x86_128 of '$text'", ({ text, hex }) => {
    expect(digestOf(ascii(text))).toBe(hex);
  });

  test("does not depend on how the bytes are cut", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(parts, (chunks) => {
        const whole = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
        expect(digestOf(...chunks)).toBe(digestOf(whole));
      }),
      { numRuns: 300 },
    );
  });

  test("changes with any bit, and with the length of a run of zeros", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(7), (data, at, bit) => {
        const other = Uint8Array.from(data);
        const place = at % data.length;
        other[place] = (data[place] as number) ^ (1 << bit);
        expect(digestOf(other)).not.toBe(digestOf(data));
      }),
    );
    const zeros = Array.from({ length: 50 }, (_, length) => digestOf(new Uint8Array(length)));
    expect(new Set(zeros).size).toBe(50);
  });

  test("reading it does not end it; numbers and texts count with sign and length", () => {
    const digest = createDigest();
    updateDigestNumber(digest, 1);
    expect(digestHex(digest)).toBe(digestHex(digest));
    const before = digestHex(digest);
    updateDigestText(digest, "ab");
    expect(digestHex(digest)).not.toBe(before);
    const [minus, plus] = [-0, 0].map((value) => {
      const one = createDigest();
      updateDigestNumber(one, value);
      return digestHex(one);
    });
    expect(minus).not.toBe(plus);
  });
});
