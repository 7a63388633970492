/** The page of a running `bourse up`, held against what the exchange says of the maker's account. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signingKey } from "../../src/cli/key.ts";
import { createNativeWallet } from "../../src/venue/native-wallet.ts";
import { describeWithChromium } from "../chromium.ts";
import { type AccountWatch, openAccountWatch, until } from "../support/account-watch.ts";
import {
  endStartedProcesses,
  type StartedProcess,
  startBourse,
} from "../support/started-process.ts";
import { launchBrowser } from "./launch-browser.ts";

/** What `bourse up` pays to its maker [10^-6 USDC]. */
const DEPOSIT = 100_000_000_000;
const FILLS_SHOWN = 50;
const folder = mkdtempSync(join(tmpdir(), "bourse-live-page-"));

describeWithChromium("page of a running maker", (executablePath) => {
  let bourse: StartedProcess;
  let browser: Browser;
  let page: Page;
  let watch: AccountWatch;
  const complaints: string[] = [];

  beforeAll(async () => {
    const ports = ["--port", "0", "--page-port", "0"];
    bourse = startBourse("up", "--json", ...ports, "--data", folder, "--asset", "BTC");
    const exchange = await bourse.tells(({ kind }) => kind === "exchange");
    const { url } = await bourse.tells(({ kind }) => kind === "page");
    const key = signingKey(undefined, String(exchange.url), join(folder, "maker"));
    const user = createNativeWallet(key).address;
    watch = await openAccountWatch({ socketUrl: String(exchange.socketUrl), user, coin: "BTC" });
    browser = await launchBrowser(executablePath);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(String(url));
    await page.locator("[data-testid=link][data-kind=live]").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    watch?.close();
    await endStartedProcesses();
    rmSync(folder, { recursive: true, force: true });
  });

  const storedLatch = (): unknown =>
    JSON.parse(readFileSync(join(folder, "maker", "kill-latch.json"), "utf8"));
  const state = (name: string): Promise<void> =>
    page.locator(`[data-testid=state][data-state=${name}]`).waitFor();
  const click = (testId: string): Promise<void> => page.getByTestId(testId).click();
  const shown = () => page.evaluate<Shown>(READ_PAGE);
  /** Waits until the page and the exchange say the same, and answers what they say. */
  const agreed = async <T>(
    ofPage: (shown: Shown) => T,
    ofExchange: () => Promise<T>,
  ): Promise<T> => {
    let both: [T, T] | undefined;
    await until(async () => {
      both = [ofPage(await shown()), await ofExchange()];
      return JSON.stringify(both[0]) === JSON.stringify(both[1]);
    });
    return (both as [T, T])[0];
  };

  test("venue, state, own orders as they rest on the exchange", { timeout: 60_000 }, async () => {
    await state("quoting");
    expect(await page.getByTestId("venue").innerText()).toBe("SIM");
    const orders = await agreed(
      ({ orders: rows }) => rows.toSorted(),
      async () => {
        const listing = await watch.listing();
        return listing
          .map(({ side, limitPx, sz }) => `${side} ${Number(limitPx)} ${Number(sz)}`)
          .toSorted();
      },
    );
    expect(orders.length).toBeGreaterThanOrEqual(2);
  });

  test("fills as the exchange has them", { timeout: 120_000 }, async () => {
    // They come when the market moves: a minute is long, on a busy machine too.
    await page.getByTestId("fill").nth(2).waitFor({ timeout: 60_000 });
    const fills = await agreed(
      ({ fills: rows }) => rows.toSorted(),
      async () => {
        const fillsOf = (await watch.fills()).slice(0, FILLS_SHOWN);
        return fillsOf
          .map(({ tid, side, px, sz }) => `${tid} ${side} ${Number(px)} ${Number(sz)}`)
          .toSorted();
      },
    );
    expect(fills.length).toBeGreaterThanOrEqual(3);
  });

  test("an order's price is explained by the figures that it was placed with", {
    timeout: 60_000,
  }, async () => {
    await click("nav-orders");
    await page.getByTestId("why-order").first().click();
    await page.getByTestId("order-reason").getByText("Before rounding").waitFor();
    const terms = await page.getByTestId("order-reason").getByTestId("terms").innerText();
    expect(terms).toMatch(/half-spread/);
    await page.keyboard.press("Escape");
    await click("nav-market");
  });

  test("fewer levels on the page are fewer orders on the exchange, until it is undone", {
    timeout: 60_000,
  }, async () => {
    const levelsOf = async (): Promise<number[]> => {
      const listing = await watch.listing();
      return ["B", "A"].map((side) => listing.filter((order) => order.side === side).length);
    };
    await page.getByTestId("set-levels").fill("1");
    await click("review-edits");
    await click("apply");
    await until(async () => (await levelsOf()).every((count) => count <= 1));
    await click("undo");
    await until(async () => (await levelsOf()).some((count) => count > 1));
  });

  test("one order is canceled on the exchange", { timeout: 60_000 }, async () => {
    let id: string | null = null;
    await until(async () => {
      const button = page.getByTestId("cancel-order").first();
      id = await button.getAttribute("data-order");
      await button.click();
      const outcome = page.getByTestId("outcome").filter({ hasNotText: "sent…" });
      return (await outcome.innerText()).includes("canceling it");
    });
    await until(() =>
      watch.changes.some(({ cloid, status }) => cloid === id && status === "canceled"),
    );
    // An order that was replaced before the button was pressed is a refusal, and a line in the console.
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("409")));
  });

  test("pause takes the orders off the exchange, resume brings quotes back", {
    timeout: 60_000,
  }, async () => {
    await click("pause");
    await state("paused");
    await watch.gone();
    expect(await watch.placedWhile(1)).toBe(0);
    await click("pause");
    await state("quoting");
    await watch.quoted();
  });

  test("kill: nothing rests and nothing is placed until it is re-armed and resumed", {
    timeout: 90_000,
  }, async () => {
    await page.getByTestId("kill").hover();
    await page.mouse.down();
    await state("killed");
    await page.mouse.up();
    await watch.gone();
    expect(storedLatch()).toMatchObject({ killed: true, reasons: [{ reason: "manual" }] });
    expect(await watch.placedWhile(3)).toBe(0);
    await moneyAgrees();
    await click("rearm");
    expect(await watch.placedWhile(1)).toBe(0);
    await click("rearm-confirm");
    await state("paused");
    expect(await watch.placedWhile(1)).toBe(0);
    await click("pause");
    await state("quoting");
    await watch.quoted();
  });

  test("flatten closes the position on the exchange and stays paused", {
    timeout: 90_000,
  }, async () => {
    await until(async () => (await watch.position()) !== 0);
    await page.keyboard.press("Shift+F");
    await click("flatten-confirm");
    await state("paused");
    await until(async () => (await watch.position()) === 0);
    await watch.gone();
    expect(await watch.placedWhile(1)).toBe(0);
    await moneyAgrees();
    await click("pause");
    await state("quoting");
    await watch.quoted();
  });

  /** Position and PnL to the last micro, while the position stands still. */
  async function moneyAgrees(): Promise<void> {
    const account = () => watch.info.clearinghouseState({ user: watch.user });
    const position = await agreed((one) => one.position, watch.position);
    const net = await agreed(
      ({ pnl }) => pnl.net,
      async () => microsOf((await account()).marginSummary.accountValue) - DEPOSIT,
    );
    const { pnl } = await shown();
    const fills = await watch.fills();
    const sum = (part: "fee" | "closedPnl"): number =>
      fills.reduce((total, fill) => total + microsOf(fill[part]), 0);
    expect(pnl.fees).toBe(-sum("fee"));
    expect(pnl.realised).toBe(sum("closedPnl"));
    expect(pnl.realised + pnl.unrealised + pnl.fees + pnl.funding).toBe(pnl.net);
    expect(await page.getByTestId("pnl-residual").count()).toBe(0);
    console.log(
      `page: position ${position} BTC and net ${net / 1e6} USDC, as the exchange has them`,
    );
  }

  test("vaults and the pool that the exchange runs, as it tells of them", {
    timeout: 60_000,
  }, async () => {
    await click("nav-vaults");
    await page.getByTestId("pool").waitFor();
    const named = await page.locator("[data-testid=vault] h3 b").allInnerTexts();
    expect(named).toEqual(["ETH grid", "HYPE two-sided"]);
    expect(await page.locator("[data-testid=pool] h3 b").innerText()).toBe("BTC pool");
    const kinds = page.locator("[data-testid=strategy]");
    expect(
      await kinds.evaluateAll((all) => all.map((one) => one.getAttribute("data-kind"))),
    ).toEqual(["grid", "quote", "grid"]);
    for (const equity of await page.getByTestId("vault-equity").allInnerTexts())
      expect(equity).toMatch(/^\$1[45],\d{3}\.\d\d$/);
    await click("nav-market");
  });

  test("no complaint in the browser, and an orderly end", { timeout: 60_000 }, async () => {
    expect(await page.locator("[data-testid=link][data-kind=live]").count()).toBe(1);
    expect(complaints).toEqual([]);
    bourse.signal("SIGINT");
    const summary = await bourse.tells(({ kind }) => kind === "summary");
    expect(summary).toMatchObject({ phase: "stopped", clean: true, openOrders: 0 });
    expect(await bourse.ended).toBe(0);
    expect(storedLatch()).toEqual({ killed: false, reasons: [] });
  });
});

/** Decimal text into an integer [10^-6]. */
const microsOf = (text: string): number => Math.round(Number(text) * 1e6);

/** What the page shows, read at one instant. */
interface Shown {
  /** Side, price and size of each own order. */
  readonly orders: readonly string[];
  /** Trade id, side, price and size. */
  readonly fills: readonly string[];
  /** [coins] */
  readonly position: number;
  /** As shown, fees with the sign of their effect [10^-6 USDC]. */
  readonly pnl: {
    realised: number;
    unrealised: number;
    fees: number;
    funding: number;
    net: number;
  };
}

const READ_PAGE = `(() => {
  const number = (text) => Number(text.replaceAll(",", "").replace("\\u2212", "-").replace(/\\s/g, ""));
  const at = (id) => number(document.querySelector("[data-testid=" + id + "]").textContent);
  const micros = (id) => Math.round(at(id) * 1e6);
  const rows = (id) => [...document.querySelectorAll("[data-testid=" + id + "]")];
  const cell = (row, index) => row.cells[index].textContent;
  return {
    orders: rows("order").map((row) =>
      (row.dataset.side === "buy" ? "B" : "A") + " " + number(cell(row, 1)) + " " + number(cell(row, 2))),
    fills: rows("fill").map((row) => row.dataset.tid + " " + (cell(row, 1).includes("Buy") ? "B" : "A") +
      " " + number(cell(row, 2)) + " " + number(cell(row, 3))),
    position: at("position"),
    pnl: {
      realised: micros("pnl-realised"),
      funding: micros("pnl-funding"),
      unrealised: micros("pnl-unrealised"),
      fees: micros("pnl-fees"),
      net: micros("pnl-net"),
    },
  };
})()`;
