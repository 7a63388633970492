/**
 * What the operator's server sends, as the page reads it. The page shares no code with the server,
 * so these types are its own; a test holds the two copies together. Prices are in ticks, sizes in
 * lots, money in micros (10^-6 USDC), times in ms; null = not known.
 */

/** Version of the view's shape that this page understands. */
export const VIEW_SCHEMA = 4;

/** One price level; size null = farther out than the venue shows [ticks, lots, lots]. */
export interface Level {
  readonly px: number;
  readonly sz: number | null;
  readonly own: number;
}

/** One of our own orders; `queueAhead` is an estimate of what stands before it [lots]. */
export interface OwnOrder {
  readonly id: string;
  readonly side: "buy" | "sell";
  readonly px: number;
  readonly sz: number;
  readonly status: "pending" | "open" | "canceling" | "unknown";
  readonly timeMs: number;
  readonly queueAhead: number | null;
}

/** How one side is quoted, and why not more. */
export interface SideStatus {
  readonly state: "quoting" | "partial" | "off";
  readonly text: string;
}

/** A named part of the half-spread [ticks]. */
export interface Term {
  readonly name: string;
  readonly ticks: number;
}

/** Where an order's price came from [ticks, ticks/sqrt(s), 1/s, 1/tick]. */
export interface Reason {
  readonly atMs: number;
  readonly level: number;
  readonly fairPx: number;
  readonly reservationPx: number;
  readonly sigma: number | null;
  readonly gamma: number | null;
  readonly intensityA: number | null;
  readonly intensityK: number | null;
  readonly halfSpread: number | null;
  readonly terms: readonly Term[];
  readonly skew: number | null;
  readonly rawPx: number;
  readonly px: number;
}

type EstimateSource = "estimated" | "prior";

/** What the maker quotes by [ticks, ticks/sqrt(s), 1/s, 1/tick]. */
export interface Model {
  readonly name: string;
  readonly reservationPx: number | null;
  readonly sigma: number | null;
  readonly intensityA: number | null;
  readonly intensityK: number | null;
  readonly gamma: number | null;
  readonly halfSpread: number | null;
  readonly terms: readonly Term[];
  readonly skew: number | null;
  readonly sources: { readonly sigma: EstimateSource; readonly intensity: EstimateSource };
  readonly observations: number;
}

/** One fill of ours; fee and realised [10^-6 USDC]. */
export interface Fill {
  readonly tid: number;
  readonly timeMs: number;
  readonly side: "buy" | "sell";
  readonly px: number;
  readonly sz: number;
  readonly fee: number;
  readonly realised: number;
  readonly taker: boolean;
}

/** Markouts of one fill, in the order of the view's horizons [bps]. */
export interface FillMarkout {
  readonly tid: number;
  readonly bps: readonly (number | null)[];
}

/** Markouts of all fills at one horizon [ms, fills, bps, bps]. */
export interface Markout {
  readonly horizonMs: number;
  readonly n: number;
  readonly meanBps: number | null;
  readonly standardErrorBps: number | null;
}

/** Prices that margin and funding follow [ticks], and the funding that comes next [1/h, ms]. */
export interface Reference {
  readonly oraclePx: number;
  readonly markPx: number | null;
  readonly fundingRate: number | null;
  readonly nextFundingMs: number | null;
}

/** Profit and loss; realised + unrealised - fees + funding = net [10^-6 USDC]. */
export interface Pnl {
  readonly realised: number;
  readonly unrealised: number;
  readonly fees: number;
  readonly funding: number;
  readonly net: number;
}

/** The same net by cause [10^-6 USDC]. */
export interface Split {
  readonly spread: number;
  readonly adverseSelection: number;
  readonly inventory: number;
  readonly fees: number;
  readonly funding: number;
  readonly residual: number;
}

/** A setting that can be changed while the maker runs. */
export interface Parameter {
  readonly key: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  readonly unit: string;
  readonly text: string;
}

/** One limit and where things stand against it. */
export interface LimitRow {
  readonly key: string;
  readonly name: string;
  readonly unit: "usd" | "ratio" | "lots" | "ms" | "count";
  readonly now: number | null;
  readonly soft: number | null;
  readonly hard: number | null;
  readonly safe: "below" | "above";
  readonly action: string;
  readonly tripMs: number | null;
}

/** One change of the kill switch. */
export interface KillEvent {
  readonly timeMs: number;
  readonly kind: "killed" | "rearmed";
  readonly text: string;
}

/** One input of the maker; null = it never came [ms]. */
export interface Feed {
  readonly name: string;
  readonly ageMs: number | null;
  readonly ageMsMax: number;
}

/** Limits, kill switch, dead-man timer and inputs. */
export interface Risk {
  readonly limits: readonly LimitRow[];
  readonly kill: { readonly killed: boolean; readonly history: readonly KillEvent[] };
  readonly deadMan: { readonly periodMs: number; readonly firesMs: number | null };
  readonly feeds: readonly Feed[];
  readonly loopLagMs: number;
}

/** Something that happened, for the operator to look up. */
export interface PageEvent {
  readonly id: number;
  readonly timeMs: number;
  readonly tone: "plain" | "good" | "warn" | "bad";
  readonly text: string;
}

/** Everything that the page shows. */
export interface View {
  readonly venue: "SIM" | "LOCAL" | "TESTNET" | "MAINNET";
  readonly account: string;
  readonly coin: string;
  readonly szDecimals: number;
  readonly timeMs: number;
  readonly marketTimeMs: number;
  /** How fast market time ran in the last second against real time; 1 = as fast. */
  readonly speed: number;
  readonly state: {
    readonly name: "starting" | "quoting" | "paused" | "stale" | "killed";
    readonly reasons: readonly string[];
  };
  readonly sides: { readonly bid: SideStatus; readonly ask: SideStatus } | null;
  readonly book: { readonly bids: readonly Level[]; readonly asks: readonly Level[] };
  readonly orders: readonly OwnOrder[];
  readonly fills: readonly Fill[];
  readonly fillMarkouts: readonly FillMarkout[];
  readonly markouts: readonly Markout[];
  readonly position: number;
  readonly pnl: Pnl;
  readonly reference: Reference;
  readonly split: Split | null;
  readonly equity: {
    readonly now: number | null;
    readonly dailyLoss: number;
    readonly dailyLossMax: number;
    readonly drawdown: number;
    readonly drawdownMax: number;
  };
  readonly mid: number | null;
  readonly fair: number | null;
  readonly reservation: number | null;
  readonly halfSpreadBps: number;
  readonly model: Model | null;
  readonly parameters: readonly Parameter[];
  readonly limits: { readonly positionMax: number; readonly lossMax: number | null };
  readonly risk: Risk;
  readonly budget: { readonly left: number | null; readonly reserve: number };
  readonly counters: {
    readonly fills: number;
    readonly orders: number;
    readonly rejects: number;
    readonly unknownOrders: number;
  };
  readonly events: readonly PageEvent[];
}

/** Columns of a row of the series, in order. */
export const SERIES_COLUMNS = [
  "timeMs",
  "mid",
  "fair",
  "reservation",
  "bid",
  "ask",
  "ownBid",
  "ownAsk",
  "position",
  "positionMax",
  "net",
  "spread",
  "adverseSelection",
  "inventory",
  "fees",
  "funding",
  "sigma",
  "intensityA",
  "intensityK",
  "gamma",
  "halfSpread",
  "skew",
] as const;

/** A column of the series by name. */
export type SeriesColumn = (typeof SERIES_COLUMNS)[number];

/** Values in the order of the columns; null = not known then. */
export type SeriesRow = readonly (number | null)[];

interface Update<Type extends string, Keys extends keyof View> {
  readonly type: Type;
  readonly seq: number;
  readonly part: Pick<View, "timeMs" | Keys>;
}

/** The whole view. */
export interface Snapshot {
  readonly type: "snapshot";
  readonly seq: number;
  readonly schema: number;
  readonly view: View;
}

/** One more row of the series. */
export interface SeriesUpdate {
  readonly type: "series";
  readonly seq: number;
  readonly part: { readonly timeMs: number; readonly row: SeriesRow };
}

/** Everything that the server sends. */
export type StreamMessage =
  | Snapshot
  | SeriesUpdate
  | Update<
      "ladder",
      "marketTimeMs" | "book" | "orders" | "mid" | "fair" | "reservation" | "halfSpreadBps"
    >
  | Update<
      "kpi",
      | "marketTimeMs"
      | "speed"
      | "position"
      | "pnl"
      | "split"
      | "equity"
      | "sides"
      | "limits"
      | "budget"
      | "counters"
    >
  | Update<"fills", "fills" | "position" | "pnl" | "split" | "counters">
  | Update<"state", "state" | "sides" | "orders" | "parameters">
  | Update<"detail", "model" | "markouts" | "fillMarkouts" | "parameters" | "risk">
  | Update<"events", "events">;
