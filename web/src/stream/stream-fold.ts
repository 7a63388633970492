/** From messages to the present view: pure, so that gaps can be tested without a socket. */
import { type StreamMessage, VIEW_SCHEMA, type View } from "./stream-message.ts";

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
/** Events that the page keeps. */
export const EVENTS_KEPT = 100;

/** The state after a message. A caller that sees `gap` turn true asks for a snapshot. */
export function foldMessage(state: StreamState, message: StreamMessage): StreamState {
  if (message.type === "snapshot") {
    if (message.schema !== VIEW_SCHEMA) return { ...state, outdated: true };
    return { view: message.view, seq: message.seq, gap: false, outdated: false };
  }
  const { view } = state;
  if (state.outdated || state.gap || view === null) return state;
  if (message.seq !== state.seq + 1) return { ...state, gap: true };
  return { ...state, seq: message.seq, view: foldPart(view, message) };
}

function foldPart(view: View, message: Exclude<StreamMessage, { type: "snapshot" }>): View {
  switch (message.type) {
    case "series":
      return { ...view, timeMs: message.part.timeMs };
    case "fills": {
      const fills = prepend(message.part.fills, view.fills, (fill) => fill.tid);
      return { ...view, ...message.part, fills: fills.slice(0, FILLS_KEPT) };
    }
    case "events": {
      const events = prepend(message.part.events, view.events, (event) => event.id);
      return { ...view, timeMs: message.part.timeMs, events: events.slice(0, EVENTS_KEPT) };
    }
    case "ladder":
      return { ...view, ...message.part };
    default:
      return { ...view, ...sameWhereEqual(view, message.part) };
  }
}

/**
 * The part with the view's own objects where nothing changed in them: what is drawn from an object
 * need not be drawn again while it is the same one.
 */
function sameWhereEqual<Part extends Partial<View>>(view: View, part: Part): Part {
  const kept = Object.entries(part).map(([key, value]) => {
    const before = view[key as keyof View];
    const isSame = typeof value === "object" && JSON.stringify(value) === JSON.stringify(before);
    return [key, isSame ? before : value];
  });
  return Object.fromEntries(kept) as Part;
}

/** New before old; what a snapshot has brought already is not shown twice. */
function prepend<T>(fresh: readonly T[], old: readonly T[], idOf: (one: T) => number): T[] {
  const known = new Set(old.map(idOf));
  return [...fresh.filter((one) => !known.has(idOf(one))), ...old];
}
