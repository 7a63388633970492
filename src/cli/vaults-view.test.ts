import { expect, test } from "vitest";
import type { VenuePool, VenueStrategy, VenueVault } from "../venue/vault-info.ts";
import { vaultsView } from "./vaults-view.ts";

const any = {
  id: 3,
  coin: "ETH",
  status: "running",
  pause: null,
  netSz: "-0.5",
  fills: 12,
  volume: 900_000_000,
  fees: 90_000,
} as const;

const grid: VenueStrategy = {
  ...any,
  kind: "grid",
  low: "3000.0",
  high: "3100.0",
  levels: 11,
  size: "0.1",
  beyond: "shift",
  grossProfit: 5_000_000,
  netProfit: 4_000_000,
};

const vault: VenueVault = {
  address: "0x5a1f00000000000000000000000000000000c0de",
  owner: "0x00000000000000000000000000000000000b0551",
  name: "ETH grid",
  status: "open",
  allowDeposits: true,
  equity: 15_000_000_000,
  pnl: -1_000_000,
  profitShareBps: 1_000,
  depositors: 2,
  sharePrice: 999_934,
  strategies: [grid],
};

const pool: VenuePool = {
  address: "0x9001000000000000000000000000000000000001",
  coin: "BTC",
  status: "quoting",
  low: "80000",
  high: "90000",
  levels: 31,
  feeShareBps: 2_000,
  totalLiquidity: 19_000_000_000,
  totalSupply: "19500.0",
  tokenPrice: 974_358,
  accumulatedFees: 7_000_000,
  pendingFees: 2_000_000,
  paidIn: 20_000_000_000,
  paidOut: 1_200_000_000,
  impermanentLoss: 195_000_000,
  lpTokens: [{}, {}, {}],
  strategies: [],
};

test("a venue that knows no such question offers nothing", () => {
  expect(vaultsView(null)).toEqual({
    offered: false,
    vaults: [],
    pools: [],
    vaultsMore: 0,
    poolsMore: 0,
  });
  expect(vaultsView({ vaults: [], pools: [] }).offered).toBe(true);
});

test("a pool's PnL is worth and payouts less what was paid in", () => {
  const [row] = vaultsView({ vaults: [], pools: [pool] }).pools;
  expect(row).toMatchObject({ pnl: 200_000_000, feesEarned: 7_000_000, feesPending: 2_000_000 });
  expect(row).toMatchObject({ holders: 3, supply: "19500.0", impermanentLoss: 195_000_000 });
});

test("a vault that is open without deposits is told as shut", () => {
  const shut = { ...vault, allowDeposits: false };
  const closed = { ...shut, status: "closed" } as const;
  const { vaults } = vaultsView({ vaults: [vault, shut, closed], pools: [] });
  expect(vaults.map(({ status }) => status)).toEqual(["open", "shut", "closed"]);
  expect(vaults[0]).toMatchObject({ pnl: -1_000_000, depositors: 2, sharePrice: 999_934 });
});

test("strategies of each kind, and why they rest", () => {
  const quote: VenueStrategy = {
    ...any,
    kind: "quote",
    spreadBps: "10.0",
    size: "1.0",
    bid: { px: "38.1", sz: "2.0" },
    ask: null,
  };
  const hedge: VenueStrategy = { ...any, kind: "deltaNeutral", hedges: 4, net: -5 };
  const paused = { ...quote, status: "paused" } as const;
  const strategies = [
    grid,
    quote,
    hedge,
    { ...paused, pause: "margin" },
    { ...paused, pause: "newWord" },
    paused,
  ];
  const { vaults } = vaultsView({ vaults: [{ ...vault, strategies }], pools: [] });
  expect(vaults[0]?.strategies).toMatchObject([
    { kind: "grid", shifts: true, cycleProfit: 4_000_000, paused: null },
    { kind: "quote", bid: { px: "38.1", sz: "2.0" }, ask: null, paused: null },
    { kind: "hedge", hedges: 4, net: -5 },
    { paused: "an order found no margin" },
    { paused: "newWord" },
    { paused: "no reason is told" },
  ]);
});

test("what the page is told is bounded, and says how much more there is", () => {
  const many = { ...vault, strategies: Array<VenueStrategy>(20).fill(grid) };
  const view = vaultsView({ vaults: Array<VenueVault>(61).fill(many), pools: [pool] });
  expect([view.vaults.length, view.vaultsMore, view.poolsMore]).toEqual([50, 11, 0]);
  expect(view.vaults[0]?.strategies).toHaveLength(8);
});
