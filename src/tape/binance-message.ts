/**
 * One line of a Binance recording: a local time in nanoseconds, a space, and the message as it came.
 * Streams wrap theirs in `{stream, data}`; a book asked for over REST comes bare.
 */
import type { TapeLevel } from "./tape-event.ts";

/** A level as the venue writes it: price and size as decimal text. */
type LevelText = readonly [px: string, sz: string];

/** A message of a kind that is played, as the venue says it. */
export type BinanceMessage =
  | {
      readonly kind: "snapshot";
      readonly lastUpdateId: number;
      readonly venueMs: number;
      readonly bids: readonly LevelText[];
      readonly asks: readonly LevelText[];
    }
  | {
      readonly kind: "difference";
      /** First and last update in it, and the last of the one before. */
      readonly firstId: number;
      readonly lastId: number;
      readonly previousId: number;
      readonly venueMs: number;
      readonly bids: readonly LevelText[];
      readonly asks: readonly LevelText[];
    }
  | {
      readonly kind: "trade";
      readonly venueMs: number;
      readonly px: string;
      readonly sz: string;
      /** The buyer's order rested: the seller took. */
      readonly isSellTaker: boolean;
    }
  | {
      readonly kind: "bbo";
      readonly venueMs: number;
      readonly bid: LevelText;
      readonly ask: LevelText;
    }
  | { readonly kind: "other"; readonly name: string };

/** What a line holds. */
export interface BinanceLine {
  readonly localNs: bigint;
  /** Instrument that it is about; empty for a book over REST, which does not say. */
  readonly symbol: string;
  readonly message: BinanceMessage;
}

/** A line that is not of this form: what is wrong, in words. */
export interface LineProblem {
  readonly problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a line. */
export function parseBinanceLine(line: string): BinanceLine | LineProblem {
  const space = line.indexOf(" ");
  const time = line.slice(0, Math.max(0, space));
  if (!/^\d{1,19}$/.test(time)) return { problem: "does not begin with a time in nanoseconds" };
  let body: unknown;
  try {
    body = JSON.parse(line.slice(space + 1));
  } catch (error) {
    // A line that was cut off or damaged.
    return { problem: `what follows the time is no JSON: ${(error as Error).message}` };
  }
  if (!isFields(body)) return { problem: "what follows the time is no object" };
  const fields = "stream" in body ? body.data : body;
  if (!isFields(fields)) return { problem: "a stream's message has no data" };
  const message = "lastUpdateId" in fields ? readSnapshot(fields) : readStream(fields);
  if (message === null)
    return { problem: `a ${nameOf(fields)} message lacks a field or has a wrong one` };
  return { localNs: BigInt(time), symbol: textOr(fields.s, ""), message };
}

function readSnapshot(fields: Fields): BinanceMessage | null {
  const { lastUpdateId, bids, asks } = fields;
  if (!isId(lastUpdateId) || !isLevels(bids) || !isLevels(asks)) return null;
  return { kind: "snapshot", lastUpdateId, venueMs: timeOr(fields.T), bids, asks };
}

function readStream(fields: Fields): BinanceMessage | null {
  const venueMs = timeOr(fields.T ?? fields.E);
  switch (fields.e) {
    case "depthUpdate": {
      const { U: firstId, u: lastId, pu: previousId, b: bids, a: asks } = fields;
      const isSound = isId(firstId) && isId(lastId) && isId(previousId);
      if (!isSound || !isLevels(bids) || !isLevels(asks)) return null;
      return { kind: "difference", firstId, lastId, previousId, venueMs, bids, asks };
    }
    case "trade": {
      const { p: px, q: sz, m } = fields;
      if (typeof px !== "string" || typeof sz !== "string" || typeof m !== "boolean") return null;
      // What insurance fund and auto-deleveraging take over is printed too, but did not trade.
      if (fields.X !== undefined && fields.X !== "MARKET") return { kind: "other", name: "trade" };
      return { kind: "trade", venueMs, px, sz, isSellTaker: m };
    }
    case "bookTicker": {
      const bid = [fields.b, fields.B];
      const ask = [fields.a, fields.A];
      return isLevel(bid) && isLevel(ask) ? { kind: "bbo", venueMs, bid, ask } : null;
    }
    default:
      return { kind: "other", name: nameOf(fields) };
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isLevel = (value: unknown): value is LevelText =>
  Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string";
const isLevels = (value: unknown): value is LevelText[] =>
  Array.isArray(value) && value.every(isLevel);
const timeOr = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0);
const textOr = (value: unknown, other: string): string =>
  typeof value === "string" ? value : other;
const nameOf = (fields: Fields): string => textOr(fields.e, "book");

/** Reads levels as integers by the functions given; null where one is no number or too fine. */
export function readLevels(
  levels: readonly LevelText[],
  read: { readonly px: (text: string) => number; readonly sz: (text: string) => number },
): TapeLevel[] | null {
  const out: TapeLevel[] = [];
  for (const [pxText, szText] of levels) {
    const px = read.px(pxText);
    const sz = read.sz(szText);
    if (px <= 0 || sz < 0) return null;
    out.push({ px, sz });
  }
  return out;
}
