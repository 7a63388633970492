import { connect, createServer, type Server, type Socket } from "node:net";
import { ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { afterEach, describe, expect, it } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../../test/live-exchange.ts";
import { asTimeMs } from "../base/units.ts";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig } from "../maker/config.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import type { KillLatch } from "../maker/risk/kill-latch.ts";
import { type RunMakerOptions, type RunningMaker, runMaker } from "./maker-runner.ts";
import { createNativeWallet } from "./native-wallet.ts";

const MAKER_KEY = `0x${"11".repeat(32)}`;
const TAKER_KEY = `0x${"22".repeat(32)}`;
const clock = { nowMs: () => asTimeMs(Date.now()) };

interface Market {
  readonly exchange: LiveExchange;
  readonly info: InfoClient;
  readonly taker: ExchangeClient;
  /** Buys or sells at once, size in coin. */
  take(buy: boolean, sz: string): Promise<void>;
}

let open: LiveExchange | null = null;
let running: RunningMaker | null = null;
let sessions = 0;

afterEach(async () => {
  await running?.stop();
  running = null;
  await open?.close();
  open = null;
});

async function openMarket(): Promise<Market> {
  const exchange = await openLiveExchange();
  open = exchange;
  await openBtcMarket(exchange);
  for (const key of [MAKER_KEY, TAKER_KEY]) {
    const user = createNativeWallet(key).address;
    await exchange.admin("/admin/faucet", { user, usd: "100000" });
  }
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  const taker = new ExchangeClient({ transport, wallet: createNativeWallet(TAKER_KEY) });
  return {
    exchange,
    info: new InfoClient({ transport }),
    taker,
    async take(buy, sz) {
      const order = { a: 0, b: buy, p: buy ? "61000" : "59000", s: sz, r: false };
      await taker.order({ orders: [{ ...order, t: { limit: { tif: "Ioc" } } }], grouping: "na" });
    },
  };
}

function start(
  market: Market,
  options: Partial<RunMakerOptions> = {},
  config: Partial<MakerConfig> = {},
): RunningMaker {
  sessions += 1;
  const wallet = createNativeWallet(MAKER_KEY);
  running = runMaker({
    url: market.exchange.gateway.url,
    wallet,
    clock,
    config: { ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: sessions, ...config },
    ...options,
  });
  return running;
}

/** Waits until the maker's status is as wished; the test's own time limit bounds the wait. */
async function until(
  maker: RunningMaker,
  holds: (status: MakerStatus) => boolean,
): Promise<MakerStatus> {
  for (;;) {
    const status = maker.status();
    if (holds(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const quoting = (status: MakerStatus): boolean =>
  status.phase === "quoting" &&
  status.orders.length === 6 &&
  status.orders.every((order) => order.state === "live");

/** A relay to a local port that can keep both directions to itself without closing them. */
interface Relay {
  readonly port: number;
  setSilent(silent: boolean): void;
  close(): Promise<void>;
}

async function openRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let silent = false;
  const server: Server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (!silent) to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has a port");
  return {
    port: address.port,
    setSilent(value) {
      silent = value;
      // Frames were lost on the way: these connections are of no use any more.
      if (!value) for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const makerAddress = createNativeWallet(MAKER_KEY).address;

describe("maker over the stock SDK against a live exchange", () => {
  it("quotes, is filled, keeps exact books and leaves nothing behind", async () => {
    const market = await openMarket();
    const maker = start(market);
    const { orders } = await until(maker, quoting);
    const listed = await market.info.openOrders({ user: makerAddress });
    expect(new Set(listed.map(({ oid }) => oid))).toEqual(new Set(orders.map(({ oid }) => oid)));

    await market.take(true, "0.002");
    await market.take(false, "0.001");
    const filled = await until(maker, (status) => status.fills.count >= 2 && quoting(status));
    expect(filled.position.size).toBe(-100);
    const { pnl } = filled;
    expect(pnl?.total).toBe((pnl?.realised ?? 0) + (pnl?.unrealised ?? 0) - (pnl?.fees ?? 0));

    const { clean, status } = await maker.stop();
    expect(clean).toBe(true);
    expect(status.phase).toBe("stopped");
    expect(await market.info.openOrders({ user: makerAddress })).toEqual([]);
    const state = await market.info.clearinghouseState({ user: makerAddress });
    expect(state.assetPositions[0]?.position.szi).toBe("-0.001");
    const equity = Number(state.marginSummary.accountValue) * 1_000_000;
    expect(Math.round(equity) - (status.startEquity ?? 0)).toBe(status.pnl?.total);
  });

  it("cancels everything on a kill, stores the latch, and places nothing until re-armed", async () => {
    const market = await openMarket();
    const stored: KillLatch[] = [];
    const latchStore = {
      load: () => stored.at(-1),
      save: (latch: KillLatch) => stored.push(latch),
    };
    const maker = start(market, { latchStore });
    await until(maker, quoting);
    maker.kill("from the test");
    await until(maker, (status) => status.flatBook);
    expect(await market.info.openOrders({ user: makerAddress })).toEqual([]);
    expect(stored.at(-1)?.reasons[0]?.text).toBe("from the test");
    await maker.stop();

    const next = start(market, { latchStore });
    await until(next, (status) => status.phase === "killed" && status.flatBook);
    expect(next.status().requests.places).toBe(0);
    next.rearm();
    await until(next, quoting);
    expect(stored.at(-1)?.killed).toBe(false);
  });

  it("cancels on the exchange when the streams fall silent, and places nothing until re-armed", async () => {
    const market = await openMarket();
    const relay = await openRelay(market.exchange.gateway.port);
    const maker = start(
      market,
      { wsUrl: `ws://127.0.0.1:${relay.port}/ws` },
      { staleDataMs: 2_500, staleDataKillMs: 3_500 },
    );
    await until(maker, quoting);
    relay.setSilent(true);
    await until(maker, (status) => status.kill.killed && status.flatBook);
    expect(maker.status().kill.reasons[0]?.reason).toBe("staleData");
    expect(await market.info.openOrders({ user: makerAddress })).toEqual([]);
    const { places } = maker.status().requests;
    relay.setSilent(false);
    await until(maker, ({ blocks }) => blocks.every(({ code }) => code === "killed"));
    expect(maker.status().requests.places).toBe(places);
    maker.rearm();
    await until(maker, quoting);
    await maker.stop();
    await relay.close();
  });

  it("clears orders that an earlier run left behind, and leaves strangers alone", async () => {
    const market = await openMarket();
    const transport = new HttpTransport({ apiUrl: market.exchange.gateway.url });
    const wallet = createNativeWallet(MAKER_KEY);
    const hands = new ExchangeClient({ transport, wallet });
    const order = (cloid: `0x${string}`) => ({
      a: 0,
      b: true,
      p: "50000",
      s: "0.001",
      r: false,
      t: { limit: { tif: "Gtc" as const } },
      c: cloid,
    });
    const old: `0x${string}` = `0x${MAKER_CONFIG_DEFAULTS.cloidPrefix}00000063${"0".repeat(15)}1`;
    const manual: `0x${string}` = `0x${"7".repeat(32)}`;
    await hands.order({ orders: [order(old), order(manual)], grouping: "na" });
    const maker = start(market);
    await until(maker, quoting);
    const cloids = (await market.info.frontendOpenOrders({ user: makerAddress })).map(
      ({ cloid }) => cloid,
    );
    expect(cloids).toContain(manual);
    expect(cloids).not.toContain(old);
    expect(maker.status().foreignOrders).toBe(1);
  });

  it("waits for a market that opens later", async () => {
    open = await openLiveExchange();
    const maker = runMaker({
      url: open.gateway.url,
      wallet: createNativeWallet(MAKER_KEY),
      clock,
      config: { ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId: 77 },
    });
    running = maker;
    expect(maker.status().blocks.map(({ code }) => code)).toContain("marketSpecUnknown");
    await open.admin("/admin/faucet", { user: makerAddress, usd: "100000" });
    await openBtcMarket(open);
    await until(maker, quoting);
    const { clean } = await maker.stop();
    expect(clean).toBe(true);
  });
});
