import { asOrderId, type OrderId } from "./units.ts";

/** Live orders that one exchange can hold: slots 0 to 2^21 - 1. */
export const ORDER_SLOT_COUNT = 2 ** 21;
/** Exclusive upper bound of the order sequence of an exchange's lifetime. */
export const ORDER_SEQ_BOUND = 2 ** 32;

/** Packs an order sequence number and a slot into a public order id; below 2^53 by the two bounds. */
export const packOrderId = (orderSeq: number, slot: number): OrderId =>
  asOrderId(orderSeq * ORDER_SLOT_COUNT + slot);

/** The slot an order id points at; whether that slot still holds this order is for the caller to check. */
export const slotOfOrderId = (oid: number): number =>
  oid - Math.floor(oid / ORDER_SLOT_COUNT) * ORDER_SLOT_COUNT;

/** The order sequence number inside an order id. */
export const seqOfOrderId = (oid: number): number => Math.floor(oid / ORDER_SLOT_COUNT);
