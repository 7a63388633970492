import { describe, expect, test } from "vitest";
import { createBusyExchange } from "../../test/conformance/busy-exchange.ts";
import type { Hex } from "../base/hex.ts";
import { CANCEL_REASON, REJECT } from "../base/reject-code.ts";
import { type ExchangeEvent, readEvents } from "../exchange/event-codec.ts";
import type { WireAction } from "../wire/canonical.ts";
import { readReplyEvents, replyOf } from "./action-reply.ts";

const signer: Hex = `0x${"14".repeat(20)}`;
const head = { seq: 1, timeMs: 2, account: 3, market: 0, item: 0 };
const facts = {
  oid: 9,
  side: 0 as const,
  px: 600_000,
  sz: 100,
  origSz: 100,
  tif: 0 as const,
  reduceOnly: false,
  cloid: null,
};
const accepted = { kind: "orderAccepted", ...head, ...facts } as ExchangeEvent;
const rested = { kind: "orderRested", ...head, ...facts } as ExchangeEvent;
const fill = (px: number, sz: number, crossed = true): ExchangeEvent =>
  ({ kind: "fill", ...head, ...facts, px, sz, crossed }) as ExchangeEvent;
const canceled = (reason: number): ExchangeEvent =>
  ({ kind: "orderCanceled", ...head, ...facts, reason }) as ExchangeEvent;
const rejected = (code: number): ExchangeEvent =>
  ({ kind: "orderRejected", ...head, ...facts, code, a: 0, b: 0, c: 0 }) as ExchangeEvent;

const orders = { type: "order", orders: [{ a: 0 }], grouping: "na" } as unknown as WireAction;
const modify = { type: "modify", oid: 1, order: { a: 0 } } as unknown as WireAction;
const reply = (events: ExchangeEvent[], action = orders): unknown =>
  replyOf({
    action,
    signer,
    vault: null,
    events,
    markets: { marketOf: (assetId) => (assetId === 0 ? 0 : -1), szDecimals: () => 5 },
  });
const first = (events: ExchangeEvent[]): unknown =>
  (reply(events) as { response: { data: { statuses: unknown[] } } }).response.data.statuses[0];

describe("one order", () => {
  test.each<[string, ExchangeEvent[], unknown]>([
    ["rests", [accepted, rested], { resting: { oid: 9 } }],
    [
      "fills at two prices, with the maker's side beside",
      [accepted, fill(600_000, 100, false), fill(600_000, 100), fill(600_100, 200)],
      { filled: { totalSz: "0.003", avgPx: "60006.66666666", oid: 9 } },
    ],
    ["fills in part and rests", [accepted, fill(600_000, 50), rested], { resting: { oid: 9 } }],
    [
      "fills in part, the rest dropped",
      [accepted, fill(600_000, 50), canceled(CANCEL_REASON.iocRemainder)],
      { filled: { totalSz: "0.0005", avgPx: "60000.0", oid: 9 } },
    ],
    [
      "met only orders of its own account",
      [accepted, canceled(CANCEL_REASON.iocRemainder)],
      { error: "Order could not immediately match against any resting orders. asset=0" },
    ],
    ["is refused", [rejected(REJECT.szZero)], { error: "Order has zero size." }],
    [
      "is touched by a consequence that is not its own",
      [{ ...canceled(CANCEL_REASON.scheduled), item: -1 } as ExchangeEvent, accepted, rested],
      { resting: { oid: 9 } },
    ],
  ])("%s", (_, events, expected) => {
    expect(first(events)).toEqual(expected);
  });
});

describe("modify", () => {
  test.each<[string, ExchangeEvent[], unknown]>([
    [
      "goes through",
      [canceled(CANCEL_REASON.modified), accepted, rested],
      { status: "ok", response: { type: "default" } },
    ],
    [
      "loses the original where the replacement is refused",
      [canceled(CANCEL_REASON.modified), rejected(REJECT.szZero)],
      {
        status: "err",
        response: "Error placing new order during modify: Order has zero size.",
      },
    ],
    [
      "of nothing",
      [{ kind: "cancelRejected", ...head, code: REJECT.modifyNotLive, oid: 0 } as ExchangeEvent],
      { status: "err", response: "Cannot modify canceled or filled order" },
    ],
  ])("%s", (_, events, expected) => {
    expect(reply(events, modify)).toEqual(expected);
  });
});

test("a command that was refused whole", () => {
  const refused = {
    kind: "commandRejected",
    ...head,
    code: REJECT.signerUnknown,
    a: 0,
    b: 0,
    c: 0,
    address: signer,
  } as ExchangeEvent;
  expect(reply([refused])).toEqual({
    status: "err",
    response: `User or API Wallet ${signer} does not exist.`,
  });
});

test("events that are left unread change no answer", () => {
  const { local, live } = createBusyExchange(11);
  const asked = (count: number): WireAction[] => {
    const items = Array.from({ length: count }, () => ({ a: 0, asset: 0, order: { a: 0 } }));
    return [
      { type: "order", orders: items, grouping: "na" },
      { type: "cancel", cancels: items },
      { type: "batchModify", modifies: items },
      { type: "modify", oid: 1, order: { a: 0 } },
      { type: "noop" },
    ] as unknown as WireAction[];
  };
  let read = 0;
  let left = 0;
  local.context.sequencer.subscribe((ring, first, end) => {
    let from = first;
    while (from < end) {
      const all = readEvents(ring, from, end);
      const seq = all[0]?.seq;
      const length = all.findIndex((event) => event.seq !== seq);
      const to = length === -1 ? end : from + length;
      const whole = all.slice(0, to - from);
      const part = readReplyEvents(ring, { from, to });
      read += part.length;
      left += whole.length - part.length;
      for (const action of asked(1 + Math.max(0, ...whole.map(({ item }) => item)))) {
        expect(reply(part, action)).toEqual(reply(whole, action));
      }
      from = to;
    }
  });
  live(300);
  expect(read).toBeGreaterThan(500);
  expect(left).toBeGreaterThan(500);
});
