import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MODEL_SPEC } from "../../../test/model/model-venue.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import type { PlaceItem } from "../venue.ts";
import { clearOrders, type GateInput } from "./safety-gate.ts";

const GATE: GateInput = {
  blocks: [],
  spec: MODEL_SPEC,
  position: 0,
  positionLimit: 100,
  worstLong: 0,
  worstShort: 0,
  fairPx: 1_000_000,
  fairDistanceMax: 0.05,
};

const order = (side: Side, px: number, sz: number): PlaceItem => ({
  cloid: `0x${"1".repeat(32)}`,
  side,
  px,
  sz,
  tif: "alo",
  reduceOnly: false,
});

describe("safety gate", () => {
  test.each<[string, Partial<GateInput>, PlaceItem, string | null]>([
    ["lets a sound order through", {}, order(BUY, 999_900, 100), null],
    ["holds everything while blocked", { blocks: ["paused"] }, order(BUY, 999_900, 10), "blocked"],
    ["holds an illegal price", {}, order(BUY, 1_000_001, 10), "illegalPx"],
    ["holds a price beyond the cap", {}, order(SELL, 30_000_000, 10), "illegalPx"],
    ["holds a price of NaN", {}, order(BUY, Number.NaN, 10), "illegalPx"],
    ["holds a size of 0", {}, order(BUY, 999_900, 0), "illegalSz"],
    ["holds a fractional size", {}, order(BUY, 999_900, 10.5), "illegalSz"],
    ["holds less than 10 USDC", {}, order(BUY, 999_900, 10), "notionalTooSmall"],
    ["holds what is far from fair", {}, order(BUY, 949_000, 20), "farFromFair"],
    [
      "holds all without a fair price",
      { fairPx: Number.NaN },
      order(BUY, 999_900, 20),
      "farFromFair",
    ],
    ["holds what may pass the limit", { worstLong: 81 }, order(BUY, 999_900, 20), "positionLimit"],
    ["holds a sale that may", { worstShort: -81 }, order(SELL, 1_000_100, 20), "positionLimit"],
    [
      "past the limit lets a reduction through",
      { position: 150, worstLong: 150, worstShort: 150 },
      order(SELL, 1_000_100, 150),
      null,
    ],
    [
      "past the limit holds what would turn the position",
      { position: 150, worstLong: 150, worstShort: 150 },
      order(SELL, 1_000_100, 151),
      "positionLimit",
    ],
    [
      "past the limit holds what adds",
      { position: 150, worstLong: 150, worstShort: 150 },
      order(BUY, 999_900, 20),
      "positionLimit",
    ],
  ])("%s", (_, changed, item, rule) => {
    const { cleared, held } = clearOrders({ ...GATE, ...changed }, [item]);
    expect(held[0]?.rule ?? null).toBe(rule);
    expect(cleared.length).toBe(rule === null ? 1 : 0);
  });

  test("small orders together cannot pass the limit", () => {
    const items = Array.from({ length: 9 }, () => order(BUY, 999_900, 20));
    const { cleared, held } = clearOrders(GATE, items);
    expect([cleared.length, held.length]).toEqual([5, 4]);
  });

  test("one file makes placements, from cleared orders only", () => {
    const root = join(import.meta.dirname, "..");
    const makers = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .filter((file) => /kind: "placeBatch",/.test(readFileSync(join(root, file), "utf8")));
    expect(makers).toEqual([join("execution", "requests.ts")]);
  });
});
