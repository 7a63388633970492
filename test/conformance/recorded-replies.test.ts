import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeWithData } from "../data.ts";
import { createPromptInfo } from "../support/prompt-info.ts";
import { createBusyExchange, USERS } from "./busy-exchange.ts";

interface Recording {
  readonly request: { readonly type: string };
  readonly response: unknown;
}

const FILES = [
  "extra_agents",
  "get_all_mids",
  "get_frontend_open_orders",
  "get_info",
  "get_l2_snapshot",
  "get_open_orders",
  "historical_orders",
  "user_rate_limit",
  "user_role",
].map((name) => `hyperliquid-replies/${name}.json`);

/** Keys are names of coins. */
const BY_COIN = new Set(["allMids"]);

/** What a recorded value has that ours has not, by path; null says nothing of a type. */
function missingIn(ours: unknown, recorded: unknown, path: string): string[] {
  if (recorded === null || ours === null) return [];
  if (Array.isArray(recorded)) {
    if (!Array.isArray(ours)) return [`${path} is no list`];
    const [first] = ours as unknown[];
    if (recorded.length === 0) return [];
    // Trigger orders nest children, and none are offered here.
    if (first === undefined) return path.endsWith(".children") ? [] : [`${path} is empty`];
    return recorded.flatMap((element) => missingIn(first, element, `${path}[]`));
  }
  if (typeof recorded === "object") {
    if (typeof ours !== "object") return [`${path} is no object`];
    return Object.entries(recorded).flatMap(([key, value]) =>
      key in ours
        ? missingIn((ours as Record<string, unknown>)[key], value, `${path}.${key}`)
        : [`${path} lacks ${key}`],
    );
  }
  return typeof ours === typeof recorded
    ? []
    : [`${path} is a ${typeof ours}, recorded as a ${typeof recorded}`];
}

const anyValue = (map: unknown): unknown => Object.values(map as object);

describeWithData("recorded replies", FILES, (...paths) => {
  const busy = createBusyExchange(5);
  busy.live(100);
  const answer = createPromptInfo(busy.local.context);

  test.each(paths.flatMap((path) => JSON.parse(readFileSync(path, "utf8")) as Recording[]))(
    "our $request.type has the recorded keys and types",
    ({ request, response }) => {
      const asked = { ...request, ...("user" in request && { user: USERS[0] }) };
      const coined = { ...asked, ...("coin" in request && { coin: "BTC" }) };
      const { status, body } = answer(coined);
      expect(status).toBe(200);
      const sent = JSON.parse(JSON.stringify(body)) as unknown;
      const [ours, recorded] = BY_COIN.has(request.type)
        ? [anyValue(sent), anyValue(response)]
        : [sent, response];
      expect([...new Set(missingIn(ours, recorded, request.type))]).toEqual([]);
    },
  );

  test("a missing key and another type are found", () => {
    expect(missingIn({ a: "1" }, { a: "1", b: "1" }, "x")).toEqual(["x lacks b"]);
    expect(missingIn([{ a: 1 }], [{ a: "1" }], "x")).toEqual([
      "x[].a is a number, recorded as a string",
    ]);
  });
});
