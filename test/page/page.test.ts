/** The page in a browser, over a source that the test moves. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OperatorServer, serveOperator } from "../../src/operator/operator-server.ts";
import { describeWithChromium } from "../chromium.ts";
import { buildPage } from "./build-page.ts";
import { createFakeSource, type FakeSource } from "./fake-source.ts";
import { launchBrowser } from "./launch-browser.ts";

const folder = mkdtempSync(join(tmpdir(), "bourse-page-"));

describeWithChromium("page", (executablePath) => {
  let browser: Browser;
  let page: Page;
  let source: FakeSource;
  let server: OperatorServer;
  /** What the browser complained of; a test that provokes complaints empties it. */
  let complaints: string[];

  const serve = (port = 0): Promise<OperatorServer> =>
    serveOperator({ source, port, pageFolder: folder, ladderMs: 20, kpiMs: 50 });
  const at = (testId: string): Locator => page.getByTestId(testId);
  const text = async (testId: string): Promise<string> => (await at(testId).innerText()).trim();
  const seen = (selector: string): Promise<void> => page.locator(selector).first().waitFor();
  const state = (name: string): Promise<void> => seen(`[data-testid=state][data-state=${name}]`);
  const link = (kind: string): Promise<void> => seen(`[data-testid=link][data-kind=${kind}]`);

  async function open(): Promise<void> {
    await page.goto(server.url);
    await link("live");
  }

  beforeAll(async () => {
    buildPage(folder);
    browser = await launchBrowser(executablePath);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    source = createFakeSource();
    server = await serve();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await server.close();
    expect(complaints).toEqual([]);
  });

  describe("what it shows", () => {
    test("venue, freshness, state, and nothing to complain of", async () => {
      await open();
      expect(await text("venue")).toBe("SIM");
      expect(await text("link")).toMatch(/● LIVE\s+12 ms/);
      expect(await text("state")).toBe("▶ QUOTING");
      expect(await text("reasons")).toContain("ask widened x1.4: inventory");
      await expect.poll(() => page.title()).toBe("▶ −$0.03 BTC · bourse");
    });

    test("how fast market time runs, where it is not as fast as real time", async () => {
      await open();
      expect(await page.getByTestId("speed").count()).toBe(0);
      source.set({ speed: 18.43 });
      await expect.poll(() => text("speed")).toBe("×18");
    });

    test("own orders: in the list, in the ladder's table and on its canvas", async () => {
      await open();
      const { orders } = source.view();
      expect(await at("order").count()).toBe(orders.length);
      await at("ladder-table").waitFor({ state: "attached" });
      const own = await page
        .locator("[data-testid=ladder-table] tr[data-own]")
        .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-own"))));
      const total = orders.reduce((sum, order) => sum + order.sz, 0);
      expect(own.reduce((sum, lots) => sum + lots, 0)).toBe(total);
      await expect.poll(() => page.evaluate(COUNT_OWN_BID_PIXELS)).toBeGreaterThan(500);
    });

    test("a fill as soon as it happens, newest first", async () => {
      await open();
      for (const tid of [1, 2, 3]) {
        source.fill();
        await seen(`[data-testid=fill][data-tid="${tid}"]`);
      }
      const tids = await at("fill").evaluateAll((rows) =>
        rows.map((row) => row.getAttribute("data-tid")),
      );
      expect(tids).toEqual(["3", "2", "1"]);
      expect(await text("fill-count")).toBe("3");
    });

    test("realised + unrealised + fees + funding = net, in the digits that are shown", async () => {
      await open();
      for (let round = 1; round <= 12; round += 1) {
        source.step();
        source.fill();
        const { pnl } = source.view();
        await expect.poll(async () => microsOf(await text("pnl-net"))).toBe(pnl.net);
        const shown = await shownPnl();
        expect(shown.realised + shown.unrealised + shown.fees + shown.funding).toBe(shown.net);
        expect(shown).toEqual({ ...pnl, fees: -pnl.fees });
      }
      expect(await at("pnl-residual").count()).toBe(0);
    });

    test("a sum that does not add up says so", async () => {
      await open();
      source.set({ pnl: { realised: 5, unrealised: 3, fees: 1, funding: 4, net: 14 } });
      await at("pnl-residual").waitFor();
      expect(microsOf(await text("pnl-residual"))).toBe(3);
    });

    test("a state is spoken, a kill is announced", async () => {
      await open();
      expect(await at("spoken").getAttribute("aria-live")).toBe("polite");
      source.set({ state: { name: "killed", reasons: ["loss limit"] } });
      await state("killed");
      expect(await at("alert").getAttribute("role")).toBe("alert");
      expect(await text("alert")).toContain("KILLED — loss limit");
      expect(await at("spoken").textContent()).toContain("KILLED");
    });

    test("less motion when that is asked for", async () => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await open();
      source.fill();
      await seen("[data-testid=fill]");
      expect(await page.evaluate("document.getAnimations().length")).toBe(0);
    });
  });

  const shownPnl = async () => ({
    realised: microsOf(await text("pnl-realised")),
    unrealised: microsOf(await text("pnl-unrealised")),
    fees: microsOf(await text("pnl-fees")),
    funding: microsOf(await text("pnl-funding")),
    net: microsOf(await text("pnl-net")),
  });

  describe("controls", () => {
    test("pause takes the orders down, resume quotes again, the outcome is told", async () => {
      await open();
      await at("pause").click();
      await state("paused");
      await page.getByText("Pause: canceled 6 of 6 orders").waitFor();
      await expect.poll(() => at("order").count()).toBe(0);
      await at("pause").click();
      await state("quoting");
      await seen("[data-testid=order]");
      expect(source.calls).toEqual(["pause", "resume"]);
    });

    test("Space pauses and resumes, also right after a click", async () => {
      await open();
      await page.keyboard.press("Space");
      await state("paused");
      await page.keyboard.press("Space");
      await state("quoting");
      await at("pause").click();
      await state("paused");
      await page.keyboard.press("Space");
      await state("quoting");
      expect(source.calls).toEqual(["pause", "resume", "pause", "resume"]);
    });

    test("Space on a focused button presses that button, once", async () => {
      await open();
      await at("pause").focus();
      await page.keyboard.press("Space");
      await state("paused");
      await at("cancel-all").focus();
      await page.keyboard.press("Space");
      await page.getByText("Cancel all: no orders were open").waitFor();
      expect(source.calls).toEqual(["pause", "cancelAll"]);
    });

    test("a key that repeats acts once", async () => {
      await open();
      for (let i = 0; i < 4; i += 1) await page.keyboard.down("Space");
      await page.keyboard.up("Space");
      await state("paused");
      await page.keyboard.down("Shift");
      for (let i = 0; i < 4; i += 1) await page.keyboard.down("X");
      await page.keyboard.up("X");
      await page.keyboard.up("Shift");
      await page.getByText("Cancel all: no orders were open").waitFor();
      expect(source.calls).toEqual(["pause", "cancelAll"]);
    });

    test("keys with a modifier are the browser's", async () => {
      await open();
      for (const keys of ["Control+k", "Control+Shift+X", "Shift+Space", "x"]) {
        await page.keyboard.press(keys);
      }
      await page.keyboard.press("Shift+X");
      await page.getByText("Cancel all: canceled").waitFor();
      expect(source.calls).toEqual(["cancelAll"]);
    });

    test("K held kills, once", async () => {
      await open();
      await page.keyboard.down("k");
      await state("killed");
      await page.keyboard.up("k");
      expect(source.calls).toEqual(["kill"]);
    });

    test("a short K asks for Enter; Escape forgets it", async () => {
      await open();
      await page.keyboard.press("k");
      await seen("[data-testid=kill][data-hold=armed]");
      await page.keyboard.press("Escape");
      await seen("[data-testid=kill][data-hold=idle]");
      await page.keyboard.press("Enter");
      await page.keyboard.press("k");
      await seen("[data-testid=kill][data-hold=armed]");
      expect(source.calls).toEqual([]);
      await page.keyboard.press("Enter");
      await state("killed");
      expect(source.calls).toEqual(["kill"]);
    });

    test("the button held kills; a click alone does not", async () => {
      await open();
      await at("kill").click();
      await seen("[data-testid=kill][data-hold=armed]");
      await page.keyboard.press("Escape");
      expect(source.calls).toEqual([]);
      await at("kill").hover();
      await page.mouse.down();
      await state("killed");
      await page.mouse.up();
      expect(source.calls).toEqual(["kill"]);
    });

    test("the button held by keyboard kills too", async () => {
      await open();
      await at("kill").focus();
      await page.keyboard.down("Enter");
      await state("killed");
      await page.keyboard.up("Enter");
      expect(source.calls).toEqual(["kill"]);
    });

    test("killed: no pausing or resuming, and re-arming takes two steps", async () => {
      source.set({ state: { name: "killed", reasons: ["loss limit"] } });
      await open();
      await state("killed");
      expect(await at("pause").isDisabled()).toBe(true);
      await page.keyboard.press("Space");
      await at("rearm").click();
      await at("rearm-keep").click();
      await at("rearm").click();
      expect(source.calls).toEqual([]);
      await at("rearm-confirm").click();
      await state("paused");
      expect(source.calls).toEqual(["rearm"]);
    });

    test("a refusal is told and stays", async () => {
      const pause = () => ({ ok: false, message: "2 of 6 unknown: check the venue" });
      await server.close();
      source = { ...source, controls: { ...source.controls, pause } };
      server = await serve();
      await open();
      await at("pause").click();
      await page.getByText("Pause: 2 of 6 unknown: check the venue").waitFor();
      expect(await at("outcome").getAttribute("class")).toContain("failed");
      expect(complaints.join()).toContain("409");
      complaints.length = 0;
    });
  });

  describe("the stream", () => {
    test("dropped: stale at once, nothing in live colours, and live again by itself", async () => {
      await open();
      source.fill();
      await seen("[data-testid=fill]");
      const colour = `getComputedStyle(document.querySelector("[data-testid=fill] td:nth-child(2)")).color`;
      const live = await page.evaluate(colour);
      const { port } = server;
      await server.close();
      await link("stale");
      expect(await text("link")).toMatch(/◐ STALE/);
      expect(await text("state")).toContain("?");
      expect(await page.evaluate(colour)).not.toBe(live);
      source.fill();
      server = await serve(port);
      await link("live");
      await seen('[data-testid=fill][data-tid="2"]');
      expect(await page.evaluate(colour)).toMatch(/^rgb/);
      expect(complaints.every((one) => one.includes("WebSocket connection"))).toBe(true);
      complaints.length = 0;
    });

    test("silent: stale, safe controls work, resuming does not", async () => {
      let silent = false;
      await page.routeWebSocket(/\/stream$/, (client) => {
        const upstream = client.connectToServer();
        upstream.onMessage((message) => {
          if (!silent) client.send(message);
        });
      });
      source.set({ state: { name: "paused", reasons: [] } });
      await open();
      expect(await at("pause").isEnabled()).toBe(true);
      silent = true;
      await link("stale");
      expect(await at("pause").isDisabled()).toBe(true);
      await page.keyboard.press("Space");
      await page.getByText("Pause: no orders were open").waitFor();
      expect(source.calls).toEqual(["pause"]);
      silent = false;
      await link("live");
    });

    test("a missing message: a gap, one plea for a snapshot, and live again", async () => {
      let drop = 0;
      let held: (() => void) | undefined;
      const pleas: string[] = [];
      await page.routeWebSocket(/\/stream$/, (client) => {
        const upstream = client.connectToServer();
        client.onMessage((message) => {
          pleas.push(String(message));
          held = () => upstream.send(message);
        });
        upstream.onMessage((message) => {
          if (drop > 0) drop -= 1;
          else client.send(message);
        });
      });
      await open();
      expect(pleas).toEqual([]);
      drop = 1;
      await link("gap");
      expect(pleas).toEqual(["snapshot"]);
      source.fill();
      held?.();
      await link("live");
      await seen("[data-testid=fill]");
    });

    test("a maker without market data is stale on the page too", async () => {
      await open();
      const { timeMs } = source.view();
      source.set({
        state: { name: "stale", reasons: ["no market data"] },
        marketTimeMs: timeMs - 4_000,
      });
      await link("stale");
      await expect.poll(() => text("link")).toMatch(/ [4-9]\.\d s/);
    });
  });

  describe("elsewhere", () => {
    test("a phone shows result, fills, pause and kill, and scrolls one way only", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      for (let i = 0; i < 30; i += 1) source.fill();
      await open();
      for (const shown of ["net-pnl", "inventory", "pause", "kill-slide", "state", "link"]) {
        expect(await at(shown).isVisible(), shown).toBe(true);
      }
      for (const hidden of ["ladder", "cancel-all", "orders", "flatten"]) {
        expect(await at(hidden).isVisible(), hidden).toBe(false);
      }
      const overflow = "document.documentElement.scrollWidth - innerWidth";
      expect(await page.evaluate(overflow)).toBe(0);
      await at("pause").click();
      await state("paused");
    });

    test("a page of another origin neither steers nor listens", async () => {
      const other = createServer((_, response) => response.end("<!doctype html>")).listen(0);
      await once(other, "listening");
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      expect(await page.evaluate(attack(server.url))).toEqual({ answers: 0, stream: "closed" });
      expect(source.calls).toEqual([]);
      expect(server.stats().clients).toBe(0);
      complaints.length = 0;
      other.close();
    });
  });
});

/** Shown money back into an integer [10^-6 USDC]. */
function microsOf(shown: string): number {
  const plain = shown.replaceAll(",", "").replace("−", "-").replace(/\s/g, "");
  expect(plain).toMatch(/^[+-]?\d+\.\d{6}$/);
  return Number(plain.replace(".", "").replace("+", ""));
}

/** Pixels at the ladder's left edge in the full colour of own bids. */
const COUNT_OWN_BID_PIXELS = `(() => {
  const canvas = document.querySelector("[data-testid=ladder]");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width * 0.15, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] === 0x2f && data[i + 1] === 0x9b && data[i + 2] === 0xff) count += 1;
  }
  return count;
})()`;

/** All that a hostile page may try: requests with and without CORS, and the stream. */
const attack = (url: string): string => `(async () => {
  const shots = [
    { method: "POST", mode: "no-cors", body: "{}" },
    { method: "POST", mode: "cors", body: "{}", headers: { "content-type": "application/json" } },
    { method: "POST", mode: "cors", body: "{}" },
    { method: "GET", mode: "cors" },
  ];
  let answers = 0;
  for (const shot of shots) {
    try {
      const answer = await fetch("${url}control/kill", shot);
      if (answer.ok || answer.type !== "opaque") answers += 1;
    } catch {}
  }
  const stream = await new Promise((resolve) => {
    const socket = new WebSocket("${url.replace("http", "ws")}stream");
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("closed");
  });
  return { answers, stream };
})()`;
