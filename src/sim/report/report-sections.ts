/** The sections of a report, each as HTML; a section without data says so or is left out. */
import type { FillRateRow } from "../../analysis/fill-rate.ts";
import { markoutChart } from "./markout-chart.ts";
import {
  type ChartContext,
  causeChart,
  equityCharts,
  inventoryChart,
  priceChart,
  quoteCharts,
} from "./report-charts.ts";
import type { IntervalPnl } from "./report-figures.ts";
import {
  bps,
  clock,
  decimal,
  dollars,
  duration,
  escaped,
  percent,
  signedDollars,
  signedSize,
  size,
  utc,
} from "./report-format.ts";
import { causes } from "./report-words.ts";
import type { RunSummary } from "./run-record.ts";
import { waterfall } from "./waterfall.ts";

/** A section of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly lead: string;
  readonly body: string;
}

/** All sections that apply to a run, in reading order. */
export function reportSections(context: ChartContext): readonly Section[] {
  const { summary } = context.record;
  if (summary === null) return [configSection(context)];
  return [
    keyFigures(context, summary),
    whySection(context),
    equitySection(context),
    inventorySection(context, summary),
    quoteSection(context),
    markoutSection(context),
    fillRateSection(summary),
    intervalSection(context),
    eventSection(context),
    configSection(context),
  ].filter(({ body }) => body !== "");
}

/** A share that may be tiny, as per cent. */
const smallPercent = (ratio: number | null): string =>
  ratio !== null && ratio > 0 && ratio < 0.00005 ? "under 0.01 %" : percent(ratio, 2);

function keyFigures(context: ChartContext, summary: RunSummary): Section {
  const { figures, szDecimals } = context;
  const { drawdown, position, requests } = summary;
  const tile = (name: string, value: string, note: string): string =>
    `<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`;
  const share = figures.netBps === null ? "" : `${bps(figures.netBps)} of volume`;
  const tiles = [
    tile("Net PnL", summary.total === null ? "–" : signedDollars(summary.total), share),
    tile(
      "Fills",
      decimal(summary.fills, 0),
      `${summary.buys} buys, ${summary.fills - summary.buys} sells`,
    ),
    tile("Volume", dollars(summary.volume), "bought and sold"),
    tile(
      "Deepest drawdown",
      dollars(-drawdown.deepest),
      `${smallPercent(drawdown.ratio)} of equity, longest ${duration(drawdown.longestMs)}`,
    ),
    tile("Time quoting", percent(summary.quotingRatio), `of ${duration(figures.spanMs)}`),
    tile(
      "Position at the end",
      signedSize(position.now, szDecimals),
      `between ${signedSize(position.shortest, szDecimals)} and ${signedSize(position.longest, szDecimals)}`,
    ),
    tile("Spread captured", bps(figures.spreadBps), "from the fair price, by value"),
    tile(
      "Orders placed",
      decimal(requests.placed, 0),
      `${decimal(requests.canceled, 0)} canceled, ${requests.refused} refused, ${requests.unknown} in doubt`,
    ),
  ];
  return {
    id: "figures",
    title: "Key figures",
    lead: "",
    body: `<dl class="tiles">${tiles.join("")}</dl>`,
  };
}

function whySection(context: ChartContext): Section {
  const steps = causes(context.record, context.figures);
  return {
    id: "why",
    title: "Why it earned what it did",
    lead: "Every cent of the change in equity has one cause. Each bar begins where the one above it ends. The fair price is the middle of what others bid and ask; 1 bps is a hundredth of a per cent.",
    body: steps.length === 0 ? "" : waterfall(steps) + causeChart(context),
  };
}

const equitySection = (context: ChartContext): Section => ({
  id: "equity",
  title: "Equity and drawdown",
  lead: "Cash plus the position at the mark price, as change since the start. The gap between the two lines is what was paid in fees.",
  body: equityCharts(context),
});

function inventorySection(context: ChartContext, { position }: RunSummary): Section {
  const { szDecimals, figures } = context;
  const limit =
    position.limit === null
      ? ""
      : ` The limit was ${size(position.limit, szDecimals)}; on average it held ${percent(figures.heldMean / Math.max(1, position.limit))} of it.`;
  return {
    id: "inventory",
    title: "Inventory and limits",
    lead: `A maker is handed a position by whoever trades with it, and leans its quotes to be rid of it.${limit}`,
    body: inventoryChart(context),
  };
}

const quoteSection = (context: ChartContext): Section => ({
  id: "quotes",
  title: "Quotes, volatility and the model",
  lead: "Where the maker stood beside the market, where it was filled, and the estimates that its model set the distance by.",
  body: priceChart(context) + quoteCharts(context),
});

const markoutSection = (context: ChartContext): Section => ({
  id: "markouts",
  title: "Markouts: was it picked off?",
  lead: "What a fill was worth at the fair price some time later. The first dots are the spread captured; where they fall from left to right, traders who knew more took the quotes. Whiskers are 95 % bootstrap intervals over blocks of time.",
  body: markoutChart(context.figures.markouts),
});

function fillRateSection({ fillRate }: RunSummary): Section {
  const rate = (row: FillRateRow): number =>
    row.restingSeconds > 0 ? (row.fills / row.restingSeconds) * 60 : 0;
  const most = Math.max(1e-9, ...fillRate.map(rate));
  const rows = fillRate.map((row) => {
    const to = row.toBps === null ? " and more" : `–${row.toBps}`;
    const width = ((rate(row) / most) * 100).toFixed(1);
    return (
      `<tr><th scope="row">${row.fromBps}${to} bps</th><td>${duration(row.restingSeconds * 1_000)}</td>` +
      `<td>${decimal(row.fills, 0)}</td><td>${row.restingSeconds > 0 ? decimal(rate(row), 2) : "–"}</td>` +
      `<td><div class="meter" aria-hidden="true"><i style="width:${width}%"></i></div></td></tr>`
    );
  });
  return {
    id: "fill-rate",
    title: "Fill rate by distance",
    lead: "How often an order filled, by how far from the fair price it stood. Nearer fills more often and earns less each time; quoting is the choice between them.",
    body:
      rows.length === 0
        ? ""
        : `<div class="scroll"><table class="numbers"><thead><tr><th>Distance</th><th>Time orders stood there</th><th>Fills</th>` +
          `<th>Fills a minute of an order</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  };
}

function intervalSection({ figures, fromMs }: ChartContext): Section {
  const { intervals, intervalMs } = figures;
  const worst = [...intervals].sort((a, b) => a.net - b.net).slice(0, 10);
  const time = (timeMs: number): string => duration(timeMs - fromMs);
  const row = (one: IntervalPnl): string =>
    `<tr><th scope="row">${time(one.fromMs)}</th><td class="${one.net < 0 ? "loss" : "gain"}">${signedDollars(one.net)}</td>` +
    [one.spread, one.adverseSelection, one.inventory, one.fees]
      .map((micros) => `<td>${signedDollars(micros)}</td>`)
      .join("") +
    `<td>${one.fills}</td><td>${bps(one.moveBps)}</td></tr>`;
  return {
    id: "worst",
    title: `Worst intervals of ${duration(intervalMs)}`,
    lead: `The run cut into ${intervals.length} pieces, the ten that did worst first. A piece that lost on inventory met a move of the price; one that lost on adverse selection met someone who saw it coming.`,
    body:
      intervals.length < 2
        ? ""
        : `<div class="scroll"><table class="numbers"><thead><tr><th>Since the start</th><th>Net</th><th>Spread</th><th>Adverse selection</th>` +
          `<th>Inventory</th><th>Fees</th><th>Fills</th><th>Price move</th></tr></thead><tbody>${worst.map(row).join("")}</tbody></table></div>`,
  };
}

/** Events shown; the rest stays in the file. */
const EVENTS_SHOWN = 60;

function eventSection({ record }: ChartContext): Section {
  const shown = record.events.slice(0, EVENTS_SHOWN);
  const rows = shown.map(
    ({ timeMs, kind, text }) =>
      `<tr><th scope="row">${clock(timeMs)}</th><td>${kind}</td><td>${escaped(text)}</td></tr>`,
  );
  const more = record.events.length - shown.length;
  return {
    id: "events",
    title: "What happened when",
    lead: "Changes of what the maker was doing, of its settings, and of the kill switch [UTC].",
    body:
      rows.length === 0
        ? ""
        : `<div class="scroll"><table class="log"><tbody>${rows.join("")}</tbody></table></div>` +
          (more > 0 ? `<p class="caption">${more} more in events.ndjson.</p>` : ""),
  };
}

/** Settings that are money [10^-6 USDC]. */
const MONEY_SETTINGS: ReadonlySet<string> = new Set([
  "levelNotional",
  "maxPositionNotional",
  "maxDailyLoss",
]);

/** Files of the run folder, as links that work where the report lies in it. */
const FILES = ["summary.json", "run.json", "fills.csv", "markouts.csv", "series.csv"]
  .map((name) => `<a href="${name}">${name}</a>`)
  .join(", ");

function configSection({ record }: ChartContext): Section {
  const { config, versions, git, machine, startedMs, url, again } = record.manifest;
  const setting = (key: string, value: unknown): string => {
    const text =
      MONEY_SETTINGS.has(key) && typeof value === "number" ? dollars(value) : JSON.stringify(value);
    return `<div><span>${escaped(key)}</span><b>${escaped(text ?? "")}</b></div>`;
  };
  const rows = Object.entries(config).map(([key, value]) => setting(key, value));
  const built = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const commit =
    git === null ? "" : `, commit ${git.commit.slice(0, 12)}${git.isDirty ? " with changes" : ""}`;
  return {
    id: "config",
    title: "Settings and how to repeat it",
    lead: "",
    body:
      `<p>Repeat it with <code>${escaped(again)}</code>. The same seed gives the same traders; on another machine orders arrive at other moments, so fills differ in detail.</p>` +
      `<p class="meta">Started ${utc(startedMs)} at ${escaped(url)}; ${escaped(built.join(", "))}${commit}; ${escaped(machine)}.</p>` +
      `<p class="meta">Beside this file: ${FILES}.</p>` +
      `<details open><summary>Settings of the maker; money in USDC, times in ms unless the name says otherwise</summary><div class="settings">${rows.join("")}</div></details>`,
  };
}
