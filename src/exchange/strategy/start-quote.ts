/** Starts two-sided quotes and hedging strategies, or says why not. */
import { REJECT } from "../../base/reject-code.ts";
import { BUY, SELL } from "../../base/side.ts";
import {
  hasStrategyRoom,
  STRATEGY,
  STRATEGY_KIND,
  STRATEGY_STATUS,
} from "../account/strategy-table.ts";
import {
  type CommandRecord,
  DELTA_NEUTRAL_ARGS,
  itemCount,
  itemLane,
  QUOTE_ARGS,
  QUOTE_ITEM,
} from "../command.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { EVENT } from "../event.ts";
import { isMarket } from "../market/market.ts";
import { queueStrategy } from "../matching/managed.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { rejectCommand } from "../refusal.ts";
import { DELTA_NEUTRAL } from "./delta-neutral.ts";
import { legsOf, QUOTE, QUOTE_SPREAD_MIN } from "./quote.ts";
import { emitStrategy, openStrategy, setStrategyLane, strategyLane } from "./strategy.ts";
import { STRATEGIES_PER_ACCOUNT, strategiesOf } from "./strategy-list.ts";

const E6 = 1_000_000;
const DAY_MS = 86_400_000;
/** Longest time a strategy may be told to wait or to live: 30 days [ms]. */
const TIME_MAX = 30 * DAY_MS;
/** Net notional of any account stays below this [10^-6 USDC]. */
const THRESHOLD_MAX = 1_000_000_000_000_000;

interface Refusal {
  code: number;
  a?: number;
}

const invalid = (setting: number): Refusal => ({ code: REJECT.strategyInvalid, a: setting });
const isWhole = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;

/** A quote as it is asked for; see `QUOTE` for the units. */
interface QuoteWish {
  tag: number;
  spread: number;
  size: number;
  intervalMs: number;
  ttlMs: number;
  flags: number;
  positionMax: number;
  fade: number;
}

/** Starts the quote that a record asks for; one of the same market and tag is set anew. */
export function setQuote(core: Core, record: CommandRecord, account: number): void {
  const market = record.lanes[QUOTE_ARGS.market] as number;
  const wish = readQuote(record);
  const known = findQuote(core, account, market, wish.tag);
  const refusal =
    marketProblem(core, market) ??
    quoteProblem(core, market, wish) ??
    (known < 0 ? roomProblem(core, account) : null);
  if (refusal !== null) {
    rejectCommand(core, record, { account, ...refusal });
    return;
  }
  const row =
    known >= 0
      ? known
      : openStrategy(core, { kind: STRATEGY_KIND.quote, account, market, cells: 1 });
  for (const name of Object.keys(wish) as (keyof QuoteWish)[])
    setStrategyLane(core, row, QUOTE[name], wish[name]);
  setStrategyLane(core, row, QUOTE.setMs, commandTimeMs(core));
  // What is set anew is shown at once.
  setStrategyLane(core, row, QUOTE.updatedMs, 0);
  setStrategyLane(core, row, STRATEGY.status, STRATEGY_STATUS.running);
  setStrategyLane(core, row, STRATEGY.pause, 0);
  const { px } = legsOf(core, row, markPxOf(core.oracle, market));
  emitStrategy(core, EVENT.strategyStarted, row, {
    a: px[BUY],
    b: px[SELL],
    c: wish.spread,
    d: wish.size,
  });
  queueStrategy(core, row);
}

function readQuote(record: CommandRecord): QuoteWish {
  const of = (lane: number): number => record.lanes[lane] as number;
  const hasItem = itemCount(record) === 1;
  const ofItem = (lane: number): number => (hasItem ? of(itemLane(0) + lane) : 0);
  return {
    tag: ofItem(QUOTE_ITEM.tag),
    spread: of(QUOTE_ARGS.spread),
    size: of(QUOTE_ARGS.size),
    intervalMs: of(QUOTE_ARGS.intervalMs),
    ttlMs: of(QUOTE_ARGS.ttlMs),
    flags: of(QUOTE_ARGS.flags),
    positionMax: ofItem(QUOTE_ITEM.positionMax),
    fade: ofItem(QUOTE_ITEM.fade),
  };
}

/** Row of an account's quote on a market with a tag, or -1. */
function findQuote(core: Core, account: number, market: number, tag: number): number {
  for (const row of strategiesOf(core, account)) {
    const isSame =
      strategyLane(core, row, STRATEGY.kind) === STRATEGY_KIND.quote &&
      strategyLane(core, row, STRATEGY.market) === market &&
      strategyLane(core, row, QUOTE.tag) === tag;
    if (isSame) return row;
  }
  return -1;
}

function marketProblem(core: Core, market: number): Refusal | null {
  if (!isMarket(core.markets, market)) return { code: REJECT.marketUnknown };
  return markPxOf(core.oracle, market) === 0 ? { code: REJECT.oracleMissing } : null;
}

/** What is wrong with a quote's terms, settings numbered in the order of the fields. */
function quoteProblem(core: Core, market: number, wish: QuoteWish): Refusal | null {
  const positionMax = core.markets.positionMax.data[market] as number;
  const notionalMin = core.markets.notionalMin.data[market] as number;
  const markPx = markPxOf(core.oracle, market);
  if (!isWhole(wish.tag, 0, Number.MAX_SAFE_INTEGER)) return invalid(1);
  if (!isWhole(wish.spread, 0, E6 - 1)) return invalid(2);
  if (wish.spread < QUOTE_SPREAD_MIN)
    return { code: REJECT.quoteSpreadTooTight, a: QUOTE_SPREAD_MIN };
  if (!isWhole(wish.size, 1, positionMax)) return invalid(3);
  if (markPx * wish.size < notionalMin) return { code: REJECT.notionalTooSmall, a: notionalMin };
  if (!isWhole(wish.intervalMs, 0, TIME_MAX)) return invalid(4);
  if (!isWhole(wish.ttlMs, 0, TIME_MAX)) return invalid(5);
  if (!isWhole(wish.flags, 0, 1)) return invalid(6);
  if (!isWhole(wish.positionMax, 0, positionMax)) return invalid(7);
  const hasNoLimit = wish.positionMax === 0 && wish.fade !== 0;
  return isWhole(wish.fade, 0, E6 - 1) && !hasNoLimit ? null : invalid(8);
}

function roomProblem(core: Core, account: number): Refusal | null {
  if (strategiesOf(core, account).length >= STRATEGIES_PER_ACCOUNT)
    return { code: REJECT.tooManyStrategies, a: STRATEGIES_PER_ACCOUNT };
  return hasStrategyRoom(core.strategies, 1) ? null : { code: REJECT.capacityExhausted };
}

/** Starts keeping an account's net exposure within a threshold. */
export function startDeltaNeutral(core: Core, record: CommandRecord, account: number): void {
  const market = record.lanes[DELTA_NEUTRAL_ARGS.market] as number;
  const threshold = record.lanes[DELTA_NEUTRAL_ARGS.threshold] as number;
  const intervalMs = record.lanes[DELTA_NEUTRAL_ARGS.intervalMs] as number;
  const refusal =
    marketProblem(core, market) ??
    (isWhole(threshold, 1, THRESHOLD_MAX) ? null : invalid(1)) ??
    (isWhole(intervalMs, 0, TIME_MAX) ? null : invalid(2)) ??
    roomProblem(core, account);
  if (refusal !== null) {
    rejectCommand(core, record, { account, ...refusal });
    return;
  }
  const kind = STRATEGY_KIND.deltaNeutral;
  const row = openStrategy(core, { kind, account, market, cells: 1 });
  setStrategyLane(core, row, DELTA_NEUTRAL.threshold, threshold);
  setStrategyLane(core, row, DELTA_NEUTRAL.intervalMs, intervalMs);
  emitStrategy(core, EVENT.strategyStarted, row, { a: threshold, b: intervalMs });
  queueStrategy(core, row);
}
