/**
 * What a report says in words: the verdict, what to keep in mind, and what each cause means in this
 * run. Every sentence is chosen by the numbers of the run, so that someone who has never made a
 * market can tell why it earned what it did. Amounts are the waterfall's cents: sums come out.
 */
import { ADVERSE_HORIZON_MS } from "../../analysis/pnl-attribution.ts";
import type { ReportFigures } from "./report-figures.ts";
import {
  centsText,
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
  const net = Object.values(figures.cents).reduce((sum, cents) => sum + cents, 0);
  const time = `${duration(figures.spanMs)} of making a market in ${manifest.asset}`;
  const amount = centsText(Math.abs(net));
  const headline =
    net === 0 ? `Broke even in ${time}` : `${net > 0 ? "Earned" : "Lost"} ${amount} in ${time}`;
  return {
    headline,
    kind: net > 0 ? "gain" : net < 0 ? "loss" : "even",
    sentences:
      summary.fills === 0
        ? ["No order was filled, so no spread was captured and no fee was paid."]
        : [whySentence(summary, figures), luckSentence(figures)],
  };
}

/** What came in by quoting, what took from it, and what came on top. */
function whySentence({ fills }: RunSummary, { cents, spreadBps }: ReportFigures): string {
  const share = `${decimal(Math.abs(spreadBps ?? 0), 2)} bps of what was traded`;
  const count = fills === 1 ? "1 fill" : `${decimal(fills, 0)} fills`;
  const captured =
    cents.spread >= 0
      ? `${count} captured ${centsText(cents.spread)} of spread, ${share}.`
      : `${count} gave away ${centsText(-cents.spread)} of spread, ${share}: on balance it traded on the wrong side of the fair price.`;
  const parts: readonly (readonly [number, string])[] = [
    [cents.adverseSelection, `moves of the price in the ${SECONDS} s after a fill`],
    [cents.inventory, `moves of the price on what it held for longer than ${SECONDS} s`],
    [cents.fees, cents.fees > 0 ? "rebates" : "fees"],
    [cents.funding, "funding"],
  ];
  const list = (of: typeof parts): string =>
    joined(of.map(([part, name]) => `${name} ${centsText(Math.abs(part))}`));
  const taken = parts.filter(([part]) => part < 0).sort(([a], [b]) => a - b);
  const added = parts.filter(([part]) => part > 0).sort(([a], [b]) => b - a);
  const took = taken.length === 0 ? "" : ` Against that: ${list(taken)}.`;
  const came = added.length === 0 ? "" : ` On top of it: ${list(added)}.`;
  return `${captured}${took}${came}`;
}

const joined = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;

/** Whether the PnL of intervals is apart from 0 by more than chance. */
function luckSentence({ perInterval, intervalMs, intervals }: ReportFigures): string {
  const each = duration(intervalMs);
  if (perInterval === null) {
    return `Skill or luck? ${intervals.length} intervals of ${each} are too few to tell.`;
  }
  const { mean, low, high } = perInterval;
  const told =
    low > 0
      ? "a gain that chance alone does not explain, as long as the market stays like this one"
      : high < 0
        ? "a loss that chance alone does not explain, as long as the market stays like this one"
        : "0 lies within, so chance alone could explain the result";
  return (
    `Skill or luck? It made ${signedDollars(mean)} in ${each} on average, ` +
    `95 % interval ${signedDollars(low)} to ${signedDollars(high)}: ${told}.`
  );
}

/** What a reader should keep in mind, in plain sentences. */
export function caveats({ manifest, summary }: RunRecord, figures: ReportFigures): string[] {
  const notes = [marketCaveat(manifest)];
  if (manifest.venue === "SIM" || manifest.venue === "LOCAL") {
    notes.push(
      "Fills: matched by price and time in the exchange itself, where its orders stood in the queue. Delay: next to none, orders travelled within one machine.",
    );
  }
  if (figures.feeBps !== null) {
    notes.push(
      `Fees: ${decimal(-figures.feeBps, 2)} bps of what was traded, as charged on each fill. Another fee tier would change the net by the difference.`,
    );
  }
  if (summary === null) return [...notes, "The run was killed before its first second was over."];
  if (summary.fundingState !== "settled") {
    notes.push("Funding: not part of it, for the exchange did not settle funding then.");
  }
  return [...notes, ...recordCaveats(summary)];
}

function marketCaveat({ venue, market, seed }: RunManifest): string {
  switch (venue) {
    case "MAINNET":
      return `Real money on the main network, against ${market}.`;
    case "TESTNET":
      return `Test money on the test network, against ${market}: behaviour there says little about the main network.`;
    case "SIM":
      return seed === null
        ? `Market: ${market}, with play money. What was recorded does not react to the maker's orders.`
        : `Market: ${market}, with play money. How they trade is a model; another market would pay differently.`;
    default:
      return `Market: ${market}, with play money.`;
  }
}

/** What the record itself leaves open. */
function recordCaveats(summary: RunSummary): string[] {
  const notes: string[] = [];
  if (summary.state === "running") {
    notes.push(
      "This run has no end on record: it still runs, or it was killed. The numbers are those of the last second on disk.",
    );
  }
  if (summary.kills.length > 0) {
    notes.push(`The kill switch tripped: ${summary.kills.join("; ")}.`);
  }
  const { fills, markouts, events } = summary.leftOut;
  if (fills + markouts + events > 0) {
    notes.push(
      `The files leave out ${fills} fills, ${markouts} markouts and ${events} events beyond their bounds; sums are complete all the same.`,
    );
  }
  const residual = summary.venueResidual ?? 0;
  if (residual !== 0) {
    notes.push(
      `The venue's equity moved ${signedDollars(residual)} beyond this ledger: transfers, or other markets of the account.`,
    );
  }
  return notes;
}

/** Each cause with what it means in this run, in the order of the waterfall. */
export function causes({ manifest, summary }: RunRecord, figures: ReportFigures): readonly Step[] {
  const split = summary?.split;
  if (summary === null || split == null) return [];
  const { cents } = figures;
  const isFunded = summary.fundingState === "settled";
  const fund = isFunded ? {} : { instead: "not yet" };
  return [
    {
      id: "spread",
      name: "Spread captured",
      cents: cents.spread,
      text: spreadText(summary, figures),
    },
    {
      id: "adverseSelection",
      name: "Adverse selection",
      cents: cents.adverseSelection,
      text: adverseText(split, figures),
    },
    {
      id: "inventory",
      name: "Inventory",
      cents: cents.inventory,
      text: inventoryText(manifest.asset, summary, figures),
    },
    {
      id: "fees",
      name: split.fees > 0 ? "Rebates" : "Fees",
      cents: cents.fees,
      text: `${decimal(Math.abs(figures.feeBps ?? 0), 2)} bps of ${dollars(summary.volume)} traded.`,
    },
    {
      id: "funding",
      name: "Funding",
      cents: cents.funding,
      text: isFunded
        ? "Payments between longs and shorts."
        : "The exchange did not settle funding then.",
      ...fund,
    },
    {
      id: "residual",
      name: "Unexplained",
      cents: cents.residual,
      text:
        split.residual === 0
          ? "Nothing: the causes sum to the ledger to the last 0.000001 USDC."
          : "The causes and the ledger disagree by this much: a bug worth reporting.",
    },
  ];
}

const spreadText = ({ fills, buys }: RunSummary, { spreadBps }: ReportFigures): string =>
  fills === 0
    ? "No fills."
    : `${buys} buys below and ${fills - buys} sells above the fair price, by ${decimal(spreadBps ?? 0, 2)} bps on average: what others pay for trading at once.`;

/** How the price went after fills, and how much of the spread that took or added. */
function adverseText(
  { spread, adverseSelection }: NonNullable<RunSummary["split"]>,
  { adverseBps }: ReportFigures,
): string {
  if (adverseBps === null) return "No fills.";
  const moved = `In the ${SECONDS} s after a fill the price went ${decimal(Math.abs(adverseBps), 2)} bps`;
  if (adverseSelection >= 0) {
    return `${moved} its way on average: those who traded with it did not know better.`;
  }
  if (spread <= 0) return `${moved} against it on average: those who traded with it knew better.`;
  const share = -adverseSelection / spread;
  const taken = `${percent(share, 0)} of the spread went to those who knew better`;
  if (share < 0.15) return `${moved} against it on average: only ${taken}.`;
  if (share < 0.6) return `${moved} against it on average: ${taken}.`;
  return `${moved} against it on average: ${taken}. Quotes were too near or too slow.`;
}

function inventoryText(coin: string, summary: RunSummary, figures: ReportFigures): string {
  const { szDecimals = 0 } = summary.spec ?? {};
  const held = size(figures.heldMean, szDecimals);
  const net = signedSize(figures.positionMean, szDecimals);
  return `Moves of the price on what it held for longer than ${SECONDS} s. It held ${held} ${coin} on average, long and short netting to ${net}.`;
}
