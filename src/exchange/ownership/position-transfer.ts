/**
 * Positions between accounts: split into a sub-account and merged back by their owner, and offered
 * to anybody, who takes them by a signature of their own. An offer names its terms, size and cost
 * basis among them, and is void once the position no longer has them: what the receiver consents to is
 * what it gets.
 */

import { wordsOfBytes } from "../../base/byte-index.ts";
import { readLane } from "../../base/column.ts";
import { REJECT } from "../../base/reject-code.ts";
import {
  addOffer,
  hasOfferRoom,
  offersOf,
  type PositionOffer,
  readOffer,
  removeOffer,
  rowOfOffer,
} from "../account/position-offer.ts";
import { ROLE, signerOfWords } from "../account/signer.ts";
import { type CommandRecord, ITEM_CLOID_AT, itemByte, MOVE, OFFER_ID } from "../command.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, MOVE_CAUSE, OFFER_END, OFFER_EVENT, type OfferEnd } from "../event.ts";
import { isMarket } from "../market/market.ts";
import { NUMBER, numberOf } from "../numbers.ts";
import { rejectCommand } from "../refusal.ts";
import { movePosition, moveProblem, type PositionMove, partOf } from "./position-move.ts";
import { subAccountOfWords } from "./sub-account.ts";

/** Longest time that an offer stands: a week [ms]. */
const OFFER_MS_MAX = 604_800_000;
/** Open offers of an account. */
const OFFERS_EACH_MAX = 20;
/** As much as all deposits can come to [10^-6 USDC]. */
const USD_MAX = 2_000_000_000_000_000;

const isUsd = (usd: number): boolean => Number.isSafeInteger(usd) && Math.abs(usd) <= USD_MAX;

/** Splits part of a position off into a sub-account, or merges it back. */
export function moveWithSubAccount(core: Core, record: CommandRecord, master: number): void {
  const { lanes } = record;
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: master, code, a });
  const sub = subAccountOfWords(core, record.words, master);
  if (sub < 0) return refuse(REJECT.vaultUnknown, 1);
  const market = lanes[MOVE.market] as number;
  const usd = lanes[MOVE.usd] as number;
  if (!isMarket(core.markets, market)) return refuse(REJECT.marketUnknown);
  if (!isUsd(usd)) return refuse(REJECT.amountInvalid);
  const isSplit = lanes[MOVE.isSplit] === 1;
  const move: PositionMove = {
    giver: isSplit ? master : sub,
    taker: isSplit ? sub : master,
    // Plus zero: a lane may hold a negative one.
    market: market + 0,
    sz: lanes[MOVE.sz] as number,
    usd: usd + 0,
    cause: isSplit ? MOVE_CAUSE.split : MOVE_CAUSE.merge,
  };
  const part = partOf(core, move);
  if (part === null) return refuse(REJECT.moveSzInvalid);
  const problem = moveProblem(core, move, part);
  if (problem !== null) return refuse(problem);
  movePosition(core, move, part);
}

/** Offers part of a position to the address that the record's item bears. */
export function offerPosition(core: Core, record: CommandRecord, giver: number): void {
  const { lanes } = record;
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: giver, code, a });
  const market = (lanes[MOVE.market] as number) + 0;
  const usd = (lanes[MOVE.usd] as number) + 0;
  const expiresAtMs = lanes[MOVE.expiresAtMs] as number;
  if (!isMarket(core.markets, market)) return refuse(REJECT.marketUnknown);
  if (!isUsd(usd)) return refuse(REJECT.amountInvalid);
  const taker = destinationOf(core, record);
  if (taker < 0) return refuse(REJECT.accountUnknown);
  if (taker === giver) return refuse(REJECT.transferToSelf);
  const part = partOf(core, { giver, market, sz: lanes[MOVE.sz] as number });
  if (part === null) return refuse(REJECT.moveSzInvalid);
  const nowMs = commandTimeMs(core);
  if (
    !(
      Number.isSafeInteger(expiresAtMs) &&
      expiresAtMs > nowMs &&
      expiresAtMs - nowMs <= OFFER_MS_MAX
    )
  )
    return refuse(REJECT.offerExpiryInvalid, OFFER_MS_MAX);
  const open = offersOf(core.positionOffers, giver).filter(
    (offer) => offer.giver === giver && offer.expiresAtMs > nowMs,
  );
  if (open.length >= OFFERS_EACH_MAX) return refuse(REJECT.tooManyOffers, OFFERS_EACH_MAX);
  if (!hasOfferRoom(core.positionOffers, nowMs)) return refuse(REJECT.capacityExhausted);
  dropExpired(core, nowMs);
  const id = numberOf(core.numbers, NUMBER.seq);
  const offer: PositionOffer = { id, giver, taker, market, ...part, usd, expiresAtMs };
  addOffer(core.positionOffers, offer);
  const lane = beginEvent(core, EVENT.positionOffered, giver, market, 0);
  const { lanes: out } = core.events;
  out[lane + OFFER_EVENT.id] = id;
  out[lane + OFFER_EVENT.taker] = taker;
  out[lane + OFFER_EVENT.size] = part.size;
  out[lane + OFFER_EVENT.cost] = part.cost;
  out[lane + OFFER_EVENT.usd] = usd;
  out[lane + OFFER_EVENT.expiresAtMs] = expiresAtMs;
}

/** Takes an offer in the name of the account that it was made to. */
export function acceptOffer(core: Core, record: CommandRecord, taker: number): void {
  const refuse = (code: number): void => rejectCommand(core, record, { account: taker, code });
  const row = offerRow(core, record);
  const offer = row < 0 ? null : readOffer(core.positionOffers, row);
  if (offer === null || offer.taker !== taker) return refuse(REJECT.offerUnknown);
  if (offer.expiresAtMs <= commandTimeMs(core)) return refuse(REJECT.offerExpired);
  const { giver, market, usd } = offer;
  const sz = Math.abs(offer.size);
  const part = partOf(core, { giver, market, sz });
  if (part === null || part.size !== offer.size || part.cost !== offer.cost)
    return refuse(REJECT.offerChanged);
  const move: PositionMove = { giver, taker, market, sz, usd, cause: MOVE_CAUSE.offer };
  const problem = moveProblem(core, move, part);
  if (problem !== null) return refuse(problem);
  finishOffer(core, row, OFFER_END.accepted);
  movePosition(core, move, part);
}

/** Ends an offer that an account made or was made. */
export function endOffer(core: Core, record: CommandRecord, account: number): void {
  const row = offerRow(core, record);
  const offer = row < 0 ? null : readOffer(core.positionOffers, row);
  if (offer === null || (offer.giver !== account && offer.taker !== account))
    return rejectCommand(core, record, { account, code: REJECT.offerUnknown });
  finishOffer(core, row, offer.giver === account ? OFFER_END.withdrawn : OFFER_END.declined);
}

/** Row of the offer that a command names, or -1. */
function offerRow(core: Core, { lanes }: CommandRecord): number {
  const id = lanes[OFFER_ID] as number;
  return id > 0 ? rowOfOffer(core.positionOffers, id) : -1;
}

/** The account of the address that an offer is made to, or -1. */
function destinationOf({ signers }: Core, { bytes }: CommandRecord): number {
  const row = signerOfWords(signers, wordsOfBytes(bytes, itemByte(0) + ITEM_CLOID_AT, 20), 0);
  if (row < 0) return -1;
  const role = readLane(signers.role, row);
  return role === ROLE.master || role === ROLE.sub ? readLane(signers.account, row) : -1;
}

/** Ends all offers whose time has come, in order of rows. */
function dropExpired(core: Core, nowMs: number): void {
  const { table } = core.positionOffers;
  for (let row = 0; row < table.count; row++) {
    const { id, expiresAtMs } = readOffer(core.positionOffers, row);
    if (id !== 0 && expiresAtMs <= nowMs) finishOffer(core, row, OFFER_END.expired);
  }
}

function finishOffer(core: Core, row: number, end: OfferEnd): void {
  const { id, giver, taker, market } = readOffer(core.positionOffers, row);
  removeOffer(core.positionOffers, row);
  const lane = beginEvent(core, EVENT.offerEnded, giver, market, 0);
  core.events.lanes[lane + OFFER_EVENT.id] = id;
  core.events.lanes[lane + OFFER_EVENT.taker] = taker;
  core.events.lanes[lane + OFFER_EVENT.end] = end;
}
