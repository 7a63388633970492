/** Referral and builder fees through the stock SDK: what is signed, what is shown, what is paid. */
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
    user: wallet.address.toLowerCase() as `0x${string}`,
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

const order = (isBuy: boolean, size: string) => ({
  orders: [
    { a: 0, b: isBuy, p: "60000", s: size, r: false, t: { limit: { tif: "Gtc" as const } } },
  ],
  grouping: "na" as const,
});

describe("referral [USDC]", () => {
  test("a code, who names it, the discount, and the share that is claimed", async () => {
    const [anna, bert, carl] = [
      await client("10000"),
      await client("10000"),
      await client("10000"),
    ];
    expect((await anna.info.referral({ user: anna.user })).referrerState).toEqual({
      stage: "needToCreateCode",
    });
    await anna.trade.registerReferrer({ code: "ANNA" });
    expect(await refusal(bert.trade.setReferrer({ code: "NOBODY" }))).toContain(
      "Referral code not registered",
    );
    await bert.trade.setReferrer({ code: "ANNA" });
    expect(await bert.info.userFees({ user: bert.user })).toMatchObject({
      activeReferralDiscount: "0.04",
      feeSchedule: { referralDiscount: "0.04" },
    });
    await carl.trade.order(order(false, "0.1"));
    await bert.trade.order(order(true, "0.1"));
    // 6,000 USDC at 4.5 basis points less 4 %, and a tenth of that.
    const [fill] = await bert.info.userFills({ user: bert.user });
    expect(fill).toMatchObject({ fee: "2.592" });
    const { referredBy, cumVlm } = await bert.info.referral({ user: bert.user });
    expect({ referredBy, cumVlm }).toEqual({
      referredBy: { referrer: anna.user, code: "ANNA" },
      cumVlm: "6000.0",
    });
    const view = await anna.info.referral({ user: anna.user });
    expect(view).toMatchObject({ unclaimedRewards: "0.2592", claimedRewards: "0.0" });
    expect(view.referrerState).toMatchObject({
      stage: "ready",
      data: {
        code: "ANNA",
        nReferrals: 1,
        referralStates: [
          {
            user: bert.user,
            cumVlm: "6000.0",
            cumRewardedFeesSinceReferred: "2.592",
            cumFeesRewardedToReferrer: "0.2592",
          },
        ],
      },
    });
    await anna.trade.claimRewards();
    expect(await anna.info.clearinghouseState({ user: anna.user })).toMatchObject({
      withdrawable: "10000.2592",
    });
    expect(await refusal(anna.trade.claimRewards())).toContain("No rewards to claim");
  });
});

describe("builder fees [USDC]", () => {
  test("approved by the wallet, charged to fills, told apart in them, and taken back", async () => {
    const [dora, emil, app] = [await client("10000"), await client("10000"), await client("100")];
    const ask = { user: dora.user, builder: app.user };
    const builder = { b: app.user, f: 10 };
    expect(await dora.info.maxBuilderFee(ask)).toBe(0);
    expect(await refusal(dora.trade.order({ ...order(true, "0.1"), builder }))).toContain(
      "Builder fee has not been approved.",
    );
    const poor = await client("99");
    expect(
      await refusal(dora.trade.approveBuilderFee({ builder: poor.user, maxFeeRate: "0.01%" })),
    ).toContain("Builder has insufficient balance to be approved.");
    expect(
      await refusal(dora.trade.approveBuilderFee({ builder: app.user, maxFeeRate: "0.101%" })),
    ).toContain("Builder fee is above 0.1%.");
    await dora.trade.approveBuilderFee({ builder: app.user, maxFeeRate: "0.01%" });
    expect(await dora.info.maxBuilderFee(ask)).toBe(10);
    expect(await dora.info.approvedBuilders({ user: dora.user })).toEqual([app.user]);
    await emil.trade.order(order(false, "0.1"));
    await dora.trade.order({ ...order(true, "0.1"), builder });
    // 6,000 USDC: 4.5 basis points for the exchange, 1 for the builder.
    const [fill] = await dora.info.userFills({ user: dora.user });
    expect(fill).toMatchObject({ fee: "3.3", builderFee: "0.6" });
    const [made] = await emil.info.userFills({ user: emil.user });
    expect(made).not.toHaveProperty("builderFee");
    expect(await app.info.referral({ user: app.user })).toMatchObject({
      builderRewards: "0.6",
      unclaimedRewards: "0.6",
    });
    await dora.trade.approveBuilderFee({ builder: app.user, maxFeeRate: "0%" });
    expect(await dora.info.maxBuilderFee(ask)).toBe(0);
  });
});
