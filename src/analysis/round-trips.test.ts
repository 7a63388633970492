import { expect, test } from "vitest";
import { countTrip, createRoundTrips, profitFactor, winRate } from "./round-trips.ts";

test("rates of nothing, of gains alone, and of both", () => {
  const trips = createRoundTrips();
  expect([winRate(trips), profitFactor(trips)]).toEqual([null, null]);
  countTrip(trips, 30);
  expect([winRate(trips), profitFactor(trips)]).toEqual([1, "infinite"]);
  countTrip(trips, -20);
  countTrip(trips, 0);
  expect([trips.closed, winRate(trips), profitFactor(trips)]).toEqual([3, 1 / 3, 1.5]);
});
