/**
 * What each stage of an action costs on the main thread. Every stage runs alone over the same signed
 * actions, one round to warm up and then some that are timed; only HTTP, which cannot be had without
 * a socket, is the processor time of a process that does nothing else.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTimeMs } from "../../src/base/units.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { commandOf } from "../../src/gateway/action-command.ts";
import { readReplyEvents, replyOf } from "../../src/gateway/action-reply.ts";
import { endSearch, type SignerSearch } from "../../src/gateway/signer.ts";
import { recoverAddress } from "../../src/gateway/signer-recovery.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { openJournal } from "../../src/journal/open-journal.ts";
import type { Sequencer } from "../../src/journal/sequencer.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { actionHash, agentDigest } from "../../src/wire/action-hash.ts";
import { readRequest, type WireRequest } from "../../src/wire/canonical.ts";
import { median } from "../core/statistics.ts";
import { startHttpFloor } from "./exchange-child.ts";
import { runHttpLoad } from "./http-load.ts";
import type { SignedRequest, Trader } from "./signed-order.ts";

/** A stage and its cost; null = the system does not tell [us]. */
export interface Stage {
  readonly stage: string;
  readonly what: string;
  readonly us: number | null;
}

const MARKETS = {
  marketOf: (assetId: number) => assetId,
  szDecimals: (market: number) => DEFAULT_MARKETS[market]?.spec.szDecimals ?? 0,
};
/** What every trader begins with [10^-6 USDC]. */
const FUNDS = 10 ** 12;
const CONNECTIONS = 128;

/** Times every stage over actions of funded traders. */
export async function measureStages(
  signed: readonly SignedRequest[],
  traders: readonly Trader[],
  rounds: number,
): Promise<readonly Stage[]> {
  const texts = signed.map(({ body }) => body.toString("utf8"));
  const values = texts.map((text) => JSON.parse(text) as unknown);
  const requests = values.map((value) => readRequest(value) as WireRequest);
  const hashes = requests.map((request) => actionHash(request.action, request));
  const each = (run: (index: number) => unknown): number => {
    const timed = (): number => {
      const startMs = performance.now();
      for (let i = 0; i < signed.length; i++) run(i);
      return ((performance.now() - startMs) * 1e3) / signed.length;
    };
    timed();
    return median(Array.from({ length: rounds }, timed));
  };
  const at = <T>(list: readonly T[], index: number): T => list[index] as T;
  const front: Stage[] = [
    stage("HTTP", "sockets, heads and bodies, in and out", await measureHttp(signed, rounds)),
    stage(
      "text",
      "bytes to text",
      each((i) => at(signed, i).body.toString("utf8")),
    ),
    stage(
      "JSON",
      "text to a value",
      each((i) => JSON.parse(at(texts, i))),
    ),
    stage(
      "schema",
      "checked, in canonical form",
      each((i) => readRequest(at(values, i))),
    ),
    stage(
      "action hash",
      "MessagePack and keccak",
      each((i) => actionHash(at(requests, i).action, at(requests, i))),
    ),
    stage(
      "digest",
      "typed data: keccak twice",
      each((i) => agentDigest(at(hashes, i), "a")),
    ),
    stage(
      "recover",
      "signature to address; on another thread under load",
      each((i) => recoverAddress(at(signed, i).digest, at(signed, i).signature)),
    ),
  ];
  const back = await measureBack(requests, signed, { traders, rounds });
  return [...front, ...back];
}

const stage = (name: string, what: string, us: number | null): Stage => ({ stage: name, what, us });

/** The stages from a recovered address on, which need an exchange: a fresh one each round. */
async function measureBack(
  requests: readonly WireRequest[],
  signed: readonly SignedRequest[],
  { traders, rounds }: { traders: readonly Trader[]; rounds: number },
): Promise<Stage[]> {
  const addresses = signed.map(({ digest, signature }) => recoverAddress(digest, signature));
  const costs: { command: number; submit: number; reply: number; encode: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { sequencer, close } = await openFunded(traders);
    const record = createCommandRecord();
    const spent = { command: 0, submit: 0, reply: 0, encode: 0 };
    for (const [i, request] of requests.entries()) {
      const startMs = performance.now();
      const search: SignerSearch = {
        request,
        first: { digest: (signed[i] as SignedRequest).digest, source: "a" },
        others: [],
      };
      const signer = endSearch(search, addresses[i] ?? null, sequencer.state, request.nonce);
      if ("refusal" in signer) throw new Error(signer.refusal);
      const outcome = commandOf(request, signer.address, MARKETS, () => -1);
      if ("refusal" in outcome) throw new Error(outcome.refusal);
      writeCommand(outcome.command, record);
      const commandMs = performance.now();
      sequencer.submit(record, (release) => {
        const releaseMs = performance.now();
        const events = readReplyEvents(release.ring, release);
        const { action } = request;
        const reply = replyOf({
          action,
          signer: signer.address,
          vault: null,
          events,
          markets: MARKETS,
        });
        const replyMs = performance.now();
        JSON.stringify(reply);
        spent.reply += replyMs - releaseMs;
        spent.encode += performance.now() - replyMs;
      });
      spent.command += commandMs - startMs;
      spent.submit += performance.now() - commandMs;
    }
    await close();
    if (round > 0) costs.push(spent);
  }
  const of = (key: keyof (typeof costs)[number]): number =>
    (median(costs.map((spent) => spent[key])) * 1e3) / requests.length;
  return [
    stage("command", "signer looked up, decimals to integers, record written", of("command")),
    stage("submit", "stamped, encoded for the journal, applied", of("submit")),
    stage("reply", "events of the command to an answer", of("reply")),
    stage("encode", "answer to text", of("encode")),
  ];
}

/** A fresh exchange on disk with the default markets, where every trader has money. */
async function openFunded(
  traders: readonly Trader[],
): Promise<{ sequencer: Sequencer; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-stages-"));
  const { sequencer } = openJournal({
    storage: createFileStorage(folder),
    clock: { nowMs: () => asTimeMs(Date.now()) },
    commandsMax: 2 ** 20,
    onFatal: (error) => {
      throw error;
    },
  });
  const record = createCommandRecord();
  const genesis: Command[] = [
    ...DEFAULT_MARKETS.map(({ spec }): Command => ({ kind: "createMarket", spec })),
    {
      kind: "setOraclePrices",
      prices: DEFAULT_MARKETS.map(({ startPx }, market) => ({ market, px: startPx })),
    },
    ...traders.map(({ address }): Command => ({ kind: "deposit", address, amount: FUNDS })),
  ];
  for (const command of genesis) {
    writeCommand(command, record);
    sequencer.submit(record);
  }
  await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
  return {
    sequencer,
    async close() {
      await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
      await new Promise<void>((resolve) => sequencer.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Processor time of a request where the server does nothing with it; null = not told [us]. */
async function measureHttp(
  signed: readonly SignedRequest[],
  rounds: number,
): Promise<number | null> {
  const server = await startHttpFloor();
  const pace = { connections: CONNECTIONS, pauseMs: 0 };
  await runHttpLoad(server, signed, pace);
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { serverCpu, seconds } = await runHttpLoad(server, signed, pace);
    if (serverCpu !== null) costs.push((serverCpu * seconds * 1e6) / signed.length);
  }
  await server.stop();
  return costs.length === 0 ? null : median(costs);
}
