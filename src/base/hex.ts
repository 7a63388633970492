import { assert } from "./assert.ts";

/** Lower-case hex with a 0x prefix, as the wire writes addresses and client order ids. */
export type Hex = `0x${string}`;

const DIGITS = "0123456789abcdef";

/** Bytes `from` to `from + length` as lower-case 0x hex. */
export function bytesToHex(bytes: Uint8Array, from = 0, length: number = bytes.length - from): Hex {
  let text = "0x";
  for (let i = from; i < from + length; i++) {
    const byte = bytes[i] as number;
    text += (DIGITS[byte >>> 4] as string) + (DIGITS[byte & 15] as string);
  }
  return text as Hex;
}

/** Writes 0x hex of exactly `length` bytes at `at`; the caller has checked the text's form. */
export function writeHex(text: string, out: Uint8Array, at: number, length: number): void {
  assert(text.length === 2 + 2 * length, "a hex text has two digits a byte");
  for (let i = 0; i < length; i++) {
    const byte = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
    assert(byte >= 0, "a hex text has hex digits only");
    out[at + i] = byte;
  }
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
