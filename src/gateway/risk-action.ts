/** Risk limits as commands: of the account's owner, and of the operator. */
import * as v from "valibot";
import type { Hex } from "../base/hex.ts";
import { SZ_INVALID } from "../exchange/command.ts";
import type { Command } from "../exchange/command-codec.ts";
import type { RiskArgs, RiskCommand } from "../exchange/command-risk.ts";
import type { Signed } from "../exchange/command-signed.ts";
import { marketCount, marketSpec } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { WireAction } from "../wire/canonical.ts";
import { parseSz, parseUsdc } from "../wire/decimal.ts";
import type { MarketTable } from "./market-table.ts";

/** What limits are across all markets. */
const ALL = -1;
/** A market that there is not. */
const NONE = -2;
const LEVERAGE_DECIMALS = 2;

/** Limits as texts and numbers; what is left out has none. */
interface Limits {
  readonly maxPosition?: string | undefined;
  readonly maxNotional?: string | undefined;
  readonly maxPositions?: number | undefined;
  readonly maxLeverage?: string | undefined;
}

function argsOf(market: number, szDecimals: number, limits: Limits): RiskArgs {
  const { maxPosition = "0", maxNotional = "0", maxPositions = 0, maxLeverage = "0" } = limits;
  if (market === ALL)
    return { market, size: maxPositions, exposure: parseSz(maxLeverage, LEVERAGE_DECIMALS) };
  return {
    market,
    size: parseSz(maxPosition, szDecimals),
    exposure: parseUsdc(maxNotional) ?? SZ_INVALID,
  };
}

/** Turns `bourse.riskLimits` into its command. */
export function riskCommand(
  action: Extract<WireAction, { type: "bourse.riskLimits" }>,
  signed: Signed,
  markets: MarketTable,
): RiskCommand {
  const known = "asset" in action ? markets.marketOf(action.asset) : ALL;
  const market = "asset" in action && known < 0 ? NONE : known;
  const szDecimals = market < 0 ? 0 : markets.szDecimals(market);
  return { kind: "riskLimits", ...signed, ...argsOf(market, szDecimals, action) };
}

const decimal = v.optional(v.pipe(v.string(), v.maxLength(32)));
const BODY = v.strictObject({
  user: v.pipe(
    v.string(),
    v.regex(/^0[xX][0-9a-fA-F]{40}$/),
    v.transform((text) => text.toLowerCase() as Hex),
  ),
  coin: v.optional(v.string()),
  maxPosition: decimal,
  maxNotional: decimal,
  maxPositions: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  maxLeverage: decimal,
});

/** What the operator holds an account to, as a command, or what is wrong with the request. */
export function riskOrder(
  state: ExchangeState,
  body: unknown,
): { readonly command: Command; readonly said: object } | { readonly problem: string } {
  const parsed = v.safeParse(BODY, body);
  const problem =
    'expected {"user":"0x…","coin":"BTC","maxPosition":"1","maxNotional":"50000"}, or without coin maxPositions and maxLeverage';
  if (!parsed.success) return { problem };
  const { user, coin, ...limits } = parsed.output;
  const isOfMarket = limits.maxPosition !== undefined || limits.maxNotional !== undefined;
  const isOfAll = limits.maxPositions !== undefined || limits.maxLeverage !== undefined;
  if (coin === undefined ? isOfMarket : isOfAll) return { problem };
  const market = coin === undefined ? ALL : marketByCoin(state, coin);
  if (market === NONE) return { problem: `no market is named ${coin}` };
  const szDecimals = market < 0 ? 0 : marketSpec(state, market).szDecimals;
  const args = argsOf(market, szDecimals, limits);
  return { command: { kind: "setRiskLimits", address: user, ...args }, said: { user } };
}

function marketByCoin(state: ExchangeState, coin: string): number {
  for (let market = 0; market < marketCount(state); market++)
    if (marketSpec(state, market).name === coin) return market;
  return NONE;
}
