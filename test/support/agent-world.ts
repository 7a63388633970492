/** A market with nobody on it but the agents and orders that a test puts there. */
import { assert } from "../../src/base/assert.ts";
import type { Hex } from "../../src/base/hex.ts";
import { createPrng, type Prng } from "../../src/base/prng.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import { accountOfAddress, positionSize } from "../../src/exchange/query.ts";
import {
  type Agent,
  type AgentAccount,
  type AgentKind,
  createAgentAccount,
} from "../../src/sim/agents/agent.ts";
import { DEFAULT_MARKETS, type DefaultMarket } from "../../src/sim/default-markets.ts";
import {
  createReferencePrice,
  REFERENCE_DEFAULTS,
  type ReferencePrice,
} from "../../src/sim/reference-price.ts";
import { addressOf, createTestExchange, START_MS, type TestExchange } from "./test-exchange.ts";

/** See the file's head; market 0 is BTC at 64,000. */
export interface AgentWorld {
  readonly exchange: TestExchange;
  readonly market: DefaultMarket;
  readonly reference: ReferencePrice;
  /** An account that an agent may use, funded [USDC]. */
  account(kind: AgentKind, usdc?: number, index?: number): AgentAccount;
  prng(seed: number): Prng;
  /** Somebody's resting order [ticks, lots]. */
  rest(side: Side, px: number, sz: number): void;
  /** Rests `sz` lots each at 20 legal prices on both sides of a price. */
  fillBook(px: number, sz: number): void;
  cancelAll(): void;
  setOracle(px: number): void;
  position(account: AgentAccount): number;
  /** Wakes an agent whenever it wants to be for a while [s]; returns what happened. */
  play(agents: readonly Agent[], seconds: number): ExchangeEvent[];
}

/** A world whose reference price stands still unless a volatility is asked for [1/sqrt(s)]. */
export function createAgentWorld({ sigma = 1e-12, seed = 1 } = {}): AgentWorld {
  const market = DEFAULT_MARKETS[0] as DefaultMarket;
  const exchange = createTestExchange({ markets: [market.spec], invariantsEvery: 16 });
  const reference = createReferencePrice({
    params: { ...REFERENCE_DEFAULTS, sigmaPerSqrtSec: sigma, logVolSd: 0, jumpShare: 0 },
    prng: createPrng(seed),
    startPx: market.startPx,
    startMs: START_MS,
    pxMax: market.spec.pxMax,
  });
  exchange.fund("depth", 100_000_000);
  const signer = addressOf("depth");
  const world: AgentWorld = {
    exchange,
    market,
    reference,
    account(kind, usdc = 1_000_000, index = 0) {
      const deposit = usdc * 1_000_000;
      const made = createAgentAccount({ kind, market: 0, index, deposit, nowMs: START_MS });
      exchange.run({ kind: "deposit", address: made.address, amount: deposit });
      return made;
    },
    prng: createPrng,
    rest(side, px, sz) {
      const order = { market: 0, side, px, sz, tif: TIF.alo };
      const events = exchange.run({ kind: "placeOrders", signer, orders: [order] });
      assert(events.at(-1)?.kind === "orderRested", "a test's order rests");
    },
    fillBook(px, sz) {
      for (let step = 1; step <= 20; step++) {
        world.rest(BUY, px - 10 * step, sz);
        world.rest(SELL, px + 10 * step, sz);
      }
    },
    cancelAll() {
      const cancels = exchange.log
        .filter((event) => event.kind === "orderRested")
        .map(({ oid }) => ({ market: 0, oid }));
      for (let from = 0; from < cancels.length; from += 100) {
        exchange.run({ kind: "cancelOrders", signer, cancels: cancels.slice(from, from + 100) });
      }
    },
    setOracle: (px) => {
      exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
      exchange.drain();
    },
    position: ({ address }) => positionSize(exchange.state, accountOf(exchange, address), 0),
    play: (agents, seconds) => play(world, agents, seconds),
  };
  world.setOracle(market.startPx);
  return world;
}

const accountOf = ({ state }: TestExchange, address: Hex): number =>
  accountOfAddress(state, address);

function play(world: AgentWorld, agents: readonly Agent[], seconds: number): ExchangeEvent[] {
  const { exchange, market, reference } = world;
  const from = exchange.log.length;
  const endMs = exchange.timeMs + 1_000 * seconds;
  for (;;) {
    const next = agents.toSorted((a, b) => a.nextMs() - b.nextMs())[0];
    if (next === undefined || next.nextMs() > endMs) break;
    exchange.timeMs = Math.max(exchange.timeMs, Math.ceil(next.nextMs()));
    const view = { state: exchange.state, market: 0, spec: market.spec, reference };
    for (const command of next.step({ ...view, nowMs: exchange.timeMs })) {
      exchange.run(command);
      exchange.drain();
    }
  }
  exchange.timeMs = Math.max(exchange.timeMs, endMs);
  return exchange.log.slice(from);
}
