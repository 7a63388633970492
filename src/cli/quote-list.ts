/** `bourse quote list`: two-sided quotes that the exchange keeps for an account. */
import { openSession } from "./session.ts";
import {
  askStrategies,
  type StrategyListFlags,
  standingText,
  type ToldStrategy,
} from "./strategy-request.ts";
import { tableLines } from "./text-table.ts";

interface Leg {
  readonly px: string;
  readonly sz: string;
}

interface ToldQuote extends ToldStrategy {
  readonly kind: "quote";
  readonly spreadBps: string;
  readonly size: string;
  readonly bid: Leg | null;
  readonly ask: Leg | null;
}

/** Asks for an account's quotes and prints them. */
export async function runQuoteList(account: string, flags: StrategyListFlags): Promise<void> {
  const { output } = openSession(flags);
  const quotes = await askStrategies<ToldQuote>(account, "quote", flags);
  for (const line of quoteLines(quotes)) output.say(line);
  for (const quote of quotes) output.emit(quote);
}

const legText = (leg: Leg | null): string => (leg === null ? "-" : `${leg.sz} @ ${leg.px}`);

/** The answer for people. */
export function quoteLines(quotes: readonly ToldQuote[]): string[] {
  if (quotes.length === 0) return ["no quote is kept for this account"];
  const right = (title: string) => ({ title, align: "right" }) as const;
  return tableLines(
    [
      right("id"),
      { title: "coin" },
      { title: "state" },
      right("spread [bps]"),
      right("size"),
      right("bid"),
      right("ask"),
      right("net"),
      right("fills"),
      right("fees [USDC]"),
    ],
    quotes.map((quote) => [
      String(quote.id),
      quote.coin,
      standingText(quote),
      quote.spreadBps,
      quote.size,
      legText(quote.bid),
      legText(quote.ask),
      quote.netSz,
      String(quote.fills),
      quote.fees,
    ]),
  );
}
