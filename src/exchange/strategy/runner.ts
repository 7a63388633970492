/**
 * Runs strategies: gives one its turn, hands prices to those that they concern, and does what their
 * accounts ask of them.
 */
import { CANCEL_REASON, REJECT } from "../../base/reject-code.ts";
import {
  PAUSE,
  STRATEGY,
  STRATEGY_KIND,
  STRATEGY_LANES,
  STRATEGY_STATUS,
  strategyOfId,
} from "../account/strategy-table.ts";
import { COMMAND, CONTROL, CONTROL_ARGS, type CommandRecord, HEADER } from "../command.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { STRATEGY_END } from "../event.ts";
import { queueStrategy } from "../matching/managed.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { rejectCommand } from "../refusal.ts";
import { concernsDeltaNeutral, runDeltaNeutral } from "./delta-neutral.ts";
import { concernsGrid, GRID, runGrid, takeInFills } from "./grid.ts";
import { cancelCells, flatten } from "./placing.ts";
import { concernsQuote, QUOTE, runQuote } from "./quote.ts";
import { startGrid } from "./start-grid.ts";
import { setQuote, startDeltaNeutral } from "./start-quote.ts";
import {
  endStrategy,
  pauseStrategy,
  resumeStrategy,
  setStrategyLane,
  strategyLane,
} from "./strategy.ts";

/** A strategy's turn in the queue of consequences; its row may have been given back since it was queued. */
export function runStrategy(core: Core, row: number, touched: TouchedAccounts): void {
  if (strategyLane(core, row, STRATEGY.kind) === 0) return;
  setStrategyLane(core, row, STRATEGY.queued, 0);
  const canceled = strategyLane(core, row, STRATEGY.canceled);
  if (canceled !== 0) {
    setStrategyLane(core, row, STRATEGY.canceled, 0);
    const isMargin = canceled === CANCEL_REASON.margin || canceled === CANCEL_REASON.liquidated;
    if (strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running)
      pauseStrategy(core, row, isMargin ? PAUSE.margin : PAUSE.canceled);
  }
  switch (strategyLane(core, row, STRATEGY.kind)) {
    case STRATEGY_KIND.grid:
      runGrid(core, row, touched);
      return;
    case STRATEGY_KIND.quote:
      runQuote(core, row, touched);
      return;
    case STRATEGY_KIND.deltaNeutral:
      runDeltaNeutral(core, row, touched);
  }
}

/** Gives the strategies their turn that a market's mark price concerns. */
export function followPrice(core: Core, market: number): void {
  const { table, rows } = core.strategies;
  if (table.count === 0) return;
  const markPx = markPxOf(core.oracle, market);
  for (let row = 0; row < table.count; row++) {
    const at = row * STRATEGY_LANES;
    const kind = rows.f64[at + STRATEGY.kind] as number;
    if (kind === 0) continue;
    const isOwnMarket = rows.f64[at + STRATEGY.market] === market;
    if (concerns(core, row, { kind, isOwnMarket, markPx })) queueStrategy(core, row);
  }
}

/** Whether a price gives a strategy something to do. */
function concerns(
  core: Core,
  row: number,
  { kind, isOwnMarket, markPx }: { kind: number; isOwnMarket: boolean; markPx: number },
): boolean {
  if (kind === STRATEGY_KIND.deltaNeutral) return concernsDeltaNeutral(core, row);
  if (!isOwnMarket) return false;
  return kind === STRATEGY_KIND.grid
    ? concernsGrid(core, row, markPx)
    : concernsQuote(core, row, markPx);
}

/** Applies a command about a strategy; another kind is none of its business. */
export function applyStrategyCommand(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  switch (record.lanes[HEADER.kind]) {
    case COMMAND.startGrid:
      return startGrid(core, record, account, touched);
    case COMMAND.setQuote:
      return setQuote(core, record, account);
    case COMMAND.startDeltaNeutral:
      return startDeltaNeutral(core, record, account);
    case COMMAND.controlStrategy:
      return controlStrategy(core, record, account, touched);
  }
}

/** Pauses, resumes or ends a strategy of an account. */
function controlStrategy(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  const row = strategyOfId(core.strategies, record.lanes[CONTROL_ARGS.id] as number);
  if (row < 0 || strategyLane(core, row, STRATEGY.account) !== account) {
    rejectCommand(core, record, { account, code: REJECT.strategyUnknown });
    return;
  }
  const isGrid = strategyLane(core, row, STRATEGY.kind) === STRATEGY_KIND.grid;
  const isRunning = strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running;
  switch (record.lanes[CONTROL_ARGS.control]) {
    case CONTROL.pause:
      if (isRunning) pauseStrategy(core, row, PAUSE.requested);
      else setStrategyLane(core, row, STRATEGY.pause, PAUSE.requested);
      return;
    case CONTROL.resume:
      if (isRunning) return;
      resumeStrategy(core, row);
      if (strategyLane(core, row, STRATEGY.kind) === STRATEGY_KIND.quote)
        setStrategyLane(core, row, QUOTE.setMs, commandTimeMs(core));
      return;
    case CONTROL.end:
    case CONTROL.flatten:
      // Fills of this very moment count before it goes.
      if (isGrid) takeInFills(core, row);
      cancelCells(core, row);
      if (record.lanes[CONTROL_ARGS.control] === CONTROL.flatten) flatten(core, row, touched);
      endStrategy(
        core,
        row,
        STRATEGY_END.requested,
        isGrid ? strategyLane(core, row, GRID.grossProfit) : 0,
      );
      return;
    default:
      rejectCommand(core, record, { account, code: REJECT.strategyInvalid, a: 1 });
  }
}
