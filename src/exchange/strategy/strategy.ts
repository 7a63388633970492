/** What all strategies have in common: being started, paused, resumed and ended, and saying so. */
import { keepRow } from "../../base/column.ts";
import {
  addStrategy,
  freeStrategy,
  type PAUSE,
  STRATEGY,
  STRATEGY_LANES,
  STRATEGY_STATUS,
} from "../account/strategy-table.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, type STRATEGY_END, STRATEGY_EVENT } from "../event.ts";
import { queueStrategy } from "../matching/managed.ts";
import { cancelCells } from "./placing.ts";

type Values<T> = T[keyof T];

/** Reads a lane of a strategy. */
export const strategyLane = (core: Core, row: number, lane: number): number =>
  core.strategies.rows.f64[row * STRATEGY_LANES + lane] as number;

/** Writes a lane of a strategy. */
export function setStrategyLane(core: Core, row: number, lane: number, value: number): void {
  keepRow(core.strategies.table, row);
  core.strategies.rows.f64[row * STRATEGY_LANES + lane] = value;
}

/** Takes a row for a strategy that runs from now on; its own lanes are the caller's to fill. */
export function openStrategy(
  core: Core,
  of: { kind: number; account: number; market: number; cells: number },
): number {
  const row = addStrategy(core.strategies, of.cells);
  const set = (lane: number, value: number): void => setStrategyLane(core, row, lane, value);
  set(STRATEGY.kind, of.kind);
  set(STRATEGY.account, of.account);
  set(STRATEGY.market, of.market);
  set(STRATEGY.status, STRATEGY_STATUS.running);
  set(STRATEGY.startedMs, commandTimeMs(core));
  return row;
}

/** Takes a strategy's orders off the book until it is resumed. */
export function pauseStrategy(core: Core, row: number, why: Values<typeof PAUSE>): void {
  cancelCells(core, row);
  setStrategyLane(core, row, STRATEGY.status, STRATEGY_STATUS.paused);
  setStrategyLane(core, row, STRATEGY.pause, why);
  emitStrategy(core, EVENT.strategyPaused, row, { a: why });
}

/** Has a paused strategy go on; its orders follow in its turn. */
export function resumeStrategy(core: Core, row: number): void {
  setStrategyLane(core, row, STRATEGY.status, STRATEGY_STATUS.running);
  setStrategyLane(core, row, STRATEGY.pause, 0);
  emitStrategy(core, EVENT.strategyResumed, row, {});
  queueStrategy(core, row);
}

/** Ends a strategy: its orders leave the book, its row and cells are given back. */
export function endStrategy(
  core: Core,
  row: number,
  why: Values<typeof STRATEGY_END>,
  grossProfit: number,
): void {
  cancelCells(core, row);
  const b = strategyLane(core, row, STRATEGY.netLots);
  const d = strategyLane(core, row, STRATEGY.fees);
  emitStrategy(core, EVENT.strategyEnded, row, { a: why, b, c: grossProfit, d });
  freeStrategy(core.strategies, row);
}

/** Says something about a strategy; see `STRATEGY_EVENT`. */
export function emitStrategy(
  core: Core,
  kind:
    | typeof EVENT.strategyStarted
    | typeof EVENT.strategyPaused
    | typeof EVENT.strategyResumed
    | typeof EVENT.strategyEnded
    | typeof EVENT.gridCycled,
  row: number,
  { a = 0, b = 0, c = 0, d = 0 }: { a?: number; b?: number; c?: number; d?: number },
): void {
  const account = strategyLane(core, row, STRATEGY.account);
  const lane = beginEvent(core, kind, account, strategyLane(core, row, STRATEGY.market), -1);
  const { lanes } = core.events;
  lanes[lane + STRATEGY_EVENT.id] = strategyLane(core, row, STRATEGY.id);
  lanes[lane + STRATEGY_EVENT.strategy] = strategyLane(core, row, STRATEGY.kind);
  lanes[lane + STRATEGY_EVENT.a] = a;
  lanes[lane + STRATEGY_EVENT.b] = b;
  lanes[lane + STRATEGY_EVENT.c] = c;
  lanes[lane + STRATEGY_EVENT.d] = d;
}
