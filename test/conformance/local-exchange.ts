/**
 * An exchange in process behind a gateway's context: commands become durable at once, a group at a
 * time. The clock is a number that tests move.
 */

import { applyCommand, hasQueuedWork } from "../../src/exchange/apply.ts";
import { createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { type ExchangeEvent, readEvents } from "../../src/exchange/event-codec.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import type { GatewayContext } from "../../src/gateway/gateway-context.ts";
import type { Sequencer } from "../../src/journal/sequencer.ts";
import { createReadModels, foldRing, type ReadModels } from "../../src/projection/read-models.ts";

/** See the file's head. */
export interface LocalExchange {
  readonly state: ExchangeState;
  readonly models: ReadModels;
  readonly context: GatewayContext;
  /** Time of the next group [ms]. */
  nowMs: number;
  /** Applies commands as one durable group, works off what they queue, and returns all events. */
  run(...commands: Command[]): ExchangeEvent[];
}

/** Where the clock starts: 2024-08-08 12:00 UTC [ms]. */
export const START_MS = 1_723_118_400_000;
const TICKS_MAX = 1000;

/** An exchange to which nothing has happened. */
export function createLocalExchange(): LocalExchange {
  const state = createExchange();
  const ring = createEventRing();
  const models = createReadModels();
  const record = createCommandRecord();
  const listeners = new Set<Parameters<Sequencer["subscribe"]>[0]>();
  let seq = 0;
  const apply = (command: Command): void => {
    writeCommand(command, record);
    seq += 1;
    record.lanes[HEADER.seq] = seq;
    record.lanes[HEADER.timeMs] = local.nowMs;
    applyCommand(state, record, ring);
  };
  // Only what the answers and the feed use; a group is durable as soon as it has been applied.
  const sequencer = {
    state,
    get appliedSeq() {
      return seq;
    },
    get durableSeq() {
      return seq;
    },
    whenDurable: (callback: () => void) => callback(),
    subscribe: (listener: Parameters<Sequencer["subscribe"]>[0]) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  } as Sequencer;
  sequencer.subscribe((...group) => foldRing(models, ...group));
  const local: LocalExchange = {
    state,
    models,
    nowMs: START_MS,
    context: { sequencer, models, nowMs: () => local.nowMs },
    run: (...commands) => {
      const from = ring.written;
      for (const command of commands) apply(command);
      for (let ticks = 0; hasQueuedWork(state) && ticks < TICKS_MAX; ticks++)
        apply({ kind: "tick" });
      const events = readEvents(ring, from, ring.written);
      for (const listener of listeners) listener(ring, from, ring.written);
      releaseEvents(ring, ring.written);
      return events;
    },
  };
  return local;
}
