/**
 * Starting and ending as people and scripts do it: `npm start` in a terminal and without one,
 * Ctrl-C by key and by group signal, a second start beside the first, and the exit codes.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { signingKey } from "../../src/cli/key.ts";
import { createNativeWallet } from "../../src/venue/native-wallet.ts";
import { fund } from "../fault/exchange-child.ts";
import { openFaultProxy } from "../fault/fault-proxy.ts";
import {
  type Ending,
  endStartedProcesses,
  MAIN,
  PROJECT,
  type StartedProcess,
  startBourse,
  startProcess,
} from "../support/started-process.ts";

const TIMEOUT = { timeout: 120_000 };
const ANY_PORT = ["--port", "0", "--page-port", "0"];
const SCRIPT = "/usr/bin/script";
const ADDRESS = `0x${"ab".repeat(20)}`;
const folder = mkdtempSync(join(tmpdir(), "bourse-start-"));

afterAll(async () => {
  await endStartedProcesses();
  rmSync(folder, { recursive: true, force: true });
});

const folderOf = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

/** Folders with programs that are not the project's own: a newcomer's search path. */
const foreignFolders = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((path) => path !== "" && !path.includes("node_modules"));

/** A newcomer's environment; temporary files go to `tmp`, so that leftovers are seen. */
const newcomer = (tmp: string): NodeJS.ProcessEnv => ({
  PATH: foreignFolders.join(delimiter),
  HOME: process.env.HOME,
  TERM: "xterm",
  TMPDIR: tmp,
  BOURSE_HOME: join(folder, "home"),
  npm_config_update_notifier: "false",
});

const startNpm = (tmp: string): StartedProcess =>
  startProcess("npm", ["start"], { cwd: PROJECT, env: newcomer(tmp) });

/** `npm start` in a terminal of its own; `exec`, for a plain shell in between would answer for itself. */
const startNpmInTerminal = (tmp: string): StartedProcess =>
  startProcess(SCRIPT, ["-qec", "exec npm start", "/dev/null"], {
    cwd: PROJECT,
    env: newcomer(tmp),
  });

const SUMMARY = /ran \d+m\d\ds · net (\S+) = spread (\S+)((?: [+−] [a-z ]+ \S+)*)/;
const REPORT = /report: (\S+report\.html)/;

const BOOKS = /books close: (\S+) USDC in all accounts, (\S+) paid in/;
const OWN_MAKING = [/ETH grid +worth \S+ USDC, PnL/, /HYPE two-sided +worth/, /BTC pool +worth/];

/** The closing lines: causes that add up in the cents that are shown, a report that is there, books that close. */
async function readEnd(bourse: StartedProcess): Promise<void> {
  const [, net = "", spread = "", causes = ""] = await bourse.prints(SUMMARY);
  const others = [...causes.matchAll(/([+−]) [a-z ]+ (\S+)/g)];
  const parts = [spread, ...others.map(([, sign, amount]) => `${sign}${amount}`)];
  expect(parts.reduce((sum, part) => sum + centsOf(part), 0)).toBe(centsOf(net));
  const [, report = ""] = await bourse.prints(REPORT);
  expect(readFileSync(report, "utf8")).toMatch(/^<!doctype html>/);
  for (const line of OWN_MAKING) await bourse.prints(line);
  const [, held, paidIn] = await bourse.prints(BOOKS);
  expect(held).toBe(paidIn);
}

const centsOf = (text: string): number =>
  Math.round(Number(text.replace("−", "-").replace(/[$,+]/g, "")) * 100);

async function portsOf(bourse: StartedProcess): Promise<{ exchange: number; page: number }> {
  const exchange = await bourse.prints(/exchange\s+http:\/\/127\.0\.0\.1:(\d+)/);
  const page = await bourse.prints(/page\s+http:\/\/127\.0\.0\.1:(\d+)/);
  return { exchange: Number(exchange[1]), page: Number(page[1]) };
}

describe("npm start", () => {
  test("first fill; a second one beside it takes the next ports; Ctrl-C ends both with 0", {
    timeout: 120_000,
  }, async () => {
    const firstTmp = folderOf("first");
    const first = startNpm(firstTmp);
    const ports = await portsOf(first);
    await first.prints(/first fill: (bought|sold) [\d.]+ BTC at [\d.]+/);
    expect(readdirSync(firstTmp).some((name) => name.startsWith("bourse-"))).toBe(true);

    const secondTmp = folderOf("second");
    const second = startNpmInTerminal(secondTmp);
    const next = await portsOf(second);
    expect(next.exchange).not.toBe(ports.exchange);
    expect(next.page).not.toBe(ports.page);
    expect(second.output()).toContain(
      `port 3001 is taken: the exchange listens on ${next.exchange}`,
    );
    expect(second.output()).toContain(`port 8787 is taken: the page is on ${next.page}`);
    await second.prints(/first fill: (bought|sold)/);
    second.type("\u0003");
    await readEnd(second);
    expect(await second.ended).toBe(0);

    first.signalGroup("SIGINT");
    await readEnd(first);
    expect(await first.ended).toBe(0);
    for (const tmp of [firstTmp, secondTmp]) {
      expect(readdirSync(tmp).filter((name) => name.startsWith("bourse-"))).toEqual([]);
    }
  });
});

test("--speed: minutes of market time in seconds, and an orderly end", TIMEOUT, async () => {
  const data = folderOf("fast");
  const bourse = startBourse("up", "--json", ...ANY_PORT, "--speed", "50", "--data", data);
  const first = await bourse.tells(({ kind, phase }) => kind === "status" && phase === "quoting");
  // At real time this takes longer than a wait here may.
  const laterMs = Number(first.timeMs) + 70_000;
  await bourse.tells(({ kind, timeMs }) => kind === "status" && Number(timeMs) >= laterMs);
  bourse.signal("SIGINT");
  expect(await bourse.tells(({ kind }) => kind === "summary")).toMatchObject({ clean: true });
  expect(await bourse.ended).toBe(0);
  // A start at real time goes on from there: its clock does not run backwards.
  const again = startBourse("up", "--json", ...ANY_PORT, "--data", data);
  const next = await again.tells(({ kind, phase }) => kind === "status" && phase === "quoting");
  expect(Number(next.timeMs)).toBeGreaterThan(laterMs);
  again.signal("SIGINT");
  expect(await again.ended).toBe(0);
});

describe.concurrent("signals", () => {
  test("SIGTERM first is an orderly end, and data that was asked for stays", TIMEOUT, async () => {
    const data = folderOf("kept");
    const bourse = startBourse("up", "--json", ...ANY_PORT, "--data", data);
    await bourse.tells(({ fills }) => Number(fills) > 0);
    bourse.signal("SIGTERM");
    const summary = await bourse.tells(({ kind }) => kind === "summary");
    expect(summary).toMatchObject({ openOrders: 0, clean: true });
    expect(await bourse.ended).toBe(0);
    expect(await endOf("replay", "--data", data)).toMatchObject({
      ending: 0,
      output: expect.stringContaining("every invariant holds"),
    });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("a second %s, later, cuts short with %i", TIMEOUT, async (signal, code) => {
    const { maker, proxy } = await startCutMaker(signal);
    // Those that follow within half a second are the same press: it is the first later one that ends it.
    const presses = setInterval(() => maker.signal(signal), 100);
    maker.signal(signal);
    expect(await maker.ended).toBe(code);
    clearInterval(presses);
    expect(maker.output()).toContain("stopped at once: orders may still rest");
    await proxy.close();
  });

  test("a maker that cannot confirm its cancels says so and ends with 5", {
    timeout: 60_000,
  }, async () => {
    const { maker, proxy } = await startCutMaker("unconfirmed");
    maker.signal("SIGINT");
    expect(await maker.ended).toBe(5);
    expect(maker.output()).toContain("not every order could be confirmed as canceled");
    await proxy.close();
  });
});

/** A maker that quotes, and then has its venue taken away. */
async function startCutMaker(name: string) {
  const args = ["--port", "0", "--limits", "off", "--data", folderOf(`${name}-exchange`)];
  const exchange = startBourse("exchange", "--json", ...args);
  const { url } = await exchange.tells(({ kind }) => kind === "exchange");
  const proxy = await openFaultProxy(String(url));
  // The exchange's admin side does not answer through a proxy: the account is paid past it.
  const key = signingKey(undefined, String(url), folderOf(`${name}-maker`));
  await fund(String(url), createNativeWallet(key).address, "100000");
  const maker = startBourse(
    ...["make", "--json", "--url", proxy.url, "--asset", "BTC"],
    ...["--page-port", "0", "--state", folderOf(`${name}-maker`)],
  );
  await maker.tells(({ phase, openOrders }) => phase === "quoting" && Number(openOrders) > 0);
  proxy.setFault("swallowed");
  return { maker, proxy };
}

async function endOf(...args: string[]): Promise<{ ending: Ending; output: string }> {
  const bourse = startBourse(...args);
  const ending = await bourse.ended;
  return { ending, output: bourse.output() };
}

describe.concurrent("exit codes", () => {
  const make = ["make", "--asset", "BTC", "--state", join(folder, "unused")];
  const rows: readonly (readonly [what: string, code: number, args: string[], text: string])[] = [
    ["help", 0, ["--help"], "bourse up"],
    ["an unknown command", 2, ["upp"], "Did you mean up?"],
    ["an unknown option", 2, ["up", "--prot", "1"], "Did you mean --port?"],
    ["a port that is none", 2, ["up", "--port", "70000"], "from 0 (any free one) to 65535"],
    ["a speed that is none", 2, ["up", "--speed", "2000"], "from 0.1 to 1000"],
    ["a recording that is not there", 3, ["calibrate", join(folder, "none")], "no recording at"],
    ["a missing option", 2, ["make", "--asset", "BTC"], "--url"],
    ["no folder to replay", 3, ["replay", "--data", join(folder, "none")], "there is no folder"],
    [
      "no exchange for a faucet",
      5,
      ["faucet", ADDRESS, "--url", "http://127.0.0.1:9"],
      "no exchange answers",
    ],
    ["no exchange for a maker", 5, [...make, "--url", "http://127.0.0.1:9"], "no exchange answers"],
    [
      "the main network without --live",
      2,
      [...make, "--url", "https://api.hyperliquid.xyz"],
      "add --live",
    ],
    [
      "the test network without a key",
      6,
      [...make, "--url", "https://api.hyperliquid-testnet.xyz"],
      "needs a key",
    ],
    [
      "a key itself instead of its place",
      6,
      [...make, "--url", "http://127.0.0.1:9", "--key", `0x${"1".repeat(64)}`],
      "a reference and not the key",
    ],
  ];

  test.each(rows)("%s: %i", TIMEOUT, async (_, code, args, text) => {
    const { ending, output } = await endOf(...args);
    expect({ ending, output }).toEqual({ ending: code, output: expect.stringContaining(text) });
  });

  test("a folder that is in use: 1, and who uses it", TIMEOUT, async () => {
    const data = folderOf("in-use");
    const args = ["exchange", "--json", "--port", "0", "--data", data];
    const first = startBourse(...args);
    await first.tells(({ kind }) => kind === "exchange");
    const { ending, output } = await endOf(...args);
    expect(ending).toBe(1);
    expect(output).toContain(
      `${data} is in use by process ${first.pid}: stop that process, or use another folder`,
    );
    first.signal("SIGINT");
    expect(await first.ended).toBe(0);
  });
});

test(
  "bin/bourse.mjs on the machine's own Node: runs, and Ctrl-C ends it with 0",
  TIMEOUT,
  async () => {
    const node = foreignFolders.map((path) => join(path, "node")).find(existsSync);
    const command = node ?? process.execPath;
    const env = newcomer(folderOf("machine"));
    const entry = join(PROJECT, "bin", "bourse.mjs");
    const help = startProcess(command, [entry, "--help"], { env });
    await help.prints(/Examples:/);
    expect(await help.ended).toBe(0);
    const data = folderOf("machine-exchange");
    const args = [entry, "exchange", "--json", "--port", "0", "--data", data];
    const exchange = startProcess(command, args, { env });
    await exchange.tells(({ kind }) => kind === "exchange");
    exchange.signalGroup("SIGINT");
    await exchange.tells(({ kind }) => kind === "stopped");
    expect(await exchange.ended).toBe(0);
    const refused = startProcess(command, [MAIN, "--help"], { env });
    const isOld = node !== undefined && !(await isNewEnough(node));
    expect(await refused.ended).toBe(isOld ? 1 : 0);
  },
);

async function isNewEnough(node: string): Promise<boolean> {
  const asked = startProcess(node, ["--version"]);
  const [, major] = await asked.prints(/v(\d+)\./);
  return Number(major) >= 24;
}
