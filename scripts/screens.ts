/**
 * `npm run screens`: the page of a real `bourse up`, photographed page by page at two widths into
 * `docs/screens`, for people to look at. The market is that of a seed; times of day are not.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { CHROMIUM_ADVICE, findChromium } from "../test/chromium.ts";
import { buildPage } from "../test/page/build-page.ts";
import { launchBrowser } from "../test/page/launch-browser.ts";
import {
  endStartedProcesses,
  MAIN,
  PROJECT,
  type StartedProcess,
  startProcess,
} from "../test/support/started-process.ts";
import { smallPng } from "./small-png.ts";

const { values: flags } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    speed: { type: "string", default: "4" },
    fills: { type: "string", default: "80" },
    folder: { type: "string", default: join(PROJECT, "docs", "screens") },
    /** Page of something that runs already. */
    url: { type: "string" },
  },
});

const BYTES_MAX = 250_000;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Long enough for charts to have drawn and for flashes of new rows to have faded [ms]. */
const SETTLE_MS = 2_500;

/** One picture: a page's address, and what is done on it first. */
interface Picture {
  readonly name: string;
  readonly page: string;
  readonly size: typeof WIDE;
  readonly before?: (page: Page) => Promise<unknown>;
}

const PAGES = ["overview", "market", "orders", "risk", "vaults"];
const span = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "10 min" }).first().click();

const PICTURES: readonly Picture[] = [
  ...PAGES.map((page) => ({
    name: `${page}-1440`,
    page,
    size: WIDE,
    ...(["overview", "market"].includes(page) ? { before: span } : {}),
  })),
  ...PAGES.map((page) => ({ name: `${page}-390`, page, size: PHONE })),
  {
    name: "market-light-1440",
    page: "market",
    size: WIDE,
    before: async (page) => {
      await span(page);
      await page.keyboard.press("t");
    },
  },
  {
    name: "why-and-settings-1440",
    page: "market",
    size: WIDE,
    async before(page) {
      await page.getByTestId("why-order").first().click();
      await page.getByTestId("set-levels").fill("4");
      await page.getByTestId("review-edits").click();
    },
  },
  {
    name: "flatten-1440",
    page: "market",
    size: WIDE,
    before: (page) => page.getByTestId("flatten").click(),
  },
  {
    name: "killed-1440",
    page: "risk",
    size: WIDE,
    async before(page) {
      await page.getByTestId("kill").hover();
      await page.mouse.down();
      await page.locator("[data-testid=state][data-state=killed]").waitFor();
      await page.mouse.up();
    },
  },
];

async function takePictures(browser: Browser, url: string): Promise<void> {
  for (const { name, page: address, size, before } of PICTURES) {
    const page = await browser.newPage({ viewport: size });
    page.on("pageerror", (error) => console.error(`${name}: ${error}`));
    await page.goto(`${url}#/${address}`);
    await page.locator("[data-testid=link][data-kind=live]").waitFor();
    await before?.(page);
    await page.waitForTimeout(SETTLE_MS);
    const picture = smallPng(await page.screenshot());
    writeFileSync(join(flags.folder, `${name}.png`), picture);
    console.log(`${name}.png  ${(picture.length / 1_000).toFixed(0)} kB`);
    if (picture.length > BYTES_MAX) process.exitCode = 1;
    await page.close();
  }
}

/** Starts a market and waits until its maker was filled often enough for the charts to say something. */
async function startMarket(runs: string): Promise<{ url: string; market: StartedProcess }> {
  buildPage(join(PROJECT, "web", "dist"));
  const options = ["--json", "--port", "0", "--page-port", "0"];
  const args = [MAIN, "up", ...options, "--seed", flags.seed, "--speed", flags.speed];
  const env = { ...process.env, XDG_DATA_HOME: runs };
  const market = startProcess(process.execPath, args, { env });
  const { url } = await market.tells(({ kind }) => kind === "page");
  const wanted = Number(flags.fills);
  for (let fills = 0; fills < wanted; ) {
    const status = await market.tells(({ kind }) => kind === "status");
    fills = Number(status.fills);
  }
  return { url: String(url), market };
}

const chromium = findChromium();
if (chromium === undefined) throw new Error(CHROMIUM_ADVICE);
mkdirSync(flags.folder, { recursive: true });
const runs = mkdtempSync(join(tmpdir(), "bourse-screens-"));
const started = flags.url === undefined ? await startMarket(runs) : null;
const browser = await launchBrowser(chromium);
try {
  await takePictures(browser, started?.url ?? String(flags.url));
} finally {
  await browser.close();
  started?.market.signal("SIGINT");
  await started?.market.ended;
  await endStartedProcesses();
  rmSync(runs, { recursive: true, force: true });
}
