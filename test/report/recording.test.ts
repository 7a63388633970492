/** What a recorded run leaves on disk, and what of it can be read again. */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findRun, listRuns, readRun, runsFolder } from "../../src/cli/run-folder.ts";
import { recordRun } from "../../src/cli/run-recorder.ts";
import { MAKER_CONFIG_DEFAULTS } from "../../src/maker/config.ts";
import { createMaker } from "../../src/maker/maker-state.ts";
import { makerStatus } from "../../src/maker/maker-status.ts";
import { type MakerNotes, makerNotes, type NotesPlace } from "../../src/maker/view/pnl-split.ts";
import { reportPage } from "../../src/sim/report/report-page.ts";
import { reportLines } from "../../src/sim/report/report-text.ts";
import { type RecordedRun, recordSimulation, START } from "./recorded-run.ts";

describe("a recorded run", () => {
  let run: RecordedRun;
  beforeAll(() => {
    run = recordSimulation({ seed: 3, seconds: 180 });
  });

  test("holds its fills, its series and a summary whose causes sum to the ledger", () => {
    const record = readRun(run.recorder.path);
    const { summary, fills, series, events } = record;
    if (summary?.split == null) throw new Error("the run has a summary");
    expect(summary.state).toBe("ended");
    expect(Object.values(summary.split).reduce((sum, part) => sum + part, 0)).toBe(summary.total);
    expect(summary.split.residual).toBe(0);
    expect(summary.total).toBe(run.status.pnl?.total);
    expect(fills.length).toBe(summary.fills);
    expect(fills.length).toBeGreaterThan(50);
    expect(fills.reduce((sum, { fee }) => sum + fee, 0)).toBe(-summary.split.fees);
    expect(fills.reduce((sum, { px, sz }) => sum + px * sz, 0)).toBe(summary.volume);
    expect(fills.at(-1)?.position).toBe(summary.position.now);
    expect(series.length).toBe(181);
    expect(series.at(-1)?.spread).toBe(summary.split.spread);
    expect(events.map(({ text }) => text)).toContain("quoting");
    expect(record.markouts.filter(({ horizonMs }) => horizonMs === 30_000).length).toBe(
      summary.markouts.find(({ horizonMs }) => horizonMs === 30_000)?.n,
    );
  });

  test("is found by last, by a part of its name and by its folder, and by nothing else", () => {
    const { id, path } = run.recorder;
    expect(path).toBe(join(runsFolder(), id));
    expect(listRuns()).toContain(id);
    for (const word of [id, path]) expect(findRun(word)).toBe(path);
    expect(() => findRun("no such run")).toThrow(/bourse runs/);
    expect(() => findRun("/nowhere")).toThrow(/run\.json is missing/);
  });

  test("is readable as a kill leaves it, a half-written line included", () => {
    const killed = recordSimulation({ seed: 4, seconds: 20, isEnded: false }).recorder.path;
    const whole = readRun(killed);
    for (const name of ["fills.csv", "series.csv", "markouts.csv", "events.ndjson"]) {
      appendFileSync(join(killed, name), '1763640,"cut');
    }
    const record = readRun(killed);
    expect(record).toEqual(whole);
    expect(record.summary?.state).toBe("running");
    expect(reportLines(record).join("\n")).toMatch(/has no end on record/);
    expect(reportPage(record)).toContain("has no end on record");
    expect(readdirSync(killed).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  test("says what cannot be read as text, not as HTML", () => {
    const html = reportPage(readRun(run.recorder.path));
    expect(html).not.toContain("<b>&quot;not html");
    expect(html).not.toContain('<b>"not html"');
    expect(html).toContain("&lt;b&gt;&quot;not html&quot;&lt;/b&gt;");
    expect(readFileSync(join(run.recorder.path, "run.json"), "utf8")).not.toMatch(/"key"/);
  });
});

test("a series of hours is thinned to its bound, ends included, and the rest is complete", () => {
  const maker = createMaker({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 });
  const recorder = recordRun({ ...START, startedMs: 0 }, { word: "long", warn: expect.fail });
  const notes = (place: NotesPlace): MakerNotes => makerNotes(maker.split, place);
  const samples = 16_000;
  for (let second = 0; second < samples; second++) {
    recorder.note({ ...makerStatus(maker), timeMs: second * 1_000 }, notes);
  }
  recorder.end({ ...makerStatus(maker), timeMs: samples * 1_000 }, notes, "the test was over");
  const { series, summary } = readRun(recorder.path);
  expect(series.length).toBeLessThanOrEqual(7_201);
  expect(series.length).toBeGreaterThan(3_600);
  expect(series[0]?.timeMs).toBe(0);
  expect(series.at(-1)?.timeMs).toBe(samples * 1_000);
  expect(summary).toMatchObject({ state: "ended", total: null, split: null });
  expect(reportLines(readRun(recorder.path))[0]).toBe("Nothing was quoted");
});

describe("where runs are kept", () => {
  test.each([
    ["$BOURSE_HOME/runs before all", { BOURSE_HOME: "/b", XDG_DATA_HOME: "/x" }, "/b/runs"],
    ["$XDG_DATA_HOME/bourse/runs next", { XDG_DATA_HOME: "/x" }, "/x/bourse/runs"],
    [
      "the home folder when that is not absolute",
      { XDG_DATA_HOME: "x" },
      /\/\.local\/share\/bourse\/runs$/,
    ],
    ["the home folder else", {}, /\/\.local\/share\/bourse\/runs$/],
  ])("%s", (_, env, expected) => {
    const folder = runsFolder(env);
    if (typeof expected === "string") expect(folder).toBe(expected);
    else expect(folder).toMatch(expected);
  });
});
