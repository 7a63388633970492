/** Strategies as objects, for answers and tests. */
import {
  CELL,
  CELL_LANES,
  PAUSE,
  STRATEGY,
  STRATEGY_LANES,
  STRATEGY_STATUS,
  strategyOfId,
} from "../account/strategy-table.ts";
import { GRID_FLAG } from "../command.ts";
import type { GridTerms } from "../command-grid.ts";
import type { Core } from "../core.ts";
import { GRID, GRID_CELL } from "./grid.ts";
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

/** A strategy that runs or is paused; money [10^-6 USDC]. */
export interface StrategyView extends Required<Omit<GridTerms, "direction">> {
  readonly id: number;
  readonly kind: "grid";
  readonly account: number;
  readonly status: "running" | "paused";
  /** Why it is paused, null while it runs. */
  readonly pause: keyof typeof PAUSE | null;
  readonly startedMs: number;
  readonly direction: "long" | "short" | "neutral";
  /** Position that its own fills made [lots]. */
  readonly netLots: number;
  /** Of all its fills. */
  readonly fees: number;
  readonly volume: number;
  readonly fills: number;
  /** Of completed cycles, before fees; and their fees and lots. */
  readonly grossProfit: number;
  readonly cycleFees: number;
  readonly cycleLots: number;
  readonly cells: readonly GridCellView[];
}

/** The strategy that an id names, or null. */
export function viewOfStrategy(core: Core, id: number): StrategyView | null {
  const row = strategyOfId(core.strategies, id);
  return row < 0 ? null : viewOf(core, row);
}

/** Strategies of an account. */
export const viewsOfAccount = (core: Core, account: number): StrategyView[] =>
  strategiesOf(core, account).map((row) => viewOf(core, row));

function viewOf(core: Core, row: number): StrategyView {
  const of = (lane: number): number =>
    core.strategies.rows.f64[row * STRATEGY_LANES + lane] as number;
  const flags = of(GRID.flags);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const names = Object.keys(PAUSE) as (keyof typeof PAUSE)[];
  const first = of(STRATEGY.firstCell);
  return {
    id: of(STRATEGY.id),
    kind: "grid",
    account: of(STRATEGY.account),
    market: of(STRATEGY.market),
    status: of(STRATEGY.status) === STRATEGY_STATUS.running ? "running" : "paused",
    pause: names.find((name) => PAUSE[name] === of(STRATEGY.pause)) ?? null,
    startedMs: of(STRATEGY.startedMs),
    lowPx: of(GRID.lowPx),
    highPx: of(GRID.highPx),
    levels: of(GRID.levels),
    size: of(GRID.size),
    geometric: has(GRID_FLAG.geometric),
    shift: has(GRID_FLAG.shift),
    direction: has(GRID_FLAG.long) ? "long" : has(GRID_FLAG.short) ? "short" : "neutral",
    stopLowPx: of(GRID.stopLowPx),
    stopHighPx: of(GRID.stopHighPx),
    netLots: of(STRATEGY.netLots),
    fees: of(STRATEGY.fees),
    volume: of(STRATEGY.volume),
    fills: of(STRATEGY.fills),
    grossProfit: of(GRID.grossProfit),
    cycleFees: of(GRID.cycleFees),
    cycleLots: of(GRID.cycleLots),
    cells: Array.from({ length: of(STRATEGY.cells) }, (_, cell) => cellView(core, first + cell)),
  };
}

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
