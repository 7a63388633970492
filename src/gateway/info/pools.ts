import * as v from "valibot";
import { addressOfAccount, marketSpec, poolViews } from "../../exchange/query.ts";
import { formatPx, formatScaled, formatSz, formatTokens, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";
import { strategyShapes } from "./strategies.ts";

const PoolsRequest = v.object({ type: v.literal("boursePools") });

/** `boursePools`: every liquidity pool with its holders and its grid; decimals as text. */
export const boursePools = infoMethod(PoolsRequest, ({ sequencer: { state } }): object[] =>
  poolViews(state).map((pool) => {
    const { name, szDecimals } = marketSpec(state, pool.market);
    return {
      id: pool.id,
      address: addressOfAccount(state, pool.account),
      coin: name,
      status: pool.paused ? "paused" : pool.strategy === 0 ? "waiting" : "quoting",
      low: formatPx(pool.lowPx, szDecimals),
      high: formatPx(pool.highPx, szDecimals),
      levels: pool.levels,
      sizePerLevel: formatSz(pool.size, szDecimals),
      feeShareBps: pool.feeShareBps,
      streamMs: pool.streamMs,
      createdAt: pool.createdMs,
      strategy: pool.strategy === 0 ? null : pool.strategy,
      totalLiquidity: formatUsdc(pool.liquidity),
      totalSupply: formatTokens(pool.supply),
      tokenPrice: formatScaled(
        pool.supply === 0 ? 1_000_000 : Math.floor((pool.liquidity * 1e7) / pool.supply),
        6,
      ),
      accumulatedFees: formatUsdc(pool.accumulatedFees),
      pendingFees: formatUsdc(pool.pendingFees),
      paidIn: formatUsdc(pool.paidIn),
      paidOut: formatUsdc(pool.paidOut),
      impermanentLoss: formatUsdc(pool.impermanentLoss),
      strategies: strategyShapes(state, pool.account),
      lpTokens: pool.tokens.map(({ account, amount, equity, basis }) => ({
        holder: addressOfAccount(state, account),
        amount: formatTokens(amount),
        equity: formatUsdc(equity),
        paid: formatUsdc(basis),
      })),
    };
  }),
);
