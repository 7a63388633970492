import { expect, test } from "vitest";
import { BUY } from "../base/side.ts";
import { MAKER_CONFIG_DEFAULTS } from "./config.ts";
import { onTimer, onVenueEvent } from "./maker.ts";
import { createMaker } from "./maker-state.ts";
import type { AccountSnapshot, RequestOutcome, VenueRequest } from "./venue.ts";

const SPEC = {
  name: "BTC",
  szDecimals: 5,
  maxLeverage: 40,
  pxMax: 10_000_000,
  positionMax: 50_000_000,
  notionalMin: 10_000_000,
  priceRule: "fiveSignificantFigures",
} as const;

const accountAt = (timeMs: number, position: number): AccountSnapshot => ({
  timeMs,
  position,
  positionValue: position * 640_000,
  equity: 100_000_000_000,
  withdrawable: 100_000_000_000,
});

test("fills are read again from before a missed one, although a later one is known [ms]", () => {
  const maker = createMaker({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 1 });
  const answer = (
    requests: readonly VenueRequest[],
    kind: VenueRequest["kind"],
    outcome: RequestOutcome,
    nowMs: number,
  ): VenueRequest[] => {
    const request = requests.find((each) => each.kind === kind);
    if (request === undefined) throw new Error(`${kind} was asked`);
    return onVenueEvent(maker, { kind: "outcome", requestId: request.requestId, outcome }, nowMs);
  };
  onVenueEvent(maker, { kind: "marketSpec", spec: SPEC }, 50_000);
  const listing = onVenueEvent(maker, { kind: "connection", up: true }, 50_000);
  answer(listing, "queryOpenOrders", { kind: "openOrders", orders: [] }, 50_010);
  const opening = onTimer(maker, 50_020);
  answer(opening, "queryAccount", { kind: "account", account: accountAt(50_020, 0) }, 50_030);
  expect(maker.sync.stage).toBe("ready");

  // An order by hand filled 3 lots at 60,000 ms, which the streams lost, and 5 lots later.
  const later = { tid: 2, oid: 9, cloid: null, side: BUY, px: 640_000, sz: 5, fee: 0 } as const;
  const fill = { ...later, closedPnl: 0, crossed: true, startPosition: 3, timeMs: 90_000 };
  const regular = onVenueEvent(maker, { kind: "fills", fills: [fill] }, 90_000);
  const account = accountAt(90_200, 8);
  const asked = answer(regular, "queryAccount", { kind: "account", account }, 90_210);
  const backfill = asked.find((request) => request.kind === "queryFills");
  expect(backfill).toBeDefined();
  expect(backfill?.kind === "queryFills" && backfill.sinceMs).toBeLessThan(60_000);
});
