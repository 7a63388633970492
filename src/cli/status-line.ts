/** What a running maker says in one line a second, and in a few lines at its end. */
import type { PnlSplit } from "../analysis/pnl-attribution.ts";
import { roundedParts } from "../analysis/rounded-parts.ts";
import { BUY } from "../base/side.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import { formatPx, formatSignedSz, formatSz, formatUsdc } from "../wire/decimal.ts";

/** Signed USDC with two decimals, as people read it: +$1.84. Cut, not rounded: display only. */
function dollars(micros: number): string {
  const [whole, fraction = ""] = formatUsdc(Math.abs(micros)).split(".") as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${micros < 0 ? "−" : "+"}$${grouped}.${fraction.padEnd(2, "0").slice(0, 2)}`;
}

/** The status line: time, market, own touch, position, PnL, fills, and why nothing is quoted. */
export function statusLine(status: MakerStatus): string {
  const { spec, quote, pnl, position, phase } = status;
  const time = new Date(status.timeMs).toISOString().slice(11, 19);
  if (spec === null) return `  ${time}  ${status.asset} ${phase}: ${reasonOf(status)}`;
  const px = (ticks: number | undefined): string =>
    ticks === undefined ? "–" : formatPx(ticks, spec.szDecimals);
  const mid = quote.midPx === null ? "–" : px(Math.round(quote.midPx));
  const { bid, ask } = ownTouch(status);
  const parts = [
    `${status.asset} mid ${mid}`,
    `own ${px(bid)} × ${px(ask)}`,
    `pos ${formatSignedSz(position.size, spec.szDecimals)}`,
    `PnL ${dollars(pnl?.total ?? 0)}`,
    `fills ${status.fills.count}`,
  ];
  if (phase !== "quoting") parts.push(`${phase}: ${reasonOf(status)}`);
  return `  ${time}  ${parts.join("  ")}`;
}

/** Best own bid and ask that may rest [ticks]. */
function ownTouch(status: MakerStatus): { bid?: number; ask?: number } {
  const touch: { bid?: number; ask?: number } = {};
  for (const { side, px } of status.orders) {
    if (side === BUY) touch.bid = Math.max(touch.bid ?? px, px);
    else touch.ask = Math.min(touch.ask ?? px, px);
  }
  return touch;
}

/** Micros in a cent. */
const CENT = 10_000;

/** Causes in words and cents, such that the cents add up; what is 0 is left out, spread aside. */
function splitText(split: PnlSplit): string {
  const { spread, adverseSelection, inventory, fees, funding, residual } = split;
  const names = ["spread", "adverse selection", "inventory", "fees", "funding", "unexplained"];
  const parts = [spread, adverseSelection, inventory, fees, funding, residual];
  const cents = roundedParts(parts, CENT);
  const net = cents.reduce((sum, part) => sum + part, 0);
  const terms = names.flatMap((name, i) => {
    const part = (cents[i] as number) * CENT;
    if (i > 0 && parts[i] === 0) return [];
    const [sign, amount] = [dollars(part).slice(0, 1), dollars(part).slice(1)];
    return [i === 0 ? `${name} ${sign}${amount}` : `${sign} ${name} ${amount}`];
  });
  return `net ${dollars(net * CENT)} = ${terms.join(" ")}`;
}

/** The closing lines: time, net and what caused it, fills, position. */
export function summaryLines(status: MakerStatus, ranMs: number): string[] {
  const { pnl, split, spec, position } = status;
  const seconds = Math.round(ranMs / 1_000);
  const ran = `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
  const sz = spec === null ? "0.0" : formatSignedSz(position.size, spec.szDecimals);
  if (pnl === null || split === null) {
    return [`  ran ${ran} · the account was never read, nothing was quoted`];
  }
  return [
    `  ran ${ran} · ${splitText(split)}`,
    `  ${status.fills.count} fills · volume ${dollars(status.fills.volume).slice(1)} · ` +
      `position ${sz} ${status.asset} · ${status.requests.places} orders placed, ` +
      `${status.requests.cancels} canceled, ${status.requests.rejects} refused`,
  ];
}

/** The same figures for programs; money in USDC as decimal text, sizes in coins. */
export function summaryValue(status: MakerStatus, ranMs: number): Record<string, unknown> {
  const { pnl, split, spec } = status;
  return {
    kind: "summary",
    ranMs,
    asset: status.asset,
    phase: status.phase,
    position: spec === null ? null : formatSignedSz(status.position.size, spec.szDecimals),
    fills: status.fills.count,
    volume: formatUsdc(status.fills.volume),
    net: pnl === null ? null : formatUsdc(pnl.total),
    realised: pnl === null ? null : formatUsdc(pnl.realised),
    unrealised: pnl === null ? null : formatUsdc(pnl.unrealised),
    fees: pnl === null ? null : formatUsdc(pnl.fees),
    funding: pnl === null ? null : formatUsdc(pnl.funding),
    split: split === null ? null : splitValue(split),
    openOrders: status.orders.length,
    unknownOrders: status.unknownOrders,
  };
}

const splitValue = (split: PnlSplit): Record<string, string> => ({
  spread: formatUsdc(split.spread),
  adverseSelection: formatUsdc(split.adverseSelection),
  inventory: formatUsdc(split.inventory),
  fees: formatUsdc(split.fees),
  funding: formatUsdc(split.funding),
  residual: formatUsdc(split.residual),
});

/** The status for programs, a value a second. */
export function statusValue(status: MakerStatus): Record<string, unknown> {
  const { spec, quote } = status;
  const { bid, ask } = ownTouch(status);
  const px = (ticks: number | null | undefined): string | null =>
    ticks === undefined || ticks === null || spec === null
      ? null
      : formatPx(Math.round(ticks), spec.szDecimals);
  return {
    ...summaryValue(status, 0),
    kind: "status",
    ranMs: undefined,
    timeMs: status.timeMs,
    mid: px(quote.midPx),
    fair: px(quote.fairPx),
    ownBid: px(bid),
    ownAsk: px(ask),
    blocks: status.blocks.map((block) => block.code),
  };
}

/** Size of the latest fill in words, for the line that announces the first one. */
export function firstFillText(status: MakerStatus): string | null {
  const fill = status.fills.recent[0];
  if (fill === undefined || status.spec === null) return null;
  const { szDecimals } = status.spec;
  const verb = fill.side === BUY ? "bought" : "sold";
  return `first fill: ${verb} ${formatSz(fill.sz, szDecimals)} ${status.asset} at ${formatPx(fill.px, szDecimals)}`;
}

const reasonOf = (status: MakerStatus): string => status.blocks[0]?.text ?? "waiting for the venue";
