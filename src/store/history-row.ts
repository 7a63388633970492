/**
 * Rows as bytes: the values of a row's fields in a fixed order, as a JSON array. The order of fields
 * is part of the format, so a store of other fields is dropped and built again.
 */
import type { Candle } from "../projection/candles.ts";
import type { FillView } from "../projection/fills.ts";
import type { FundingItem } from "../projection/fundings.ts";
import type { LedgerItem, MoveItem } from "../projection/ledger.ts";
import type { OrderView } from "../projection/orders.ts";

/** How a kind of row is written and read. */
export interface RowForm<T> {
  /** Names of its fields, or a version of its own. */
  readonly fields: readonly string[];
  encode(row: T): string;
  decode(bytes: Uint8Array): T;
}

/** All fields of a row; a field that is left out, or one too many, does not compile. What may be absent and is comes back absent. */
const formOf =
  <T extends object>() =>
  <const F extends readonly (keyof T & string)[]>(
    fields: F & ([Exclude<keyof T, F[number]>] extends [never] ? unknown : never),
    optional: readonly F[number][] = [],
  ): RowForm<T> => ({
    fields,
    encode: (row) => JSON.stringify(fields.map((field) => row[field])),
    decode(bytes) {
      const values = JSON.parse(Buffer.from(bytes).toString()) as unknown[];
      const entries = fields.map((field, i) => [field, values[i]] as const);
      return Object.fromEntries(
        entries.filter(([field, value]) => value !== null || !optional.includes(field)),
      ) as T;
    },
  });

/** A fill. */
export const FILL_ROW = formOf<FillView>()([
  "account",
  "market",
  "seq",
  "timeMs",
  "oid",
  "tid",
  "side",
  "px",
  "sz",
  "startPosition",
  "closedPnl",
  "fee",
  "builderFee",
  "crossed",
  "cloid",
  "twapId",
  "liquidatedAccount",
  "way",
  "markPx",
]);

/** An order that is finished or was refused. */
export const ORDER_ROW = formOf<OrderView>()(
  [
    "oid",
    "account",
    "market",
    "side",
    "px",
    "origSz",
    "tif",
    "reduceOnly",
    "cloid",
    "placedMs",
    "sz",
    "state",
    "code",
    "statusMs",
    "resting",
    "waiting",
    "trigger",
    "expiresAtMs",
    "twapId",
    "children",
  ],
  ["twapId", "children"],
);

/** A payment of funding, or a rate. */
export const FUNDING_ROW = formOf<FundingItem>()([
  "kind",
  "seq",
  "timeMs",
  "account",
  "market",
  "item",
  "rate",
  "premium",
  "amount",
  "size",
  "oraclePx",
  "samples",
]);

/** Rows of several shapes, of which there are few, say their fields themselves. */
const selfDescribed = <T>(version: string): RowForm<T> => ({
  fields: [version],
  encode: (row) => JSON.stringify(row),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as T,
});

/** Money that came or went. */
export const LEDGER_ROW = selfDescribed<LedgerItem>("ledger 1");

/** A part of a position that came or went. */
export const MOVE_ROW = selfDescribed<MoveItem>("move 1");

/** A candle that is over. */
export const CANDLE_ROW = formOf<Candle>()([
  "market",
  "interval",
  "openMs",
  "endMs",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "trades",
]);

/** The fields of every kind of row, which make the format. */
export const ROW_FIELDS: readonly (readonly string[])[] = [
  FILL_ROW.fields,
  ORDER_ROW.fields,
  FUNDING_ROW.fields,
  LEDGER_ROW.fields,
  MOVE_ROW.fields,
  CANDLE_ROW.fields,
];
