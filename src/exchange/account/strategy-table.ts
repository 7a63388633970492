/**
 * Owns the rows of the strategies that the exchange runs for accounts (grids, two-sided quotes), and
 * their cells. A cell is a place of one buy and one sell at most; what a strategy has at work, and
 * what of it was filled since it last looked, stands there. What the figures mean to a strategy
 * is the business of `strategy/`; matching only writes down fills and cancels here.
 *
 * A strategy's orders carry its row and cell in their client order id, so each finds its cell.
 * Both tables are empty while no strategy was ever started.
 */
import {
  addI32,
  addRecord,
  addRow,
  addTable,
  clearRow,
  type I32Column,
  isFull,
  keepRow,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { BUY, type Side } from "../../base/side.ts";

/** Most strategies and cells of one exchange. */
const STRATEGIES_MAX = 65_536;
const CELLS_MAX = 2_097_152;
/** Cells come in blocks of 2^0 to 2^8. */
const BLOCK_CLASSES = 9;
/** Most cells of one strategy. */
export const STRATEGY_CELLS_MAX = 256;
/** Lanes of the allocator: strategies ever started, free strategies (row + 1), then free blocks by class. */
const FREE_STRATEGY = 1;
const FREE_BLOCK = 2;

/** What a strategy does; numbers never change. 0 = a free row. */
export const STRATEGY_KIND = { grid: 1, quote: 2, deltaNeutral: 3 } as const;

/** Whether a strategy has orders at work. */
export const STRATEGY_STATUS = { running: 1, paused: 2 } as const;

/** Float64 lanes of a strategy's record of 256 bytes; from `own` on they are its kind's. */
export const STRATEGY = {
  /** Id that the outside names it by: number x 65,536 + row. */
  id: 0,
  kind: 1,
  account: 2,
  market: 3,
  status: 4,
  /** Why it is paused: a `PAUSE` number. */
  pause: 5,
  /** 1 = it waits for its turn. */
  queued: 6,
  firstCell: 7,
  cells: 8,
  startedMs: 9,
  /** Number of orders placed, for client order ids. */
  placed: 10,
  /** Position that its own fills have made [lots]. */
  netLots: 11,
  /** Fees of its fills, rebates as negative ones [10^-6 USDC]. */
  fees: 12,
  /** Lots and notional that its fills bought and sold together. */
  volume: 13,
  fills: 14,
  /** Reason of a cancel that was not its own, 0 = none: a `CANCEL_REASON`. */
  canceled: 15,
  /** When it wants a turn whatever else happens, 0 = never [ms]. */
  dueMs: 16,
  own: 17,
} as const;
/** Float64 lanes of a strategy's record. */
export const STRATEGY_LANES = 32;

/** Why a strategy rests; numbers never change. */
export const PAUSE = {
  /** Its account asked. */
  requested: 1,
  /** One of its orders was refused, or canceled for want of margin. */
  margin: 2,
  /** Somebody else canceled one of its orders. */
  canceled: 3,
  /** The mark price left its range. */
  rangeBroken: 4,
  /** A limit of its own is passed. */
  limit: 5,
  /** It was not set again in time. */
  expired: 6,
} as const;

/** Float64 lanes of a cell's record of 160 bytes; `+ side` where there are two; from `own` on they are the kind's. */
export const CELL = {
  /** Live order of a side, 0 = none. */
  oid: 0,
  /** What rests of it [lots]. */
  resting: 2,
  /** Fills since the strategy last looked: lots, notional and fee [10^-6 USDC]. */
  filledLots: 4,
  filledNotional: 6,
  filledFee: 8,
  own: 10,
} as const;
/** Float64 lanes of a cell's record. */
export const CELL_LANES = 20;

/** Columns of the strategies and cells. */
export interface Strategies {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly cells: Table;
  readonly cellRows: RecordColumn;
  readonly allocatorTable: Table;
  readonly allocator: I32Column;
}

/** None. */
export function createStrategies(register: Register): Strategies {
  const table = addTable(register, "strategy", STRATEGIES_MAX);
  const rows = addRecord(table, "rows", STRATEGY_LANES * 8);
  const cells = addTable(register, "strategy-cell", CELLS_MAX);
  const cellRows = addRecord(cells, "rows", CELL_LANES * 8);
  const allocatorTable = addTable(register, "strategy-allocator", 1);
  const allocator = addI32(allocatorTable, "numbers", FREE_BLOCK + BLOCK_CLASSES);
  return { table, rows, cells, cellRows, allocatorTable, allocator };
}

const classOf = (cells: number): number => 32 - Math.clz32(cells - 1);

/** Whether a strategy of so many cells finds room. */
export function hasStrategyRoom(strategies: Strategies, cells: number): boolean {
  const { table, allocatorTable, allocator } = strategies;
  const isOpen = allocatorTable.count > 0;
  const kind = classOf(cells);
  if (isFull(table) && (!isOpen || allocator.data[FREE_STRATEGY] === 0)) return false;
  const hasBlock = isOpen && allocator.data[FREE_BLOCK + kind] !== 0;
  return hasBlock || strategies.cells.count + (1 << kind) <= strategies.cells.countMax;
}

/** Takes a row and cells for a new strategy, all lanes zero but those that say where they are; returns the row. */
export function addStrategy(strategies: Strategies, cells: number): number {
  const { table, allocatorTable, allocator } = strategies;
  if (allocatorTable.count === 0) addRow(allocatorTable);
  const free = allocator.data[FREE_STRATEGY] as number;
  const row = free === 0 ? addRow(table) : free - 1;
  const { f64 } = strategies.rows;
  const at = row * STRATEGY_LANES;
  if (free !== 0) {
    keepRow(table, row);
    allocator.data[FREE_STRATEGY] = f64[at + STRATEGY.firstCell] as number;
    f64[at + STRATEGY.firstCell] = 0;
  }
  const number = (allocator.data[0] as number) + 1;
  allocator.data[0] = number;
  f64[at + STRATEGY.id] = number * STRATEGIES_MAX + row;
  f64[at + STRATEGY.firstCell] = takeBlock(strategies, cells);
  f64[at + STRATEGY.cells] = cells;
  return row;
}

/** Gives a strategy's row and cells back. */
export function freeStrategy(strategies: Strategies, row: number): void {
  const { table, allocator } = strategies;
  const { f64 } = strategies.rows;
  const at = row * STRATEGY_LANES;
  giveBlock(strategies, f64[at + STRATEGY.firstCell] as number, f64[at + STRATEGY.cells] as number);
  keepRow(table, row);
  clearRow(table, row);
  strategies.rows.f64[at + STRATEGY.firstCell] = allocator.data[FREE_STRATEGY] as number;
  allocator.data[FREE_STRATEGY] = row + 1;
}

function takeBlock({ cells, cellRows, allocator }: Strategies, count: number): number {
  const lane = FREE_BLOCK + classOf(count);
  const free = allocator.data[lane] as number;
  if (free !== 0) {
    keepRow(cells, free - 1);
    allocator.data[lane] = cellRows.f64[(free - 1) * CELL_LANES] as number;
    cellRows.f64[(free - 1) * CELL_LANES] = 0;
    return free - 1;
  }
  const first = cells.count;
  for (let k = 0; k < 1 << classOf(count); k++) addRow(cells);
  return first;
}

function giveBlock({ cells, cellRows, allocator }: Strategies, first: number, count: number): void {
  const lane = FREE_BLOCK + classOf(count);
  for (let cell = first; cell < first + count; cell++) {
    keepRow(cells, cell);
    clearRow(cells, cell);
  }
  cellRows.f64[first * CELL_LANES] = allocator.data[lane] as number;
  allocator.data[lane] = first + 1;
}

/** Row of the strategy that an id names, or -1. */
export function strategyOfId({ table, rows }: Strategies, id: number): number {
  if (!(Number.isSafeInteger(id) && id > 0)) return -1;
  const row = id % STRATEGIES_MAX;
  return row < table.count && rows.f64[row * STRATEGY_LANES + STRATEGY.id] === id ? row : -1;
}

/** Words of the client order id of a strategy's order: a mark, its row, cell and side, and a count. */
export function writeStrategyCloid(
  words: Int32Array,
  order: { row: number; cell: number; side: Side; count: number },
): void {
  words[0] = 0x0b05e001;
  words[1] = order.row;
  words[2] = order.cell * 2 + order.side;
  words[3] = order.count | 0;
}

/** Row of the strategy that an order's client order id, at `at` of `words`, belongs to. */
export const rowOfCloid = (words: Int32Array, at: number): number => words[at + 1] as number;

/** First lane of the cell, and side, that an order's client order id names. */
export function cellOfCloid(
  strategies: Strategies,
  words: Int32Array,
  at: number,
): { row: number; lane: number; side: Side } {
  const row = rowOfCloid(words, at);
  const place = words[at + 2] as number;
  const first = strategies.rows.f64[row * STRATEGY_LANES + STRATEGY.firstCell] as number;
  const side = (place & 1) === BUY ? BUY : 1;
  return { row: first + (place >>> 1), lane: (first + (place >>> 1)) * CELL_LANES, side };
}
