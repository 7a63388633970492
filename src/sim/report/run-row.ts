/** Rows of a run's tables, from what the maker tells. */
import type { Markout } from "../../analysis/markout.ts";
import { BUY } from "../../base/side.ts";
import type { MakerStatus } from "../../maker/maker-status.ts";
import type { FillNote } from "../../maker/view/pnl-split.ts";
import type { FillRow, MarkoutRow, SeriesRow } from "./run-record.ts";

/** The row of a fill. */
export const fillRow = ({ fill, fairHalfTicks, position }: FillNote): FillRow => ({
  timeMs: fill.timeMs,
  tid: fill.tid,
  oid: fill.oid,
  side: fill.side,
  px: fill.px,
  sz: fill.sz,
  fee: fill.fee,
  crossed: fill.crossed ? 1 : 0,
  fairHalfTicks,
  position,
});

/** The row of a fill's markout at one horizon. */
export const markoutRow = ({ tid, horizonMs, fairHalfTicks }: Markout): MarkoutRow => ({
  tid,
  horizonMs,
  fairHalfTicks,
});

/** The row of a moment; the fair price is the split's, not the model's [half-ticks]. */
export function seriesRow(status: MakerStatus, fairHalfTicks: number | null): SeriesRow {
  const { book, model, split, position } = status;
  return {
    timeMs: status.timeMs,
    quoting: status.phase === "quoting" ? 1 : 0,
    fairHalfTicks,
    markPx: book.markPx,
    bookBid: book.bids[0]?.px ?? null,
    bookAsk: book.asks[0]?.px ?? null,
    ...ownTouch(status),
    position: position.size,
    limit: position.limit,
    spread: split?.spread ?? null,
    adverseSelection: split?.adverseSelection ?? null,
    inventory: split?.inventory ?? null,
    fees: split?.fees ?? null,
    funding: split?.funding ?? null,
    residual: split?.residual ?? null,
    sigma: rounded(model?.sigma),
    intensityA: rounded(model?.intensityA),
    intensityK: rounded(model?.intensityK),
    gamma: rounded(model?.gamma),
    halfSpread: rounded(model?.halfSpread),
    skew: rounded(model?.skew),
  };
}

function ownTouch({ orders }: MakerStatus): Pick<SeriesRow, "ownBid" | "ownAsk"> {
  const bids = orders.flatMap(({ side, px }) => (side === BUY ? [px] : []));
  const asks = orders.flatMap(({ side, px }) => (side === BUY ? [] : [px]));
  return {
    ownBid: bids.length > 0 ? Math.max(...bids) : null,
    ownAsk: asks.length > 0 ? Math.min(...asks) : null,
  };
}

/** Six digits are plenty for a model's figure, and keep the table small. */
const rounded = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toPrecision(6));
