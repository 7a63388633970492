import * as v from "valibot";
import type { Hex } from "../../base/hex.ts";
import type { InstrumentSpec } from "../../base/instrument-spec.ts";
import { accountOfAddress, marketSpec, strategyViews } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import type {
  DeltaNeutralView,
  GridView,
  QuoteView,
  StrategyView,
} from "../../exchange/strategy/strategy-view.ts";
import {
  formatPx,
  formatScaled,
  formatSignedSz,
  formatSz,
  formatUsdc,
} from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const StrategiesRequest = v.object({
  type: v.literal("bourseStrategies"),
  user: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
});

/** `bourseStrategies`: what the exchange runs for an account; decimals as text, sides and states as words. */
export const bourseStrategies = infoMethod(
  StrategiesRequest,
  ({ sequencer: { state } }, { user }): object[] => {
    const account = accountOfAddress(state, user.toLowerCase() as Hex);
    if (account < 0) return [];
    return strategyViews(state, account).map((view) => {
      const spec = marketSpec(state, view.market);
      const shape = strategyShape(view, spec);
      return view.kind === "grid" ? { ...shape, cells: cellShapes(view, spec) } : shape;
    });
  },
);

/** What the exchange runs for an account as clients read it, without the cells of grids. */
export const strategyShapes = (state: ExchangeState, account: number): object[] =>
  strategyViews(state, account).map((view) => strategyShape(view, marketSpec(state, view.market)));

/** A strategy as clients read it. */
function strategyShape(view: StrategyView, spec: InstrumentSpec): object {
  const { szDecimals } = spec;
  const any = {
    id: view.id,
    kind: view.kind,
    coin: spec.name,
    status: view.status,
    pause: view.pause,
    startedAt: view.startedMs,
    netSz: formatSignedSz(view.netLots, szDecimals),
    fills: view.fills,
    volume: formatUsdc(view.volume),
    fees: formatUsdc(view.fees),
  };
  switch (view.kind) {
    case "grid":
      return { ...any, ...gridShape(view, szDecimals) };
    case "quote":
      return { ...any, ...quoteShape(view, szDecimals) };
    default:
      return { ...any, ...deltaNeutralShape(view) };
  }
}

function gridShape(view: GridView, szDecimals: number): object {
  const px = (ticks: number): string => formatPx(ticks, szDecimals);
  const sz = (lots: number): string => formatSz(lots, szDecimals);
  return {
    low: px(view.lowPx),
    high: px(view.highPx),
    levels: view.levels,
    size: sz(view.size),
    spacing: view.geometric ? "geometric" : "arithmetic",
    direction: view.direction,
    beyond: view.shift ? "shift" : "pause",
    stopLow: view.stopLowPx === 0 ? null : px(view.stopLowPx),
    stopHigh: view.stopHighPx === 0 ? null : px(view.stopHighPx),
    grossProfit: formatUsdc(view.grossProfit),
    netProfit: formatUsdc(view.grossProfit - view.cycleFees),
    cycledSz: sz(view.cycleLots),
  };
}

const cellShapes = ({ cells }: GridView, { szDecimals }: InstrumentSpec): object[] =>
  cells.map((cell) => ({
    buyPx: formatPx(cell.px[0], szDecimals),
    sellPx: formatPx(cell.px[1], szDecimals),
    toBuy: formatSz(cell.lots[0], szDecimals),
    toSell: formatSz(cell.lots[1], szDecimals),
  }));

/** A share in 10^-6 as basis points. */
const bps = (share: number): string => formatScaled(share, 2);

function quoteShape(view: QuoteView, szDecimals: number): object {
  const leg = (side: 0 | 1): object | null =>
    view.sz[side] === 0
      ? null
      : { px: formatPx(view.px[side], szDecimals), sz: formatSz(view.sz[side], szDecimals) };
  return {
    tag: view.tag,
    spreadBps: bps(view.spread),
    size: formatSz(view.size, szDecimals),
    interval: view.intervalMs,
    ttl: view.ttlMs === 0 ? null : view.ttlMs,
    bothOrNone: view.bothOrNone,
    maxPosition: view.positionMax === 0 ? null : formatSz(view.positionMax, szDecimals),
    fadeBps: bps(view.fade),
    setAt: view.setMs,
    updatedAt: view.updatedMs,
    bid: leg(0),
    ask: leg(1),
  };
}

const deltaNeutralShape = (view: DeltaNeutralView): object => ({
  threshold: formatUsdc(view.threshold),
  interval: view.intervalMs,
  hedges: view.hedges,
  net: formatUsdc(view.net),
});
