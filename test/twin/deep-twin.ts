/**
 * The twin run where books are deep: a steady load of orders, cancels, moves and takes with tens of
 * thousands of orders at rest. The random stream of the other run knows every kind of command, but
 * its accounts are too tight, and lose their orders too often, for a book to grow.
 */

import { applyCommand } from "../../src/exchange/apply.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { createExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createSteadyLoad } from "../support/steady-load.ts";
import type { CreateBook } from "../support/test-exchange.ts";
import { compareRings, compareStates, swapBooks } from "./compare.ts";
import type { TwinDifference } from "./twin.ts";

/** What a deep run is made of. */
export interface DeepTwinOptions {
  readonly seed: number;
  readonly resting: number;
  readonly commands: number;
  readonly hashEvery: number;
  /** The book of the second exchange; the plain book unless a fault is planted. */
  readonly createTwin?: CreateBook;
}

/** What a deep run saw. */
export interface DeepTwinResult {
  readonly commands: number;
  readonly events: number;
  /** Orders at rest at the end. */
  readonly live: number;
  readonly hash: string;
  readonly difference: TwinDifference | null;
}

/** Runs one seed until its end or the first difference. */
export function runDeepTwin(options: DeepTwinOptions): DeepTwinResult {
  const { seed, resting, hashEvery, createTwin = createReferenceBook } = options;
  const load = createSteadyLoad({ seed, markets: 3, accounts: 500, resting });
  const record = createCommandRecord(3);
  const [state, twin] = [createExchange(), createExchange()];
  const [ring, twinRing] = [createEventRing(1_024), createEventRing(1_024)];
  const commands = load.openingCount + options.commands;
  let difference: TwinDifference | null = null;
  let seq = 0;
  while (seq < commands && difference === null) {
    seq += 1;
    load.next(record);
    applyCommand(state, record, ring);
    applyCommand(twin, record, twinRing);
    swapBooks(twin, createTwin);
    let what = compareRings(ring, twinRing);
    load.observe(ring, ring.released, ring.written);
    releaseEvents(ring, ring.written);
    releaseEvents(twinRing, twinRing.written);
    if (what === null && (seq % hashEvery === 0 || seq === commands))
      what = compareStates(state, twin);
    if (what !== null) difference = { seq, what };
  }
  return {
    commands: seq,
    events: ring.written,
    live: load.live,
    hash: stateHash(state),
    difference,
  };
}
