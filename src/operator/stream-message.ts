/**
 * What goes over `GET /stream`. The server sends a snapshot first; after it each message carries the
 * next sequence number, and a part of the view that replaces the page's (new fills and events are
 * prepended, a row of series is appended). A page that sees a number missing asks for a snapshot.
 * The page keeps its own copy of these types.
 */
import type { OperatorEvent } from "./event-log.ts";
import type { OperatorView } from "./operator-view.ts";
import type { SeriesRow } from "./series-recorder.ts";

/** Version of the view's shape; a page of another version asks to be reloaded. */
export const OPERATOR_SCHEMA = 4;

/** The view with what the server itself has noted. */
export interface PageView extends OperatorView {
  /** Newest first. */
  readonly events: readonly OperatorEvent[];
}

/** The whole view; `seq` is that of the latest update before it. */
export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly seq: number;
  readonly schema: number;
  readonly view: PageView;
}

/** Fields that go out at the ladder's rate. */
export type LadderPart = Pick<
  OperatorView,
  "timeMs" | "marketTimeMs" | "book" | "orders" | "mid" | "fair" | "reservation" | "halfSpreadBps"
>;

/** Fields that go out at the rate of the key figures. */
export type KpiPart = Pick<
  OperatorView,
  | "timeMs"
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
>;

/** New fills, newest first, with the figures that they move. */
export type FillsPart = Pick<
  OperatorView,
  "timeMs" | "fills" | "position" | "pnl" | "split" | "counters"
>;

/** A changed state with the orders that it leaves, and changed settings. */
export type StatePart = Pick<OperatorView, "timeMs" | "state" | "sides" | "orders" | "parameters">;

/** Fields that move slowly. */
export type DetailPart = Pick<
  OperatorView,
  "timeMs" | "model" | "markouts" | "fillMarkouts" | "parameters" | "risk"
>;

/** One more row of the series. */
export interface SeriesPart {
  readonly timeMs: number;
  readonly row: SeriesRow;
}

/** New events, newest first. */
export interface EventsPart {
  readonly timeMs: number;
  readonly events: readonly OperatorEvent[];
}

interface Update<Type extends string, Part> {
  readonly type: Type;
  readonly seq: number;
  readonly part: Part;
}

/** A part of the view that changed. */
export type UpdateMessage =
  | Update<"ladder", LadderPart>
  | Update<"kpi", KpiPart>
  | Update<"fills", FillsPart>
  | Update<"state", StatePart>
  | Update<"detail", DetailPart>
  | Update<"series", SeriesPart>
  | Update<"events", EventsPart>;

/** Everything that the server sends. */
export type StreamMessage = SnapshotMessage | UpdateMessage;

/** The one thing that a page sends: a plea for a snapshot. */
export const SNAPSHOT_REQUEST = "snapshot";
