import { describe, expect, test } from "vitest";
import type { PnlSplit } from "../../analysis/pnl-attribution.ts";
import { reportFigures } from "./report-figures.ts";
import { causes, caveats, verdict } from "./report-words.ts";
import { RUN_SCHEMA_VERSION, type RunRecord, type RunSummary } from "./run-record.ts";

const NONE: PnlSplit = {
  spread: 0,
  adverseSelection: 0,
  inventory: 0,
  fees: 0,
  funding: 0,
  residual: 0,
};

function recordOf(split: PnlSplit | null, rest: Partial<RunSummary> = {}): RunRecord {
  const total = split === null ? null : Object.values(split).reduce((sum, part) => sum + part, 0);
  const summary: RunSummary = {
    schemaVersion: RUN_SCHEMA_VERSION,
    state: "ended",
    end: "the test was over",
    updatedMs: 0,
    ranMs: 600_000,
    fromMs: 0,
    toMs: 600_000,
    spec: null,
    quotingRatio: 1,
    fills: 10,
    buys: 4,
    volume: 2_000_000_000,
    total,
    split,
    fundingState: "not yet",
    startEquity: 0,
    venueResidual: 0,
    drawdown: { deepest: 0, ratio: 0, longestMs: 0 },
    position: { now: 0, longest: 0, shortest: 0, limit: 10 },
    markouts: [],
    fillRate: [],
    requests: { placed: 0, canceled: 0, refused: 0, unknown: 0 },
    kills: [],
    leftOut: { fills: 0, markouts: 0, events: 0 },
    ...rest,
  };
  return {
    manifest: {
      schemaVersion: RUN_SCHEMA_VERSION,
      id: "a",
      command: "up",
      again: "bourse up",
      startedMs: 0,
      asset: "BTC",
      venue: "SIM",
      url: "",
      market: "simulated traders of seed 1",
      seed: 1,
      config: {},
      versions: {},
      git: null,
      machine: "",
    },
    summary,
    fills: [],
    markouts: [],
    series: [],
    events: [],
  };
}

const words = (record: RunRecord) => verdict(record, reportFigures(record));

describe("the verdict", () => {
  test("names what took from the spread, largest first, and what came on top", () => {
    const record = recordOf({
      ...NONE,
      spread: 1_000_000,
      adverseSelection: -200_000,
      inventory: 50_000,
      fees: -300_000,
    });
    const { headline, kind, sentences } = words(record);
    expect(headline).toBe("Earned $0.55 in 10 min of making a market in BTC");
    expect(kind).toBe("gain");
    expect(sentences[0]).toBe(
      "10 fills captured $1.00 of spread, 5.00 bps of what was traded. Against that: fees $0.30 and " +
        "moves of the price in the 5 s after a fill $0.20. On top of it: moves of the price on what it " +
        "held for longer than 5 s $0.05.",
    );
  });

  test("says it when a run lost, and when spread was given away", () => {
    const { headline, kind, sentences } = words(recordOf({ ...NONE, spread: -400_000 }));
    expect(headline).toMatch(/^Lost \$0\.40 /);
    expect(kind).toBe("loss");
    expect(sentences[0]).toMatch(/gave away \$0\.40 of spread, 2\.00 bps/);
  });

  test.each([
    ["a run without fills", recordOf(NONE, { fills: 0, volume: 0 }), /No order was filled/],
    ["a run that never read its account", recordOf(null), /never read its account/],
    ["a short run", recordOf({ ...NONE, spread: 5 }), /too few to tell/],
  ])("of %s says so", (_, record, expected) => {
    expect(words(record).sentences.join(" ")).toMatch(expected);
  });
});

describe("what to keep in mind", () => {
  test.each([
    ["a run that was killed", { state: "running" as const }, /has no end on record/],
    ["a tripped kill switch", { kills: ["drawdown"] }, /kill switch tripped: drawdown/],
    [
      "equity beyond the ledger",
      { venueResidual: -7_000_000 },
      /moved −\$7\.00 beyond this ledger/,
    ],
    [
      "files at their bounds",
      { leftOut: { fills: 3, markouts: 0, events: 0 } },
      /leave out 3 fills/,
    ],
    ["funding that is not settled", {}, /did not settle funding then/],
    ["the market's nature", {}, /simulated traders of seed 1, with play money/],
  ])("says %s", (_, rest, expected) => {
    const record = recordOf(NONE, rest);
    expect(caveats(record, reportFigures(record)).join("\n")).toMatch(expected);
  });
});

test("a recording is told apart from traders of a model", () => {
  const record = recordOf(NONE);
  const manifest = { ...record.manifest, seed: null, market: "the recorded trades of a file" };
  const notes = caveats({ ...record, manifest }, reportFigures(record)).join("\n");
  expect(notes).toMatch(/does not react to the maker's orders/);
  expect(notes).not.toMatch(/is a model/);
});

test("cents of the causes sum to the net's cents although each was cut to the cent", () => {
  const record = recordOf({ ...NONE, spread: 14_999, adverseSelection: 14_999, inventory: 14_999 });
  const steps = causes(record, reportFigures(record));
  expect(steps.map(({ cents }) => cents)).toEqual([2, 1, 1, 0, 0, 0]);
  expect(words(record).headline).toMatch(/Earned \$0\.04 /);
});
