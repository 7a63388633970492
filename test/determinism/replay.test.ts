/**
 * The exchange is a fold: the same commands give the same state, today, again, from a snapshot, on
 * any machine. The golden hashes hold for one engine version. When rules change on purpose, run this
 * test, take the hashes that its failure shows, and set them here together with `ENGINE_VERSION`.
 */
import { describe, expect, test } from "vitest";
import { createDigest, digestHex, updateDigestText } from "../../src/base/digest.ts";
import { createPrng } from "../../src/base/prng.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { decodeCommandRecord } from "../../src/exchange/command-encoding.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { restoreSnapshot, writeSnapshot } from "../../src/exchange/snapshot.ts";
import { createExchange, ENGINE_VERSION, type ExchangeState } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createCommandStream, scrambleRecord } from "../support/random-commands.ts";
import { recordBytes } from "../support/record-bytes.ts";

const COMMANDS = 20_000;
const SNAPSHOT_EVERY = 2_500;

/** Recipe: `createCommandStream({ seed })`, every 50th record scrambled, 20,000 commands. */
const GOLDEN = {
  engineVersion: 1,
  seeds: {
    1: { state: "a1b9fb0af486708ed37d53c55a398fc9", events: "a5a3e14569422edb4d5c3e879d7644b7" },
    2: { state: "2cffe329d96b5b7cfa85301a5ad7af60", events: "52916ec8237c0dcb4472ce0e71eaa1b8" },
  },
} as const;

interface Run {
  /** All commands as the journal would keep them. */
  readonly log: DataView;
  readonly stateHash: string;
  readonly eventsHash: string;
  readonly snapshots: { seq: number; at: number; bytes: Uint8Array; hash: string }[];
}

const runs = new Map<number, Run>();

/** Runs a stream once and keeps what it left; later tests only replay it. */
function liveRun(seed: number): Run {
  const known = runs.get(seed);
  if (known !== undefined) return known;
  const state = createExchange();
  const ring = createEventRing();
  const stream = createCommandStream({ seed });
  const prng = createPrng(seed);
  const record = createCommandRecord();
  const digest = createDigest();
  const parts: Uint8Array[] = [];
  const snapshots: Run["snapshots"] = [];
  let length = 0;
  for (let seq = 1; seq <= COMMANDS; seq++) {
    const { command, timeMs } = stream.next();
    writeCommand(command as Command, record);
    if (seq % 50 === 0) scrambleRecord(prng, record);
    record.lanes[HEADER.seq] = seq;
    record.lanes[HEADER.timeMs] = timeMs;
    const view = recordBytes(record);
    parts.push(new Uint8Array(view.buffer));
    length += view.byteLength;
    applyCommand(state, record, ring);
    const events = readEvents(ring, ring.released, ring.written);
    releaseEvents(ring, ring.written);
    for (const event of events) updateDigestText(digest, JSON.stringify(event));
    stream.observe(events);
    if (seq % SNAPSHOT_EVERY === 0) {
      snapshots.push({ seq, at: length, bytes: writeSnapshot(state), hash: stateHash(state) });
    }
  }
  const log = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    log.set(part, at);
    at += part.length;
  }
  const run: Run = {
    log: new DataView(log.buffer),
    stateHash: stateHash(state),
    eventsHash: digestHex(digest),
    snapshots,
  };
  runs.set(seed, run);
  return run;
}

/** Applies the log from a byte offset on; `looked` is called after each command. */
function replay(
  state: ExchangeState,
  log: DataView,
  from: number,
  looked?: (seq: number) => void,
): void {
  const record: CommandRecord = createCommandRecord();
  const ring = createEventRing();
  for (let at = from; at < log.byteLength; ) {
    at = decodeCommandRecord(log, at, record);
    expect(at).toBeGreaterThan(0);
    applyCommand(state, record, ring);
    releaseEvents(ring, ring.written);
    looked?.(record.lanes[HEADER.seq] as number);
  }
}

describe.each([1, 2] as const)("seed %d", (seed) => {
  test("a replay of the log gives the same hash, and so at every snapshot on the way", () => {
    const run = liveRun(seed);
    const state = createExchange();
    const hashes: string[] = [];
    replay(state, run.log, 0, (seq) => {
      if (seq % SNAPSHOT_EVERY === 0) hashes.push(stateHash(state));
    });
    expect(hashes).toEqual(run.snapshots.map(({ hash }) => hash));
    expect(stateHash(state)).toBe(run.stateHash);
  });

  test("a snapshot and the rest of the log give the same hash, from every snapshot", () => {
    const { snapshots, log, stateHash: end } = liveRun(seed);
    expect(snapshots).toHaveLength(COMMANDS / SNAPSHOT_EVERY);
    for (const { bytes, at, hash } of snapshots) {
      const state = restoreSnapshot(bytes);
      expect(stateHash(state)).toBe(hash);
      replay(state, log, at);
      expect(stateHash(state)).toBe(end);
    }
  });

  test("state and events have this release's golden hashes", () => {
    const run = liveRun(seed);
    expect(ENGINE_VERSION).toBe(GOLDEN.engineVersion);
    const { state, events } = GOLDEN.seeds[seed];
    expect({ state: run.stateHash, events: run.eventsHash }).toEqual({ state, events });
  });
});

test("one command more, less or changed gives another hash", () => {
  const run = liveRun(1);
  const [first] = run.snapshots;
  const cut = new DataView(run.log.buffer, 0, (first as { at: number }).at);
  const whole = createExchange();
  replay(whole, cut, 0);
  expect(stateHash(whole)).toBe(first?.hash);
  const record = createCommandRecord();
  const offsets: number[] = [];
  for (let at = 0; at < cut.byteLength; at = decodeCommandRecord(cut, at, record)) offsets.push(at);
  const last = offsets.at(-1) as number;
  const shorter = createExchange();
  replay(shorter, new DataView(run.log.buffer, 0, last), 0);
  expect(stateHash(shorter)).not.toBe(first?.hash);
});
