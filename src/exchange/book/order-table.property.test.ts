import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOfBytes } from "../../base/byte-index.ts";
import { createRegister, readLane, writeLane } from "../../base/column.ts";
import { ORDER_SLOT_COUNT, slotOfOrderId } from "../../base/order-id.ts";
import {
  addOwnerRow,
  createOrderTable,
  freeSlot,
  hasFreeSlot,
  linkOrder,
  liveOrderTotal,
  liveSlot,
  ORDER_FLAG,
  setCloid,
  slotOfCloid,
  takeOrderId,
  takeSlot,
  unlinkOrder,
} from "./order-table.ts";

const ACCOUNTS = 3;

test("ids only grow, a slot is live exactly while its order is, lists and cloids follow", () => {
  const step = fc.record({
    kind: fc.constantFrom("add", "add", "drop", "skip"),
    account: fc.nat(ACCOUNTS - 1),
    at: fc.nat(),
    cloid: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const orders = createOrderTable(createRegister(), ACCOUNTS);
      for (let i = 0; i < ACCOUNTS; i++) addOwnerRow(orders);
      const live: { oid: number; slot: number; account: number; cloid: number }[] = [];
      const gone: number[] = [];
      let lastOid = 0;
      for (const { kind, account, at, cloid } of steps) {
        if (kind === "skip") {
          const taken = { oid: 0 };
          takeOrderId(orders, taken);
          const { oid } = taken;
          expect(oid).toBeGreaterThan(lastOid);
          lastOid = oid;
          gone.push(oid);
        } else if (kind === "add") {
          const isTaken = live.some((one) => one.account === account && one.cloid === cloid);
          const slot = takeSlot(orders);
          const oid = readLane(orders.oid, slot);
          expect(oid).toBeGreaterThan(lastOid);
          expect(slotOfOrderId(oid)).toBe(slot);
          lastOid = oid;
          writeLane(orders.account, slot, account);
          if (!isTaken) {
            writeLane(orders.flags, slot, ORDER_FLAG.hasCloid);
            setCloid(orders, slot, Int32Array.of(cloid + 1, 0, 0, 0), 0);
          }
          linkOrder(orders, slot);
          live.push({ oid, slot, account, cloid: isTaken ? -1 : cloid });
        } else if (live.length > 0) {
          const [one] = live.splice(at % live.length, 1);
          unlinkOrder(orders, one?.slot as number);
          freeSlot(orders, one?.slot as number);
          gone.push(one?.oid as number);
        }
        expect(liveOrderTotal(orders)).toBe(live.length);
        for (const { oid, slot } of live) expect(liveSlot(orders, oid)).toBe(slot);
        for (const oid of gone) expect(liveSlot(orders, oid)).toBe(-1);
        const bytes = new Uint8Array(16);
        for (let owner = 0; owner < ACCOUNTS; owner++) {
          const own = live.filter((one) => one.account === owner);
          const listed: number[] = [];
          for (let link = readLane(orders.oldest, owner); link !== 0; ) {
            listed.push(readLane(orders.oid, link - 1));
            link = readLane(orders.next, link - 1);
          }
          expect(listed).toEqual(own.map(({ oid }) => oid));
          for (let wanted = 0; wanted <= 5; wanted++) {
            bytes[0] = wanted + 1;
            const holder = own.find((one) => one.cloid === wanted);
            expect(slotOfCloid(orders, owner, wordsOfBytes(bytes, 0, 16), 0)).toBe(
              holder?.slot ?? -1,
            );
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

test.each([
  0,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  ORDER_SLOT_COUNT + 1,
  2 * ORDER_SLOT_COUNT,
])("%d names no live order", (oid) => {
  const orders = createOrderTable(createRegister(), 1);
  takeSlot(orders);
  expect(liveSlot(orders, oid)).toBe(-1);
});

test("the slots come to an end, and a freed one is room again", () => {
  const orders = createOrderTable(createRegister(), 1);
  (orders.table as { countMax: number }).countMax = 3;
  const slots = [takeSlot(orders), takeSlot(orders), takeSlot(orders)];
  expect(hasFreeSlot(orders)).toBe(false);
  freeSlot(orders, slots[1] as number);
  expect(hasFreeSlot(orders)).toBe(true);
  expect(takeSlot(orders)).toBe(slots[1]);
});
