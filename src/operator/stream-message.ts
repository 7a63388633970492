/**
 * What goes over `GET /stream`. The server sends a snapshot first; after it each message carries the
 * next sequence number, and a part of the view that replaces the page's (new fills are prepended).
 * A page that sees a number missing asks for a snapshot. The page keeps its own copy of these types.
 */
import type { OperatorView } from "./operator-source.ts";

/** Version of the view's shape; a page of another version asks to be reloaded. */
export const OPERATOR_SCHEMA = 1;

/** The whole view; `seq` is that of the latest update before it. */
export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly seq: number;
  readonly schema: number;
  readonly view: OperatorView;
}

/** Fields that go out at the ladder's rate. */
export type LadderPart = Pick<
  OperatorView,
  "timeMs" | "marketTimeMs" | "book" | "orders" | "mid" | "fair" | "halfSpreadBps"
>;

/** Fields that go out at the rate of the key figures. */
export type KpiPart = Pick<
  OperatorView,
  "timeMs" | "marketTimeMs" | "position" | "pnl" | "limits" | "counters"
>;

/** New fills, newest first, with the figures that they move. */
export type FillsPart = Pick<OperatorView, "timeMs" | "fills" | "position" | "pnl" | "counters">;

/** A changed state with the orders that it leaves. */
export type StatePart = Pick<OperatorView, "timeMs" | "state" | "orders">;

/** A part of the view that changed. */
export type UpdateMessage =
  | { readonly type: "ladder"; readonly seq: number; readonly part: LadderPart }
  | { readonly type: "kpi"; readonly seq: number; readonly part: KpiPart }
  | { readonly type: "fills"; readonly seq: number; readonly part: FillsPart }
  | { readonly type: "state"; readonly seq: number; readonly part: StatePart };

/** Everything that the server sends. */
export type StreamMessage = SnapshotMessage | UpdateMessage;

/** The one thing that a page sends: a plea for a snapshot. */
export const SNAPSHOT_REQUEST = "snapshot";
