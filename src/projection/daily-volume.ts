/** Traded notional by UTC day: each account's, split by who took, and the exchange's; 15 days each. */

const DAY_MS = 86_400_000;
/** Days kept: the running one and the 14 that a fee tier looks at. */
export const VOLUME_DAYS = 15;

/** One UTC day [10^-6 USDC]. */
export interface DayVolume {
  /** Days since the epoch. */
  readonly day: number;
  /** Traded as taker. */
  taken: number;
  /** Traded as maker. */
  made: number;
}

/** Lists of days, oldest first; days without trades are absent. */
export interface DailyVolume {
  readonly accounts: Map<number, DayVolume[]>;
  /** `taken` and `made` are equal here: each trade has one of both. */
  readonly exchange: DayVolume[];
}

/** A model without trades. */
export const createDailyVolume = (): DailyVolume => ({ accounts: new Map(), exchange: [] });

/** Counts one side of a match. */
export function countVolume(
  volume: DailyVolume,
  fill: { account: number; timeMs: number; px: number; sz: number; crossed: boolean },
): void {
  let days = volume.accounts.get(fill.account);
  if (days === undefined) {
    days = [];
    volume.accounts.set(fill.account, days);
  }
  addVolume(days, fill);
  addVolume(volume.exchange, fill);
}

/** A day's figures for every one of the {@link VOLUME_DAYS} up to `nowMs`, oldest first. */
export function dailyVolumeOf(
  volume: DailyVolume,
  account: number,
  nowMs: number,
): { day: number; taken: number; made: number; exchange: number }[] {
  const today = Math.floor(nowMs / DAY_MS);
  const own = volume.accounts.get(account) ?? [];
  return Array.from({ length: VOLUME_DAYS }, (_, i) => {
    const day = today - VOLUME_DAYS + 1 + i;
    const mine = own.find((entry) => entry.day === day);
    const all = volume.exchange.find((entry) => entry.day === day);
    return { day, taken: mine?.taken ?? 0, made: mine?.made ?? 0, exchange: all?.taken ?? 0 };
  });
}

function addVolume(
  days: DayVolume[],
  { timeMs, px, sz, crossed }: { timeMs: number; px: number; sz: number; crossed: boolean },
): void {
  const day = Math.floor(timeMs / DAY_MS);
  let entry = days.at(-1);
  if (entry?.day !== day) {
    entry = { day, taken: 0, made: 0 };
    days.push(entry);
    if (days.length > VOLUME_DAYS) days.shift();
  }
  if (crossed) entry.taken += px * sz;
  else entry.made += px * sz;
}
