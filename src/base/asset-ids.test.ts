import { expect, test } from "vitest";
import { addAsset, createAssetIds, dexOfName, marketOfAsset } from "./asset-ids.ts";

test("markets are numbered by dex, and each number names its market", () => {
  const ids = createAssetIds();
  const names = ["BTC", "hyna:BTC", "ETH", "xyz:AAPL", "hyna:ETH", "SOL"];
  expect(names.map((name) => addAsset(ids, name))).toEqual([0, 110_000, 1, 120_000, 110_001, 2]);
  expect(ids.dexes).toEqual(["", "hyna", "xyz"]);
  expect(ids.assetIds.map((id) => marketOfAsset(ids, id))).toEqual([0, 1, 2, 3, 4, 5]);
});

test.each([-1, 3, 0.5, Number.NaN, 10_000, 99_999, 100_000, 109_999, 110_001, 120_000, 2 ** 53])(
  "%d is no asset",
  (assetId) => {
    const ids = createAssetIds();
    for (const name of ["BTC", "ETH", "hyna:BTC", "SOL"]) addAsset(ids, name);
    expect(marketOfAsset(ids, assetId)).toBe(-1);
  },
);

test.each([
  ["BTC", ""],
  ["hyna:BTC", "hyna"],
  [":BTC", ""],
])("%s is of dex %j", (name, dex) => expect(dexOfName(name)).toBe(dex));
