/** Requests sent without waiting for answers, while signers are recovered elsewhere. */
import { once } from "node:events";
import { signL1Action } from "@nktkas/hyperliquid/signing";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../../test/live-exchange.ts";

const wallets = [1, 2].map((n) => privateKeyToAccount(`0x${String(n).repeat(64)}`));
const ORDERS = 24;
const BURSTS = 3;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Posted {
  readonly id: number;
  readonly payload: { readonly response?: unknown; readonly data?: unknown };
}
interface Placed {
  readonly data: { readonly statuses: readonly { readonly resting: { readonly oid: number } }[] };
}

/** A socket that posts, and all answers in the order in which they came. */
async function connect(exchange: LiveExchange) {
  const socket = new WebSocket(exchange.gateway.socketUrl);
  open.push({ close: () => socket.terminate() });
  await once(socket, "open");
  const answers: Posted[] = [];
  return {
    /** Resolves once there is an answer to every request. */
    postAll(requests: readonly object[]): Promise<Posted[]> {
      answers.length = 0;
      const done = new Promise<Posted[]>((resolve) => {
        socket.on("message", (text: Buffer) => {
          const { data } = JSON.parse(text.toString()) as {
            data: { id: number; response: { payload: Posted["payload"] } };
          };
          answers.push({ id: data.id, payload: data.response.payload });
          if (answers.length === requests.length) resolve([...answers]);
        });
      });
      for (const [id, request] of requests.entries()) {
        socket.send(JSON.stringify({ method: "post", id, request }));
      }
      return done.finally(() => socket.removeAllListeners("message"));
    },
  };
}

let nonce = Date.now();
async function signedOrder(wallet: (typeof wallets)[number]): Promise<object> {
  const order = { a: 0, b: true, p: "59000", s: "0.001", r: false, t: { limit: { tif: "Gtc" } } };
  const action = { type: "order", orders: [order], grouping: "na" };
  nonce += 1;
  const own = nonce;
  const payload = { action, nonce: own, signature: await signL1Action({ wallet, action, nonce }) };
  return { type: "action", payload: { ...payload, nonce: own } };
}

describe.each([0, 1, 2])("%d recovery threads", (recoveryThreads) => {
  test("orders keep their order, and a question sees what was sent before it", async () => {
    const exchange = await openLiveExchange({ recoveryThreads });
    open.push(exchange);
    await openBtcMarket(exchange);
    for (const { address } of wallets) {
      await exchange.admin("/admin/faucet", { user: address, usd: "100000" });
    }
    const sockets = await Promise.all(wallets.map(() => connect(exchange)));
    for (let burst = 1; burst <= BURSTS; burst++) {
      const all = await Promise.all(
        sockets.map(async (socket, i) => {
          const wallet = wallets[i] as (typeof wallets)[number];
          const question = { type: "info", payload: { type: "openOrders", user: wallet.address } };
          const requests: object[] = [];
          for (let n = 0; n < ORDERS; n++) requests.push(await signedOrder(wallet));
          return { socket, requests: [...requests, question] };
        }),
      );
      const replies = await Promise.all(
        all.map(({ socket, requests }) => socket.postAll(requests)),
      );
      for (const answers of replies) {
        expect(answers.map(({ id }) => id)).toEqual([...Array(ORDERS + 1).keys()]);
        const oids = answers
          .slice(0, ORDERS)
          .map(({ payload }) => (payload.response as Placed).data.statuses[0]?.resting.oid);
        expect(oids).toEqual([...oids].sort((a, b) => (a as number) - (b as number)));
        expect(new Set(oids).size).toBe(ORDERS);
        expect(answers.at(-1)?.payload.data).toHaveLength(ORDERS * burst);
      }
    }
  });
});
