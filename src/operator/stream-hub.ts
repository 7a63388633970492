/**
 * Fans the view out to pages, without a transport or a clock: the server calls the ticks.
 *
 * Owns the sequence number and who is behind. Each message is serialised once. A client whose
 * transport holds more than the bound is sent nothing more until that drained; then it gets a
 * snapshot, so memory a client stays below the bound plus one message and no page sees a gap from
 * this. Snapshots that a page asks for leave at the next ladder tick, however often it asks.
 */
import { createEventLog, type EventLog } from "./event-log.ts";
import type { OperatorSource } from "./operator-source.ts";
import type { OperatorView } from "./operator-view.ts";
import { createSeriesRecorder, type SeriesRecorder } from "./series-recorder.ts";
import {
  OPERATOR_SCHEMA,
  type SnapshotMessage,
  type StreamMessage,
  type UpdateMessage,
} from "./stream-message.ts";

/** The transport of one page. */
export interface StreamClient {
  send(text: string): void;
  /** What was sent and has not left yet [bytes]. */
  bufferedAmount(): number;
}

/** Counts for the health page. */
export interface StreamStats {
  /** Pages connected now. */
  readonly clients: number;
  /** Sequence number of the latest update. */
  readonly seq: number;
  /** Messages not sent because a client was behind, since the start. */
  readonly dropped: number;
  /** Snapshots sent since the start. */
  readonly snapshots: number;
}

/** The fan-out; see the head of this file. */
export interface StreamHub {
  /** Takes a client in and sends it a snapshot. */
  add(client: StreamClient): void;
  remove(client: StreamClient): void;
  /** Sends the client a snapshot at the next ladder tick. */
  requestSnapshot(client: StreamClient): void;
  /** Sends the ladder if it changed, and snapshots to those who wait for one. */
  tickLadder(): void;
  /** Sends the key figures, changed or not: pages tell from them that the stream lives. */
  tickKpi(): void;
  /** Sends new fills, a changed state or setting, and new events. */
  tickChanges(): void;
  /** Keeps a row of the series, page or no page, and sends it with the slow figures. */
  tickSeries(): void;
  readonly series: SeriesRecorder;
  readonly events: EventLog;
  stats(): StreamStats;
}

type Unnumbered<T> = T extends { readonly seq: number } ? Omit<T, "seq"> : never;
type Body = Unnumbered<UpdateMessage>;

interface HubState {
  readonly source: OperatorSource;
  readonly bufferedMax: number;
  readonly series: SeriesRecorder;
  readonly events: EventLog;
  /** Clients, and whether each waits for a snapshot. */
  readonly waits: Map<StreamClient, boolean>;
  seq: number;
  dropped: number;
  snapshots: number;
  /** What went out last, to leave out what did not change. */
  sentLadder: string;
  sentState: string;
  sentTids: Set<number>;
  sentEventId: number;
}

/** A hub over a source; `bufferedMax` is what a client's transport may hold [bytes]. */
export function createStreamHub(options: {
  readonly source: OperatorSource;
  readonly bufferedMax: number;
}): StreamHub {
  const hub: HubState = {
    ...options,
    series: createSeriesRecorder(),
    events: createEventLog(),
    waits: new Map(),
    seq: 0,
    dropped: 0,
    snapshots: 0,
    sentLadder: "",
    sentState: "",
    sentTids: new Set(),
    sentEventId: 0,
  };
  return {
    add(client) {
      hub.waits.set(client, false);
      const view = hub.source.view();
      if (hub.waits.size === 1) markSent(hub, view);
      sendSnapshot(hub, client, snapshotText(hub, view));
    },
    remove: (client) => void hub.waits.delete(client),
    requestSnapshot(client) {
      if (hub.waits.has(client)) hub.waits.set(client, true);
    },
    tickLadder: () => tickLadder(hub),
    tickKpi: () => tickKpi(hub),
    tickChanges: () => tickChanges(hub),
    tickSeries: () => tickSeries(hub),
    series: hub.series,
    events: hub.events,
    stats: () => ({
      clients: hub.waits.size,
      seq: hub.seq,
      dropped: hub.dropped,
      snapshots: hub.snapshots,
    }),
  };
}

function tickLadder(hub: HubState): void {
  if (hub.waits.size === 0) return;
  const view = hub.source.view();
  catchUp(hub, view);
  const { book, orders, mid, fair, reservation, halfSpreadBps } = view;
  const part = { book, orders, mid, fair, reservation, halfSpreadBps };
  const text = JSON.stringify(part);
  if (text === hub.sentLadder) return;
  hub.sentLadder = text;
  const { timeMs, marketTimeMs } = view;
  broadcast(hub, { type: "ladder", part: { timeMs, marketTimeMs, ...part } });
}

function tickKpi(hub: HubState): void {
  if (hub.waits.size === 0) return;
  const { timeMs, marketTimeMs, position, pnl, split, equity, ...rest } = hub.source.view();
  const { sides, limits, budget, counters } = rest;
  const figures = { timeMs, marketTimeMs, position, pnl, split, equity };
  broadcast(hub, { type: "kpi", part: { ...figures, sides, limits, budget, counters } });
}

function tickSeries(hub: HubState): void {
  const view = hub.source.view();
  hub.events.noteView(view);
  const row = hub.series.note(view);
  if (hub.waits.size === 0) return;
  const { timeMs, model, markouts, fillMarkouts, parameters, risk } = view;
  const detail = { timeMs, model, markouts, fillMarkouts, parameters, risk };
  broadcast(hub, { type: "detail", part: detail });
  broadcast(hub, { type: "series", part: { timeMs, row } });
}

function tickChanges(hub: HubState): void {
  if (hub.waits.size === 0) return;
  const view = hub.source.view();
  hub.events.noteView(view);
  const { timeMs, position, pnl, split, counters, state, sides, orders, parameters } = view;
  const fills = view.fills.filter((fill) => !hub.sentTids.has(fill.tid));
  if (fills.length > 0) {
    hub.sentTids = tidsOf(view);
    broadcast(hub, { type: "fills", part: { timeMs, fills, position, pnl, split, counters } });
  }
  sendEvents(hub, timeMs);
  const text = JSON.stringify([state, sides?.bid.state, sides?.ask.state, parameters]);
  if (text === hub.sentState) return;
  hub.sentState = text;
  broadcast(hub, { type: "state", part: { timeMs, state, sides, orders, parameters } });
}

function sendEvents(hub: HubState, timeMs: number): void {
  const events = hub.events.recent().filter((event) => event.id > hub.sentEventId);
  if (events.length === 0) return;
  hub.sentEventId = hub.events.lastId();
  broadcast(hub, { type: "events", part: { timeMs, events } });
}

/** Snapshots for those who wait and whose transport has drained. */
function catchUp(hub: HubState, view: OperatorView): void {
  let text: string | undefined;
  for (const [client, waiting] of hub.waits) {
    if (!waiting || client.bufferedAmount() > hub.bufferedMax / 2) continue;
    text ??= snapshotText(hub, view);
    hub.waits.set(client, false);
    sendSnapshot(hub, client, text);
  }
}

function broadcast(hub: HubState, body: Body): void {
  hub.seq += 1;
  const message: StreamMessage = { ...body, seq: hub.seq };
  const text = JSON.stringify(message);
  for (const [client, waiting] of hub.waits) {
    if (waiting || client.bufferedAmount() > hub.bufferedMax) {
      hub.waits.set(client, true);
      hub.dropped += 1;
    } else {
      client.send(text);
    }
  }
}

function snapshotText(hub: HubState, view: OperatorView): string {
  const message: SnapshotMessage = {
    type: "snapshot",
    seq: hub.seq,
    schema: OPERATOR_SCHEMA,
    view: { ...view, events: hub.events.recent() },
  };
  return JSON.stringify(message);
}

/**
 * A snapshot may show what was never broadcast, and the view may then return to what was: the next
 * ladder and state go out even if they equal the last ones sent.
 */
function sendSnapshot(hub: HubState, client: StreamClient, text: string): void {
  hub.snapshots += 1;
  hub.sentLadder = "";
  hub.sentState = "";
  client.send(text);
}

/** With the first client nothing before its snapshot needs telling. */
function markSent(hub: HubState, view: OperatorView): void {
  hub.sentTids = tidsOf(view);
  hub.sentEventId = hub.events.lastId();
}

const tidsOf = (view: OperatorView): Set<number> => new Set(view.fills.map((fill) => fill.tid));
