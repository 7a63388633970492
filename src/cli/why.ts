/** `bourse why`: where each resting order's price came from, asked of a maker that runs. */
import type { ExplainedOrder, WhyView } from "../operator/operator-source.ts";
import type { ModelView, ReasonView, TermView } from "../operator/operator-view.ts";
import { formatPx, formatSz } from "../wire/decimal.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface WhyFlags extends CommonFlags {
  readonly pagePort: number;
}

const TIMEOUT_MS = 5_000;

/** Asks the maker on this machine about its orders in a coin and prints the answer. */
export async function runWhy(coin: string, flags: WhyFlags): Promise<void> {
  const { output } = openSession(flags);
  const why = await askWhy(coin, flags.pagePort);
  for (const line of whyLines(why)) output.say(line);
  output.emit({ kind: "why", ...why });
}

async function askWhy(coin: string, port: number): Promise<WhyView> {
  const url = `http://127.0.0.1:${port}/why?coin=${encodeURIComponent(coin)}`;
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    // Nothing answered: said in words, with the command that helps.
    throw new ExitError(
      EXIT.unreachable,
      `no maker answers on port ${port}: start one with \`bourse up\`, or name its page's port with --page-port`,
      error,
    );
  }
  const text = await response.text();
  if (response.status === 404) throw new ExitError(EXIT.notFound, refusalText(text));
  if (!response.ok)
    throw new ExitError(EXIT.error, `the maker answered ${response.status}: ${text}`);
  return JSON.parse(text) as WhyView;
}

function refusalText(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown };
    if (typeof body.message === "string") return body.message;
  } catch {
    // Not the operator's JSON: shown as it came.
  }
  return text.slice(0, 200);
}

/** The answer for people. */
export function whyLines(why: WhyView): string[] {
  const { coin, state, sides, model, orders } = why;
  const lines = [`${coin} ${state.name}${reasonsText(state.reasons)}`];
  if (model !== null) lines.push(...modelLines(model, why.szDecimals));
  if (sides !== null) {
    for (const [name, { state: side, text }] of Object.entries(sides)) {
      lines.push(`  ${name}  ${side}${text === "" ? "" : `: ${text}`}`);
    }
  }
  if (orders.length === 0) lines.push("  no order rests");
  for (const order of orders) lines.push(...orderLines(order, why));
  return lines;
}

const reasonsText = (reasons: readonly string[]): string =>
  reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;

function modelLines(model: ModelView, szDecimals: number): string[] {
  const { reservationPx, halfSpread, skew, gamma, sources } = model;
  if (reservationPx === null || halfSpread === null) return [`  ${model.name}: no quote`];
  const fairPx = reservationPx + (skew ?? 0);
  const bps = (ticks: number): string => bpsText(ticks, fairPx);
  const lines = [
    `  ${model.name} · fair ${pxText(fairPx, szDecimals)} · skew ${bps(skew ?? 0)} bps down` +
      ` · half-spread ${bps(halfSpread)} bps = ${termsText(model.terms, fairPx)}`,
  ];
  if (model.sigma === null || model.intensityA === null || model.intensityK === null) return lines;
  const kPerBps = (model.intensityK * fairPx) / 10_000;
  lines.push(
    `  sigma ${bps(model.sigma)} bps/√s (${sources.sigma}) · A ${model.intensityA.toFixed(3)}/s, ` +
      `k ${kPerBps.toFixed(3)}/bps (${sources.intensity}) · gamma ${gamma}`,
  );
  return lines;
}

function orderLines(order: ExplainedOrder, { coin, szDecimals }: WhyView): string[] {
  const side = order.side === "buy" ? "bid" : "ask";
  const ahead =
    order.queueAhead === null ? "" : ` · at most ${formatSz(order.queueAhead, szDecimals)} ahead`;
  const head =
    `  ${side} ${formatPx(order.px, szDecimals)}  ${formatSz(order.sz, szDecimals)} ${coin}` +
    `  ${order.status}${ahead}`;
  if (order.reason === null) return [head, "      placed before this run: its reason is not known"];
  return [head, `      ${reasonText(order.reason, side, szDecimals)}`];
}

/** The sum that a price is, with every part in bps of the fair price. */
function reasonText(reason: ReasonView, side: "bid" | "ask", szDecimals: number): string {
  const { fairPx, level, rawPx, px } = reason;
  const sign = side === "bid" ? -1 : 1;
  const bps = (ticks: number): string => bpsText(ticks, fairPx);
  const halfSpread = reason.halfSpread ?? 0;
  const away = rawPx - (reason.reservationPx + sign * halfSpread);
  const parts = [
    `fair ${pxText(fairPx, szDecimals)}`,
    `${signedBps(-(reason.skew ?? 0), fairPx)} skew`,
    `${signedBps(sign * halfSpread, fairPx)} half-spread (${termsText(reason.terms, fairPx)})`,
  ];
  // What is left is the level's place in the ladder, and the bound at the fair price.
  if (Math.abs(away) >= 0.005 * (fairPx / 10_000)) {
    parts.push(`${signedBps(away, fairPx)} ${level > 0 ? `level ${level}` : "held at fair"}`);
  }
  const legal = bps(px - rawPx) === "0.00" ? "" : `, made legal ${signedBps(px - rawPx, fairPx)}`;
  return `${parts.join(" ")} = ${pxText(rawPx, szDecimals)}${legal}  [bps of fair]`;
}

const termsText = (terms: readonly TermView[], fairPx: number): string =>
  terms
    .filter(({ ticks }) => ticks !== 0)
    .map(({ name, ticks }) => `${name} ${bpsText(ticks, fairPx)}`)
    .join(" + ");

const pxText = (ticks: number, szDecimals: number): string =>
  formatPx(Math.round(ticks), szDecimals);

const bpsText = (ticks: number, fairPx: number): string => ((ticks / fairPx) * 10_000).toFixed(2);

function signedBps(ticks: number, fairPx: number): string {
  const text = bpsText(Math.abs(ticks), fairPx);
  return `${ticks < 0 ? "−" : "+"} ${text}`;
}
