/** `bourse grid list`: grids that the exchange runs for an account. */
import { openSession } from "./session.ts";
import {
  askStrategies,
  type StrategyListFlags,
  standingText,
  type ToldStrategy,
} from "./strategy-request.ts";
import { tableLines } from "./text-table.ts";

interface ToldGrid extends ToldStrategy {
  readonly kind: "grid";
  readonly low: string;
  readonly high: string;
  readonly levels: number;
  readonly size: string;
  readonly direction: string;
  readonly netProfit: string;
}

/** Asks for an account's grids and prints them. */
export async function runGridList(account: string, flags: StrategyListFlags): Promise<void> {
  const { output } = openSession(flags);
  const grids = await askStrategies<ToldGrid>(account, "grid", flags);
  for (const line of gridLines(grids)) output.say(line);
  for (const grid of grids) output.emit(grid);
}

/** The answer for people. */
export function gridLines(grids: readonly ToldGrid[]): string[] {
  if (grids.length === 0) return ["no grid runs for this account"];
  const right = (title: string) => ({ title, align: "right" }) as const;
  return tableLines(
    [
      right("id"),
      { title: "coin" },
      { title: "state" },
      { title: "way" },
      right("low"),
      right("high"),
      right("levels"),
      right("size"),
      right("net"),
      right("fills"),
      right("cycles [USDC]"),
      right("fees [USDC]"),
    ],
    grids.map((grid) => [
      String(grid.id),
      grid.coin,
      standingText(grid),
      grid.direction,
      grid.low,
      grid.high,
      String(grid.levels),
      grid.size,
      grid.netSz,
      String(grid.fills),
      grid.netProfit,
      grid.fees,
    ]),
  );
}
