/** `bourse analytics`: how an account, a vault or a sub-account of an exchange trades. */
import * as v from "valibot";
import { EXIT, ExitError } from "./exit-code.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface AnalyticsFlags extends CommonFlags {
  readonly url: string;
  readonly trials: number;
}

const TIMEOUT_MS = 10_000;

const Ratio = v.nullable(v.number());
const Markout = v.object({
  horizonMs: v.number(),
  n: v.number(),
  meanBps: Ratio,
  standardErrorBps: Ratio,
  value: v.string(),
});
const Answer = v.looseObject({
  totalVolume: v.string(),
  makerVolume: v.string(),
  takerVolume: v.string(),
  feesPaid: v.string(),
  rebatesEarned: v.string(),
  funding: v.string(),
  grossPnl: v.string(),
  netPnl: v.string(),
  equity: v.string(),
  netFlow: v.string(),
  roundTrips: v.number(),
  winRate: Ratio,
  profitFactor: v.nullable(v.union([v.number(), v.literal("infinite")])),
  markouts: v.object({
    maker: v.array(Markout),
    taker: v.array(Markout),
    leftOut: v.number(),
  }),
  inventory: v.array(v.object({ coin: v.string(), halfLifeSeconds: Ratio, n: v.number() })),
  returns: v.looseObject({
    n: v.number(),
    plainSharpe: v.number(),
    sharpe: v.nullable(v.looseObject({ ratio: v.number(), standardError: v.number() })),
    yearSharpe: Ratio,
    probabilistic: Ratio,
    deflated: Ratio,
    minimumTrackRecord: Ratio,
    sortino: Ratio,
    drawdown: Ratio,
    drawdownMs: v.number(),
    runningDay: Ratio,
  }),
});

/** What an exchange answers, as far as it is printed. */
export type AnalyticsAnswer = v.InferOutput<typeof Answer>;

/** Asks the exchange and prints the answer. */
export async function runAnalytics(address: string, flags: AnalyticsFlags): Promise<void> {
  const { output } = openSession(flags);
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) {
    throw new ExitError(EXIT.usage, `"${address}" is no address: 0x and 40 hex digits are needed`);
  }
  const answer = await askAnalytics(address, flags);
  output.say(address);
  for (const line of analyticsLines(answer)) output.say(line);
  output.emit({ kind: "analytics", address, ...answer });
}

/** Asks an exchange about an address; throws ExitError where it does not answer so. */
export async function askAnalytics(
  user: string,
  { url, trials }: Pick<AnalyticsFlags, "url" | "trials">,
): Promise<AnalyticsAnswer> {
  let response: Response;
  try {
    response = await fetch(new URL("/info", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type: "bourseAnalytics", user, trials }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // Nothing answered: said in words, with the command that helps.
    throw new ExitError(
      EXIT.unreachable,
      `no exchange answers at ${url}: start one with \`bourse exchange\``,
      error,
    );
  }
  const text = await response.text();
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), text);
  if (!response.ok || !read.success) {
    const said = text.slice(0, 200);
    throw new ExitError(EXIT.error, `${url} tells no analytics (${response.status}): ${said}`);
  }
  return read.output;
}

/** The answer for people. */
export function analyticsLines(answer: AnalyticsAnswer): string[] {
  const { returns, markouts, inventory } = answer;
  const { sharpe } = returns;
  const ratio = sharpe === null ? none : `${fixed(sharpe.ratio)} ± ${fixed(sharpe.standardError)}`;
  return [
    `  volume ${answer.totalVolume} USDC: maker ${answer.makerVolume}, taker ${answer.takerVolume}`,
    `  net ${answer.netPnl} = gross ${answer.grossPnl} − fees ${answer.feesPaid} + rebates ` +
      `${answer.rebatesEarned} + funding ${answer.funding}  [USDC]`,
    `  equity ${answer.equity}, paid in net ${answer.netFlow}  [USDC]`,
    `  round trips ${answer.roundTrips} · won ${percent(answer.winRate)} · profit factor ` +
      factorText(answer.profitFactor),
    ...markoutLines("maker", markouts.maker),
    ...markoutLines("taker", markouts.taker),
    ...inventory.map(
      ({ coin, halfLifeSeconds }) =>
        `  inventory ${coin}: half gone in ${halfLifeSeconds === null ? none : `${halfLifeSeconds.toFixed(1)} s`}`,
    ),
    `  daily returns ${returns.n}, today ${percent(returns.runningDay)} · deepest fall ` +
      `${percent(returns.drawdown)}, longest ${(returns.drawdownMs / 86_400_000).toFixed(0)} days`,
    `  Sharpe a day ${ratio} · a year ${fixed(returns.yearSharpe)} · plain ${fixed(returns.plainSharpe)}` +
      ` · Sortino ${fixed(returns.sortino)}`,
    `  above zero with ${percent(returns.probabilistic)}, deflated ${percent(returns.deflated)} · ` +
      `needs ${days(returns.minimumTrackRecord)}`,
  ];
}

const none = "–";
const fixed = (value: number | null): string => (value === null ? none : value.toFixed(3));
const percent = (value: number | null): string =>
  value === null ? none : `${(value * 100).toFixed(2)} %`;
const days = (value: number | null): string => (value === null ? none : `${Math.ceil(value)} days`);
const factorText = (factor: AnalyticsAnswer["profitFactor"]): string =>
  typeof factor === "number" ? factor.toFixed(2) : (factor ?? none);

/** A line for each horizon that has passed for a fill. */
const markoutLines = (role: string, markouts: AnalyticsAnswer["markouts"]["maker"]): string[] =>
  markouts
    .filter(({ n }) => n > 0)
    .map(({ horizonMs, n, meanBps, standardErrorBps, value }) => {
      const mean = meanBps === null ? none : meanBps.toFixed(2);
      const error = standardErrorBps === null ? none : standardErrorBps.toFixed(2);
      return `  markout ${role} ${horizonMs / 1_000} s: ${mean} ± ${error} bps of ${n} fills, ${value} USDC`;
    });
