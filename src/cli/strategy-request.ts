/** What grids and quotes that the exchange runs have in common, and how they are asked for. */
import { askInfoList, requireAddress } from "./info-request.ts";
import type { CommonFlags } from "./session.ts";

/** Flags of the commands that list strategies. */
export interface StrategyListFlags extends CommonFlags {
  readonly url: string;
}

/** A strategy as the exchange tells it; decimals as text. */
export interface ToldStrategy {
  readonly id: number;
  readonly kind: string;
  readonly coin: string;
  readonly status: string;
  /** Why it is paused. */
  readonly pause: string | null;
  readonly netSz: string;
  readonly fills: number;
  readonly fees: string;
}

/** The strategies of one kind that run for an account. */
export async function askStrategies<T extends ToldStrategy>(
  account: string,
  kind: T["kind"],
  { url }: StrategyListFlags,
): Promise<readonly T[]> {
  const user = requireAddress(account);
  const all = await askInfoList<ToldStrategy>(url, { type: "bourseStrategies", user });
  return all.filter((strategy): strategy is T => strategy.kind === kind);
}

/** How a strategy stands, in a few words. */
export const standingText = ({ status, pause }: ToldStrategy): string =>
  pause === null ? status : `${status}: ${pause}`;
