/**
 * History is the journal's, whatever happens to the process or to the store: a process is ended with
 * `kill -9` before, during and after each kind of write that it makes to journal, snapshots and
 * RocksDB; then the folder gives the state hash and the answers of a replay that forgets nothing.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { asTimeMs } from "../../src/base/units.ts";
import { type OpenExchange, openExchange } from "../../src/cli/open-exchange.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { replayJournal } from "../../src/journal/replay.ts";
import { createMemoryHistory } from "../../src/projection/memory-history.ts";
import { createReadModels, foldRing, type ReadModels } from "../../src/projection/read-models.ts";
import { encodeLiveModels } from "../../src/projection/read-models-codec.ts";
import { loadNativeModule, type NativeModule } from "../../src/store/native-module.ts";
import { answerRows, askHistory, type HistoryAnswers } from "../support/history-answers.ts";
import { PHASES, WRITES } from "./watched-disk.ts";

const CHILD = join(dirname(fileURLToPath(import.meta.url)), "history-child.ts");
/** Deaths at each moment of each write. */
const ROUNDS = Number(process.env.BOURSE_HISTORY_ROUNDS ?? 1);
/** Writes that every run has many of; whether the others come depends on how fast the disk is. */
const CERTAIN: readonly string[] = ["append", "sync", "segment", "snapshot"];
/** Commands before a death: between the two. */
const COMMANDS_MIN = 60;
const COMMANDS_SPAN = 90;
const native = await loadNativeModule();
console.log(`rocksdb-native: ${native.kind === "loaded" ? "loaded" : native.reason}`);
const storeTest = test.skipIf(native.kind === "missing");
const home = mkdtempSync(join(tmpdir(), "bourse-history-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const folder = join(home, "exchange");

interface Truth {
  readonly seq: number;
  readonly hash: string;
  readonly midMs: number;
  readonly answers: HistoryAnswers;
  /** Every read model but for its histories, encoded. */
  readonly live: string;
}

/** What a replay from the first command says. */
async function truthOf(path: string): Promise<Truth> {
  const bound = 1_000_000;
  const models = createReadModels({
    fills: bound,
    finishedOrders: bound,
    payments: bound,
    rates: bound,
    ledger: bound,
    candles: bound,
  });
  let firstMs = 0;
  const { seq, hash } = replayJournal(createFileStorage(path), {
    listener: (ring, from, to) => {
      foldRing(models, ring, from, to);
      if (firstMs === 0) firstMs = models.timeMs;
    },
  });
  const midMs = Math.floor((firstMs + models.timeMs) / 2);
  return {
    seq,
    hash,
    midMs,
    answers: await askHistory(createMemoryHistory(models), models, midMs),
    live: liveText(models, seq),
  };
}

const liveText = (models: ReadModels, seq: number): string =>
  Buffer.from(encodeLiveModels(models, seq)).toString();

const open = (path: string, load?: () => Promise<NativeModule>): Promise<OpenExchange> =>
  openExchange({
    folder: path,
    clock: { nowMs: () => asTimeMs(0) },
    ...(load === undefined ? {} : { loadNative: load }),
    onFatal: (error) => {
      throw error;
    },
  });

async function closeAll({ sequencer, close }: OpenExchange): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    sequencer.close((error) => (error === null ? resolve() : reject(error)));
  });
  await close();
}

/** Opens a folder, compares it with the truth, and closes it in order; answers what the start said. */
async function expectTruth(
  path: string,
  truth: Truth,
  load?: () => Promise<NativeModule>,
): Promise<readonly string[]> {
  const opened = await open(path, load);
  const { sequencer, history, models, lines } = opened;
  expect(sequencer.durableSeq).toBe(truth.seq);
  expect(stateHash(sequencer.state)).toBe(truth.hash);
  expect(await askHistory(history, models, truth.midMs)).toEqual(truth.answers);
  expect(liveText(models, truth.seq)).toBe(truth.live);
  await closeAll(opened);
  return lines;
}

async function runChild(
  path: string,
  [seed, write, phase, after]: readonly [number, string, string, number],
): Promise<string> {
  const args = [CHILD, path, String(seed), write, phase, String(after)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal ?? `exit ${code}`;
}

/** A copy of the folder: what is found in it must not change what the next process finds. */
function copyOf(path: string): string {
  const copy = join(home, "copy");
  rmSync(copy, { recursive: true, force: true });
  cpSync(path, copy, { recursive: true });
  return copy;
}

storeTest(
  "a process killed at any moment of any write leaves all of history",
  {
    timeout: 900_000,
  },
  async () => {
    let seed = 1;
    let rows = 0;
    let deaths = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const write of WRITES) {
        for (const phase of PHASES) {
          const after = COMMANDS_MIN + ((seed * 37) % COMMANDS_SPAN);
          const ended = await runChild(folder, [seed, write, phase, after]);
          const isCertain = CERTAIN.includes(write) || ended !== "exit 0";
          if (isCertain) expect(ended, `${write} ${phase}`).toBe("SIGKILL");
          if (ended === "SIGKILL") deaths += 1;
          seed += 1;
          const copy = copyOf(folder);
          const truth = await truthOf(copy);
          await expectTruth(copy, truth);
          rows = answerRows(truth.answers);
        }
      }
    }
    console.log(
      `kill -9 at writes: ${deaths} deaths, ${rows} rows of history in the last comparison`,
    );
    expect(rows).toBeGreaterThan(1_000);
  },
);

storeTest(
  "a start reads the last checkpoint and the journal behind it, nothing before",
  {
    timeout: 300_000,
  },
  async () => {
    expect(await runChild(folder, [100, "sync", "before", 30])).toBe("SIGKILL");
    const copy = copyOf(folder);
    const truth = await truthOf(copy);
    // What lies before the checkpoint is not even looked at: its bytes may be anything.
    const segments = readdirSync(copy).filter((name) => name.startsWith("segment"));
    const read: string[] = [];
    const storage = createFileStorage(copy);
    const opened = await openExchange({
      folder: copy,
      storage: {
        ...storage,
        read: (name, length) => {
          if (length === undefined && name.startsWith("segment")) read.push(name);
          return storage.read(name, length);
        },
      },
      clock: { nowMs: () => asTimeMs(0) },
      onFatal: (error) => {
        throw error;
      },
    });
    expect(stateHash(opened.sequencer.state)).toBe(truth.hash);
    expect(new Set(read).size).toBeLessThan(segments.length / 2);
    await closeAll(opened);
  },
);

storeTest(
  "a store that is gone, damaged, of another journal or ahead of it is built again",
  {
    timeout: 300_000,
  },
  async () => {
    const copy = copyOf(folder);
    const truth = await truthOf(copy);
    const store = join(copy, "history");

    rmSync(store, { recursive: true });
    expect((await expectTruth(copy, truth)).join()).toContain("history on disk was at seq 0");

    const kept = join(home, "kept");
    cpSync(store, kept, { recursive: true });
    for (const name of readdirSync(store)) {
      if (name.startsWith("MANIFEST")) writeFileSync(join(store, name), "damaged");
    }
    expect((await expectTruth(copy, truth)).join()).toMatch(/dropped: it cannot be opened/);

    const other = join(home, "other");
    mkdirSync(other);
    const stranger = await open(other);
    await closeAll(stranger);
    rmSync(store, { recursive: true });
    cpSync(kept, join(other, "history"), { recursive: true });
    const opened = await open(other);
    expect(opened.sequencer.durableSeq).toBe(0);
    expect(opened.lines.join()).toMatch(/dropped: it is of format/);
    await closeAll(opened);

    // The journal as it was some processes ago, and the store of today.
    const older = join(home, "older");
    cpSync(copy, older, { recursive: true });
    for (const name of readdirSync(older)) {
      if (name.startsWith("snapshot")) rmSync(join(older, name));
    }
    const last = readdirSync(older)
      .filter((name) => name.startsWith("segment"))
      .at(-1) as string;
    rmSync(join(older, last));
    rmSync(join(older, "history"), { recursive: true, force: true });
    cpSync(kept, join(older, "history"), { recursive: true });
    const olderTruth = await truthOf(older);
    expect(olderTruth.seq).toBeLessThan(truth.seq);
    expect((await expectTruth(older, olderTruth)).join()).toMatch(/dropped: it holds seq/);
  },
);

test("without the native module the same answers come from memory", {
  timeout: 300_000,
}, async () => {
  const copy = join(home, "small");
  expect(await runChild(copy, [1, "none", "", 0])).toBe("exit 0");
  const truth = await truthOf(copy);
  const missing = (): Promise<NativeModule> =>
    Promise.resolve({ kind: "missing", reason: "it is not there" });
  const opened = await open(copy, missing);
  expect(opened.historyMissing).toMatch(/kept in memory.*it is not there/);
  await closeAll(opened);
  // After an orderly end from what it kept, and with the module again from the store.
  await expectTruth(copy, truth, missing);
  if (native.kind === "loaded") await expectTruth(copy, truth);
});
