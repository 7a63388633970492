/**
 * One client's load for the kill test: it places, cancels, modifies and trades by the stock SDK and
 * keeps a model of what was acknowledged. Operations without an answer leave their orders in doubt.
 */
import { ExchangeClient, HttpTransport } from "@nktkas/hyperliquid";
import { privateKeyToAccount } from "viem/accounts";
import { createPrng, nextBelow, type Prng } from "../../src/base/prng.ts";

/** What the answers so far say about an order. */
export type ModelState = "open" | "canceled" | "filled" | "doubt";

/** A client and its model. */
export interface LoadClient {
  readonly address: `0x${string}`;
  readonly prng: Prng;
  readonly orders: Map<`0x${string}`, ModelState>;
  /** Orders that rest by the model. */
  readonly open: `0x${string}`[];
  /** Size that answers said was taken [10^-5 BTC]. */
  filledLots: number;
  acknowledged: number;
  readonly index: number;
  readonly key: `0x${string}`;
  nextCloid: number;
}

/** A client with a key of its own. */
export function createLoadClient(index: number, seed: number): LoadClient {
  const key = `0x${(0x1000 + index).toString(16).padStart(64, "0")}` as const;
  return {
    address: privateKeyToAccount(key).address.toLowerCase() as `0x${string}`,
    prng: createPrng(seed * 1_000 + index),
    orders: new Map(),
    open: [],
    filledLots: 0,
    acknowledged: 0,
    index,
    key,
    nextCloid: 1,
  };
}

/** Runs random operations until `isOver` or a connection breaks. */
export async function runLoad(
  client: LoadClient,
  url: string,
  isOver: () => boolean,
): Promise<void> {
  const transport = new HttpTransport({ apiUrl: url, timeout: 3_000 });
  const exchange = new ExchangeClient({ transport, wallet: privateKeyToAccount(client.key) });
  while (!isOver()) {
    const dice = nextBelow(client.prng, 10);
    try {
      if (dice < 6 || client.open.length < 3) await place(client, exchange, dice);
      else if (dice < 8) await cancel(client, exchange);
      else await modify(client, exchange);
    } catch {
      // The server was killed under us: what was in flight stays in doubt.
      return;
    }
  }
}

type Client = InstanceType<typeof ExchangeClient>;

function newCloid(client: LoadClient): `0x${string}` {
  const text =
    (client.index + 1).toString(16).padStart(8, "0") +
    (client.nextCloid++).toString(16).padStart(24, "0");
  return `0x${text}`;
}

/** Clients with an even index rest bids far from the market; odd ones rest offers there, and buy. */
const priceOf = (client: LoadClient): string =>
  client.index % 2 === 0
    ? String(30_000 + nextBelow(client.prng, 9_000))
    : String(90_000 + nextBelow(client.prng, 5_000));

async function place(client: LoadClient, exchange: Client, dice: number): Promise<void> {
  const count = 1 + nextBelow(client.prng, 4);
  const cloids = Array.from({ length: count }, () => newCloid(client));
  for (const cloid of cloids) client.orders.set(cloid, "doubt");
  const b = client.index % 2 === 0;
  const isTaker = dice === 0 && !b;
  const reply = await exchange
    .order({
      orders: cloids.map((c) => ({
        a: 0,
        b: isTaker ? false : b,
        p: isTaker ? "30000" : priceOf(client),
        s: "0.001",
        r: false,
        t: { limit: { tif: isTaker ? ("Ioc" as const) : ("Gtc" as const) } },
        c,
      })),
      grouping: "na",
    })
    .catch((error: unknown) => repliedError(error));
  if (reply === null) return;
  reply.response.data.statuses.forEach((status, i) => {
    const cloid = cloids[i] as `0x${string}`;
    client.acknowledged += 1;
    if (typeof status === "object" && "resting" in status) {
      client.orders.set(cloid, "open");
      client.open.push(cloid);
    } else if (typeof status === "object" && "filled" in status) {
      client.orders.set(cloid, "filled");
      client.filledLots += Math.round(Number(status.filled.totalSz) * 100_000);
    } else {
      client.orders.delete(cloid);
    }
  });
}

async function cancel(client: LoadClient, exchange: Client): Promise<void> {
  const cloid = takeOpen(client);
  client.orders.set(cloid, "doubt");
  const reply = await exchange
    .cancelByCloid({ cancels: [{ asset: 0, cloid }] })
    .catch((error: unknown) => repliedError(error));
  if (reply === null) return;
  client.acknowledged += 1;
  // A refusal means that somebody's sale took it first.
  client.orders.set(cloid, "success" === reply.response.data.statuses[0] ? "canceled" : "filled");
}

async function modify(client: LoadClient, exchange: Client): Promise<void> {
  const cloid = takeOpen(client);
  const c = newCloid(client);
  client.orders.set(cloid, "doubt");
  client.orders.set(c, "doubt");
  const order = {
    a: 0,
    b: client.index % 2 === 0,
    p: priceOf(client),
    s: "0.002",
    r: false,
    t: { limit: { tif: "Alo" as const } },
    c,
  };
  const reply = await exchange
    .batchModify({ modifies: [{ oid: cloid, order }] })
    .catch((error: unknown) => repliedError(error));
  if (reply === null) return;
  client.acknowledged += 1;
  const status = reply.response.data.statuses[0];
  if (typeof status === "object" && "resting" in status) {
    client.orders.set(cloid, "canceled");
    client.orders.set(c, "open");
    client.open.push(c);
  } else {
    client.orders.set(cloid, "filled");
    client.orders.delete(c);
  }
}

function takeOpen(client: LoadClient): `0x${string}` {
  const at = nextBelow(client.prng, client.open.length);
  return client.open.splice(at, 1)[0] as `0x${string}`;
}

type Status =
  | string
  | { resting: { oid: number } }
  | { filled: { totalSz: string } }
  | { error: string };

interface Replied {
  response: { data: { statuses: Status[] } };
}

/** The SDK throws when an item was refused; the answer is in the error. A broken connection throws on. */
function repliedError(error: unknown): Replied | null {
  const { response } = error as { response?: Replied & { status?: string } };
  if (response?.status === "ok") return response;
  throw error;
}
