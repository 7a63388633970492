/**
 * Owns offers of positions: who would hand how much of which position to whom, until when. An offer
 * holds nothing back and is void where the position is no longer the one that it tells of. Its id is
 * the journal position of the command that made it. Rows of offers that ended are used again, the
 * first free one first; finding one costs a look at each, which few commands ask for.
 */
import {
  addF64,
  addRow,
  addTable,
  clearRow,
  type F64Column,
  isFull,
  type Register,
  type Table,
} from "../../base/column.ts";

/** Lanes of an offer. */
export const OFFER = {
  /** 0 = the row is free. */
  id: 0,
  giver: 1,
  taker: 2,
  market: 3,
  /** Positive = a long [lots]. */
  size: 4,
  /** Its part of the cost basis when it was offered [10^-6 USDC]. */
  cost: 5,
  /** What the giver pays to the taker with it; negative = the taker pays [10^-6 USDC]. */
  usd: 6,
  /** Good before then [ms]. */
  expiresAtMs: 7,
} as const;
const OFFER_LANES = 8;

/** Most offers at a time. */
const OFFERS_MAX = 16_384;

/** See the file's head. */
export interface PositionOffers {
  readonly table: Table;
  readonly lanes: F64Column;
}

/** An offer as an object. */
export type PositionOffer = Readonly<Record<keyof typeof OFFER, number>>;

/** None. */
export function createPositionOffers(register: Register): PositionOffers {
  const table = addTable(register, "position-offer", OFFERS_MAX);
  return { table, lanes: addF64(table, "lanes", OFFER_LANES) };
}

/** The offer of a row. */
export function readOffer({ lanes }: PositionOffers, row: number): PositionOffer {
  const at = (lane: number): number => lanes.data[row * OFFER_LANES + lane] as number;
  return {
    id: at(OFFER.id),
    giver: at(OFFER.giver),
    taker: at(OFFER.taker),
    market: at(OFFER.market),
    size: at(OFFER.size),
    cost: at(OFFER.cost),
    usd: at(OFFER.usd),
    expiresAtMs: at(OFFER.expiresAtMs),
  };
}

/** Row of an offer, or -1; 0 finds a free one. */
export function rowOfOffer({ table, lanes }: PositionOffers, id: number): number {
  for (let row = 0; row < table.count; row++)
    if (lanes.data[row * OFFER_LANES + OFFER.id] === id) return row;
  return -1;
}

/** Whether one more offer has room once those are gone whose time has come [ms]. */
export function hasOfferRoom({ table, lanes }: PositionOffers, nowMs: number): boolean {
  if (!isFull(table)) return true;
  // A free row's lanes are all zero.
  for (let row = 0; row < table.count; row++)
    if ((lanes.data[row * OFFER_LANES + OFFER.expiresAtMs] as number) <= nowMs) return true;
  return false;
}

/** Keeps an offer; there is room. */
export function addOffer(offers: PositionOffers, offer: PositionOffer): void {
  const free = rowOfOffer(offers, 0);
  const row = free < 0 ? addRow(offers.table) : free;
  for (const [name, lane] of Object.entries(OFFER))
    offers.lanes.data[row * OFFER_LANES + lane] = offer[name as keyof typeof OFFER];
}

/** Ends the offer of a row. */
export function removeOffer(offers: PositionOffers, row: number): void {
  clearRow(offers.table, row);
}

/** Offers that an account made or was made, in order of rows. */
export function offersOf(offers: PositionOffers, account: number): PositionOffer[] {
  const found: PositionOffer[] = [];
  for (let row = 0; row < offers.table.count; row++) {
    const offer = readOffer(offers, row);
    if (offer.id !== 0 && (offer.giver === account || offer.taker === account)) found.push(offer);
  }
  return found;
}
