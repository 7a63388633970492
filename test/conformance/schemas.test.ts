import { afterAll, describe, expect, test } from "vitest";
import { createFeed } from "../../src/gateway/feed/create-feed.ts";
import { finishedOrdersOf, openOrdersOf } from "../../src/projection/orders.ts";
import { createPromptInfo } from "../support/prompt-info.ts";
import { createBusyExchange, USERS } from "./busy-exchange.ts";
import { createManualTimers, recordFeed } from "./feed-recorder.ts";
import { infoSamples } from "./info-samples.ts";
import { schemaProblems } from "./sdk-schemas.ts";

const busy = createBusyExchange(12);
busy.live(300);
const { local } = busy;

const clock = createManualTimers();
const feed = createFeed(local.context, clock.timers);
const byUser = (type: string) => USERS.map((user) => ({ type, user }));
const byCoin = (type: string, more: object = {}) =>
  ["BTC", "SOL", "kPEPE"].map((coin) => ({ type, coin, ...more }));
const CHANNELS = {
  allMids: { event: "AllMidsEvent", subscriptions: [{ type: "allMids" }] },
  l2Book: {
    event: "L2BookEvent",
    subscriptions: [
      ...byCoin("l2Book"),
      ...byCoin("l2Book", { nSigFigs: 3, mantissa: null }),
      ...byCoin("l2Book", { nSigFigs: 5, mantissa: 2, fast: true }),
    ],
  },
  bbo: { event: "BboEvent", subscriptions: byCoin("bbo") },
  trades: { event: "TradesEvent", subscriptions: byCoin("trades") },
  activeAssetCtx: { event: "ActiveAssetCtxEvent", subscriptions: byCoin("activeAssetCtx") },
  userFundings: { event: "UserFundingsEvent", subscriptions: byUser("userFundings") },
  orderUpdates: { event: "OrderUpdatesEvent", subscriptions: byUser("orderUpdates") },
  user: { event: "UserEventsEvent", subscriptions: byUser("userEvents") },
  userFills: {
    event: "UserFillsEvent",
    subscriptions: [
      ...byUser("userFills"),
      ...USERS.map((user) => ({ type: "userFills", user, aggregateByTime: true })),
    ],
  },
} as const;
const TWAP_CHANNELS = {
  twapStates: { event: "TwapStatesEvent", subscriptions: byUser("twapStates") },
  userTwapHistory: { event: "UserTwapHistoryEvent", subscriptions: byUser("userTwapHistory") },
  userTwapSliceFills: {
    event: "UserTwapSliceFillsEvent",
    subscriptions: byUser("userTwapSliceFills"),
  },
} as const;
const recordings = Object.entries({ ...CHANNELS, ...TWAP_CHANNELS }).map(
  ([channel, { event, subscriptions }]) => ({
    channel,
    event,
    records: subscriptions.map((subscription) => recordFeed(feed, subscription)),
  }),
);
for (let round = 0; round < 100; round++) {
  busy.live(3);
  clock.advance(20);
}
busy.crash();
clock.advance(1000);
afterAll(() => feed.close());

describe("replies of a busy exchange have the shape that the SDK's types say", () => {
  const own = [
    ...openOrdersOf(local.models.orders, 2),
    ...finishedOrdersOf(local.models.orders, 2),
  ];
  const samples = infoSamples(own.slice(0, 200).map(({ oid }) => oid));
  const answer = createPromptInfo(local.context);
  test.each(Object.entries(samples))("%s", (_, { reply, requests }) => {
    for (const request of requests) {
      const { status, body } = answer(request);
      expect(status).toBe(200);
      const sent = JSON.parse(JSON.stringify(body)) as unknown;
      expect(schemaProblems("info", reply, sent), JSON.stringify(request)).toEqual([]);
    }
  });

  test("they are not empty", () => {
    const lengths = [
      "twapHistory",
      "userTwapSliceFills",
      "openOrders",
      "historicalOrders",
      "userFills",
      "recentTrades",
      "extraAgents",
    ];
    for (const type of lengths) {
      const [request] = samples[type]?.requests ?? [];
      expect((answer(request).body as unknown[]).length, type).toBeGreaterThan(0);
    }
  });

  test("a key too many or a number for a string is found", () => {
    const [order] = answer({ type: "openOrders", user: USERS[0] }).body as object[];
    expect(schemaProblems("info", "OpenOrdersResponse", [order])).toEqual([]);
    expect(schemaProblems("info", "OpenOrdersResponse", [{ ...order, extra: 1 }])).not.toEqual([]);
    expect(schemaProblems("info", "OpenOrdersResponse", [{ ...order, sz: 1 }])).not.toEqual([]);
  });
});

describe("messages of every channel have the shape that the SDK's types say", () => {
  test.each(recordings)("$channel", ({ channel, event, records }) => {
    const messages = records.flatMap((record) => record.messages());
    expect(messages.length).toBeGreaterThan(10);
    for (const message of messages) {
      expect(message.channel).toBe(channel);
      expect(schemaProblems("subscription", event, message.data)).toEqual([]);
    }
  });

  test("they tell of every way that an order goes, and of fills of every kind", () => {
    const all = recordings.flatMap(({ records }) => records.flatMap(({ texts }) => texts)).join();
    for (const word of [
      '"status":"open"',
      '"status":"filled"',
      '"status":"canceled"',
      '"status":"iocCancelRejected"',
      '"status":"badAloPxRejected"',
      '"status":"reduceOnlyRejected"',
      '"status":"reduceOnlyCanceled"',
      '"status":"selfTradeCanceled"',
      '"status":"triggered"',
      '"status":"badTriggerPxRejected"',
      '"cloid":"0x',
      '"reduceOnly":true',
      '"nonUserCancel"',
      '"liquidation":{',
      '"isSnapshot":true',
      '"spread":"',
      '"fast":true',
      ..."Open Long,Open Short,Close Long,Close Short,Long > Short,Short > Long,Liquidated Cross Long"
        .split(",")
        .map((dir) => `"dir":"${dir}"`),
    ]) {
      expect(all.includes(word), word).toBe(true);
    }
  });
});
