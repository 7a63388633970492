import { describe, expect, it } from "vitest";
import { asTimeMs } from "../base/units.ts";
import type { VenueEvent } from "../maker/venue.ts";
import { createHyperliquidVenue, createNonceSource } from "./hyperliquid-venue.ts";
import { createNativeWallet } from "./native-wallet.ts";

describe("nonces", () => {
  it("differ within one millisecond and rise when the clock goes back [ms]", () => {
    const times = [1_000, 1_000, 1_000, 990, 1_010];
    const next = createNonceSource({ nowMs: () => asTimeMs(times.shift() ?? 0) });
    expect([next(), next(), next(), next(), next()]).toEqual([1_000, 1_001, 1_002, 1_003, 1_010]);
  });
});

describe("a venue that is not there", () => {
  it("refuses what it did not send, outside of the call, and says nothing once closed", async () => {
    const warnings: string[] = [];
    const venue = createHyperliquidVenue({
      url: "http://127.0.0.1:9",
      asset: "BTC",
      wallet: createNativeWallet("11".repeat(32)),
      clock: { nowMs: () => asTimeMs(Date.now()) },
      warn: (text) => warnings.push(text),
    });
    const events: VenueEvent[] = [];
    const first = new Promise<void>((resolve) => {
      venue.connect((event) => {
        events.push(event);
        resolve();
      });
    });
    venue.send({ kind: "queryAccount", requestId: 4 });
    expect(events).toEqual([]);
    await first;
    expect(events[0]).toMatchObject({
      kind: "outcome",
      requestId: 4,
      outcome: { kind: "refused" },
    });
    venue.send({ kind: "queryAccount", requestId: 5 });
    venue.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.length).toBe(1);
  });
});
