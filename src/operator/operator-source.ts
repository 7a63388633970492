/**
 * The port that the operator's server reads and steers through. What stands behind it is a market
 * maker, or a fake in tests. A view is plain data in integers; only the page makes text of them.
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

/** One price level of the book. */
export interface LevelView {
  /** Price [ticks]. */
  readonly px: number;
  /** Size of everybody's orders, our own included [lots]. */
  readonly sz: number;
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

/** Profit and loss since the start; realised + unrealised - fees = net, exactly. */
export interface PnlView {
  /** From closed size, before fees [10^-6 USDC]. */
  readonly realised: number;
  /** Of the open position at the mark [10^-6 USDC]. */
  readonly unrealised: number;
  /** Fees paid, negative = rebates earned [10^-6 USDC]. */
  readonly fees: number;
  /** The sum [10^-6 USDC]. */
  readonly net: number;
}

/** Bounds that the maker keeps to; null = no such bound. */
export interface LimitsView {
  /** Largest absolute position [lots]. */
  readonly positionMax: number;
  /** Largest loss before the kill switch trips, positive [10^-6 USDC]. */
  readonly lossMax: number | null;
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
  readonly state: StateView;
  readonly book: BookView;
  readonly orders: readonly OwnOrderView[];
  /** Latest fills, newest first; at most {@link FILLS_SHOWN}. */
  readonly fills: readonly FillView[];
  /** Signed position, positive = long [lots]. */
  readonly position: number;
  readonly pnl: PnlView;
  /** Middle of the book, halves possible; null while a side is empty [ticks]. */
  readonly mid: number | null;
  /** The maker's fair price, fractions possible; null while there is none [ticks]. */
  readonly fair: number | null;
  /** Half the width that the maker quotes [bps]. */
  readonly halfSpreadBps: number;
  readonly limits: LimitsView;
  readonly counters: CountersView;
}

/** Largest number of fills in a view. */
export const FILLS_SHOWN = 50;

/** What came of a control, in words for the operator: "canceled 14 of 14 in 210 ms". */
export interface ControlReply {
  /** False when it was refused or its outcome is not certain. */
  readonly ok: boolean;
  readonly message: string;
}

type Control = () => ControlReply | Promise<ControlReply>;

/** The operator's hands. Every one may be called in any state and twice. */
export interface OperatorControls {
  /** Stops quoting and cancels resting quotes; `resume` undoes it. */
  readonly pause: Control;
  /** Quotes again after `pause`; refused while killed. */
  readonly resume: Control;
  /** Cancels all our orders; a maker that is not paused quotes again. */
  readonly cancelAll: Control;
  /** Cancels all and stops quoting until `rearm`. */
  readonly kill: Control;
  /** Unlatches the kill switch into the paused state. */
  readonly rearm: Control;
}

/** What the operator's server shows and steers. */
export interface OperatorSource {
  /** The present view; called up to about 20 times a second while a page is open. */
  view(): OperatorView;
  readonly controls: OperatorControls;
  /**
   * Calls back after each fill and each change of state; returns the unsubscription. The book need
   * not call back: it is read on a timer.
   */
  onChange(listener: () => void): () => void;
}
