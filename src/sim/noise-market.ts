/**
 * Something to trade against: a seeded reference price that the oracle follows, passive orders at a
 * distance from it, and noise takers that arrive at random, buy or sell at random, and lean against
 * the position they hold. All of it enters the exchange as ordinary commands.
 *
 * Deterministic: the same seed, times and exchange give the same commands.
 */
import type { Hex } from "../base/hex.ts";
import { ceilLegalPx, floorLegalPx } from "../base/instrument-spec.ts";
import { createPrng, nextBelow, nextUnit, type Prng } from "../base/prng.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import type { Command, OrderItem } from "../exchange/command-codec.ts";
import { accountOfAddress, accountSummary, openOrderIds } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { DefaultMarket } from "./default-markets.ts";
import { nextExponential, nextGaussian } from "./gaussian.ts";

/** What the noise market is made of. */
export interface NoiseMarketConfig {
  readonly seed: number;
  readonly markets: readonly DefaultMarket[];
  /** Time between oracle prices [ms]. */
  readonly oracleEveryMs: number;
  /** Mean time between takers of a market [ms]. */
  readonly takerEveryMs: number;
  /** Mean notional of a taker's order [10^-6 USDC]. */
  readonly takerNotional: number;
  /** Distances of the passive orders from the reference price [bps]. */
  readonly passiveBps: readonly number[];
  /** Notional of each passive order [10^-6 USDC]. */
  readonly passiveNotional: number;
}

/** Lively enough for a first fill within seconds. */
export const NOISE_DEFAULTS: Omit<NoiseMarketConfig, "seed" | "markets"> = {
  oracleEveryMs: 1_000,
  takerEveryMs: 900,
  takerNotional: 600 * MICROS_PER_USDC,
  passiveBps: [8, 12, 18, 27, 40],
  passiveNotional: 20_000 * MICROS_PER_USDC,
};

const TAKERS = 6;
const DEPOSIT = 1_000_000 * MICROS_PER_USDC;
/** A taker with more than this many times its mean order trades against its position. */
const LEAN_MULTIPLE = 12;
/** A taker's limit stands this far from the reference price [1]. */
const TAKER_REACH = 0.005;

/** Reference prices, clocks and accounts of the noise market. */
export interface NoiseMarket {
  readonly config: NoiseMarketConfig;
  readonly prng: Prng;
  /** Reference price of each market, unrounded [ticks]. */
  readonly reference: number[];
  /** When each market's next taker comes [ms]. */
  readonly takerAtMs: number[];
  oracleAtMs: number;
  nonce: number;
}

const agentAddress = (kind: number, index: number): Hex =>
  `0x${"b0".repeat(16)}${kind.toString(16).padStart(4, "0")}${index.toString(16).padStart(4, "0")}`;
const takerAddress = (index: number): Hex => agentAddress(1, index);
const passiveAddress = (market: number): Hex => agentAddress(2, market);

/** A noise market that starts at a time; {@link noiseGenesis} gives its accounts their money first. */
export function createNoiseMarket(config: NoiseMarketConfig, nowMs: number): NoiseMarket {
  return {
    config,
    prng: createPrng(config.seed),
    reference: config.markets.map((market) => market.startPx),
    takerAtMs: config.markets.map(() => nowMs),
    oracleAtMs: nowMs,
    nonce: nowMs,
  };
}

/** Commands that fund the noise market's accounts on a fresh exchange. */
export function noiseGenesis(config: NoiseMarketConfig): Command[] {
  const takers = Array.from({ length: TAKERS }, (_, i) => takerAddress(i));
  const passives = config.markets.map((_, i) => passiveAddress(i));
  return [...takers, ...passives].map((address) => ({ kind: "deposit", address, amount: DEPOSIT }));
}

/** Takes the reference prices from an exchange that has run before. */
export function resumeReference(noise: NoiseMarket, pricesTicks: readonly number[]): void {
  pricesTicks.forEach((px, market) => {
    if (px > 0 && market < noise.reference.length) noise.reference[market] = px;
  });
}

/** Earliest time at which the noise market wants to act [ms]. */
export const nextNoiseMs = (noise: NoiseMarket): number =>
  Math.min(noise.oracleAtMs, ...noise.takerAtMs);

/** Everything that is due at a time, as commands in order. */
export function stepNoise(noise: NoiseMarket, state: ExchangeState, nowMs: number): Command[] {
  const commands: Command[] = [];
  if (nowMs >= noise.oracleAtMs) {
    moveReference(noise, (nowMs - noise.oracleAtMs + noise.config.oracleEveryMs) / 1_000);
    noise.oracleAtMs = nowMs + noise.config.oracleEveryMs;
    const prices = noise.reference.map((px, market) => ({ market, px: Math.round(px) }));
    commands.push({ kind: "setOraclePrices", prices });
    noise.config.markets.forEach((_, market) => {
      commands.push(...refreshPassive(noise, state, market, nowMs));
    });
  }
  noise.takerAtMs.forEach((atMs, market) => {
    if (nowMs < atMs) return;
    noise.takerAtMs[market] = nowMs + noise.config.takerEveryMs * nextExponential(noise.prng);
    commands.push(takerCommand(noise, state, market, nowMs));
  });
  return commands;
}

function moveReference(noise: NoiseMarket, seconds: number): void {
  noise.config.markets.forEach(({ sigmaPerSqrtSec, spec, startPx }, market) => {
    const shock = sigmaPerSqrtSec * Math.sqrt(Math.min(seconds, 60)) * nextGaussian(noise.prng);
    const px = (noise.reference[market] as number) * Math.exp(shock);
    noise.reference[market] = Math.min(
      Math.max(px, startPx / 4, 2),
      Math.min(startPx * 4, spec.pxMax),
    );
  });
}

/** Cancels the passive orders of a market and places them anew around the reference price. */
function refreshPassive(
  noise: NoiseMarket,
  state: ExchangeState,
  market: number,
  nowMs: number,
): Command[] {
  const signer = passiveAddress(market);
  const account = accountOfAddress(state, signer);
  if (account < 0) return [];
  const cancels = openOrderIds(state, account).map((oid) => ({ market, oid }));
  const { spec } = noise.config.markets[market] as DefaultMarket;
  const reference = noise.reference[market] as number;
  const orders: OrderItem[] = noise.config.passiveBps.flatMap((bps) =>
    [BUY, SELL].map((side) => {
      const raw = reference * (1 + (side === BUY ? -bps : bps) / 10_000);
      const px =
        side === BUY ? floorLegalPx(spec, Math.floor(raw)) : ceilLegalPx(spec, Math.ceil(raw));
      const sz = Math.max(1, Math.round(noise.config.passiveNotional / px));
      return { market, side, px, sz, tif: TIF.alo };
    }),
  );
  const place: Command = { kind: "placeOrders", signer, nonce: nextNonce(noise, nowMs), orders };
  if (cancels.length === 0) return [place];
  return [{ kind: "cancelOrders", signer, nonce: nextNonce(noise, nowMs), cancels }, place];
}

function takerCommand(
  noise: NoiseMarket,
  state: ExchangeState,
  market: number,
  nowMs: number,
): Command {
  const { prng, config } = noise;
  const { spec } = config.markets[market] as DefaultMarket;
  const reference = noise.reference[market] as number;
  const signer = takerAddress(nextBelow(prng, TAKERS));
  const coin = nextUnit(prng) < 0.5 ? BUY : SELL;
  const side = leanSide(noise, state, { signer, market, px: reference }) ?? coin;
  const notional = config.takerNotional * nextExponential(prng);
  const least = Math.ceil((1.2 * spec.notionalMin) / reference);
  const sz = Math.min(Math.max(least, Math.round(notional / reference)), spec.positionMax);
  const raw = reference * (1 + (side === BUY ? TAKER_REACH : -TAKER_REACH));
  const px = side === BUY ? floorLegalPx(spec, Math.floor(raw)) : ceilLegalPx(spec, Math.ceil(raw));
  const order: OrderItem = { market, side, px, sz, tif: TIF.ioc };
  return { kind: "placeOrders", signer, nonce: nextNonce(noise, nowMs), orders: [order] };
}

/** The side that brings a taker's position back, once it is large; else null. */
function leanSide(
  noise: NoiseMarket,
  state: ExchangeState,
  taker: { signer: Hex; market: number; px: number },
): Side | null {
  const account = accountOfAddress(state, taker.signer);
  if (account < 0) return null;
  const held = accountSummary(state, account).positions.find((p) => p.market === taker.market);
  const notional = (held?.size ?? 0) * taker.px;
  if (Math.abs(notional) < LEAN_MULTIPLE * noise.config.takerNotional) return null;
  return notional > 0 ? SELL : BUY;
}

/** Nonces grow by one at least and follow the clock. */
function nextNonce(noise: NoiseMarket, nowMs: number): number {
  noise.nonce = Math.max(noise.nonce + 1, nowMs);
  return noise.nonce;
}
