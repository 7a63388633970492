/** Positions between accounts over the wire: actions of our own and what clients read of them. */
import { ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { signL1Action } from "@nktkas/hyperliquid/signing";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
let lastNonce = 0;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

/** A client with money: the stock SDK, and its signature over any action. */
async function client() {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd: "10000" });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  return {
    user: wallet.address,
    trade: new ExchangeClient({ transport, wallet }),
    info: new InfoClient({ transport }),
    async send(action: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
      lastNonce = Math.max(lastNonce + 1, Date.now());
      const nonce = lastNonce;
      const signature = await signL1Action({ wallet, action, nonce });
      const response = await fetch(`${exchange.gateway.url}/exchange`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ action, nonce, signature }),
      });
      const text = await response.text();
      return { status: response.status, body: response.ok ? JSON.parse(text) : text };
    },
  };
}

const order = (fields: object = {}): Record<string, unknown> => ({
  a: 0,
  b: true,
  p: "60000",
  s: "0.1",
  r: false,
  t: { limit: { tif: "Gtc" } },
  ...fields,
});
const tif = (word: string): object => ({ t: { limit: { tif: word } } });
const orders = (...all: object[]): Record<string, unknown> => ({
  type: "bourse.order",
  orders: all,
});

describe("positions between accounts [USDC]", () => {
  const ok = { status: 200, body: { status: "ok", response: { type: "default" } } };
  const err = (response: string) => ({ status: 200, body: { status: "err", response } });
  const ask = async (body: object): Promise<unknown> => {
    const response = await fetch(`${exchange.gateway.url}/info`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.json();
  };

  test("split, merged, offered and taken; views of offers, moves and money", async () => {
    const [alice, bob, carol] = [await client(), await client(), await client()];
    const [a, c] = [alice.user.toLowerCase(), carol.user.toLowerCase()];
    await bob.send(orders(order({ b: false, s: "0.1" })));
    await alice.send(orders(order({ s: "0.1", ...tif("Ioc") })));
    const { response } = await alice.trade.createSubAccount({ name: "hedge" });
    const subAccountUser = response.data;
    const split = { type: "bourse.splitPosition", subAccountUser, a: 0, s: "0.04" };
    expect(await alice.send(split)).toEqual(
      err("Receiver would not hold sufficient margin after the transfer. asset=0"),
    );
    expect(await alice.send({ ...split, usd: 500_000_000 })).toEqual(ok);
    expect(await alice.send({ ...split, type: "bourse.mergePosition", s: "0.01" })).toEqual(ok);
    expect(await bob.send(split)).toEqual(
      err(`Sub-account ${subAccountUser} is not registered to ${bob.user.toLowerCase()}`),
    );
    expect((await alice.send({ ...split, extra: 1 })).status).toBe(422);
    const state = await alice.info.clearinghouseState({ user: subAccountUser });
    expect(state.assetPositions[0]?.position).toMatchObject({ szi: "0.03", entryPx: "60000.0" });

    const offer = {
      type: "bourse.offerPosition",
      destination: c,
      a: 0,
      s: "0.05",
      usd: -1_000_000,
      expiresAt: Date.now() + 60_000,
    };
    const made = await alice.send(offer);
    expect(made).toMatchObject({
      status: 200,
      body: { response: { type: "bourse.offerPosition", data: { offer: expect.any(Number) } } },
    });
    const listed = {
      offer: (made.body as { response: { data: { offer: number } } }).response.data.offer,
      user: a,
      destination: c,
      coin: "BTC",
      szi: "0.05",
      entryPx: "60000.0",
      usd: -1_000_000,
      expiresAt: offer.expiresAt,
    };
    for (const user of [a, c])
      expect(await ask({ type: "boursePositionOffers", user })).toEqual([listed]);
    const accept = { type: "bourse.acceptOffer", offer: listed.offer };
    expect(await bob.send(accept)).toEqual(err("No such position offer."));
    expect(await carol.send(accept)).toEqual(ok);
    expect(await carol.send({ ...accept, type: "bourse.endOffer" })).toEqual(
      err("No such position offer."),
    );
    expect(await ask({ type: "boursePositionOffers", user: a })).toEqual([]);
    expect(await ask({ type: "boursePositionMoves", user: a })).toMatchObject([
      { cause: "offer", other: c, coin: "BTC", szi: "-0.05", entryPx: "60000.0" },
      { cause: "merge", other: subAccountUser, szi: "0.01" },
      { cause: "split", other: subAccountUser, szi: "-0.04" },
    ]);
    const updates = await carol.info.userNonFundingLedgerUpdates({ user: carol.user });
    expect(updates.map(({ delta }) => delta)).toEqual([
      { type: "deposit", usdc: "10000.0" },
      { type: "internalTransfer", usdc: "1.0", user: c, destination: a, fee: "0.0" },
    ]);
  });
});
