import { REJECT } from "../base/reject-code.ts";
import type { RefusalCode } from "../maker/venue.ts";

const CODES = new Map<number, RefusalCode>([
  [REJECT.signerUnknown, "identity"],
  [REJECT.vaultUnknown, "identity"],
  [REJECT.masterKeyRequired, "identity"],
  [REJECT.actionExpired, "stale"],
  [REJECT.nonceDuplicate, "stale"],
  [REJECT.nonceTooLow, "stale"],
  [REJECT.nonceTooHigh, "stale"],
  [REJECT.budgetExhausted, "rateLimited"],
  [REJECT.pxInvalid, "invalidOrder"],
  [REJECT.szInvalid, "invalidOrder"],
  [REJECT.szZero, "invalidOrder"],
  [REJECT.pxOffTick, "invalidOrder"],
  [REJECT.pxTooHigh, "invalidOrder"],
  [REJECT.notionalTooSmall, "invalidOrder"],
  [REJECT.cloidDuplicate, "cloidDuplicate"],
  [REJECT.szTooLarge, "positionLimit"],
  [REJECT.reduceOnlyIncreases, "reduceOnly"],
  [REJECT.aloWouldMatch, "wouldMatch"],
  [REJECT.marginInsufficient, "margin"],
  [REJECT.orderNotLive, "notLive"],
  [REJECT.modifyNotLive, "notLive"],
]);

/** What a reject of the exchange means to the maker. */
export const refusalCode = (code: number): RefusalCode => CODES.get(code) ?? "other";
