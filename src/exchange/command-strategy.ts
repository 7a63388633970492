/** What strategies are asked for, as objects and in the lanes of commands. */
import {
  COMMAND,
  CONTROL,
  CONTROL_ARGS,
  type CommandRecord,
  DELTA_NEUTRAL_ARGS,
  GRID_ARGS,
  GRID_FLAG,
  HEADER,
  ITEM,
  itemCount,
  itemLane,
  QUOTE_ARGS,
  QUOTE_FLAG,
  QUOTE_ITEM,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

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

/** A two-sided quote as an account asks for it. */
export interface QuoteTerms {
  market: number;
  /** Number that tells the account's quotes on a market apart. */
  tag: number;
  /** Distance of bid and ask as a share of the mid [10^-6]. */
  spread: number;
  /** Of each leg [lots]. */
  size: number;
  /** Least time between two updates [ms]. */
  intervalMs: number;
  /** It pauses so long after it was last set; 0 = never [ms]. */
  ttlMs: number;
  bothOrNone?: boolean;
  /** Position of its own at which it stops adding to it; 0 = none [lots]. */
  positionMax: number;
  /** How far prices move with the position at that limit [10^-6]. */
  fade: number;
}

/** Writes a quote into the lanes of a record begun with one item. */
function writeQuoteTerms(quote: QuoteTerms, { lanes }: CommandRecord): void {
  lanes[QUOTE_ARGS.market] = quote.market;
  lanes[QUOTE_ARGS.spread] = quote.spread;
  lanes[QUOTE_ARGS.size] = quote.size;
  lanes[QUOTE_ARGS.intervalMs] = quote.intervalMs;
  lanes[QUOTE_ARGS.ttlMs] = quote.ttlMs;
  lanes[QUOTE_ARGS.flags] = quote.bothOrNone === true ? QUOTE_FLAG.bothOrNone : 0;
  lanes[itemLane(0) + QUOTE_ITEM.tag] = quote.tag;
  lanes[itemLane(0) + QUOTE_ITEM.positionMax] = quote.positionMax;
  lanes[itemLane(0) + QUOTE_ITEM.fade] = quote.fade;
}

/** Reads a quote from a record. */
function readQuoteTerms(record: CommandRecord): QuoteTerms {
  const of = (lane: number): number => record.lanes[lane] as number;
  const ofItem = (lane: number): number => (itemCount(record) === 1 ? of(itemLane(0) + lane) : 0);
  return {
    market: of(QUOTE_ARGS.market),
    tag: ofItem(QUOTE_ITEM.tag),
    spread: of(QUOTE_ARGS.spread),
    size: of(QUOTE_ARGS.size),
    intervalMs: of(QUOTE_ARGS.intervalMs),
    ttlMs: of(QUOTE_ARGS.ttlMs),
    ...(of(QUOTE_ARGS.flags) === QUOTE_FLAG.bothOrNone && { bothOrNone: true }),
    positionMax: ofItem(QUOTE_ITEM.positionMax),
    fade: ofItem(QUOTE_ITEM.fade),
  };
}

/** What can be asked of a strategy, by name. */
export type ControlName = keyof typeof CONTROL;

/** Commands about strategies that the exchange runs. */
export type StrategyCommand =
  | ({ kind: "startGrid"; grid: GridTerms } & Signed)
  | ({ kind: "setQuote"; quote: QuoteTerms } & Signed)
  | ({
      kind: "startDeltaNeutral";
      /** Where it hedges. */
      market: number;
      /** [10^-6 USDC] */
      threshold: number;
      /** Least time between two hedges [ms]. */
      intervalMs: number;
    } & Signed)
  | ({ kind: "controlStrategy"; id: number; control: ControlName } & Signed);

/** Writes such a command into a record. */
export function writeStrategyCommand(command: StrategyCommand, record: CommandRecord): void {
  const { lanes } = record;
  const kind = COMMAND[command.kind];
  switch (command.kind) {
    case "startGrid":
      beginSigned(record, kind, gridItems(command.grid), command);
      writeGridTerms(command.grid, record);
      return;
    case "setQuote":
      beginSigned(record, kind, 1, command);
      writeQuoteTerms(command.quote, record);
      return;
    case "startDeltaNeutral":
      beginSigned(record, kind, 0, command);
      lanes[DELTA_NEUTRAL_ARGS.market] = command.market;
      lanes[DELTA_NEUTRAL_ARGS.threshold] = command.threshold;
      lanes[DELTA_NEUTRAL_ARGS.intervalMs] = command.intervalMs;
      return;
    case "controlStrategy":
      beginSigned(record, kind, 0, command);
      lanes[CONTROL_ARGS.id] = command.id;
      lanes[CONTROL_ARGS.control] = CONTROL[command.control];
  }
}

/** Reads such a command back; null for another kind. */
export function readStrategyCommand(record: CommandRecord): StrategyCommand | null {
  const { lanes } = record;
  switch (lanes[HEADER.kind]) {
    case COMMAND.startGrid:
      return { kind: "startGrid", ...readSigned(record), grid: readGridTerms(record) };
    case COMMAND.setQuote:
      return { kind: "setQuote", ...readSigned(record), quote: readQuoteTerms(record) };
    case COMMAND.startDeltaNeutral:
      return {
        kind: "startDeltaNeutral",
        ...readSigned(record),
        market: lanes[DELTA_NEUTRAL_ARGS.market] as number,
        threshold: lanes[DELTA_NEUTRAL_ARGS.threshold] as number,
        intervalMs: lanes[DELTA_NEUTRAL_ARGS.intervalMs] as number,
      };
    case COMMAND.controlStrategy: {
      const control = controlName(lanes[CONTROL_ARGS.control] as number);
      if (control === undefined) return null;
      const id = lanes[CONTROL_ARGS.id] as number;
      return { kind: "controlStrategy", ...readSigned(record), id, control };
    }
    default:
      return null;
  }
}

/** Name of a control number, or undefined for another number. */
const controlName = (control: number): ControlName | undefined =>
  (Object.keys(CONTROL) as ControlName[]).find((name) => CONTROL[name] === control);

/** Items of the record that a grid takes: one where it has stops. */
const gridItems = ({ stopLowPx, stopHighPx }: GridTerms): number =>
  stopLowPx === undefined && stopHighPx === undefined ? 0 : 1;

/** Writes a grid into the lanes of a record begun before. */
function writeGridTerms(grid: GridTerms, { lanes }: CommandRecord): void {
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
function readGridTerms(record: CommandRecord): GridTerms {
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
