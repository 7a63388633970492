/** `bourse scenario crash`: one crash under both ways to deleverage, and who paid for it. */

import { ADL_NAMES } from "../exchange/account/default-policy.ts";
import { type CrashReport, playCrash } from "../sim/crash/crash-day.ts";
import { formatUsdc } from "../wire/decimal.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface ScenarioFlags extends CommonFlags {
  readonly seed: number;
  readonly accounts: number;
  /** [%] */
  readonly drop: number;
  readonly seconds: number;
}

/** Seconds of the fall between two lines of progress. */
const PROGRESS_EVERY = 20;
const LABEL_WIDTH = 44;
const FIGURE_WIDTH = 18;

/** Plays a scenario by name and prints what came of it. */
export async function runScenario(name: string, flags: ScenarioFlags): Promise<void> {
  const { output } = openSession(flags);
  if (name !== "crash")
    throw new ExitError(EXIT.notFound, `there is no scenario named ${name}; there is: crash`);
  const { seed, accounts, seconds } = flags;
  checkFlags(flags);
  output.say(
    `crash: BTC and ETH fall ${flags.drop} % in ${seconds} s, ${accounts} leveraged accounts, seed ${seed}`,
  );
  const reports = ADL_NAMES.map((adl) =>
    playCrash({
      seed,
      accounts,
      seconds,
      drop: flags.drop / 100,
      adl,
      onSecond(second, bill) {
        if (second % PROGRESS_EVERY !== 0 && second !== seconds) return;
        output.status(
          `  ${adl.padEnd(8)} ${String(second).padStart(3)} s of ${seconds}: ` +
            `${bill.liquidated} liquidated, ${bill.takenOver} taken over, ${bill.deleveraged} deleveraged`,
        );
      },
    }),
  );
  say(output, reports);
  for (const report of reports) output.emit({ kind: "crash", seed, accounts, seconds, ...report });
  process.exitCode = reports.every(isWhole) ? EXIT.ok : EXIT.gate;
}

function checkFlags({ accounts, drop, seconds }: ScenarioFlags): void {
  const isWhole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  if (!isWhole(accounts, 10, 20_000) || !isWhole(seconds, 1, 3_600) || !(drop > 0 && drop < 95))
    throw new ExitError(
      EXIT.usage,
      "--accounts takes 10 to 20000, --seconds 1 to 3600, --drop a percentage below 95",
    );
}

/** Whether nobody is owed more than there is, and the loss is booked to the last unit. */
const isWhole = ({ claims, money, indebted, insuranceLeast, bill }: CrashReport): boolean =>
  claims === money &&
  indebted === 0 &&
  insuranceLeast >= 0 &&
  bill.owed === bill.insured + bill.borne;

const usdc = (micros: number): string => {
  const [whole = "", rest = ""] = formatUsdc(micros).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest.padEnd(6, "0")}`;
};

function say(output: Output, reports: readonly CrashReport[]): void {
  const row = (label: string, of: (report: CrashReport) => string): void =>
    output.say(
      `  ${label.padEnd(LABEL_WIDTH)}${reports.map((one) => of(one).padStart(FIGURE_WIDTH)).join("")}`,
    );
  const head = (text: string): void => {
    output.say("");
    row(text, ({ adl }) => adl);
  };
  head("how positions were closed [USDC]");
  row("open interest before", ({ openNotional }) => usdc(openNotional));
  row("accounts liquidated", ({ bill }) => String(bill.liquidated));
  row("  large positions closed in part first", ({ bill }) => String(bill.inPart));
  row("  closed through the book", ({ bill }) => usdc(bill.onBook));
  row("  accounts taken over by the backstop", ({ bill }) => String(bill.takenOver));
  row("    with positions of", ({ bill }) => usdc(bill.takenOverNotional));
  row("  positions closed against the other side", ({ bill }) => String(bill.deleveraged));
  row("    of", ({ bill }) => usdc(bill.deleveragedNotional));
  head("who paid what accounts owed beyond their money");
  row("owed", ({ bill }) => usdc(bill.owed));
  row("  insurance fund", ({ bill }) => usdc(bill.insured));
  row("  deleveraged holders", ({ bill }) => usdc(bill.borne));
  row("    how many", ({ victims }) => String(victims.accounts));
  row("    the hardest hit", ({ victims }) => usdc(victims.most));
  row("    the tenth that bore most", ({ victims }) => usdc(victims.topTenth));
  head("change of equity [USDC]");
  for (const { name, accounts } of reports[0]?.groups ?? []) {
    row(`${name}${accounts > 1 ? `, ${accounts} accounts` : ""}`, ({ groups }) => {
      const group = groups.find((one) => one.name === name);
      return usdc((group?.after ?? 0) - (group?.before ?? 0));
    });
  }
  row("sum", ({ groups }) => usdc(groups.reduce((all, one) => all + one.after - one.before, 0)));
  head("money [USDC]");
  row("there is", ({ money }) => usdc(money));
  row("claimed", ({ claims }) => usdc(claims));
  row("accounts below zero", ({ indebted }) => String(indebted));
  row("state hash", ({ hash }) => hash.slice(0, 16));
  output.say("");
  output.say(
    reports.every(isWhole)
      ? "  nobody is owed more than there is; every loss is booked to the last unit"
      : "  the books do not close: claims and money differ, or somebody still owes",
  );
}
