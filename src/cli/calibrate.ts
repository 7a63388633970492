/** `bourse calibrate`: the simulated market beside a recorded one, figure by figure. */
import { existsSync } from "node:fs";
import { compareMarkets, comparisonLines } from "../analysis/market-comparison.ts";
import { marketStatistics } from "../analysis/market-statistics.ts";
import { measureSimulation } from "../sim/calibration.ts";
import { DEFAULT_MARKETS, type DefaultMarket } from "../sim/default-markets.ts";
import { sampleOfTape } from "../sim/tape-sample.ts";
import { openTape } from "../tape/open-tape.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface CalibrateFlags extends CommonFlags {
  readonly minutes: number;
  readonly seed: number;
}

/** Measures both markets and prints the comparison. */
export async function runCalibrate(path: string, flags: CalibrateFlags): Promise<void> {
  const { output } = openSession(flags);
  if (!existsSync(path)) throw new ExitError(EXIT.notFound, `there is no recording at ${path}`);
  const tape = await openTape(path);
  const recorded = marketStatistics(await sampleOfTape(tape));
  if (recorded === null) {
    throw new ExitError(EXIT.config, `${path} holds no trades, or no best prices beside them`);
  }
  const named = DEFAULT_MARKETS.find(({ spec }) => spec.name === tape.header.coin);
  const market = named ?? (DEFAULT_MARKETS[0] as DefaultMarket);
  const seconds = flags.minutes * 60;
  output.say(`${tape.header.symbol} beside simulated ${market.spec.name}, seed ${flags.seed}`);
  const simulated = measureSimulation({ market, seed: flags.seed, seconds });
  if (simulated === null) throw new ExitError(EXIT.error, "nothing traded: measure for longer");
  output.say(
    `recorded ${recorded.seconds.toFixed(0)} s: ${recorded.trades} trades of ${recorded.orders} orders; ` +
      `simulated ${simulated.seconds.toFixed(0)} s: ${simulated.trades} of ${simulated.orders}`,
  );
  const rows = compareMarkets(recorded, simulated);
  for (const line of comparisonLines(rows)) output.say(line);
  for (const row of rows) output.emit({ kind: "figure", ...row });
  process.exitCode = rows.every(({ ok }) => ok) ? EXIT.ok : EXIT.gate;
}
