/**
 * The straight way of a cancel by order id. It does exactly what `cancelItem` does for an order that
 * is there; see `fast-place.ts` for why it is one function and what takes the general way instead.
 */
import { ORDER_SLOT_COUNT } from "../../base/order-id.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { ACCOUNT } from "../account/account.ts";
import { KEPT } from "../account/margin-sums.ts";
import { POSITION } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { removeOrder } from "../book/fast.ts";
import { LADDER } from "../book/ladder.ts";
import {
  ALLOCATOR,
  cloidByte,
  dropCloid,
  ORDER,
  ORDER_FLAG,
  OWNER,
  OWNER_LANES,
} from "../book/order-table.ts";
import { type CommandRecord, HEADER_LANES, ITEM, ITEM_LANES } from "../command.ts";
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
import { NUMBER } from "../numbers.ts";
import { copyCloid } from "./order-event.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { firstPosition: ACCOUNT_FIRST_POSITION } = ACCOUNT;
const { free: ALLOCATOR_FREE, live: ALLOCATOR_LIVE } = ALLOCATOR;
const OWN_BUY = BUY;
const { requested: CANCEL_REASON_REQUESTED } = CANCEL_REASON;
const { orderCanceled: EVENT_ORDER_CANCELED } = EVENT;
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
const { targetOid: ITEM_TARGET_OID, market: ITEM_MARKET } = ITEM;
const OWN_ITEM_LANES = ITEM_LANES;
const { row: KEPT_ROW, epoch: KEPT_EPOCH } = KEPT;
const {
  pageBits: LADDER_PAGE_BITS,
  pageLanes: LADDER_PAGE_LANES,
  pageMask: LADDER_PAGE_MASK,
} = LADDER;
const { seq: NUMBER_SEQ, timeMs: NUMBER_TIME_MS } = NUMBER;
const {
  oid: ORDER_OID,
  account: ORDER_ACCOUNT,
  market: ORDER_MARKET,
  flags: ORDER_FLAGS,
  px: ORDER_PX,
  sz: ORDER_SZ,
  side: ORDER_SIDE,
  origSz: ORDER_ORIG_SZ,
  tif: ORDER_TIF,
  prev: ORDER_PREV,
  next: ORDER_NEXT,
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
const OWN_ORDER_SLOT_COUNT = ORDER_SLOT_COUNT;
const { oldest: OWNER_OLDEST, newest: OWNER_NEWEST, liveCount: OWNER_LIVE_COUNT } = OWNER;
const OWN_OWNER_LANES = OWNER_LANES;
const {
  market: POSITION_MARKET,
  next: POSITION_NEXT,
  buyNotional: POSITION_BUY_NOTIONAL,
  sellNotional: POSITION_SELL_NOTIONAL,
  buyLots: POSITION_BUY_LOTS,
  sellLots: POSITION_SELL_LOTS,
} = POSITION;

/**
 * Cancels the order that item `index` names by id, if it is the account's and live; else false, and
 * nothing has changed. For a modify the market is not asked for and the reason is another.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: see the file's head.
export function cancelFast(
  core: Core,
  record: CommandRecord,
  index: number,
  account: number,
  reason: typeof CANCEL_REASON.requested | typeof CANCEL_REASON.modified,
): boolean {
  const { lanes: input } = record;
  const item = OWN_HEADER_LANES + index * OWN_ITEM_LANES;
  const oid = input[item + ITEM_TARGET_OID] as number;
  const slot = (oid - Math.floor(oid / OWN_ORDER_SLOT_COUNT) * OWN_ORDER_SLOT_COUNT) | 0;
  if (!(oid > 0) || slot < 0 || slot >= core.orders.table.count) return false;
  const floats = core.orders.rows.f64;
  const ints = core.orders.rows.i32;
  const order = slot * 16;
  if (floats[slot * 8 + ORDER_OID] !== oid || ints[order + ORDER_ACCOUNT] !== account) return false;
  const market = ints[order + ORDER_MARKET] as number;
  if (reason === CANCEL_REASON_REQUESTED && market !== input[item + ITEM_MARKET]) return false;
  const flags = ints[order + ORDER_FLAGS] as number;
  const { ladder } = core.books[market] as Book;
  const ring = core.events;
  const { written } = ring;
  if (ladder === null || (flags & ~ORDER_FLAG_HAS_CLOID) !== 0) return false;
  if (written - ring.released >= ring.capacity) return false;
  const px = ints[order + ORDER_PX] as number;
  const sz = floats[slot * 8 + ORDER_SZ] as number;
  const side = ints[order + ORDER_SIDE] as number;
  const hasCloid = (flags & ORDER_FLAG_HAS_CLOID) !== 0;

  const { lanes } = ring;
  const lane = (written & (ring.capacity - 1)) * OWN_EVENT_LANES;
  const numbers = core.numbers.data;
  lanes[lane + EVENT_HEAD_KIND] = EVENT_ORDER_CANCELED;
  lanes[lane + EVENT_HEAD_SEQ] = numbers[NUMBER_SEQ] as number;
  lanes[lane + EVENT_HEAD_TIME_MS] = numbers[NUMBER_TIME_MS] as number;
  lanes[lane + EVENT_HEAD_ACCOUNT] = account;
  lanes[lane + EVENT_HEAD_MARKET] = market;
  lanes[lane + EVENT_HEAD_ITEM] = index;
  lanes[lane + ORDER_EVENT_OID] = oid;
  lanes[lane + ORDER_EVENT_SIDE] = side;
  lanes[lane + ORDER_EVENT_PX] = px;
  lanes[lane + ORDER_EVENT_SZ] = sz;
  lanes[lane + ORDER_EVENT_ORIG_SZ] = floats[slot * 8 + ORDER_ORIG_SZ] as number;
  lanes[lane + ORDER_EVENT_TIF] = ints[order + ORDER_TIF] as number;
  lanes[lane + ORDER_EVENT_FLAGS] = hasCloid ? EVENT_FLAG_HAS_CLOID : 0;
  lanes[lane + ORDER_EVENT_CODE] = reason;
  lanes[lane + ORDER_EVENT_A] = 0;
  lanes[lane + ORDER_EVENT_B] = 0;
  lanes[lane + ORDER_EVENT_C] = 0;
  lanes[lane + FILL_EVENT_COUNTERPARTY] = 0;
  lanes[lane + FILL_EVENT_COUNTER_OID] = 0;
  lanes[lane + FILL_EVENT_MARK_PX] = 0;
  ring.written = written + 1;

  const positionInts = core.positions.rows.i32;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT_FIRST_POSITION] as number;
  while (positionInts[(link - 1) * 16 + POSITION_MARKET] !== market)
    link = positionInts[(link - 1) * 16 + POSITION_NEXT] as number;
  const positions = core.positions.rows.f64;
  const notionalAt =
    (link - 1) * 8 + (side === OWN_BUY ? POSITION_BUY_NOTIONAL : POSITION_SELL_NOTIONAL);
  const lotsAt = (link - 1) * 8 + (side === OWN_BUY ? POSITION_BUY_LOTS : POSITION_SELL_LOTS);
  positions[notionalAt] = (positions[notionalAt] as number) - px * sz;
  positions[lotsAt] = (positions[lotsAt] as number) - sz;
  const kept = core.margins.data;
  if (account * 8 < kept.length && kept[account * 8 + KEPT_ROW] !== link - 1)
    kept[account * 8 + KEPT_EPOCH] = 0;

  // Out of the account's list.
  const owners = core.orders.ownerRows.i32;
  const owner = account * OWN_OWNER_LANES;
  const prev = ints[order + ORDER_PREV] as number;
  const next = ints[order + ORDER_NEXT] as number;
  if (prev !== 0) ints[(prev - 1) * 16 + ORDER_NEXT] = next;
  else owners[owner + OWNER_OLDEST] = next;
  if (next !== 0) ints[(next - 1) * 16 + ORDER_PREV] = prev;
  else owners[owner + OWNER_NEWEST] = prev;
  owners[owner + OWNER_LIVE_COUNT] = (owners[owner + OWNER_LIVE_COUNT] as number) - 1;

  // Out of a level that keeps others; else through the book's own door.
  const links = core.links.data;
  const after = links[slot * 2] as number;
  const before = links[slot * 2 + 1] as number;
  if (after !== 0 || before !== 0) {
    const page = ladder.pages[px >>> LADDER_PAGE_BITS] as number;
    const level = (page - 1) * LADDER_PAGE_LANES + (px & LADDER_PAGE_MASK) * 2;
    if (after !== 0) links[(after - 1) * 2 + 1] = before;
    else ladder.levels[level + 1] = before;
    if (before !== 0) links[(before - 1) * 2] = after;
    else ladder.levels[level] = after;
  } else removeOrder(ladder, slot);

  if (hasCloid) {
    const byte = (written & (ring.capacity - 1)) * OWN_EVENT_BYTES;
    copyCloid(core.orders.cloids.i32, cloidByte(slot), ring, byte);
    dropCloid(core.orders, slot);
  }
  const allocator = core.orders.allocator.i32;
  floats[slot * 8 + ORDER_OID] = 0;
  floats[slot * 8 + ORDER_SZ] = 0;
  floats[slot * 8 + ORDER_ORIG_SZ] = 0;
  ints[order + ORDER_PX] = 0;
  ints[order + ORDER_ACCOUNT] = 0;
  ints[order + ORDER_MARKET] = 0;
  ints[order + ORDER_SIDE] = 0;
  ints[order + ORDER_TIF] = 0;
  ints[order + ORDER_FLAGS] = 0;
  ints[order + ORDER_NEXT] = allocator[ALLOCATOR_FREE] as number;
  ints[order + ORDER_PREV] = 0;
  allocator[ALLOCATOR_FREE] = slot + 1;
  allocator[ALLOCATOR_LIVE] = (allocator[ALLOCATOR_LIVE] as number) - 1;
  return true;
}
