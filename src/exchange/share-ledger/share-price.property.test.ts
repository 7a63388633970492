/** Shares: previews keep their word, round trips earn nothing, known attacks lose. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assetsForMint,
  assetsForShares,
  SHARES_PER_ASSET,
  type SharePool,
  sharesForDeposit,
  sharesForWithdrawal,
} from "./share-price.ts";

const money = fc.integer({ min: 1, max: 1e14 });
const pool: fc.Arbitrary<SharePool> = fc.record({
  supply: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e14 })),
  assets: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e14 })),
});

const mint = ({ supply, assets }: SharePool, paid: number, shares: number): SharePool => ({
  supply: supply + shares,
  assets: assets + paid,
});

describe("prices of shares", () => {
  test("a first deposit gives ten shares for each unit", () => {
    expect(sharesForDeposit({ supply: 0, assets: 0 }, 100_000_000)).toBe(1_000_000_000);
    expect(SHARES_PER_ASSET).toBe(10);
  });

  test("in and out again never earns, however the pool stands", () => {
    fc.assert(
      fc.property(pool, money, (before, paid) => {
        const shares = sharesForDeposit(before, paid);
        fc.pre(shares > 0);
        const after = mint(before, paid, shares);
        expect(assetsForShares(after, shares)).toBeLessThanOrEqual(paid);
        const cost = assetsForMint(before, shares);
        expect(cost).toBeLessThanOrEqual(paid);
        expect(sharesForWithdrawal(before, assetsForShares(before, shares))).toBeLessThanOrEqual(
          shares,
        );
      }),
    );
  });

  test("nobody's share falls by another's deposit or withdrawal", () => {
    fc.assert(
      fc.property(pool, money, (before, paid) => {
        fc.pre(before.supply > 0);
        const worth = (at: SharePool): bigint =>
          (BigInt(at.assets + 1) * 10n ** 18n) / BigInt(at.supply + SHARES_PER_ASSET);
        const shares = sharesForDeposit(before, paid);
        fc.pre(shares > 0);
        const after = mint(before, paid, shares);
        expect(worth(after) >= worth(before)).toBe(true);
        const out = Math.min(shares, before.supply);
        const left = mint(before, -assetsForShares(before, out), -out);
        expect(worth(left) >= worth(before)).toBe(true);
      }),
    );
  });

  test("a gift that makes shares dear costs the giver more than it takes from the next depositor", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1_000, max: 1e12 }),
        money,
        (first, gift, next) => {
          const own = sharesForDeposit({ supply: 0, assets: 0 }, first);
          const dear = { supply: own, assets: first + gift };
          const bought = sharesForDeposit(dear, next);
          const after = mint(dear, bought === 0 ? 0 : next, bought);
          expect(assetsForShares(after, own)).toBeLessThan(first + gift);
        },
      ),
    );
  });

  test("a pool that lost all gives nothing for its shares", () => {
    expect(assetsForShares({ supply: 1e9, assets: -5 }, 1e9)).toBe(0);
  });
});
