/**
 * The course of the day for charts: a row twice a second for half an hour, and every thirtieth of
 * them for a day, so that a page that is opened late still shows what was. Rows are kept as the text
 * in which they go out: a request for all of them is one join.
 */
import type { OperatorView } from "./operator-view.ts";

/**
 * Columns of a row, in order: time [ms], prices [ticks], position [lots], money [10^-6 USDC], sigma
 * [ticks/sqrt(s)], intensities [1/s, 1/tick], half-spread and skew [ticks].
 */
export const SERIES_COLUMNS = [
  "timeMs",
  "mid",
  "fair",
  "reservation",
  "bid",
  "ask",
  "ownBid",
  "ownAsk",
  "position",
  "positionMax",
  "net",
  "spread",
  "adverseSelection",
  "inventory",
  "fees",
  "funding",
  "sigma",
  "intensityA",
  "intensityK",
  "gamma",
  "halfSpread",
  "skew",
] as const;

/** Values in the order of {@link SERIES_COLUMNS}; null = not known then. */
export type SeriesRow = readonly (number | null)[];

/** How close the kept rows stand. */
export type SeriesStep = "fine" | "coarse";

/** Rows of this run. */
export interface SeriesRecorder {
  /** Keeps a row of a view; to be called every {@link FINE_MS}. */
  note(view: OperatorView): SeriesRow;
  /** All rows of a step as JSON, oldest first. */
  json(step: SeriesStep): string;
}

/** Time between two rows [ms]. */
export const FINE_MS = 500;
const FINE_ROWS = 3_600;
/** Of how many rows the coarse series keeps one. */
const COARSE_EVERY = 30;
const COARSE_ROWS = 5_760;

/** A recorder without rows. */
export function createSeriesRecorder(): SeriesRecorder {
  const fine = createRing(FINE_ROWS);
  const coarse = createRing(COARSE_ROWS);
  let count = 0;
  return {
    note(view) {
      const row = rowOf(view);
      const text = JSON.stringify(row);
      fine.push(text);
      if (count % COARSE_EVERY === 0) coarse.push(text);
      count += 1;
      return row;
    },
    json(step) {
      const rows = (step === "fine" ? fine : coarse).texts();
      return `{"columns":${JSON.stringify(SERIES_COLUMNS)},"rows":[${rows.join(",")}]}\n`;
    },
  };
}

function createRing(length: number): { push(text: string): void; texts(): string[] } {
  const kept: string[] = [];
  let next = 0;
  return {
    push(text) {
      kept[next % length] = text;
      next += 1;
    },
    texts: () =>
      next <= length
        ? kept.slice()
        : [...kept.slice(next % length), ...kept.slice(0, next % length)],
  };
}

function rowOf(view: OperatorView): SeriesRow {
  const { book, model, split, orders } = view;
  const best = (side: "buy" | "sell"): number | null => {
    const prices = orders.filter((order) => order.side === side).map((order) => order.px);
    if (prices.length === 0) return null;
    return side === "buy" ? Math.max(...prices) : Math.min(...prices);
  };
  return [
    view.timeMs,
    view.mid,
    short(view.fair),
    short(view.reservation),
    book.bids[0]?.px ?? null,
    book.asks[0]?.px ?? null,
    best("buy"),
    best("sell"),
    view.position,
    view.limits.positionMax,
    view.pnl.net,
    split?.spread ?? null,
    split?.adverseSelection ?? null,
    split?.inventory ?? null,
    split?.fees ?? null,
    split?.funding ?? null,
    short(model?.sigma),
    short(model?.intensityA),
    short(model?.intensityK),
    short(model?.gamma),
    short(model?.halfSpread),
    short(model?.skew),
  ];
}

/** Enough digits for a chart, few enough for the wire. */
const short = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toPrecision(9));
