/**
 * The port that the operator's server reads and steers through. What stands behind it is a market
 * maker, or a fake in tests.
 */
import type {
  ModelView,
  OperatorView,
  OwnOrderView,
  ReasonView,
  SidesView,
} from "./operator-view.ts";
import type { VaultsView } from "./vaults-view.ts";

/** What came of a control, in words for the operator: "canceled 14 of 14 in 210 ms". */
export interface ControlReply {
  /** False when it was refused or its outcome is not certain. */
  readonly ok: boolean;
  readonly message: string;
}

type Answer = ControlReply | Promise<ControlReply>;
type Control = () => Answer;

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
  /** Stops quoting, cancels all, closes the position at the market, then stays paused. */
  readonly flatten: Control;
  /** Cancels one order by its id. */
  readonly cancelOrder: (id: string) => Answer;
  /** Changes settings, all of them or none; refused with what is wrong. */
  readonly configure: (changes: Readonly<Record<string, number>>) => Answer;
}

/** An own order with the reason of its price; null = the maker kept none. */
export interface ExplainedOrder extends OwnOrderView {
  readonly reason: ReasonView | null;
}

/** Why the maker quotes as it does: `GET /why`. */
export interface WhyView {
  readonly coin: string;
  readonly szDecimals: number;
  /** [ms] */
  readonly timeMs: number;
  readonly state: OperatorView["state"];
  readonly sides: SidesView | null;
  readonly model: ModelView | null;
  /** Asks above bids, by price. */
  readonly orders: readonly ExplainedOrder[];
}

/** What the operator's server shows and steers. */
export interface OperatorSource {
  /** The present view; called up to about 20 times a second while a page is open. */
  view(): OperatorView;
  /** Orders with their reasons. */
  why(): WhyView;
  /** Vaults and pools of the venue; rejects when it does not answer. */
  vaults(): Promise<VaultsView>;
  readonly controls: OperatorControls;
  /**
   * Calls back after each fill and each change of state; returns the unsubscription. The book need
   * not call back: it is read on a timer.
   */
  onChange(listener: () => void): () => void;
}
