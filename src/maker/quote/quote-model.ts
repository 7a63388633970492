/**
 * Where and how wide to quote, by the model that the settings name. Prices in bps of the fair price
 * and inventory in orders of one level go into the formulas, so that neither the tick nor the lot of a
 * market changes what a setting means; ticks come out.
 *
 *   q            = position x fair / levelNotional                              [orders]
 *   half-spread  = the model's terms + fee + adverse selection + uncertainty, at least the floor
 *   reservation  = fair - skew          skew > 0 moves both quotes down         [ticks]
 *                  at most as far as a quote may stand at all
 *
 * Premiums are added, never multiplied: each is bounded, named and shown. A result that is not a
 * number makes the quote null, and then nothing is quoted.
 */
import type { MakerConfig } from "../config.ts";
import { adverseSelectionBps } from "../estimate/adverse-selection.ts";
import { currentIntensity, type Estimates } from "../estimate/estimates.ts";
import { makerFeeBps } from "../estimate/maker-fee.ts";
import { volatilityOf } from "../estimate/volatility.ts";
import { avellanedaStoikovHalfSpread, reservationShift } from "./avellaneda-stoikov.ts";
import { fixedReservation } from "./fixed-spread.ts";
import { glftQuote } from "./glft.ts";
import { equalShares, levelShares } from "./level-shares.ts";
import type { QuoteReason, QuoteTerm } from "./quote-reason.ts";

/** Whether a figure comes from observations or is still the prior. */
export type EstimateSource = "estimated" | "prior";

/** An estimate's source and the observations behind it. */
export interface EstimateNote {
  readonly source: EstimateSource;
  readonly count: number;
}

/** Where and how wide to quote, and why. */
export interface ModelQuote {
  readonly name: MakerConfig["model"];
  /** [ticks, fractional] */
  readonly fairPx: number;
  readonly reservationPx: number;
  /** [ticks/sqrt(s)]; null where the model does not use it. */
  readonly sigma: number | null;
  /** [1/s] and [1/tick]; null where the model does not use them. */
  readonly intensityA: number | null;
  readonly intensityK: number | null;
  /** [1/(bps x order)]; null where the model does not use it. */
  readonly gamma: number | null;
  /** [ticks] */
  readonly halfSpread: number;
  /** Parts that add up to `halfSpread`. */
  readonly terms: readonly QuoteTerm[];
  /** Fair less reservation price [ticks]. */
  readonly skew: number;
  /** Size of each level as a multiple of the mean, best first [1]. */
  readonly shares: readonly number[];
  readonly estimates: {
    readonly sigma: EstimateNote;
    readonly intensity: EstimateNote;
    readonly adverseSelection: EstimateNote;
    readonly fee: EstimateNote;
  };
}

/** What a quote is made from. */
export interface ModelInput {
  /** [ticks, fractional] */
  readonly fairPx: number;
  /** [lots] */
  readonly position: number;
  /** [lots] */
  readonly positionLimit: number;
  readonly estimates: Estimates;
  readonly config: MakerConfig;
}

/** Fills before the cost of being filled counts as measured. */
const FILLS_MIN = 5;
/** Widening while nothing is estimated, as a share of the half-spread before it [1]. */
const UNCERTAINTY_SHARE = 0.1;

/** The quote of the settings' model; null where it cannot be computed. */
export function modelQuote(input: ModelInput): ModelQuote | null {
  const quote = input.config.model === "fixedSpread" ? fixedQuote(input) : optimalQuote(input);
  const isSound = [quote.halfSpread, quote.skew, quote.reservationPx].every(Number.isFinite);
  return isSound && quote.halfSpread > 0 && quote.reservationPx > 0 ? quote : null;
}

function fixedQuote(input: ModelInput): ModelQuote {
  const { fairPx, config } = input;
  const reservationPx = fixedReservation({ ...config, ...input });
  const halfSpread = (reservationPx * config.halfSpreadBps) / 10_000;
  return {
    name: config.model,
    fairPx,
    reservationPx,
    sigma: null,
    intensityA: null,
    intensityK: null,
    gamma: null,
    halfSpread,
    terms: [{ name: "fixed", ticks: halfSpread }],
    skew: fairPx - reservationPx,
    shares: equalShares(config.levels),
    estimates: estimateNotes(input),
  };
}

/** Both models of optimal control; all in bps and orders until the end. */
function optimalQuote(input: ModelInput): ModelQuote {
  const { fairPx, position, config, estimates } = input;
  const notes = estimateNotes(input);
  const sigmaBps = volatilityOf(estimates.volatility, config).sigma * 10_000;
  const { intensityA, intensityK } = currentIntensity(estimates, config);
  const gamma = config.gammaBase;
  const core =
    config.model === "avellanedaStoikov"
      ? finiteHorizon({ gamma, sigma: sigmaBps, intensityK, horizonSeconds: config.horizonSeconds })
      : glftQuote({ gamma, sigma: sigmaBps, intensityA, intensityK, orderSz: 1 });
  const fee = makerFeeBps(estimates.makerFee, config.makerFeeBps);
  const adverse = adverseSelectionBps(estimates.adverseSelection);
  const terms: { name: QuoteTerm["name"]; bps: number }[] = [
    { name: "liquidity", bps: core.liquidityTerm },
    { name: "inventory risk", bps: core.riskTerm },
    { name: "fee", bps: fee },
    { name: "adverse selection", bps: adverse },
  ];
  const sum = (): number => terms.reduce((total, { bps }) => total + bps, 0);
  terms.push({ name: "uncertainty", bps: UNCERTAINTY_SHARE * uncertainty(notes) * sum() });
  terms.push({ name: "floor", bps: Math.max(0, config.minSpreadFloorBps - sum()) });
  const halfSpreadBps = sum();
  const orders = (position * fairPx) / config.levelNotional;
  const tick = fairPx / 10_000;
  const skewMax = config.quoteDistanceBpsMax;
  const skew = Math.min(Math.max(core.skewPerUnit * orders, -skewMax), skewMax) * tick;
  return {
    name: config.model,
    fairPx,
    reservationPx: fairPx - skew,
    sigma: sigmaBps * tick,
    intensityA,
    intensityK: intensityK / tick,
    gamma,
    halfSpread: halfSpreadBps * tick,
    terms: terms.map(({ name, bps }) => ({ name, ticks: bps * tick })),
    skew,
    shares: levelShares({
      levels: config.levels,
      halfSpreadBps,
      levelSpacingBps: config.levelSpacingBps,
      intensityK,
      costBps: fee + adverse,
    }),
    estimates: notes,
  };
}

function finiteHorizon(input: Parameters<typeof avellanedaStoikovHalfSpread>[0]) {
  return { ...avellanedaStoikovHalfSpread(input), skewPerUnit: reservationShift(input) };
}

function estimateNotes({ estimates, config }: ModelInput): ModelQuote["estimates"] {
  const volatility = volatilityOf(estimates.volatility, config);
  const intensity = currentIntensity(estimates, config);
  const note = (fills: number, least: number): EstimateNote => ({
    source: fills >= least ? "estimated" : "prior",
    count: fills,
  });
  return {
    sigma: { source: volatility.source, count: volatility.count },
    intensity: { source: intensity.source, count: intensity.count },
    adverseSelection: note(estimates.adverseSelection.count, FILLS_MIN),
    fee: note(estimates.makerFee.notional > 0 ? estimates.intensity.count : 0, 1),
  };
}

/** Share of the estimates that are still priors [1]. */
function uncertainty({ sigma, intensity, adverseSelection }: ModelQuote["estimates"]): number {
  const parts = [sigma, intensity, adverseSelection];
  return parts.filter(({ source }) => source === "prior").length / parts.length;
}

/** The reason of an order at a level of the ladder. */
export const quoteReason = (
  quote: ModelQuote,
  { atMs, level, rawPx, px }: Pick<QuoteReason, "atMs" | "level" | "rawPx" | "px">,
): QuoteReason => ({
  atMs,
  model: quote.name,
  level,
  fairPx: quote.fairPx,
  reservationPx: quote.reservationPx,
  sigma: quote.sigma,
  gamma: quote.gamma,
  intensityA: quote.intensityA,
  intensityK: quote.intensityK,
  halfSpread: quote.halfSpread,
  terms: quote.terms,
  skew: quote.skew,
  rawPx,
  px,
});
