import { ENGINE_VERSION } from "../exchange/state.ts";
import { type RecoveryOptions, type RecoveryReport, recoverySteps } from "./recovery.ts";
import { createSequencer, type Sequencer, type SequencerOptions } from "./sequencer.ts";

/** How to open a journal: where, how to read it back, and how to go on. */
export type JournalOptions = Omit<RecoveryOptions, "repair" | "engineVersion"> &
  Omit<SequencerOptions, "engineVersion"> & { readonly engineVersion?: number };

/** An open journal. */
export interface Journal {
  readonly sequencer: Sequencer;
  readonly report: RecoveryReport;
}

/** What a recovery waits for; null = it need not wait. */
export type Pause = () => Promise<void> | null;

/**
 * Claims the place, reads the journal back, mends what a crash left, and goes on from there. Throws
 * OperationalError where the place is in use or the journal is not whole; nothing is changed then
 * and the place is given back.
 */
export function openJournal(options: JournalOptions): Journal {
  options.storage.lock();
  const steps = openingSteps(options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same in a place that is claimed already, waiting between frames where the listener has to
 * catch up with what it was shown. The place is given back where the journal cannot be opened.
 */
export async function openClaimedJournal(options: JournalOptions, pause: Pause): Promise<Journal> {
  const steps = openingSteps(options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const waiting = pause();
    if (waiting !== null) await waiting;
  }
}

function* openingSteps(options: JournalOptions): Generator<void, Journal> {
  const { storage, engineVersion = ENGINE_VERSION } = options;
  let isOpen = false;
  try {
    const recovery = yield* recoverySteps(storage, { ...options, engineVersion, repair: true });
    const sequencer = createSequencer(recovery, { ...options, engineVersion });
    isOpen = true;
    return { sequencer, report: recovery.report };
  } finally {
    if (!isOpen) storage.unlock();
  }
}

/** A recovery in words, one line each, for the log of a start. */
export function describeRecovery(report: RecoveryReport): string[] {
  const { snapshot, tornTail, rejectedSnapshots, replayedCount, seq } = report;
  const from = snapshot === null ? "the first command" : `the snapshot of seq ${snapshot.seq}`;
  return [
    ...rejectedSnapshots.map(({ name, problem }) => `snapshot ${name} passed over: ${problem}`),
    ...(tornTail === null
      ? []
      : [
          `unfinished write cut off: segment ${tornTail.segment}, offset ${tornTail.offset}, ` +
            `${tornTail.bytesCut} bytes that were never answered`,
        ]),
    seq === 0
      ? "new journal"
      : `journal at seq ${seq}: ${replayedCount} commands replayed from ${from}`,
  ];
}
