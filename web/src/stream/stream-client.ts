/**
 * Keeps the page on the stream: connects, asks for a snapshot after a gap, comes back after a loss.
 * Latest wins: whatever arrives between two frames is painted once, and nothing in a hidden tab.
 */
import { batch } from "@preact/signals";
import {
  keepMarks,
  type LinkState,
  linkState,
  readView,
  seriesAgeMs,
  shownView,
} from "./market-store.ts";
import { appendRow, loadSeries } from "./series-store.ts";
import { EMPTY_STREAM, foldMessage, type StreamState } from "./stream-fold.ts";
import type { StreamMessage } from "./stream-message.ts";

/** Silence after which what is shown no longer counts as live [ms]. */
const STALE_MS = 1_500;
/** Silence after which the connection is given up [ms]. */
const GIVE_UP_MS = 5_000;
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 4_000;
const LOOK_MS = 250;

interface Connection {
  state: StreamState;
  socket: WebSocket | null;
  /** When the last message was taken in, or the attempt began [ms of the page's own clock]. */
  heardMs: number;
  /** When the socket last changed or spoke [ms of the page's own clock]. */
  aliveMs: number;
  /** When the last row of the series came [ms of the page's own clock]. */
  rowMs: number;
  retryMs: number;
  frameAsked: boolean;
  /** Something for the eye came since the last frame, not only a book. */
  readable: boolean;
}

/** Starts the stream; it runs as long as the page. */
export function startStream(): void {
  const nowMs = performance.now();
  const connection: Connection = {
    state: EMPTY_STREAM,
    socket: null,
    heardMs: nowMs,
    aliveMs: nowMs,
    rowMs: nowMs,
    retryMs: RETRY_MIN_MS,
    frameAsked: false,
    readable: false,
  };
  open(connection);
  setInterval(() => look(connection), LOOK_MS);
  document.addEventListener("visibilitychange", () => look(connection));
}

function open(connection: Connection): void {
  const socket = new WebSocket(`ws://${location.host}/stream`);
  connection.socket = socket;
  connection.aliveMs = performance.now();
  socket.addEventListener("message", ({ data }) => {
    if (connection.socket === socket) take(connection, JSON.parse(String(data)) as StreamMessage);
  });
  socket.addEventListener("close", () => {
    if (connection.socket !== socket) return;
    connection.socket = null;
    publish(connection);
    setTimeout(() => open(connection), connection.retryMs);
    connection.retryMs = Math.min(connection.retryMs * 2, RETRY_MAX_MS);
  });
}

function take(connection: Connection, message: StreamMessage): void {
  const before = connection.state;
  const state = foldMessage(before, message);
  connection.state = state;
  connection.aliveMs = performance.now();
  if (state.gap && !before.gap) connection.socket?.send("snapshot");
  if (!state.gap && !state.outdated) takeIn(connection, message);
  if (connection.frameAsked) return;
  connection.frameAsked = true;
  requestAnimationFrame(() => {
    connection.frameAsked = false;
    publish(connection);
  });
}

function takeIn(connection: Connection, message: StreamMessage): void {
  connection.heardMs = connection.aliveMs;
  connection.retryMs = RETRY_MIN_MS;
  switch (message.type) {
    case "snapshot":
      keepMarks(message.view.fills);
      connection.readable = true;
      connection.rowMs = connection.aliveMs;
      // What happened before the page came, or while it heard nothing.
      void loadSeries();
      break;
    case "series":
      connection.rowMs = connection.aliveMs;
      appendRow(message.part.row);
      break;
    case "fills":
      keepMarks(message.part.fills);
      connection.readable = true;
      break;
    case "kpi":
    case "state":
    case "events":
      connection.readable = true;
      break;
    case "ladder":
    case "detail":
      // The next key figures take these along.
      break;
  }
}

/** Looks at the clock: silence makes the page stale, and long silence ends the connection. */
function look(connection: Connection): void {
  const { socket } = connection;
  if (socket !== null && performance.now() - connection.aliveMs > GIVE_UP_MS) {
    connection.socket = null;
    socket.close();
    open(connection);
  }
  publish(connection);
}

function publish(connection: Connection): void {
  if (document.hidden) return;
  batch(() => {
    const { view } = connection.state;
    shownView.value = view;
    if (connection.readable || readView.value === null) readView.value = view;
    connection.readable = false;
    const link = linkOf(connection);
    if (isNews(linkState.value, link)) linkState.value = link;
    const age = performance.now() - connection.rowMs;
    seriesAgeMs.value = age - (age % 500);
  });
}

/** An age changes with every look; what people read needs it to a tenth of a second at most. */
const isNews = (before: LinkState, now: LinkState): boolean =>
  before.kind !== now.kind || Math.abs(before.ageMs - now.ageMs) >= (now.ageMs < 100 ? 5 : 50);

function linkOf({ state, socket, heardMs }: Connection): LinkState {
  const silentMs = performance.now() - heardMs;
  const { view } = state;
  if (state.outdated) return { kind: "outdated", ageMs: silentMs };
  if (view === null) return { kind: "connecting", ageMs: silentMs };
  if (state.gap) return { kind: "gap", ageMs: silentMs };
  const marketAgeMs = view.marketTimeMs === 0 ? 0 : view.timeMs - view.marketTimeMs;
  if (socket === null || silentMs > STALE_MS) return { kind: "stale", ageMs: silentMs };
  if (view.state.name === "stale") return { kind: "stale", ageMs: marketAgeMs + silentMs };
  return { kind: "live", ageMs: marketAgeMs };
}
