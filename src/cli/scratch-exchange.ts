/**
 * An exchange beside the real one, made of the same parts and kept in memory, that does what an
 * exchange mostly does: signed actions of every hot kind from their text to the text of the answer,
 * feeds, questions, oracle prices. It always does the same, shares nothing with any other exchange
 * and is thrown away; running it makes the engine compile what the first clients will need.
 *
 * Signatures are not among it: signers are given, not recovered, so no key is needed.
 */
import { bytesToHex, type Hex } from "../base/hex.ts";
import { createPrng, nextBelow, type Prng } from "../base/prng.ts";
import { asTimeMs, MICROS_PER_USDC } from "../base/units.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { type Command, writeCommand } from "../exchange/command-codec.ts";
import { type AnswerAction, createExchangeActions } from "../gateway/exchange-action.ts";
import { createFeed } from "../gateway/feed/create-feed.ts";
import { createInfo } from "../gateway/info/create-info.ts";
import type { AnswerInfo } from "../gateway/info-port.ts";
import type { RecoveryQueue } from "../gateway/recovery-queue.ts";
import { openJournal } from "../journal/open-journal.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { createSimulatedDisk } from "../journal/simulated-disk.ts";
import { withAnswer } from "../projection/history-queries.ts";
import { createReadModels, foldRing } from "../projection/read-models.ts";
import { DEFAULT_MARKETS } from "../sim/default-markets.ts";
import { createSchedule } from "../sim/schedule.ts";
import { formatPx, formatSz } from "../wire/decimal.ts";

/** See the file's head. */
export interface ScratchExchange {
  readonly sequencer: Sequencer;
  /** Requests that were answered with success, and others. */
  readonly answers: { taken: number; refused: number };
  /** Does the next thing. */
  step(): void;
  close(): void;
}

const START_MS = 1_800_000_000_000;
const STEP_MS = 7;
const TRADERS = 16;
const DEPOSIT = 10_000_000 * MICROS_PER_USDC;
/** Resting orders that are kept in mind to be canceled or changed. */
const KEPT_MAX = 64;
/** Of so many steps one is a question, an oracle price and a tick. */
const RARE_EVERY = 16;
const ACCEPTED = () => true;
const SIGNATURE = { r: `0x${"11".repeat(32)}`, s: `0x${"22".repeat(32)}`, v: 27 } as const;

interface Scratch {
  readonly sequencer: Sequencer;
  readonly prng: Prng;
  readonly answerAction: AnswerAction;
  readonly answerInfo: AnswerInfo;
  /** Submits a command and makes it durable. */
  readonly run: (command: Command) => void;
  /** Makes everything durable, and moves time on [ms]. */
  readonly settle: (ms: number) => void;
  readonly nowMs: () => number;
  readonly answers: { taken: number; refused: number };
  /** Resting orders: who placed them, in which market, their ids. */
  readonly kept: { trader: number; market: number; oid: number; cloid: Hex }[];
  trader: number;
  steps: number;
}

/** Opens an exchange in memory with the default markets and funded traders. */
export function createScratchExchange(): ScratchExchange {
  const disk = createSimulatedDisk({ seed: 1 });
  const schedule = createSchedule(START_MS);
  const { sequencer } = openJournal({
    storage: disk,
    clock: { nowMs: () => asTimeMs(schedule.nowMs) },
    genesis: new Uint8Array(16),
    snapshotEvery: 0,
    snapshotAtClose: false,
    onFatal: (error) => {
      throw error;
    },
  });
  const models = createReadModels();
  sequencer.subscribe((ring, from, to) => foldRing(models, ring, from, to));
  const nowMs = (): number => schedule.nowMs;
  const context = { sequencer, models, nowMs };
  const feed = createFeed(context, { after: (ms, run) => cancellable(schedule, ms, run) });
  const record = createCommandRecord();
  const settle = (ms: number): void => {
    disk.settle();
    schedule.runUntil(schedule.nowMs + ms);
  };
  const givenSigner: RecoveryQueue = {
    recover(_digest, _signature, done) {
      done(addressOf(scratch.trader));
      return true;
    },
    whenRecovered(done) {
      done();
      return true;
    },
    close: () => Promise.resolve(),
  };
  const scratch: Scratch = {
    sequencer,
    prng: createPrng(1),
    answerAction: createExchangeActions(context, givenSigner),
    answerInfo: createInfo(context),
    run(command) {
      writeCommand(command, record);
      sequencer.submit(record);
      settle(0);
    },
    settle,
    nowMs,
    answers: { taken: 0, refused: 0 },
    kept: [],
    trader: 0,
    steps: 0,
  };
  open(scratch);
  for (const type of ["l2Book", "bbo", "trades", "allMids"])
    feed.open({ type, coin: DEFAULT_MARKETS[0]?.spec.name }, ACCEPTED);
  for (const type of ["orderUpdates", "userFills", "userEvents"])
    feed.open({ type, user: addressOf(0) }, ACCEPTED);
  return {
    sequencer,
    answers: scratch.answers,
    step: () => step(scratch),
    close() {
      feed.close();
      sequencer.close(() => undefined);
    },
  };
}

function cancellable(
  schedule: ReturnType<typeof createSchedule>,
  delayMs: number,
  run: () => void,
): () => void {
  let isOff = false;
  schedule.after(delayMs, () => {
    if (!isOff) run();
  });
  return () => {
    isOff = true;
  };
}

function open({ run }: Scratch): void {
  for (const { spec } of DEFAULT_MARKETS) run({ kind: "createMarket", spec });
  const prices = DEFAULT_MARKETS.map(({ startPx }, market) => ({ market, px: startPx }));
  run({ kind: "setOraclePrices", prices });
  for (let trader = 0; trader < TRADERS; trader++)
    run({ kind: "deposit", address: addressOf(trader), amount: DEPOSIT });
}

function addressOf(trader: number): Hex {
  return bytesToHex(new Uint8Array(20).fill(trader + 1));
}

function step(scratch: Scratch): void {
  const { prng, run, kept } = scratch;
  scratch.steps += 1;
  scratch.settle(STEP_MS);
  scratch.trader = nextBelow(prng, TRADERS);
  if (scratch.steps % RARE_EVERY === 0) {
    ask(scratch);
    const market = nextBelow(prng, DEFAULT_MARKETS.length);
    const px = (DEFAULT_MARKETS[market]?.startPx ?? 1) + nextBelow(prng, 3) * 10;
    run({ kind: "setOraclePrices", prices: [{ market, px }] });
    run({ kind: "tick" });
    return;
  }
  const dice = nextBelow(prng, 100);
  if (dice >= 50 && kept.length > 0) change(scratch, dice);
  else {
    const market = nextBelow(prng, DEFAULT_MARKETS.length);
    const count = dice < 45 ? 1 : 5;
    const orders = Array.from({ length: count }, () => {
      return wireOrder(prng, market, nextBelow(prng, 5) === 0);
    });
    send(scratch, market, { type: "order", orders, grouping: "na" });
  }
}

/** Sends an action of one market as a client would, and reads the answer. */
function send(scratch: Scratch, market: number, action: unknown): void {
  const nonce = scratch.nowMs();
  const text = JSON.stringify({ action, nonce, signature: SIGNATURE, vaultAddress: null });
  scratch.answerAction(JSON.parse(text), ACCEPTED, ({ status, body }) => {
    const answer = JSON.stringify(body);
    if (status !== 200 || answer.includes('"error"') || answer.includes('"err"'))
      scratch.answers.refused += 1;
    else scratch.answers.taken += 1;
    keepResting(scratch, market, answer);
  });
  scratch.settle(0);
}

/** An order near the price, or one that takes what rests beyond it. */
function wireOrder(prng: Prng, market: number, isTake: boolean): Record<string, unknown> {
  const { spec, startPx } = DEFAULT_MARKETS[market] as (typeof DEFAULT_MARKETS)[number];
  const isBuy = nextBelow(prng, 2) === 0;
  const distance = (1 + nextBelow(prng, 40)) * 10;
  const px = startPx + (isBuy === isTake ? distance : -distance);
  const sz = Math.ceil((spec.notionalMin / startPx) * (2 + nextBelow(prng, 6)));
  return {
    a: market,
    b: isBuy,
    p: formatPx(px, spec.szDecimals),
    s: formatSz(sz, spec.szDecimals),
    r: false,
    t: { limit: { tif: isTake ? "Ioc" : nextBelow(prng, 4) === 0 ? "Alo" : "Gtc" } },
    c: cloidOf(prng),
  };
}

const cloidOf = (prng: Prng): Hex =>
  `0x${nextBelow(prng, 2 ** 32)
    .toString(16)
    .padStart(32, "0")}`;

/** Cancels or changes a resting order by its id or its client's id. */
function change(scratch: Scratch, dice: number): void {
  const { prng, kept } = scratch;
  const [order] = kept.splice(nextBelow(prng, kept.length), 1);
  const { trader, market, oid, cloid } = order as Scratch["kept"][number];
  scratch.trader = trader;
  const replacement = wireOrder(prng, market, false);
  if (dice < 75) send(scratch, market, { type: "cancel", cancels: [{ a: market, o: oid }] });
  else if (dice < 80)
    send(scratch, market, { type: "cancelByCloid", cancels: [{ asset: market, cloid }] });
  else if (dice < 90) send(scratch, market, { type: "modify", oid, order: replacement });
  else send(scratch, market, { type: "batchModify", modifies: [{ oid, order: replacement }] });
}

interface Resting {
  readonly resting?: { readonly oid: number; readonly cloid?: Hex };
}

function keepResting({ kept, trader }: Scratch, market: number, answer: string): void {
  const body = JSON.parse(answer) as {
    response?: { data?: { statuses?: readonly (Resting | string)[] } };
  };
  for (const status of body.response?.data?.statuses ?? []) {
    if (typeof status === "string" || status.resting === undefined) continue;
    const { oid, cloid = "0x" } = status.resting;
    kept.push({ trader, market, oid, cloid });
  }
  if (kept.length > KEPT_MAX) kept.splice(0, kept.length - KEPT_MAX);
}

function ask({ answerInfo, trader }: Scratch): void {
  const user = addressOf(trader);
  const coin = DEFAULT_MARKETS[0]?.spec.name;
  for (const body of [
    { type: "l2Book", coin },
    { type: "clearinghouseState", user },
    { type: "openOrders", user },
    { type: "userFills", user },
    { type: "meta" },
  ])
    void withAnswer(answerInfo(body), (answer) => JSON.stringify(answer.body));
}
