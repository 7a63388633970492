/** A broken rule inside the program: the process stops and the journal is the evidence. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Stops with an {@link InvariantError} unless the rule holds. `rule` states the rule positively,
 * as in "order slot is live".
 */
export function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new InvariantError(`broken rule: ${rule}`);
}
