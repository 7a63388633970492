import { describe, expect, test } from "vitest";
import { CANCEL_REASON, REJECT, type RejectCode } from "../base/reject-code.ts";
import {
  modifyRejectText,
  type RejectFacts,
  rejectText,
  statusOfCancel,
  statusOfReject,
} from "./reject-text.ts";

const facts = (code: RejectCode, a = 0, b = 0, c = 0): RejectFacts => ({ code, a, b, c });
const user = "0x14791697260e4c9a71f18484c9f997b308e59325";

describe("texts are the venue's", () => {
  test.each([
    [
      rejectText(facts(REJECT.pxOffTick), { asset: 3 }),
      "Price must be divisible by tick size. asset=3",
    ],
    [
      rejectText(facts(REJECT.notionalTooSmall, 10_000_000), { asset: 0 }),
      "Order must have minimum value of $10. asset=0",
    ],
    [
      rejectText(facts(REJECT.marginInsufficient), { asset: 5 }),
      "Insufficient margin to place order. asset=5",
    ],
    [
      rejectText(facts(REJECT.reduceOnlyIncreases), { asset: 5 }),
      "Reduce only order would increase position. asset=5",
    ],
    [
      rejectText(facts(REJECT.aloWouldMatch, 837_660, 837_675), { asset: 0, szDecimals: 5 }),
      "Post only order would have immediately matched, bbo was 83766@83767.5. asset=0",
    ],
    [
      rejectText(facts(REJECT.iocNoMatch), { asset: 1 }),
      "Order could not immediately match against any resting orders. asset=1",
    ],
    [rejectText(facts(REJECT.pxInvalid), { asset: 1 }), "Order has invalid price."],
    [rejectText(facts(REJECT.szInvalid), { asset: 1 }), "Order has invalid size."],
    [rejectText(facts(REJECT.szZero), { asset: 1 }), "Order has zero size."],
    [rejectText(facts(REJECT.pxTooHigh), { asset: 1 }), "Price too far from oracle asset=1"],
    [
      rejectText(facts(REJECT.orderNotLive), { asset: 1 }),
      "Order was never placed, already canceled, or filled. asset=1",
    ],
    [rejectText(facts(REJECT.modifyNotLive)), "Cannot modify canceled or filled order"],
    [
      modifyRejectText(facts(REJECT.marginInsufficient), { asset: 2 }),
      "Error placing new order during modify: Insufficient margin to place order. asset=2",
    ],
    [
      rejectText(facts(REJECT.signerUnknown), { address: user }),
      `User or API Wallet ${user} does not exist.`,
    ],
    [
      rejectText(facts(REJECT.masterKeyRequired), { address: user }),
      `Must deposit before performing actions. User: ${user}`,
    ],
    [rejectText(facts(REJECT.nonceDuplicate, 17)), "Invalid nonce: duplicate nonce 17"],
    [rejectText(facts(REJECT.nonceTooLow, 3, 4)), "Invalid nonce: nonce too low 3 < 4"],
    [rejectText(facts(REJECT.actionExpired)), "Action already expired"],
    [
      rejectText(facts(REJECT.budgetExhausted, 10_001, 10_000, 1_500_000)),
      "Too many cumulative requests sent (10001 > 10000) for cumulative volume traded $1.5. " +
        "Place taker orders to free up 1 request per USDC traded.",
    ],
    [
      rejectText(facts(REJECT.scheduleVolumeTooLow, 1_000_000_000_000, 0)),
      "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0.",
    ],
    [rejectText(facts(REJECT.batchTooLarge)), "Signed action over weight limit of 200."],
    [
      rejectText(facts(REJECT.tooManyAgents, 3)),
      "Too many extra agents for cumulative volume traded. Current limit is 3",
    ],
  ])("%s", (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

test("every reject has a text of its own and every order reject a status", () => {
  const texts = Object.values(REJECT).map((code) => rejectText(facts(code, 1, 2, 3), { asset: 7 }));
  expect(texts.every((text) => text.length > 5)).toBe(true);
  expect(Object.values(REJECT).map((code) => statusOfReject(code))).not.toContain(undefined);
});

test.each([
  ["requested", "canceled"],
  ["iocRemainder", "canceled"],
  ["selfTrade", "selfTradeCanceled"],
  ["margin", "marginCanceled"],
  ["reduceOnly", "reduceOnlyCanceled"],
  ["liquidated", "liquidatedCanceled"],
  ["scheduled", "scheduledCancel"],
  ["modified", "canceled"],
] as const)("an order that ended by %s has status %s", (reason, status) => {
  expect(statusOfCancel(CANCEL_REASON[reason])).toBe(status);
});
