/**
 * A busy exchange from a seed: three markets, a dozen accounts that place, take, modify, cancel,
 * reduce and are refused; agents named and unnamed; accounts that are liquidated.
 */
import type { Hex } from "../../src/base/hex.ts";
import { floorLegalPx, type InstrumentSpec } from "../../src/base/instrument-spec.ts";
import { createPrng, nextBelow, type Prng } from "../../src/base/prng.ts";
import type { Side } from "../../src/base/side.ts";
import { TIF, type Tif } from "../../src/base/time-in-force.ts";
import type { Command, OrderItem } from "../../src/exchange/command-codec.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import { VENUE_FUNDING } from "../../src/exchange/funding/funding-terms.ts";
import { allMarkets, markCommand } from "../../src/gateway/venue-terms.ts";
import { openOrdersOf } from "../../src/projection/orders.ts";
import { createLocalExchange, type LocalExchange } from "./local-exchange.ts";

/** Addresses of the accounts; their ids follow the exchange's own two. */
export const USERS: readonly Hex[] = Array.from({ length: 12 }, (_, i) => addressOf(0xa0 + i));
/** An agent with a name, and one without. */
export const NAMED_AGENT: Hex = addressOf(0xb0);
export const UNNAMED_AGENT: Hex = addressOf(0xb1);
/** Has never been seen. */
export const STRANGER: Hex = addressOf(0xcc);
/** A cloid that the first user's oldest resting order bears. */
export const KNOWN_CLOID: Hex = "0x0123456789abcdef0123456789abcdef";

const SPECS: readonly InstrumentSpec[] = [
  spec("BTC", 5, 40, 600_000),
  spec("SOL", 2, 20, 1_500_000),
  spec("kPEPE", 0, 10, 8_000),
];

function spec(name: string, szDecimals: number, maxLeverage: number, px: number): InstrumentSpec {
  return {
    name,
    szDecimals,
    maxLeverage,
    pxMax: px * 10,
    positionMax: Math.floor(2 ** 49 / (px * 10)),
    notionalMin: 10_000_000,
    priceRule: "fiveSignificantFigures",
  };
}

const START_PX = [600_000, 1_500_000, 8_000];

/** The exchange, and every event of its life. */
export interface BusyExchange {
  readonly local: LocalExchange;
  readonly events: ExchangeEvent[];
  /** Lives on for some more groups of commands. */
  live(groups: number): void;
  /** The last user buys SOL as high as margin goes, and the price falls until the account is closed. */
  crash(): void;
}

/** A busy exchange of a seed; equal seeds give equal exchanges. */
export function createBusyExchange(seed: number): BusyExchange {
  const local = createLocalExchange();
  const prng = createPrng(seed);
  const events: ExchangeEvent[] = [];
  const px = [...START_PX];
  const nonces = new Map<Hex, number>();
  const signed = (signer: Hex) => {
    const nonce = Math.max(local.nowMs, (nonces.get(signer) ?? 0) + 1);
    nonces.set(signer, nonce);
    return { signer, nonce };
  };
  const run = (...commands: Command[]): void => {
    local.nowMs += 1 + nextBelow(prng, 4000);
    events.push(...local.run(...commands));
  };

  run(...SPECS.map((one): Command => ({ kind: "createMarket", spec: one })));
  run(fundingCommand(local.state), markCommand("venue", allMarkets(local.state)));
  run(oracle(px));
  for (const [i, address] of USERS.entries()) {
    const amount = i === USERS.length - 1 ? 400_000_000 : 50_000_000_000;
    run({ kind: "deposit", address, amount });
  }
  const [first] = USERS as [Hex];
  run(
    { kind: "approveAgent", agent: NAMED_AGENT, name: "quoter", validUntilMs: 0, ...signed(first) },
    { kind: "approveAgent", agent: UNNAMED_AGENT, name: "", validUntilMs: 0, ...signed(first) },
    {
      kind: "placeOrders",
      orders: [restingBid(KNOWN_CLOID)],
      ...signed(NAMED_AGENT),
    },
    { kind: "createSubAccount", name: "hedge", ...signed(first) },
    { kind: "usdSend", destination: USERS[1] as Hex, amount: 1_000_000, ...signed(first) },
  );

  const twap = (user: number, more: object) =>
    ({
      kind: "twapOrder",
      twap: { market: 0, side: 0, sz: 1000, minutes: 5, ...more },
      ...signed(USERS[user] as Hex),
    }) as const;
  // Ids 1 to 5: one runs to its end, one is ended, one waits for ever, one begins and stops, one fails.
  run(
    twap(0, { randomize: true }),
    twap(0, { side: 1 }),
    twap(0, { trigger: { px: 1, above: false } }),
  );
  run(twap(0, { trigger: { px: 601_000, above: true }, stopPx: 602_000 }));
  run(twap(5, { sz: 90_000_000, stopPx: 1 }));
  run({ kind: "twapCancel", market: 0, twapId: 2, ...signed(first) });

  const live = (groups: number): void => {
    for (let group = 0; group < groups; group++) {
      const commands = Array.from({ length: 1 + nextBelow(prng, 4) }, () =>
        randomCommand(local, prng, px, signed),
      );
      run(...commands);
      if (group % 10 === 9) {
        px.forEach((last, market) => {
          const step = Math.floor(last / 200);
          const next = last + nextBelow(prng, 2 * step + 1) - step;
          px[market] = floorLegalPx(SPECS[market] as InstrumentSpec, next);
        });
        run(oracle(px), { kind: "tick" });
      }
    }
  };
  const crash = (): void => {
    const [market, name] = [1, SPECS[1] as InstrumentSpec];
    const [maker, victim] = [USERS[1] as Hex, USERS.at(-1) as Hex];
    const at = (factor: number): number =>
      floorLegalPx(name, Math.floor((START_PX[1] as number) * factor));
    const order = (side: Side, factor: number, tif: Tif): OrderItem => ({
      market,
      side,
      px: at(factor),
      sz: 4500,
      tif,
    });
    // The oracle alone is to bring the victim down.
    run(markCommand("oracle", [1]));
    px[1] = at(1);
    // The mark is to fall with the oracle, whatever the book says.
    run(markCommand("oracle", [market]), { kind: "deposit", address: victim, amount: 50_000_000 });
    run(oracle(px));
    run({ kind: "placeOrders", orders: [order(1, 1, TIF.gtc)], ...signed(maker) });
    run({ kind: "placeOrders", orders: [order(0, 1, TIF.ioc)], ...signed(victim) });
    run({ kind: "placeOrders", orders: [order(0, 0.93, TIF.gtc)], ...signed(maker) });
    px[1] = at(0.94);
    run(oracle(px));
  };
  return { local, events, live, crash };
}

/** The venue's terms, and a payment a minute instead of one an hour. */
const fundingCommand = (state: LocalExchange["state"]): Command => ({
  kind: "setFunding",
  ...VENUE_FUNDING,
  intervalMs: 60_000,
  markets: allMarkets(state).map((market) => ({ market, impactNotional: 6_000_000_000 })),
});

const oracle = (px: readonly number[]): Command => ({
  kind: "setOraclePrices",
  prices: px.map((each, market) => ({ market, px: each })),
});

/** Far under the market, so that it stays. */
const restingBid = (cloid: Hex): OrderItem => ({
  market: 0,
  side: 0,
  px: 300_000,
  sz: 1000,
  tif: TIF.gtc,
  cloid,
});

type Signed = (signer: Hex) => { signer: Hex; nonce: number };

function randomCommand(
  local: LocalExchange,
  prng: Prng,
  px: readonly number[],
  signed: Signed,
): Command {
  const at = nextBelow(prng, USERS.length - 1);
  const signer = at === 0 && nextBelow(prng, 2) === 0 ? UNNAMED_AGENT : (USERS[at] as Hex);
  const open = openOrdersOf(local.models.orders, at + 2).filter(
    ({ cloid }) => cloid !== KNOWN_CLOID,
  );
  const target = open[nextBelow(prng, Math.max(1, open.length))];
  const dice = nextBelow(prng, 20);
  if (target !== undefined && dice < 3) {
    const { market, oid } = target;
    return { kind: "cancelOrders", cancels: [{ market, oid }], ...signed(signer) };
  }
  if (target !== undefined && dice < 5) {
    const order = { ...randomOrder(prng, px), market: target.market, px: target.px };
    const modify = { target: { oid: target.oid }, order, alwaysPlace: true };
    return { kind: "modifyOrders", modifies: [modify], ...signed(signer) };
  }
  if (dice === 5 && at === 3) {
    return { kind: "scheduleCancel", timeMs: local.nowMs + 60_000, ...signed(signer) };
  }
  const orders = Array.from({ length: 1 + nextBelow(prng, 4) }, () => randomOrder(prng, px));
  return { kind: "placeOrders", orders, ...signed(signer) };
}

const TIFS: readonly Tif[] = [TIF.gtc, TIF.gtc, TIF.ioc, TIF.alo, TIF.frontendMarket];

function randomOrder(prng: Prng, px: readonly number[]): OrderItem {
  const market = nextBelow(prng, px.length);
  const oraclePx = px[market] as number;
  const offset = Math.floor((oraclePx * (nextBelow(prng, 161) - 80)) / 5000);
  const notional = 5_000_000 + nextBelow(prng, 1000) * 1_000_000;
  const order: OrderItem = {
    market,
    side: nextBelow(prng, 2) as Side,
    px: floorLegalPx(SPECS[market] as InstrumentSpec, oraclePx + offset),
    sz: 1 + Math.floor(notional / oraclePx),
    tif: TIFS[nextBelow(prng, TIFS.length)] as Tif,
  };
  if (nextBelow(prng, 3) === 0) order.reduceOnly = true;
  if (nextBelow(prng, 3) === 0) order.cloid = randomCloid(prng);
  if (nextBelow(prng, 8) === 0) {
    const spec = SPECS[market] as InstrumentSpec;
    const near = oraclePx + Math.floor((oraclePx * (nextBelow(prng, 41) - 20)) / 5000);
    order.trigger = { px: floorLegalPx(spec, near), takeProfit: nextBelow(prng, 2) === 0 };
    order.tif = nextBelow(prng, 2) === 0 ? TIF.gtc : TIF.ioc;
  }
  return order;
}

function randomCloid(prng: Prng): Hex {
  const words = Array.from({ length: 4 }, () => nextBelow(prng, 2 ** 32));
  return `0x${words.map((word) => word.toString(16).padStart(8, "0")).join("")}`;
}

function addressOf(last: number): Hex {
  return `0x${last.toString(16).padStart(40, "0")}`;
}
