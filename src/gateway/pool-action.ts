/** Actions about liquidity pools as commands. */
import type { LiquidityCommand } from "../exchange/command-pool.ts";
import type { Signed } from "../exchange/command-signed.ts";
import type { WireAction } from "../wire/canonical.ts";
import { parseTokens, parseUsdc } from "../wire/decimal.ts";

/** Turns a change of liquidity into its command; what is no number becomes one that is refused. */
export function liquidityCommand(
  action: Extract<WireAction, { type: "bourse.addLiquidity" | "bourse.removeLiquidity" }>,
  signed: Signed,
): LiquidityCommand {
  const { pool } = action;
  if (action.type === "bourse.addLiquidity") {
    const amount = parseUsdc(action.usd) ?? -1;
    const least = action.minTokens === undefined ? 0 : (parseTokens(action.minTokens) ?? -1);
    return { kind: "changeLiquidity", ...signed, pool, isDeposit: true, amount, least };
  }
  const amount = parseTokens(action.tokens) ?? -1;
  const least = action.minUsd === undefined ? 0 : (parseUsdc(action.minUsd) ?? -1);
  return { kind: "changeLiquidity", ...signed, pool, isDeposit: false, amount, least };
}
