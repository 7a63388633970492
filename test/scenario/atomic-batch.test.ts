import fc from "fast-check";
import { expect, test } from "vitest";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import type { Command, OrderItem } from "../../src/exchange/command-codec.ts";
import { checkInvariants } from "../../src/exchange/invariant.ts";
import { forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createCommandStream } from "../support/random-commands.ts";
import { addressOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

test("all or nothing: a refused order takes fills, cancels and rests before it back", () => {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  exchange.fund("alice", 1_000);
  exchange.fund("bob", 1_000);
  const ask: OrderItem = { market: 0, side: SELL, px: 100_000, sz: 1_000, tif: TIF.gtc };
  exchange.run({ kind: "placeOrders", signer: addressOf("bob"), orders: [ask] });
  const bid: OrderItem = { ...ask, side: BUY, sz: 1_500 };
  const send = (...orders: OrderItem[]) =>
    exchange.run({ kind: "placeOrders", signer: addressOf("alice"), orders, atomic: true });
  expect(send(bid, { ...bid, px: 99_000 }, { ...bid, sz: 0 })).toMatchObject([
    { kind: "commandRejected", code: 111, a: 2, b: 204 },
  ]);
  expect(exchange.summary("alice")).toMatchObject({ openOrders: 0 });
  expect(exchange.summary("bob")).toMatchObject({ openOrders: 1 });
  expect(send(...new Array<OrderItem>(101).fill(bid))).toMatchObject([{ code: 110, a: 100 }]);
  const kinds = send(bid, { ...bid, px: 99_000 }).map(({ kind }) => kind);
  expect(kinds).toEqual([
    "orderAccepted",
    "fill",
    "fill",
    "orderRested",
    "orderAccepted",
    "orderRested",
  ]);
});

test("a failed batch leaves the state of a command that finds nothing: sequence, time, nonce and requests alone", () => {
  let failed = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const exchange = createTestExchange();
      const stream = createCommandStream({ seed, nonsense: 0.02 });
      for (let i = 0; i < 400; i++) {
        const { command, timeMs } = stream.next();
        exchange.timeMs = timeMs;
        const isBatch = command.kind === "placeOrders" && command.atomic === true;
        const isLimited = command.kind === "setLimits";
        const twin = isBatch ? createTestExchange({ state: forkExchange(exchange.state) }) : null;
        const events = exchange.run(isLimited ? { kind: "tick" } : command);
        stream.observe(events);
        const refusal = events.find(({ kind }) => kind === "commandRejected");
        if (twin === null || !(refusal !== undefined && "code" in refusal && refusal.code === 111))
          continue;
        const { orders, atomic: _, ...head } = command as Extract<Command, { kind: "placeOrders" }>;
        const cancels = orders.map(() => ({ market: 0, oid: 1 }));
        twin.timeMs = timeMs;
        twin.run({ ...head, kind: "cancelOrders", cancels });
        expect(stateHash(exchange.state)).toBe(stateHash(twin.state));
        checkInvariants(exchange.state);
        failed += 1;
      }
    }),
    { numRuns: 10 },
  );
  expect(failed).toBeGreaterThan(20);
});
