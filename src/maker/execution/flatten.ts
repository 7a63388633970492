/**
 * Flattening: once nothing of ours rests, the position is closed by orders that take at once, only
 * reduce, and go no further from the fair price than `flattenSlippageBps`; then the maker is paused.
 * What the book does not hold within that distance is tried again after a while, a few times; what is
 * left then is left, and said.
 */
import { ceilLegalPx, floorLegalPx } from "../../base/instrument-spec.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { Maker } from "../maker-state.ts";
import { quoteBlocks } from "../risk/block.ts";
import { clearReduction } from "../risk/safety-gate.ts";
import type { PlaceItem } from "../venue.ts";
import { cloidOf } from "./cloid.ts";
import { addOrder } from "./own-orders.ts";
import { restartPull } from "./pull.ts";
import { sendPlaces } from "./requests.ts";

/** Orders sent before it is given up. */
const TRIES_MAX = 3;
/** Time between two orders [ms]. */
const RETRY_MS = 5_000;

/** Starts flattening: from now on nothing is quoted. */
export function startFlatten(maker: Maker): void {
  maker.flatten = { tries: 0, nextMs: maker.nowMs };
  maker.control.pausedText = "paused after flattening";
  restartPull(maker);
}

/** Takes the next step; to be called while nothing of ours rests by the venue's own listing. */
export function stepFlatten(maker: Maker): void {
  const { flatten, ledger, orders, nowMs } = maker;
  // An order that is not settled may have moved the position already.
  if (flatten === null || orders.active.size > 0) return;
  if (ledger.position === 0) return endFlatten(maker, "paused after flattening");
  if (nowMs < flatten.nextMs) return;
  if (flatten.tries >= TRIES_MAX) {
    const text = `paused: ${Math.abs(ledger.position)} lots could not be closed in ${TRIES_MAX} tries`;
    return endFlatten(maker, text);
  }
  const item = closingItem(maker);
  if (item === null || maker.spec === null) return;
  const cleared = clearReduction(
    {
      blocks: quoteBlocks(maker).map((block) => block.code),
      spec: maker.spec,
      position: ledger.position,
      fairPx: maker.quote.fairPx ?? 0,
      fairDistanceMax: maker.config.flattenSlippageBps / 10_000,
    },
    item,
  );
  if (cleared === null) return;
  const expiresAtMs = nowMs + maker.config.placeLifetimeMs;
  addOrder(orders, { ...item, placedMs: nowMs, expiresAtMs, reason: null }, "pendingPlace", nowMs);
  sendPlaces(maker, cleared);
  flatten.tries += 1;
  flatten.nextMs = nowMs + RETRY_MS;
}

/** Gives flattening up, or notes that it is done: either way the maker is paused. */
export function endFlatten(maker: Maker, text: string): void {
  if (maker.flatten === null) return;
  maker.flatten = null;
  maker.control.paused = true;
  maker.control.pausedText = text;
}

/** An order that closes all of the position that the market lets one order close. */
function closingItem(maker: Maker): PlaceItem | null {
  const { spec, quote, ledger, config } = maker;
  if (spec === null || quote.fairPx === null) return null;
  const side = ledger.position > 0 ? SELL : BUY;
  const sign = side === BUY ? 1 : -1;
  const bound = quote.fairPx * (1 + (sign * config.flattenSlippageBps) / 10_000);
  const px =
    side === BUY
      ? floorLegalPx(spec, Math.min(bound, spec.pxMax))
      : ceilLegalPx(spec, Math.max(bound, 1));
  const sz = Math.min(Math.abs(ledger.position), spec.positionMax);
  const cloid = cloidOf(config, maker.nextOrderCounter);
  maker.nextOrderCounter += 1;
  return { cloid, side, px, sz, tif: "ioc", reduceOnly: true };
}
