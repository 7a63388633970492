/** Commands that put the venue's terms of funding and mark price, or none, in force on markets. */
import type { Command } from "../exchange/command-codec.ts";
import {
  type FundingMode,
  VENUE_FUNDING,
  venueImpactNotional,
} from "../exchange/funding/funding-terms.ts";
import { MARK_POLICY, type MarkPolicyName, VENUE_MARK } from "../exchange/oracle/mark-terms.ts";
import { marketCount, marketSpec } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";

/** Ids of all markets. */
export const allMarkets = (state: ExchangeState): number[] =>
  Array.from({ length: marketCount(state) }, (_, market) => market);

/** Puts funding in force. */
export function fundingCommand(
  state: ExchangeState,
  mode: FundingMode,
  markets: readonly number[],
): Command {
  const impacts = markets.map((market) => ({
    market,
    impactNotional: venueImpactNotional(marketSpec(state, market).name),
  }));
  const intervalMs = mode === "off" ? 0 : VENUE_FUNDING.intervalMs;
  return { kind: "setFunding", ...VENUE_FUNDING, intervalMs, markets: impacts };
}

/** Puts a way to mark in force. */
export const markCommand = (policy: MarkPolicyName, markets: readonly number[]): Command => ({
  kind: "setMark",
  ...VENUE_MARK,
  policy: MARK_POLICY[policy],
  markets: [...markets],
});
