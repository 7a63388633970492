/** The command tree. Each command's code loads when it runs, so `--help` stays quick. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { FEE_SCHEDULE_NAMES } from "../exchange/fee/fee-schedule.ts";
import { FUNDING_MODES } from "../exchange/funding/funding-terms.ts";
import { MARK_POLICIES } from "../exchange/oracle/mark-terms.ts";
import { EXIT, type ExitCode, ExitError } from "./exit-code.ts";
import { SPEED_MAX, SPEED_MIN } from "./market-clock.ts";
import { marketMakingCommands } from "./market-making-commands.ts";
import type { CommonFlags } from "./session.ts";

/** Port of the exchange unless another is asked for. */
const EXCHANGE_PORT = 3001;
/** Exchange on this machine unless another is asked for. */
const LOCAL_URL = `http://127.0.0.1:${EXCHANGE_PORT}`;
/** Port of the page unless another is asked for. */
const PAGE_PORT = 8787;

/** Runs the program with the process's arguments and sets its exit code. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    // The edge of the program: every failure becomes a sentence and an exit code here.
    process.exitCode = reportFailure(error);
  }
}

function createProgram(): Command {
  const program = new Command("bourse")
    .description("A perpetual-futures exchange and the market maker that quotes on it.")
    .version("0.1.0")
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for the options)")
    .exitOverride()
    .addHelpText(
      "after",
      "\nExamples:\n  bourse up                                   everything at once, on fresh data\n" +
        "  bourse exchange --port 3001                 a local exchange for your own client\n" +
        "  bourse faucet 0x1234… --usd 10000           test money on it\n" +
        "  bourse make --url http://127.0.0.1:3001 --asset BTC\n" +
        "  bourse record --url https://api.hyperliquid.xyz --coin BTC\n" +
        "  bourse up --tape FILE                       a recording instead of traders\n" +
        "  bourse why BTC                              where each resting order's price comes from\n" +
        "  bourse vault audit 0x1234… --data DIR       a vault's books, from state and from events alone\n" +
        "  bourse scenario crash                       who pays when the market falls by 40 %\n" +
        "  bourse report last --open                   what the last run earned, and why",
    );
  const commands = [
    upCommand(),
    exchangeCommand(),
    makeCommand(),
    faucetCommand(),
    recordCommand(),
    replayCommand(),
    reportCommand(),
    runsCommand(),
    whyCommand(),
    analyticsCommand(),
    calibrateCommand(),
    scenarioCommand(),
  ];
  for (const command of commands) {
    program.addCommand(withCommonFlags(command));
  }
  for (const command of marketMakingCommands({ url: LOCAL_URL, withCommonFlags })) {
    program.addCommand(command);
  }
  return program;
}

function upCommand(): Command {
  return new Command("up")
    .description("start exchange, traders, market maker and page in one process")
    .option("--data <dir>", "keep the exchange's data in DIR (default: a fresh temporary folder)")
    .option("--asset <coin>", "coin that the maker quotes (default: BTC, or the tape's)")
    .option("--tape <path>", "play recorded data instead of traders; ends with the recording")
    .option("--no-maker", "start no market maker and no page")
    .option("--no-vaults", "open no vaults and no liquidity pool (never opened beside a tape)")
    .addOption(portOption("--port <n>", "port of the exchange", EXCHANGE_PORT))
    .addOption(portOption("--page-port <n>", "port of the page", PAGE_PORT))
    .addOption(seedOption())
    .addOption(limitsOption("off"))
    .addOption(feesOption())
    .addOption(dexOption("list a builder's dex of this name: NAME:BTC and NAME:ETH"))
    .addOption(fundingOption())
    .addOption(markOption())
    .addOption(modelOption())
    .addOption(
      new Option("--speed <n>", "run the market's clock N times as fast, 0.1 to 1000")
        .argParser(parseSpeed)
        .default(1),
    )
    .option("--for <seconds>", "stop in order after this time", parseSeconds)
    .action(async (flags) => (await import("./up.ts")).runUp(flags));
}

function exchangeCommand(): Command {
  return new Command("exchange")
    .description("start a local exchange that Hyperliquid clients can trade on")
    .option("--data <dir>", "folder of the journal", "./.bourse")
    .addOption(portOption("--port <n>", "port to listen on", EXCHANGE_PORT))
    .addOption(seedOption())
    .option("--no-traders", "nobody trades and prices stand still")
    .addOption(limitsOption("venue"))
    .addOption(feesOption())
    .addOption(dexOption("list a builder's dex of this name: NAME:BTC and NAME:ETH"))
    .addOption(fundingOption())
    .addOption(markOption())
    .addOption(
      new Option(
        "--recovery-threads <n>",
        "threads that recover signers under load, 0 to 16 (default: by the number of processors)",
      ).argParser(parseThreads),
    )
    .action(async (flags) => (await import("./exchange.ts")).runExchange(flags));
}

function makeCommand(): Command {
  return new Command("make")
    .description("make a market in one coin on an exchange")
    .requiredOption("--url <url>", "exchange to trade on, such as http://127.0.0.1:3001")
    .requiredOption("--asset <coin>", "coin to quote, such as BTC or hyna:BTC")
    .addOption(dexOption("builder's dex that the coin is of, such as hyna"))
    .option("--key <reference>", "signing key: env:NAME or file:PATH (default: a fresh local key)")
    .option("--account <address>", "account that an agent key trades for (default: the key's own)")
    .option("--state <dir>", "folder of key and kill switch", "./.bourse-maker")
    .addOption(portOption("--page-port <n>", "port of the page", PAGE_PORT))
    .addOption(modelOption())
    .option("--gamma <n>", "aversion to inventory of the optimal models", parseNumber)
    .option(
      "--half-spread-bps <n>",
      "distance of the first quote from fair price; with an optimal model the least [bps]",
      parseNumber,
    )
    .option("--levels <n>", "quotes a side", parseNumber)
    .option("--level-notional <usd>", "size of a quote [USDC]", parseNumber)
    .option("--max-position <usd>", "largest position by value [USDC]", parseNumber)
    .addOption(
      new Option(
        "--dead-man <seconds>",
        "the exchange cancels our orders when we are silent for this long; 0 = off",
      )
        .argParser(parseDeadMan)
        .default(15),
    )
    .option("--allow-dirty-start", "start although old orders could not be canceled")
    .option("--rearm", "clear a latched kill switch before the start")
    .option("--live", "trade on the main network, with real money")
    .option("--for <seconds>", "stop in order after this time", parseSeconds)
    .action(async (flags) => (await import("./make.ts")).runMake(flags));
}

function faucetCommand(): Command {
  return new Command("faucet")
    .description("pay test money to an address on an exchange on this machine")
    .argument("<address>", "0x address, 40 hex digits")
    .option("--usd <amount>", "how much [USDC]", "10000")
    .option("--url <url>", "exchange", LOCAL_URL)
    .action(async (address, flags) => (await import("./faucet.ts")).runFaucet(address, flags));
}

function recordCommand(): Command {
  return new Command("record")
    .description("record a market of a Hyperliquid venue to a file that `up --tape` plays")
    .option("--url <url>", "venue, such as https://api.hyperliquid.xyz", LOCAL_URL)
    .option("--coin <coin>", "market to record", "BTC")
    .option("--out <file>", "Parquet file to write (default: COIN-TIME.parquet, here)")
    .option("--for <seconds>", "stop in order after this time", parseSeconds)
    .action(async (flags) => (await import("./record.ts")).runRecord(flags));
}

function replayCommand(): Command {
  return new Command("replay")
    .description("fold an exchange's journal from its first command; print its hash")
    .option("--data <dir>", "folder of the journal", "./.bourse")
    .action(async (flags) => (await import("./replay.ts")).runReplay(flags));
}

function whyCommand(): Command {
  return new Command("why")
    .description("say where each resting order of a running maker comes from")
    .argument("<coin>", "coin that the maker quotes, such as BTC")
    .addOption(portOption("--page-port <n>", "port of the maker's page", PAGE_PORT))
    .action(async (coin, flags) => (await import("./why.ts")).runWhy(coin, flags));
}

function analyticsCommand(): Command {
  return new Command("analytics")
    .description(
      "tell how an account or vault trades: volumes, profit, markouts, returns and their ratios",
    )
    .argument("<address>", "0x address, 40 hex digits")
    .option("--url <url>", "exchange", LOCAL_URL)
    .addOption(
      new Option("--trials <n>", "strategies tried, of which this is the best")
        .argParser(parseNumber)
        .default(1),
    )
    .action(async (address, flags) =>
      (await import("./analytics.ts")).runAnalytics(address, flags),
    );
}

function reportCommand(): Command {
  return new Command("report")
    .description("tell what a run earned and why; write its report as one HTML file")
    .argument("<run>", "`last`, a run's name or a part of it, or its folder")
    .option("--open", "open the file in a browser")
    .option("--html", "print the HTML instead")
    .action(async (run, flags) => (await import("./report.ts")).runReport(run, flags));
}

function runsCommand(): Command {
  return new Command("runs")
    .description("list the runs that are kept, newest first")
    .addOption(new Option("--last <n>", "how many to list").argParser(parseNumber).default(20))
    .action(async (flags) => (await import("./runs.ts")).runRuns(flags));
}

function calibrateCommand(): Command {
  return new Command("calibrate")
    .description("compare the simulated market with a recording; ends with 8 where they differ")
    .argument("<tape>", "recording to compare with")
    .option("--minutes <n>", "simulated time that is measured", parseNumber, 30)
    .addOption(seedOption())
    .action(async (tape, flags) => (await import("./calibrate.ts")).runCalibrate(tape, flags));
}

function scenarioCommand(): Command {
  return new Command("scenario")
    .description("play a day that nobody wants to see live; crash: who pays under which policy")
    .argument("<name>", "crash")
    .addOption(seedOption())
    .option("--accounts <n>", "leveraged accounts", parseNumber, 500)
    .option("--drop <percent>", "fall of the index price [%]", parseNumber, 40)
    .option("--seconds <n>", "time that the fall takes [s]", parseNumber, 60)
    .action(async (name, flags) => (await import("./scenario.ts")).runScenario(name, flags));
}

function withCommonFlags(command: Command): Command {
  return command
    .option("--json", "print JSON, one value a line")
    .option("--log-file <file>", "append the log to FILE (default: standard error)")
    .option(
      "--log-level <[module=]level>",
      "silent, error, warn, info, debug or trace; for one module as gateway=debug; repeatable",
      (value: string, before: string[]) => [...before, value],
      [] as NonNullable<CommonFlags["logLevel"]>,
    )
    .exitOverride();
}

const portOption = (flags: string, description: string, standard: number): Option =>
  new Option(flags, description).argParser(parsePort).default(standard);

const seedOption = (): Option =>
  new Option("--seed <n>", "seed of the traders").argParser(parseSeed).default(42);

const modelOption = (): Option =>
  new Option("--model <name>", "how the maker finds spread and skew")
    .choices(["glft", "avellanedaStoikov", "fixedSpread"])
    .default("glft");

const limitsOption = (standard: "venue" | "off"): Option =>
  new Option("--limits <mode>", "the venue's request limits")
    .choices(["venue", "off"])
    .default(standard);

const dexOption = (text: string): Option =>
  new Option("--dex <name>", text).argParser((name: string): string => {
    if (/^[a-z0-9]{1,6}$/.test(name)) return name;
    throw new InvalidArgumentError("1 to 6 lower-case letters or digits are needed.");
  });

const feesOption = (): Option =>
  new Option(
    "--fees <schedule>",
    "fee schedule to put in force (default: as it is, at first venue)",
  ).choices(FEE_SCHEDULE_NAMES);

const fundingOption = (): Option =>
  new Option(
    "--funding <mode>",
    "funding of all markets (default: as it is, at first venue)",
  ).choices(FUNDING_MODES);

const markOption = (): Option =>
  new Option(
    "--mark <policy>",
    "mark price of all markets (default: as it is, at first venue; of a tape: oracle)",
  ).choices(MARK_POLICIES);

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 (any free one) to 65535.");
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 0 && threads <= 16) return threads;
  throw new InvalidArgumentError("A number of threads is 0 to 16.");
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("A seed is a whole number from 0 on.");
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("A number above 0 is needed.");
}

const parseSeconds = parseNumber;

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (speed >= SPEED_MIN && speed <= SPEED_MAX) return speed;
  throw new InvalidArgumentError(`A number from ${SPEED_MIN} to ${SPEED_MAX} is needed.`);
}

function parseDeadMan(text: string): number {
  const seconds = Number(text);
  if (seconds === 0 || (seconds >= 10 && seconds <= 86_400)) return seconds;
  throw new InvalidArgumentError("0, or a number of seconds from 10 to 86400.");
}

/** Prints what went wrong and answers the exit code. */
function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version end this way too, with 0.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bourse: ${message}\n`);
  if (error instanceof ExitError) return error.exitCode;
  if (error instanceof Error && process.env.BOURSE_DEBUG === "1")
    process.stderr.write(`${error.stack}\n`);
  return EXIT.error;
}
