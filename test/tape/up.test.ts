/** `bourse up --tape` as a process: what it prints at the end of a recording, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { endStartedProcesses, startBourse } from "../support/started-process.ts";

// Processes take their time to start where the machine has more to do.
vi.setConfig({ testTimeout: 120_000 });

let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bourse-up-"));
  // Runs leave their folders here and not with the user's own.
  vi.stubEnv("BOURSE_HOME", folder);
  path = join(folder, "tape.txt");
  writeFileSync(path, recording(40).join("\n"));
});
afterEach(endStartedProcesses);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Two seconds of a market: a book, and trades with a change of the book behind each. */
function recording(trades: number): string[] {
  const lines: string[] = [];
  const say = (ms: number, body: unknown): void => {
    lines.push(`${1_700_000_000_000 + ms}000000 ${JSON.stringify(body)}`);
  };
  const levels = (px: number, step: number): string[][] =>
    [0, 1, 2].map((i) => [(px + step * i).toFixed(2), "2.500"]);
  say(0, { lastUpdateId: 10, bids: levels(60_000, -0.1), asks: levels(60_000.1, 0.1) });
  for (let i = 0; i < trades; i++) {
    const isSell = i % 3 === 0;
    const p = isSell ? "60000.00" : "60000.10";
    const trade = { e: "trade", s: "BTCUSDT", p, q: "0.500", X: "MARKET", m: isSell };
    say(50 * i + 20, { stream: "t", data: trade });
    const [U, u, pu] = i === 0 ? [9, 11, 8] : [11 + i, 11 + i, 10 + i];
    const side = [[p, (2 + (i % 5) / 10).toFixed(3)]];
    const change = { b: isSell ? side : [], a: isSell ? [] : side };
    say(50 * i + 30, {
      stream: "d",
      data: { e: "depthUpdate", s: "BTCUSDT", U, u, pu, ...change },
    });
  }
  return lines;
}

const up = (...args: string[]) =>
  startBourse("up", "--json", "--port", "0", "--page-port", "0", ...args);

describe("bourse up --tape", () => {
  test.each(["1", "20"])(
    "at speed %s the tape's figures are the exchange's, then it ends",
    async (speed) => {
      const run = up("--tape", path, "--no-maker", "--speed", speed);
      const figures = await run.tells(({ kind }) => kind === "tape");
      expect(figures).toMatchObject({
        symbol: "BTCUSDT",
        coin: "BTC",
        trades: 40,
        gaps: 0,
        sentTrades: 40,
        sentVolume: "20.0",
        printedTrades: 40,
        printedVolume: "20.0",
        bestBid: "60000.0",
        bestAsk: "60000.1",
        bidLevels: 3,
        askLevels: 3,
        crossed: 0,
      });
      expect(await run.ended).toBe(0);
    },
  );

  test("with the maker it ends with the maker's summary", async () => {
    const run = up("--tape", path);
    await run.tells(({ kind }) => kind === "page");
    await run.tells(({ kind, sentTrades }) => kind === "tape" && sentTrades === 40);
    await run.tells(({ kind, clean }) => kind === "summary" && clean === true);
    expect(await run.ended).toBe(0);
  });

  test("a line that cannot be read ends it with the file, the line and code 1", async () => {
    const bad = join(folder, "bad.txt");
    writeFileSync(bad, [...recording(4), "and then nothing of use"].join("\n"));
    const run = up("--tape", bad, "--no-maker");
    await run.prints(/bad\.txt:10: does not begin with a time in nanoseconds/);
    expect(await run.ended).toBe(1);
  });

  test.each([
    [["--asset", "ETH"], /is a tape of BTC: leave --asset ETH out/],
    [["--limits", "venue"], /--tape needs --limits off/],
    [["--data", "."], /--tape begins on fresh data, and \. is not empty/],
  ])("%s does not go with it: wrong usage", async (flags, words) => {
    const run = up("--tape", path, ...flags);
    await run.prints(words);
    expect(await run.ended).toBe(2);
  });

  test("a recording that is not there is named", async () => {
    const run = up("--tape", join(folder, "none.gz"));
    await run.prints(/there is no tape .*none\.gz/);
    expect(await run.ended).toBe(3);
  });
});
