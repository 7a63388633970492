/**
 * Records a run while it runs: fills and events as lines, the series as a table that is thinned when
 * it grows too long, the summary as a whole. It is looked at as often as the caller likes and written
 * once a second of real time, so that a market that runs faster costs the disk no more. What is on
 * disk is a readable run at any moment, whenever the process dies.
 *
 * Bounded: a series of at most {@link SERIES_ROWS_MAX} rows, as many fills and events as below; what
 * is left out is counted. A disk that fails ends the recording, never the run.
 */
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDrawdown, drawdownRatio, noteDrawdown } from "../analysis/drawdown.ts";
import { BUY } from "../base/side.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import type { MakerNotes, NotesPlace } from "../maker/view/pnl-split.ts";
import {
  RUN_SCHEMA_VERSION,
  type RunEvent,
  type RunManifest,
  type RunSummary,
  type SeriesRow,
} from "../sim/report/run-record.ts";
import { fillRow, markoutRow, seriesRow } from "../sim/report/run-row.ts";
import {
  FILL_COLUMNS,
  headerLine,
  MARKOUT_COLUMNS,
  rowLines,
  SERIES_COLUMNS,
} from "../sim/report/run-table.ts";
import { createRunFolder, RUN_FILES } from "./run-folder.ts";

/** Rows of the series before every second one is dropped. */
const SERIES_ROWS_MAX = 7_200;
/** Fills and events written. */
const FILLS_MAX = 200_000;
const EVENTS_MAX = 10_000;

/** Time between two writes [ms]. */
const WRITE_EVERY_MS = 1_000;

/** Where the recording reads what happened since it last looked. */
export type NotesSource = (place: NotesPlace) => MakerNotes;

/** A run that is being recorded. */
export interface RunRecorder {
  readonly id: string;
  /** Folder of the run. */
  readonly path: string;
  /** Records the state of now; to be called once a second of market time. */
  note(status: MakerStatus, notes: NotesSource): void;
  /** Records the last state and why the run ended. */
  end(status: MakerStatus, notes: NotesSource, reason: string): void;
}

/** What is known of a run before it starts. */
export type RunStart = Omit<RunManifest, "schemaVersion" | "id">;

interface Recording {
  readonly path: string;
  readonly startedMs: number;
  place: NotesPlace;
  /** Lines that are not on disk yet, by file. */
  readonly unwritten: Map<string, string>;
  writtenMs: number;
  rows: SeriesRow[];
  /** The series was thinned: its file is to be replaced. */
  isThinned: boolean;
  /** Every how many samples one is kept, and samples so far. */
  stride: number;
  samples: number;
  quotingSamples: number;
  readonly drawdown: ReturnType<typeof createDrawdown>;
  longest: number;
  shortest: number;
  buys: number;
  written: { fills: number; markouts: number; events: number };
  leftOut: { fills: number; markouts: number; events: number };
  phase: string;
  settings: ReadonlyMap<string, number>;
  isKilled: boolean;
}

/** Makes the folder of a run and begins to record into it; `warn` hears of a disk that fails. */
export function recordRun(
  start: RunStart,
  { word, warn }: { word: string; warn: (text: string) => void },
): RunRecorder {
  const { id, path } = createRunFolder(start.startedMs, word);
  const manifest: RunManifest = { schemaVersion: RUN_SCHEMA_VERSION, id, ...start };
  writeWhole(path, RUN_FILES.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  writeWhole(path, RUN_FILES.fills, headerLine(FILL_COLUMNS));
  writeWhole(path, RUN_FILES.markouts, headerLine(MARKOUT_COLUMNS));
  writeWhole(path, RUN_FILES.series, headerLine(SERIES_COLUMNS));
  const recording = createRecording(path, start.startedMs);
  let isOver = false;
  const guarded = (work: () => void): void => {
    if (isOver) return;
    try {
      work();
    } catch (error) {
      // A full disk must not stop a maker: the run goes on without its record.
      isOver = true;
      warn(`the run is no longer recorded in ${path}: ${String(error)}`);
    }
  };
  return {
    id,
    path,
    note: (status, notes) => guarded(() => record(recording, status, notes, null)),
    end(status, notes, reason) {
      guarded(() => record(recording, status, notes, reason));
      isOver = true;
    },
  };
}

const createRecording = (path: string, startedMs: number): Recording => ({
  path,
  startedMs,
  place: { fills: 0, markouts: 0 },
  unwritten: new Map(),
  writtenMs: 0,
  rows: [],
  isThinned: false,
  stride: 1,
  samples: 0,
  quotingSamples: 0,
  drawdown: createDrawdown(),
  longest: 0,
  shortest: 0,
  buys: 0,
  written: { fills: 0, markouts: 0, events: 0 },
  leftOut: { fills: 0, markouts: 0, events: 0 },
  phase: "",
  settings: new Map(),
  isKilled: false,
});

function record(
  recording: Recording,
  status: MakerStatus,
  source: NotesSource,
  end: string | null,
): void {
  const notes = source(recording.place);
  appendNotes(recording, notes);
  appendEvents(recording, status);
  noteEquity(recording, status);
  appendSeries(recording, seriesRow(status, notes.fairHalfTicks), end !== null);
  const nowMs = Date.now();
  if (nowMs - recording.writtenMs < WRITE_EVERY_MS && end === null) return;
  recording.writtenMs = nowMs;
  write(recording, runSummary(recording, status, { end, nowMs }));
}

/** Tables first, summary last: what the summary counts is in the tables already. */
function write(recording: Recording, summary: RunSummary): void {
  const { path, unwritten } = recording;
  if (recording.isThinned) {
    unwritten.delete(RUN_FILES.series);
    const table = headerLine(SERIES_COLUMNS) + rowLines(SERIES_COLUMNS, recording.rows);
    writeWhole(path, RUN_FILES.series, table);
    recording.isThinned = false;
  }
  for (const [name, text] of unwritten) appendFileSync(join(path, name), text);
  unwritten.clear();
  writeWhole(path, RUN_FILES.summary, `${JSON.stringify(summary, null, 2)}\n`);
}

function appendNotes(recording: Recording, { fills, markouts }: MakerNotes): void {
  const { written, leftOut } = recording;
  recording.place = { fills: fills.next, markouts: markouts.next };
  leftOut.fills += fills.lost;
  leftOut.markouts += markouts.lost;
  const fillRoom = Math.max(0, FILLS_MAX - written.fills);
  const markoutRoom = Math.max(0, 3 * FILLS_MAX - written.markouts);
  const rows = fills.items.map(fillRow);
  recording.buys += rows.filter(({ side }) => side === BUY).length;
  append(recording, RUN_FILES.fills, rowLines(FILL_COLUMNS, rows.slice(0, fillRoom)));
  const later = markouts.items.slice(0, markoutRoom).map(markoutRow);
  append(recording, RUN_FILES.markouts, rowLines(MARKOUT_COLUMNS, later));
  written.fills += Math.min(fillRoom, rows.length);
  written.markouts += later.length;
  leftOut.fills += Math.max(0, rows.length - fillRoom);
  leftOut.markouts += Math.max(0, markouts.items.length - markoutRoom);
  for (const { position } of rows) notePosition(recording, position);
}

function notePosition(recording: Recording, lots: number): void {
  recording.longest = Math.max(recording.longest, lots);
  recording.shortest = Math.min(recording.shortest, lots);
}

function appendEvents(recording: Recording, status: MakerStatus): void {
  const { written, leftOut } = recording;
  const events = newEvents(recording, status);
  const kept = events.slice(0, Math.max(0, EVENTS_MAX - written.events));
  const lines = kept.map((event) => `${JSON.stringify(event)}\n`);
  append(recording, RUN_FILES.events, lines.join(""));
  written.events += kept.length;
  leftOut.events += events.length - kept.length;
}

/** What changed since the last look, in words. */
function newEvents(recording: Recording, status: MakerStatus): RunEvent[] {
  const { timeMs, phase, blocks, kill, parameters } = status;
  const events: RunEvent[] = [];
  if (phase !== recording.phase) {
    const why = blocks[0] === undefined ? "" : `: ${blocks[0].text}`;
    events.push({ timeMs, kind: "phase", text: `${phase}${why}` });
    recording.phase = phase;
  }
  if (kill.killed && !recording.isKilled) {
    events.push({ timeMs, kind: "kill", text: kill.reasons.map(({ text }) => text).join("; ") });
  }
  recording.isKilled = kill.killed;
  const settings = new Map(parameters.map(({ key, value }) => [key, value]));
  for (const [key, value] of settings) {
    const before = recording.settings.get(key);
    if (before === undefined || before === value) continue;
    events.push({ timeMs, kind: "settings", text: `${key} ${before} → ${value}` });
  }
  recording.settings = settings;
  return events;
}

function noteEquity({ drawdown }: Recording, { pnl, startEquity, timeMs }: MakerStatus): void {
  if (pnl === null || startEquity === null) return;
  if (drawdown.peak === Number.NEGATIVE_INFINITY) noteDrawdown(drawdown, timeMs, startEquity);
  noteDrawdown(drawdown, timeMs, startEquity + pnl.total);
}

function appendSeries(recording: Recording, row: SeriesRow, isLast: boolean): void {
  const { rows, stride } = recording;
  recording.quotingSamples += row.quoting;
  recording.samples += 1;
  notePosition(recording, row.position);
  // The last sample is kept whatever the stride: the report's sums end on it.
  if ((recording.samples - 1) % stride !== 0 && !isLast) return;
  rows.push(row);
  if (rows.length <= SERIES_ROWS_MAX) {
    append(recording, RUN_FILES.series, rowLines(SERIES_COLUMNS, [row]));
    return;
  }
  recording.rows = rows.filter((_, i) => i % 2 === 0 || i === rows.length - 1);
  recording.stride *= 2;
  recording.isThinned = true;
}

function runSummary(
  recording: Recording,
  status: MakerStatus,
  { end, nowMs }: { readonly end: string | null; readonly nowMs: number },
): RunSummary {
  const { rows, drawdown } = recording;
  return {
    schemaVersion: RUN_SCHEMA_VERSION,
    state: end === null ? "running" : "ended",
    end,
    updatedMs: nowMs,
    ranMs: nowMs - recording.startedMs,
    fromMs: rows[0]?.timeMs ?? status.timeMs,
    toMs: status.timeMs,
    spec: status.spec,
    quotingRatio: recording.quotingSamples / recording.samples,
    fills: status.fills.count,
    buys: recording.buys,
    volume: status.fills.volume,
    total: status.pnl?.total ?? null,
    split: status.split,
    fundingState: "settled",
    startEquity: status.startEquity,
    venueResidual: status.residual,
    drawdown: {
      deepest: drawdown.deepest,
      ratio: drawdownRatio(drawdown),
      longestMs: drawdown.longestMs,
    },
    position: {
      now: status.position.size,
      longest: recording.longest,
      shortest: recording.shortest,
      limit: status.position.limit,
    },
    markouts: status.markouts,
    fillRate: status.fillRate,
    requests: {
      placed: status.requests.places,
      canceled: status.requests.cancels,
      refused: status.requests.rejects,
      unknown: status.requests.unknown,
    },
    kills: status.kill.reasons.map(({ text }) => text),
    leftOut: { ...recording.leftOut },
  };
}

function append({ unwritten }: Recording, name: string, text: string): void {
  if (text !== "") unwritten.set(name, (unwritten.get(name) ?? "") + text);
}

/** Replaces a file as a whole: a reader and a crash see the old one or the new one. */
function writeWhole(path: string, name: string, text: string): void {
  const unfinished = join(path, `${name}.unfinished`);
  writeFileSync(unfinished, text);
  renameSync(unfinished, join(path, name));
}
