import {
  AbstractWalletError,
  ApiRequestError,
  HttpRequestError,
  WebSocketRequestError,
} from "@nktkas/hyperliquid";
import { describe, expect, test } from "vitest";
import type { RequestOutcome } from "../maker/venue.ts";
import { batchOutcome, failureOutcome, plainOutcome } from "./request-outcome.ts";

const NOT_LIVE = "Order was never placed, already canceled, or filled. asset=0";
const ALO = "Post only order would have immediately matched, bbo was 1@2. asset=0";
const ok = (...statuses: unknown[]): unknown => ({
  status: "ok",
  response: { type: "order", data: { statuses } },
});
const of = (items: number) => ({ items, szDecimals: 5 });

describe("answers to batches", () => {
  test("each status is read in its place", () => {
    const answer = ok(
      { resting: { oid: 7 } },
      { error: ALO },
      { filled: { oid: 8, totalSz: "0.001", avgPx: "60000.0" } },
      "success",
      { error: NOT_LIVE },
      "waitingForFill",
    );
    expect(batchOutcome(answer, of(6))).toEqual({
      kind: "statuses",
      statuses: [
        { kind: "resting", oid: 7 },
        { kind: "error", code: "wouldMatch", text: ALO },
        { kind: "filled", oid: 8, sz: 100 },
        { kind: "canceled" },
        { kind: "error", code: "notLive", text: NOT_LIVE },
        { kind: "unknown" },
      ],
    });
  });

  test("one error for a batch of several refuses the batch", () => {
    expect(batchOutcome(ok({ error: "Order has invalid price." }), of(3))).toMatchObject({
      kind: "refused",
      code: "invalidOrder",
    });
  });

  test("a different number of statuses proves nothing", () => {
    expect(batchOutcome(ok({ resting: { oid: 7 } }), of(2)).kind).toBe("unknown");
    expect(batchOutcome({ status: "ok" }, of(2)).kind).toBe("unknown");
    expect(batchOutcome(null, of(2)).kind).toBe("unknown");
  });

  test("a refused action names its code", () => {
    const answer = { status: "err", response: "Invalid nonce: duplicate nonce 17" };
    expect(batchOutcome(answer, of(2))).toMatchObject({ kind: "refused", code: "stale" });
    expect(plainOutcome(answer)).toMatchObject({ kind: "refused", code: "stale" });
    expect(plainOutcome({ status: "ok", response: { type: "default" } }).kind).toBe("accepted");
  });
});

describe("failures", () => {
  const read = (answer: unknown): RequestOutcome => batchOutcome(answer, of(1));
  const http = (status: number): HttpRequestError =>
    new HttpRequestError({ response: new Response("", { status }) });

  test.each<[string, unknown, object]>([
    [
      "an error inside an answer is read there",
      new ApiRequestError(ok({ error: ALO })),
      { kind: "statuses" },
    ],
    ["HTTP 429", http(429), { kind: "refused", code: "rateLimited" }],
    ["HTTP 422", http(422), { kind: "refused", code: "other" }],
    ["HTTP 502", http(502), { kind: "unknown" }],
    ["HTTP 408", http(408), { kind: "unknown" }],
    [
      "no answer in time",
      new HttpRequestError({ detail: "Request timed out after 4000 ms" }),
      { kind: "unknown", cause: "timeout" },
    ],
    ["a broken connection", new WebSocketRequestError("closed"), { kind: "unknown" }],
    ["a failed fetch", new HttpRequestError({ cause: new TypeError("x") }), { kind: "unknown" }],
    ["a wallet that cannot sign", new AbstractWalletError("no"), { kind: "refused" }],
    ["an error of any other kind", new Error("x"), { kind: "unknown" }],
  ])("%s", (_, error, expected) => {
    expect(failureOutcome(error, read)).toMatchObject(expected);
  });
});
