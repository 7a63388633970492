/**
 * What the operator should be able to look up: changes of state, controls used and what came of
 * them, in the order they happened. The oldest are dropped past a bound.
 */
import type { OperatorView, SideView } from "./operator-view.ts";

/** How much an event deserves notice. */
export type EventTone = "plain" | "good" | "warn" | "bad";

/** One thing that happened. */
export interface OperatorEvent {
  /** Counts up from 1. */
  readonly id: number;
  /** [ms] */
  readonly timeMs: number;
  readonly tone: EventTone;
  readonly text: string;
}

/** Events of this run. */
export interface EventLog {
  /** Notes that something happened at a time [ms]. */
  note(event: Omit<OperatorEvent, "id">): void;
  /** Compares a view with the one before and notes a change of state or of a side. */
  noteView(view: OperatorView): void;
  /** Newest first. */
  recent(): readonly OperatorEvent[];
  /** Id of the newest; 0 = none. */
  lastId(): number;
}

/** Events kept. */
export const EVENTS_KEPT = 100;

const TONE_OF_STATE: Readonly<Record<OperatorView["state"]["name"], EventTone>> = {
  starting: "plain",
  quoting: "good",
  paused: "warn",
  stale: "warn",
  killed: "bad",
};

/** An empty log. */
export function createEventLog(): EventLog {
  let events: OperatorEvent[] = [];
  let count = 0;
  let state = "";
  const sides = { bid: "", ask: "" };
  const note = (event: Omit<OperatorEvent, "id">): void => {
    count += 1;
    events = [{ ...event, id: count }, ...events].slice(0, EVENTS_KEPT);
  };
  const noteSide = (name: "bid" | "ask", side: SideView, timeMs: number): void => {
    // Between quoting and partial a side may go to and fro all day; off is what matters.
    const now = side.state === "off" ? "off" : "on";
    const before = sides[name];
    sides[name] = now;
    if (before === "" || before === now) return;
    const tone = now === "off" ? "warn" : "good";
    const why = side.text === "" ? "" : `: ${side.text}`;
    note({ timeMs, tone, text: `${name} ${now === "off" ? "off" : "quoted again"}${why}` });
  };
  return {
    note,
    noteView({ timeMs, state: { name, reasons }, sides: both }) {
      if (name !== state) {
        state = name;
        const why = reasons.join("; ");
        // A reason may begin with the state's own name.
        const text = why === "" || why.startsWith(name) ? why || name : `${name}: ${why}`;
        note({ timeMs, tone: TONE_OF_STATE[name], text });
      }
      if (both === null || name !== "quoting") return;
      noteSide("bid", both.bid, timeMs);
      noteSide("ask", both.ask, timeMs);
    },
    recent: () => events,
    lastId: () => count,
  };
}
