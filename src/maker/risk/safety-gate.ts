/**
 * The one gate between strategy and venue. Orders to place come in, orders that may be placed come
 * out as {@link ClearedOrders}, a type that only this file can make and that placing requires: there
 * is no way round. Each rule is checked on what is certain and in doubt together.
 */
import { type InstrumentSpec, isLegalPx } from "../../base/instrument-spec.ts";
import { BUY } from "../../base/side.ts";
import type { PlaceItem } from "../venue.ts";

declare const cleared: unique symbol;

/** Orders that passed the gate. */
export type ClearedOrders = readonly PlaceItem[] & { readonly [cleared]: true };

/** What the gate knows at this moment. */
export interface GateInput {
  /** Why nothing may be placed at all; empty = nothing speaks against it. */
  readonly blocks: readonly string[];
  readonly spec: InstrumentSpec;
  /** [lots] */
  readonly position: number;
  /** Largest absolute position [lots]. */
  readonly positionLimit: number;
  /** Position if every buy or every sell that may be live were filled [lots]. */
  readonly worstLong: number;
  readonly worstShort: number;
  /** Price that the quotes stand around [ticks]. */
  readonly fairPx: number;
  /** Farthest that an order may be from `fairPx` [ratio]. */
  readonly fairDistanceMax: number;
}

/** An order that was held back, and by which rule. */
export interface HeldOrder {
  readonly order: PlaceItem;
  readonly rule:
    | "blocked"
    | "illegalPx"
    | "illegalSz"
    | "notionalTooSmall"
    | "farFromFair"
    | "positionLimit";
}

/** Lets through what keeps every rule; order matters, for earlier orders use up the limit first. */
export function clearOrders(
  input: GateInput,
  orders: readonly PlaceItem[],
): { readonly cleared: ClearedOrders; readonly held: readonly HeldOrder[] } {
  const passed: PlaceItem[] = [];
  const held: HeldOrder[] = [];
  let { worstLong, worstShort } = input;
  for (const order of orders) {
    const rule = brokenRule(input, order, { worstLong, worstShort });
    if (rule !== null) {
      held.push({ order, rule });
      continue;
    }
    if (order.side === BUY) worstLong += order.sz;
    else worstShort -= order.sz;
    passed.push(order);
  }
  return { cleared: passed as unknown as ClearedOrders, held };
}

/** What stands in the way of quoting, and not of closing a position. */
const HARMLESS_TO_CLOSE: readonly string[] = ["flattening", "paused", "cancelAll", "budgetLow"];

/**
 * Lets an order through that takes at once and only brings the position towards zero; null = held.
 * For when quoting has ended and nothing of ours rests.
 */
export function clearReduction(
  input: Pick<GateInput, "blocks" | "spec" | "position" | "fairPx" | "fairDistanceMax">,
  order: PlaceItem,
): ClearedOrders | null {
  const { spec, position, fairPx } = input;
  const isReduction =
    order.tif === "ioc" &&
    order.reduceOnly &&
    (order.side === BUY ? position < 0 : position > 0) &&
    Number.isSafeInteger(order.sz) &&
    order.sz > 0 &&
    order.sz <= Math.abs(position);
  const isNear = Math.abs(order.px - fairPx) <= fairPx * input.fairDistanceMax;
  const isFree = input.blocks.every((code) => HARMLESS_TO_CLOSE.includes(code));
  const isLegal = order.px > 0 && order.px <= spec.pxMax && isLegalPx(spec, order.px);
  if (!(isReduction && isNear && isFree && isLegal)) return null;
  return [order] as unknown as ClearedOrders;
}

function brokenRule(
  input: GateInput,
  order: PlaceItem,
  worst: { worstLong: number; worstShort: number },
): HeldOrder["rule"] | null {
  const { spec, fairPx } = input;
  if (input.blocks.length > 0) return "blocked";
  const pxInBounds = Number.isSafeInteger(order.px) && order.px > 0 && order.px <= spec.pxMax;
  if (!pxInBounds || !isLegalPx(spec, order.px)) return "illegalPx";
  if (!Number.isSafeInteger(order.sz) || order.sz <= 0 || order.sz > spec.positionMax) {
    return "illegalSz";
  }
  if (order.px * order.sz < spec.notionalMin) return "notionalTooSmall";
  if (!(Math.abs(order.px - fairPx) <= fairPx * input.fairDistanceMax)) return "farFromFair";
  // Past the limit only what brings the position back, and never through zero.
  if (order.side === BUY) {
    const bound = input.position < -input.positionLimit ? 0 : input.positionLimit;
    if (worst.worstLong + order.sz > bound) return "positionLimit";
  } else {
    const bound = input.position > input.positionLimit ? 0 : -input.positionLimit;
    if (worst.worstShort - order.sz < bound) return "positionLimit";
  }
  return null;
}
