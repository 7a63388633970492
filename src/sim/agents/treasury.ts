/**
 * Where agents' money comes from when it is gone. Noise pays fees and loses to whoever knows more;
 * in a market that runs for days it would die out. So now and then every account that has lost too
 * much is brought back to what it started with, by a deposit like any other: it is journaled, counted
 * among the exchange's deposits, and never more than one such top-up a minute and account.
 */
import type { Command } from "../../exchange/command-codec.ts";
import { accountOfAddress, accountSummary } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import type { AgentAccount } from "./agent.ts";

/** An account with less than this share of its first deposit is brought back to it [ratio]. */
const LEAST_SHARE = 0.5;

/** Deposits that bring accounts back to what they started with; opens those that are missing. */
export function topUps(state: ExchangeState, accounts: readonly AgentAccount[]): Command[] {
  const commands: Command[] = [];
  for (const { address, deposit } of accounts) {
    const account = accountOfAddress(state, address);
    const equity = account < 0 ? 0 : accountSummary(state, account).equity;
    if (equity >= deposit * LEAST_SHARE) continue;
    commands.push({ kind: "deposit", address, amount: deposit - equity });
  }
  return commands;
}
