/**
 * What a book must do, whichever form it has. A book orders the slots of one market by price, then
 * by time; it owns no state of its own: everything it knows can be rebuilt from the order table.
 */
import type { Side } from "../../base/side.ts";
import type { Ladder } from "./ladder.ts";

/**
 * Price levels and time priority of one market. Slots are indices into the order table. Orders rest
 * only where they do not cross: whoever inserts has matched first.
 */
export interface Book {
  /** Tables of the fast book for the straight ways; null for a book of another form. */
  readonly ladder: Ladder | null;
  /** Adds a resting order behind all others at its price. */
  insert(slot: number): void;
  /** Takes an order out; its level's other orders keep their places. */
  remove(slot: number): void;
  /** First order at the best price of a side, or -1 when the side is empty. */
  bestSlot(side: Side): number;
  /** Best price of a side, or 0 when the side is empty [ticks]. */
  bestPx(side: Side): number;
  /** Calls `visit` for every order of a side, best price first, then oldest first. */
  forEach(side: Side, visit: (slot: number) => void): void;
  /** Asks orders of a side in the same order until one answers true; whether one did. */
  some(side: Side, ask: (slot: number) => boolean): boolean;
}
