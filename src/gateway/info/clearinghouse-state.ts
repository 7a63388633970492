import {
  ClearinghouseStateRequest,
  type ClearinghouseStateResponse,
} from "@nktkas/hyperliquid/api/info";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { type MarginTier, maintenanceOf, tierTable } from "../../base/margin-tiers.ts";
import {
  accountOfAddress,
  accountSummary,
  lastTimeMs,
  marginTiers,
  markPx,
} from "../../exchange/query.ts";
import { type FundingSums, fundingSumsOf } from "../../projection/fundings.ts";
import { isOfDex, marketOf } from "../../projection/market-directory.ts";
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
  (context, { user, dex = "" }): ClearinghouseStateResponse => {
    const account = accountOfAddress(context.sequencer.state, user);
    return account < 0 ? emptyState(context.nowMs()) : accountState(context, account, dex);
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

/**
 * State of an account that is there, in the venue's shape: positions of one dex, money and margin of all, for one
 * collateral stands behind them.
 */
export function accountState(
  context: GatewayContext,
  account: number,
  dex = "",
): ClearinghouseStateResponse {
  const summary = accountSummary(context.sequencer.state, account);
  const { positions } = summary;
  const cross = positions.filter(({ isIsolated }) => !isIsolated);
  return {
    marginSummary: marginShape(context, summary.whole, positions),
    crossMarginSummary: marginShape(context, summary, cross),
    crossMaintenanceMarginUsed: formatUsdc(summary.maintenance),
    withdrawable: formatUsdc(summary.withdrawable),
    assetPositions: positions
      .filter(({ market }) => isOfDex(context.models.directory, market, dex))
      .map((position) => ({
        type: "oneWay",
        position: positionShape(context, { account, summary }, position),
      })),
    // A clock that was set back does not make the answer older than what it contains.
    time: Math.max(context.nowMs(), lastTimeMs(context.sequencer.state)),
  };
}

/** Sums over some of an account's positions: all, or those on cross margin. */
function marginShape(
  context: GatewayContext,
  { equity, notional, marginUsed }: Summary["whole"],
  positions: Summary["positions"],
): ClearinghouseStateResponse["marginSummary"] {
  const signedNotional = positions.reduce(
    (sum, { market, size }) => sum + size * markPx(context.sequencer.state, market),
    0,
  );
  return {
    accountValue: formatUsdc(equity),
    totalNtlPos: formatUsdc(notional),
    totalRawUsd: formatUsdc(equity - signedNotional),
    totalMarginUsed: formatUsdc(marginUsed),
  };
}

function positionShape(
  context: GatewayContext,
  { account, summary }: { account: number; summary: Summary },
  position: Summary["positions"][number],
): AssetPosition["position"] {
  const { market, size, cost, marginUsed, leverage, isIsolated } = position;
  const { name, szDecimals, maxLeverage } = marketOf(context.models.directory, market);
  const mark = markPx(context.sequencer.state, market);
  const ticksPerUsdc = 10 ** (PERP_DECIMALS - szDecimals);
  const unrealized = size * mark - cost;
  return {
    coin: name,
    szi: formatSignedSz(size, szDecimals),
    leverage: isIsolated
      ? { type: "isolated", value: leverage, rawUsd: formatUsdc(position.margin - cost) }
      : { type: "cross", value: leverage },
    entryPx: formatQuotient(cost, size * ticksPerUsdc, ENTRY_PX_DECIMALS),
    positionValue: formatUsdc(Math.abs(size) * mark),
    unrealizedPnl: formatUsdc(unrealized),
    // The margin that the entry took is |cost| / leverage.
    returnOnEquity: formatQuotient(unrealized * leverage, Math.abs(cost)),
    liquidationPx: liquidationPxText({
      size,
      mark,
      tiers: marginTiers(context.sequencer.state, market),
      available: isIsolated
        ? marginUsed - position.maintenance
        : summary.equity - summary.maintenance,
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
 * The mark at which the account, or the isolated position, falls to its maintenance margin, all else
 * staying put; null where no positive price does.
 *
 * With A = equity - maintenance and value(p) = s p - M(|s| p), the price at which value(p) =
 * value(mark) - A. In a market of one tier that is the venue's
 *   px_liq = mark - side A / |s| / (1 - l side),   l = 1 / (2 maxLeverage)
 * and with several, l and deduction are those of the tier where the price lies: the first, upwards in
 * notional, whose end is beyond it. With g = value(mark) - A, d = 2 maxLeverage and the tier's from
 * and base (see base/margin-tiers.ts), N = |s| p solves side N - base - (N - from) / d = g:
 *   N = ((g + base) d - from) / (side d - 1)
 * Units: [10^-6 USDC] / [lots] = [ticks]. Source: the venue's documentation, "Liquidations".
 */
function liquidationPxText(at: {
  size: number;
  mark: number;
  tiers: readonly MarginTier[];
  /** [10^-6 USDC] */
  available: number;
  ticksPerUsdc: number;
}): string | null {
  const table = tierTable(at.tiers);
  const { from, divisor, base } = table;
  const side = Math.sign(at.size);
  const size = Math.abs(at.size);
  const least = at.size * at.mark - maintenanceOf(table, size * at.mark) - at.available;
  const valueAt = (n: number): number => side * (from[n] as number) - (base[n] as number);
  let n = 0;
  while (n + 1 < from.length && (valueAt(n + 1) - least) * side < 0) n += 1;
  const d = BigInt(divisor[n] as number);
  const numerator = (BigInt(least) + BigInt(base[n] as number)) * d - BigInt(from[n] as number);
  const denominator = BigInt(side) * d - 1n;
  const [above, below] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  if (above <= 0n) return null;
  return formatQuotient(
    above,
    below * BigInt(size) * BigInt(at.ticksPerUsdc),
    LIQUIDATION_PX_DECIMALS,
  );
}
