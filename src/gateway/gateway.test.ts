import {
  ApiRequestError,
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../../test/live-exchange.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";

const keyOf = (n: number): `0x${string}` => `0x${n.toString(16).padStart(64, "0")}`;
const alice = privateKeyToAccount(keyOf(101));
const bob = privateKeyToAccount(keyOf(102));
const agent = privateKeyToAccount(keyOf(103));
const carol = privateKeyToAccount(keyOf(104));
const stranger = privateKeyToAccount(keyOf(105));

const gtc = { limit: { tif: "Gtc" } } as const;
const alo = { limit: { tif: "Alo" } } as const;
const ioc = { limit: { tif: "Ioc" } } as const;
const buy = (p: string, s: string, t: object = gtc) =>
  ({ a: 0, b: true, p, s, r: false, t }) as never;
const sell = (p: string, s: string, t: object = gtc) =>
  ({ a: 0, b: false, p, s, r: false, t }) as never;

let exchange: LiveExchange;
let transport: HttpTransport;
let info: InfoClient;
const clientOf = (wallet: typeof alice, isTestnet = false): ExchangeClient =>
  new ExchangeClient({
    transport: new HttpTransport({ apiUrl: exchange.gateway.url, isTestnet }),
    wallet,
  });
/** The error text of a call that the server refuses. */
const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "was not refused",
    (error: unknown) => (error instanceof ApiRequestError ? error.message : String(error)),
  );

const setAddressLimits = (on: boolean): void => {
  const record = createCommandRecord(0);
  writeCommand({ kind: "setLimits", on }, record);
  exchange.sequencer.submit(record);
};

beforeAll(async () => {
  exchange = await openLiveExchange();
  transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  info = new InfoClient({ transport });
  await openBtcMarket(exchange);
  for (const { address } of [alice, bob, carol]) {
    await exchange.admin("/admin/faucet", { user: address, usd: "100000" });
  }
});
afterAll(() => exchange.close());

describe("stock client over HTTP", () => {
  test("an order rests, is seen, is modified under a new id, is canceled", async () => {
    const client = clientOf(alice);
    const cloid = `0x${"ab".repeat(16)}` as const;
    const placed = await client.order({
      orders: [{ a: 0, b: true, p: "59000.0", s: "0.0100", r: false, t: alo, c: cloid }],
      grouping: "na",
    });
    const status = placed.response.data.statuses[0] as { resting: { oid: number; cloid: string } };
    expect(status).toEqual({ resting: { oid: expect.any(Number), cloid } });
    const open = await info.openOrders({ user: alice.address });
    expect(open).toMatchObject([{ coin: "BTC", limitPx: "59000.0", sz: "0.01", cloid }]);

    await client.modify({ oid: status.resting.oid, order: buy("58000", "0.02", alo) });
    const moved = await info.openOrders({ user: alice.address });
    expect(moved).toMatchObject([{ limitPx: "58000.0", sz: "0.02" }]);
    expect(moved[0]?.oid).not.toBe(status.resting.oid);

    const canceled = await client.cancel({ cancels: [{ a: 0, o: moved[0]?.oid as number }] });
    expect(canceled.response.data.statuses).toEqual(["success"]);
    expect(await info.openOrders({ user: alice.address })).toEqual([]);
  });

  test("two accounts trade; the taker hears the average, both hold opposite positions", async () => {
    await clientOf(alice).order({
      orders: [sell("60010", "0.01"), sell("60020", "0.01")],
      grouping: "na",
    });
    const taken = await clientOf(bob).order({
      orders: [buy("60100", "0.02", ioc)],
      grouping: "na",
    });
    expect(taken.response.data.statuses).toEqual([
      { filled: { totalSz: "0.02", avgPx: "60015.0", oid: expect.any(Number) } },
    ]);
    const [maker, taker] = await Promise.all(
      [alice, bob].map(({ address }) => info.clearinghouseState({ user: address })),
    );
    expect(maker?.assetPositions[0]?.position.szi).toBe("-0.02");
    expect(taker?.assetPositions[0]?.position.szi).toBe("0.02");
    const fills = await info.userFills({ user: bob.address });
    expect(fills.map(({ px, crossed }) => [px, crossed])).toEqual([
      ["60020.0", true],
      ["60010.0", true],
    ]);
  });

  test("a part that fills and a rest that rests is told as resting", async () => {
    await clientOf(alice).order({ orders: [sell("60200", "0.001")], grouping: "na" });
    const both = await clientOf(bob).order({ orders: [buy("60200", "0.003")], grouping: "na" });
    const status = both.response.data.statuses[0] as { resting: { oid: number } };
    expect(status).toEqual({ resting: { oid: expect.any(Number) } });
    expect(await info.openOrders({ user: bob.address })).toMatchObject([
      { oid: status.resting.oid, sz: "0.002", origSz: "0.003" },
    ]);
    await clientOf(bob).cancel({ cancels: [{ a: 0, o: status.resting.oid }] });
  });

  test("batchModify and cancelByCloid, each item with its own outcome", async () => {
    const client = clientOf(carol);
    const cloids = ["01", "02"].map((byte) => `0x${byte.repeat(16)}` as const);
    await client.order({
      orders: cloids.map((c) => ({ a: 0, b: true, p: "50000", s: "0.01", r: false, t: gtc, c })),
      grouping: "na",
    });
    const modified = await client.batchModify({
      modifies: cloids.map((c, i) => ({
        oid: c,
        order: { a: 0, b: true, p: `${51000 + i}`, s: "0.01", r: false, t: gtc, c },
      })),
    });
    expect(modified.response.data.statuses).toMatchObject(
      cloids.map((cloid) => ({ resting: { cloid } })),
    );
    const gone = `0x${"99".repeat(16)}` as const;
    const text = await refusal(
      client.cancelByCloid({ cancels: [...cloids, gone].map((cloid) => ({ asset: 0, cloid })) }),
    );
    expect(text).toContain("Order was never placed, already canceled, or filled. asset=0");
    expect(await info.openOrders({ user: carol.address })).toEqual([]);
  });

  test("one error does not fail the other orders of a batch", async () => {
    const client = clientOf(carol);
    const error = await client
      .order({ orders: [buy("50000.03", "0.01"), buy("50000", "0.01")], grouping: "na" })
      .then(
        () => null,
        (problem: unknown) => problem as ApiRequestError,
      );
    expect(error?.response).toMatchObject({
      status: "ok",
      response: {
        type: "order",
        data: {
          statuses: [
            { error: "Price must be divisible by tick size. asset=0" },
            { resting: { oid: expect.any(Number) } },
          ],
        },
      },
    });
    const [left] = await info.openOrders({ user: carol.address });
    await client.cancel({ cancels: [{ a: 0, o: left?.oid as number }] });
  });

  test.each([
    ["post only that would match", [sell("60300", "0.001"), buy("60300", "0.001", alo)], "bbo was"],
    ["ioc without a match", [buy("100", "1", ioc)], "Order could not immediately match"],
    [
      "below ten dollars",
      [buy("50000", "0.0001")],
      "Order must have minimum value of $10. asset=0",
    ],
    ["size zero", [buy("50000", "0")], "Order has zero size."],
    ["size too fine", [buy("50000", "0.000001")], "Order has invalid size."],
    ["no margin", [buy("50000", "900")], "Insufficient margin to place order. asset=0"],
    [
      "reduce-only without a position",
      [{ a: 0, b: true, p: "50000", s: "0.01", r: true, t: gtc } as never],
      "Reduce only order would increase position. asset=0",
    ],
    [
      "a trigger order that would fire at once",
      [
        {
          a: 0,
          b: true,
          p: "50000",
          s: "0.01",
          r: false,
          t: { trigger: { isMarket: true, triggerPx: "1", tpsl: "sl" } },
        } as never,
      ],
      "Invalid TP/SL price. asset=0",
    ],
    [
      "an unknown asset",
      [{ a: 7, b: true, p: "1", s: "1", r: false, t: gtc } as never],
      "Asset does not exist. asset=7",
    ],
  ])("%s is refused in the venue's words", async (_, orders, text) => {
    const client = clientOf(carol);
    expect(await refusal(client.order({ orders, grouping: "na" }))).toContain(text);
    const left = await info.openOrders({ user: carol.address });
    if (left.length > 0)
      await client.cancel({ cancels: left.map(({ oid }) => ({ a: 0, o: oid })) });
  });

  test("a modify of what is not live", async () => {
    expect(await refusal(clientOf(carol).modify({ oid: 12345, order: buy("50000", "0.01") }))).toBe(
      "Cannot modify canceled or filled order",
    );
  });

  test("noop, and a nonce used twice", async () => {
    const nonce = Date.now() + 1000;
    expect(await clientOf(carol).noop({ nonce })).toEqual({
      status: "ok",
      response: { type: "default" },
    });
    expect(await refusal(clientOf(carol).noop({ nonce }))).toBe(
      `Invalid nonce: duplicate nonce ${nonce}`,
    );
  });

  test("scheduleCancel: armed, disarmed, too soon, and without volume where limits are on", async () => {
    const client = clientOf(carol);
    expect(await client.scheduleCancel({ time: Date.now() + 60_000 })).toMatchObject({
      status: "ok",
    });
    expect(await client.scheduleCancel({})).toMatchObject({ status: "ok" });
    expect(await refusal(client.scheduleCancel({ time: Date.now() }))).toBe(
      "Scheduled cancel time must be at least 5 seconds in the future.",
    );
    setAddressLimits(true);
    expect(await refusal(client.scheduleCancel({ time: Date.now() + 60_000 }))).toBe(
      "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0.",
    );
    setAddressLimits(false);
  });

  test("an action too old, and a batch over the limit", async () => {
    const late = new ExchangeClient({ transport, wallet: carol, defaultExpiresAfter: 1 });
    expect(await refusal(late.noop({ nonce: Date.now() + 2000 }))).toBe("Action already expired");
    const cancels = Array.from({ length: 201 }, (_, o) => ({ a: 0, o }));
    expect(await refusal(clientOf(carol).cancel({ cancels }))).toBe(
      "Signed action over weight limit of 200.",
    );
    expect(await refusal(clientOf(carol).cancel({ cancels: [] }))).toBe("Action has no items.");
    const vault = new ExchangeClient({
      transport,
      wallet: carol,
      defaultVaultAddress: bob.address,
    });
    expect(await refusal(vault.cancel({ cancels: [{ a: 0, o: 1 }] }))).toBe(
      `Vault not registered: ${bob.address.toLowerCase()}`,
    );
  });

  test("an unknown signer is named and nothing is journaled for it", async () => {
    const before = exchange.sequencer.appliedSeq;
    const address = stranger.address.toLowerCase();
    expect(await refusal(clientOf(stranger).noop({ nonce: Date.now() }))).toBe(
      `User or API Wallet ${address} does not exist.`,
    );
    expect(await refusal(clientOf(stranger).approveAgent({ agentAddress: agent.address }))).toBe(
      `Must deposit before performing actions. User: ${address}`,
    );
    expect(exchange.sequencer.appliedSeq).toBe(before);
  });

  test("a client of the test network is known too", async () => {
    expect(await clientOf(alice, true).noop({ nonce: Date.now() })).toMatchObject({ status: "ok" });
  });

  test("an agent trades for its account, and may not sign what only the master may", async () => {
    const validUntil = Date.now() + 86_400_000;
    await clientOf(bob).approveAgent({
      agentAddress: agent.address,
      agentName: `desk valid_until ${validUntil}`,
    });
    const placed = await clientOf(agent).order({ orders: [buy("50000", "0.01")], grouping: "na" });
    const status = placed.response.data.statuses[0] as { resting: { oid: number } };
    expect(await info.openOrders({ user: bob.address })).toMatchObject([
      { oid: status.resting.oid },
    ]);
    expect(await info.userRole({ user: agent.address })).toEqual({
      role: "agent",
      data: { user: bob.address.toLowerCase() },
    });
    expect(await info.extraAgents({ user: bob.address })).toEqual([
      { address: agent.address.toLowerCase(), name: "desk", validUntil },
    ]);
    const text = await refusal(clientOf(agent).approveAgent({ agentAddress: carol.address }));
    expect(text).toBe(
      `Must deposit before performing actions. User: ${agent.address.toLowerCase()}`,
    );
    await clientOf(agent).cancel({ cancels: [{ a: 0, o: status.resting.oid }] });
  });
});

describe("stock client over WebSocket", () => {
  test("subscriptions tell of an order and its fill; post carries actions and info", async () => {
    const socket = new WebSocketTransport({ url: exchange.gateway.socketUrl });
    try {
      const subs = new SubscriptionClient({ transport: socket });
      const client = new ExchangeClient({ transport: socket, wallet: alice });
      const seen: string[] = [];
      let ended: () => void = () => undefined;
      const whenEnded = new Promise<void>((resolve) => {
        ended = resolve;
      });
      await subs.orderUpdates({ user: alice.address }, (updates) => {
        seen.push(...updates.map(({ status }) => status));
        if (updates.some(({ status }) => status === "filled")) ended();
      });
      const placed = await client.order({ orders: [sell("60400", "0.001")], grouping: "na" });
      expect(placed.response.data.statuses[0]).toMatchObject({ resting: {} });
      await clientOf(bob).order({ orders: [buy("60400", "0.001", ioc)], grouping: "na" });
      await whenEnded;
      expect(seen.at(0)).toBe("open");
      expect(seen.at(-1)).toBe("filled");
      const mids = await new InfoClient({ transport: socket }).allMids();
      expect(mids).toHaveProperty("BTC");
    } finally {
      socket.close();
    }
  });
});
