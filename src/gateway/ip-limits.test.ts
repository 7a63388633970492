import { describe, expect, test } from "vitest";
import { infoItemWeight, infoType, infoWeight } from "./info-weight.ts";
import { createIpLimits, IP_LIMITS } from "./ip-limits.ts";

const at = (nowMs: number): { nowMs(): number; set(ms: number): void } => {
  let now = nowMs;
  return {
    nowMs: () => now,
    set(ms) {
      now = ms;
    },
  };
};

describe("weight [1/min]", () => {
  test("is used up, comes back evenly, never beyond the minute's allowance", () => {
    const clock = at(0);
    const limits = createIpLimits("venue", clock);
    expect(limits.spendWeight("a", 1200)).toBe(true);
    expect(limits.spendWeight("a", 1)).toBe(false);
    expect(limits.spendWeight("b", 1)).toBe(true);
    clock.set(500);
    expect(limits.spendWeight("a", 10)).toBe(true);
    expect(limits.spendWeight("a", 1)).toBe(false);
    clock.set(10_000_000);
    expect(limits.spendWeight("a", 1201)).toBe(false);
    expect(limits.spendWeight("a", 1200)).toBe(true);
  });

  test("a debt for a long answer is paid first", () => {
    const clock = at(0);
    const limits = createIpLimits("venue", clock);
    limits.chargeWeight("a", 1300);
    clock.set(5000);
    expect(limits.spendWeight("a", 1)).toBe(false);
    clock.set(5100);
    expect(limits.spendWeight("a", 1)).toBe(true);
  });

  test("a clock that steps back gives nothing", () => {
    const clock = at(60_000);
    const limits = createIpLimits("venue", clock);
    limits.spendWeight("a", 1200);
    clock.set(0);
    expect(limits.spendWeight("a", 1)).toBe(false);
  });
});

describe("counts", () => {
  const { connectionsMax, openingsPerMinute, postsMax, subscriptionsMax, usersMax } =
    IP_LIMITS.venue;

  test("connections at once, and new ones a minute", () => {
    const clock = at(0);
    const limits = createIpLimits("venue", clock);
    for (let n = 0; n < connectionsMax; n++) expect(limits.openConnection("a")).toBe(true);
    expect(limits.openConnection("a")).toBe(false);
    for (let n = connectionsMax; n < openingsPerMinute; n++) {
      limits.closeConnection("a");
      expect(limits.openConnection("a")).toBe(true);
    }
    limits.closeConnection("a");
    expect(limits.openConnection("a")).toBe(false);
    clock.set(2000);
    expect(limits.openConnection("a")).toBe(true);
  });

  test("subscriptions, posts and users", () => {
    const limits = createIpLimits("venue", at(0));
    for (let n = 0; n < subscriptionsMax; n++) expect(limits.addSubscription("a")).toBe(true);
    expect(limits.addSubscription("a")).toBe(false);
    limits.removeSubscription("a");
    expect(limits.addSubscription("a")).toBe(true);
    for (let n = 0; n < postsMax; n++) expect(limits.addPost("a")).toBe(true);
    expect(limits.addPost("a")).toBe(false);
    for (let n = 0; n < usersMax; n++) expect(limits.addUser("a", `u${n}`)).toBe(true);
    expect(limits.addUser("a", "u0")).toBe(true);
    expect(limits.addUser("a", "more")).toBe(false);
    limits.removeUser("a", "u0");
    expect(limits.addUser("a", "more")).toBe(false);
    limits.removeUser("a", "u0");
    expect(limits.addUser("a", "more")).toBe(true);
  });

  test("addresses that are idle are forgotten", () => {
    const clock = at(0);
    const limits = createIpLimits("venue", clock);
    for (let n = 0; n < 4096; n++) limits.spendWeight(`ip${n}`, 20);
    limits.openConnection("ip7");
    clock.set(60_000);
    limits.spendWeight("fresh", 1);
    expect(limits.size).toBe(2);
  });
});

test.each([
  ["l2Book", undefined, 2, 0],
  ["userRole", undefined, 60, 0],
  ["meta", undefined, 20, 0],
  [undefined, undefined, 20, 0],
  ["userFills", Array.from({ length: 2000 }), 20, 100],
  ["candleSnapshot", Array.from({ length: 119 }), 20, 1],
  ["openOrders", Array.from({ length: 2000 }), 20, 0],
])("%s weighs", (type, answer, before, after) => {
  expect([infoWeight(type), infoItemWeight(type, answer)]).toEqual([before, after]);
});

test.each([
  [{ type: "meta" }, "meta"],
  [{ type: 5 }, undefined],
  [null, undefined],
  ["meta", undefined],
])("type of %j", (body, type) => {
  expect(infoType(body)).toBe(type);
});
