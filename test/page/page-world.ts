/** A browser with the page over a source that the test moves: what page suites share. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type OperatorServer, serveOperator } from "../../src/operator/operator-server.ts";
import { describeWithChromium } from "../chromium.ts";
import { buildPage } from "./build-page.ts";
import { createFakeSource, type FakeSource } from "./fake-source.ts";
import { launchBrowser } from "./launch-browser.ts";

/** What a test of the page works with; page and server are new for each test. */
export interface PageWorld {
  page: Page;
  source: FakeSource;
  server: OperatorServer;
  /** What the browser complained of; a test that provokes complaints empties it. */
  complaints: string[];
  /** Opens a page of the screen and waits until it is live. */
  open(address?: string): Promise<void>;
  /** Puts a source behind a fresh server. */
  serve(source: FakeSource, port?: number): Promise<void>;
  at(testId: string): Locator;
  text(testId: string): Promise<string>;
  seen(selector: string): Promise<void>;
  state(name: string): Promise<void>;
}

/** A suite in a browser; every test must leave no complaint behind. */
export function describePage(name: string, suite: (world: PageWorld) => void): void {
  describeWithChromium(name, (executablePath) => {
    const folder = mkdtempSync(join(tmpdir(), "bourse-page-"));
    let browser: Browser;
    const rates = { ladderMs: 20, kpiMs: 50, seriesMs: 50 };
    const world = {
      async open(address = "market") {
        await world.page.goto(`${world.server.url}#/${address}`);
        await world.seen("[data-testid=link][data-kind=live]");
      },
      async serve(source, port = 0) {
        await world.server?.close();
        world.source = source;
        world.server = await serveOperator({ source, port, pageFolder: folder, ...rates });
      },
      at: (testId) => world.page.getByTestId(testId),
      text: async (testId) => (await world.at(testId).innerText()).trim(),
      seen: (selector) => world.page.locator(selector).first().waitFor(),
      state: (state) => world.seen(`[data-testid=state][data-state=${state}]`),
    } as PageWorld;
    beforeAll(async () => {
      buildPage(folder);
      browser = await launchBrowser(executablePath);
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      await world.serve(createFakeSource());
      world.page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      world.complaints = [];
      world.page.on("pageerror", (error) => world.complaints.push(String(error)));
      world.page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) world.complaints.push(message.text());
      });
    });
    afterEach(async () => {
      await world.page.close();
      await world.server.close();
      expect(world.complaints).toEqual([]);
    });
    suite(world);
  });
}
