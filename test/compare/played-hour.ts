/**
 * One maker in one simulated market of a seed, watched at every event it is told of: the causes of its
 * PnL sum to its ledger after every single fill and at every mark, and its ledger to the exchange.
 */
import { createDrawdown, noteDrawdown } from "../../src/analysis/drawdown.ts";
import type { MarkoutSummary } from "../../src/analysis/markout.ts";
import type { PnlSplit } from "../../src/analysis/pnl-attribution.ts";
import { assert } from "../../src/base/assert.ts";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig } from "../../src/maker/config.ts";
import type { Maker } from "../../src/maker/maker-state.ts";
import { makerStatus } from "../../src/maker/maker-status.ts";
import { markPx } from "../../src/maker/risk/mark.ts";
import type { VenueEvent } from "../../src/maker/venue.ts";
import { pnlAt } from "../../src/maker/view/fill-ledger.ts";
import { splitOf } from "../../src/maker/view/pnl-split.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { createSimulation, type SimulationOptions } from "../../src/sim/simulation.ts";

/** Which maker plays, on which market, for how long. */
export interface HourPlan {
  readonly seed: number;
  readonly model: MakerConfig["model"];
  readonly minutes: number;
}

/** What became of it; money in 10^-6 USDC. */
export interface PlayedHour extends HourPlan {
  readonly total: number;
  readonly split: PnlSplit;
  readonly fills: number;
  readonly volume: number;
  /** Deepest fall of equity from its peak, looked at once a second. */
  readonly drawdown: number;
  /** Largest absolute position [lots]. */
  readonly heldMax: number;
  readonly markouts: readonly MarkoutSummary[];
  /** Why the kill switch tripped; "" where it did not. */
  readonly killed: string;
  /** Sums that were checked: after fills, and at other events. */
  readonly checkedFills: number;
  readonly checkedMarks: number;
}

const START_MS = 1_763_640_000_000;
const DEPOSIT = 100_000_000_000;

/** Plays it; throws at the first sum that is off by a unit. */
export function playHour(plan: HourPlan): PlayedHour {
  const checked = { fills: 0, marks: 0 };
  const check = (event: VenueEvent): void => {
    const maker = simulation.maker.running?.maker;
    if (maker === undefined || maker.ledger.baseline === null) return;
    checkSums(maker);
    if (event.kind === "fills") checked.fills += 1;
    else checked.marks += 1;
  };
  const simulation = createSimulation({
    seed: plan.seed,
    startMs: START_MS,
    markets: DEFAULT_MARKETS.slice(0, 1),
    makerAddress: `0x${"ab".repeat(20)}`,
    makerDeposit: DEPOSIT,
    makerConfigOf: (sessionId) => ({
      ...MAKER_CONFIG_DEFAULTS,
      model: plan.model,
      asset: "BTC",
      sessionId,
    }),
    wrapVenue: watched(check),
  });
  const { maker } = simulation.maker.start();
  const drawdown = createDrawdown();
  let heldMax = 0;
  for (let second = 0; second < plan.minutes * 60; second++) {
    simulation.runFor(1_000);
    if (maker.ledger.baseline === null) continue;
    const { total } = pnlAt(maker.ledger, markPx(maker) ?? 0);
    noteDrawdown(drawdown, simulation.schedule.nowMs, DEPOSIT + total);
    heldMax = Math.max(heldMax, Math.abs(maker.ledger.position));
  }
  const { pnl, split, fills, markouts, kill } = makerStatus(maker);
  assert(pnl !== null && split !== null, "the maker has read its account");
  return {
    ...plan,
    total: pnl.total,
    split,
    fills: fills.count,
    volume: fills.volume,
    drawdown: drawdown.deepest,
    heldMax,
    markouts,
    killed: kill.reasons.map(({ text }) => text).join("; "),
    checkedFills: checked.fills,
    checkedMarks: checked.marks,
  };
}

/** A venue that tells fills one by one, and calls back after each event. */
const watched =
  (check: (event: VenueEvent) => void): NonNullable<SimulationOptions["wrapVenue"]> =>
  (venue) => ({
    ...venue,
    connect(listener) {
      venue.connect((event) => {
        const single =
          event.kind === "fills"
            ? event.fills.map((fill): VenueEvent => ({ kind: "fills", fills: [fill] }))
            : [event];
        for (const one of single) {
          listener(one);
          check(one);
        }
      });
    },
  });

function checkSums(maker: Maker): void {
  const pnl = pnlAt(maker.ledger, markPx(maker) ?? 0);
  const split = splitOf(maker.split, pnl);
  const sum = Object.values(split).reduce((total, part) => total + part, 0);
  assert(sum === pnl.total, `the causes sum to ${sum}, the ledger to ${pnl.total}`);
  assert(split.residual === 0, `nothing is left unexplained, and ${split.residual} was`);
  const { residual } = maker;
  assert(residual === null || residual === 0, `the exchange's equity is the ledger's: ${residual}`);
}
