/**
 * Rows that wait to be written: keys and values back to back in one growing buffer, which is used
 * again once its batch is on its way. Owns the numbering of rows within a command.
 */
import type { Candle } from "../projection/candles.ts";
import type { FillView } from "../projection/fills.ts";
import type { FundingItem } from "../projection/fundings.ts";
import type { HistoryRows } from "../projection/history-rows.ts";
import type { LedgerItem, MoveItem } from "../projection/ledger.ts";
import type { OrderView } from "../projection/orders.ts";
import {
  putCandleKey,
  putCloidKey,
  putOidKey,
  putTimedKey,
  type TimedTable,
} from "./history-key.ts";
import {
  CANDLE_ROW,
  FILL_ROW,
  FUNDING_ROW,
  LEDGER_ROW,
  MOVE_ROW,
  ORDER_ROW,
} from "./history-row.ts";

/** Rows of one batch; `ends` has the end of each key and of each value. */
export interface RowBuffer {
  bytes: Buffer;
  length: number;
  readonly ends: number[];
}

/** An empty buffer. */
export const createRowBuffer = (): RowBuffer => ({
  bytes: Buffer.allocUnsafeSlow(2 ** 16),
  length: 0,
  ends: [],
});

/** Makes a buffer empty; one that grew large is given back. */
export function clearRows(rows: RowBuffer): void {
  rows.length = 0;
  rows.ends.length = 0;
  if (rows.bytes.length > BYTES_KEPT) rows.bytes = Buffer.allocUnsafeSlow(2 ** 16);
}

const BYTES_KEPT = 2 ** 22;
/** Longest key [bytes]. */
const KEY_BYTES_MAX = 32;
/** Most bytes that a character takes. */
const BYTES_A_CHARACTER = 3;

/** Where the events stand whose rows are made. */
export interface RowPlace {
  readonly seq: number;
  readonly timeMs: number;
}

/**
 * Puts the rows that read models make into the buffer that `target` names; null = they are in the
 * store already. Rows are numbered all the same.
 */
export function createRowWriter(place: RowPlace, target: () => RowBuffer | null): HistoryRows {
  let seq = -1;
  let n = 0;
  const nextNumber = (): number => {
    if (place.seq !== seq) {
      seq = place.seq;
      n = 0;
    }
    return n++;
  };
  const addTimed = (table: TimedTable, owner: number, text: () => string): void => {
    const number = nextNumber();
    const rows = target();
    if (rows === null) return;
    const value = text();
    reserve(rows, value);
    endPart(
      rows,
      putTimedKey(rows.bytes, rows.length, { ...keyOf(place), table, owner, n: number }),
    );
    putText(rows, value);
  };
  return {
    fill: (fill: FillView) => addTimed("fill", fill.account, () => FILL_ROW.encode(fill)),
    order(order: OrderView) {
      addTimed("order", order.account, () => ORDER_ROW.encode(order));
      const rows = target();
      if (rows !== null) addOrderKeys(rows, order, { ...keyOf(place), n: n - 1 });
    },
    funding: (item: FundingItem) =>
      item.kind === "fundingSettled"
        ? addTimed("rate", item.market, () => FUNDING_ROW.encode(item))
        : addTimed("payment", item.account, () => FUNDING_ROW.encode(item)),
    ledger: (item: LedgerItem | MoveItem) =>
      item.kind === "positionMoved"
        ? addTimed("move", item.account, () => MOVE_ROW.encode(item))
        : addTimed("ledger", item.account, () => LEDGER_ROW.encode(item)),
    candle(candle: Candle) {
      const rows = target();
      if (rows === null) return;
      const value = CANDLE_ROW.encode(candle);
      reserve(rows, value);
      endPart(rows, putCandleKey(rows.bytes, rows.length, candle));
      putText(rows, value);
    },
  };
}

const keyOf = ({ seq, timeMs }: RowPlace): RowPlace => ({ seq, timeMs });

/** The ways to an order's row: their values are the row's own key. */
function addOrderKeys(
  rows: RowBuffer,
  order: OrderView,
  place: RowPlace & { readonly n: number },
): void {
  const { account, cloid, oid } = order;
  const row = { table: "order", owner: account, ...place } as const;
  reserve(rows, "");
  endPart(rows, putOidKey(rows.bytes, rows.length, oid));
  endPart(rows, putTimedKey(rows.bytes, rows.length, row));
  if (cloid === null) return;
  const accepted = order.state !== "rejected";
  reserve(rows, "");
  endPart(rows, putCloidKey(rows.bytes, rows.length, { account, cloid, accepted, oid }));
  endPart(rows, putTimedKey(rows.bytes, rows.length, row));
}

function endPart(rows: RowBuffer, end: number): void {
  rows.length = end;
  rows.ends.push(end);
}

function putText(rows: RowBuffer, text: string): void {
  endPart(rows, rows.length + rows.bytes.write(text, rows.length));
}

/** Room for a key and a value, or for two keys. */
function reserve(rows: RowBuffer, value: string): void {
  const needed = rows.length + 2 * KEY_BYTES_MAX + BYTES_A_CHARACTER * value.length;
  if (needed <= rows.bytes.length) return;
  let size = rows.bytes.length;
  while (size < needed) size *= 2;
  const bytes = Buffer.allocUnsafeSlow(size);
  rows.bytes.copy(bytes, 0, 0, rows.length);
  rows.bytes = bytes;
}
