/**
 * Everything that the operator's page shows, as plain data: prices in ticks, sizes in lots, money in
 * micros, times in ms. What the maker does not know is null; nothing here is made up for display.
 */

/** Which money is at stake: simulated in process, a local exchange, the test or the main network. */
export type VenueLabel = "SIM" | "LOCAL" | "TESTNET" | "MAINNET";

/** What the maker is doing. Killed is latched: only re-arming leaves it. */
export type MakerStateName = "starting" | "quoting" | "paused" | "stale" | "killed";

/** The maker's state with the plain reasons why it quotes less than it could; empty = none. */
export interface StateView {
  readonly name: MakerStateName;
  readonly reasons: readonly string[];
}

/** How one side is quoted and, in plain words, why not more. */
export interface SideView {
  readonly state: "quoting" | "partial" | "off";
  readonly text: string;
}

/** Both sides. */
export interface SidesView {
  readonly bid: SideView;
  readonly ask: SideView;
}

/** One price level of the book. */
export interface LevelView {
  /** Price [ticks]. */
  readonly px: number;
  /** Size of everybody's orders, our own included; null = farther out than the venue shows [lots]. */
  readonly sz: number | null;
  /** Size of our own orders; 0 = none [lots]. */
  readonly own: number;
}

/** The book, best level first on both sides. */
export interface BookView {
  readonly bids: readonly LevelView[];
  readonly asks: readonly LevelView[];
}

/** How sure the maker is that an order of ours rests. */
export type OwnOrderStatus = "pending" | "open" | "canceling" | "unknown";

/** One of our own orders that is live or may be. */
export interface OwnOrderView {
  /** Client order id, or the venue's id in decimal. */
  readonly id: string;
  readonly side: "buy" | "sell";
  /** Limit price [ticks]. */
  readonly px: number;
  /** Size still open [lots]. */
  readonly sz: number;
  readonly status: OwnOrderStatus;
  /** When it was sent [ms]. */
  readonly timeMs: number;
  /** Size of others before it at its price, an estimate; null = not known [lots]. */
  readonly queueAhead: number | null;
}

/** A named part of the half-spread; the parts add up to it. */
export interface TermView {
  readonly name: string;
  /** [ticks] */
  readonly ticks: number;
}

/** Where an order's price came from, kept from when it was placed. */
export interface ReasonView {
  /** When it was decided [ms]. */
  readonly atMs: number;
  /** Level of the ladder, from 0 at the touch. */
  readonly level: number;
  /** [ticks] */
  readonly fairPx: number;
  /** [ticks] */
  readonly reservationPx: number;
  /** [ticks/sqrt(s)] */
  readonly sigma: number | null;
  readonly gamma: number | null;
  /** [1/s] */
  readonly intensityA: number | null;
  /** [1/tick] */
  readonly intensityK: number | null;
  /** [ticks] */
  readonly halfSpread: number | null;
  readonly terms: readonly TermView[];
  /** Fair less reservation price: positive moves both quotes down [ticks]. */
  readonly skew: number | null;
  /** Before rounding to a legal price [ticks]. */
  readonly rawPx: number;
  /** As placed [ticks]. */
  readonly px: number;
}

/** Whether an estimate rests on observations or is still what it was set to. */
export type EstimateSource = "estimated" | "prior";

/** What the maker quotes by. */
export interface ModelView {
  readonly name: string;
  /** [ticks] */
  readonly reservationPx: number | null;
  /** [ticks/sqrt(s)] */
  readonly sigma: number | null;
  /** [1/s] */
  readonly intensityA: number | null;
  /** [1/tick] */
  readonly intensityK: number | null;
  readonly gamma: number | null;
  /** [ticks] */
  readonly halfSpread: number | null;
  readonly terms: readonly TermView[];
  /** Fair less reservation price: positive moves both quotes down [ticks]. */
  readonly skew: number | null;
  readonly sources: {
    readonly sigma: EstimateSource;
    readonly intensity: EstimateSource;
  };
  /** Observations behind the estimates. */
  readonly observations: number;
}

/** One fill of ours. */
export interface FillView {
  /** Trade id, unique among our fills. */
  readonly tid: number;
  /** When the venue matched it [ms]. */
  readonly timeMs: number;
  readonly side: "buy" | "sell";
  /** Price [ticks]. */
  readonly px: number;
  /** Size [lots]. */
  readonly sz: number;
  /** Fee, negative = rebate [10^-6 USDC]. */
  readonly fee: number;
  /** Profit that it realised before its fee [10^-6 USDC]. */
  readonly realised: number;
  /** Whether our order took liquidity. */
  readonly taker: boolean;
}

/** Mid after one fill at each horizon, against its price; positive = it was a good fill. */
export interface FillMarkoutView {
  readonly tid: number;
  /** In the order of the view's `markouts`; null = not there yet [bps]. */
  readonly bps: readonly (number | null)[];
}

/** Markouts of all fills at one horizon. */
export interface MarkoutView {
  /** [ms] */
  readonly horizonMs: number;
  /** Fills that count. */
  readonly n: number;
  /** [bps] */
  readonly meanBps: number | null;
  /** [bps] */
  readonly standardErrorBps: number | null;
}

/** Prices that margin and funding follow, and the funding that comes next. */
export interface ReferenceView {
  /** 0 = not known [ticks]. */
  readonly oraclePx: number;
  /** Null = not known [ticks]. */
  readonly markPx: number | null;
  /** What a long position is foreseen to pay; null = not known [1/h]. */
  readonly fundingRate: number | null;
  /** When it is paid next; null = not known [ms]. */
  readonly nextFundingMs: number | null;
}

/** Profit and loss since the start; realised + unrealised - fees + funding = net, exactly. */
export interface PnlView {
  /** From closed size, before fees [10^-6 USDC]. */
  readonly realised: number;
  /** Of the open position at the mark [10^-6 USDC]. */
  readonly unrealised: number;
  /** Fees paid, negative = rebates earned [10^-6 USDC]. */
  readonly fees: number;
  /** Received for holding, negative = paid [10^-6 USDC]. */
  readonly funding: number;
  /** The sum [10^-6 USDC]. */
  readonly net: number;
}

/** The same net by cause; the parts add up to it exactly [10^-6 USDC]. */
export interface SplitView {
  readonly spread: number;
  readonly adverseSelection: number;
  readonly inventory: number;
  /** What fees did to the result: negative = paid. */
  readonly fees: number;
  readonly funding: number;
  readonly residual: number;
}

/** Equity against the two limits on money. */
export interface EquityView {
  /** [10^-6 USDC] */
  readonly now: number | null;
  /** Loss since midnight UTC, negative = gain [10^-6 USDC]. */
  readonly dailyLoss: number;
  /** [10^-6 USDC] */
  readonly dailyLossMax: number;
  /** Fall from the peak [ratio]. */
  readonly drawdown: number;
  /** [ratio] */
  readonly drawdownMax: number;
}

/** Bounds that the maker keeps to; null = no such bound. */
export interface LimitsView {
  /** Largest absolute position [lots]. */
  readonly positionMax: number;
  /** Largest loss before the kill switch trips, positive [10^-6 USDC]. */
  readonly lossMax: number | null;
}

/** Requests that the venue still takes from the address. */
export interface BudgetView {
  /** Left before the venue refuses; null = the venue has not said [requests]. */
  readonly left: number | null;
  /** Kept for cancels [requests]. */
  readonly reserve: number;
}

/** Counts since the start. */
export interface CountersView {
  readonly fills: number;
  /** Orders sent. */
  readonly orders: number;
  /** Orders refused by the venue. */
  readonly rejects: number;
  /** Orders whose outcome is not known yet. */
  readonly unknownOrders: number;
}

/** A setting that can be changed while the maker runs. */
export interface ParameterView {
  readonly key: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether it must be an integer. */
  readonly whole: boolean;
  readonly unit: string;
  /** What it does, in a sentence. */
  readonly text: string;
}

/** What a limit's figures are. */
export type LimitUnit = "usd" | "ratio" | "lots" | "ms" | "count";

/** One limit: where things stand, where the maker holds back and where it stops. */
export interface LimitRowView {
  readonly key: string;
  readonly name: string;
  readonly unit: LimitUnit;
  /** Null = not known yet. */
  readonly now: number | null;
  readonly soft: number | null;
  readonly hard: number | null;
  /** Which side of the limit is safe. */
  readonly safe: "below" | "above";
  /** What happens at the soft and at the hard limit, in words. */
  readonly action: string;
  /** When it last killed; null = never [ms]. */
  readonly tripMs: number | null;
}

/** One change of the kill switch. */
export interface KillEventView {
  /** [ms] */
  readonly timeMs: number;
  readonly kind: "killed" | "rearmed";
  readonly text: string;
}

/** The kill switch and what became of it before, newest first. */
export interface KillView {
  readonly killed: boolean;
  readonly history: readonly KillEventView[];
}

/** The venue's own timer that cancels everything should the maker fall silent. */
export interface DeadManView {
  /** How long it runs; 0 = not in use [ms]. */
  readonly periodMs: number;
  /** When it fires unless pushed on; null = not set [ms]. */
  readonly firesMs: number | null;
}

/** One input that the maker rests on. */
export interface FeedView {
  readonly name: string;
  /** Null = nothing came yet [ms]. */
  readonly ageMs: number | null;
  /** Older than this and the maker does not quote [ms]. */
  readonly ageMsMax: number;
}

/** Limits, kill switch, dead-man timer and inputs. */
export interface RiskView {
  readonly limits: readonly LimitRowView[];
  readonly kill: KillView;
  readonly deadMan: DeadManView;
  readonly feeds: readonly FeedView[];
  /** Longest that the process did not get to its work in the last seconds [ms]. */
  readonly loopLagMs: number;
}

/** Everything that the page shows, at one instant. */
export interface OperatorView {
  readonly venue: VenueLabel;
  /** The account's address; "" = none. */
  readonly account: string;
  readonly coin: string;
  /** Decimals of a size; a price has 6 - szDecimals. */
  readonly szDecimals: number;
  /** The clock that all times here are of, at this instant [ms]. */
  readonly timeMs: number;
  /** When market data last came in; 0 = never [ms]. */
  readonly marketTimeMs: number;
  /** How fast that clock ran in the last second against real time; 1 = as fast [ratio]. */
  readonly speed: number;
  readonly state: StateView;
  /** Null = the maker does not say. */
  readonly sides: SidesView | null;
  readonly book: BookView;
  readonly orders: readonly OwnOrderView[];
  /** Latest fills, newest first; at most {@link FILLS_SHOWN}. */
  readonly fills: readonly FillView[];
  /** Markouts of those fills, as far as they are known. */
  readonly fillMarkouts: readonly FillMarkoutView[];
  readonly markouts: readonly MarkoutView[];
  /** Signed position, positive = long [lots]. */
  readonly position: number;
  readonly pnl: PnlView;
  readonly reference: ReferenceView;
  readonly split: SplitView | null;
  readonly equity: EquityView;
  /** Middle of the book, halves possible; null while a side is empty [ticks]. */
  readonly mid: number | null;
  /** The maker's fair price, fractions possible; null while there is none [ticks]. */
  readonly fair: number | null;
  /** Around this price the maker quotes: fair, shifted against the inventory [ticks]. */
  readonly reservation: number | null;
  /** Half the width that the maker quotes [bps]. */
  readonly halfSpreadBps: number;
  readonly model: ModelView | null;
  readonly parameters: readonly ParameterView[];
  readonly limits: LimitsView;
  readonly risk: RiskView;
  readonly budget: BudgetView;
  readonly counters: CountersView;
}

/** Largest number of fills in a view. */
export const FILLS_SHOWN = 50;
