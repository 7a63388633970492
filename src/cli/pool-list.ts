/** `bourse pool list`: the liquidity pools of an exchange. */
import { askInfoList } from "./info-request.ts";
import { type CommonFlags, openSession } from "./session.ts";
import { tableLines } from "./text-table.ts";

/** Flags of the command. */
export interface PoolListFlags extends CommonFlags {
  readonly url: string;
}

interface Pool {
  readonly id: number;
  readonly coin: string;
  readonly status: string;
  readonly low: string;
  readonly high: string;
  readonly totalLiquidity: string;
  readonly tokenPrice: string;
  readonly accumulatedFees: string;
  readonly impermanentLoss: string;
  readonly lpTokens: readonly unknown[];
}

/** Asks for the pools and prints them. */
export async function runPoolList(flags: PoolListFlags): Promise<void> {
  const { output } = openSession(flags);
  const pools = await askInfoList<Pool>(flags.url, { type: "boursePools" });
  for (const line of poolLines(pools)) output.say(line);
  for (const pool of pools) output.emit({ kind: "pool", ...pool });
}

/** The answer for people. */
export function poolLines(pools: readonly Pool[]): string[] {
  if (pools.length === 0) return ["there is no liquidity pool"];
  const right = (title: string) => ({ title, align: "right" }) as const;
  return tableLines(
    [
      right("id"),
      { title: "coin" },
      { title: "state" },
      right("low"),
      right("high"),
      right("worth [USDC]"),
      right("token [USDC]"),
      right("fees [USDC]"),
      right("against holding [USDC]"),
      right("holders"),
    ],
    pools.map((pool) => [
      String(pool.id),
      pool.coin,
      pool.status,
      pool.low,
      pool.high,
      pool.totalLiquidity,
      pool.tokenPrice,
      pool.accumulatedFees,
      pool.impermanentLoss,
      String(pool.lpTokens.length),
    ]),
  );
}
