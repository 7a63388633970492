/**
 * A crash, played on a market of its own, and its bill: who had how much before and after, and who
 * paid what accounts owed beyond their money. The fall is the same for the same seed, in steps of a
 * second whose sizes differ, so that some accounts are closed in time and others are leapt over.
 */
import { nextUnit } from "../../base/prng.ts";
import { ADL_NAMES } from "../../exchange/account/default-policy.ts";
import type { ExchangeEvent } from "../../exchange/event-codec.ts";
import { checkInvariants } from "../../exchange/invariant.ts";
import { accountSummary, openInterest, systemBalances } from "../../exchange/query.ts";
import { stateHash } from "../../exchange/state-hash.ts";
import { nextGaussian } from "../gaussian.ts";
import { partPrng } from "../part-prng.ts";
import {
  CRASH_MARKETS,
  type CrashMarket,
  type CrashRole,
  createCrashMarket,
  setPrices,
} from "./crash-market.ts";

/** Who is deleveraged. */
export type AdlName = (typeof ADL_NAMES)[number];

/** What crash to play. */
export interface CrashOptions {
  readonly seed: number;
  /** Leveraged accounts. */
  readonly accounts: number;
  /** Fall of the index, all markets [ratio]. */
  readonly drop: number;
  readonly seconds: number;
  readonly adl: AdlName;
  /** After every second of the fall. */
  readonly onSecond?: (second: number, bill: CrashBill) => void;
}

/** Sums of what happened [10^-6 USDC] and how often. */
export interface CrashBill {
  /** Accounts that were liquidated at all. */
  liquidated: number;
  /** Large positions that were closed in part first. */
  inPart: number;
  /** Notional closed through the book. */
  onBook: number;
  /** Accounts that the backstop took over, with the notional of their positions. */
  takenOver: number;
  takenOverNotional: number;
  /** Positions closed against the other side, with their notional at mark. */
  deleveraged: number;
  deleveragedNotional: number;
  /** What accounts owed beyond their money when their turn came. */
  owed: number;
  /** What the insurance fund and the deleveraged paid of it. */
  insured: number;
  borne: number;
}

/** Equity of everybody of a kind [10^-6 USDC]. */
export interface CrashGroup {
  readonly name: CrashRole | "insurance" | "fees";
  readonly accounts: number;
  readonly before: number;
  readonly after: number;
}

/** How a crash went. */
export interface CrashReport {
  readonly adl: AdlName;
  readonly bill: CrashBill;
  readonly groups: readonly CrashGroup[];
  /** Accounts that were deleveraged; what the hardest hit bore, and the tenth of them that bore most [10^-6 USDC]. */
  readonly victims: { readonly accounts: number; readonly most: number; readonly topTenth: number };
  /** Value of open interest before [10^-6 USDC]. */
  readonly openNotional: number;
  /** Deposits less withdrawals: all money there is [10^-6 USDC]. */
  readonly money: number;
  /** Sum of all equities above zero, insurance and fees among them [10^-6 USDC]. */
  readonly claims: number;
  /** Accounts below zero at the end. */
  readonly indebted: number;
  /** Smallest balance that the insurance fund had [10^-6 USDC]. */
  readonly insuranceLeast: number;
  readonly hash: string;
}

/** Time after the fall in which the rest is closed [s]. */
const AFTER_SECONDS = 40;

interface Tally {
  readonly bill: CrashBill;
  readonly liquidated: Set<number>;
  readonly borneBy: Map<number, number>;
}

/** Plays a crash to its end. */
export function playCrash(options: CrashOptions): CrashReport {
  const { seed, accounts, seconds, adl, onSecond } = options;
  const market = createCrashMarket({ seed, accounts, adl: ADL_NAMES.indexOf(adl) });
  const { state } = market;
  const before = equities(market);
  const openNotional = CRASH_MARKETS.reduce(
    (sum, _, id) => sum + openInterest(state, id) * (market.startPx[id] as number),
    0,
  );
  const tally: Tally = { bill: createBill(), liquidated: new Set(), borneBy: new Map() };
  let insuranceLeast = systemBalances(state).insurance;
  fallOf(options).forEach((factors, second) => {
    market.timeMs += 1_000;
    const px = factors.map((factor, id) => Math.round((market.startPx[id] as number) * factor));
    count(tally, setPrices(market, px));
    count(tally, market.quote(px));
    count(tally, market.send({ kind: "tick" }));
    insuranceLeast = Math.min(insuranceLeast, systemBalances(state).insurance);
    if (second < seconds) onSecond?.(second + 1, tally.bill);
  });
  checkInvariants(state);
  const after = equities(market);
  const { deposits, withdrawals } = systemBalances(state);
  const borne = [...tally.borneBy.values()].sort((a, b) => b - a);
  return {
    adl,
    bill: tally.bill,
    groups: groupsOf(market, before, after),
    victims: {
      accounts: borne.length,
      most: borne[0] ?? 0,
      topTenth: sum(borne.slice(0, Math.ceil(borne.length / 10))),
    },
    openNotional,
    money: deposits - withdrawals,
    claims: sum([...after.values()].filter((equity) => equity > 0)),
    indebted: [...after.values()].filter((equity) => equity < 0).length,
    insuranceLeast,
    hash: stateHash(state),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const createBill = (): CrashBill => ({
  liquidated: 0,
  inPart: 0,
  onBook: 0,
  takenOver: 0,
  takenOverNotional: 0,
  deleveraged: 0,
  deleveragedNotional: 0,
  owed: 0,
  insured: 0,
  borne: 0,
});

/** Prices as parts of where they start, second by second, market by market; at the end they stand still. */
function fallOf({ seed, drop, seconds }: CrashOptions): number[][] {
  const paths = CRASH_MARKETS.map(({ spec }) => {
    const prng = partPrng(seed, `crash of ${spec.name}`);
    const steps = Array.from({ length: seconds }, () => Math.exp(1.3 * nextGaussian(prng)));
    const total = sum(steps);
    let done = 0;
    return steps.map((step) => {
      done += step;
      const wobble = done < total * 0.999 ? 0.004 * (nextUnit(prng) - 0.5) : 0;
      return 1 - drop * Math.min(1, done / total) + wobble;
    });
  });
  const still = Array.from({ length: AFTER_SECONDS }, () => CRASH_MARKETS.map(() => 1 - drop));
  return [
    ...Array.from({ length: seconds }, (_, i) => paths.map((path) => path[i] as number)),
    ...still,
  ];
}

function count({ bill, liquidated, borneBy }: Tally, events: readonly ExchangeEvent[]): void {
  for (const event of events) {
    switch (event.kind) {
      case "liquidationStarted":
        liquidated.add(event.account);
        bill.liquidated = liquidated.size;
        bill.owed += Math.max(0, -event.equity);
        break;
      case "cooldownStarted":
        bill.inPart += 1;
        break;
      case "backstopTookOver":
        bill.takenOver += 1;
        break;
      case "deficitBooked":
        bill.insured += event.amount;
        break;
      case "deleveraged":
        bill.deleveraged += 1;
        bill.borne += event.amount;
        break;
      case "fill":
        if (!event.liquidation) break;
        if (event.crossed) {
          const notional = event.sz * event.markPx;
          if (event.way === "book") bill.onBook += event.sz * event.px;
          else if (event.way === "backstop") bill.takenOverNotional += notional;
          else bill.deleveragedNotional += notional;
        } else if (event.way === "adl") {
          const borne = event.sz * Math.abs(event.px - event.markPx);
          borneBy.set(event.account, (borneBy.get(event.account) ?? 0) + borne);
        }
    }
  }
}

/** Equity of every account, the exchange's own two among them. */
function equities({ state }: CrashMarket): Map<number, number> {
  const all = new Map<number, number>();
  for (let account = 0; account < state.accounts.table.count; account++)
    all.set(account, accountSummary(state, account).equity);
  return all;
}

const GROUPS: readonly CrashGroup["name"][] = [
  "long",
  "short",
  "maker",
  "backstop",
  "insurance",
  "fees",
];

function groupsOf(
  { roles }: CrashMarket,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): CrashGroup[] {
  const nameOf = (account: number): CrashGroup["name"] =>
    roles.get(account) ?? (account === 0 ? "fees" : "insurance");
  return GROUPS.map((name) => {
    const own = [...after.keys()].filter((account) => nameOf(account) === name);
    return {
      name,
      accounts: own.length,
      before: sum(own.map((account) => before.get(account) as number)),
      after: sum(own.map((account) => after.get(account) as number)),
    };
  });
}
