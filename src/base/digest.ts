/**
 * 128-bit digest for comparing states: MurmurHash3 x86_128 (Appleby, 2011; public domain
 * algorithm), written from its definition. It finds differences, it does not resist an attacker.
 */
import { assert } from "./assert.ts";

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** A digest in progress. */
export interface Digest {
  readonly state: Uint32Array;
  length: number;
  readonly tail: Uint8Array;
  tailLength: number;
}

/** A digest of nothing yet. */
export const createDigest = (): Digest => ({
  state: new Uint32Array(4),
  length: 0,
  tail: new Uint8Array(16),
  tailLength: 0,
});

/** Adds bytes. */
export function updateDigest(digest: Digest, bytes: Uint8Array): void {
  digest.length += bytes.length;
  let at = 0;
  if (digest.tailLength > 0) {
    while (digest.tailLength < 16 && at < bytes.length) {
      digest.tail[digest.tailLength++] = bytes[at++] as number;
    }
    if (digest.tailLength < 16) return;
    mixBlock(digest.state, digest.tail, 0);
    digest.tailLength = 0;
  }
  for (; at + 16 <= bytes.length; at += 16) mixBlock(digest.state, bytes, at);
  while (at < bytes.length) digest.tail[digest.tailLength++] = bytes[at++] as number;
}

const numberLane = new DataView(new ArrayBuffer(8));
const numberBytes = new Uint8Array(numberLane.buffer);

/** Adds a number as eight little-endian bytes of its float64 form. */
export function updateDigestNumber(digest: Digest, value: number): void {
  numberLane.setFloat64(0, value, true);
  updateDigest(digest, numberBytes);
}

/** Adds ASCII text, its length first. */
export function updateDigestText(digest: Digest, text: string): void {
  updateDigestNumber(digest, text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 127;
  updateDigest(digest, bytes);
}

/** The digest as 32 hex digits. The digest stays usable for more bytes. */
export function digestHex(digest: Digest): string {
  const state = Uint32Array.from(digest.state);
  const tail = new Uint8Array(16);
  tail.set(digest.tail.subarray(0, digest.tailLength));
  if (digest.tailLength > 0) mixTail(state, tail, digest.tailLength);
  finish(state, digest.length);
  let text = "";
  for (const word of state) text += word.toString(16).padStart(8, "0");
  assert(text.length === 32, "a digest has 32 hex digits");
  return text;
}

const rotl = (x: number, by: number): number => ((x << by) | (x >>> (32 - by))) >>> 0;
const mul = (x: number, y: number): number => Math.imul(x, y) >>> 0;

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

function mixBlock(state: Uint32Array, bytes: Uint8Array, at: number): void {
  let [h1, h2, h3, h4] = state as unknown as [number, number, number, number];
  h1 = rotl(h1 ^ mul(rotl(mul(word(bytes, at), C1), 15), C2), 19);
  h1 = (mul((h1 + h2) >>> 0, 5) + 0x561ccd1b) >>> 0;
  h2 = rotl(h2 ^ mul(rotl(mul(word(bytes, at + 4), C2), 16), C3), 17);
  h2 = (mul((h2 + h3) >>> 0, 5) + 0x0bcaa747) >>> 0;
  h3 = rotl(h3 ^ mul(rotl(mul(word(bytes, at + 8), C3), 17), C4), 15);
  h3 = (mul((h3 + h4) >>> 0, 5) + 0x96cd1c35) >>> 0;
  h4 = rotl(h4 ^ mul(rotl(mul(word(bytes, at + 12), C4), 18), C1), 13);
  h4 = (mul((h4 + h1) >>> 0, 5) + 0x32ac3b17) >>> 0;
  state[0] = h1;
  state[1] = h2;
  state[2] = h3;
  state[3] = h4;
}

function mixTail(state: Uint32Array, tail: Uint8Array, length: number): void {
  const rows = [
    [C1, 15, C2],
    [C2, 16, C3],
    [C3, 17, C4],
    [C4, 18, C1],
  ] as const;
  rows.forEach(([first, turn, second], i) => {
    if (length > i * 4) {
      state[i] = (state[i] as number) ^ mul(rotl(mul(word(tail, i * 4), first), turn), second);
    }
  });
}

function finish(state: Uint32Array, length: number): void {
  for (let i = 0; i < 4; i++) state[i] = (state[i] as number) ^ (length >>> 0);
  spread(state);
  for (let i = 0; i < 4; i++) state[i] = finalMix(state[i] as number);
  spread(state);
}

function spread(state: Uint32Array): void {
  state[0] =
    (state[0] as number) + (state[1] as number) + (state[2] as number) + (state[3] as number);
  for (let i = 1; i < 4; i++) state[i] = (state[i] as number) + (state[0] as number);
}

function finalMix(value: number): number {
  let h = value;
  h = mul(h ^ (h >>> 16), 0x85ebca6b);
  h = mul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
