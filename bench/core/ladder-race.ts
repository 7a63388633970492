/**
 * The ladder by tick beside the ladder by rank of the legal price. Each book is met by fresh
 * processes several times, with a stream of its own each time, since two processes of one program
 * may differ by luck; within a round the contenders take turns at going first.
 */

import type { StreamMarket } from "./command-stream.ts";
import { type Lap, type Runner, startRunner } from "./fleet.ts";
import { type LadderUse, measureLadderUse } from "./ladder-use.ts";
import type { PriceGrid } from "./price-rank.ts";
import { assertEqualFills, BOOKS, type BookPlan } from "./race.ts";
import { median, type Spread, spread } from "./statistics.ts";

/** A market at a price where many ticks are not legal. */
export interface LadderMarket extends StreamMarket {
  /** Price in words. */
  readonly what: string;
}

const RULE = "fiveSignificantFigures" satisfies PriceGrid["priceRule"];
/** BTC at 100,000.0, where whole USDC are legal; and a coin of whose ticks a hundredth are. */
export const LADDER_MARKETS = {
  btc: { what: "100,000.0", szDecimals: 5, priceRule: RULE, middlePx: 1_000_000 },
  hundredth: { what: "150.00", szDecimals: 2, priceRule: RULE, middlePx: 1_500_000 },
} as const satisfies Record<string, LadderMarket>;

/** What the ladders meet over: one market, or as many that take turns command by command. */
interface LadderPlan {
  readonly market: LadderMarket;
  readonly markets: number;
  /** Each market's book. */
  readonly book: BookPlan;
}

const { btc, hundredth } = LADDER_MARKETS;
const PLANS: readonly LadderPlan[] = [
  { market: btc, markets: 1, book: BOOKS.small },
  { market: btc, markets: 1, book: BOOKS.middle },
  { market: btc, markets: 1, book: BOOKS.large },
  { market: hundredth, markets: 1, book: BOOKS.middle },
  { market: btc, markets: 50, book: BOOKS.small },
  { market: btc, markets: 50, book: BOOKS.middle },
  { market: hundredth, markets: 50, book: BOOKS.small },
];
const NAMES = ["fast", "ranked", "preranked"] as const;
const SEED = 20_263;
const WARM_UP_LAPS = 2;

/** A ladder that takes part: by tick, by rank found on the way in, by rank found before. */
export type LadderName = (typeof NAMES)[number];

/** How much work the race is. */
export interface LadderSize {
  /** Books, or markets together, with more orders than this are left out. */
  readonly restingMax: number;
  /** Times that each book is met by fresh processes. */
  readonly fleets: number;
  readonly rounds: number;
  /** Commands of each lap. */
  readonly lap: number;
}

/** What the ladders come to over one book. */
export interface LadderResult extends LadderPlan {
  /** Streams, each with fresh processes. */
  readonly fleets: number;
  /** Rounds over all streams. */
  readonly rounds: number;
  /** Commands a round. */
  readonly lap: number;
  /** Processor time a command, median over the rounds [ns]. */
  readonly ns: Readonly<Record<LadderName, number>>;
  /** Commands a second as a multiple of the ladder's by tick in the same round. */
  readonly ratio: Readonly<Record<LadderName, Spread>>;
}

/** What was found. */
export interface LadderRace {
  readonly results: readonly LadderResult[];
  readonly use: readonly LadderUse[];
}

/** Runs all books; `say` hears what is going on. */
export async function runLadderRace(
  size: LadderSize,
  say: (line: string) => void,
): Promise<LadderRace> {
  const results: LadderResult[] = [];
  const plans = PLANS.filter(({ markets, book }) => markets * book.resting <= size.restingMax);
  for (const plan of plans) {
    const laps: Record<LadderName, Lap[]> = { fast: [], ranked: [], preranked: [] };
    for (let fleet = 0; fleet < size.fleets; fleet++)
      await runFleet({ plan, size, seed: SEED + fleet, laps });
    const nsOf = (lap: Lap | undefined): number => (lap?.cpuNs ?? Number.NaN) / size.lap;
    results.push({
      ...plan,
      fleets: size.fleets,
      rounds: laps.fast.length,
      lap: size.lap,
      ns: eachLadder((name) => median(laps[name].map(nsOf))),
      ratio: eachLadder((name) =>
        spread(laps[name].map((lap, i) => nsOf(laps.fast[i]) / nsOf(lap))),
      ),
    });
    say(`ladders ${results.length} of ${plans.length}: all filled alike`);
  }
  const use = Object.values(LADDER_MARKETS).flatMap((market) =>
    measureLadderUse(market, BOOKS.middle, SEED),
  );
  return { results, use };
}

const eachLadder = <T>(make: (name: LadderName) => T): Record<LadderName, T> => ({
  fast: make("fast"),
  ranked: make("ranked"),
  preranked: make("preranked"),
});

interface Fleet {
  readonly plan: LadderPlan;
  readonly size: LadderSize;
  readonly seed: number;
  /** Takes the laps. */
  readonly laps: Readonly<Record<LadderName, Lap[]>>;
}

async function runFleet({ plan, size, seed, laps }: Fleet): Promise<void> {
  const { market, markets, book } = plan;
  const rounds = size.rounds + WARM_UP_LAPS;
  const resting = book.resting * markets;
  const plain = { seed, market, prices: book.prices, resting, more: rounds * size.lap };
  const member = markets === 1 ? plain : { ...plain, markets };
  const runners = await Promise.all(
    NAMES.map(async (name) => (await startRunner({ ...member, name })) as Runner),
  );
  const last = new Map<Runner, Lap[]>();
  for (let round = 0; round < rounds; round++) {
    const from = resting + round * size.lap;
    for (let k = 0; k < runners.length; k++) {
      const runner = runners[(round + k) % runners.length] as Runner;
      const lap = await runner.run(from, from + size.lap);
      last.set(runner, [lap]);
      if (round >= WARM_UP_LAPS) laps[runner.name as LadderName].push(lap);
    }
    assertEqualFills(last);
  }
  for (const runner of runners) await runner.end();
}
