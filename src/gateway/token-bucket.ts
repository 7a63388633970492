/** An allowance that refills evenly over a minute; may be in debt. */
export interface TokenBucket {
  level: number;
  atMs: number;
  readonly perMinute: number;
}

const MINUTE_MS = 60_000;

/** A full bucket. */
export const createTokenBucket = (perMinute: number, nowMs: number): TokenBucket => ({
  level: perMinute,
  atMs: nowMs,
  perMinute,
});

/** Adds what has come back since the last look; answers the level. */
export function refillTokens(bucket: TokenBucket, nowMs: number): number {
  const gained = (Math.max(0, nowMs - bucket.atMs) * bucket.perMinute) / MINUTE_MS;
  bucket.level = Math.min(bucket.perMinute, bucket.level + gained);
  bucket.atMs = nowMs;
  return bucket.level;
}

/** Takes an amount; false = there was not enough and nothing was taken. */
export function takeTokens(bucket: TokenBucket, amount: number, nowMs: number): boolean {
  if (refillTokens(bucket, nowMs) < amount) return false;
  bucket.level -= amount;
  return true;
}
