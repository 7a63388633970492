/**
 * A batch of orders that is placed whole or not at all. Where one is refused, what those before it
 * did is taken back, and the command is refused with the first such order: nothing has changed then
 * but what any command changes, sequence, time, the signer's nonce and the requests counted.
 */
import { REJECT } from "../../base/reject-code.ts";
import { type CommandRecord, ITEM, ITEM_FLAG, itemCount, itemLane } from "../command.ts";
import type { Core } from "../core.ts";
import { EVENT, EVENT_HEAD, eventLane, ORDER_EVENT } from "../event.ts";
import { rejectCommand } from "../refusal.ts";
import type { TouchedAccounts } from "./match.ts";
import type { IncomingOrder } from "./order-event.ts";
import { placeOrder, readIncoming } from "./place.ts";
import { beginScope, keepScope, takeBackScope } from "./undo-scope.ts";

/** Most orders of an atomic batch. */
const ATOMIC_ITEMS_MAX = 100;

/** Places all orders of a record for an account, or none. */
export function placeAtomic(
  core: Core,
  record: CommandRecord,
  order: IncomingOrder,
  account: number,
  touched: TouchedAccounts,
): void {
  const count = itemCount(record);
  if (count > ATOMIC_ITEMS_MAX) {
    rejectCommand(core, record, { account, code: REJECT.batchTooLarge, a: ATOMIC_ITEMS_MAX });
    return;
  }
  beginScope(core, touched);
  for (let index = 0; index < count; index++) {
    const from = core.events.written;
    readIncoming(record, index, account, order);
    const flags = record.lanes[itemLane(index) + ITEM.flags] as number;
    placeOrder(core, order, (flags & ITEM_FLAG.unsupported) !== 0, touched);
    const lane = refusalLane(core, from, index);
    if (lane < 0) continue;
    const b = core.events.lanes[lane + ORDER_EVENT.code] as number;
    const c = core.events.lanes[lane + ORDER_EVENT.a] as number;
    takeBackScope(core, touched);
    rejectCommand(core, record, { account, code: REJECT.batchFailed, a: index, b, c });
    return;
  }
  keepScope(core);
}

/** Lane of the event since `from` that refuses the order of an item, or -1. */
function refusalLane({ events }: Core, from: number, item: number): number {
  for (let event = from; event < events.written; event++) {
    const lane = eventLane(events, event);
    const isRefusal = events.lanes[lane + EVENT_HEAD.kind] === EVENT.orderRejected;
    if (isRefusal && events.lanes[lane + EVENT_HEAD.item] === item) return lane;
  }
  return -1;
}
