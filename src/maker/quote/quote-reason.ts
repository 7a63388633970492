/** Why an order stands where it stands: the model's figures at the moment it was decided. */
import type { MakerConfig } from "../config.ts";

/** A named part of the half-spread. */
export interface QuoteTerm {
  readonly name:
    | "fixed"
    | "liquidity"
    | "inventory risk"
    | "fee"
    | "adverse selection"
    | "uncertainty"
    | "floor";
  readonly ticks: number;
}

/** What one order's price was made of. */
export interface QuoteReason {
  /** When it was decided [ms]. */
  readonly atMs: number;
  readonly model: MakerConfig["model"];
  /** 0 = best. */
  readonly level: number;
  /** [ticks, fractional] */
  readonly fairPx: number;
  readonly reservationPx: number;
  /** [ticks/sqrt(s)]; null where the model does not use it. */
  readonly sigma: number | null;
  /** [1/(bps x order)]; null where the model does not use it. */
  readonly gamma: number | null;
  /** [1/s] and [1/tick]; null where the model does not use them. */
  readonly intensityA: number | null;
  readonly intensityK: number | null;
  /** [ticks]; `terms` add up to it. */
  readonly halfSpread: number;
  readonly terms: readonly QuoteTerm[];
  /** Fair less reservation price [ticks]. */
  readonly skew: number;
  /** Before it became a legal price that does not cross [ticks, fractional]. */
  readonly rawPx: number;
  /** [ticks] */
  readonly px: number;
}
