import fc from "fast-check";
import { expect, test } from "vitest";
import { createRegister, readLane } from "../../base/column.ts";
import { addAccount, createAccounts } from "./account.ts";
import {
  changePosition,
  createPositions,
  findPosition,
  openPosition,
  realisedPnl,
} from "./position.ts";

const fill = fc.record({
  sz: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 2 ** 23 })),
  isBuy: fc.boolean(),
  px: fc.integer({ min: 1, max: 2 ** 25 - 1 }),
});

test("cost and PnL [10^-6 USDC] follow the exact rule: a reduction releases cost x closed / size, truncated", () => {
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 30 }), (fills) => {
      const register = createRegister();
      const positions = createPositions(register);
      const accounts = createAccounts(register);
      addAccount(accounts, new Uint8Array(20), 0);
      const row = openPosition(positions, accounts, 0, 3);
      let size = 0n;
      let cost = 0n;
      let paid = 0n;
      let realised = 0n;
      for (const { sz, isBuy, px } of fills) {
        const signed = BigInt(isBuy ? sz : -sz);
        const isReduction = size !== 0n && size > 0n !== signed > 0n;
        const before = size < 0n ? -size : size;
        const closed = isReduction ? (BigInt(sz) < before ? BigInt(sz) : before) : 0n;
        const direction = size > 0n ? 1n : -1n;
        const released = isReduction ? (cost * closed) / before : 0n;
        const opened = BigInt(sz) - closed;
        const pnl = direction * closed * BigInt(px) - released;
        size += signed;
        cost += (signed > 0n ? opened : -opened) * BigInt(px) - released;
        paid += signed * BigInt(px);
        realised += isReduction ? pnl : 0n;

        changePosition(positions, row, Number(signed), px);
        const got = realisedPnl[0] as number;
        expect(BigInt(got)).toBe(isReduction ? pnl : 0n);
        expect(BigInt(readLane(positions.size, row))).toBe(size);
        expect(BigInt(readLane(positions.cost, row))).toBe(cost);
        const lanes = [got, readLane(positions.size, row), readLane(positions.cost, row)];
        expect(lanes.some((lane) => Object.is(lane, -0))).toBe(false);
        // What was paid is either still in the position or came out as PnL: no micro is lost.
        expect(paid).toBe(cost - realised);
      }
    }),
    { numRuns: 300 },
  );
});

test("each account and market has one row, found again whatever came between", () => {
  const pair = fc.record({ account: fc.nat(3), market: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
      const register = createRegister();
      const positions = createPositions(register);
      const accounts = createAccounts(register);
      for (let i = 0; i < 4; i++) addAccount(accounts, new Uint8Array(20), 0);
      const rows = new Map<string, number>();
      for (const { account, market } of pairs) {
        const key = `${account}:${market}`;
        expect(findPosition(positions, accounts, account, market)).toBe(rows.get(key) ?? -1);
        const row = openPosition(positions, accounts, account, market);
        expect(row).toBe(rows.get(key) ?? rows.size);
        rows.set(key, row);
      }
    }),
  );
});
