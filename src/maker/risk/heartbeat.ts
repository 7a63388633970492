/**
 * Inputs that safety rests on, each with the time it was last fed. An input that was never fed is
 * unknown, and unknown is unsafe: nobody has to remember to raise an alarm for a feed that is
 * simply not connected.
 */

/** The inputs that must be alive while quotes are out. */
export type SafetyInput = "market" | "user" | "account";

/** When each input was last fed; -Infinity = never [ms]. */
export type Heartbeats = Record<SafetyInput, number>;

/** How an input stands. */
export type InputHealth = "fresh" | "stale" | "unknown";

/** Nothing was fed yet. */
export const createHeartbeats = (): Heartbeats => ({
  market: Number.NEGATIVE_INFINITY,
  user: Number.NEGATIVE_INFINITY,
  account: Number.NEGATIVE_INFINITY,
});

/** Health of one input that must be fed every `ageMsMax` [ms]. */
export function inputHealth(
  beats: Heartbeats,
  input: SafetyInput,
  { nowMs, ageMsMax }: { nowMs: number; ageMsMax: number },
): InputHealth {
  const last = beats[input];
  if (last === Number.NEGATIVE_INFINITY) return "unknown";
  return nowMs - last > ageMsMax ? "stale" : "fresh";
}
