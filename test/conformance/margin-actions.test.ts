import { ApiRequestError, ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

/** A client of the stock SDK with money. */
async function client(usd: string) {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  return {
    user: wallet.address,
    trade: new ExchangeClient({ transport, wallet }),
    info: new InfoClient({ transport }),
  };
}

/** Text that the venue would refuse an action with. */
async function refusal(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiRequestError);
  return (error as ApiRequestError).message;
}

const order = (isBuy: boolean, px: string, size: string) => ({
  orders: [{ a: 0, b: isBuy, p: px, s: size, r: false, t: { limit: { tif: "Gtc" as const } } }],
  grouping: "na" as const,
});

describe("margin tiers [USDC]", () => {
  test("meta lists them, maintenance and liquidation price follow the tier of the position", async () => {
    const [alice, bob] = [await client("1000000"), await client("1000000")];
    const tiers = [{ lowerBound: "50000", maxLeverage: 10 }];
    expect(await exchange.admin("/admin/margin-tiers", { coin: "BTC", tiers })).toMatchObject({
      status: "ok",
    });
    const meta = await alice.info.meta();
    const id = meta.universe[0]?.marginTableId;
    expect(meta.marginTables.find(([table]) => table === id)?.[1].marginTiers).toEqual([
      { lowerBound: "0.0", maxLeverage: 40 },
      { lowerBound: "50000.0", maxLeverage: 10 },
    ]);
    const text = await refusal(alice.trade.order(order(true, "60000", "1")));
    expect(text).toContain(
      "Order would cause position to exceed margin tier limit at current leverage asset=0",
    );
    for (const { trade } of [alice, bob])
      await trade.updateLeverage({ asset: 0, isCross: true, leverage: 10 });
    await bob.trade.order(order(false, "60000", "1"));
    await alice.trade.order(order(true, "60000", "1"));
    const state = await alice.info.clearinghouseState({ user: alice.user });
    // 50,000 / 80 + 10,000 / 20.
    expect(state.crossMaintenanceMarginUsed).toBe("1125.0");
    // Equity 1,000,000 - 27: no price brings the long to its maintenance.
    expect(state.assetPositions[0]?.position.liquidationPx).toBe(null);
    const short = await bob.info.clearinghouseState({ user: bob.user });
    const px = Number(short.assetPositions[0]?.position.liquidationPx);
    // At that price what is left of equity is the maintenance: E - (px - 60,000) = 625 + (px - 50,000) / 20.
    const equity = Number(short.marginSummary.accountValue);
    expect(equity - (px - 60_000)).toBeCloseTo(625 + (px - 50_000) / 20, 4);
    await exchange.admin("/admin/margin-tiers", { coin: "BTC", tiers: [] });
  });
});

describe("updateLeverage through the stock SDK [USDC]", () => {
  test("activeAssetData and the position show it, and margin follows it", async () => {
    const [alice, bob] = [await client("10000"), await client("10000")];
    const ask = { user: alice.user, coin: "BTC" };
    expect(await alice.info.activeAssetData(ask)).toMatchObject({
      leverage: { type: "cross", value: 20 },
    });
    await alice.trade.updateLeverage({ asset: 0, isCross: true, leverage: 5 });
    expect(await alice.info.activeAssetData(ask)).toMatchObject({
      leverage: { type: "cross", value: 5 },
    });
    await bob.trade.order(order(false, "60000", "0.1"));
    await alice.trade.order(order(true, "60000", "0.1"));
    const state = await alice.info.clearinghouseState({ user: alice.user });
    expect(state.assetPositions[0]?.position).toMatchObject({
      leverage: { type: "cross", value: 5 },
      marginUsed: "1200.0",
      positionValue: "6000.0",
    });
    const text = await refusal(
      alice.trade.order(order(true, "60000", "0.8")).then(() => undefined),
    );
    expect(text).toContain("Insufficient margin to place order. asset=0");
  });

  test("the venue's texts where it cannot be", async () => {
    const alice = await client("100");
    const set = (leverage: number, isCross = true, asset = 0) =>
      refusal(alice.trade.updateLeverage({ asset, isCross, leverage }));
    expect(await set(41)).toContain("Invalid leverage value");
    expect(await set(5, true, 7)).toContain("Asset does not exist. asset=7");
    await alice.trade.order(order(true, "50000", "0.04"));
    expect(await set(19)).toContain(
      "Cross position does not have sufficient margin available to decrease leverage. " +
        "To decrease leverage, deposit more collateral.",
    );
  });
});

describe("usdSend through the stock SDK [USDC]", () => {
  test("an address gets its account with the money; texts of what cannot be", async () => {
    const [alice, bob] = [await client("100"), await client("100")];
    const fresh = privateKeyToAccount(generatePrivateKey()).address;
    await alice.trade.usdSend({ destination: fresh, amount: "20" });
    await alice.trade.usdSend({ destination: bob.user, amount: "9.50" });
    for (const [user, accountValue] of [
      [alice.user, "69.5"],
      [bob.user, "109.5"],
      [fresh, "20.0"],
    ] as const)
      expect(await alice.info.clearinghouseState({ user })).toMatchObject({
        marginSummary: { accountValue },
      });
    expect(await alice.info.userRole({ user: fresh })).toEqual({ role: "user" });
    const over = alice.trade.usdSend({ destination: bob.user, amount: "69.51" });
    expect(await refusal(over)).toContain("Insufficient balance for withdrawal.");
    const self = alice.trade.usdSend({ destination: alice.user, amount: "1" });
    expect(await refusal(self)).toContain("Cannot transfer to the same account.");
  });
});

describe("agents through the stock SDK [ms]", () => {
  test("a validity in the name ends it; one beyond 180 days is refused", async () => {
    const alice = await client("100");
    const key = privateKeyToAccount(generatePrivateKey());
    const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
    const agent = new ExchangeClient({ transport, wallet: key });
    const until = Date.now() + 86_400_000;
    const agentName = `desk valid_until ${until}`;
    await alice.trade.approveAgent({ agentAddress: key.address, agentName });
    await agent.order(order(true, "50000", "0.001"));
    expect(await alice.info.extraAgents({ user: alice.user })).toEqual([
      { address: key.address.toLowerCase(), name: "desk", validUntil: until },
    ]);
    const far = `desk valid_until ${Date.now() + 181 * 86_400_000}`;
    const late = alice.trade.approveAgent({ agentAddress: key.address, agentName: far });
    expect(await refusal(late)).toContain("Agent valid_until must lie within 180 days.");
    const past = alice.trade.approveAgent({
      agentAddress: key.address,
      agentName: "desk valid_until 1",
    });
    expect(await refusal(past)).toContain("Agent valid_until already expired.");
    const send = agent.usdSend({ destination: alice.user, amount: "1" });
    expect(await refusal(send)).toContain(
      `Must deposit before performing actions. User: ${key.address.toLowerCase()}`,
    );
  });
});

describe("sub-accounts through the stock SDK [USDC]", () => {
  test("opened, funded, traded for by vaultAddress, listed", async () => {
    const [alice, bob] = [await client("10000"), await client("10000")];
    expect(await alice.info.subAccounts({ user: alice.user })).toBe(null);
    const { response } = await alice.trade.createSubAccount({ name: "hedge" });
    const sub = response.data;
    expect(await alice.info.userRole({ user: sub })).toEqual({
      role: "subAccount",
      data: { master: alice.user.toLowerCase() },
    });
    await alice.trade.subAccountTransfer({ subAccountUser: sub, isDeposit: true, usd: 2_000e6 });
    await alice.trade.order(order(true, "50000", "0.1"), { vaultAddress: sub });
    expect(await alice.info.openOrders({ user: sub })).toHaveLength(1);
    expect(await alice.info.openOrders({ user: alice.user })).toEqual([]);
    expect(await alice.info.subAccounts({ user: alice.user })).toMatchObject([
      {
        name: "hedge",
        subAccountUser: sub,
        master: alice.user.toLowerCase(),
        clearinghouseState: { marginSummary: { accountValue: "2000.0" } },
      },
    ]);
    await alice.trade.subAccountModify({ subAccountUser: sub, name: "carry" });
    expect(await alice.info.subAccounts2({ user: alice.user })).toMatchObject([
      {
        name: "carry",
        subAccountUser: sub,
        dexToClearinghouseState: [["", { marginSummary: { accountValue: "2000.0" } }]],
      },
    ]);
    const [a, b] = [alice.user.toLowerCase(), bob.user.toLowerCase()];
    const back = { subAccountUser: sub, isDeposit: false, usd: 2_000e6 };
    expect(await refusal(alice.trade.subAccountTransfer(back))).toContain(
      `Invalid sub-account transfer from ${sub} to ${a}`,
    );
    const foreign = bob.trade.order(order(true, "50000", "0.1"), { vaultAddress: sub });
    expect(await refusal(foreign)).toContain(`Sub-account ${sub} is not registered to ${b}`);
    const nowhere = bob.trade.order(order(true, "50000", "0.1"), {
      vaultAddress: b as `0x${string}`,
    });
    expect(await refusal(nowhere)).toContain(`Vault not registered: ${b}`);
  });
});

describe("isolated margin through the stock SDK [USDC]", () => {
  test("a position with margin of its own: opened, topped up, reduced, and what the state says of it", async () => {
    const [alice, bob] = [await client("10000"), await client("10000")];
    const ask = { user: alice.user, coin: "BTC" };
    await alice.trade.updateLeverage({ asset: 0, isCross: false, leverage: 10 });
    expect(await alice.info.activeAssetData(ask)).toMatchObject({
      leverage: { type: "isolated", value: 10, rawUsd: "0.0" },
    });
    await bob.trade.order(order(false, "60000", "0.1"));
    await alice.trade.order(order(true, "60000", "0.1"));
    const opened = await alice.info.clearinghouseState({ user: alice.user });
    // 0.1 x 60,000 / 10 in, and 2.7 of fee from cash.
    expect(opened.marginSummary).toMatchObject({
      accountValue: "9997.3",
      totalNtlPos: "6000.0",
      totalMarginUsed: "600.0",
    });
    expect(opened.crossMarginSummary).toMatchObject({
      accountValue: "9397.3",
      totalNtlPos: "0.0",
      totalRawUsd: "9397.3",
      totalMarginUsed: "0.0",
    });
    expect(opened).toMatchObject({ crossMaintenanceMarginUsed: "0.0", withdrawable: "9397.3" });
    // 60,000 - (600 - 75) / 0.1 / (1 - 1 / 80).
    expect(opened.assetPositions[0]?.position).toMatchObject({
      leverage: { type: "isolated", value: 10, rawUsd: "-5400.0" },
      marginUsed: "600.0",
      liquidationPx: "54683.54430379",
    });
    await alice.trade.updateIsolatedMargin({ asset: 0, isBuy: true, ntli: 150_000_000 });
    await alice.trade.updateIsolatedMargin({ asset: 0, isBuy: true, ntli: -50_000_000 });
    await alice.trade.topUpIsolatedOnlyMargin({ asset: 0, leverage: "7.5" });
    const state = await alice.info.clearinghouseState({ user: alice.user });
    expect(state.assetPositions[0]?.position.marginUsed).toBe("800.0");
    expect(state.withdrawable).toBe("9197.3");
    expect(state.marginSummary.accountValue).toBe("9997.3");
    await bob.trade.order(order(true, "60000", "0.1"));
    await alice.trade.order(order(false, "60000", "0.1"));
    const closed = await alice.info.clearinghouseState({ user: alice.user });
    expect(closed).toMatchObject({ withdrawable: "9994.6", assetPositions: [] });
  });

  test("the venue's texts where margin cannot move", async () => {
    const [alice, bob] = [await client("1000"), await client("10000")];
    const move = (ntli: number, trade = alice.trade) =>
      refusal(trade.updateIsolatedMargin({ asset: 0, isBuy: true, ntli }));
    expect(await move(1)).toContain("Cannot update margin for empty position.");
    await alice.trade.updateLeverage({ asset: 0, isCross: false, leverage: 10 });
    await bob.trade.order(order(false, "60000", "0.1"));
    await alice.trade.order(order(true, "60000", "0.1"));
    expect(await move(0)).toContain("Update to isolated margin cannot be zero.");
    expect(await move(1_000_000_000)).toContain(
      "Account does not have sufficient margin available for increase.",
    );
    expect(await move(-1)).toContain("Position does not have sufficient margin for reduction.");
    expect(await move(1, bob.trade)).toContain("Position does not use isolated margin.");
    const lever = (isCross: boolean, leverage: number) =>
      refusal(alice.trade.updateLeverage({ asset: 0, isCross, leverage }));
    expect(await lever(true, 10)).toContain("Cannot switch leverage type with open position.");
    expect(await lever(false, 9)).toContain(
      "Isolated position does not have sufficient margin available to decrease leverage. " +
        "To decrease leverage, add margin to the position.",
    );
  });

  test("a market of isolated margin alone says so, and lets no margin out", async () => {
    const spec = { szDecimals: 2, maxLeverage: 10, pxMax: "1000", positionMax: "100000" };
    await exchange.admin("/admin/market", { name: "ISO", ...spec, marginMode: "strictIsolated" });
    await exchange.admin("/admin/oracle", { prices: { ISO: "100" } });
    const [alice, bob] = [await client("1000"), await client("1000")];
    const { universe } = await alice.info.meta();
    const asset = universe.findIndex(({ name }) => name === "ISO");
    expect(universe[asset]).toMatchObject({ onlyIsolated: true, marginMode: "strictIsolated" });
    expect(
      await refusal(alice.trade.updateLeverage({ asset, isCross: true, leverage: 5 })),
    ).toContain("Cross margin is not allowed for this asset.");
    const on = (isBuy: boolean) => {
      const { orders, grouping } = order(isBuy, "100", "1");
      return { orders: orders.map((one) => ({ ...one, a: asset })), grouping };
    };
    await bob.trade.order(on(false));
    await alice.trade.order(on(true));
    const { assetPositions } = await alice.info.clearinghouseState({ user: alice.user });
    expect(assetPositions[0]?.position).toMatchObject({
      leverage: { type: "isolated", value: 10, rawUsd: "-90.0" },
    });
    await alice.trade.updateIsolatedMargin({ asset, isBuy: true, ntli: 5_000_000 });
    expect(
      await refusal(alice.trade.updateIsolatedMargin({ asset, isBuy: true, ntli: -1 })),
    ).toContain(
      "Cannot remove isolated margin for this asset. To remove margin, reduce the position.",
    );
  });
});
