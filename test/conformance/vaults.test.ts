/** Vaults through the stock SDK against a running exchange. */
import { ApiRequestError, ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
  await exchange.admin("/admin/features", { vaults: 1, lockupMs: 0 });
});
afterAll(() => exchange.close());

async function client(usd: string) {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  return {
    user: wallet.address.toLowerCase() as `0x${string}`,
    trade: new ExchangeClient({ transport, wallet }),
    info: new InfoClient({ transport }),
  };
}

const order = (isBuy: boolean, p: string, s: string) => ({
  orders: [{ a: 0, b: isBuy, p, s, r: false, t: { limit: { tif: "Gtc" as const } } }],
  grouping: "na" as const,
});

describe("a vault", () => {
  test("is opened, funded, traded for, read, left and closed", async () => {
    const [leader, ann, taker] = [
      await client("5000"),
      await client("5000"),
      await client("50000"),
    ];
    const opened = await leader.trade.createVault({
      name: "First vault",
      description: "It makes markets, or tries to.",
      initialUsd: 1_000e6,
    });
    const vaultAddress = opened.response.data;
    await ann.trade.vaultTransfer({ vaultAddress, isDeposit: true, usd: 500e6 });
    await taker.trade.order(order(false, "60000", "0.05"));
    await leader.trade.order(order(true, "60000", "0.05"), { vaultAddress });
    await taker.trade.order(order(true, "61000", "0.05"));
    await leader.trade.order(order(false, "61000", "0.05"), { vaultAddress });
    const details = await leader.info.vaultDetails({ vaultAddress, user: ann.user });
    expect(details).toMatchObject({
      name: "First vault",
      leader: leader.user,
      leaderCommission: 0.1,
      isClosed: false,
      followerState: { user: ann.user },
    });
    expect(Number(details?.followerState?.pnl)).toBeGreaterThan(10);
    expect(details?.leaderFraction).toBeCloseTo(2 / 3, 6);
    expect(await ann.info.userVaultEquities({ user: ann.user })).toMatchObject([{ vaultAddress }]);
    expect(await leader.info.leadingVaults({ user: leader.user })).toEqual([
      { address: vaultAddress, name: "First vault" },
    ]);
    expect(await leader.info.vaultSummaries()).toMatchObject([{ vaultAddress, isClosed: false }]);
    await ann.trade.vaultTransfer({ vaultAddress, isDeposit: false, usd: 1_000e6 });
    const { withdrawable } = await ann.info.clearinghouseState({ user: ann.user });
    expect(Number(withdrawable)).toBeGreaterThan(5_010);
    expect(await ann.info.userVaultEquities({ user: ann.user })).toEqual([]);
    await leader.trade.vaultModify({ vaultAddress, allowDeposits: false });
    const again = ann.trade.vaultTransfer({ vaultAddress, isDeposit: true, usd: 5e6 });
    await expect(again).rejects.toThrow(ApiRequestError);
    await leader.trade.vaultDistribute({ vaultAddress, usd: 0 });
    expect((await leader.info.vaultDetails({ vaultAddress }))?.isClosed).toBe(true);
    const end = await leader.info.clearinghouseState({ user: leader.user });
    expect(Number(end.withdrawable)).toBeGreaterThan(5_000);
  });

  test("that nobody knows is null; an unregistered one cannot be traded for", async () => {
    const { trade, info } = await client("100");
    const vaultAddress = `0x${"12".repeat(20)}` as const;
    expect(await info.vaultDetails({ vaultAddress })).toBeNull();
    await expect(trade.order(order(true, "1000", "1"), { vaultAddress })).rejects.toThrow(
      "Vault not registered",
    );
  });
});
