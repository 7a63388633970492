/**
 * Depth: orders over many levels on both sides of what this provider takes for fair, thin at the touch
 * and deeper behind. Orders live for a random time that grows with their distance, are canceled when
 * fair price has passed them, and what is missing comes back after a while. The provider leans: its fair
 * price moves against what it holds.
 *
 * The ladder is a row of bands, each a distance from fair price in legal steps. A band holds one order a
 * side at a price of its own choice, so that the book has gaps and queues as others have.
 */
import { nextUnit, type Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side, sideSign } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import type { Command, OrderItem } from "../../exchange/command-codec.ts";
import { accountOfAddress, type OpenOrderView, openOrderViews } from "../../exchange/query.ts";
import { nextExponential, nextGaussian } from "../gaussian.ts";
import { referencePx } from "../reference-price.ts";
import {
  type Agent,
  type AgentAccount,
  legalPx,
  lotsOf,
  type MarketView,
  positionOf,
  stepAt,
  takeNonce,
} from "./agent.ts";

/** What a provider is like. */
export interface PassiveLiquidityOptions {
  readonly account: AgentAccount;
  /** Lower ends of the bands, rising; the last one ends the ladder [legal steps]. */
  readonly bands: readonly number[];
  /** Median value of an order at the touch [10^-6 USDC], and how it grows a legal step behind it [1]. */
  readonly medianNotional: number;
  readonly growthPerStep: number;
  /** Standard deviation of the logarithm of a size [1]. */
  readonly logSizeSd: number;
  /** Mean life of an order at the touch [s], and how much longer a legal step behind it [s]. */
  readonly lifeSec: number;
  readonly lifeSecPerStep: number;
  /** Chance that a missing order comes back at a look [ratio]. */
  readonly refill: number;
  /** Shift of fair price when the position is at its limit [1], and that limit [10^-6 USDC]. */
  readonly lean: number;
  readonly positionMax: number;
  /** Error of its fair price, drawn anew at each look [legal steps]. */
  readonly blurSteps: number;
  /** Mean time between two looks [ms]. */
  readonly everyMs: number;
  readonly prng: Prng;
  readonly startMs: number;
}

/** Most orders of one command, and so of one look. */
const ITEMS_MAX = 100;

/** A provider without orders; its first look places all. */
export function createPassiveLiquidity(options: PassiveLiquidityOptions): Agent {
  const { account, prng, everyMs, startMs } = options;
  let lastMs = startMs;
  let nextMs = startMs;
  return {
    accounts: [account],
    nextMs: () => nextMs,
    step(view) {
      const seconds = (view.nowMs - lastMs) / 1_000;
      const isFirst = lastMs === startMs;
      lastMs = view.nowMs;
      nextMs = view.nowMs + everyMs * (0.5 + 0.5 * nextExponential(prng));
      return look(options, view, { seconds, refill: isFirst ? 1 : options.refill });
    },
  };
}

interface Pace {
  /** Since the look before [s]. */
  readonly seconds: number;
  readonly refill: number;
}

function look(options: PassiveLiquidityOptions, view: MarketView, pace: Pace): Command[] {
  const { account } = options;
  const owner = accountOfAddress(view.state, account.address);
  if (owner < 0) return [];
  const fair = fairPx(options, view);
  const taken = [new Set<number>(), new Set<number>()] as const;
  const cancels: { market: number; oid: number }[] = [];
  for (const order of openOrderViews(view.state, owner)) {
    if (order.market !== view.market) continue;
    const band = keptBand(options, view, { order, fair, seconds: pace.seconds });
    if (band < 0 || taken[order.side].has(band)) {
      if (cancels.length < ITEMS_MAX) cancels.push({ market: view.market, oid: order.oid });
    } else taken[order.side].add(band);
  }
  const orders = missingOrders(options, view, { fair, taken, refill: pace.refill });
  const signed = () => ({ signer: account.address, nonce: takeNonce(account, view.nowMs) });
  const commands: Command[] = [];
  if (cancels.length > 0) commands.push({ kind: "cancelOrders", ...signed(), cancels });
  if (orders.length > 0) commands.push({ kind: "placeOrders", ...signed(), orders });
  return commands;
}

/** The wider market's price, blurred, and shifted against the position [ticks]. */
function fairPx(options: PassiveLiquidityOptions, view: MarketView): number {
  const { account, lean, positionMax, blurSteps, prng } = options;
  const px = referencePx(view.reference, view.nowMs);
  const held = (positionOf(view, account) * px) / positionMax;
  const shift = lean * Math.min(Math.max(held, -1), 1);
  return px * (1 - shift) + blurSteps * stepAt(view, px) * nextGaussian(prng);
}

/** The band of an order that stays; -1 for one that goes. */
function keptBand(
  options: PassiveLiquidityOptions,
  view: MarketView,
  { order, fair, seconds }: { order: OpenOrderView; fair: number; seconds: number },
): number {
  const steps = (sideSign(order.side) * (fair - order.px)) / stepAt(view, fair);
  const band = bandOf(options.bands, steps);
  if (band < 0) return -1;
  const life = options.lifeSec + options.lifeSecPerStep * steps;
  return nextUnit(options.prng) < Math.exp(-seconds / life) ? band : -1;
}

/** Index of the band that a distance is in; -1 outside the ladder. */
function bandOf(bands: readonly number[], steps: number): number {
  let band = -1;
  while (band + 1 < bands.length && steps >= (bands[band + 1] as number)) band += 1;
  return band === bands.length - 1 ? -1 : band;
}

function missingOrders(
  options: PassiveLiquidityOptions,
  view: MarketView,
  book: { fair: number; taken: readonly [Set<number>, Set<number>]; refill: number },
): OrderItem[] {
  const { bands, prng } = options;
  const held = positionOf(view, options.account) * book.fair;
  const orders: OrderItem[] = [];
  for (const side of [BUY, SELL] as const) {
    // A provider at its limit stops adding to what it holds.
    if (sideSign(side) * held >= options.positionMax) continue;
    for (let band = 0; band < bands.length - 1; band++) {
      if (book.taken[side].has(band) || nextUnit(prng) >= book.refill) continue;
      if (orders.length < ITEMS_MAX) orders.push(bandOrder(options, view, { ...book, side, band }));
    }
  }
  return orders;
}

function bandOrder(
  options: PassiveLiquidityOptions,
  view: MarketView,
  { fair, side, band }: { fair: number; side: Side; band: number },
): OrderItem {
  const { bands, medianNotional, growthPerStep, logSizeSd, prng } = options;
  const low = bands[band] as number;
  const high = bands[band + 1] as number;
  const steps = low + (high - low) * nextUnit(prng);
  const px = legalPx(view, side, fair - sideSign(side) * steps * stepAt(view, fair));
  const median = medianNotional * (1 + growthPerStep * steps);
  const sz = lotsOf(view, median * Math.exp(logSizeSd * nextGaussian(prng)), px);
  return { market: view.market, side, px, sz, tif: TIF.alo };
}
