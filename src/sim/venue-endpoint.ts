/**
 * The exchange's end of a venue link: takes the maker's requests as a gateway would, answers once
 * what the answer rests on is durable, and reads answers from state and read models.
 */
import { assert } from "../base/assert.ts";
import type { Hex } from "../base/hex.ts";
import type { Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import type { Command } from "../exchange/command-codec.ts";
import type { Signed } from "../exchange/command-signed.ts";
import { accountOfAddress } from "../exchange/query.ts";
import type { PlaceItem, RequestOutcome, VenueRequest } from "../maker/venue.ts";
import { orderByCloid } from "../projection/orders.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import { batchOutcome, wholeOutcome } from "./venue-outcome.ts";
import {
  type AccountMarket,
  accountSnapshot,
  fillsSince,
  fundingSince,
  openOrders,
  venueOrder,
} from "./venue-view.ts";

/** Who trades on what. */
export interface VenueAccess {
  /** The account's own address. */
  readonly address: Hex;
  readonly market: number;
}

/** A request as it travels: signed once, so that copies of it carry one nonce. */
export interface SignedRequest {
  readonly request: VenueRequest;
  readonly nonce: number;
}

/** Answers a request by `reply`, once at most; not at all where the exchange is down or stops first. */
export function answerRequest(
  exchange: ExchangeHost,
  access: VenueAccess,
  { request, nonce }: SignedRequest,
  reply: (outcome: RequestOutcome) => void,
): void {
  const { running } = exchange;
  if (running === null) return;
  const command = commandOf(access, request, nonce);
  if (command === null) {
    const { sequencer } = running;
    if (request.kind === "queryAccount") {
      // The state may run ahead of the disk: read at once, told when it can no longer be undone.
      const answer = readAnswer(exchange, access, request);
      sequencer.whenDurable(() => reply(answer));
    } else {
      // The read models lag behind: read once they hold all that was applied before the question.
      sequencer.whenDurable(() => reply(readAnswer(exchange, access, request)));
    }
    return;
  }
  const seq = exchange.submit(command.command, (release) => {
    reply(command.items === null ? wholeOutcome(release) : batchOutcome(release, command.items));
  });
  if (seq === null) reply({ kind: "unknown", cause: "overload" });
}

/** The account and market that an access stands for; -1 while the account is not open. */
export function accountMarket(exchange: ExchangeHost, access: VenueAccess): AccountMarket {
  const state = exchange.running?.sequencer.state;
  const account = state === undefined ? -1 : accountOfAddress(state, access.address);
  return { account, market: access.market };
}

/** The command of a request that changes something, and the number of its items; else null. */
function commandOf(
  { address, market }: VenueAccess,
  request: VenueRequest,
  nonce: number,
): { command: Command; items: number | null } | null {
  const signed: Signed = { signer: address, nonce };
  switch (request.kind) {
    case "placeBatch": {
      const orders = request.orders.map((item) => orderItem(item, market));
      const expiresAfter = request.expiresAtMs;
      return {
        command: { kind: "placeOrders", ...signed, expiresAfter, orders },
        items: orders.length,
      };
    }
    case "cancelByCloid": {
      const cancels = request.cloids.map((cloid) => ({ market, cloid }));
      return { command: { kind: "cancelByCloid", ...signed, cancels }, items: cancels.length };
    }
    case "cancelByOid": {
      const cancels = request.oids.map((oid) => ({ market, oid }));
      return { command: { kind: "cancelOrders", ...signed, cancels }, items: cancels.length };
    }
    case "scheduleCancel":
      return {
        command: { kind: "scheduleCancel", ...signed, timeMs: request.timeMs ?? 0 },
        items: null,
      };
    default:
      return null;
  }
}

const orderItem = ({ side, px, sz, tif, reduceOnly, cloid }: PlaceItem, market: number) => ({
  market,
  side: side as Side,
  px,
  sz,
  tif: TIF[tif],
  reduceOnly,
  cloid,
});

function readAnswer(
  exchange: ExchangeHost,
  access: VenueAccess,
  request: VenueRequest,
): RequestOutcome {
  const { running } = exchange;
  assert(running !== null, "an exchange that answers is running");
  const { models, sequencer } = running;
  const who = accountMarket(exchange, access);
  if (who.account < 0) return { kind: "refused", code: "identity", text: "no such account" };
  switch (request.kind) {
    case "queryOpenOrders":
      return { kind: "openOrders", orders: openOrders(models, who) };
    case "queryOrder": {
      const order = orderByCloid(models.orders, who.account, request.cloid);
      return { kind: "order", order: order === undefined ? null : venueOrder(order) };
    }
    case "queryFills":
      return { kind: "fills", ...fillsSince(models, who, request.sinceMs) };
    case "queryFunding":
      return { kind: "funding", payments: fundingSince(models, who, request.sinceMs) };
    case "queryAccount":
      return {
        kind: "account",
        account: accountSnapshot(sequencer.state, who, exchange.nowMs()),
      };
    default:
      return { kind: "refused", code: "other", text: `${request.kind} is no question` };
  }
}
