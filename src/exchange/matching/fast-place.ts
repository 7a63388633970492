/**
 * The straight way of a plain order that comes to rest: what most orders are. It does exactly what
 * `placeOrder` does, events and all, in one pass over arrays that are read once.
 *
 * Whatever is not plain (another time in force, a price that crosses, an order that only reduces, a
 * first order on a market, anything that would be refused, a table that must grow) is answered with
 * false before anything is changed, and takes the general way. So every rule stands there in full;
 * here stand only the conditions under which none of them bites. The twin run holds both ways
 * against each other: over the plain book every order takes the general one.
 *
 * One long function on purpose: calls between its parts would each load the arrays anew and cost
 * more than the parts do.
 */
import { ORDER_SEQ_BOUND, ORDER_SLOT_COUNT } from "../../base/order-id.ts";
import { BUY, SELL } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { ACCOUNT } from "../account/account.ts";
import { POSITION } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { insertOrder } from "../book/fast.ts";
import { LADDER } from "../book/ladder.ts";
import {
  ALLOCATOR,
  indexCloid,
  ORDER,
  ORDER_FLAG,
  OWNER,
  OWNER_LANES,
  setCloid,
  slotOfCloid,
} from "../book/order-table.ts";
import {
  type CommandRecord,
  HEADER_LANES,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_FLAG,
  ITEM_LANES,
  itemByte,
} from "../command.ts";
import type { Core } from "../core.ts";
import {
  EVENT,
  EVENT_BYTES,
  EVENT_FLAG,
  EVENT_HEAD,
  EVENT_LANES,
  FILL_EVENT,
  ORDER_EVENT,
} from "../event.ts";
import { hasMarginSums, keepMarginSums, WORST_NOTIONAL_MAX } from "../margin/margin.ts";
import { KEPT } from "../margin/margin-cache.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { NUMBER } from "../numbers.ts";
import { copyCloid } from "./order-event.ts";

/** Flags of an item under which its order is plain; `alwaysPlace` says nothing about a new order. */
const NOT_PLAIN = ~(ITEM_FLAG.hasCloid | ITEM_FLAG.alwaysPlace);

/**
 * Places item `index` of a record for an account, if its order is plain and comes to rest whole;
 * else false, and nothing has changed.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: see the file's head.
export function placeFast(
  core: Core,
  record: CommandRecord,
  index: number,
  account: number,
): boolean {
  const { lanes: input } = record;
  const item = HEADER_LANES + index * ITEM_LANES;
  const flags = (input[item + ITEM.flags] as number) | 0;
  const market = (input[item + ITEM.market] as number) | 0;
  const px = (input[item + ITEM.px] as number) | 0;
  const sz = input[item + ITEM.sz] as number;
  const tif = input[item + ITEM.tif] as number;
  if ((flags & NOT_PLAIN) !== 0 || (tif !== TIF.gtc && tif !== TIF.alo)) return false;
  if (market !== input[item + ITEM.market] || market < 0 || market >= core.books.length)
    return false;
  const terms = core.terms[market] as MarketTerms;
  const { ladder } = core.books[market] as Book;
  if (ladder === null || px !== input[item + ITEM.px] || px <= 0 || px > terms.pxMax) return false;
  if (px % (terms.wholeTicks | 0) !== 0 && px % significantStep(px) !== 0) return false;
  if (!(sz > 0 && sz <= terms.positionMax) || Math.floor(sz) !== sz) return false;
  const markPx = core.oracle.px.data[market] as number;
  if (markPx === 0) return false;
  const isBuy = input[item + ITEM.side] === BUY;
  const best = isBuy ? ladder.bestAsk : ladder.bestBid;
  if (best !== 0 && (isBuy ? best <= px : best >= px)) return false;
  const hasCloid = (flags & ITEM_FLAG.hasCloid) !== 0;
  const cloidAt = itemByte(index) + ITEM_CLOID_AT;
  if (hasCloid && slotOfCloid(core.orders, account, record.words, cloidAt >>> 2) >= 0) return false;

  // The account's position on the market, and its margin sums without it.
  const positionInts = core.positions.rows.i32;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (link !== 0 && positionInts[(link - 1) * 16 + POSITION.market] !== market)
    link = positionInts[(link - 1) * 16 + POSITION.next] as number;
  if (link === 0) return false;
  const row = link - 1;
  if (!hasMarginSums(core, account, row)) keepMarginSums(core, account, row);

  const positions = core.positions.rows.f64;
  const at = row * 8;
  const size = positions[at + POSITION.size] as number;
  const buyLots = positions[at + POSITION.buyLots] as number;
  const sellLots = positions[at + POSITION.sellLots] as number;
  const buyNotional = positions[at + POSITION.buyNotional] as number;
  const sellNotional = positions[at + POSITION.sellNotional] as number;
  const notional = px * sz;
  const closable = size !== 0 && size > 0 !== isBuy ? Math.abs(size) : 0;
  const open = (isBuy ? buyLots : sellLots) + sz;
  if (Math.max(open, isBuy ? size + open : open - size) > terms.positionMax) return false;
  if (notional < terms.notionalMin && sz !== closable) return false;
  if (open > closable) {
    // As `marginProblem`: the order counts as it would once it rests, a sell at mark at least.
    const kept = core.margins.data;
    const keptAt = account * 8;
    const signed = size * markPx;
    const exposed = isBuy ? notional : Math.max(px, markPx) * sz;
    const allBuys = signed + buyNotional + (isBuy ? exposed : 0);
    const allSells = signed - sellNotional - (isBuy ? 0 : exposed);
    const exposure = Math.max(Math.abs(signed), Math.abs(allBuys), Math.abs(allSells));
    let margin = Math.floor(exposure / terms.leverage);
    if (margin * terms.leverage > exposure) margin -= 1;
    if (margin * terms.leverage < exposure) margin += 1;
    const equity =
      (core.accounts.rows.f64[keptAt + ACCOUNT.cash] as number) +
      (kept[keptAt + KEPT.unrealised] as number) +
      signed -
      (positions[at + POSITION.cost] as number);
    const loss = Math.max(0, isBuy ? px - markPx : markPx - px) * sz;
    if (equity - loss < (kept[keptAt + KEPT.initial] as number) + margin) return false;
    const lots = Math.max(isBuy ? open : buyLots, isBuy ? sellLots : open);
    const worst = (kept[keptAt + KEPT.worst] as number) + (Math.abs(size) + lots) * terms.pxMax;
    if (worst > WORST_NOTIONAL_MAX) return false;
  }
  const allocator = core.orders.allocator.data;
  const seq = (allocator[ALLOCATOR.seq] as number) + 1;
  const free = allocator[ALLOCATOR.free] as number;
  const ring = core.events;
  const { written } = ring;
  if (free === 0 || seq >= ORDER_SEQ_BOUND || written - ring.released + 2 > ring.capacity)
    return false;

  // Nothing can be refused any more: the order takes its slot, its place in the account's list and
  // its part of the account's open orders.
  const slot = free - 1;
  const ints = core.orders.rows.i32;
  const floats = core.orders.rows.f64;
  const owners = core.orders.ownerRows.i32;
  const order = slot * 16;
  const owner = account * OWNER_LANES;
  const newest = owners[owner + OWNER.newest] as number;
  const oid = seq * ORDER_SLOT_COUNT + slot;
  allocator[ALLOCATOR.seq] = seq;
  allocator[ALLOCATOR.free] = ints[order + ORDER.next] as number;
  allocator[ALLOCATOR.live] = (allocator[ALLOCATOR.live] as number) + 1;
  floats[slot * 8 + ORDER.oid] = oid;
  floats[slot * 8 + ORDER.sz] = sz;
  floats[slot * 8 + ORDER.origSz] = sz;
  ints[order + ORDER.px] = px;
  ints[order + ORDER.account] = account;
  ints[order + ORDER.market] = market;
  ints[order + ORDER.side] = isBuy ? BUY : SELL;
  ints[order + ORDER.tif] = tif;
  ints[order + ORDER.flags] = hasCloid ? ORDER_FLAG.hasCloid : 0;
  ints[order + ORDER.next] = 0;
  ints[order + ORDER.prev] = newest;
  if (newest !== 0) ints[(newest - 1) * 16 + ORDER.next] = slot + 1;
  else owners[owner + OWNER.oldest] = slot + 1;
  owners[owner + OWNER.newest] = slot + 1;
  owners[owner + OWNER.liveCount] = (owners[owner + OWNER.liveCount] as number) + 1;
  if (isBuy) {
    positions[at + POSITION.buyNotional] = buyNotional + notional;
    positions[at + POSITION.buyLots] = open;
  } else {
    positions[at + POSITION.sellNotional] = sellNotional + notional;
    positions[at + POSITION.sellLots] = open;
  }

  // Two events that differ in kind: accepted, rested.
  const { lanes } = ring;
  const mask = ring.capacity - 1;
  const numbers = core.numbers.data;
  for (let k = 0; k < 2; k++) {
    const lane = ((written + k) & mask) * EVENT_LANES;
    lanes[lane + EVENT_HEAD.kind] = k === 0 ? EVENT.orderAccepted : EVENT.orderRested;
    lanes[lane + EVENT_HEAD.seq] = numbers[NUMBER.seq] as number;
    lanes[lane + EVENT_HEAD.timeMs] = numbers[NUMBER.timeMs] as number;
    lanes[lane + EVENT_HEAD.account] = account;
    lanes[lane + EVENT_HEAD.market] = market;
    lanes[lane + EVENT_HEAD.item] = index;
    lanes[lane + ORDER_EVENT.oid] = oid;
    lanes[lane + ORDER_EVENT.side] = isBuy ? BUY : SELL;
    lanes[lane + ORDER_EVENT.px] = px;
    lanes[lane + ORDER_EVENT.sz] = sz;
    lanes[lane + ORDER_EVENT.origSz] = sz;
    lanes[lane + ORDER_EVENT.tif] = tif;
    lanes[lane + ORDER_EVENT.flags] = hasCloid ? EVENT_FLAG.hasCloid : 0;
    lanes[lane + ORDER_EVENT.code] = 0;
    lanes[lane + ORDER_EVENT.a] = 0;
    lanes[lane + ORDER_EVENT.b] = 0;
    lanes[lane + ORDER_EVENT.c] = 0;
    lanes[lane + FILL_EVENT.counterparty] = 0;
    lanes[lane + FILL_EVENT.counterOid] = 0;
    lanes[lane + FILL_EVENT.markPx] = 0;
  }
  ring.written = written + 2;

  // Behind a last order of its level, which most levels have; else through the book's own door.
  const links = core.links.data;
  const page = ladder.pages[px >>> LADDER.pageBits] as number;
  const level = (page - 1) * LADDER.pageLanes + (px & LADDER.pageMask) * 2 + 1;
  const tail = page === 0 || slot * 2 + 1 >= links.length ? 0 : (ladder.levels[level] as number);
  if (tail !== 0) {
    links[slot * 2] = 0;
    links[slot * 2 + 1] = tail;
    links[(tail - 1) * 2] = slot + 1;
    ladder.levels[level] = slot + 1;
  } else insertOrder(ladder, slot);
  if (hasCloid) {
    setCloid(core.orders, slot, record.words, cloidAt >>> 2);
    indexCloid(core.orders, slot);
    for (let k = 0; k < 2; k++)
      copyCloid(record.bytes, cloidAt, ring.bytes, ((written + k) & mask) * EVENT_BYTES);
  }
  return true;
}

/** 10^(digits - 5) of a price below 2^25 ticks. */
function significantStep(px: number): number {
  if (px < 1_000_000) return px < 100_000 ? 1 : 10;
  return px < 10_000_000 ? 100 : 1_000;
}
