/**
 * The port of whatever trades on a simulated exchange beside the maker, oracle included: woken when it
 * wants to act, it answers with commands. Behind it stands a population of agents, or the plain noise
 * market.
 */
import type { Command } from "../exchange/command-codec.ts";
import type { ExchangeState } from "../exchange/state.ts";

/** See the file's head. */
export interface Traders {
  /** Commands that fund its accounts on a fresh exchange. */
  readonly genesis: readonly Command[];
  /** Earliest time at which it wants to act [ms]. */
  nextMs(): number;
  /** Everything that is due at a time, as commands in order. */
  step(state: ExchangeState, nowMs: number): Command[];
  /** What the oracle of a market follows, at a time [ms], unrounded [ticks]. */
  referencePx(market: number, nowMs: number): number;
  /** Multiplies that price by a factor [1]: something unforeseen happened. */
  scaleReference(market: number, factor: number): void;
}
