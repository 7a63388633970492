/** What the lists of vaults, pools, grids and quotes say, and how asking for them fails. */
import { afterAll, describe, expect, test } from "vitest";
import { openLiveExchange } from "../../test/live-exchange.ts";
import { ExitError } from "./exit-code.ts";
import { gridLines } from "./grid-list.ts";
import { askInfo, askInfoList, requireAddress } from "./info-request.ts";
import { poolLines } from "./pool-list.ts";
import { quoteLines } from "./quote-list.ts";
import { askStrategies } from "./strategy-request.ts";
import { tableLines } from "./text-table.ts";
import { vaultLines } from "./vault-list.ts";
import { detailLines } from "./vault-show.ts";

const ADDRESS = `0x${"ab".repeat(20)}`;
const codeOf = (error: unknown): number | null =>
  error instanceof ExitError ? error.exitCode : null;

const exchange = await openLiveExchange();
const { url } = exchange.gateway;
afterAll(() => exchange.close());

describe("asking", () => {
  test("an exchange without market making answers with empty lists", async () => {
    expect(vaultLines(await askInfoList(url, { type: "vaultSummaries" }))).toEqual([
      "no vault was opened in the last two hours; --leader ADDRESS lists older ones",
    ]);
    expect(poolLines(await askInfoList(url, { type: "boursePools" }))).toEqual([
      "there is no liquidity pool",
    ]);
    expect(await askStrategies(ADDRESS.toUpperCase().replace("0X", "0x"), "grid", { url })).toEqual(
      [],
    );
    expect(await askInfo(url, { type: "vaultDetails", vaultAddress: ADDRESS })).toBeNull();
  });

  test("what fails says so with the exit code of its kind", async () => {
    expect(await askInfo(url, { type: "nothingOfTheKind" }).catch(codeOf)).toBe(1);
    expect(
      await askInfoList(url, { type: "vaultDetails", vaultAddress: ADDRESS }).catch(codeOf),
    ).toBe(1);
    // Port 1 is nobody's.
    expect(await askInfo("http://127.0.0.1:1", { type: "meta" }).catch(codeOf)).toBe(5);
    expect(await askStrategies("0x12", "quote", { url }).catch(codeOf)).toBe(2);
    expect(requireAddress(`0x${"AB".repeat(20)}`)).toBe(ADDRESS);
  });
});

describe("lines", () => {
  test("columns stand under each other, numbers to the right", () => {
    const columns = [{ title: "name" }, { title: "worth", align: "right" }] as const;
    const rows = [
      ["a", "1.0"],
      ["longer", "12345.0"],
    ];
    expect(tableLines(columns, rows)).toEqual([
      "  name      worth",
      "  a           1.0",
      "  longer  12345.0",
    ]);
  });

  test("a vault's terms and its holders", () => {
    const vault = {
      name: "One",
      description: "Of tests.",
      vaultAddress: ADDRESS,
      leader: "0x01",
      leaderFraction: 0.25,
      leaderCommission: 0.1,
      maxDistributable: 12.5,
      followers: [{ user: "Leader", vaultEquity: "100.5", pnl: "0.5", lockupUntil: 0 }],
      isClosed: false,
      allowDeposits: false,
    };
    expect(detailLines(vault)).toEqual([
      "One: Of tests.",
      `  address  ${ADDRESS}`,
      "  leader   0x01, holds 25.00 %, takes 10.00 % of profit",
      "  state    open, takes no deposits, 12.5 USDC withdrawable",
      "",
      "  holder  worth [USDC]  PnL [USDC]  locked until",
      "  Leader         100.5         0.5",
    ]);
  });

  test("a paused grid says why; a quote's absent leg is a dash", () => {
    const any = { id: 7, coin: "BTC", netSz: "-0.5", fills: 3, fees: "0.1" };
    const range = { low: "10.0", high: "20.0", levels: 5, size: "0.1", netProfit: "1.5" };
    const paused = { status: "paused", pause: "beyond" };
    const [, grid] = gridLines([
      { kind: "grid", ...any, ...paused, ...range, direction: "neutral" },
    ]);
    expect(grid).toContain("paused: beyond  neutral  10.0  20.0");
    const sides = { spreadBps: "10.0", size: "0.1", bid: { px: "99.0", sz: "0.1" }, ask: null };
    const [, quote] = quoteLines([
      { kind: "quote", ...any, status: "running", pause: null, ...sides },
    ]);
    expect(quote).toMatch(/running +10\.0 +0\.1 +0\.1 @ 99\.0 +- +-0\.5 +3 +0\.1$/);
  });
});
