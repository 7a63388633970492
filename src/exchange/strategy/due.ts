/** When strategies want a turn without a fill or a price. */
import { STRATEGY, STRATEGY_LANES } from "../account/strategy-table.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { queueStrategy } from "../matching/managed.ts";
import { NUMBER, numberOf, setNumber } from "../numbers.ts";
import { setStrategyLane } from "./strategy.ts";

/** Sets when a strategy wants a turn; 0 = not by time [ms]. */
export function setDue(core: Core, row: number, timeMs: number): void {
  setStrategyLane(core, row, STRATEGY.dueMs, timeMs);
  const next = numberOf(core.numbers, NUMBER.nextStrategyMs);
  if (timeMs !== 0 && (next === 0 || timeMs < next))
    setNumber(core.numbers, NUMBER.nextStrategyMs, timeMs);
}

/** Gives the strategies a turn whose time has come. */
export function fireStrategies(core: Core): void {
  const next = numberOf(core.numbers, NUMBER.nextStrategyMs);
  const nowMs = commandTimeMs(core);
  if (next === 0 || nowMs < next) return;
  const { table, rows } = core.strategies;
  let later = 0;
  for (let row = 0; row < table.count; row++) {
    const due = rows.f64[row * STRATEGY_LANES + STRATEGY.dueMs] as number;
    if (due === 0) continue;
    if (due <= nowMs) {
      setStrategyLane(core, row, STRATEGY.dueMs, 0);
      queueStrategy(core, row);
    } else if (later === 0 || due < later) later = due;
  }
  setNumber(core.numbers, NUMBER.nextStrategyMs, later);
}

/** When the next strategy wants a turn; Infinity = none [ms]. */
export function nextStrategyMs(core: Core): number {
  const next = numberOf(core.numbers, NUMBER.nextStrategyMs);
  return next === 0 ? Number.POSITIVE_INFINITY : next;
}
