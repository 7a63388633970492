/** What a grid is asked for, as an object and in the lanes of a command. */
import {
  CONTROL,
  type CommandRecord,
  GRID_ARGS,
  GRID_FLAG,
  ITEM,
  itemCount,
  itemLane,
} from "./command.ts";

/** A grid as an account asks for it [px: ticks, size: lots]. */
export interface GridTerms {
  market: number;
  lowPx: number;
  highPx: number;
  /** Number of prices. */
  levels: number;
  /** Of each order. */
  size: number;
  geometric?: boolean;
  /** Position that it begins with; none by default. */
  direction?: "long" | "short";
  /** Moves along beyond its range; pauses there by default. */
  shift?: boolean;
  /** Mark prices that end it. */
  stopLowPx?: number;
  stopHighPx?: number;
}

/** What can be asked of a strategy, by name. */
export type ControlName = keyof typeof CONTROL;

/** Name of a control number, or undefined for another number. */
export const controlName = (control: number): ControlName | undefined =>
  (Object.keys(CONTROL) as ControlName[]).find((name) => CONTROL[name] === control);

/** Items of the record that a grid takes: one where it has stops. */
export const gridItems = ({ stopLowPx, stopHighPx }: GridTerms): number =>
  stopLowPx === undefined && stopHighPx === undefined ? 0 : 1;

/** Writes a grid into the lanes of a record begun before. */
export function writeGridTerms(grid: GridTerms, { lanes }: CommandRecord): void {
  lanes[GRID_ARGS.market] = grid.market;
  lanes[GRID_ARGS.lowPx] = grid.lowPx;
  lanes[GRID_ARGS.highPx] = grid.highPx;
  lanes[GRID_ARGS.levels] = grid.levels;
  lanes[GRID_ARGS.size] = grid.size;
  lanes[GRID_ARGS.flags] =
    (grid.geometric === true ? GRID_FLAG.geometric : 0) |
    (grid.direction === undefined ? 0 : GRID_FLAG[grid.direction]) |
    (grid.shift === true ? GRID_FLAG.shift : 0);
  if (gridItems(grid) === 0) return;
  lanes[itemLane(0) + ITEM.px] = grid.stopLowPx ?? 0;
  lanes[itemLane(0) + ITEM.triggerPx] = grid.stopHighPx ?? 0;
}

/** Reads a grid from a record. */
export function readGridTerms(record: CommandRecord): GridTerms {
  const of = (lane: number): number => record.lanes[lane] as number;
  const flags = of(GRID_ARGS.flags);
  const low = itemCount(record) === 1 ? of(itemLane(0) + ITEM.px) : 0;
  const high = itemCount(record) === 1 ? of(itemLane(0) + ITEM.triggerPx) : 0;
  return {
    market: of(GRID_ARGS.market),
    lowPx: of(GRID_ARGS.lowPx),
    highPx: of(GRID_ARGS.highPx),
    levels: of(GRID_ARGS.levels),
    size: of(GRID_ARGS.size),
    ...((flags & GRID_FLAG.geometric) !== 0 && { geometric: true }),
    ...((flags & GRID_FLAG.long) !== 0 && { direction: "long" as const }),
    ...((flags & GRID_FLAG.short) !== 0 && { direction: "short" as const }),
    ...((flags & GRID_FLAG.shift) !== 0 && { shift: true }),
    ...(low !== 0 && { stopLowPx: low }),
    ...(high !== 0 && { stopHighPx: high }),
  };
}
