/** A report opened from disk in a browser: every section, sums that agree, nothing fetched. */
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeReport } from "../../src/cli/report.ts";
import { describeWithChromium } from "../chromium.ts";
import { launchBrowser } from "../page/launch-browser.ts";
import { recordSimulation } from "./recorded-run.ts";

/** Sections of a run with fills, in reading order. */
const SECTIONS = [
  "verdict",
  "figures",
  "why",
  "equity",
  "inventory",
  "quotes",
  "markouts",
  "fill-rate",
  "worst",
  "events",
  "config",
];

/** Size of the smallest text that has to be read [px]. */
const SMALLEST_TEXT = `Math.min(...[...document.querySelectorAll("p,td,th,dt,dd,li,figcaption")]
  .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)))`;

describeWithChromium("report", (executablePath) => {
  let browser: Browser;
  let page: Page;
  let url: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    const { recorder } = recordSimulation({ seed: 5, seconds: 240 });
    url = pathToFileURL(writeReport(recorder.path)).href;
    browser = await launchBrowser(executablePath);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(url);
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Cents of the waterfall's rows, and of the net below. */
  async function cents(): Promise<{ parts: number[]; net: number; shown: string[] }> {
    const rows = page.locator(".waterfall tr[data-cents]");
    const values = await rows.evaluateAll((all) =>
      all.map((row) => Number(row.getAttribute("data-cents"))),
    );
    const shown = await rows.locator(".money").allInnerTexts();
    return { parts: values.slice(0, -1), net: values.at(-1) ?? 0, shown };
  }

  test("shows every section, and each chart has lines", async () => {
    const ids = await page.locator("section").evaluateAll((all) => all.map(({ id }) => id));
    expect(ids).toEqual(SECTIONS);
    const empty = await page
      .locator("figure.chart")
      .evaluateAll((charts) =>
        charts
          .filter((chart) => chart.querySelector("path[data-name],.dot") === null)
          .map(({ id }) => id),
      );
    expect(empty).toEqual([]);
    expect(await page.locator("figure.chart").count()).toBeGreaterThanOrEqual(8);
  });

  test("adds up in the digits that are shown: causes to the net, and the verdict names it", async () => {
    const { parts, net, shown } = await cents();
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(net);
    const value = (text: string): number =>
      Math.round(Number(text.replace("−", "-").replace(/[$,+]/g, "")) * 100) || 0;
    const numbers = shown.map(value);
    expect(numbers.slice(0, -1).reduce((sum, part) => sum + part, 0)).toBe(numbers.at(-1));
    const headline = await page.locator("h1").innerText();
    expect(headline).toContain(`$${(Math.abs(net) / 100).toFixed(2)}`);
    expect(await page.locator('[data-cause="funding"] .money').innerText()).toBe("$0.00");
  });

  test("draws the waterfall so that each bar begins where the one above ends", async () => {
    const bars = await page.locator(".waterfall .bar").evaluateAll((all) =>
      all.map((bar) => {
        const { left, right } = bar.getBoundingClientRect();
        return { left, right, isLoss: bar.classList.contains("loss") };
      }),
    );
    const steps = bars.slice(0, -1);
    const ends = steps.map(({ left, right, isLoss }) => (isLoss ? left : right));
    const starts = steps.map(({ left, right, isLoss }) => (isLoss ? right : left));
    starts.slice(1).forEach((start, i) => {
      expect(Math.abs(start - (ends[i] as number))).toBeLessThan(2);
    });
  });

  describe.each([1440, 390])("at %d px", (width) => {
    test.each(["dark", "light"] as const)("fits and can be read, %s", async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const wider = await page.evaluate<number>(
        "document.documentElement.scrollWidth - innerWidth",
      );
      expect(wider).toBeLessThanOrEqual(0);
      const smallest = await page.evaluate<number>(SMALLEST_TEXT);
      expect(smallest).toBeGreaterThanOrEqual(12);
    });
  });

  test("reads values under the pointer", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const plot = page.locator("#chart-equity .plot");
    await plot.scrollIntoViewIfNeeded();
    await plot.hover();
    expect(await page.locator(".reading").innerText()).toMatch(/UTC\s+net [−+]?\$[\d.,]+/);
    await page.mouse.move(0, 0);
    expect(await page.locator(".reading").count()).toBe(0);
  });

  test("fetched nothing but itself and has nothing to complain of", () => {
    expect(requests.filter((request) => !request.startsWith("data:"))).toEqual([url]);
    expect(complaints).toEqual([]);
  });
});
