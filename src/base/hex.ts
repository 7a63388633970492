import { assert } from "./assert.ts";

/** Lower-case hex with a 0x prefix, as the wire writes addresses and client order ids. */
export type Hex = `0x${string}`;

const DIGITS = "0123456789abcdef";
/** Both digits of every byte. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Value of a digit by its character code; -1 = none. */
const DIGIT_VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = DIGITS.charAt(value);
  DIGIT_VALUES[digit.charCodeAt(0)] = value;
  DIGIT_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

/** Bytes `from` to `from + length` as lower-case 0x hex. */
export function bytesToHex(bytes: Uint8Array, from = 0, length: number = bytes.length - from): Hex {
  let text = "0x";
  for (let i = from; i < from + length; i++) text += PAIRS[bytes[i] as number] as string;
  return text as Hex;
}

/** Writes 0x hex of exactly `length` bytes at `at`; the caller has checked the text's form. */
export function writeHex(text: string, out: Uint8Array, at: number, length: number): void {
  assert(text.length === 2 + 2 * length, "a hex text has two digits a byte");
  for (let i = 0; i < length; i++) {
    const high = digitValue(text, 2 + 2 * i);
    const low = digitValue(text, 3 + 2 * i);
    assert((high | low) >= 0, "a hex text has hex digits only");
    out[at + i] = high * 16 + low;
  }
}

function digitValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (DIGIT_VALUES[code] as number) : -1;
}

/** A copy of 0x hex of `length` bytes. */
export function hexToBytes(text: string, length: number): Uint8Array {
  const out = new Uint8Array(length);
  writeHex(text, out, 0, length);
  return out;
}

/** ASCII text padded with zeros to `length` bytes at `at`; longer texts are a broken rule. */
export function writeAscii(text: string, out: Uint8Array, at: number, length: number): void {
  assert(text.length <= length, "a text fits its bytes");
  for (let i = 0; i < length; i++) out[at + i] = i < text.length ? text.charCodeAt(i) & 127 : 0;
}

/** ASCII text up to the first zero within `length` bytes at `at`. */
export function readAscii(bytes: Uint8Array, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length && bytes[i] !== 0; i++)
    text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** Whether all `length` bytes at `at` are zero. */
export function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}
