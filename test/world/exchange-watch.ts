/**
 * Watches the exchange: money and positions after every command, everything else now and then, and
 * at each start whether recovery gave back exactly the commands that were journaled. The expected
 * state is folded apart from the journal, from the commands as they were submitted.
 */

import { assert } from "../../src/base/assert.ts";
import { readLane } from "../../src/base/column.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { decodeCommandRecord } from "../../src/exchange/command-encoding.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { checkConservation, checkInvariants } from "../../src/exchange/invariant.ts";
import {
  accountCount,
  accountSummary,
  lastTimeMs,
  poolViews,
  vaultViews,
} from "../../src/exchange/query.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { levelsOf } from "../../src/projection/l2.ts";
import { createReadModels, foldRing, type ReadModels } from "../../src/projection/read-models.ts";
import { encodeReadModels } from "../../src/projection/read-models-codec.ts";
import type { RunningExchange } from "../../src/sim/exchange-host.ts";
import { recordBytes } from "../support/record-bytes.ts";

/** Commands between two full checks. */
const FULL_EVERY = 64;

/** See the file's head. */
export interface ExchangeWatch {
  /** Commands applied in all lives. */
  readonly commands: number;
  /** After a command was applied. */
  noteCommand(state: ExchangeState, record: CommandRecord): void;
  /** A reply to the command of this seq has left, or a feed has told of it. */
  noteTold(seq: number): void;
  /** After a start: the recovered state and models are those of the commands up to there. */
  checkStart(running: RunningExchange): void;
  /** Once nothing is under way: state and models agree with the commands and with each other. */
  checkEnd(running: RunningExchange): void;
}

interface Watch {
  commands: number;
  timeMs: number;
  toldSeq: number;
  /** Commands behind `expected`, in order. */
  submitted: DataView[];
  readonly expected: ExchangeState;
  readonly models: ReadModels;
}

/** A watch over an exchange that starts from nothing. */
export function createExchangeWatch(): ExchangeWatch {
  const watch: Watch = {
    commands: 0,
    timeMs: 0,
    toldSeq: 0,
    submitted: [],
    expected: createExchange(),
    models: createReadModels(),
  };
  return {
    get commands() {
      return watch.commands;
    },
    noteCommand(state, record) {
      watch.commands += 1;
      watch.submitted.push(recordBytes(record));
      const timeMs = lastTimeMs(state);
      assert(timeMs >= watch.timeMs, "the exchange's time never goes back");
      watch.timeMs = timeMs;
      checkConservation(state);
      if (watch.commands % FULL_EVERY !== 0) return;
      checkInvariants(state);
      checkDistress(state);
    },
    noteTold(seq) {
      watch.toldSeq = Math.max(watch.toldSeq, seq);
    },
    checkStart: (running) => checkStart(watch, running),
    checkEnd(running) {
      checkStart(watch, running);
      checkInvariants(running.sequencer.state);
      checkShares(running.sequencer.state);
      checkBooks(running);
    },
  };
}

function checkStart(watch: Watch, { sequencer, models }: RunningExchange): void {
  const seq = sequencer.appliedSeq;
  assert(
    seq >= watch.toldSeq,
    `what was told (seq ${watch.toldSeq}) outlives a crash (seq ${seq})`,
  );
  foldUpTo(watch, seq);
  watch.timeMs = lastTimeMs(sequencer.state);
  assert(
    stateHash(sequencer.state) === stateHash(watch.expected),
    `the state at seq ${seq} is that of the commands up to it`,
  );
  assert(
    Buffer.compare(encodeReadModels(models), encodeReadModels(watch.models)) === 0,
    `the read models at seq ${seq} are those of the commands up to it`,
  );
}

/** Folds what was submitted up to a seq; what is behind it never happened. */
function foldUpTo(watch: Watch, seq: number): void {
  const record = createCommandRecord();
  const ring = createEventRing();
  for (const bytes of watch.submitted) {
    decodeCommandRecord(bytes, 0, record);
    if ((record.lanes[HEADER.seq] as number) > seq) break;
    applyCommand(watch.expected, record, ring);
    foldRing(watch.models, ring, ring.released, ring.written);
    releaseEvents(ring, ring.written);
  }
  watch.submitted = [];
}

/** Who is under maintenance waits for liquidation: nobody is forgotten. */
function checkDistress(state: ExchangeState): void {
  for (let account = 2; account < accountCount(state); account++) {
    const { equity, maintenance, notional, positions } = accountSummary(state, account);
    const isAloneUnder = positions.some(
      (one) => one.isIsolated && one.marginUsed < one.maintenance,
    );
    if (!isAloneUnder && (notional === 0 || equity >= maintenance)) continue;
    assert(
      readLane(state.accounts.distress, account) !== 0,
      "who is under maintenance is in distress",
    );
  }
}

/** The folded book shows what rests, level by level. */
function checkBooks({ sequencer, models }: RunningExchange): void {
  sequencer.state.books.forEach((book, market) => {
    for (const side of [BUY, SELL]) {
      const sizes = new Map<number, number>();
      book.forEach(side, (slot) => {
        const { px, sz } = sequencer.state.orders;
        const at = readLane(px, slot);
        sizes.set(at, (sizes.get(at) ?? 0) + readLane(sz, slot));
      });
      const shown = levelsOf(models.l2, market, side).map(({ px, sz }) => `${px}:${sz}`);
      const rests = [...sizes].reverse().map(([px, sz]) => `${px}:${sz}`);
      assert(shown.join(" ") === rests.join(" "), "the folded book shows what rests");
    }
  });
}

/** Shares of vaults and pools are held whole, and never worth more than there is. */
function checkShares(state: ExchangeState): void {
  const all = [
    ...vaultViews(state).map(({ supply, equity, depositors }) => ({
      supply,
      equity,
      held: depositors.map(({ shares, equity: worth }) => ({ shares, worth })),
    })),
    ...poolViews(state).map(({ supply, liquidity, tokens }) => ({
      supply,
      equity: liquidity,
      held: tokens.map(({ amount, equity: worth }) => ({ shares: amount, worth })),
    })),
  ];
  for (const { supply, equity, held } of all) {
    const shares = held.reduce((sum, holding) => sum + holding.shares, 0);
    const worth = held.reduce((sum, holding) => sum + holding.worth, 0);
    assert(shares === supply, "holders hold all shares");
    assert(worth <= equity, "shares are worth no more than there is");
  }
}
