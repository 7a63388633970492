import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCommandStream } from "../../../test/support/random-commands.ts";
import { createTestExchange } from "../../../test/support/test-exchange.ts";
import { compareStates } from "../../../test/twin/compare.ts";
import { COMMAND, createCommandRecord, HEADER, itemCount } from "../command.ts";
import { writeCommand } from "../command-codec.ts";
import { checkInvariants } from "../invariant.ts";
import { accountCount } from "../query.ts";
import { forkExchange } from "../state.ts";
import { stateHash } from "../state-hash.ts";
import { cancelItem, modifyItem } from "./cancel.ts";
import { createTouchedAccounts } from "./match.ts";
import { createIncomingOrder } from "./order-event.ts";
import { placeOrder, readIncoming } from "./place.ts";
import { beginScope, takeBackScope } from "./undo-scope.ts";

describe("a scope that is taken back", () => {
  test("leaves hash, books, indexes and events as they were, whatever was placed, filled, canceled or modified in it", () => {
    let events = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const exchange = createTestExchange();
        const stream = createCommandStream({ seed });
        const inside = createCommandStream({ seed: seed + 1 });
        const record = createCommandRecord();
        const touched = createTouchedAccounts();
        const order = createIncomingOrder();
        for (let i = 0; i < 150; i++) {
          const { command, timeMs } = stream.next();
          exchange.timeMs = timeMs;
          const happened = exchange.run(command);
          stream.observe(happened);
          inside.observe(happened);
          const { state } = exchange;
          if (i < 15 || i % 5 !== 0) continue;
          const twin = forkExchange(state);
          const { written } = state.events;
          beginScope(state, touched);
          for (let n = 0; n < 6; n++) {
            writeCommand(inside.next().command, record);
            const account = 2 + ((i + n) % (accountCount(state) - 2));
            const kind = record.lanes[HEADER.kind];
            for (let item = 0; item < itemCount(record); item++) {
              if (kind === COMMAND.placeOrders) {
                readIncoming(record, item, account, order);
                placeOrder(state, order, false, touched);
              } else if (kind === COMMAND.cancelOrders) cancelItem(state, record, item, account);
              else if (kind === COMMAND.modifyOrders) {
                order.account = account;
                modifyItem(state, record, item, order, touched);
              }
            }
          }
          events += state.events.written - written;
          takeBackScope(state, touched);
          expect(stateHash(state)).toBe(stateHash(twin));
          expect(compareStates(state, twin)).toBeNull();
          expect([state.events.written, touched.count]).toEqual([written, 0]);
          checkInvariants(state);
        }
      }),
      { numRuns: 6 },
    );
    expect(events).toBeGreaterThan(200);
  });
});
