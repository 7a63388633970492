/**
 * Faults put in on purpose, one in a room, to show that the world would find them. None of them
 * changes source: each stands at a seam that the parts are joined by.
 */
import { writeLane } from "../../src/base/column.ts";
import { addCash } from "../../src/exchange/account/account.ts";
import { HEADER } from "../../src/exchange/command.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import { type Journal, type JournalOptions, openJournal } from "../../src/journal/open-journal.ts";
import type { Maker } from "../../src/maker/maker-state.ts";
import { ARMED } from "../../src/maker/risk/kill-latch.ts";
import { addToL2 } from "../../src/projection/l2.ts";
import type { ReadModels } from "../../src/projection/read-models.ts";
import type { LatchStore } from "../../src/sim/maker-host.ts";
import type { Schedule } from "../../src/sim/schedule.ts";
import type { SimulatedVenue } from "../../src/sim/simulated-venue.ts";

/** A fault: its name, the room whose duty is neglected, and the seams it uses in one world. */
export interface Mutation {
  readonly name: string;
  readonly room: string;
  readonly seams: () => Seams;
}

/** Where a world can be given something else than it is made of. */
export interface Seams {
  readonly skipSync?: boolean;
  readonly open?: (options: JournalOptions) => Journal;
  readonly onCommand?: (state: ExchangeState, events: readonly ExchangeEvent[]) => void;
  readonly onDurable?: (models: ReadModels, events: readonly ExchangeEvent[]) => void;
  readonly onMakerStart?: (maker: Maker) => void;
  readonly wrapVenue?: (venue: SimulatedVenue, schedule: Schedule) => SimulatedVenue;
  readonly wrapLatchStore?: (store: LatchStore) => LatchStore;
}

/** Fills of a world before the one whose fee is lost. */
const FILLS_BEFORE_LOSS = 40;

/** All mutations. */
export const MUTATIONS: readonly Mutation[] = [
  { name: "syncSkipped", room: "journal", seams: () => ({ skipSync: true }) },
  { name: "replyBeforeDurable", room: "journal", seams: () => ({ open: openHasty }) },
  { name: "snapshotForgetsNonces", room: "exchange", seams: () => ({ open: openForgetful }) },
  { name: "feeLost", room: "exchange", seams: loseFee },
  { name: "cancelLeftInBook", room: "projection", seams: () => ({ onDurable: leaveInBook }) },
  {
    name: "unknownTakenForFailed",
    room: "maker/execution",
    seams: () => ({ wrapVenue: sayFailed }),
  },
  { name: "fillsCountedTwice", room: "maker/view", seams: () => ({ onMakerStart: forgetTids }) },
  { name: "staleBookTrusted", room: "maker/risk", seams: () => ({ wrapVenue: pretendFresh }) },
  {
    name: "killForgotten",
    room: "maker/risk",
    seams: () => ({ wrapLatchStore: (store) => ({ ...store, load: () => ARMED }) }),
  },
  { name: "limitForgotten", room: "maker/quote", seams: () => ({ onMakerStart: raiseLimit }) },
  { name: "cancelsLost", room: "maker/execution", seams: () => ({ wrapVenue: loseCancels }) },
  { name: "expiryIgnored", room: "venue", seams: () => ({ wrapVenue: placeForEver }) },
];

/** Replies leave when a command is applied, not when it is durable. */
function openHasty(options: JournalOptions): Journal {
  const { sequencer, report } = openJournal(options);
  const submit: typeof sequencer.submit = (record, released) => {
    const before = sequencer.state.events;
    const from = before.written;
    const seq = sequencer.submit(record);
    if (seq === null || released === undefined) return seq;
    const ring = sequencer.state.events;
    const timeMs = record.lanes[HEADER.timeMs] as number;
    released({ seq, timeMs, ring, from: ring === before ? from : 0, to: ring.written });
    return seq;
  };
  return { sequencer: Object.create(sequencer, { submit: { value: submit } }), report };
}

/** A start from a snapshot finds the nonces used before it usable again. */
function openForgetful(options: JournalOptions): Journal {
  const journal = openJournal(options);
  if (journal.report.snapshot !== null) {
    const { signers } = journal.sequencer.state;
    for (let row = 0; row < signers.table.count; row++) {
      writeLane(signers.nonceCount, row, 0);
      writeLane(signers.newestNonce, row, 0);
    }
  }
  return journal;
}

/** The fee of one fill in many does not reach the fee account. */
function loseFee(): Seams {
  let fills = 0;
  return {
    onCommand(state, events) {
      for (const event of events) {
        if (event.kind !== "fill") continue;
        fills += 1;
        if (fills % FILLS_BEFORE_LOSS === 0) addCash(state.accounts, 0, -event.fee);
      }
    },
  };
}

/** Some canceled orders stay in the folded book. */
function leaveInBook(models: ReadModels, events: readonly ExchangeEvent[]): void {
  for (const event of events) {
    if (event.kind === "orderCanceled" && event.oid % 7 === 0) addToL2(models.l2, event);
  }
}

/** A request without an answer is told as one that failed. */
function sayFailed(venue: SimulatedVenue): SimulatedVenue {
  const outcome = { kind: "refused", code: "other", text: "no answer" } as const;
  return {
    ...venue,
    connect: (listener) =>
      venue.connect((event) => {
        const isUnknown = event.kind === "outcome" && event.outcome.kind === "unknown";
        listener(isUnknown ? { ...event, outcome } : event);
      }),
  };
}

/** The ledger knows no trade id again. */
function forgetTids(maker: Maker): void {
  Object.assign(maker.ledger.tids, { has: () => false });
}

/** The maker quotes for three times the position that it was given. */
function raiseLimit(maker: Maker): void {
  maker.positionLimit = 3 * (maker.config.maxPositionContracts ?? 0);
}

/** Cancels are never sent. */
const loseCancels = (venue: SimulatedVenue): SimulatedVenue => ({
  ...venue,
  send(request) {
    if (request.kind !== "cancelByCloid" && request.kind !== "cancelByOid") venue.send(request);
  },
});

/** A heartbeat comes although the market feed is silent. */
function pretendFresh(venue: SimulatedVenue, schedule: Schedule): SimulatedVenue {
  return {
    ...venue,
    connect(listener) {
      let isUp = false;
      const pulse = (): void => {
        if (isUp) listener({ kind: "heartbeat", feed: "market" });
        schedule.after(500, pulse);
      };
      schedule.after(500, pulse);
      venue.connect((event) => {
        if (event.kind === "connection") isUp = event.up;
        listener(event);
      });
    },
  };
}

/** Placements reach the exchange with an expiry far away. */
const placeForEver = (venue: SimulatedVenue): SimulatedVenue => ({
  ...venue,
  send(request) {
    const isPlace = request.kind === "placeBatch";
    venue.send(isPlace ? { ...request, expiresAtMs: request.expiresAtMs + 600_000 } : request);
  },
});
