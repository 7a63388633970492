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
import { KEPT } from "../account/margin-sums.ts";
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
import type { MarketTerms } from "../market/market-terms.ts";
import { NUMBER } from "../numbers.ts";
import { copyCloid } from "./order-event.ts";
import { OPEN_ORDERS_START } from "./protection-rules.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { firstPosition: ACCOUNT_FIRST_POSITION, cash: ACCOUNT_CASH } = ACCOUNT;
const { seq: ALLOCATOR_SEQ, free: ALLOCATOR_FREE, live: ALLOCATOR_LIVE } = ALLOCATOR;
const OWN_BUY = BUY;
const { orderAccepted: EVENT_ORDER_ACCEPTED, orderRested: EVENT_ORDER_RESTED } = EVENT;
const OWN_EVENT_BYTES = EVENT_BYTES;
const { hasCloid: EVENT_FLAG_HAS_CLOID } = EVENT_FLAG;
const {
  kind: EVENT_HEAD_KIND,
  seq: EVENT_HEAD_SEQ,
  timeMs: EVENT_HEAD_TIME_MS,
  account: EVENT_HEAD_ACCOUNT,
  market: EVENT_HEAD_MARKET,
  item: EVENT_HEAD_ITEM,
} = EVENT_HEAD;
const OWN_EVENT_LANES = EVENT_LANES;
const {
  counterparty: FILL_EVENT_COUNTERPARTY,
  counterOid: FILL_EVENT_COUNTER_OID,
  markPx: FILL_EVENT_MARK_PX,
} = FILL_EVENT;
const OWN_HEADER_LANES = HEADER_LANES;
const {
  flags: ITEM_FLAGS,
  market: ITEM_MARKET,
  px: ITEM_PX,
  sz: ITEM_SZ,
  tif: ITEM_TIF,
  side: ITEM_SIDE,
} = ITEM;
const OWN_ITEM_CLOID_AT = ITEM_CLOID_AT;
const { hasCloid: ITEM_FLAG_HAS_CLOID, alwaysPlace: ITEM_FLAG_ALWAYS_PLACE } = ITEM_FLAG;
const OWN_ITEM_LANES = ITEM_LANES;
const { unrealised: KEPT_UNREALISED, initial: KEPT_INITIAL, worst: KEPT_WORST } = KEPT;
const {
  pageBits: LADDER_PAGE_BITS,
  pageLanes: LADDER_PAGE_LANES,
  pageMask: LADDER_PAGE_MASK,
} = LADDER;
const { seq: NUMBER_SEQ, timeMs: NUMBER_TIME_MS, limitsOn: NUMBER_LIMITS_ON } = NUMBER;
const OWN_OPEN_ORDERS_START = OPEN_ORDERS_START;
const {
  next: ORDER_NEXT,
  oid: ORDER_OID,
  sz: ORDER_SZ,
  origSz: ORDER_ORIG_SZ,
  px: ORDER_PX,
  account: ORDER_ACCOUNT,
  market: ORDER_MARKET,
  side: ORDER_SIDE,
  tif: ORDER_TIF,
  flags: ORDER_FLAGS,
  prev: ORDER_PREV,
} = ORDER;
const {
  oid: ORDER_EVENT_OID,
  side: ORDER_EVENT_SIDE,
  px: ORDER_EVENT_PX,
  sz: ORDER_EVENT_SZ,
  origSz: ORDER_EVENT_ORIG_SZ,
  tif: ORDER_EVENT_TIF,
  flags: ORDER_EVENT_FLAGS,
  code: ORDER_EVENT_CODE,
  a: ORDER_EVENT_A,
  b: ORDER_EVENT_B,
  c: ORDER_EVENT_C,
} = ORDER_EVENT;
const { hasCloid: ORDER_FLAG_HAS_CLOID } = ORDER_FLAG;
const OWN_ORDER_SEQ_BOUND = ORDER_SEQ_BOUND;
const OWN_ORDER_SLOT_COUNT = ORDER_SLOT_COUNT;
const { newest: OWNER_NEWEST, oldest: OWNER_OLDEST, liveCount: OWNER_LIVE_COUNT } = OWNER;
const OWN_OWNER_LANES = OWNER_LANES;
const {
  market: POSITION_MARKET,
  next: POSITION_NEXT,
  size: POSITION_SIZE,
  buyLots: POSITION_BUY_LOTS,
  sellLots: POSITION_SELL_LOTS,
  buyNotional: POSITION_BUY_NOTIONAL,
  sellNotional: POSITION_SELL_NOTIONAL,
  cost: POSITION_COST,
  leverage: POSITION_LEVERAGE,
} = POSITION;
const OWN_SELL = SELL;
const { gtc: TIF_GTC, alo: TIF_ALO } = TIF;
const OWN_WORST_NOTIONAL_MAX = WORST_NOTIONAL_MAX;

/** Flags of an item under which its order is plain; `alwaysPlace` says nothing about a new order. */
const NOT_PLAIN = ~(ITEM_FLAG_HAS_CLOID | ITEM_FLAG_ALWAYS_PLACE);

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
  const item = OWN_HEADER_LANES + index * OWN_ITEM_LANES;
  const flags = (input[item + ITEM_FLAGS] as number) | 0;
  const market = (input[item + ITEM_MARKET] as number) | 0;
  const px = (input[item + ITEM_PX] as number) | 0;
  const sz = input[item + ITEM_SZ] as number;
  const tif = (input[item + ITEM_TIF] as number) + 0;
  if ((flags & NOT_PLAIN) !== 0 || (tif !== TIF_GTC && tif !== TIF_ALO)) return false;
  if (market !== input[item + ITEM_MARKET] || market < 0 || market >= core.books.length)
    return false;
  const terms = core.terms[market] as MarketTerms;
  const { ladder } = core.books[market] as Book;
  if (ladder === null || px !== input[item + ITEM_PX] || px < terms.pxLow || px > terms.pxHigh)
    return false;
  if (terms.isGuarded) return false;
  const { limited } = core.risk;
  if (account < limited.length && limited[account] === 1) return false;
  if (px % (terms.wholeTicks | 0) !== 0 && px % significantStep(px) !== 0) return false;
  if (!(sz > 0 && sz <= terms.positionMax) || Math.floor(sz) !== sz) return false;
  const markPx = core.oracle.mark.data[market] as number;
  if (markPx === 0) return false;
  const isBuy = input[item + ITEM_SIDE] === OWN_BUY;
  const best = isBuy ? ladder.bestAsk : ladder.bestBid;
  if (best !== 0 && (isBuy ? best <= px : best >= px)) return false;
  const hasCloid = (flags & ITEM_FLAG_HAS_CLOID) !== 0;
  const cloidAt = itemByte(index) + OWN_ITEM_CLOID_AT;
  if (hasCloid && slotOfCloid(core.orders, account, record.words, cloidAt >>> 2) >= 0) return false;

  // The account's position on the market, and its margin sums without it.
  const positionInts = core.positions.rows.i32;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT_FIRST_POSITION] as number;
  while (link !== 0 && positionInts[(link - 1) * 16 + POSITION_MARKET] !== market)
    link = positionInts[(link - 1) * 16 + POSITION_NEXT] as number;
  if (link === 0) return false;
  const row = link - 1;
  if (!hasMarginSums(core, account, row)) keepMarginSums(core, account, row);

  const positions = core.positions.rows.f64;
  const at = row * 8;
  const size = positions[at + POSITION_SIZE] as number;
  const buyLots = positions[at + POSITION_BUY_LOTS] as number;
  const sellLots = positions[at + POSITION_SELL_LOTS] as number;
  const buyNotional = positions[at + POSITION_BUY_NOTIONAL] as number;
  const sellNotional = positions[at + POSITION_SELL_NOTIONAL] as number;
  const notional = px * sz;
  const closable = size !== 0 && size > 0 !== isBuy ? Math.abs(size) : 0;
  const open = (isBuy ? buyLots : sellLots) + sz;
  if (Math.max(open, isBuy ? size + open : open - size) > terms.positionMax) return false;
  if (notional < terms.notionalMin && sz !== closable) return false;
  if (notional > terms.notionalMax) return false;
  if (open > closable) {
    // As `marginProblem`: the order counts as it would once it rests, a sell at mark at least.
    const kept = core.margins.data;
    const keptAt = account * 8;
    const signed = size * markPx;
    const exposed = isBuy ? notional : Math.max(px, markPx) * sz;
    const allBuys = signed + buyNotional + (isBuy ? exposed : 0);
    const allSells = signed - sellNotional - (isBuy ? 0 : exposed);
    const exposure = Math.max(Math.abs(signed), Math.abs(allBuys), Math.abs(allSells));
    if (exposure >= terms.tierFrom) return false;
    const leverage = (positionInts[row * 16 + POSITION_LEVERAGE] as number) || terms.leverage;
    // Isolated margin takes the general way.
    if (leverage < 0) return false;
    let margin = Math.floor(exposure / leverage);
    if (margin * leverage > exposure) margin -= 1;
    if (margin * leverage < exposure) margin += 1;
    const equity =
      (core.accounts.rows.f64[keptAt + ACCOUNT_CASH] as number) +
      (kept[keptAt + KEPT_UNREALISED] as number) +
      signed -
      (positions[at + POSITION_COST] as number);
    const loss = Math.max(0, isBuy ? px - markPx : markPx - px) * sz;
    if (equity - loss < (kept[keptAt + KEPT_INITIAL] as number) + margin) return false;
    const lots = Math.max(isBuy ? open : buyLots, isBuy ? sellLots : open);
    const worst = (kept[keptAt + KEPT_WORST] as number) + (Math.abs(size) + lots) * terms.pxMax;
    if (worst > OWN_WORST_NOTIONAL_MAX) return false;
  }
  const owners = core.orders.ownerRows.i32;
  const owner = account * OWN_OWNER_LANES;
  const isCounted = (owners[owner + OWNER_LIVE_COUNT] as number) >= OWN_OPEN_ORDERS_START;
  if (isCounted && core.numbers.data[NUMBER_LIMITS_ON] === 1) return false;
  const sequence = core.orders.allocator.f64;
  const allocator = core.orders.allocator.i32;
  const seq = (sequence[ALLOCATOR_SEQ] as number) + 1;
  const free = allocator[ALLOCATOR_FREE] as number;
  const ring = core.events;
  const { written } = ring;
  if (free === 0 || seq >= OWN_ORDER_SEQ_BOUND || written - ring.released + 2 > ring.capacity)
    return false;

  // Nothing can be refused any more: the order takes its slot, its place in the account's list and
  // its part of the account's open orders.
  const slot = free - 1;
  const ints = core.orders.rows.i32;
  const floats = core.orders.rows.f64;
  const order = slot * 16;
  const newest = owners[owner + OWNER_NEWEST] as number;
  const oid = seq * OWN_ORDER_SLOT_COUNT + slot;
  sequence[ALLOCATOR_SEQ] = seq;
  allocator[ALLOCATOR_FREE] = ints[order + ORDER_NEXT] as number;
  allocator[ALLOCATOR_LIVE] = (allocator[ALLOCATOR_LIVE] as number) + 1;
  floats[slot * 8 + ORDER_OID] = oid;
  floats[slot * 8 + ORDER_SZ] = sz;
  floats[slot * 8 + ORDER_ORIG_SZ] = sz;
  ints[order + ORDER_PX] = px;
  ints[order + ORDER_ACCOUNT] = account;
  ints[order + ORDER_MARKET] = market;
  ints[order + ORDER_SIDE] = isBuy ? OWN_BUY : OWN_SELL;
  ints[order + ORDER_TIF] = tif;
  ints[order + ORDER_FLAGS] = hasCloid ? ORDER_FLAG_HAS_CLOID : 0;
  ints[order + ORDER_NEXT] = 0;
  ints[order + ORDER_PREV] = newest;
  if (newest !== 0) ints[(newest - 1) * 16 + ORDER_NEXT] = slot + 1;
  else owners[owner + OWNER_OLDEST] = slot + 1;
  owners[owner + OWNER_NEWEST] = slot + 1;
  owners[owner + OWNER_LIVE_COUNT] = (owners[owner + OWNER_LIVE_COUNT] as number) + 1;
  if (isBuy) {
    positions[at + POSITION_BUY_NOTIONAL] = buyNotional + notional;
    positions[at + POSITION_BUY_LOTS] = open;
  } else {
    positions[at + POSITION_SELL_NOTIONAL] = sellNotional + notional;
    positions[at + POSITION_SELL_LOTS] = open;
  }

  // Two events that differ in kind: accepted, rested.
  const { lanes } = ring;
  const mask = ring.capacity - 1;
  const numbers = core.numbers.data;
  for (let k = 0; k < 2; k++) {
    const lane = ((written + k) & mask) * OWN_EVENT_LANES;
    lanes[lane + EVENT_HEAD_KIND] = k === 0 ? EVENT_ORDER_ACCEPTED : EVENT_ORDER_RESTED;
    lanes[lane + EVENT_HEAD_SEQ] = numbers[NUMBER_SEQ] as number;
    lanes[lane + EVENT_HEAD_TIME_MS] = numbers[NUMBER_TIME_MS] as number;
    lanes[lane + EVENT_HEAD_ACCOUNT] = account;
    lanes[lane + EVENT_HEAD_MARKET] = market;
    lanes[lane + EVENT_HEAD_ITEM] = index;
    lanes[lane + ORDER_EVENT_OID] = oid;
    lanes[lane + ORDER_EVENT_SIDE] = isBuy ? OWN_BUY : OWN_SELL;
    lanes[lane + ORDER_EVENT_PX] = px;
    lanes[lane + ORDER_EVENT_SZ] = sz;
    lanes[lane + ORDER_EVENT_ORIG_SZ] = sz;
    lanes[lane + ORDER_EVENT_TIF] = tif;
    lanes[lane + ORDER_EVENT_FLAGS] = hasCloid ? EVENT_FLAG_HAS_CLOID : 0;
    lanes[lane + ORDER_EVENT_CODE] = 0;
    lanes[lane + ORDER_EVENT_A] = 0;
    lanes[lane + ORDER_EVENT_B] = 0;
    lanes[lane + ORDER_EVENT_C] = 0;
    lanes[lane + FILL_EVENT_COUNTERPARTY] = 0;
    lanes[lane + FILL_EVENT_COUNTER_OID] = 0;
    lanes[lane + FILL_EVENT_MARK_PX] = 0;
  }
  ring.written = written + 2;

  // Behind a last order of its level, which most levels have; else through the book's own door.
  const links = core.links.data;
  const page = ladder.pages[px >>> LADDER_PAGE_BITS] as number;
  const level = (page - 1) * LADDER_PAGE_LANES + (px & LADDER_PAGE_MASK) * 2 + 1;
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
      copyCloid(record.words, cloidAt, ring, ((written + k) & mask) * OWN_EVENT_BYTES);
  }
  return true;
}

/** 10^(digits - 5) of a price below 2^25 ticks. */
function significantStep(px: number): number {
  if (px < 1_000_000) return px < 100_000 ? 1 : 10;
  return px < 10_000_000 ? 100 : 1_000;
}
