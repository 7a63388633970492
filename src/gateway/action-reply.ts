/** The answer to an action, folded from the events of its command. */
import type { Hex } from "../base/hex.ts";
import { PERP_DECIMALS } from "../base/instrument-spec.ts";
import { CANCEL_REASON, REJECT, type RejectCode } from "../base/reject-code.ts";
import {
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  type EventRing,
  eventLane,
  ORDER_EVENT,
} from "../exchange/event.ts";
import { type ExchangeEvent, type FillEvent, readEvent } from "../exchange/event-codec.ts";
import type { WireAction } from "../wire/canonical.ts";
import { formatQuotient, formatSz } from "../wire/decimal.ts";
import {
  type CancelReply,
  cancelReply,
  DEFAULT_REPLY,
  type ExchangeReply,
  errorReply,
  type OrderReply,
  offerReply,
  orderReply,
  strategyReply,
  subAccountReply,
  type TwapReply,
  twapCancelReply,
  twapOrderReply,
  vaultReply,
} from "../wire/exchange-reply.ts";
import { modifyRejectText, type RejectPlace, rejectText } from "../wire/reject-text.ts";
import { itemCountOf } from "./action-command.ts";
import type { MarketTable } from "./market-table.ts";

const AVG_PX_DECIMALS = 8;

/** What a command's events and its action say together. */
export interface ReplyMaterial {
  readonly action: WireAction;
  /** Who signed. */
  readonly signer: Hex;
  /** Account of the vault named, if any. */
  readonly vault: Hex | null;
  /** The command's own events, consequences included; those of {@link readReplyEvents} suffice. */
  readonly events: readonly ExchangeEvent[];
  readonly markets: MarketTable;
}

/** Reads those of a command's events that its answer may speak of: no object is made for the others. */
export function readReplyEvents(
  ring: EventRing,
  { from, to }: { readonly from: number; readonly to: number },
): ExchangeEvent[] {
  const events: ExchangeEvent[] = [];
  for (let index = from; index < to; index++) {
    if (isSpokenOf(ring, index)) events.push(readEvent(ring, index));
  }
  return events;
}

/** An order that was accepted rests, fills or is canceled too; of a match the taker's side is told. */
function isSpokenOf(ring: EventRing, index: number): boolean {
  const lane = eventLane(ring, index);
  const kind = ring.lanes[lane + EVENT_HEAD.kind];
  if (kind === EVENT.fill) {
    return ((ring.lanes[lane + ORDER_EVENT.flags] as number) & EVENT_FLAG.crossed) !== 0;
  }
  return kind !== EVENT.orderAccepted && kind !== EVENT.orderReduced;
}

/** Builds the answer to an action. */
export function replyOf(material: ReplyMaterial): ExchangeReply {
  const { action, events } = material;
  for (const event of events) {
    if (event.kind !== "commandRejected") continue;
    const error = rejectText(event, wholePlace(material));
    // What is wrong with the order itself is told as its status; what stops any action is not.
    const isOwn = event.code >= REJECT.marketUnknown;
    if (isOwn && action.type === "twapOrder") return twapOrderReply({ error });
    if (isOwn && action.type === "twapCancel") return twapCancelReply({ error });
    return errorReply(error);
  }
  for (const event of events) {
    if (event.kind === "subAccountCreated") return subAccountReply(event.address);
    if (event.kind === "vaultCreated") return vaultReply(event.address);
    if (event.kind === "positionOffered") return offerReply(event.id);
    if (event.kind === "strategyStarted") return strategyReply(event.id);
  }
  const items = groupByItem(events, itemCountOf(action));
  switch (action.type) {
    case "order":
    case "bourse.order":
    case "bourse.trailingStop":
    case "batchModify":
      return orderReply(items.map((own, i) => orderStatus(own, placeOf(material, i))));
    case "modify": {
      const status = orderStatus(items[0] ?? [], placeOf(material, 0));
      const isRefused = typeof status !== "string" && "error" in status;
      return isRefused ? errorReply(status.error) : DEFAULT_REPLY;
    }
    case "cancel":
    case "cancelByCloid":
      return cancelReply(items.map((own, i) => cancelStatus(own, placeOf(material, i))));
    case "twapOrder":
      return twapOrderReply(twapStatus(events));
    case "twapCancel":
      return twapCancelReply("success");
    default:
      return DEFAULT_REPLY;
  }
}

function twapStatus(events: readonly ExchangeEvent[]): TwapReply {
  for (const event of events)
    if (event.kind === "twapStarted" && event.item === 0)
      return { running: { twapId: event.twapId } };
  return { error: rejectText({ code: REJECT.twapNotLive, a: 0, b: 0, c: 0 }) };
}

/** What the text of a whole action's refusal may mention. */
function wholePlace({ action, signer, vault }: ReplyMaterial): RejectPlace {
  if (action.type === "twapOrder")
    return { asset: action.twap.a, address: signer, subject: vault ?? signer };
  if ("asset" in action && action.asset !== undefined)
    return { asset: action.asset, address: signer, subject: vault ?? signer };
  if (action.type === "bourse.splitPosition" || action.type === "bourse.mergePosition")
    return { asset: action.a, address: signer, subject: action.subAccountUser };
  if (action.type === "bourse.offerPosition")
    return { asset: action.a, address: action.destination, subject: vault ?? signer };
  if (action.type === "subAccountModify")
    return { address: signer, subject: action.subAccountUser };
  if ("vaultAddress" in action) return { address: signer, subject: action.vaultAddress };
  if (action.type !== "subAccountTransfer") return { address: signer, subject: vault ?? signer };
  const { subAccountUser, isDeposit } = action;
  // A transfer names its giver first; whose the sub-account is not stands behind it either way.
  return isDeposit
    ? { address: signer, subject: subAccountUser }
    : { address: subAccountUser, subject: signer };
}

function groupByItem(events: readonly ExchangeEvent[], count: number): ExchangeEvent[][] {
  const items: ExchangeEvent[][] = Array.from({ length: count }, () => []);
  for (const event of events) items[event.item]?.push(event);
  return items;
}

/** Asset id of an item, as the client sent it. */
function assetOf(action: WireAction, index: number): number {
  switch (action.type) {
    case "order":
    case "bourse.order":
      return action.orders[index]?.a ?? -1;
    case "batchModify":
      return action.modifies[index]?.order.a ?? -1;
    case "modify":
      return action.order.a;
    case "bourse.trailingStop":
      return action.a;
    case "cancel":
      return action.cancels[index]?.a ?? -1;
    case "cancelByCloid":
      return action.cancels[index]?.asset ?? -1;
    default:
      return -1;
  }
}

function placeOf(
  { action, markets }: ReplyMaterial,
  index: number,
): RejectPlace & { asset: number } {
  const asset = assetOf(action, index);
  const market = markets.marketOf(asset);
  return market < 0 ? { asset } : { asset, szDecimals: markets.szDecimals(market) };
}

/** Resting wins over filled: an order that filled in part and rests is reported as resting. */
function orderStatus(own: readonly ExchangeEvent[], place: RejectPlace): OrderReply {
  let replaced = false;
  let code: RejectCode = REJECT.iocNoMatch;
  const fills: FillEvent[] = [];
  for (const event of own) {
    switch (event.kind) {
      case "orderRejected":
        return { error: replaced ? modifyRejectText(event, place) : rejectText(event, place) };
      case "cancelRejected":
        return { error: rejectText({ code: event.code, a: 0, b: 0, c: 0 }, place) };
      case "orderCanceled":
        if (event.reason === CANCEL_REASON.modified) replaced = true;
        if (event.reason === CANCEL_REASON.selfTrade) code = REJECT.selfTradePrevented;
        break;
      case "orderWaiting":
        if (event.trigger.parent?.awaited === true) return "waitingForFill";
        if (event.trigger.position || event.trigger.parent !== undefined)
          return "waitingForTrigger";
        return { resting: withCloid(event.oid, event.cloid) };
      case "orderRested":
        return { resting: withCloid(event.oid, event.cloid) };
      case "fill":
        if (event.crossed) fills.push(event);
        break;
      default:
        break;
    }
  }
  const last = fills.at(-1);
  if (last === undefined) {
    const nothing = { code, a: 0, b: 0, c: 0 };
    return { error: replaced ? modifyRejectText(nothing, place) : rejectText(nothing, place) };
  }
  const { szDecimals = 0 } = place;
  return {
    filled: { ...fillFigures(fills, szDecimals), ...withCloid(last.oid, last.cloid) },
  };
}

const withCloid = (oid: number, cloid: Hex | null): { oid: number; cloid?: Hex } =>
  cloid === null ? { oid } : { oid, cloid };

/** Average price = sum(px sz) / sum(sz); px and the quotient in ticks, so divided by ticks per USDC. */
function fillFigures(
  fills: readonly FillEvent[],
  szDecimals: number,
): { totalSz: string; avgPx: string } {
  let lots = 0;
  let notional = 0n;
  for (const { px, sz } of fills) {
    lots += sz;
    notional += BigInt(px) * BigInt(sz);
  }
  const scale = BigInt(lots) * 10n ** BigInt(PERP_DECIMALS - szDecimals);
  return {
    totalSz: formatSz(lots, szDecimals),
    avgPx: formatQuotient(notional, scale, AVG_PX_DECIMALS),
  };
}

function cancelStatus(own: readonly ExchangeEvent[], place: RejectPlace): CancelReply {
  for (const event of own) {
    if (event.kind === "orderCanceled") return "success";
    if (event.kind === "cancelRejected") {
      return { error: rejectText({ code: event.code, a: 0, b: 0, c: 0 }, place) };
    }
  }
  return { error: rejectText({ code: REJECT.orderNotLive, a: 0, b: 0, c: 0 }, place) };
}
