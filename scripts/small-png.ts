/**
 * Writes a PNG again, smaller: browsers compress in a hurry, and the edges of letters come in more
 * shades than an eye can tell. Reads what Chromium writes: 8 bits a channel, with or without alpha,
 * not interlaced. Alpha is dropped, for a page is opaque, and colours are rounded to the nearest of
 * 64 levels. The format is W3C's Portable Network Graphics, third edition.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB = 3;

/** The same picture, to the eye. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, channels, data } = readChunks(png);
  const pixels = unfilter(inflateSync(data), { width, height, channels });
  const rgb = Buffer.from((channels === RGB ? pixels : withoutAlpha(pixels)).map(rounded));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  // Flat areas repeat best as they are; where there is shading a difference does better.
  const ways = [0, 1, 2].map((filter) => filtered(rgb, width * RGB, filter));
  const packed = ways.map((rows) => deflateSync(rows, { level: 9, memLevel: 9 }));
  const best = packed.reduce((a, b) => (b.length < a.length ? b : a));
  const none = Buffer.alloc(0);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", best),
    chunk("IEND", none),
  ]);
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

function readChunks(png: Buffer): Shape & { readonly data: Buffer } {
  const parts: Buffer[] = [];
  let at = SIGNATURE.length;
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (type === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [depth, colour, , , interlace] = png.subarray(24, 29);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlace !== 0) {
    throw new Error("only 8-bit RGB or RGBA without interlacing is read");
  }
  const channels = colour === 6 ? 4 : RGB;
  const width = png.readUInt32BE(16);
  return { width, height: png.readUInt32BE(20), channels, data: Buffer.concat(parts) };
}

/** Undoes each row's filter. */
function unfilter(rows: Buffer, { width, height, channels }: Shape): Buffer {
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)] as number;
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : (pixels[y * stride + x - channels] as number);
      const up = y === 0 ? 0 : (pixels[(y - 1) * stride + x] as number);
      const corner =
        x < channels || y === 0 ? 0 : (pixels[(y - 1) * stride + x - channels] as number);
      const raw = rows[y * (stride + 1) + 1 + x] as number;
      pixels[y * stride + x] = raw + predicted(filter, { left, up, corner });
    }
  }
  return pixels;
}

function predicted(
  filter: number,
  { left, up, corner }: { left: number; up: number; corner: number },
): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** The nearest multiple of four, and white as white. */
const rounded = (level: number): number => Math.min(255, (level + 2) & ~3);

function withoutAlpha(pixels: Buffer): Buffer {
  const rgb = Buffer.alloc((pixels.length / 4) * RGB);
  for (let i = 0, j = 0; i < pixels.length; i += 4, j += RGB) pixels.copy(rgb, j, i, i + RGB);
  return rgb;
}

/** Rows as they are (0), less what stands to the left (1) or above (2). */
function filtered(rgb: Buffer, stride: number, filter: number): Buffer {
  const height = rgb.length / stride;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y += 1) {
    rows[y * (stride + 1)] = filter;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = filter === 1 && x >= RGB ? (rgb[at - RGB] as number) : 0;
      const up = filter === 2 && y > 0 ? (rgb[at - stride] as number) : 0;
      rows[y * (stride + 1) + 1 + x] = (rgb[at] as number) - left - up;
    }
  }
  return rows;
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, "latin1");
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, data.length + 8)), data.length + 8);
  return whole;
}
