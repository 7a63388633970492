import * as v from "valibot";
import { accountOfAddress, marketSpec, strategyViews } from "../../exchange/query.ts";
import { formatPx, formatSignedSz, formatSz, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const StrategiesRequest = v.object({
  type: v.literal("bourseStrategies"),
  user: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
});

/** A strategy of an account, as clients read it: decimals as text, sides as words. */
export interface WireStrategy {
  readonly id: number;
  readonly kind: "grid";
  readonly coin: string;
  readonly status: "running" | "paused";
  readonly pause: string | null;
  readonly startedAt: number;
  readonly low: string;
  readonly high: string;
  readonly levels: number;
  readonly size: string;
  readonly spacing: "arithmetic" | "geometric";
  readonly direction: "neutral" | "long" | "short";
  readonly beyond: "pause" | "shift";
  readonly stopLow: string | null;
  readonly stopHigh: string | null;
  /** Position that its own fills made. */
  readonly netSz: string;
  readonly fills: number;
  readonly volume: string;
  readonly fees: string;
  /** Of completed cycles: before fees, and less the fees of both legs. */
  readonly grossProfit: string;
  readonly netProfit: string;
  readonly cycledSz: string;
  readonly cells: readonly {
    readonly buyPx: string;
    readonly sellPx: string;
    /** Lots that wait to be bought, and to be sold. */
    readonly toBuy: string;
    readonly toSell: string;
  }[];
}

/** `bourseStrategies`: what the exchange runs for an account. */
export const bourseStrategies = infoMethod(
  StrategiesRequest,
  ({ sequencer: { state } }, { user }): WireStrategy[] => {
    const account = accountOfAddress(state, user as `0x${string}`);
    if (account < 0) return [];
    return strategyViews(state, account).map((view) => {
      const { name, szDecimals } = marketSpec(state, view.market);
      const px = (ticks: number): string => formatPx(ticks, szDecimals);
      const sz = (lots: number): string => formatSz(lots, szDecimals);
      return {
        id: view.id,
        kind: view.kind,
        coin: name,
        status: view.status,
        pause: view.pause,
        startedAt: view.startedMs,
        low: px(view.lowPx),
        high: px(view.highPx),
        levels: view.levels,
        size: sz(view.size),
        spacing: view.geometric ? "geometric" : "arithmetic",
        direction: view.direction,
        beyond: view.shift ? "shift" : "pause",
        stopLow: view.stopLowPx === 0 ? null : px(view.stopLowPx),
        stopHigh: view.stopHighPx === 0 ? null : px(view.stopHighPx),
        netSz: formatSignedSz(view.netLots, szDecimals),
        fills: view.fills,
        volume: formatUsdc(view.volume),
        fees: formatUsdc(view.fees),
        grossProfit: formatUsdc(view.grossProfit),
        netProfit: formatUsdc(view.grossProfit - view.cycleFees),
        cycledSz: sz(view.cycleLots),
        cells: view.cells.map((cell) => ({
          buyPx: px(cell.px[0]),
          sellPx: px(cell.px[1]),
          toBuy: sz(cell.lots[0]),
          toSell: sz(cell.lots[1]),
        })),
      };
    });
  },
);
