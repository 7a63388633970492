/**
 * What each stage of an order's way costs, in microseconds: every stage runs alone over the same
 * signed orders, one warm-up round and five timed rounds; the figure is the median round's mean.
 *
 * `npm run bench:way` prints the table; with `-- --write` it goes into ARCHITECTURE.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import secp256k1 from "secp256k1";
import { asTimeMs } from "../src/base/units.ts";
import { applyCommand } from "../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../src/exchange/command.ts";
import { type Command, writeCommand } from "../src/exchange/command-codec.ts";
import { encodeCommandRecord } from "../src/exchange/command-encoding.ts";
import { createEventRing, releaseEvents } from "../src/exchange/event.ts";
import { type ExchangeEvent, readEvents } from "../src/exchange/event-codec.ts";
import { createExchange, type ExchangeState } from "../src/exchange/state.ts";
import { commandOf } from "../src/gateway/action-command.ts";
import { replyOf } from "../src/gateway/action-reply.ts";
import { beginSearch, endSearch } from "../src/gateway/signer.ts";
import { recoverAddress } from "../src/gateway/signer-recovery.ts";
import { createFileStorage } from "../src/journal/file-storage.ts";
import { openJournal } from "../src/journal/open-journal.ts";
import { createReadModels, foldEvent } from "../src/projection/read-models.ts";
import { DEFAULT_MARKETS } from "../src/sim/default-markets.ts";
import { actionHash, agentDigest } from "../src/wire/action-hash.ts";
import { readRequest, type WireRequest } from "../src/wire/canonical.ts";
import { addressOfKey } from "./address.ts";

const ORDERS = 4_000;
const ROUNDS = 5;
const START_MS = 1_800_000_000_000;
const MARKETS = {
  marketOf: (assetId: number) => assetId,
  szDecimals: (market: number) => DEFAULT_MARKETS[market]?.spec.szDecimals ?? 0,
};
const KEYS = [1, 2].map((n) => Buffer.from(n.toString(16).padStart(64, "0"), "hex"));

/** Bodies as a client sends them: a resting order of one account, then one of the other that takes it. */
function signedBodies(): string[] {
  return Array.from({ length: ORDERS }, (_, i) => {
    const isTaker = i % 2 === 1;
    const tif = isTaker ? "Ioc" : "Gtc";
    const order = { a: 0, b: !isTaker, p: "63990", s: "0.001", r: false, t: { limit: { tif } } };
    const action = { type: "order", orders: [order], grouping: "na" };
    const nonce = START_MS + i;
    const digest = agentDigest(
      actionHash(action, { nonce, vaultAddress: null, expiresAfter: null }),
      "a",
    );
    const key = KEYS[i % 2] as Buffer;
    const { signature, recid } = secp256k1.ecdsaSign(digest, key);
    const hex = Buffer.from(signature).toString("hex");
    const parts = { r: `0x${hex.slice(0, 64)}`, s: `0x${hex.slice(64)}`, v: 27 + recid };
    return JSON.stringify({ action, nonce, signature: parts, vaultAddress: null });
  });
}

interface Funded {
  readonly state: ExchangeState;
  /** What happened before the first order. */
  readonly genesisEvents: readonly ExchangeEvent[];
  run(record: CommandRecord): ExchangeEvent[];
}

/** A fresh exchange with the default markets and both accounts funded. */
function createFunded(): Funded {
  const state = createExchange();
  const ring = createEventRing();
  let seq = 0;
  const run = (record: CommandRecord): ExchangeEvent[] => {
    record.lanes[HEADER.seq] = ++seq;
    record.lanes[HEADER.timeMs] = START_MS;
    const from = ring.written;
    applyCommand(state, record, ring);
    const events = readEvents(ring, from, ring.written);
    releaseEvents(ring, ring.written);
    return events;
  };
  const record = createCommandRecord();
  const genesisEvents = genesis().flatMap((command) => {
    writeCommand(command, record);
    return run(record);
  });
  return { state, genesisEvents, run };
}

function genesis(): Command[] {
  return [
    ...DEFAULT_MARKETS.map(({ spec }): Command => ({ kind: "createMarket", spec })),
    {
      kind: "setOraclePrices",
      prices: DEFAULT_MARKETS.map(({ startPx }, market) => ({ market, px: startPx })),
    },
    ...KEYS.map(
      (key): Command => ({ kind: "deposit", address: addressOfKey(key), amount: 10 ** 14 }),
    ),
  ];
}

/** Median over rounds of the mean cost of an item [us]. */
function measure(count: number, round: () => void): number {
  const costs: number[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const startNs = process.hrtime.bigint();
    round();
    if (i > 0) costs.push(Number(process.hrtime.bigint() - startNs) / 1_000 / count);
  }
  costs.sort((a, b) => a - b);
  return costs[Math.floor(costs.length / 2)] as number;
}

async function main(): Promise<void> {
  const bodies = signedBodies();
  const { state } = createFunded();
  const requests = bodies.map((body) => readRequest(JSON.parse(body)) as WireRequest);
  const signers = KEYS.map(addressOfKey);
  const commands = requests.map((request, i) => {
    const outcome = commandOf(request, signers[i % 2] as `0x${string}`, MARKETS, () => -1);
    if (!("command" in outcome)) throw new Error(outcome.refusal);
    return outcome.command;
  });
  const records = commands.map((command) => {
    const record = createCommandRecord(1);
    writeCommand(command, record);
    return record;
  });
  const sample = createFunded();
  const events = records.map((record) => sample.run(record));
  const rows: [string, string, number][] = [];
  const row = (stage: string, what: string, cost: number): void =>
    void rows.push([stage, what, cost]);

  row(
    "parse",
    "JSON text to a checked, canonical request",
    measure(ORDERS, () => {
      for (const body of bodies) readRequest(JSON.parse(body));
    }),
  );
  row(
    "recover",
    "hash what was signed, recover the address, look it up",
    measure(ORDERS, () => {
      for (const request of requests) {
        const search = beginSearch(request, "a");
        const address = recoverAddress(search.first.digest, request.signature);
        if (!("address" in endSearch(search, address, state, START_MS)))
          throw new Error("the signer is known");
      }
    }),
  );
  const record = createCommandRecord();
  row(
    "sequence",
    "request to a stamped command record",
    measure(ORDERS, () => {
      for (const [i, request] of requests.entries()) {
        const outcome = commandOf(request, signers[i % 2] as `0x${string}`, MARKETS, () => -1);
        if ("command" in outcome) writeCommand(outcome.command, record);
      }
    }),
  );
  const block = new DataView(new ArrayBuffer(1 << 16));
  row(
    "journal",
    "encode the record into the open group",
    measure(ORDERS, () => {
      for (const one of records) encodeCommandRecord(one, block, 0);
    }),
  );
  row(
    "journal, disk",
    `write and fdatasync in groups of up to ${ORDERS}, an order's share`,
    await measureDisk(records),
  );
  row("apply", "margin, match, settle, rest; events into the ring", measureApply(records));
  row(
    "events",
    "fold into books, orders, fills, trades and day figures",
    measure(ORDERS, () => {
      const models = createReadModels();
      for (const event of sample.genesisEvents) foldEvent(models, event);
      for (const list of events) for (const event of list) foldEvent(models, event);
    }),
  );
  row(
    "reply",
    "events of the command to reply text",
    measure(ORDERS, () => {
      for (const [i, request] of requests.entries()) {
        JSON.stringify(
          replyOf({
            action: request.action,
            signer: signers[i % 2] as `0x${string}`,
            vault: null,
            events: events[i] as ExchangeEvent[],
            markets: MARKETS,
          }),
        );
      }
    }),
  );
  report(rows);
}

function measureApply(records: readonly CommandRecord[]): number {
  const costs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const { state } = createFunded();
    const ring = createEventRing();
    let seq = genesis().length;
    const startNs = process.hrtime.bigint();
    for (const record of records) {
      record.lanes[HEADER.seq] = ++seq;
      record.lanes[HEADER.timeMs] = START_MS;
      applyCommand(state, record, ring);
      releaseEvents(ring, ring.written);
    }
    if (round > 0) costs.push(Number(process.hrtime.bigint() - startNs) / 1_000 / records.length);
  }
  return costs.sort((a, b) => a - b)[Math.floor(costs.length / 2)] as number;
}

/** Share of an order in writing and syncing, everything else being done already [us]. */
async function measureDisk(records: readonly CommandRecord[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-way-"));
  const withDisk: number[] = [];
  for (let round = 0; round < 3; round++) {
    const storage = createFileStorage(join(folder, String(round)));
    const clock = { nowMs: () => asTimeMs(START_MS) };
    const { sequencer } = openJournal({
      storage,
      clock,
      onFatal: (error) => {
        throw error;
      },
    });
    const record = createCommandRecord();
    for (const command of genesis()) {
      writeCommand(command, record);
      sequencer.submit(record);
    }
    await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
    for (const one of records) sequencer.submit(one);
    const startNs = process.hrtime.bigint();
    await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
    withDisk.push(Number(process.hrtime.bigint() - startNs) / 1_000 / records.length);
    await new Promise<void>((resolve) => sequencer.close(() => resolve()));
  }
  rmSync(folder, { recursive: true, force: true });
  return withDisk.sort((a, b) => a - b)[1] as number;
}

function report(rows: readonly [string, string, number][]): void {
  const lines = rows.map(([stage, what, cost]) => `| ${stage} | ${what} | ${cost.toFixed(1)} |`);
  const place = `Measured by \`npm run bench:way\` on Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}.`;
  const table = [
    "| stage | what it does | us an order |",
    "| --- | --- | ---: |",
    ...lines,
    "",
    place,
  ].join("\n");
  process.stdout.write(`${table}\n`);
  if (!process.argv.includes("--write")) return;
  const file = join(dirname(fileURLToPath(import.meta.url)), "../ARCHITECTURE.md");
  const text = readFileSync(file, "utf8");
  const marked = /<!-- way:start -->[\s\S]*<!-- way:end -->/;
  if (!marked.test(text)) throw new Error("ARCHITECTURE.md has the way:start and way:end markers");
  writeFileSync(file, text.replace(marked, `<!-- way:start -->\n${table}\n<!-- way:end -->`));
}

await main();
