/**
 * A client without a plan: random orders, cancels, modifies and nonsense over a link that fails. It
 * keeps a model of what the exchange acknowledged, which must hold whatever crashes in between.
 */
import { assert } from "../../src/base/assert.ts";
import type { Hex } from "../../src/base/hex.ts";
import { ceilLegalPx, floorLegalPx } from "../../src/base/instrument-spec.ts";
import { nextBelow, type Prng } from "../../src/base/prng.ts";
import { BUY, oppositeSide, type Side } from "../../src/base/side.ts";
import { TIF, type Tif } from "../../src/base/time-in-force.ts";
import { PX_INVALID, PX_OFF_TICK, SZ_INVALID } from "../../src/exchange/command.ts";
import type { Command, OrderItem } from "../../src/exchange/command-codec.ts";
import type { Signed } from "../../src/exchange/command-signed.ts";
import type { ControlName, GridTerms, QuoteTerms } from "../../src/exchange/command-strategy.ts";
import {
  accountOfAddress,
  addressOfAccount,
  marketSpec,
  oraclePx,
  strategyViews,
  vaultViews,
} from "../../src/exchange/query.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import type { ItemStatus, RequestOutcome } from "../../src/maker/venue.ts";
import { orderByCloid } from "../../src/projection/orders.ts";
import type { ReadModels } from "../../src/projection/read-models.ts";
import type { ExchangeHost } from "../../src/sim/exchange-host.ts";
import { createFaultyLink, type FaultyLink, type LinkFaults } from "../../src/sim/faulty-link.ts";
import { partPrng } from "../../src/sim/part-prng.ts";
import type { Schedule } from "../../src/sim/schedule.ts";
import { batchOutcome, wholeOutcome } from "../../src/sim/venue-outcome.ts";
import { accountCommand } from "./account-commands.ts";
import { between, chance } from "./plan.ts";

/** An order whose placement was acknowledged. */
interface AckedOrder {
  readonly oid: number;
  readonly item: OrderItem;
  /** The exchange said that it no longer rests. */
  ended: boolean;
}

/** A client and what it was told. */
export interface Rover {
  readonly address: Hex;
  readonly link: FaultyLink;
  readonly acked: ReadonlyMap<Hex, AckedOrder>;
  /** Acts now and then while `isActive`. */
  isActive: boolean;
}

interface Roving {
  readonly schedule: Schedule;
  readonly exchange: ExchangeHost;
  readonly address: Hex;
  readonly index: number;
  readonly prng: Prng;
  readonly link: FaultyLink;
  readonly acked: Map<Hex, AckedOrder>;
  /** Highest seq of which a reply has left. */
  readonly onReleased: (seq: number) => void;
  isActive: boolean;
  nonce: number;
  cloids: number;
  /** The side it likes at the moment: leaning one way for a while is what gets it liquidated. */
  lean: Side;
}

/** Address of the rover with a number. */
export const roverAddress = (index: number): Hex => `0x${"c0".repeat(18)}${hex(index, 4)}`;

/** A rover that acts from now on. */
export function createRover(options: {
  readonly schedule: Schedule;
  readonly exchange: ExchangeHost;
  readonly seed: number;
  readonly index: number;
  readonly faults: LinkFaults;
  readonly onReleased: (seq: number) => void;
}): Rover {
  const { schedule, seed, index, faults } = options;
  const prng = partPrng(seed, `rover${index}`);
  const rover: Roving = {
    ...options,
    address: roverAddress(index),
    prng,
    link: createFaultyLink({ schedule, prng, faults }),
    acked: new Map(),
    isActive: true,
    nonce: 0,
    cloids: 0,
    lean: BUY,
  };
  const act = (): void => {
    if (rover.isActive) roam(rover);
    schedule.after(between(prng, 20, 400), act);
  };
  schedule.after(between(prng, 100, 500), act);
  return rover;
}

/** Throws where the read models do not know what the exchange acknowledged. */
export function checkAcked(rover: Rover, models: ReadModels): void {
  const account = models.accounts.accounts.get(rover.address) ?? -1;
  for (const [cloid, { oid, item, ended }] of rover.acked) {
    const order = orderByCloid(models.orders, account, cloid);
    assert(order !== undefined && order.oid === oid, `acknowledged order ${cloid} is known`);
    const { market, side, px } = order;
    assert(
      market === item.market && side === item.side && px === item.px,
      `acknowledged order ${cloid} is as it was placed`,
    );
    assert(!(ended && order.state === "open"), `order ${cloid} that ended does not rest`);
  }
}

function roam(rover: Roving): void {
  const { prng, exchange } = rover;
  const state = exchange.running?.sequencer.state;
  const mark = state === undefined ? 0 : oraclePx(state, 0);
  if (state === undefined || mark === 0) return;
  const pick = nextBelow(prng, 100);
  if (pick < 55) place(rover, between(prng, 1, 3));
  else if (pick < 75) cancel(rover);
  else if (pick < 85) modify(rover);
  else if (pick < 89) sendAboutAccounts(rover, state);
  else sendOdd(rover, pick);
}

function place(rover: Roving, count: number): void {
  const orders = Array.from({ length: count }, () => randomOrder(rover));
  const command: Command = { kind: "placeOrders", ...sign(rover), orders };
  send(rover, command, count, (statuses) => {
    statuses.forEach((status, i) => {
      notePlaced(rover, orders[i] as OrderItem, status);
    });
  });
}

function cancel(rover: Roving): void {
  const target = anyAcked(rover);
  if (target === null) return place(rover, 1);
  const [cloid, { oid, item }] = target;
  const byCloid = chance(rover.prng, 0.5);
  const { market } = item;
  const command: Command = byCloid
    ? { kind: "cancelByCloid", ...sign(rover), cancels: [{ market, cloid }] }
    : { kind: "cancelOrders", ...sign(rover), cancels: [{ market, oid }] };
  send(rover, command, 1, ([status]) => {
    if (status?.kind === "canceled") noteEnded(rover, cloid, oid);
  });
}

function modify(rover: Roving): void {
  const target = anyAcked(rover);
  if (target === null) return place(rover, 1);
  const [cloid, { oid, item }] = target;
  const order = { ...randomOrder(rover), market: item.market };
  order.px = randomPx(rover, order.market, order.side);
  const modifies = [
    {
      target: chance(rover.prng, 0.5) ? { cloid } : { oid },
      order,
      alwaysPlace: chance(rover.prng, 0.5),
    },
  ];
  send(rover, { kind: "modifyOrders", ...sign(rover), modifies }, 1, ([status]) => {
    if (status === undefined || status.kind === "error" || status.kind === "canceled") return;
    noteEnded(rover, cloid, oid);
    notePlaced(rover, order, status);
  });
}

function sendAboutAccounts(rover: Roving, state: ExchangeState): void {
  const others = [0, 1, 2].map(roverAddress);
  const command = accountCommand(state, rover.prng, { signed: sign(rover), others });
  send(rover, command, null, () => undefined);
}

/** A parent and two orders that close it a little above and below. */
function familyOf(order: OrderItem): OrderItem[] {
  const { side, px } = order;
  const { market } = order;
  const child = (above: boolean): OrderItem => ({
    market,
    px,
    side: oppositeSide(side),
    sz: 0,
    tif: TIF.ioc,
    reduceOnly: true,
    trigger: {
      px: Math.max(1, px + (above ? 1_000 : -1_000)),
      takeProfit: (side === BUY) === above,
      child: true,
    },
  });
  return [{ ...order, reduceOnly: false, parent: true }, child(true), child(false)];
}

/** What a client does with its margin on a market. */
const marginCommands = (prng: Prng, signed: Signed, market: number): Command[] => [
  {
    kind: "updateLeverage",
    ...signed,
    market,
    leverage: between(prng, 1, 20),
    isCross: chance(prng, 0.4),
  },
  { kind: "updateIsolatedMargin", ...signed, market, amount: between(prng, -5e6, 2e7) },
  { kind: "topUpIsolatedMargin", ...signed, market, leverage: between(prng, 1e6, 2e7) },
];
/** A grid of small orders around an order's price, a few percent wide. */
function gridAround({ exchange, prng }: Roving, { market, px }: OrderItem): GridTerms {
  const state = exchange.running?.sequencer.state;
  assert(state !== undefined, "a rover acts on an exchange that runs");
  const spec = marketSpec(state, market);
  const width = between(prng, 50, 400);
  return {
    market,
    lowPx: floorLegalPx(spec, Math.floor(px * (1 - width / 10_000))),
    highPx: ceilLegalPx(spec, Math.ceil(px * (1 + width / 10_000))),
    levels: between(prng, 2, 9),
    size: Math.ceil((between(prng, 15, 60) * 1_000_000) / px),
    geometric: chance(prng, 0.5),
    shift: chance(prng, 0.5),
    ...(chance(prng, 0.3) && { direction: chance(prng, 0.5) ? "long" : "short" }),
  };
}

/** A vault of its own, or money into or out of one, or what its owner decides. */
function anyVault({ exchange, prng }: Roving, signed: Signed): Command {
  const state = exchange.running?.sequencer.state;
  assert(state !== undefined, "a rover acts on an exchange that runs");
  const all = vaultViews(state).filter(({ status }) => status !== "closed");
  const vault = all[nextBelow(prng, all.length + 1)];
  if (vault === undefined)
    return {
      kind: "createVault",
      ...signed,
      name: "rover's",
      description: "money that wanders",
      amount: between(prng, 100, 150) * 1_000_000,
      profitShareBps: between(prng, 0, 1_000),
    };
  const about = { ...signed, address: addressOfAccount(state, vault.account) };
  const pick = nextBelow(prng, 10);
  if (pick < 6)
    return {
      kind: "vaultTransfer",
      ...about,
      isDeposit: pick < 3,
      amount: between(prng, 1, 60) * 1_000_000,
    };
  if (pick < 7)
    return {
      kind: "placeOrders",
      ...signed,
      vault: addressOfAccount(state, vault.account),
      orders: [{ market: 0, side: BUY, px: oraclePx(state, 0), sz: 20, tif: TIF.gtc }],
    };
  if (pick === 8)
    return { kind: "vaultDistribute", ...about, amount: between(prng, 0, 3) * 10_000_000 };
  const change = { setting: "profitShare", bps: between(prng, 0, 1_000) } as const;
  return { kind: "setVault", ...about, change };
}

/** A small quote on an order's market. */
function quoteOf({ prng }: Roving, { market, px }: OrderItem): QuoteTerms {
  const size = Math.ceil((between(prng, 15, 60) * 1_000_000) / px);
  return {
    market,
    tag: nextBelow(prng, 2),
    spread: between(prng, 200, 5_000),
    size,
    intervalMs: between(prng, 0, 2_000),
    ttlMs: chance(prng, 0.5) ? 0 : between(prng, 1_000, 20_000),
    positionMax: size * between(prng, 1, 5),
    fade: between(prng, 0, 2_000),
    bothOrNone: chance(prng, 0.3),
  };
}

/** Something asked of a strategy of its own, or of one that nobody has. */
function anyControl({ exchange, prng, address }: Roving): { id: number; control: ControlName } {
  const state = exchange.running?.sequencer.state;
  const account = state === undefined ? -1 : accountOfAddress(state, address);
  const own = state === undefined || account < 0 ? [] : strategyViews(state, account);
  const controls: readonly ControlName[] = ["pause", "resume", "resume", "end", "flatten"];
  return {
    id: own[nextBelow(prng, own.length + 1)]?.id ?? 1,
    control: controls[nextBelow(prng, controls.length)] as ControlName,
  };
}

/** What a confused client sends: legal by form, to be refused with order, or harmless. */
function sendOdd(rover: Roving, pick: number): void {
  const { prng, exchange } = rover;
  const order = randomOrder(rover);
  const signed = sign(rover);
  const odd: Partial<OrderItem>[] = [
    { px: PX_INVALID },
    { px: PX_OFF_TICK },
    { px: order.px + 1 },
    { px: 2 ** 40 },
    { px: Number.NaN },
    { sz: SZ_INVALID },
    { sz: 0 },
    { sz: 2 ** 52 },
    { sz: 0.5 },
    { market: 77 },
    { market: -1 },
    { market: 0.5 },
    { unsupported: true },
    { trigger: { px: order.px, takeProfit: true } },
    { trigger: { px: -1, takeProfit: false } },
    { tif: 9 as Tif },
    { reduceOnly: true },
    { reduceOnly: true, sz: 0 },
  ];
  const oddOrder = { ...order, ...odd[nextBelow(prng, odd.length)] };
  const commands: Command[] = [
    { kind: "placeOrders", ...signed, orders: [] },
    { kind: "placeOrders", ...signed, orders: [order, order], atomic: true },
    { kind: "placeOrders", ...signed, orders: familyOf(order) },
    {
      kind: "twapOrder",
      ...signed,
      twap: { market: 0, side: order.side, sz: order.sz * 10, minutes: 5, randomize: true },
    },
    { kind: "twapCancel", ...signed, market: 0, twapId: between(prng, 1, 20) },
    { kind: "placeOrders", ...signed, nonce: signed.nonce - 3, orders: [order] },
    { kind: "placeOrders", ...signed, nonce: 1, orders: [order] },
    { kind: "placeOrders", ...signed, expiresAfter: exchange.nowMs() - 5_000, orders: [order] },
    { kind: "placeOrders", ...signed, signer: `0x${"ee".repeat(20)}`, orders: [order] },
    { kind: "placeOrders", ...signed, vault: `0x${"dd".repeat(20)}`, orders: [order] },
    { kind: "cancelOrders", ...signed, cancels: [{ market: 0, oid: nextBelow(prng, 2 ** 31) }] },
    { kind: "scheduleCancel", ...signed, timeMs: exchange.nowMs() + between(prng, 0, 12_000) },
    { kind: "noop", ...signed },
    ...marginCommands(prng, signed, order.market),
    { kind: "startGrid", ...signed, grid: gridAround(rover, order) },
    ...Array.from({ length: 5 }, () => anyVault(rover, signed)),
    {
      kind: "changeLiquidity",
      ...signed,
      pool: 1,
      isDeposit: chance(prng, 0.7),
      amount: between(prng, 1, 400) * 1_000_000,
      least: 0,
    },
    { kind: "setQuote", ...signed, quote: quoteOf(rover, order) },
    {
      kind: "startDeltaNeutral",
      ...signed,
      market: order.market,
      threshold: between(prng, 100, 3_000) * 1_000_000,
      intervalMs: between(prng, 0, 2_000),
    },
    { kind: "controlStrategy", ...signed, ...anyControl(rover) },
    // Limits that never bite, set anew and lifted.
    { kind: "riskLimits", ...signed, market: 0, size: between(prng, 0, 1) * 1e9, exposure: 0 },
    { kind: "withdraw", address: rover.address, amount: between(prng, 1, 50_000_000) },
    { kind: "deposit", address: rover.address, amount: between(prng, 1, 100_000_000) },
    {
      kind: "approveAgent",
      ...signed,
      agent: `0x${"a9".repeat(19)}${hex(nextBelow(prng, 6), 2)}`,
      name: chance(prng, 0.5) ? "" : `agent ${nextBelow(prng, 4)}`,
      validUntilMs: 0,
    },
  ];
  const command =
    pick % 2 === 0
      ? ({ kind: "placeOrders", ...signed, orders: [oddOrder] } satisfies Command)
      : (commands[nextBelow(prng, commands.length)] as Command);
  send(rover, command, null, () => undefined);
}

/** Sends a command; `acknowledged` runs when an answer that lists statuses arrives. */
function send(
  rover: Roving,
  command: Command,
  items: number | null,
  acknowledged: (statuses: readonly ItemStatus[]) => void,
): void {
  const { link, exchange } = rover;
  const answer = (outcome: RequestOutcome): void =>
    link.carry("reply", () => {
      if (outcome.kind === "statuses") acknowledged(outcome.statuses);
    });
  link.carry("request", () => {
    exchange.submit(command, (release) => {
      rover.onReleased(release.seq);
      answer(items === null ? wholeOutcome(release) : batchOutcome(release, items));
    });
  });
}

function notePlaced(rover: Roving, item: OrderItem, status: ItemStatus): void {
  if (item.cloid === undefined) return;
  if (status.kind !== "resting" && status.kind !== "filled") return;
  if ((rover.acked.get(item.cloid)?.oid ?? 0) >= status.oid) return;
  const ended = status.kind === "filled" && status.sz >= item.sz;
  rover.acked.set(item.cloid, { oid: status.oid, item, ended });
}

function noteEnded(rover: Roving, cloid: Hex, oid: number): void {
  const order = rover.acked.get(cloid);
  if (order?.oid === oid) order.ended = true;
}

function anyAcked({ acked, prng }: Roving): [Hex, AckedOrder] | null {
  const open = [...acked].filter(([, order]) => !order.ended || chance(prng, 0.1));
  return open[nextBelow(prng, Math.max(1, open.length))] ?? null;
}

function randomOrder(rover: Roving): OrderItem {
  const { prng, index } = rover;
  const market = nextBelow(prng, 2);
  if (chance(prng, 0.02)) rover.lean = oppositeSide(rover.lean);
  const side = chance(prng, 0.75) ? rover.lean : oppositeSide(rover.lean);
  rover.cloids += 1;
  const px = randomPx(rover, market, side);
  const notional = between(prng, 12, chance(prng, 0.3) ? 30_000 : 3_000) * 1_000_000;
  const tifs: Tif[] = [TIF.gtc, TIF.gtc, TIF.ioc, TIF.alo, TIF.frontendMarket];
  return {
    market,
    side,
    px,
    sz: Math.max(1, Math.floor(notional / px)),
    tif: tifs[nextBelow(prng, tifs.length)] as Tif,
    reduceOnly: chance(prng, 0.1),
    cloid: `0x${"ca".repeat(4)}${hex(index, 8)}${hex(rover.cloids, 16)}`,
  };
}

/** Most often near the mark, now and then through the whole book. */
function randomPx({ exchange, prng }: Roving, market: number, side: Side): number {
  const state = exchange.running?.sequencer.state;
  assert(state !== undefined, "a rover acts on an exchange that runs");
  const spec = marketSpec(state, market);
  const away = chance(prng, 0.1) ? between(prng, -400, 400) : between(prng, -15, 40);
  const raw = oraclePx(state, market) * (1 + ((side === BUY ? -1 : 1) * away) / 10_000);
  return side === BUY ? floorLegalPx(spec, Math.floor(raw)) : ceilLegalPx(spec, Math.ceil(raw));
}

function sign(rover: Roving): Signed {
  rover.nonce = Math.max(rover.nonce + 1, rover.schedule.nowMs);
  return { signer: rover.address, nonce: rover.nonce };
}

function hex(n: number, width: number): string {
  return n.toString(16).padStart(width, "0");
}
