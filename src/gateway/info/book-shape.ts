import type { L2BookResponse } from "@nktkas/hyperliquid/api/info";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { bestLevel, type L2Level, levelsOf } from "../../projection/l2.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatPx, formatSz } from "../../wire/decimal.ts";

/** Levels a side in a book snapshot. */
export const BOOK_DEPTH = 20;

/** How coarsely prices are grouped; undefined = every price by itself. */
export interface BookGrouping {
  /** Significant figures that prices keep. */
  readonly nSigFigs: 2 | 3 | 4 | 5 | undefined;
  /** With five figures only: the last one is a multiple of this. */
  readonly mantissa: 1 | 2 | 5 | undefined;
}

/** Every price by itself. */
export const UNGROUPED: BookGrouping = { nSigFigs: undefined, mantissa: undefined };

/** A level on the wire. */
export type WireLevel = NonNullable<L2BookResponse>["levels"][number][number];

/** Reads grouping parameters as received; null where the venue does not offer the combination. */
export function readGrouping(request: object): BookGrouping | null {
  const nSigFigs = "nSigFigs" in request ? (request.nSigFigs ?? undefined) : undefined;
  const mantissa = "mantissa" in request ? (request.mantissa ?? undefined) : undefined;
  if (![undefined, 2, 3, 4, 5].includes(nSigFigs as number | undefined)) return null;
  if (![undefined, 1, 2, 5].includes(mantissa as number | undefined)) return null;
  if (mantissa !== undefined && nSigFigs !== 5) return null;
  return { nSigFigs, mantissa } as BookGrouping;
}

/** A market's book on the wire, best levels first; `spread` is there where prices are grouped. */
export function bookShape(
  models: ReadModels,
  { market, name, szDecimals }: MarketView,
  { grouping, depth }: { grouping: BookGrouping; depth: number },
): NonNullable<L2BookResponse> {
  const sideOf = (side: Side): WireLevel[] =>
    groupLevels(levelsOf(models.l2, market, side), { side, grouping, depth }).map((level) =>
      levelShape(level, szDecimals),
    );
  const spread = spreadOf(models, market);
  return {
    coin: name,
    time: models.timeMs,
    levels: [sideOf(BUY), sideOf(SELL)],
    ...(grouping.nSigFigs !== undefined &&
      spread !== null && { spread: formatPx(spread, szDecimals) }),
  };
}

/** A level on the wire. */
export const levelShape = ({ px, sz, n }: L2Level, szDecimals: number): WireLevel => ({
  px: formatPx(px, szDecimals),
  sz: formatSz(sz, szDecimals),
  n,
});

/**
 * The best `depth` levels after grouping: bids fall to the bucket below, asks rise to the one above.
 * `levels` has the best last [ticks, lots].
 */
export function groupLevels(
  levels: readonly L2Level[],
  { side, grouping, depth }: { side: Side; grouping: BookGrouping; depth: number },
): L2Level[] {
  const groups: L2Level[] = [];
  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i] as L2Level;
    const px = bucketPx(level.px, side, grouping);
    const group = groups.at(-1);
    if (group?.px === px) {
      group.sz += level.sz;
      group.n += level.n;
    } else {
      if (groups.length === depth) break;
      groups.push({ px, sz: level.sz, n: level.n });
    }
  }
  return groups;
}

function bucketPx(px: number, side: Side, { nSigFigs, mantissa = 1 }: BookGrouping): number {
  if (nSigFigs === undefined) return px;
  const excess = String(px).length - nSigFigs;
  // Fewer digits than asked for: a tick is coarser than the bucket would be.
  if (excess < 0) return px;
  const step = mantissa * 10 ** excess;
  return (side === BUY ? Math.floor(px / step) : Math.ceil(px / step)) * step;
}

function spreadOf(models: ReadModels, market: number): number | null {
  const bid = bestLevel(models.l2, market, BUY);
  const ask = bestLevel(models.l2, market, SELL);
  return bid === undefined || ask === undefined ? null : ask.px - bid.px;
}
