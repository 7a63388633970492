import {
  ClearinghouseStateRequest,
  type ClearinghouseStateResponse,
} from "@nktkas/hyperliquid/api/info";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { accountOfAddress, accountSummary, markPx } from "../../exchange/query.ts";
import { type FundingSums, fundingSumsOf } from "../../projection/fundings.ts";
import { marketOf } from "../../projection/market-directory.ts";
import { formatQuotient, formatSignedSz, formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { infoMethod } from "./info-method.ts";

type AssetPosition = ClearinghouseStateResponse["assetPositions"][number];
type Summary = ReturnType<typeof accountSummary>;

const ENTRY_PX_DECIMALS = 6;
const LIQUIDATION_PX_DECIMALS = 8;
const ZERO = "0.0";

/** `clearinghouseState`: an account's money and positions; the empty state for unknown users. */
export const clearinghouseState = infoMethod(
  ClearinghouseStateRequest,
  (context, { user }): ClearinghouseStateResponse => {
    const account = accountOfAddress(context.sequencer.state, user);
    return account < 0 ? emptyState(context.nowMs()) : accountState(context, account);
  },
);

function emptyState(nowMs: number): ClearinghouseStateResponse {
  const none = { accountValue: ZERO, totalNtlPos: ZERO, totalRawUsd: ZERO, totalMarginUsed: ZERO };
  return {
    marginSummary: none,
    crossMarginSummary: none,
    crossMaintenanceMarginUsed: ZERO,
    withdrawable: ZERO,
    assetPositions: [],
    time: nowMs,
  };
}

function accountState(context: GatewayContext, account: number): ClearinghouseStateResponse {
  const summary = accountSummary(context.sequencer.state, account);
  const signedNotional = summary.positions.reduce(
    (sum, { market, size }) => sum + size * markPx(context.sequencer.state, market),
    0,
  );
  // All margin is cross, so both summaries are the same.
  const margins = {
    accountValue: formatUsdc(summary.equity),
    totalNtlPos: formatUsdc(summary.notional),
    totalRawUsd: formatUsdc(summary.equity - signedNotional),
    totalMarginUsed: formatUsdc(summary.marginUsed),
  };
  return {
    marginSummary: margins,
    crossMarginSummary: margins,
    crossMaintenanceMarginUsed: formatUsdc(summary.maintenance),
    withdrawable: formatUsdc(summary.withdrawable),
    assetPositions: summary.positions.map((position) => ({
      type: "oneWay",
      position: positionShape(context, { account, summary }, position),
    })),
    time: context.nowMs(),
  };
}

function positionShape(
  context: GatewayContext,
  { account, summary }: { account: number; summary: Summary },
  { market, size, cost, marginUsed, leverage }: Summary["positions"][number],
): AssetPosition["position"] {
  const { name, szDecimals, maxLeverage } = marketOf(context.models.directory, market);
  const mark = markPx(context.sequencer.state, market);
  const ticksPerUsdc = 10 ** (PERP_DECIMALS - szDecimals);
  const unrealized = size * mark - cost;
  return {
    coin: name,
    szi: formatSignedSz(size, szDecimals),
    leverage: { type: "cross", value: leverage },
    entryPx: formatQuotient(cost, size * ticksPerUsdc, ENTRY_PX_DECIMALS),
    positionValue: formatUsdc(Math.abs(size) * mark),
    unrealizedPnl: formatUsdc(unrealized),
    // The margin that the entry took is |cost| / leverage.
    returnOnEquity: formatQuotient(unrealized * leverage, Math.abs(cost)),
    liquidationPx: liquidationPxText({
      size,
      mark,
      maxLeverage,
      available: summary.equity - summary.maintenance,
      ticksPerUsdc,
    }),
    marginUsed: formatUsdc(marginUsed),
    maxLeverage,
    cumFunding: fundingShape(fundingSumsOf(context.models.fundings, account, market)),
  };
}

/** Funding of a position: the wire counts what was paid as positive. */
const fundingShape = ({ allTime, sinceOpen, sinceChange }: FundingSums) => ({
  allTime: formatUsdc(-allTime || 0),
  sinceOpen: formatUsdc(-sinceOpen || 0),
  sinceChange: formatUsdc(-sinceChange || 0),
});

/**
 * The mark at which the account falls to its maintenance margin, all else staying put; null where
 * no positive price does.
 *
 * px_liq = mark - side A / |size| / (1 - l side), l = 1 / (2 maxLeverage), A = equity - maintenance;
 * times 2 maxLeverage above and below, so that all figures are whole. Units: [10^-6 USDC] / [lots] =
 * [ticks]. Source: the venue's documentation, "Liquidations".
 */
function liquidationPxText(at: {
  size: number;
  mark: number;
  maxLeverage: number;
  /** [10^-6 USDC] */
  available: number;
  ticksPerUsdc: number;
}): string | null {
  const side = Math.sign(at.size);
  const twice = 2 * at.maxLeverage;
  const divisor = Math.abs(at.size) * (twice - side);
  const numerator = at.mark * divisor - side * at.available * twice;
  if (numerator <= 0) return null;
  return formatQuotient(numerator, divisor * at.ticksPerUsdc, LIQUIDATION_PX_DECIMALS);
}
