import { describe, expect, it } from "vitest";
import { BUY, SELL, type Side } from "../base/side.ts";
import { clusteredMean, createClusteredMean, noteClustered } from "./clustered-mean.ts";
import { createMarkouts, markoutSummaries, noteMarkoutFill, takeMarkouts } from "./markout.ts";
import { createPricePath, notePathPrice } from "./price-path.ts";

const fill = (tid: number, timeMs: number, side: Side, px: number, fairHalfTicks: number) => ({
  tid,
  timeMs,
  side,
  px,
  fairHalfTicks,
});

describe("markouts", () => {
  it("are the spread captured plus the move since, by side and horizon [bps]", () => {
    const path = createPricePath();
    const markouts = createMarkouts([1_000, 5_000]);
    notePathPrice(path, 0, 20_000);
    noteMarkoutFill(markouts, fill(1, 1_000, BUY, 9_990, 20_000));
    noteMarkoutFill(markouts, fill(2, 1_500, SELL, 10_010, 20_000));
    notePathPrice(path, 1_800, 20_040);
    expect(takeMarkouts(markouts, path)).toEqual([]);
    notePathPrice(path, 2_400, 20_060);
    expect(takeMarkouts(markouts, path).map(({ tid }) => tid)).toEqual([1]);
    notePathPrice(path, 9_000, 20_000);
    takeMarkouts(markouts, path);
    const [short, long] = markoutSummaries(markouts);
    expect(short?.buy.meanBps).toBeCloseTo((30 / 9_990) * 10_000, 9);
    expect(short?.sell.meanBps).toBeCloseTo((-20 / 10_010) * 10_000, 9);
    expect(short?.move.meanBps).toBeCloseTo((20 / 9_990 - 30 / 10_010) * 5_000, 9);
    expect(long?.n).toBe(2);
    expect(long?.buy.meanBps).toBeCloseTo((40 / 9_990) * 10_000, 9);
  });

  it("of a price that rises after our sell are a loss", () => {
    const path = createPricePath();
    const markouts = createMarkouts([1_000]);
    notePathPrice(path, 0, 20_000);
    noteMarkoutFill(markouts, fill(1, 500, SELL, 10_000, 20_000));
    notePathPrice(path, 1_000, 20_010);
    notePathPrice(path, 3_000, 20_010);
    takeMarkouts(markouts, path);
    expect(markoutSummaries(markouts)[0]?.move.meanBps).toBeCloseTo(-5, 9);
  });
});

describe("clustered mean", () => {
  it("is the usual mean and standard error when each value has a group of its own", () => {
    const mean = createClusteredMean(10);
    [1, 2, 3, 4, 10].forEach((value, i) => {
      noteClustered(mean, i * 10, value);
    });
    const { n, mean: value, standardError } = clusteredMean(mean);
    expect([n, value]).toEqual([5, 4]);
    expect(standardError).toBeCloseTo(Math.sqrt(12.5 / 5), 12);
  });

  it("takes equal values of one group as one observation", () => {
    const [apart, together] = [createClusteredMean(10), createClusteredMean(10)];
    [1, 5, 3, 7].forEach((value, group) => {
      noteClustered(apart, group * 10, value);
      for (let copy = 0; copy < 9; copy++) noteClustered(together, group * 10 + copy, value);
    });
    expect(clusteredMean(together).n).toBe(36);
    expect(clusteredMean(together).standardError).toBeCloseTo(
      clusteredMean(apart).standardError ?? 0,
      12,
    );
  });

  it("has no error to tell of a single group", () => {
    const mean = createClusteredMean(1_000);
    noteClustered(mean, 5, 1);
    noteClustered(mean, 6, 2);
    expect(clusteredMean(mean)).toEqual({ n: 2, mean: 1.5, standardError: null });
  });
});
