/** What the operator asks of a market's protection, as commands: decimals and words become integers here. */
import * as v from "valibot";
import { MARKET_STATE, type ProtectionSetting } from "../base/market-protection.ts";
import type { Command } from "../exchange/command-codec.ts";
import { marketCount, marketSpec } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { parseUsdc } from "../wire/decimal.ts";

/** A command and what to say when it is durable, or what is wrong with the request. */
type Order = { readonly command: Command; readonly said: object } | { readonly problem: string };

const E9_PER_MICRO = 1_000;
/** A share or an amount of USDC. */
const decimal = v.optional(v.pipe(v.string(), v.maxLength(32)));
const time = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const PROTECTION_BODY = v.strictObject({
  coin: v.string(),
  distance: decimal,
  band: decimal,
  moveMax: decimal,
  marketNotionalMax: decimal,
  openInterestMax: decimal,
  moveWindowMs: time,
  cancelOnlyMs: time,
  postOnlyMs: time,
  staleMs: time,
});
const STATE_BODY = v.strictObject({
  coin: v.string(),
  state: v.picklist(["open", "cancelOnly", "postOnly"]),
  untilMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
});

/** Changes settings of a market: shares and USDC as text, times as numbers [ms]; what is left out stays. */
export function protectionOrder(state: ExchangeState, body: unknown): Order {
  const parsed = v.safeParse(PROTECTION_BODY, body);
  if (!parsed.success)
    return {
      problem: 'expected {"coin":"BTC","band":"0.05","staleMs":30000}, any of its settings',
    };
  const { coin, distance, band, moveMax, marketNotionalMax, openInterestMax, ...times } =
    parsed.output;
  const market = marketByCoin(state, coin);
  if (market < 0) return { problem: `no market is named ${coin}` };
  const settings: Partial<Record<ProtectionSetting, number>> = {};
  for (const [name, value] of Object.entries(times))
    if (value !== undefined) settings[name as ProtectionSetting] = value;
  for (const [name, text] of Object.entries({ distance, band, moveMax })) {
    const share = text === undefined ? undefined : parseUsdc(text);
    if (share === null) return { problem: `${name} must be a decimal number, as 0.05` };
    if (share !== undefined) settings[name as ProtectionSetting] = share * E9_PER_MICRO;
  }
  for (const [name, text] of Object.entries({ marketNotionalMax, openInterestMax }))
    if (text !== undefined) settings[name as ProtectionSetting] = parseUsdc(text) ?? -1;
  return { command: { kind: "setProtection", market, settings }, said: { coin } };
}

/** Halts a market or opens it. */
export function stateOrder(state: ExchangeState, body: unknown): Order {
  const parsed = v.safeParse(STATE_BODY, body);
  if (!parsed.success)
    return { problem: 'expected {"coin":"BTC","state":"cancelOnly","untilMs":0}' };
  const { coin, state: word, untilMs } = parsed.output;
  const market = marketByCoin(state, coin);
  if (market < 0) return { problem: `no market is named ${coin}` };
  return {
    command: { kind: "setMarketState", market, state: MARKET_STATE[word], untilMs },
    said: { coin, state: word },
  };
}

function marketByCoin(state: ExchangeState, coin: string): number {
  let market = marketCount(state) - 1;
  while (market >= 0 && marketSpec(state, market).name !== coin) market -= 1;
  return market;
}
