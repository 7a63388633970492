/** The screen's pages, its acts beyond pause and kill, and what it says of its own freshness. */
import { describe, expect, test } from "vitest";
import { createFakeSource } from "./fake-source.ts";
import { describePage } from "./page-world.ts";

describePage("screen", (world) => {
  const { open, at, text, seen, state } = world;
  const page = () => world.page;
  const onPage = (name: string): Promise<void> => seen(`[data-testid=page][data-page=${name}]`);

  describe("pages", () => {
    test("by link, by key, and back; each has its panels and no complaint", async () => {
      await open();
      for (const [name, panels] of [
        ["overview", ["markets", "split-chart", "inventory-chart", "pnl", "markouts", "events"]],
        ["orders", ["orders", "why", "fills", "markouts"]],
        ["risk", ["limits", "kill-history", "dead-man", "health", "events"]],
        ["vaults", ["vaults", "pools"]],
        ["market", ["ladder", "price", "spread", "why", "parameters", "fills", "orders", "pnl"]],
      ] as const) {
        await at(`nav-${name}`).click();
        await onPage(name);
        for (const panel of panels) await seen(`[data-panel=${panel}]`);
      }
      for (const [letter, name] of [
        ["o", "overview"],
        ["m", "market"],
        ["a", "orders"],
        ["r", "risk"],
        ["v", "vaults"],
      ] as const) {
        await page().keyboard.press("g");
        await page().keyboard.press(letter);
        await onPage(name);
      }
      await page().keyboard.press("1");
      await onPage("market");
      await page().keyboard.press("g");
      await page().keyboard.press("s");
      await onPage("risk");
      await page().goBack();
      await onPage("market");
    });

    test("a letter without G goes nowhere, and G forgets", async () => {
      await open();
      await page().keyboard.press("o");
      await page().keyboard.press("g");
      await page().keyboard.press("x");
      await page().keyboard.press("o");
      await onPage("market");
      expect(world.source.calls).toEqual([]);
    });

    test("the frame: drawdown, gross and budget against their limits", async () => {
      await open();
      expect(await text("budget")).toBe("9,420");
      await page().locator(".stat.drawdown", { hasText: "0.12 % / 5 %" }).waitFor();
      world.source.set({ position: 50_000 });
      await page().locator(".stat.gross", { hasText: "$41,884 / $83,768" }).waitFor();
      await seen('.stat.gross [aria-label="Gross exposure: 50 % of limit"]');
    });

    test("a limit that is passed says so by word, and the last kill is dated", async () => {
      const { risk } = world.source.view();
      const limits = risk.limits.map((row) =>
        row.key === "position" ? { ...row, now: 150_000 } : row,
      );
      world.source.set({ risk: { ...risk, limits } });
      await open("risk");
      await seen("[data-testid=limit-position][data-state=soft]");
      expect(await text("limit-position")).toContain("holding back");
      expect(await text("limit-drawdown")).toContain("12:40:02");
      expect(await text("limit-dailyLoss")).toContain("never");
      expect(await at("kill-event").count()).toBe(2);
      expect(await text("dead-man")).toBe("12 s");
      expect(await at("feed").count()).toBe(4);
    });
  });

  describe("vaults", () => {
    const page390 = { width: 390, height: 844 };

    test("vaults and pools with what runs for them; signs by word and colour", async () => {
      await open("vaults");
      await expect.poll(() => at("vault").count()).toBe(2);
      expect(await at("vault-pnl").allInnerTexts()).toEqual(["+$42.11", "−$11.99"]);
      expect(await at("vault").first().innerText()).toContain("ETH grid");
      expect(await at("vault").first().innerText()).toContain("10 %");
      const second = await at("vault").nth(1).innerText();
      for (const words of [
        "12.50 %",
        "paused: an order found no margin",
        "26.17 @ 38.211",
        "Hedge",
      ])
        expect(second).toContain(words);
      const pool = await text("pool");
      for (const words of ["BTC pool", "83016 – 84518", "$21.00", "$3.10", "20,000", "−$0.12"])
        expect(pool).toContain(words);
    });

    test("asked no faster than each 2 s, and not at all from another page", async () => {
      await page().clock.install();
      await open("vaults");
      await at("pool").waitFor();
      const before = world.source.vaultsAsked();
      await page().clock.runFor(20_000);
      const asked = world.source.vaultsAsked() - before;
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(10);
      await at("nav-market").click();
      await onPage("market");
      const left = world.source.vaultsAsked();
      await page().clock.runFor(20_000);
      expect(world.source.vaultsAsked()).toBe(left);
      // A clock that leaps makes the stream look silent, so the page opens it anew.
      world.complaints = world.complaints.filter((one) => !one.includes("WebSocket"));
    });

    test("a venue without them: what it takes", async () => {
      world.source.tellVaults({
        offered: false,
        vaults: [],
        pools: [],
        vaultsMore: 0,
        poolsMore: 0,
      });
      world.source.set({ venue: "TESTNET" });
      await open("vaults");
      await expect.poll(() => at("not-offered").count()).toBe(2);
      expect(await at("not-offered").first().innerText()).toMatch(/^TESTNET does not answer/);
    });

    test("a venue that does not answer is told as such", async () => {
      world.source.tellVaults(new Error("no connection"));
      await open("vaults");
      await page().getByText("tells nothing of its vaults: no connection").first().waitFor();
      world.complaints.length = 0;
    });

    test.each(["dark", "light"])("%s: every text stands out 4.5 to 1", async (theme) => {
      for (const size of [page390, { width: 1440, height: 900 }]) {
        await page().setViewportSize(size);
        await open("vaults");
        if ((await page().evaluate("document.documentElement.dataset.theme")) !== theme)
          await page().keyboard.press("t");
        await at("pool").waitFor();
        expect(await page().evaluate(WEAK_TEXTS)).toEqual([]);
      }
    });
  });

  describe("why", () => {
    test("sides in words, terms that add up to the half-spread, estimates with their source", async () => {
      await open();
      expect(await text("side-bid")).toContain("quoting");
      expect(await text("side-ask")).toMatch(/partly\s+smaller: inventory 83 %/);
      const terms = await at("terms").locator("td.num").allInnerTexts();
      const values = terms.map((term) => Number(term.replace("−", "-").replace(" bps", "")));
      const total = values.pop() ?? 0;
      expect(total).toBeGreaterThan(1);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - total)).toBeLessThan(0.021);
      expect(await text("model")).toContain("(prior)");
    });

    test("an order that is pointed at: its reason; Escape lets go", async () => {
      await open();
      await at("why-order").first().click();
      await at("order-reason").getByText("Placed at").waitFor();
      const shown = await text("order-reason");
      const order = world.source.view().orders.toSorted((a, b) => b.px - a.px)[0];
      expect(shown).toContain(
        ((order?.px ?? 0) / 10).toLocaleString("en-US", { minimumFractionDigits: 1 }),
      );
      expect(shown).toContain("Before rounding");
      await page().keyboard.press("Escape");
      await at("order-reason").waitFor({ state: "detached" });
    });

    test("a click on an own level of the ladder asks too", async () => {
      await open();
      const { orders, book } = world.source.view();
      const best = orders.filter(({ side }) => side === "buy").toSorted((a, b) => b.px - a.px)[0];
      expect(book.bids[0]?.px).toBe(best?.px);
      const box = await at("ladder").boundingBox();
      if (box === null) throw new Error("the ladder has a box");
      // The best bid stands right below the middle band.
      await page().mouse.click(box.x + 60, box.y + 24 + (box.height - 64) / 2 + 40 + 8);
      await at("order-reason").getByText("Placed at").waitFor();
    });
  });

  describe("one order", () => {
    test("is canceled by its own button, and only it", async () => {
      await open();
      const button = at("cancel-order").nth(3);
      const id = await button.getAttribute("data-order");
      await button.click();
      await page().getByText("Cancel order: canceled 1 of 1").waitFor();
      await expect.poll(() => at("order").count()).toBe(5);
      expect(world.source.calls).toEqual([`cancelOrder ${id}`]);
      expect(await at("order-reason").count()).toBe(0);
    });

    test("Space after it is the page's again", async () => {
      await open();
      await at("cancel-order").first().click();
      await page().getByText("Cancel order: canceled 1 of 1").waitFor();
      await page().keyboard.press("Space");
      await state("paused");
    });
  });

  describe("flatten", () => {
    test("asks with what it would cost; keeping the position does nothing", async () => {
      world.source.set({ position: 120_000 });
      await open();
      await page().keyboard.press("Shift+F");
      await at("flatten-dialog").waitFor();
      expect(await text("flatten-position")).toBe("+1.20000 BTC");
      expect(await text("flatten-slippage")).toMatch(/^0\.\d+ bps ≈ \$\d/);
      expect(await text("flatten-confirm")).toBe("▼ Sell 1.20000 BTC");
      await at("flatten-keep").click();
      await at("flatten-dialog").waitFor({ state: "detached" });
      await at("flatten").click();
      await page().keyboard.press("Escape");
      await at("flatten-dialog").waitFor({ state: "detached" });
      expect(world.source.calls).toEqual([]);
    });

    test("goes at a press of its button, and never by Space or Enter alone", async () => {
      await open();
      await at("flatten").click();
      await at("flatten-dialog").waitFor();
      for (const key of ["Shift+X", "t", "1"]) await page().keyboard.press(key);
      expect(world.source.calls).toEqual([]);
      await at("flatten-confirm").click();
      await state("paused");
      await page().getByText("Flatten: closing the position; then paused").waitFor();
      expect(world.source.calls).toEqual(["flatten"]);
    });

    test("killing goes past the dialog", async () => {
      await open();
      await page().keyboard.press("Shift+F");
      await at("flatten-dialog").waitFor();
      await page().keyboard.down("k");
      await state("killed");
      await page().keyboard.up("k");
      expect(world.source.calls).toEqual(["kill"]);
    });

    test("with real money the coin must be typed", async () => {
      await world.serve(createFakeSource({ venue: "MAINNET" }));
      await open();
      await at("flatten").click();
      expect(await at("flatten-confirm").isDisabled()).toBe(true);
      await at("flatten-coin").fill("BT");
      expect(await at("flatten-confirm").isDisabled()).toBe(true);
      await at("flatten-coin").fill("BTC");
      await at("flatten-confirm").click();
      await state("paused");
      expect(world.source.calls).toEqual(["flatten"]);
    });
  });

  describe("settings", () => {
    const apply = async (): Promise<void> => {
      await at("review-edits").click();
      await at("apply").click();
    };

    test("typed, reviewed as old and new, applied, taken back", async () => {
      await open();
      await at("set-gammaBase").fill("0.2");
      await at("set-levelNotional").fill("350");
      expect(await text("review-edits")).toBe("Review 2 edits");
      await at("review-edits").click();
      const diff = (await at("diff").allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
      expect(diff).toEqual([
        "gamma base 0.12 → 0.2 1/(bps x order)",
        "level notional 200 → 350 USDC",
      ]);
      expect(world.source.calls).toEqual([]);
      await at("apply").click();
      await page().getByText("Settings: changed").waitFor();
      await expect.poll(() => at("set-gammaBase").inputValue()).toBe("0.2");
      await at("undo").click();
      await expect.poll(() => at("set-gammaBase").inputValue()).toBe("0.12");
      await at("undo").waitFor({ state: "detached" });
      expect(world.source.calls).toEqual([
        'configure {"gammaBase":0.2,"levelNotional":350000000}',
        'configure {"gammaBase":0.12,"levelNotional":200000000}',
      ]);
    });

    test("undoing ends after 30 s", async () => {
      await page().clock.install();
      await open();
      await at("set-levels").fill("4");
      await apply();
      expect(await text("undo")).toMatch(/Undo \((29|30) s\)/);
      await page().clock.fastForward(30_000);
      await at("undo").waitFor({ state: "detached" });
      expect(world.source.calls).toEqual(['configure {"levels":4}']);
    });

    test.each([
      ["levels", "2.5", "must be whole"],
      ["levels", "99", "1 to 20"],
      ["gammaBase", "much", "not a number"],
    ])("%s = %s is stopped here: %s", async (key, typed, problem) => {
      await open();
      await at(`set-${key}`).fill(typed);
      await page().locator(".settings .wrong", { hasText: problem }).waitFor();
      expect(await at("review-edits").isDisabled()).toBe(true);
      await at("drop-edits").click();
      expect(await at("review-edits").count()).toBe(0);
    });

    test("what the maker refuses is told in its words and stays typed", async () => {
      await open();
      await at("set-levels").fill("15");
      await apply();
      await page().getByText("Settings: the deepest level lies beyond").waitFor();
      await at("review-back").click();
      expect(await at("set-levels").inputValue()).toBe("15");
      expect(await at("undo").count()).toBe(0);
      expect(world.complaints.join()).toContain("409");
      world.complaints.length = 0;
    });

    test("keys typed into a field are the field's", async () => {
      await open();
      await at("set-gammaBase").focus();
      for (const key of ["k", "Space", "t", "g", "Shift+X"]) await page().keyboard.press(key);
      expect(world.source.calls).toEqual([]);
    });
  });

  describe("money and fills", () => {
    test("causes add up to the net in the digits that are shown", async () => {
      await open();
      for (let i = 0; i < 5; i += 1) world.source.fill();
      const causes = ["spread", "adverseSelection", "inventory", "fees", "funding"];
      const micros = async (key: string): Promise<number> =>
        Math.round(
          Number((await text(`split-${key}`)).replace(/[,\s]/g, "").replace("−", "-")) * 1e6,
        );
      await expect.poll(() => text("fill-count")).toBe("5");
      const parts = await Promise.all(causes.map(micros));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(await micros("net"));
      expect(await text("waterfall")).toContain("Funding");
      expect(await at("split-residual").count()).toBe(0);
    });

    test("markouts of each fill and of all, with their intervals", async () => {
      for (let i = 0; i < 4; i += 1) world.source.fill();
      await open("orders");
      expect(await at("fill").first().innerText()).toMatch(/[+−]0\.\d\s+[+−]?0\.\d\s+…/);
      expect(await at("markout").allInnerTexts()).toEqual([
        expect.stringMatching(/^1 s\s+\+0\.60\s+± 0\.40\s+4$/),
        expect.stringMatching(/^5 s\s+\+0\.10\s+± 0\.60\s+3$/),
        expect.stringMatching(/^30 s\s+−0\.40\s+—\s+2$|^30 s\s+−0\.40\s+± 0\.80\s+2$/),
      ]);
    });

    test("a filter leaves what has its words; / goes to it, Escape leaves it", async () => {
      for (let i = 0; i < 20; i += 1) world.source.fill();
      await open("orders");
      await expect.poll(() => at("fill").count()).toBe(20);
      await page().keyboard.press("/");
      await page().keyboard.type("sell");
      const sells = world.source.view().fills.filter(({ side }) => side === "sell").length;
      await expect.poll(() => at("fill").count()).toBe(sells);
      await expect.poll(() => at("order").count()).toBe(3);
      await page().keyboard.press("Escape");
      await page().keyboard.press("Space");
      await state("paused");
    });

    test("fills are saved as the filter shows them", async () => {
      for (let i = 0; i < 6; i += 1) world.source.fill();
      await open("orders");
      await at("filter").fill("buy");
      const saving = page().waitForEvent("download");
      await at("save-fills").click();
      const stream = await (await saving).createReadStream();
      const csv = Buffer.concat(await stream.toArray()).toString();
      const buys = world.source.view().fills.filter(({ side }) => side === "buy");
      expect(csv.trim().split("\n")).toHaveLength(buys.length + 1);
      expect(csv).toMatch(/^tid,time,side,price,size,fee,realised,role\n\d+,2026-01-15T14:03:2/);
    });
  });

  describe("charts", () => {
    /** Market time that the server has kept [ms]. */
    const timeKept = async (): Promise<number> => {
      const answer = await fetch(`${world.server.url}series`);
      const { rows } = (await answer.json()) as { rows: number[][] };
      return (rows.at(-1)?.[0] ?? 0) - (rows[0]?.[0] ?? 0);
    };

    test("what was before the page came is drawn, and a table twins each chart", async () => {
      const moving = setInterval(() => world.source.step(), 2);
      await expect.poll(timeKept, { timeout: 20_000 }).toBeGreaterThan(50_000);
      clearInterval(moving);
      await open();
      await expect.poll(() => at("chart-table").textContent()).toMatch(/mid83,\d{3}\.\d/);
      await expect.poll(() => at("inventory-chart-table").textContent()).toMatch(/position.*BTC/);
      await expect.poll(() => page().evaluate(INKED_PIXELS)).toBeGreaterThan(200);
      // Reading pixels back again and again is the test's own doing.
      world.complaints = world.complaints.filter((one) => !one.includes("willReadFrequently"));
    });

    test("a stretch that is dragged out zooms all charts; Escape leads back", async () => {
      const moving = setInterval(() => world.source.step(), 5);
      await open();
      const box = await at("chart").boundingBox();
      if (box === null) throw new Error("the chart has a box");
      await page().mouse.move(box.x + 150, box.y + 80);
      await page().mouse.down();
      await page().mouse.move(box.x + 350, box.y + 80, { steps: 5 });
      await page().mouse.up();
      await at("unzoom").waitFor();
      await page().keyboard.press("Escape");
      await at("unzoom").waitFor({ state: "detached" });
      clearInterval(moving);
    });
  });

  describe("look", () => {
    const look = (): Promise<string> =>
      page().evaluate("JSON.stringify({...document.documentElement.dataset})");

    test("T changes the theme, help the colours; both are kept", async () => {
      await open();
      expect(JSON.parse(await look())).toEqual({ theme: "dark", palette: "blue-orange" });
      await page().keyboard.press("t");
      await page().keyboard.press("?");
      await at("palette-green-red").click();
      await page().keyboard.press("Escape");
      await at("help-dialog").waitFor({ state: "detached" });
      await page().reload();
      await open();
      expect(JSON.parse(await look())).toEqual({ theme: "light", palette: "green-red" });
    });

    test.each(["dark", "light"])("%s: every text stands out 4.5 to 1", async (theme) => {
      await open();
      if (theme === "light") await page().keyboard.press("t");
      expect(await page().evaluate(WEAK_TEXTS)).toEqual([]);
    });
  });

  describe("freshness", () => {
    const marks = (): Promise<string[]> => at("freshness").allInnerTexts();

    test("every panel has its mark; one input that is late marks the panels that rest on it", async () => {
      await open();
      const panels = await page().locator(".panel").count();
      await expect.poll(async () => (await marks()).length).toBe(panels);
      expect(new Set(await marks())).toEqual(new Set(["● LIVE"]));
      const { risk } = world.source.view();
      const feeds = risk.feeds.map((feed) =>
        feed.name === "own orders and fills" ? { ...feed, ageMs: 72_300 } : feed,
      );
      world.source.set({ risk: { ...risk, feeds } });
      const late = page().locator("[data-panel=fills] [data-testid=freshness]");
      await expect.poll(() => late.innerText()).toBe("◐ STALE 1 min");
      const ladder = page().locator("[data-panel=ladder] [data-testid=freshness]");
      expect(await ladder.innerText()).toBe("● LIVE");
    });

    test("a lost server: every panel is stale with its age, and live again by itself", async () => {
      await open();
      const { port } = world.server;
      await world.server.close();
      await expect
        .poll(async () => new Set((await marks()).map((mark) => mark.slice(0, 7))).size)
        .toBe(1);
      expect((await marks())[0]).toMatch(/^◐ STALE \d/);
      await world.serve(world.source, port);
      await seen("[data-testid=link][data-kind=live]");
      await expect.poll(async () => new Set(await marks())).toEqual(new Set(["● LIVE"]));
      world.complaints.length = 0;
    });
  });

  describe("on a phone", () => {
    const drag = async (part: number): Promise<void> => {
      const thumb = await at("kill-thumb").boundingBox();
      const track = await at("kill-slide").boundingBox();
      if (thumb === null || track === null) throw new Error("the slide has boxes");
      const from = { x: thumb.x + thumb.width / 2, y: thumb.y + thumb.height / 2 };
      await page().mouse.move(from.x, from.y);
      await page().mouse.down();
      await page().mouse.move(from.x + part * (track.width - thumb.width), from.y, { steps: 8 });
      await page().mouse.up();
    };

    test("killing takes a slide to the end; half of it or a tap does nothing", async () => {
      await page().setViewportSize({ width: 390, height: 844 });
      await open("overview");
      await at("net-spark").waitFor();
      await at("kill-thumb").click();
      await drag(0.5);
      expect(world.source.calls).toEqual([]);
      await drag(1);
      await state("killed");
      expect(world.source.calls).toEqual(["kill"]);
    });

    test("every page fits the width; nothing can be edited", async () => {
      await page().setViewportSize({ width: 390, height: 844 });
      for (let i = 0; i < 10; i += 1) world.source.fill();
      for (const name of ["overview", "market", "orders", "risk", "vaults"]) {
        await open(name);
        await onPage(name);
        const overflow = "document.documentElement.scrollWidth - innerWidth";
        expect(await page().evaluate(overflow), name).toBe(0);
        expect(await page().locator("[data-panel=parameters], [data-panel=ladder]").count()).toBe(
          0,
        );
      }
    });
  });
});

/** Pixels of the price chart that are not its ground. */
const INKED_PIXELS = `(() => {
  const canvas = document.querySelector("[data-testid=chart] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width * 0.8, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 200 && data[i + 1] > 200) count += 1;
  return count + (document.documentElement.dataset.theme === "light" ? 1e6 : 0);
})()`;

/** Texts whose contrast with what is behind them is below 4.5:1 (W3C's WCAG 2.2, 1.4.3). */
const WEAK_TEXTS = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [0, 0, 0];
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!own || element.closest(".unseen, :disabled, noscript") || element.offsetParent === null) continue;
    const ink = light(parse(getComputedStyle(element).color));
    const ground = light(groundOf(element));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (ratio < 4.5) weak.push(element.className + " " + element.textContent.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return [...new Set(weak)];
})()`;
