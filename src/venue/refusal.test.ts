import { describe, expect, test } from "vitest";
import { REJECT, type RejectCode } from "../base/reject-code.ts";
import type { RefusalCode } from "../maker/venue.ts";
import { rejectText } from "../wire/reject-text.ts";
import { refusalCode } from "./refusal.ts";

const text = (code: RejectCode): string =>
  rejectText(
    { code, a: 10_000_000, b: 20_000_000, c: 30_000_000 },
    { asset: 0, szDecimals: 5, address: "0x14791697260e4c9a71f18484c9f997b308e59325" },
  );

describe("refusals by their text", () => {
  test.each<[keyof typeof REJECT, RefusalCode]>([
    ["aloWouldMatch", "wouldMatch"],
    ["marginInsufficient", "margin"],
    ["reduceOnlyIncreases", "reduceOnly"],
    ["pxOffTick", "invalidOrder"],
    ["notionalTooSmall", "invalidOrder"],
    ["pxInvalid", "invalidOrder"],
    ["szInvalid", "invalidOrder"],
    ["szZero", "invalidOrder"],
    ["pxTooHigh", "invalidOrder"],
    ["szTooLarge", "positionLimit"],
    ["orderNotLive", "notLive"],
    ["cloidDuplicate", "cloidDuplicate"],
    ["nonceDuplicate", "stale"],
    ["nonceTooLow", "stale"],
    ["actionExpired", "stale"],
    ["budgetExhausted", "rateLimited"],
    ["batchTooLarge", "rateLimited"],
    ["signerUnknown", "identity"],
    ["masterKeyRequired", "identity"],
    ["oracleMissing", "other"],
  ])("%s is %s", (name, code) => {
    expect(refusalCode(text(REJECT[name]))).toBe(code);
  });

  test("a text that no rule knows is other", () => {
    expect(refusalCode("Trading is halted.")).toBe("other");
  });
});
