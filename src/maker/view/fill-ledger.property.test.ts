import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUY, SELL, sideSign } from "../../base/side.ts";
import type { AccountSnapshot, VenueFill } from "../venue.ts";
import {
  adjustPosition,
  createFillLedger,
  type FillLedger,
  noteFill,
  noteFunding,
  openLedger,
  pnlAt,
  residualAgainst,
} from "./fill-ledger.ts";

const OURS = { ours: true, recentMax: 10 };
const fillArbitrary = fc.record({
  side: fc.constantFrom(BUY, SELL),
  px: fc.integer({ min: 1, max: 2 ** 25 - 1 }),
  sz: fc.integer({ min: 1, max: 100_000 }),
  fee: fc.integer({ min: -5_000, max: 50_000 }),
});
const baselineArbitrary = fc.record({
  position: fc.integer({ min: -100_000, max: 100_000 }),
  markPx: fc.integer({ min: 1, max: 2 ** 25 - 1 }),
  equity: fc.integer({ min: 0, max: 10 ** 12 }),
});

const snapshot = (position: number, px: number, equity: number): AccountSnapshot => ({
  timeMs: 1_000,
  position,
  positionValue: position * px,
  equity,
  withdrawable: equity,
});

function opened(position = 0, px = 1, equity = 0): FillLedger {
  const ledger = createFillLedger();
  openLedger(ledger, snapshot(position, px, equity));
  return ledger;
}

const fill = (tid: number, part: Partial<VenueFill>): VenueFill => ({
  tid,
  oid: tid,
  cloid: null,
  side: BUY,
  px: 100,
  sz: 10,
  fee: 0,
  closedPnl: 0,
  crossed: false,
  startPosition: 0,
  timeMs: 2_000,
  ...part,
});

describe("fill ledger", () => {
  it("says that PnL is change of cash plus change of inventory value, whatever is filled in any order", () => {
    const fills = fc.array(fillArbitrary, { maxLength: 60 });
    fc.assert(
      fc.property(
        baselineArbitrary,
        fills,
        fc.integer({ min: 1, max: 10 ** 7 }),
        (base, all, px) => {
          const ledger = opened(base.position, base.markPx, base.equity);
          let position = base.position;
          let cash = 0;
          all.forEach((part, i) => {
            noteFill(ledger, fill(i, part), OURS);
            noteFill(ledger, fill(i, part), OURS);
            position += sideSign(part.side) * part.sz;
            cash -= sideSign(part.side) * part.px * part.sz + part.fee;
          });
          const pnl = pnlAt(ledger, px);
          expect(ledger.position).toBe(position);
          expect(pnl.total).toBe(pnl.realised + pnl.unrealised - pnl.fees);
          expect(pnl.total).toBe(cash + position * px - base.position * base.markPx);
          if (position === 0) expect(pnl.unrealised).toBe(0);
          const equity = base.equity + pnl.total;
          expect(residualAgainst(ledger, snapshot(position, px, equity))).toBe(0);
          expect(residualAgainst(ledger, snapshot(position, px, equity + 7))).toBe(7);
        },
      ),
    );
  });

  it("realises a long closed above its cost [10^-6 USDC]", () => {
    const ledger = opened();
    noteFill(ledger, fill(1, { px: 100, sz: 10, fee: 3 }), OURS);
    noteFill(ledger, fill(2, { side: SELL, px: 130, sz: 4, fee: 2 }), OURS);
    expect(pnlAt(ledger, 110)).toEqual({
      realised: 120,
      unrealised: 60,
      fees: 5,
      funding: 0,
      total: 175,
      cashChange: -485,
      inventoryValue: 660,
      baselineValue: 0,
    });
  });

  it("counts a payment once, and none from before the baseline", () => {
    const ledger = createFillLedger();
    expect(noteFunding(ledger, { timeMs: 900, amount: 5 })).toBe(false);
    expect(noteFunding(ledger, { timeMs: 2_000, amount: -30 })).toBe(false);
    openLedger(ledger, snapshot(0, 1, 0));
    expect(noteFunding(ledger, { timeMs: 2_000, amount: -30 })).toBe(false);
    expect(noteFunding(ledger, { timeMs: 3_000, amount: 12 })).toBe(true);
    expect(pnlAt(ledger, 1)).toMatchObject({ funding: -18, total: -18, cashChange: -18 });
    expect(residualAgainst(ledger, snapshot(0, 1, -18))).toBe(0);
  });

  it("turns a long into a short through zero with the right cost", () => {
    const ledger = opened();
    noteFill(ledger, fill(1, { px: 100, sz: 10 }), OURS);
    noteFill(ledger, fill(2, { side: SELL, px: 90, sz: 25 }), OURS);
    expect([ledger.position, ledger.cost, ledger.realised]).toEqual([-15, -1_350, -100]);
  });

  it("leaves out what the baseline contains, but never a fill of this run", () => {
    const ledger = opened(5, 100, 0);
    const before = fill(1, { timeMs: 1_000 });
    expect(noteFill(ledger, before, { ours: false, recentMax: 10 })).toBe(false);
    expect(noteFill(ledger, before, OURS)).toBe(true);
    expect(ledger.position).toBe(15);
  });

  it("keeps fills that come before the baseline and hands them back when it opens", () => {
    const ledger = createFillLedger();
    expect(noteFill(ledger, fill(1, {}), OURS)).toBe(false);
    expect(openLedger(ledger, snapshot(0, 1, 0)).map(({ tid }) => tid)).toEqual([1]);
  });

  it("takes over a position without making PnL", () => {
    const ledger = opened();
    noteFill(ledger, fill(1, { px: 100, sz: 10 }), OURS);
    const before = pnlAt(ledger, 120).total;
    adjustPosition(ledger, -10, 120);
    expect(ledger.position).toBe(0);
    expect(pnlAt(ledger, 999).total).toBe(before);
    expect(ledger.adjustedLots).toBe(10);
  });

  it("has no residual to tell while the positions differ", () => {
    expect(residualAgainst(opened(), snapshot(1, 1, 0))).toBeNull();
    expect(residualAgainst(createFillLedger(), snapshot(0, 1, 0))).toBeNull();
  });
});
