/**
 * `npm run page:busy`: how much of the browser's main thread each page takes while its market moves
 * ten times a second and its charts hold half an hour, by Chromium's own count of the time spent in
 * tasks. Fails past the bound. Time in which another process had the processor counts too, so the load
 * of the machine is printed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, CDPSession } from "playwright-core";
import { serveOperator } from "../src/operator/operator-server.ts";
import { createSeriesRecorder, FINE_MS, SERIES_COLUMNS } from "../src/operator/series-recorder.ts";
import { CHROMIUM_ADVICE, findChromium } from "../test/chromium.ts";
import { buildPage } from "../test/page/build-page.ts";
import { createFakeSource, type FakeSource } from "../test/page/fake-source.ts";
import { launchBrowser } from "../test/page/launch-browser.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "15" },
    bound: { type: "string", default: "50" },
  },
});

const PAGES = ["market", "overview", "orders", "risk", "vaults"];
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const STEP_MS = 100;

/** Rows of the longest stretch that is drawn row by row. */
const ROWS = 3_600;

/** A past for the charts, as long as they can show: what a page that is open all day has to draw. */
function pastOf(source: FakeSource): string {
  const view = source.view();
  const last = createSeriesRecorder().note(view);
  const wave = (value: number | null, row: number, column: number): number | null =>
    value === null ? null : value * (1 + 0.0005 * Math.sin(row / 30 + column));
  const rows = Array.from({ length: ROWS }, (_, row) =>
    last.map((value, column) =>
      column === 0 ? view.timeMs - (ROWS - row) * FINE_MS : wave(value, row, column),
    ),
  );
  return JSON.stringify({ columns: SERIES_COLUMNS, rows });
}

interface Busy {
  /** Parts of the time [ratio]. */
  readonly tasks: number;
  readonly script: number;
  readonly layout: number;
  /** Updates of the book that arrived [Hz]. */
  readonly updates: number;
}

async function metricsOf(session: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await session.send("Performance.getMetrics");
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

async function measure(
  browser: Browser,
  url: string,
  { page: name, size }: { page: string; size: keyof typeof SIZES },
): Promise<Busy> {
  const page = await browser.newPage({ viewport: SIZES[size] });
  let books = 0;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (String(payload).startsWith('{"type":"ladder"')) books += 1;
    }),
  );
  await page.route("**/series?step=fine", (route) =>
    route.fulfill({ contentType: "application/json", body: past }),
  );
  await page.goto(`${url}#/${name}`);
  await page.locator("[data-testid=link][data-kind=live]").waitFor();
  const longest = page.getByRole("button", { name: "30 min" });
  if ((await longest.count()) > 0) await longest.click();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  // What opening the page costs is over by then.
  await page.waitForTimeout(2_000);
  const booksBefore = books;
  const before = await metricsOf(session);
  await page.waitForTimeout(Number(flags.seconds) * 1_000);
  const after = await metricsOf(session);
  const grown = (metric: string): number => (after.get(metric) ?? 0) - (before.get(metric) ?? 0);
  const elapsed = grown("Timestamp");
  await page.close();
  return {
    tasks: grown("TaskDuration") / elapsed,
    script: grown("ScriptDuration") / elapsed,
    layout: (grown("LayoutDuration") + grown("RecalcStyleDuration")) / elapsed,
    updates: (books - booksBefore) / elapsed,
  };
}

const chromium = findChromium();
if (chromium === undefined) throw new Error(CHROMIUM_ADVICE);
const folder = mkdtempSync(join(tmpdir(), "bourse-busy-"));
buildPage(folder);
const source = createFakeSource();
const past = pastOf(source);
const server = await serveOperator({ source, port: 0, pageFolder: folder });
const market = setInterval(() => source.step(), STEP_MS);
const browser = await launchBrowser(chromium);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(7);
console.log("page           main thread  script   layout   updates");
for (const size of ["wide", "phone"] as const) {
  for (const page of PAGES) {
    const { tasks, script, layout, updates } = await measure(browser, server.url, { page, size });
    const name = `${page} ${size}`.padEnd(15);
    console.log(
      `${name} ${percent(tasks)}     ${percent(script)}  ${percent(layout)}  ${updates.toFixed(1)} Hz`,
    );
    if (tasks * 100 >= Number(flags.bound)) process.exitCode = 1;
  }
}
console.log(`bound ${flags.bound} %, load of the machine ${loadavg()[0]?.toFixed(1)}`);
clearInterval(market);
await browser.close();
await server.close();
rmSync(folder, { recursive: true, force: true });
