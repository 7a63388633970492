/**
 * A journal in which every kind of command occurs, and what its replay gives: from the first command,
 * and from every snapshot on the way.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrng } from "../../src/base/prng.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { COMMAND, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { writeSnapshot } from "../../src/exchange/snapshot.ts";
import { createExchange, ENGINE_VERSION, type ExchangeState } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { addRecord, clearGroup, createCommitGroup } from "../../src/journal/commit-group.ts";
import { snapshotName, snapshotsAmong } from "../../src/journal/file-name.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { recoverJournal } from "../../src/journal/recovery.ts";
import { sealFrame } from "../../src/journal/segment.ts";
import { encodeSnapshot } from "../../src/journal/snapshot-file.ts";
import type { Storage } from "../../src/journal/storage.ts";
import { createCommandStream, scrambleRecord } from "../support/random-commands.ts";
import { createJournalFolder, GENESIS, type JournalFolder } from "./journal-folder.ts";

/** Commands a frame. */
const GROUP = 64;
/** Every record whose seq divides by this has lanes that no command has. */
const SCRAMBLE_EVERY = 50;

/** What was written and what came back. */
export interface EveryKindReport {
  readonly commands: number;
  readonly journalBytes: number;
  /** How often each kind of the command list occurs. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Hash at the end, from the run itself. */
  readonly hash: string;
  readonly replays: readonly {
    /** Seq that the replay began behind; 0 = the first command. */
    readonly fromSeq: number;
    readonly hash: string;
    readonly seconds: number;
  }[];
}

/** Writes such a journal to a temporary folder and replays it from everywhere. */
export function measureEveryKind(options: {
  readonly seed: number;
  readonly commands: number;
  readonly snapshotEvery: number;
}): EveryKindReport {
  const folder = mkdtempSync(join(tmpdir(), "bourse-kinds-"));
  try {
    const journal = createJournalFolder(folder);
    const { state, kinds } = runStream(options, folder, journal);
    journal.close();
    const storage = createFileStorage(folder);
    const snapshotSeqs = snapshotsAmong(storage.list()).map(({ seq }) => seq);
    return {
      commands: options.commands,
      journalBytes: journal.bytes,
      kinds,
      hash: stateHash(state),
      replays: [0, ...snapshotSeqs].map((fromSeq) => replayFrom(storage, fromSeq)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runStream(
  { seed, commands, snapshotEvery }: Parameters<typeof measureEveryKind>[0],
  folder: string,
  journal: JournalFolder,
): { state: ExchangeState; kinds: Map<string, number> } {
  const state = createExchange();
  const ring = createEventRing();
  const record = createCommandRecord();
  const group = createCommitGroup();
  const stream = createCommandStream({ seed });
  const prng = createPrng(seed);
  const kinds = new Map(Object.keys(COMMAND).map((kind) => [kind, 0]));
  let snapshotSeq = 0;
  for (let seq = 1; seq <= commands; seq++) {
    const { command, timeMs } = stream.next();
    kinds.set(command.kind, (kinds.get(command.kind) ?? 0) + 1);
    writeCommand(command, record);
    if (seq % SCRAMBLE_EVERY === 0) scrambleRecord(prng, record);
    record.lanes[HEADER.seq] = seq;
    record.lanes[HEADER.timeMs] = timeMs;
    addRecord(group, record, seq);
    applyCommand(state, record, ring);
    stream.observe(readEvents(ring, ring.released, ring.written));
    releaseEvents(ring, ring.written);
    if (group.recordCount < GROUP && seq < commands) continue;
    const bytes = group.bytes.subarray(0, group.length);
    const { recordCount, firstSeq } = group;
    const place = { recordCount, firstSeq, previousChain: journal.chain, salt: journal.salt };
    journal.chain = sealFrame(bytes, place);
    journal.write?.({ bytes, firstSeq, recordCount });
    clearGroup(group);
    if (seq - snapshotSeq < snapshotEvery) continue;
    snapshotSeq = seq;
    writeFileSync(join(folder, snapshotName(seq)), snapshotOf(state, seq, journal.chain));
  }
  return { state, kinds };
}

const snapshotOf = (state: ExchangeState, seq: number, chain: Uint8Array): Uint8Array =>
  encodeSnapshot({
    engineVersion: ENGINE_VERSION,
    seq,
    genesis: GENESIS,
    chain,
    stateHash: stateHash(state),
    content: writeSnapshot(state),
  });

/** From the first command every snapshot is compared too; from a snapshot the later ones are hidden. */
function replayFrom(storage: Storage, fromSeq: number): EveryKindReport["replays"][number] {
  const startMs = performance.now();
  const hidden = new Set(
    snapshotsAmong(storage.list())
      .filter(({ seq }) => fromSeq > 0 && seq > fromSeq)
      .map(({ name }) => name),
  );
  const { state, report } = recoverJournal(
    { ...storage, list: () => storage.list().filter((name) => !hidden.has(name)) },
    { from: fromSeq === 0 ? "start" : "snapshot", verify: "tail", repair: false },
  );
  if ((report.snapshot?.seq ?? 0) !== fromSeq) throw new Error(`no snapshot of seq ${fromSeq}`);
  const seconds = (performance.now() - startMs) / 1000;
  return { fromSeq, hash: stateHash(state), seconds };
}
