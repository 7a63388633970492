/**
 * What an agent is: something that is woken at a time it names, looks at one market and answers with
 * commands. It draws from a generator of its own, so that one agent's doings do not change another's
 * numbers, and it keeps no more than it could know: its own orders and positions it reads from the
 * exchange, as a client would.
 */
import type { Hex } from "../../base/hex.ts";
import {
  ceilLegalPx,
  floorLegalPx,
  type InstrumentSpec,
  legalPxStep,
} from "../../base/instrument-spec.ts";
import { BUY, SELL, type Side, sideSign } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import type { Command, OrderItem } from "../../exchange/command-codec.ts";
import { accountOfAddress, bestPx, positionSize } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import type { ReferencePrice } from "../reference-price.ts";

/** What an agent sees when it is woken. */
export interface MarketView {
  readonly state: ExchangeState;
  readonly market: number;
  readonly spec: InstrumentSpec;
  /** The wider market's price; who looks ahead in it is informed. */
  readonly reference: ReferencePrice;
  readonly nowMs: number;
}

/** An account that an agent trades with. */
export interface AgentAccount {
  readonly address: Hex;
  /** What it starts with, and is brought back to when it has lost too much [10^-6 USDC]. */
  readonly deposit: number;
  /** Highest nonce used. */
  nonce: number;
}

/** See the file's head. */
export interface Agent {
  readonly accounts: readonly AgentAccount[];
  /** When it wants to be woken; Infinity = never again [ms]. */
  nextMs(): number;
  /** What it does now, in order; moves its next waking on. */
  step(view: MarketView): Command[];
}

/** Kinds of agents, for addresses that tell who trades. */
export type AgentKind = "noise" | "passive" | "arbitrage" | "momentum" | "informed" | "crowd";

const KIND_DIGITS: Readonly<Record<AgentKind, string>> = {
  noise: "01",
  passive: "02",
  arbitrage: "03",
  momentum: "04",
  informed: "05",
  crowd: "06",
};

/** Account `index` of an agent on a market; the address says all three. */
export function createAgentAccount(options: {
  readonly kind: AgentKind;
  readonly market: number;
  readonly index: number;
  /** [10^-6 USDC] */
  readonly deposit: number;
  readonly nowMs: number;
}): AgentAccount {
  const hex = (value: number): string => value.toString(16).padStart(4, "0");
  const { kind, market, index, deposit, nowMs } = options;
  const address: Hex = `0x${"b0".repeat(15)}${KIND_DIGITS[kind]}${hex(market)}${hex(index)}`;
  return { address, deposit, nonce: nowMs };
}

/** A nonce that was not used before; follows the clock. */
export function takeNonce(account: AgentAccount, nowMs: number): number {
  account.nonce = Math.max(account.nonce + 1, nowMs);
  return account.nonce;
}

/** Position of an account on the view's market, positive = long [lots]. */
export function positionOf({ state, market }: MarketView, { address }: AgentAccount): number {
  const account = accountOfAddress(state, address);
  return account < 0 ? 0 : positionSize(state, account, market);
}

/** Best bid and ask; 0 = the side is empty [ticks]. */
export const touchOf = ({ state, market }: MarketView): { bid: number; ask: number } => ({
  bid: bestPx(state, market, BUY),
  ask: bestPx(state, market, SELL),
});

/** Middle of the book, or null while a side is empty [ticks]. */
export function midOf(view: MarketView): number | null {
  const { bid, ask } = touchOf(view);
  return bid === 0 || ask === 0 ? null : (bid + ask) / 2;
}

/** The legal price nearest to a price on the side of it that is worse for the taker's counterparty [ticks]. */
export function legalPx({ spec }: MarketView, side: Side, px: number): number {
  const inRange = Math.min(Math.max(px, 1), spec.pxMax);
  const legal =
    side === BUY ? floorLegalPx(spec, Math.floor(inRange)) : ceilLegalPx(spec, Math.ceil(inRange));
  return Math.min(Math.max(legal, 1), spec.pxMax);
}

/** Step between legal prices around a price [ticks]. */
export const stepAt = ({ spec }: MarketView, px: number): number =>
  legalPxStep(spec, Math.max(1, Math.floor(px)));

/** Lots of a notional at a price [10^-6 USDC, ticks -> lots]; at least what the market takes. */
export function lotsOf({ spec }: MarketView, notional: number, px: number): number {
  const least = Math.ceil((1.05 * spec.notionalMin) / px);
  return Math.min(Math.max(least, 1, Math.round(notional / px)), spec.positionMax);
}

/** A command that takes up to a size within `reach` [1] of a price [lots, ticks]. */
export function takeCommand(
  view: MarketView,
  account: AgentAccount,
  order: {
    readonly side: Side;
    readonly sz: number;
    readonly px: number;
    readonly reach: number;
    readonly reduceOnly?: boolean;
  },
): Command {
  const { side, sz, reduceOnly = false } = order;
  // A buyer's limit rounds up and a seller's down: the reach is met, not missed.
  const px = legalPx(
    view,
    side === BUY ? SELL : BUY,
    order.px * (1 + sideSign(side) * order.reach),
  );
  const item: OrderItem = { market: view.market, side, px, sz, tif: TIF.ioc, reduceOnly };
  const nonce = takeNonce(account, view.nowMs);
  return { kind: "placeOrders", signer: account.address, nonce, orders: [item] };
}
