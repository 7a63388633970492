/**
 * Messages of a tape as rows of a table and back. One row a level, trade or reference price; rows of
 * one message follow each other and carry its number. A message without levels has one row without
 * a part. `docs/tape-format.md` says what each column means.
 */
import { BUY, SELL } from "../base/side.ts";
import { TICKS_BOUND } from "../base/units.ts";
import type { TapeEvent, TapeLevel } from "./tape-event.ts";

/** Columns of the table with their SQL types, in order. */
export const TAPE_COLUMNS = [
  ["message", "UINTEGER"],
  ["local_ns", "BIGINT"],
  ["venue_ms", "BIGINT"],
  ["kind", "VARCHAR"],
  ["part", "VARCHAR"],
  ["px", "INTEGER"],
  ["sz", "BIGINT"],
] as const;

/** What a row is about: a level's side, a trade's taker, or a reference price. */
type Part = "bid" | "ask" | "buy" | "sell" | "oracle" | "mark";

/** Rows, column by column. */
export interface TapeRows {
  readonly message: number[];
  readonly localNs: bigint[];
  readonly venueMs: bigint[];
  readonly kind: string[];
  readonly part: (string | null)[];
  /** [ticks] */
  readonly px: (number | null)[];
  /** [lots] */
  readonly sz: (bigint | null)[];
}

/** No rows. */
export const createTapeRows = (): TapeRows => ({
  message: [],
  localNs: [],
  venueMs: [],
  kind: [],
  part: [],
  px: [],
  sz: [],
});

/** Columns in the order of {@link TAPE_COLUMNS}. */
export const columnsOf = (
  rows: TapeRows,
): readonly (readonly (string | number | bigint | null)[])[] => [
  rows.message,
  rows.localNs,
  rows.venueMs,
  rows.kind,
  rows.part,
  rows.px,
  rows.sz,
];

/** Adds a message under a number. */
export function addMessage(rows: TapeRows, message: number, event: TapeEvent): void {
  const add = (part: Part | null, px: number | null, sz: number | null): void => {
    rows.message.push(message);
    rows.localNs.push(event.localNs);
    rows.venueMs.push(BigInt(event.venueMs));
    rows.kind.push(event.kind);
    rows.part.push(part);
    rows.px.push(px);
    rows.sz.push(sz === null ? null : BigInt(sz));
  };
  switch (event.kind) {
    case "trade":
      add(event.side === BUY ? "buy" : "sell", event.px, event.sz);
      return;
    case "reference":
      add("oracle", event.oraclePx, null);
      add("mark", event.markPx, null);
      return;
    default: {
      const before = rows.message.length;
      const [bids, asks] =
        event.kind === "bbo"
          ? [event.bid === null ? [] : [event.bid], event.ask === null ? [] : [event.ask]]
          : [event.bids, event.asks];
      for (const { px, sz } of bids) add("bid", px, sz);
      for (const { px, sz } of asks) add("ask", px, sz);
      if (rows.message.length === before) add(null, null, null);
    }
  }
}

/** A row as it is read. */
export interface TapeRow {
  readonly message: number;
  readonly localNs: bigint;
  readonly venueMs: number;
  readonly kind: string;
  readonly part: string | null;
  readonly px: number | null;
  readonly sz: number | null;
}

/** Builds messages from rows that come in order. */
export interface MessageBuilder {
  /** Takes a row; answers the message before it where the row begins another, or what is wrong. */
  add(row: TapeRow): TapeEvent | null | { readonly problem: string };
  /** The last message, once there are no more rows. */
  end(): TapeEvent | null | { readonly problem: string };
}

interface Open {
  readonly first: TapeRow;
  readonly bids: TapeLevel[];
  readonly asks: TapeLevel[];
  readonly rows: TapeRow[];
}

/** A builder without rows. */
export function createMessageBuilder(): MessageBuilder {
  let open: Open | null = null;
  const begin = (row: TapeRow): void => {
    open = { first: row, bids: [], asks: [], rows: [] };
  };
  return {
    add(row) {
      const problem = rowProblem(row, open?.first.message ?? 0);
      if (problem !== null) return { problem };
      let done: ReturnType<MessageBuilder["end"]> = null;
      if (open === null) begin(row);
      else if (row.message !== open.first.message) {
        done = messageOf(open);
        begin(row);
      } else if (row.kind !== open.first.kind) {
        return { problem: `message ${row.message} is of two kinds` };
      }
      addRow(open as unknown as Open, row);
      return done;
    },
    end: () => (open === null ? null : messageOf(open)),
  };
}

const KINDS = ["snapshot", "depth", "trade", "bbo", "reference"];

function rowProblem(row: TapeRow, last: number): string | null {
  const { message, kind, part, px, sz } = row;
  if (!KINDS.includes(kind)) return `no message is of kind ${kind}`;
  if (message < last) return `message ${message} comes after ${last}`;
  if (part === null) return px === null && sz === null ? null : "a price or size without a part";
  if (px === null || !(Number.isInteger(px) && px > 0 && px < TICKS_BOUND)) {
    return `price ${px} is no number of ticks`;
  }
  const isReference = kind === "reference";
  if (isReference !== (part === "oracle" || part === "mark")) return `${kind} has no part ${part}`;
  if ((kind === "trade") !== (part === "buy" || part === "sell"))
    return `${kind} has no part ${part}`;
  if (!isReference && !(sz !== null && Number.isSafeInteger(sz) && sz >= 0)) {
    return `size ${sz} is no number of lots`;
  }
  return null;
}

function addRow(open: Open, row: TapeRow): void {
  const { part, px, sz } = row;
  if (part === "bid") open.bids.push({ px: px as number, sz: sz as number });
  else if (part === "ask") open.asks.push({ px: px as number, sz: sz as number });
  else if (part !== null) open.rows.push(row);
}

function messageOf({ first, bids, asks, rows }: Open): TapeEvent | { readonly problem: string } {
  const time = { localNs: first.localNs, venueMs: first.venueMs };
  switch (first.kind) {
    case "snapshot":
      return { kind: "snapshot", ...time, bids, asks };
    case "depth":
      return { kind: "depth", ...time, bids, asks };
    case "bbo":
      return { kind: "bbo", ...time, bid: bids[0] ?? null, ask: asks[0] ?? null };
    case "trade": {
      const [row] = rows;
      if (row === undefined || rows.length > 1) return { problem: "a trade is one row" };
      const side = row.part === "buy" ? BUY : SELL;
      return { kind: "trade", ...time, side, px: row.px as number, sz: row.sz as number };
    }
    default: {
      const px = (part: Part): number => rows.find((row) => row.part === part)?.px ?? 0;
      return { kind: "reference", ...time, oraclePx: px("oracle"), markPx: px("mark") };
    }
  }
}
