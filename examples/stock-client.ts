/**
 * The stock Hyperliquid SDK against a local exchange: two fresh accounts get test money, one places,
 * modifies and cancels, they trade with each other, and an agent wallet closes the position. Nothing
 * but the URL and the faucet is particular to Bourse.
 *
 *   node examples/stock-client.ts http://127.0.0.1:3001
 */
import {
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { formatPrice, formatSize } from "@nktkas/hyperliquid/utils";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

/** What the walk-through saw, for those who run it from a program. */
export interface StockClientReport {
  /** Statuses of the first account's orders, in the order they arrived. */
  readonly statuses: readonly string[];
  /** Trade ids of the first account's fills, in the order they arrived. */
  readonly tids: readonly number[];
  /** Open orders that are left, of both accounts. */
  readonly openOrders: number;
  /** Open positions that are left, of both accounts. */
  readonly positions: number;
}

/** Market that is traded, with its reference price. */
interface Market {
  readonly asset: number;
  readonly coin: string;
  readonly szDecimals: number;
  /** [USDC] */
  readonly mid: number;
}

type Say = (line: string) => void;
const newAccount = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());
const FAUCET_USD = "10000";
const ORDER_USD = 500;

/** Runs the walk-through against an exchange that has at least one market with a price. */
export async function runStockClient(url: string, say: Say): Promise<StockClientReport> {
  const transport = new HttpTransport({ apiUrl: url });
  const socket = new WebSocketTransport({ url: `${url.replace(/^http/, "ws")}/ws` });
  const info = new InfoClient({ transport });
  try {
    const [alice, bob] = [newAccount(), newAccount()];
    for (const { address } of [alice, bob]) await faucet(url, address, say);
    const market = await pickMarket(info, say);
    const feed = await watch(new SubscriptionClient({ transport: socket }), alice.address);
    const aliceClient = new ExchangeClient({ transport, wallet: alice });
    const bobClient = new ExchangeClient({ transport, wallet: bob });

    await placeModifyCancel(aliceClient, market, say);
    await trade(aliceClient, bobClient, market, say);
    await closeByAgent({ transport, master: bobClient, maker: aliceClient, market, say });
    await feed.untilFills(2);

    const report = await summarise(info, [alice, bob], feed);
    say(`order updates: ${report.statuses.join(", ")}`);
    say(`fills by trade id: ${report.tids.join(", ")}`);
    return report;
  } finally {
    socket.close();
  }
}

/** Asks the exchange's faucet, which answers programs on its own machine only. */
async function faucet(url: string, user: string, say: Say): Promise<void> {
  const response = await fetch(`${url}/admin/faucet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user, usd: FAUCET_USD }),
  });
  if (!response.ok) throw new Error(`faucet: ${response.status} ${await response.text()}`);
  say(`faucet: ${user} has ${FAUCET_USD} USDC`);
}

async function pickMarket(info: InfoClient, say: Say): Promise<Market> {
  const [meta, contexts] = await info.metaAndAssetCtxs();
  const asset = contexts.findIndex(({ markPx }) => Number(markPx) > 0);
  const spec = meta.universe[asset];
  const context = contexts[asset];
  if (spec === undefined || context === undefined) throw new Error("no market has a price yet");
  const mid = Number(context.midPx ?? context.markPx);
  say(`market: ${spec.name}, asset ${asset}, around ${mid}`);
  return { asset, coin: spec.name, szDecimals: spec.szDecimals, mid };
}

/** Collects what the WebSocket tells about an account. */
async function watch(subs: SubscriptionClient, user: `0x${string}`) {
  const statuses: string[] = [];
  const tids: number[] = [];
  let wake: () => void = () => undefined;
  await subs.orderUpdates({ user }, (updates) => {
    statuses.push(...updates.map(({ status }) => status));
  });
  await subs.userFills({ user }, ({ fills }) => {
    tids.push(...fills.map(({ tid }) => tid));
    wake();
  });
  return {
    statuses,
    tids,
    /** Waits until at least this many fills arrived. */
    async untilFills(count: number): Promise<void> {
      while (tids.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** A price at a distance from the mid, in the market's steps. */
const at = ({ mid, szDecimals }: Market, factor: number): string =>
  formatPrice(mid * factor, szDecimals);
const size = ({ mid, szDecimals }: Market): string => formatSize(ORDER_USD / mid, szDecimals);

async function placeModifyCancel(client: ExchangeClient, market: Market, say: Say): Promise<void> {
  const { asset: a } = market;
  const order = { a, b: true, s: size(market), r: false, t: { limit: { tif: "Alo" as const } } };
  const placed = await client.order({
    orders: [{ ...order, p: at(market, 0.9) }],
    grouping: "na",
  });
  say(`placed: ${JSON.stringify(placed.response.data.statuses)}`);
  const [status] = placed.response.data.statuses;
  if (typeof status !== "object" || !("resting" in status)) throw new Error("the order rests");

  const moved = await client.batchModify({
    modifies: [{ oid: status.resting.oid, order: { ...order, p: at(market, 0.91) } }],
  });
  say(`modified, with a new id: ${JSON.stringify(moved.response.data.statuses)}`);
  const [next] = moved.response.data.statuses;
  if (typeof next !== "object" || !("resting" in next)) throw new Error("the replacement rests");

  const canceled = await client.cancel({ cancels: [{ a, o: next.resting.oid }] });
  say(`canceled: ${JSON.stringify(canceled.response.data.statuses)}`);
}

async function trade(
  seller: ExchangeClient,
  buyer: ExchangeClient,
  market: Market,
  say: Say,
): Promise<void> {
  const { asset: a } = market;
  const s = size(market);
  await seller.order({
    orders: [{ a, b: false, p: at(market, 1), s, r: false, t: { limit: { tif: "Gtc" } } }],
    grouping: "na",
  });
  const taken = await buyer.order({
    orders: [{ a, b: true, p: at(market, 1.02), s, r: false, t: { limit: { tif: "Ioc" } } }],
    grouping: "na",
  });
  say(`bought: ${JSON.stringify(taken.response.data.statuses)}`);
}

/** The master appoints an agent once; the agent's key then trades for the master's account. */
async function closeByAgent(parts: {
  transport: HttpTransport;
  master: ExchangeClient;
  maker: ExchangeClient;
  market: Market;
  say: Say;
}): Promise<void> {
  const { transport, master, maker, market, say } = parts;
  const { asset: a } = market;
  const s = size(market);
  const wallet = newAccount();
  await master.approveAgent({ agentAddress: wallet.address, agentName: "desk" });
  say(`agent: ${wallet.address} may trade for its master`);
  const agent = new ExchangeClient({ transport, wallet });
  await maker.order({
    orders: [{ a, b: true, p: at(market, 1), s, r: true, t: { limit: { tif: "Gtc" } } }],
    grouping: "na",
  });
  const closed = await agent.order({
    orders: [{ a, b: false, p: at(market, 0.98), s, r: true, t: { limit: { tif: "Ioc" } } }],
    grouping: "na",
  });
  say(`closed by the agent: ${JSON.stringify(closed.response.data.statuses)}`);
}

async function summarise(
  info: InfoClient,
  accounts: readonly PrivateKeyAccount[],
  feed: { statuses: readonly string[]; tids: readonly number[] },
): Promise<StockClientReport> {
  let openOrders = 0;
  let positions = 0;
  for (const { address: user } of accounts) {
    openOrders += (await info.frontendOpenOrders({ user })).length;
    positions += (await info.clearinghouseState({ user })).assetPositions.length;
  }
  return { statuses: feed.statuses, tids: feed.tids, openOrders, positions };
}

if (import.meta.main) {
  const url = process.argv[2] ?? "http://127.0.0.1:3001";
  await runStockClient(url, (line) => console.log(line));
}
