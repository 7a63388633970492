/** What a contender filled: equal numbers mean equal fills in equal order. */
export interface Tally {
  fills: number;
  /** [lots] */
  volume: number;
  /** Folded from price and size of every fill in order. */
  digest: number;
}

/** Nothing filled. */
export const createTally = (): Tally => ({ fills: 0, volume: 0, digest: 0 });

/** Adds a fill [ticks, lots]. */
export function addFill(tally: Tally, px: number, sz: number): void {
  tally.fills += 1;
  tally.volume += sz;
  tally.digest = Math.imul(Math.imul(tally.digest ^ px, 0x01000193) ^ sz, 0x01000193);
}

/** What two contenders filled together. */
export const joinTallies = (a: Tally, b: Tally): Tally => ({
  fills: a.fills + b.fills,
  volume: a.volume + b.volume,
  digest: Math.imul(a.digest, 0x01000193) ^ b.digest,
});
