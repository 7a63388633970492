/**
 * The straight way of a cancel by order id. It does exactly what `cancelItem` does for an order that
 * is there; see `fast-place.ts` for why it is one function and what takes the general way instead.
 */
import { ORDER_SLOT_COUNT } from "../../base/order-id.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { ACCOUNT } from "../account/account.ts";
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
import { KEPT } from "../margin/margin-cache.ts";
import { NUMBER } from "../numbers.ts";
import { copyCloid } from "./order-event.ts";

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
  const item = HEADER_LANES + index * ITEM_LANES;
  const oid = input[item + ITEM.targetOid] as number;
  const slot = (oid - Math.floor(oid / ORDER_SLOT_COUNT) * ORDER_SLOT_COUNT) | 0;
  if (!(oid > 0) || slot < 0 || slot >= core.orders.table.count) return false;
  const floats = core.orders.rows.f64;
  const ints = core.orders.rows.i32;
  const order = slot * 16;
  if (floats[slot * 8 + ORDER.oid] !== oid || ints[order + ORDER.account] !== account) return false;
  const market = ints[order + ORDER.market] as number;
  if (reason === CANCEL_REASON.requested && market !== input[item + ITEM.market]) return false;
  const flags = ints[order + ORDER.flags] as number;
  const { ladder } = core.books[market] as Book;
  const ring = core.events;
  const { written } = ring;
  if (ladder === null || (flags & ORDER_FLAG.reduceOnly) !== 0) return false;
  if (written - ring.released >= ring.capacity) return false;
  const px = ints[order + ORDER.px] as number;
  const sz = floats[slot * 8 + ORDER.sz] as number;
  const side = ints[order + ORDER.side] as number;
  const hasCloid = (flags & ORDER_FLAG.hasCloid) !== 0;

  const { lanes } = ring;
  const lane = (written & (ring.capacity - 1)) * EVENT_LANES;
  const numbers = core.numbers.data;
  lanes[lane + EVENT_HEAD.kind] = EVENT.orderCanceled;
  lanes[lane + EVENT_HEAD.seq] = numbers[NUMBER.seq] as number;
  lanes[lane + EVENT_HEAD.timeMs] = numbers[NUMBER.timeMs] as number;
  lanes[lane + EVENT_HEAD.account] = account;
  lanes[lane + EVENT_HEAD.market] = market;
  lanes[lane + EVENT_HEAD.item] = index;
  lanes[lane + ORDER_EVENT.oid] = oid;
  lanes[lane + ORDER_EVENT.side] = side;
  lanes[lane + ORDER_EVENT.px] = px;
  lanes[lane + ORDER_EVENT.sz] = sz;
  lanes[lane + ORDER_EVENT.origSz] = floats[slot * 8 + ORDER.origSz] as number;
  lanes[lane + ORDER_EVENT.tif] = ints[order + ORDER.tif] as number;
  lanes[lane + ORDER_EVENT.flags] = hasCloid ? EVENT_FLAG.hasCloid : 0;
  lanes[lane + ORDER_EVENT.code] = reason;
  lanes[lane + ORDER_EVENT.a] = 0;
  lanes[lane + ORDER_EVENT.b] = 0;
  lanes[lane + ORDER_EVENT.c] = 0;
  lanes[lane + FILL_EVENT.counterparty] = 0;
  lanes[lane + FILL_EVENT.counterOid] = 0;
  lanes[lane + FILL_EVENT.markPx] = 0;
  ring.written = written + 1;

  const positionInts = core.positions.rows.i32;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (positionInts[(link - 1) * 16 + POSITION.market] !== market)
    link = positionInts[(link - 1) * 16 + POSITION.next] as number;
  const positions = core.positions.rows.f64;
  const notionalAt = (link - 1) * 8 + (side === BUY ? POSITION.buyNotional : POSITION.sellNotional);
  const lotsAt = (link - 1) * 8 + (side === BUY ? POSITION.buyLots : POSITION.sellLots);
  positions[notionalAt] = (positions[notionalAt] as number) - px * sz;
  positions[lotsAt] = (positions[lotsAt] as number) - sz;
  const kept = core.margins.data;
  if (account * 8 < kept.length && kept[account * 8 + KEPT.row] !== link - 1)
    kept[account * 8 + KEPT.epoch] = 0;

  // Out of the account's list.
  const owners = core.orders.ownerRows.i32;
  const owner = account * OWNER_LANES;
  const prev = ints[order + ORDER.prev] as number;
  const next = ints[order + ORDER.next] as number;
  if (prev !== 0) ints[(prev - 1) * 16 + ORDER.next] = next;
  else owners[owner + OWNER.oldest] = next;
  if (next !== 0) ints[(next - 1) * 16 + ORDER.prev] = prev;
  else owners[owner + OWNER.newest] = prev;
  owners[owner + OWNER.liveCount] = (owners[owner + OWNER.liveCount] as number) - 1;

  // Out of a level that keeps others; else through the book's own door.
  const links = core.links.data;
  const after = links[slot * 2] as number;
  const before = links[slot * 2 + 1] as number;
  if (after !== 0 || before !== 0) {
    const page = ladder.pages[px >>> LADDER.pageBits] as number;
    const level = (page - 1) * LADDER.pageLanes + (px & LADDER.pageMask) * 2;
    if (after !== 0) links[(after - 1) * 2 + 1] = before;
    else ladder.levels[level + 1] = before;
    if (before !== 0) links[(before - 1) * 2] = after;
    else ladder.levels[level] = after;
  } else removeOrder(ladder, slot);

  if (hasCloid) {
    const byte = (written & (ring.capacity - 1)) * EVENT_BYTES;
    copyCloid(core.orders.cloids.data, cloidByte(slot), ring.bytes, byte);
    dropCloid(core.orders, slot);
  }
  const allocator = core.orders.allocator.data;
  floats[slot * 8 + ORDER.oid] = 0;
  floats[slot * 8 + ORDER.sz] = 0;
  floats[slot * 8 + ORDER.origSz] = 0;
  ints[order + ORDER.px] = 0;
  ints[order + ORDER.account] = 0;
  ints[order + ORDER.market] = 0;
  ints[order + ORDER.side] = 0;
  ints[order + ORDER.tif] = 0;
  ints[order + ORDER.flags] = 0;
  ints[order + ORDER.next] = allocator[ALLOCATOR.free] as number;
  ints[order + ORDER.prev] = 0;
  allocator[ALLOCATOR.free] = slot + 1;
  allocator[ALLOCATOR.live] = (allocator[ALLOCATOR.live] as number) - 1;
  return true;
}
