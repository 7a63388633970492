import { describe, expect, test } from "vitest";
import type { WhyView } from "../operator/operator-source.ts";
import { whyLines } from "./why.ts";

const TERMS = [
  { name: "liquidity", ticks: 200 },
  { name: "inventory risk", ticks: 40 },
  { name: "fee", ticks: 96 },
  { name: "floor", ticks: 0 },
];
const FIGURES = {
  reservationPx: 639_936,
  sigma: 64,
  intensityA: 0.8,
  intensityK: 0.25 / 64,
  gamma: 0.15,
  halfSpread: 336,
  terms: TERMS,
  skew: 64,
};
const ORDER = { side: "buy", sz: 312, status: "open", timeMs: 0 } as const;
const why: WhyView = {
  coin: "BTC",
  szDecimals: 5,
  timeMs: 0,
  state: { name: "quoting", reasons: [] },
  sides: {
    bid: { state: "quoting", text: "" },
    ask: { state: "partial", text: "smaller: the position is at 60 % of its limit" },
  },
  model: {
    name: "glft",
    ...FIGURES,
    sources: { sigma: "estimated", intensity: "prior" },
    observations: 3,
  },
  orders: [
    {
      ...ORDER,
      id: "0x01",
      px: 639_600,
      queueAhead: 20_000,
      reason: { atMs: 0, level: 0, fairPx: 640_000, rawPx: 639_600, px: 639_600, ...FIGURES },
    },
    {
      ...ORDER,
      id: "0x02",
      px: 639_400,
      queueAhead: null,
      reason: { atMs: 0, level: 1, fairPx: 640_000, rawPx: 639_408, px: 639_400, ...FIGURES },
    },
    { ...ORDER, id: "0x03", px: 639_000, queueAhead: null, reason: null },
  ],
};

describe("why", () => {
  test("prices are sums of their parts, every part in bps of the fair price", () => {
    expect(whyLines(why)).toEqual([
      "BTC quoting",
      "  glft · fair 64000.0 · skew 1.00 bps down · half-spread 5.25 bps = liquidity 3.13 + inventory risk 0.63 + fee 1.50",
      "  sigma 1.00 bps/√s (estimated) · A 0.800/s, k 0.250/bps (prior) · gamma 0.15",
      "  bid  quoting",
      "  ask  partial: smaller: the position is at 60 % of its limit",
      "  bid 63960.0  0.00312 BTC  open · at most 0.2 ahead",
      "      fair 64000.0 − 1.00 skew − 5.25 half-spread (liquidity 3.13 + inventory risk 0.63 + fee 1.50) = 63960.0  [bps of fair]",
      "  bid 63940.0  0.00312 BTC  open",
      "      fair 64000.0 − 1.00 skew − 5.25 half-spread (liquidity 3.13 + inventory risk 0.63 + fee 1.50) − 3.00 level 1 = 63940.8, made legal − 0.13  [bps of fair]",
      "  bid 63900.0  0.00312 BTC  open",
      "      placed before this run: its reason is not known",
    ]);
  });

  test("a maker that does not quote says why", () => {
    const paused = {
      ...why,
      state: { name: "paused", reasons: ["paused by the operator"] },
    } as const;
    expect(whyLines({ ...paused, model: null, sides: null, orders: [] })).toEqual([
      "BTC paused: paused by the operator",
      "  no order rests",
    ]);
  });
});
