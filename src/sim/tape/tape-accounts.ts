/**
 * Accounts that act for a tape. One account cannot hold a whole recorded book: a market caps what an
 * account may hold and have open. So there are as many as it takes, each opened with a deposit when
 * the ones before it are full.
 *
 * Owns their addresses, nonces and ids. What they hold is read from the exchange's state.
 */
import { readLane } from "../../base/column.ts";
import type { Hex } from "../../base/hex.ts";
import { BUY, type Side, sideSign } from "../../base/side.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import { findPosition } from "../../exchange/account/position.ts";
import type { Command, OrderItem } from "../../exchange/command-codec.ts";
import { accountOfAddress } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";

/** Through this the tape's agents act on an exchange. */
export interface TapeDoor {
  readonly state: ExchangeState;
  /** Applies a command before it returns; false where the exchange does not take it now. */
  submit(command: Command): boolean;
  /** The exchange's time, for nonces [ms]. */
  nowMs(): number;
}

/** A group of accounts of one purpose. */
export interface AccountGroup {
  /** Tells the groups' addresses apart; 1 to 65535. */
  readonly kind: number;
  readonly countMax: number;
  /** What each is opened with [USDC]. */
  readonly depositUsdc: number;
  /** Largest part of the position cap that resting orders of a side may take [1]. */
  readonly openPart: number;
}

/** See the file's head. */
export interface TapeAccounts {
  readonly door: TapeDoor;
  readonly market: number;
  readonly positionMax: number;
  readonly group: AccountGroup;
  readonly addresses: Hex[];
  /** Account ids, in the order of opening. */
  readonly ids: number[];
  /** Where the last search for room ended. */
  cursor: number;
  nonce: number;
}

/** A group without accounts. */
export const createTapeAccounts = (
  door: TapeDoor,
  market: number,
  group: AccountGroup,
): TapeAccounts => ({
  door,
  market,
  positionMax: door.state.markets.positionMax.data[market] as number,
  group,
  addresses: [],
  ids: [],
  cursor: 0,
  nonce: 0,
});

/** {@link accountWithRoom}: all accounts are full and no more may be opened. */
export const ALL_FULL = -1;
/** The exchange does not take the account now. */
const NOT_OPENED = -2;

/**
 * Index of an account that may hold `sz` more lots on a side beside what it has and what `pending`
 * says is on its way; {@link ALL_FULL}, or another negative number where none can be opened now.
 */
export function accountWithRoom(
  accounts: TapeAccounts,
  side: Side,
  sz: number,
  pending: (index: number) => number,
): number {
  const { ids } = accounts;
  for (let i = 0; i < ids.length; i++) {
    const index = (accounts.cursor + i) % ids.length;
    if (hasRoom(accounts, index, side, sz + pending(index))) {
      accounts.cursor = index;
      return index;
    }
  }
  if (ids.length >= accounts.group.countMax) return ALL_FULL;
  const opened = openAccount(accounts);
  if (opened >= 0) accounts.cursor = opened;
  return opened;
}

function hasRoom(accounts: TapeAccounts, index: number, side: Side, lots: number): boolean {
  const { positions } = accounts.door.state;
  const { positionMax, group } = accounts;
  const row = rowOf(accounts, index);
  const resting = side === BUY ? positions.buyLots : positions.sellLots;
  const open = (row < 0 ? 0 : readLane(resting, row)) + lots;
  const reach = positionOf(accounts, index) * sideSign(side) + open;
  return open <= group.openPart * positionMax && reach <= positionMax;
}

const rowOf = ({ door, ids, market }: TapeAccounts, index: number): number =>
  findPosition(door.state.positions, door.state.accounts, ids[index] as number, market);

/** Position of an account of the group [lots]. */
export function positionOf(accounts: TapeAccounts, index: number): number {
  const row = rowOf(accounts, index);
  return row < 0 ? 0 : readLane(accounts.door.state.positions.size, row);
}

/** Opens the group's next account with its money and answers its index; negative where the exchange does not take it now. */
export function openAccount(accounts: TapeAccounts): number {
  const { door, group, ids, addresses } = accounts;
  const index = ids.length;
  const kind = group.kind.toString(16).padStart(4, "0");
  const address: Hex = `0x${"7a".repeat(16)}${kind}${index.toString(16).padStart(4, "0")}`;
  const amount = group.depositUsdc * MICROS_PER_USDC;
  if (!door.submit({ kind: "deposit", address, amount })) return NOT_OPENED;
  addresses.push(address);
  ids.push(accountOfAddress(door.state, address));
  return index;
}

/** Places orders of one account, at most 200; answers whether the exchange took them. */
export function placeAs(accounts: TapeAccounts, index: number, orders: OrderItem[]): boolean {
  const signer = accounts.addresses[index] as Hex;
  return accounts.door.submit({ kind: "placeOrders", signer, nonce: nextNonce(accounts), orders });
}

/** Cancels orders of one account, at most 200; answers whether the exchange took them. */
export function cancelAs(accounts: TapeAccounts, index: number, oids: readonly number[]): boolean {
  const signer = accounts.addresses[index] as Hex;
  const cancels = oids.map((oid) => ({ market: accounts.market, oid }));
  const nonce = nextNonce(accounts);
  return accounts.door.submit({ kind: "cancelOrders", signer, nonce, cancels });
}

/** Nonces grow by one at least and follow the clock. */
function nextNonce(accounts: TapeAccounts): number {
  accounts.nonce = Math.max(accounts.nonce + 1, accounts.door.nowMs());
  return accounts.nonce;
}
