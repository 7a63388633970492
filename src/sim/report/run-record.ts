/**
 * What a run leaves behind, as data: the files of a run folder hold just this. Money is in micros,
 * prices in ticks, sizes in lots, all integers; `spec` of the summary says what they are worth.
 */
import type { FillRateRow } from "../../analysis/fill-rate.ts";
import type { MarkoutSummary } from "../../analysis/markout.ts";
import type { PnlSplit } from "../../analysis/pnl-attribution.ts";
import type { InstrumentSpec } from "../../base/instrument-spec.ts";

/** Version of the files' layout; raised when a reader of the old one would misread the new one. */
export const RUN_SCHEMA_VERSION = 1;

/** `run.json`: what was started, written once at the start. */
export interface RunManifest {
  readonly schemaVersion: number;
  /** Name of the folder. */
  readonly id: string;
  readonly command: "up" | "make";
  /** Command line that repeats it, as typed in a shell. */
  readonly again: string;
  /** Wall clock [ms]. */
  readonly startedMs: number;
  readonly asset: string;
  readonly venue: string;
  readonly url: string;
  /** Who traded against the maker, in words: "simulated traders of seed 42". */
  readonly market: string;
  /** Of the simulated traders; null where there are none. */
  readonly seed: number | null;
  /** Settings of the maker, defaults included. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly git: { readonly commit: string; readonly isDirty: boolean } | null;
  readonly machine: string;
}

/** `summary.json`: how the run stands, written anew every second. */
export interface RunSummary {
  readonly schemaVersion: number;
  /** `running` of a run that is gone means that it was killed. */
  readonly state: "running" | "ended";
  /** Why it ended; null while it runs. */
  readonly end: string | null;
  /** Wall clock of this summary, and time since the start [ms]. */
  readonly updatedMs: number;
  readonly ranMs: number;
  /** First and last market time of the series [ms]. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Null where the venue never told. */
  readonly spec: InstrumentSpec | null;
  /** Share of the samples at which the maker quoted [ratio]. */
  readonly quotingRatio: number;
  readonly fills: number;
  readonly buys: number;
  /** [10^-6 USDC] */
  readonly volume: number;
  /** Change of equity and its causes; null until the account was read [10^-6 USDC]. */
  readonly total: number | null;
  readonly split: PnlSplit | null;
  readonly fundingState: string;
  readonly startEquity: number | null;
  /** Change of the venue's equity beyond `total` at the last comparison [10^-6 USDC]. */
  readonly venueResidual: number | null;
  /** At the samples, a second apart at least [10^-6 USDC, ratio, ms]. */
  readonly drawdown: {
    readonly deepest: number;
    readonly ratio: number | null;
    readonly longestMs: number;
  };
  /** [lots] */
  readonly position: {
    readonly now: number;
    readonly longest: number;
    readonly shortest: number;
    readonly limit: number | null;
  };
  readonly markouts: readonly MarkoutSummary[];
  readonly fillRate: readonly FillRateRow[];
  readonly requests: {
    readonly placed: number;
    readonly canceled: number;
    readonly refused: number;
    readonly unknown: number;
  };
  readonly kills: readonly string[];
  /** What the bounds of the files left out. */
  readonly leftOut: { readonly fills: number; readonly markouts: number; readonly events: number };
}

/** A row of `fills.csv`. */
export interface FillRow {
  /** Venue time [ms]. */
  readonly timeMs: number;
  readonly tid: number;
  readonly oid: number;
  /** 0 = buy, 1 = sell. */
  readonly side: number;
  /** [ticks] */
  readonly px: number;
  /** [lots] */
  readonly sz: number;
  /** Paid [10^-6 USDC]. */
  readonly fee: number;
  /** 1 where our order crossed. */
  readonly crossed: number;
  /** Fair price just before [half-ticks]. */
  readonly fairHalfTicks: number;
  /** After the fill [lots]. */
  readonly position: number;
}

/** A row of `markouts.csv`: a fill's fair price some time later. */
export interface MarkoutRow {
  readonly tid: number;
  readonly horizonMs: number;
  readonly fairHalfTicks: number;
}

/** A row of `series.csv`; null = not known at the time. */
export interface SeriesRow {
  /** Market time [ms]. */
  readonly timeMs: number;
  /** 1 while the maker quoted. */
  readonly quoting: number;
  /** [half-ticks] */
  readonly fairHalfTicks: number | null;
  /** [ticks] */
  readonly markPx: number | null;
  readonly bookBid: number | null;
  readonly bookAsk: number | null;
  readonly ownBid: number | null;
  readonly ownAsk: number | null;
  /** [lots] */
  readonly position: number;
  readonly limit: number | null;
  /** Causes so far, as in the split [10^-6 USDC]. */
  readonly spread: number | null;
  readonly adverseSelection: number | null;
  readonly inventory: number | null;
  readonly fees: number | null;
  readonly funding: number | null;
  readonly residual: number | null;
  /** [ticks/sqrt(s)] */
  readonly sigma: number | null;
  /** [1/s] and [1/tick] */
  readonly intensityA: number | null;
  readonly intensityK: number | null;
  readonly gamma: number | null;
  /** [ticks] */
  readonly halfSpread: number | null;
  readonly skew: number | null;
}

/** A line of `events.ndjson`: what the operator or the maker changed. */
export interface RunEvent {
  /** Market time [ms]. */
  readonly timeMs: number;
  readonly kind: "phase" | "settings" | "kill";
  readonly text: string;
}

/** A whole run folder. */
export interface RunRecord {
  readonly manifest: RunManifest;
  /** Null where the run was killed before its first second was over. */
  readonly summary: RunSummary | null;
  readonly fills: readonly FillRow[];
  readonly markouts: readonly MarkoutRow[];
  readonly series: readonly SeriesRow[];
  readonly events: readonly RunEvent[];
}
