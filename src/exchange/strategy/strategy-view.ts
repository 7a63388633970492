/** Strategies as objects, for answers and tests. */
import {
  CELL,
  CELL_LANES,
  PAUSE,
  STRATEGY,
  STRATEGY_KIND,
  STRATEGY_STATUS,
  strategyOfId,
} from "../account/strategy-table.ts";
import { GRID_FLAG, QUOTE_FLAG } from "../command.ts";
import type { GridTerms, QuoteTerms } from "../command-strategy.ts";
import type { Core } from "../core.ts";
import { DELTA_NEUTRAL, netNotional } from "./delta-neutral.ts";
import { GRID, GRID_CELL } from "./grid.ts";
import { QUOTE } from "./quote.ts";
import { strategyLane } from "./strategy.ts";
import { strategiesOf } from "./strategy-list.ts";

/** A cell of a grid; pairs are of buy and sell [px: ticks, lots]. */
export interface GridCellView {
  readonly px: readonly [number, number];
  /** Lots that wait on each side, resting or not. */
  readonly lots: readonly [number, number];
  /** Live order of each side, 0 = none. */
  readonly oid: readonly [number, number];
  /** Side of the first leg of its cycles. */
  readonly lead: number;
}

/** What every strategy has, whether it runs or is paused; money [10^-6 USDC]. */
interface AnyStrategy {
  readonly id: number;
  readonly account: number;
  readonly market: number;
  readonly status: "running" | "paused";
  /** Why it is paused, null while it runs. */
  readonly pause: keyof typeof PAUSE | null;
  readonly startedMs: number;
  /** Position that its own fills made [lots]. */
  readonly netLots: number;
  /** Of all its fills. */
  readonly fees: number;
  readonly volume: number;
  readonly fills: number;
}

/** A grid; see `GridTerms` for its settings. */
export interface GridView extends AnyStrategy, Required<Omit<GridTerms, "direction" | "market">> {
  readonly kind: "grid";
  readonly direction: "long" | "short" | "neutral";
  /** Of completed cycles, before fees; and their fees and lots. */
  readonly grossProfit: number;
  readonly cycleFees: number;
  readonly cycleLots: number;
  readonly cells: readonly GridCellView[];
}

/** A two-sided quote; see `QuoteTerms` for its settings. */
export interface QuoteView extends AnyStrategy, Required<Omit<QuoteTerms, "market">> {
  readonly kind: "quote";
  readonly setMs: number;
  readonly updatedMs: number;
  /** Price and remaining size of buy and sell as they rest; size 0 = none. */
  readonly px: readonly [number, number];
  readonly sz: readonly [number, number];
}

/** A strategy that hedges. */
export interface DeltaNeutralView extends AnyStrategy {
  readonly kind: "deltaNeutral";
  readonly threshold: number;
  readonly intervalMs: number;
  readonly hedges: number;
  /** Net notional of its account at mark, signed. */
  readonly net: number;
}

/** A strategy of any kind. */
export type StrategyView = GridView | QuoteView | DeltaNeutralView;

/** The strategy that an id names, or null. */
export function viewOfStrategy(core: Core, id: number): StrategyView | null {
  const row = strategyOfId(core.strategies, id);
  return row < 0 ? null : viewOf(core, row);
}

/** Strategies of an account. */
export const viewsOfAccount = (core: Core, account: number): StrategyView[] =>
  strategiesOf(core, account).map((row) => viewOf(core, row));

function viewOf(core: Core, row: number): StrategyView {
  switch (strategyLane(core, row, STRATEGY.kind)) {
    case STRATEGY_KIND.grid:
      return gridView(core, row);
    case STRATEGY_KIND.quote:
      return quoteView(core, row);
    default:
      return deltaNeutralView(core, row);
  }
}

function anyView(core: Core, row: number): AnyStrategy {
  const of = (lane: number): number => strategyLane(core, row, lane);
  const names = Object.keys(PAUSE) as (keyof typeof PAUSE)[];
  return {
    id: of(STRATEGY.id),
    account: of(STRATEGY.account),
    market: of(STRATEGY.market),
    status: of(STRATEGY.status) === STRATEGY_STATUS.running ? "running" : "paused",
    pause: names.find((name) => PAUSE[name] === of(STRATEGY.pause)) ?? null,
    startedMs: of(STRATEGY.startedMs),
    netLots: of(STRATEGY.netLots),
    fees: of(STRATEGY.fees),
    volume: of(STRATEGY.volume),
    fills: of(STRATEGY.fills),
  };
}

function gridView(core: Core, row: number): GridView {
  const of = (lane: number): number => strategyLane(core, row, lane);
  const has = (flag: number): boolean => (of(GRID.flags) & flag) !== 0;
  const first = of(STRATEGY.firstCell);
  return {
    kind: "grid",
    ...anyView(core, row),
    lowPx: of(GRID.lowPx),
    highPx: of(GRID.highPx),
    levels: of(GRID.levels),
    size: of(GRID.size),
    geometric: has(GRID_FLAG.geometric),
    shift: has(GRID_FLAG.shift),
    direction: has(GRID_FLAG.long) ? "long" : has(GRID_FLAG.short) ? "short" : "neutral",
    stopLowPx: of(GRID.stopLowPx),
    stopHighPx: of(GRID.stopHighPx),
    grossProfit: of(GRID.grossProfit),
    cycleFees: of(GRID.cycleFees),
    cycleLots: of(GRID.cycleLots),
    cells: Array.from({ length: of(STRATEGY.cells) }, (_, cell) => cellView(core, first + cell)),
  };
}

function quoteView(core: Core, row: number): QuoteView {
  const of = (lane: number): number => strategyLane(core, row, lane);
  const at = of(STRATEGY.firstCell) * CELL_LANES;
  const pair = (lane: number): [number, number] => {
    const { f64 } = core.strategies.cellRows;
    return [f64[at + lane] as number, f64[at + lane + 1] as number];
  };
  return {
    kind: "quote",
    ...anyView(core, row),
    tag: of(QUOTE.tag),
    spread: of(QUOTE.spread),
    size: of(QUOTE.size),
    intervalMs: of(QUOTE.intervalMs),
    ttlMs: of(QUOTE.ttlMs),
    bothOrNone: (of(QUOTE.flags) & QUOTE_FLAG.bothOrNone) !== 0,
    positionMax: of(QUOTE.positionMax),
    fade: of(QUOTE.fade),
    setMs: of(QUOTE.setMs),
    updatedMs: of(QUOTE.updatedMs),
    px: pair(CELL.own),
    sz: pair(CELL.resting),
  };
}

const deltaNeutralView = (core: Core, row: number): DeltaNeutralView => ({
  kind: "deltaNeutral",
  ...anyView(core, row),
  threshold: strategyLane(core, row, DELTA_NEUTRAL.threshold),
  intervalMs: strategyLane(core, row, DELTA_NEUTRAL.intervalMs),
  hedges: strategyLane(core, row, DELTA_NEUTRAL.hedges),
  net: netNotional(core, strategyLane(core, row, STRATEGY.account)),
});

function cellView({ strategies }: Core, cell: number): GridCellView {
  const of = (lane: number): number => strategies.cellRows.f64[cell * CELL_LANES + lane] as number;
  const pair = (lane: number): [number, number] => [of(lane), of(lane + 1)];
  return {
    px: pair(GRID_CELL.px),
    lots: pair(GRID_CELL.lots),
    oid: pair(CELL.oid),
    lead: of(GRID_CELL.lead),
  };
}
