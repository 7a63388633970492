/** Actions about strategies as commands. */
import { SZ_INVALID } from "../exchange/command.ts";
import type { Signed } from "../exchange/command-signed.ts";
import type { GridTerms, QuoteTerms, StrategyCommand } from "../exchange/command-strategy.ts";
import type { WireAction } from "../wire/canonical.ts";
import { parsePx, parseSz, parseUsdc } from "../wire/decimal.ts";
import type { MarketTable } from "./market-table.ts";

type Of<Type extends WireAction["type"]> = Extract<WireAction, { type: Type }>;

/** Decimals of a number of basis points, which makes its unit 10^-6. */
const BPS_DECIMALS = 2;

/** Turns an action about a strategy into its command; what is no number becomes one that is refused. */
export function strategyCommand(
  action: Of<"bourse.grid" | "bourse.quote" | "bourse.deltaNeutral" | "bourse.strategy">,
  signed: Signed,
  markets: MarketTable,
): StrategyCommand {
  if (action.type === "bourse.strategy") {
    const { id, control } = action;
    return { kind: "controlStrategy", ...signed, id, control };
  }
  const market = markets.marketOf(action.asset);
  const szDecimals = market < 0 ? 0 : markets.szDecimals(market);
  switch (action.type) {
    case "bourse.grid":
      return { kind: "startGrid", ...signed, grid: gridTerms(action, market, szDecimals) };
    case "bourse.quote":
      return { kind: "setQuote", ...signed, quote: quoteTerms(action, market, szDecimals) };
    default: {
      const threshold = parseUsdc(action.threshold) ?? SZ_INVALID;
      const { interval: intervalMs = 0 } = action;
      return { kind: "startDeltaNeutral", ...signed, market, threshold, intervalMs };
    }
  }
}

function gridTerms(action: Of<"bourse.grid">, market: number, szDecimals: number): GridTerms {
  const px = (text: string): number => parsePx(text, szDecimals);
  const { direction, stopLow, stopHigh } = action;
  return {
    market,
    lowPx: px(action.low),
    highPx: px(action.high),
    levels: action.levels,
    size: parseSz(action.size, szDecimals),
    ...(action.spacing === "geometric" && { geometric: true }),
    ...(direction !== undefined && direction !== "neutral" && { direction }),
    ...(action.beyond === "shift" && { shift: true }),
    ...(stopLow !== undefined && { stopLowPx: px(stopLow) }),
    ...(stopHigh !== undefined && { stopHighPx: px(stopHigh) }),
  };
}

function quoteTerms(action: Of<"bourse.quote">, market: number, szDecimals: number): QuoteTerms {
  const { tag = 0, interval = 0, ttl = 0, maxPosition, fadeBps } = action;
  return {
    market,
    tag,
    spread: parseSz(action.spreadBps, BPS_DECIMALS),
    size: parseSz(action.size, szDecimals),
    intervalMs: interval,
    ttlMs: ttl,
    ...(action.bothOrNone === true && { bothOrNone: true }),
    positionMax: maxPosition === undefined ? 0 : parseSz(maxPosition, szDecimals),
    fade: fadeBps === undefined ? 0 : parseSz(fadeBps, BPS_DECIMALS),
  };
}
