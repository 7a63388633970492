import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { createOwnOrders } from "../execution/own-orders.ts";
import type { AccountSnapshot, VenueFill } from "../venue.ts";
import { type BookView, createBookView } from "./book-view.ts";
import {
  adjustPosition,
  createFillLedger,
  noteFill,
  noteFunding,
  openLedger,
  pnlAt,
} from "./fill-ledger.ts";
import {
  createSplitView,
  noteSplitFill,
  noteSplitMarket,
  noteSplitTakeOver,
  splitOf,
} from "./pnl-split.ts";

const pxArbitrary = fc.integer({ min: 2, max: 2 ** 24 });

const stepArbitrary = fc.oneof(
  fc.record({
    kind: fc.constant("book" as const),
    bid: pxArbitrary,
    spread: fc.integer({ min: 1, max: 50 }),
    afterMs: fc.integer({ min: 0, max: 3_000 }),
  }),
  fc.record({ kind: fc.constant("reference" as const), px: pxArbitrary }),
  fc.record({
    kind: fc.constant("fill" as const),
    side: fc.constantFrom(BUY, SELL),
    px: pxArbitrary,
    sz: fc.integer({ min: 1, max: 50_000 }),
    fee: fc.integer({ min: -5_000, max: 50_000 }),
    lateMs: fc.integer({ min: 0, max: 8_000 }),
  }),
  fc.record({
    kind: fc.constant("funding" as const),
    amount: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
  }),
  fc.record({
    kind: fc.constant("adjust" as const),
    lots: fc.integer({ min: -100, max: 100 }),
    px: pxArbitrary,
  }),
);

const startArbitrary = fc.record({
  position: fc.integer({ min: -100, max: 100 }),
  px: pxArbitrary,
});

describe("split of the maker's PnL", () => {
  it("sums to the ledger's equity change at every fill and mark, over random fills, marks, fees and corrections", () => {
    fc.assert(
      fc.property(
        startArbitrary,
        fc.array(stepArbitrary, { maxLength: 80 }),
        ({ position, px }, steps) => {
          const ledger = createFillLedger();
          const split = createSplitView();
          const orders = createOwnOrders();
          const book: BookView = createBookView();
          let nowMs = 10_000;
          let received = 0;
          const account: AccountSnapshot = {
            timeMs: nowMs,
            position,
            positionValue: position * px,
            equity: 0,
            withdrawable: 0,
          };
          openLedger(ledger, account);
          noteSplitTakeOver(split, { timeMs: nowMs, lots: position, value: position * px });
          const market = (): void => {
            noteSplitMarket(split, { book, orders, nowMs, bookSpreadBpsMax: 100 }, nowMs);
          };
          steps.forEach((step, i) => {
            if (step.kind === "book") {
              nowMs += step.afterMs;
              book.bids = [{ px: step.bid, sz: 1 }];
              book.asks = [{ px: step.bid + step.spread, sz: 1 }];
              book.bookTimeMs = nowMs;
              book.receivedMs = nowMs;
              market();
            } else if (step.kind === "reference") {
              book.oraclePx = step.px;
              market();
            } else if (step.kind === "fill") {
              const fill = fillOf(i, step, nowMs - step.lateMs);
              expect(noteFill(ledger, fill, { ours: true, recentMax: 5 })).toBe(true);
              noteSplitFill(split, fill, ledger.position);
            } else if (step.kind === "funding") {
              nowMs += 1;
              expect(noteFunding(ledger, { timeMs: nowMs, amount: step.amount })).toBe(true);
              received += step.amount;
            } else {
              adjustPosition(ledger, step.lots, step.px);
              const value = step.lots * step.px;
              noteSplitTakeOver(split, { timeMs: nowMs, lots: step.lots, value });
            }
            for (const mark of [1, px, 999_999]) {
              const pnl = pnlAt(ledger, mark);
              const parts = splitOf(split, pnl);
              expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(pnl.total);
              expect(parts.residual).toBe(0);
              expect(parts.fees).toBe(-pnl.fees || 0);
              expect(parts.funding).toBe(received);
            }
          });
        },
      ),
    );
  });
});

function fillOf(
  tid: number,
  part: { side: VenueFill["side"]; px: number; sz: number; fee: number },
  timeMs: number,
): VenueFill {
  const { side, px, sz, fee } = part;
  return {
    ...{ tid, oid: tid, cloid: null, side, px, sz, fee, timeMs },
    ...{ closedPnl: 0, crossed: false, startPosition: 0 },
  };
}
