/**
 * What a report says in words: the verdict, what to keep in mind, and what each cause means in this
 * run. Every sentence is chosen by the numbers of the run, so that someone who has never made a
 * market can tell why it earned what it did.
 */
import { ADVERSE_HORIZON_MS } from "../../analysis/pnl-attribution.ts";
import type { ReportFigures } from "./report-figures.ts";
import {
  decimal,
  dollars,
  duration,
  percent,
  signedDollars,
  signedSize,
  size,
} from "./report-format.ts";
import type { RunManifest, RunRecord, RunSummary } from "./run-record.ts";
import type { Step } from "./waterfall.ts";

const SECONDS = ADVERSE_HORIZON_MS / 1_000;

/** The verdict's headline and the sentences under it. */
export interface Verdict {
  readonly headline: string;
  readonly kind: "gain" | "loss" | "even";
  readonly sentences: readonly string[];
}

/** The run in a headline and a few sentences. */
export function verdict({ manifest, summary }: RunRecord, figures: ReportFigures): Verdict {
  if (summary?.split == null || summary.total === null) {
    return {
      headline: "Nothing was quoted",
      kind: "even",
      sentences: ["The maker never read its account, so it neither quoted nor earned."],
    };
  }
  const { total, fills, ranMs } = summary;
  const verb = total > 0 ? "Earned" : total < 0 ? "Lost" : "Broke even after";
  const amount = total === 0 ? "" : ` ${dollars(Math.abs(total))} in`;
  return {
    headline: `${verb}${amount} ${duration(ranMs)} of making a market in ${manifest.asset}`,
    kind: total > 0 ? "gain" : total < 0 ? "loss" : "even",
    sentences:
      fills === 0
        ? ["No order was filled, so nothing was captured and no fee was paid."]
        : [whySentence(summary, figures), luckSentence(figures)],
  };
}

/** The largest cause for and the largest against, with their size beside each other. */
function whySentence(summary: RunSummary, figures: ReportFigures): string {
  const { split, fills } = summary;
  if (split === null) return "";
  const { spread, adverseSelection, inventory, fees } = split;
  const captured =
    spread >= 0
      ? `Its ${fills} fills captured ${dollars(spread)} of spread, ${decimal(figures.spreadBps ?? 0, 2)} bps of what was traded`
      : `Its ${fills} fills gave ${dollars(-spread)} of spread away: it traded on the wrong side of the fair price`;
  const parts: readonly (readonly [number, string])[] = [
    [adverseSelection, `moves of the price within ${SECONDS} s after its fills`],
    [inventory, "the price while it held a position"],
    [fees, fees <= 0 ? "fees" : "rebates"],
  ];
  const costs = parts.filter(([micros]) => micros < 0).sort(([a], [b]) => a - b);
  const gains = parts.filter(([micros]) => micros > 0).sort(([a], [b]) => b - a);
  const list = (of: typeof parts): string =>
    joined(of.map(([micros, name]) => `${dollars(Math.abs(micros))} ${name}`));
  const lost =
    costs.length === 0 ? "" : `; ${list(costs).replace(/(\$[\d,.]+) /g, "$1 to ")} took from it`;
  const added =
    gains.length === 0 ? "" : `; ${list(gains).replace(/(\$[\d,.]+) /g, "$1 from ")} came on top`;
  return `${captured}${lost}${added}.`;
}

const joined = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;

/** Whether the PnL of intervals is apart from 0 by more than chance. */
function luckSentence({ perInterval, intervalMs, intervals }: ReportFigures): string {
  const each = duration(intervalMs);
  if (perInterval === null) {
    return `With ${intervals.length} intervals of ${each} the run is too short to tell skill from luck.`;
  }
  const { mean, low, high } = perInterval;
  const range = `${signedDollars(low)} to ${signedDollars(high)}`;
  const told =
    low > 0
      ? "above 0 by more than chance, as long as the market stays like this one"
      : high < 0
        ? "below 0 by more than chance, as long as the market stays like this one"
        : "0 is inside, so luck alone could explain the result";
  return `Per ${each} it made ${signedDollars(mean)} on average, 95 % interval ${range}: ${told}.`;
}

/** What a reader should keep in mind, in plain sentences. */
export function caveats({ manifest, summary }: RunRecord, figures: ReportFigures): string[] {
  const notes = [marketCaveat(manifest)];
  if (manifest.venue === "SIM" || manifest.venue === "LOCAL") {
    notes.push(
      "Fills come from matching by price and time in the exchange itself, so the queue was real; orders travelled within one machine, so delay was next to none.",
    );
  }
  if (figures.feeBps !== null) {
    notes.push(
      `Fees were ${decimal(-figures.feeBps, 2)} bps of what was traded, as charged fill by fill; another fee tier would change the net by the difference.`,
    );
  }
  if (summary === null) return [...notes, "The run was killed before its first second was over."];
  if (summary.fundingState !== "settled") {
    notes.push("Funding is not part of it: the exchange does not settle funding yet.");
  }
  if (summary.state === "running") {
    notes.push(
      "The run has no end on record: it still runs, or was killed; numbers are those of its last second on disk.",
    );
  }
  if (summary.kills.length > 0) {
    notes.push(`The kill switch tripped: ${summary.kills.join("; ")}.`);
  }
  const { fills, markouts, events } = summary.leftOut;
  if (fills + markouts + events > 0) {
    notes.push(
      `Left out by the bounds of the files: ${fills} fills, ${markouts} markouts, ${events} events. Sums are complete all the same.`,
    );
  }
  const residual = summary.venueResidual ?? 0;
  if (residual !== 0) {
    notes.push(
      `The venue's equity moved ${signedDollars(residual)} beyond this ledger: funding, transfers or other markets of the account.`,
    );
  }
  return notes;
}

function marketCaveat({ venue, market }: RunManifest): string {
  switch (venue) {
    case "MAINNET":
      return `Real money on the main network, against ${market}.`;
    case "TESTNET":
      return `Test money on the test network, against ${market}: behaviour there says little about the main network.`;
    default:
      return `Play money against ${market}: how they trade is a model, and another market would pay differently.`;
  }
}

/** Each cause with what it means in this run. */
export function causes({ manifest, summary }: RunRecord, figures: ReportFigures): readonly Step[] {
  const split = summary?.split;
  if (summary === null || split == null) return [];
  const { szDecimals = 0 } = summary.spec ?? {};
  const { fills, buys } = summary;
  const coin = manifest.asset;
  const adverseBps = figures.adverseBps ?? 0;
  const held =
    `It held ${size(figures.heldMean, szDecimals)} ${coin} on average in either direction ` +
    `(${signedSize(figures.positionMean, szDecimals)} net); moves of the price on what it held for longer than ${SECONDS} s.`;
  const steps: Step[] = [
    {
      id: "spread",
      name: "Spread captured",
      micros: split.spread,
      text: `${buys} buys below and ${fills - buys} sells above the fair price, ${decimal(figures.spreadBps ?? 0, 2)} bps from it on average: the price of trading at once.`,
    },
    {
      id: "adverseSelection",
      name: "Adverse selection",
      micros: split.adverseSelection,
      text: `In the ${SECONDS} s after a fill the price moved ${decimal(Math.abs(adverseBps), 2)} bps ${adverseBps > 0 ? "in favour of" : "against"} it on average: ${adverseText(split)}.`,
    },
    { id: "inventory", name: "Inventory", micros: split.inventory, text: held },
    {
      id: "fees",
      name: split.fees > 0 ? "Rebates" : "Fees",
      micros: split.fees,
      text: `${decimal(Math.abs(figures.feeBps ?? 0), 2)} bps of ${dollars(summary.volume)} traded.`,
    },
  ];
  const isFunded = summary.fundingState === "settled";
  steps.push({
    id: "funding",
    name: "Funding",
    micros: split.funding,
    text: isFunded
      ? "Payments between longs and shorts."
      : "The exchange does not settle funding yet.",
    ...(isFunded ? {} : { instead: "not yet" }),
  });
  steps.push({
    id: "residual",
    name: "Unexplained",
    micros: split.residual,
    text:
      split.residual === 0
        ? "Nothing: the causes above sum to the ledger to the last 0.000001 USDC."
        : "The causes and the ledger disagree by this: a bug worth reporting.",
  });
  return steps;
}

/** How much of the spread adverse selection took or added. */
function adverseText({ spread, adverseSelection }: NonNullable<RunSummary["split"]>): string {
  if (adverseSelection > 0) return "the flow it met was, if anything, wrong about the price";
  if (spread <= 0) return "those who traded with it knew more than it did";
  const share = -adverseSelection / spread;
  if (share < 0.15) return `only ${percent(share, 0)} of the spread went to those who knew more`;
  if (share < 0.6) return `${percent(share, 0)} of the spread went to those who knew more`;
  return `${percent(share, 0)} of the spread went to those who knew more, so quotes were too tight or too slow`;
}
