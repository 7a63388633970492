/** The store against models that forget nothing, over random commands and restarts between them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { answerRows, askHistory } from "../../test/support/history-answers.ts";
import { createCommandStream } from "../../test/support/random-commands.ts";
import { createPrng, nextBelow } from "../base/prng.ts";
import { applyCommand } from "../exchange/apply.ts";
import { createCommandRecord, HEADER } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../exchange/event.ts";
import { type ExchangeEvent, readEvents } from "../exchange/event-codec.ts";
import { createExchange, ENGINE_VERSION } from "../exchange/state.ts";
import type { HistoryWindows } from "../projection/history-windows.ts";
import { createMemoryHistory } from "../projection/memory-history.ts";
import { createReadModels, foldEvent, type ReadModels } from "../projection/read-models.ts";
import { decodeReadModels, encodeLiveModels } from "../projection/read-models-codec.ts";
import type { HistoryStore } from "./history-store.ts";
import { loadNativeModule } from "./native-module.ts";
import { openHistory } from "./open-history.ts";
import { createStoredHistory } from "./stored-history.ts";

const native = await loadNativeModule();
if (native.kind === "missing") console.log(`the store is not tested: ${native.reason}`);
const storeTest = test.skipIf(native.kind === "missing");
const folder = mkdtempSync(join(tmpdir(), "bourse-history-"));
const runFolder = join(folder, "run");
const shortFolder = join(folder, "short");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const windowsOf = (bound: number): HistoryWindows => ({
  fills: bound,
  finishedOrders: bound,
  payments: bound,
  rates: bound,
  ledger: bound,
  candles: bound,
});
const WHOLE = windowsOf(1_000_000);
const TINY = windowsOf(3);

interface Session {
  readonly models: ReadModels;
  readonly store: HistoryStore;
}

/** Opens the store and brings its models up to `seq` by the events of the run so far. */
async function openSession(
  path: string,
  events: readonly ExchangeEvent[] = [],
  seq = 0,
): Promise<Session> {
  const opened = await openHistory({
    folder: path,
    journal: { genesis: new Uint8Array(16).fill(3), seq },
    engineVersion: ENGINE_VERSION,
    onFatal: (error) => {
      throw error;
    },
  });
  if (opened.kind === "missing") throw new Error(opened.reason);
  const { store, checkpoint, dropped } = opened;
  expect(dropped).toBe(null);
  const kept = checkpoint === null ? null : decodeReadModels(checkpoint.models, TINY);
  const models = kept ?? createReadModels(TINY);
  models.rows = store.rowsOf(models);
  // Copies: models keep parts of what they fold, and change them.
  for (const event of events) foldEvent(models, structuredClone(event));
  store.commit(seq);
  return { models, store };
}

storeTest(
  "whatever is asked, the store answers as memory would that forgot nothing",
  {
    timeout: 300_000,
  },
  async () => {
    const prng = createPrng(11);
    const stream = createCommandStream({ seed: 11 });
    const state = createExchange();
    const ring = createEventRing();
    const record = createCommandRecord();
    const whole = createReadModels(WHOLE);
    const events: ExchangeEvent[] = [];
    let session = await openSession(runFolder);
    let firstMs = 0;
    let seq = 0;
    let rows = 0;
    for (let round = 0; round < 12; round++) {
      const groups = 10 + nextBelow(prng, 20);
      for (let group = 0; group < groups; group++) {
        for (let count = 1 + nextBelow(prng, 20); count > 0; count--) {
          const { command, timeMs } = stream.next();
          if (firstMs === 0) firstMs = timeMs;
          writeCommand(command, record);
          record.lanes[HEADER.seq] = ++seq;
          record.lanes[HEADER.timeMs] = timeMs;
          applyCommand(state, record, ring);
          const fresh = readEvents(ring, ring.released, ring.written);
          releaseEvents(ring, ring.written);
          stream.observe(fresh);
          for (const event of fresh) {
            events.push(event);
            foldEvent(whole, structuredClone(event));
            foldEvent(session.models, structuredClone(event));
          }
        }
        session.store.commit(seq);
        if (nextBelow(prng, 25) === 0) {
          const models = encodeLiveModels(session.models, seq);
          session.store.keepCheckpoint({ seq, snapshot: new Uint8Array([7]), models });
        }
      }
      const midMs = Math.floor((firstMs + whole.timeMs) / 2);
      const expected = await askHistory(createMemoryHistory(whole), whole, midMs);
      const stored = createStoredHistory(session.models, session.store);
      expect(await askHistory(stored, session.models, midMs)).toEqual(expected);
      rows = answerRows(expected);
      if (round % 3 === 2) {
        await session.store.close();
        session = await openSession(runFolder, events, seq);
        const reopened = createStoredHistory(session.models, session.store);
        expect(await askHistory(reopened, session.models, midMs)).toEqual(expected);
      }
    }
    await session.store.close();
    console.log(`history: ${seq} commands, ${rows} rows in the last comparison`);
    expect(rows).toBeGreaterThan(2_000);
  },
);

storeTest("an answer is of the moment it was asked for", async () => {
  const { models, store } = await openSession(shortFolder);
  const deposit = (amount: number): void => {
    const head = { account: 2, market: -1, item: 0 };
    foldEvent(models, { kind: "deposited", seq: amount, timeMs: 1_000 + amount, amount, ...head });
  };
  for (let amount = 1; amount <= 10; amount++) deposit(amount);
  store.commit(10);
  const history = createStoredHistory(models, store);
  const span = { fromMs: 0, toMs: 5_000, count: 100, newestFirst: true };
  const asked = [history.ledger(2, span), history.ledger(2, { ...span, newestFirst: false })];
  for (let amount = 11; amount <= 20; amount++) deposit(amount);
  store.commit(20);
  const answers = await Promise.all(asked);
  const amounts = answers.map((entries) => entries.map(({ amount }) => amount));
  const upToTen = Array.from({ length: 10 }, (_, i) => i + 1);
  expect(amounts).toEqual([upToTen.toReversed(), upToTen]);
  await store.close();
});
