/** From messages to the present view: pure, so that gaps can be tested without a socket. */
import { type Fill, type StreamMessage, VIEW_SCHEMA, type View } from "./stream-message.ts";

/** What the page knows from the stream. */
export interface StreamState {
  /** Null before the first snapshot. */
  readonly view: View | null;
  /** Sequence number of the last message taken in. */
  readonly seq: number;
  /** A number was missing: nothing is taken in until a snapshot comes. */
  readonly gap: boolean;
  /** The server speaks another version than this page. */
  readonly outdated: boolean;
}

/** Before anything came. */
export const EMPTY_STREAM: StreamState = { view: null, seq: 0, gap: false, outdated: false };

/** Fills that the page keeps. */
export const FILLS_KEPT = 50;

/** The state after a message. A caller that sees `gap` turn true asks for a snapshot. */
export function foldMessage(state: StreamState, message: StreamMessage): StreamState {
  if (message.type === "snapshot") {
    if (message.schema !== VIEW_SCHEMA) return { ...state, outdated: true };
    return { view: message.view, seq: message.seq, gap: false, outdated: false };
  }
  const { view } = state;
  if (state.outdated || state.gap || view === null) return state;
  if (message.seq !== state.seq + 1) return { ...state, gap: true };
  const merged = { ...view, ...message.part };
  const fills = message.type === "fills" ? prepend(message.part.fills, view.fills) : view.fills;
  return { ...state, seq: message.seq, view: { ...merged, fills } };
}

/** New fills before the old ones; one that a snapshot has brought already is not shown twice. */
function prepend(fresh: readonly Fill[], old: readonly Fill[]): readonly Fill[] {
  const known = new Set(old.map((fill) => fill.tid));
  return [...fresh.filter((fill) => !known.has(fill.tid)), ...old].slice(0, FILLS_KEPT);
}
