/**
 * The command record: what enters the exchange, and all that the journal keeps.
 *
 * A record is a run of float64 lanes that hold integers and a byte side-area for addresses, names
 * and client order ids. A header is followed by up to {@link COMMAND_ITEMS_MAX} items (the orders or
 * cancels of a batch). The caller owns the record and reuses it; nothing here allocates per command
 * but {@link createCommandRecord}. As bytes it is in `command-encoding.ts`, as an object for tests and
 * edges in `command-codec.ts`.
 */

import type { Stp } from "../base/self-trade.ts";

/** Command kinds; numbers never change. */
export const COMMAND = {
  /** Time passes: due work is done. Sent once a second when due, and while work is queued. */
  tick: 1,
  /** Admin: opens a market. */
  createMarket: 2,
  /** Admin: sets oracle prices; items carry market and price. */
  setOraclePrices: 3,
  /** Admin: credits an account, opening it where it is new. */
  deposit: 4,
  /** Admin: debits an account within what it may withdraw. */
  withdraw: 5,
  /** Admin: switches the per-address request budget on or off. */
  setLimits: 6,
  /** Admin: puts a fee schedule in force. */
  setFeeSchedule: 7,
  /** Admin: sets the stake that an account has its discount for. */
  setStake: 8,
  /** Admin: sets a market's margin tiers beyond its first; items carry bound and leverage. */
  setMarginTiers: 9,
  placeOrders: 10,
  cancelOrders: 11,
  cancelByCloid: 12,
  /** One order replaced; answered `default`. */
  modifyOrder: 13,
  /** Several orders replaced; answered like orders. */
  modifyOrders: 14,
  scheduleCancel: 15,
  /** Master key only: appoints, renames or removes an agent. */
  approveAgent: 16,
  /** Does nothing but use up the nonce. */
  noop: 17,
  /** Starts a time-weighted order: item 0 has market, side, size and reduce-only. */
  twapOrder: 18,
  /** Ends one: item 0 has its market, and its id as the target. */
  twapCancel: 19,
  /** Sets an account's leverage on a market. */
  updateLeverage: 30,
  /** Opens a sub-account; the name is item 0's cloid bytes. */
  createSubAccount: 31,
  /** Moves money to or from a sub-account; its address is the subject. */
  subAccountTransfer: 32,
  /** Moves margin into or out of an isolated position. */
  updateIsolatedMargin: 36,
  /** Moves as much margin into an isolated position as a leverage asks for. */
  topUpIsolatedMargin: 37,
  /** Master key only: sends money to another address; its address is the subject. */
  usdSend: 40,
  /** Gives a sub-account another name; its address is the subject, the name item 0's cloid bytes. */
  renameSubAccount: 41,
  /** Moves part of a position to or from a sub-account; its address is the subject. */
  movePosition: 42,
  /** Master key only: offers part of a position to the address in item 0's bytes. */
  offerPosition: 43,
  /** Master key only: takes an offer of a position. */
  acceptOffer: 44,
  /** Takes back an offer, or declines it. */
  endOffer: 45,
  /** Cancels all of an account's orders, or all on one market. */
  cancelAll: 50,
  /** Gives an account a referral code; the code is item 0's bytes. */
  registerReferrer: 54,
  /** Names an account's referrer by its code. */
  setReferrer: 55,
  /** Master key only: lets a builder take a fee. */
  approveBuilderFee: 56,
  /** Pays what was earned as a referrer and builder. */
  claimRewards: 57,
  /** Admin: puts terms of funding in force; items carry market and impact notional. */
  setFunding: 62,
  /** Admin: says how marks follow; items carry the markets. */
  setMark: 63,
  /** Admin: changes settings that protect a market; items carry setting and value. */
  setProtection: 70,
  /** Admin: halts a market, or opens it. */
  setMarketState: 71,
  /** Admin: sets the rules of accounts; they stand in the lanes of two items. */
  setAccountRules: 80,
  /** Admin: says what happens to accounts that cannot be closed in time. */
  setDefaultPolicy: 90,
  /** Admin: pays money into the insurance account. */
  fundInsurance: 91,
  /** Admin: switches parts of market making on, with their rules; in the lanes from arg0 on. */
  setFeatures: 95,
  /** Admin: opens a liquidity pool: its grid as in `startGrid`, the rest in item 0. */
  createPool: 96,
  /** Admin: has a liquidity pool rest, or go on. */
  pausePool: 97,
  /** Admin: holds an account to risk limits, beside its owner's. */
  setRiskLimits: 98,
  /** Starts a grid; its stop prices and tag are item 0's. */
  startGrid: 100,
  /** Pauses, resumes or ends a strategy. */
  controlStrategy: 101,
  /** Starts a two-sided quote, or sets one that there is anew; its terms go on in item 0. */
  setQuote: 102,
  /** Starts a strategy that keeps the account's net exposure small. */
  startDeltaNeutral: 103,
  /** Opens a vault; its name and description are the items' bytes. */
  createVault: 110,
  /** Money into or out of the vault that is the subject. */
  vaultTransfer: 111,
  /** What the vault that is the subject takes and does. */
  vaultModify: 112,
  /** Pays out to all depositors of the vault that is the subject. */
  vaultDistribute: 113,
  /** Manager (item 0's bytes), terms and rest of the vault that is the subject. */
  setVault: 114,
  /** Money into a liquidity pool for tokens, or tokens back for money. */
  changeLiquidity: 120,
  /** Master key only: sets what the account may not add to. */
  riskLimits: 130,
} as const;

/** Admin kinds lie below {@link COMMAND}.placeOrders and from here on to {@link ADMIN_KINDS_END}. */
export const ADMIN_KINDS_FROM = 60;
/** First kind behind the admin kinds: what users do with strategies. */
export const ADMIN_KINDS_END = 100;

/** A command kind's fixed number. */
export type CommandKind = (typeof COMMAND)[keyof typeof COMMAND];

/** Signed kinds whose subject is what they are about, not whom they act for. */
export const isAboutSubject = (kind: number): boolean =>
  kind === COMMAND.approveAgent ||
  kind === COMMAND.subAccountTransfer ||
  kind === COMMAND.usdSend ||
  kind === COMMAND.renameSubAccount ||
  kind === COMMAND.approveBuilderFee ||
  kind === COMMAND.movePosition ||
  (kind >= COMMAND.vaultTransfer && kind <= COMMAND.setVault);

/** Most items (orders, cancels, prices) that one command carries. */
export const COMMAND_ITEMS_MAX = 200;

/** Lanes of the header: what every command has. */
export const HEADER = {
  kind: 0,
  /** Position in the journal; stamped by the sequencer. */
  seq: 1,
  /** Stamped by the sequencer, never below the command before [ms]. */
  timeMs: 2,
  /** The signer's nonce; 0 for commands without a signer. */
  nonce: 3,
  /** Refuse after this time; 0 = never [ms]. */
  expiresAfterMs: 4,
  itemCount: 5,
  /** Meaning depends on the kind; see the constants below. */
  arg0: 6,
  arg1: 7,
  arg2: 8,
  arg3: 9,
  arg4: 10,
  arg5: 11,
} as const;
/** Number of header lanes. */
export const HEADER_LANES = 12;
/** Offset of the signer's (or the credited account's) address in the bytes; 20 bytes. */
export const SIGNER_AT = 0;
/**
 * Offset of the second address in the bytes, 20 bytes: the vault or sub-account acted for (all zero
 * = none), an agent's address, or a market's name padded with zeros.
 */
export const SUBJECT_AT = 20;
/** Number of header bytes. */
const HEADER_BYTES = 40;

/** Lanes of an item. */
export const ITEM = {
  market: 0,
  side: 1,
  /** Positive, or one of {@link PX_INVALID}, {@link PX_OFF_TICK} [ticks]. */
  px: 2,
  /** Not negative, or {@link SZ_INVALID} [lots]. */
  sz: 3,
  /** A `TIF` number. */
  tif: 4,
  /** Sum of {@link ITEM_FLAG} values. */
  flags: 5,
  /** The order to cancel or modify; 0 = named by the target cloid. */
  targetOid: 6,
  /** Of a trigger order: mark price that fires it, or as {@link px} where that is none [ticks]. */
  triggerPx: 7,
  /** Of an oracle price: mid of other venues' perps; 0 = not known [ticks]. */
  elsewherePx: 7,
  /** Of an order with {@link ITEM_FLAG}.slippage, which names no other: farthest from mark it may fill [10^-6]. */
  slippage: 6,
  /** Of an order with {@link ITEM_FLAG}.expires, which no trigger order is: good until then [ms]. */
  expiresAtMs: 7,
} as const;
/** Number of lanes of an item. */
export const ITEM_LANES = 8;
/** Offset of the order's own cloid within an item's bytes; 16 bytes. */
export const ITEM_CLOID_AT = 0;
/** Offset of the cloid of the order to cancel or modify within an item's bytes; 16 bytes. */
export const ITEM_TARGET_CLOID_AT = 16;
/** Number of bytes of an item. */
const ITEM_BYTES = 32;

/** Bits of an item's flags. */
export const ITEM_FLAG = {
  reduceOnly: 1,
  hasCloid: 2,
  /** Modify: the replacement may cross (the wire's `a: true`). */
  alwaysPlace: 4,
  /** The wire asked for a form that is not offered (grouping, builder). */
  unsupported: 8,
  /** It waits until the mark price reaches `triggerPx`; time in force ioc = at market, gtc = at limit. */
  trigger: 256,
  /** A trigger order that takes profit; else it stops a loss. */
  takeProfit: 512,
  /** A trigger order tied to the position: of size zero it follows it, and it ends with its siblings. */
  position: 1024,
  /** The items directly behind it that are {@link ITEM_FLAG}.child wait for its fill. */
  parent: 2048,
  /** A trigger order that waits for the fill of the parent before it, and takes its size. */
  child: 4096,
  /** A stop at market whose price follows mark: its trigger lane holds the offset, in ticks or in bps. */
  trailing: 8192,
  trailingBps: 16_384,
  /** Immediate orders: no fill farther from the mark price of its entry than its item says. */
  slippage: 65_536,
  /** Good until the item's time. */
  expires: 16,
  /** Add liquidity only: rest at the best price that does not cross instead of being refused. */
  slide: 32,
  /** Self-trades are those within the account's group: its master and all of that one's sub-accounts. */
  groupScope: 32_768,
} as const;
/** Lowest of two bits of an item's flags that hold an `STP` number. */
export const ITEM_STP_SHIFT = 6;

/** What an item's flags say about self-trades. */
export const stpOfFlags = (flags: number): Stp => ((flags >>> ITEM_STP_SHIFT) & 3) as Stp;

/** Price lane of an order whose price is no positive number. */
export const PX_INVALID = -1;
/** Price lane of an order whose price has more decimals than the market has. */
export const PX_OFF_TICK = -2;
/** Size lane of an order whose size is no number or has more decimals than the market has. */
export const SZ_INVALID = -1;

/** `createMarket`: the name is at {@link SUBJECT_AT}; arguments in lanes. */
export const CREATE_MARKET = {
  szDecimals: HEADER.arg0,
  maxLeverage: HEADER.arg1,
  pxMax: HEADER.arg2,
  positionMax: HEADER.arg3,
  notionalMin: HEADER.arg4,
  /** Price rule (0 = five significant figures, 1 = every tick) + 2 x number of the margin mode. */
  rules: HEADER.arg5,
} as const;
/** `setDefaultPolicy`: arguments in lanes; the backstop's address is at {@link SIGNER_AT}, all zero = none. */
export const DEFAULT_POLICY = {
  /** An `ADL` number. */
  adl: HEADER.arg0,
  /** [10^-6 USDC] */
  partialAbove: HEADER.arg1,
  lossMax: HEADER.arg2,
} as const;
/** `deposit`, `withdraw`, `fundInsurance` [10^-6 USDC] and `setStake` [10^-6 tokens]: amount in this lane. */
export const TRANSFER_AMOUNT = HEADER.arg0;
/** `setMarginTiers`: the market; an item's size is where the tier begins [10^-6 USDC], its price the highest leverage. */
export const TIERS_MARKET = HEADER.arg0;
/** `setLimits`: 1 = the per-address request budget is enforced. */
export const LIMITS_ON = HEADER.arg0;
/** `setFunding`: terms in lanes; an item's px lane is the impact notional [10^-6 USDC]. */
export const FUNDING_ARGS = {
  intervalMs: HEADER.arg0,
  sampleMs: HEADER.arg1,
  interest: HEADER.arg2,
  clamp: HEADER.arg3,
  divisor: HEADER.arg4,
  cap: HEADER.arg5,
} as const;
/** `setMark`: a `MARK_POLICY` number and time constants [ms]. */
export const MARK_ARGS = {
  policy: HEADER.arg0,
  basisTauMs: HEADER.arg1,
  bookTauMs: HEADER.arg2,
} as const;
/** `setFeeSchedule`: number of the schedule. */
export const FEE_SCHEDULE = HEADER.arg0;
/** `placeOrders`: 1 = all of its orders or none. */
export const BATCH_ATOMIC = HEADER.arg5;
/** `placeOrders`: account of the builder + 1, 0 = none, and its fee [10^-5]. */
export const PLACE_BUILDER = { account: HEADER.arg0, fee: HEADER.arg1 } as const;
/** `approveBuilderFee`: the highest fee [10^-5]; the builder's address is at {@link SUBJECT_AT}. */
export const BUILDER_FEE = HEADER.arg0;
/** `scheduleCancel`: time, or 0 to disarm [ms]. */
export const SCHEDULE_TIME = HEADER.arg0;
/** `twapOrder`: minutes, 1 = randomize; prices that start and stop it, or 0 for none [ticks], and 1 where it starts above. */
export const TWAP_ARGS = {
  minutes: HEADER.arg0,
  randomize: HEADER.arg1,
  triggerPx: HEADER.arg2,
  above: HEADER.arg3,
  stopPx: HEADER.arg4,
} as const;
/** `updateLeverage`: market, leverage, and 1 for cross margin, 0 for isolated. */
export const UPDATE_LEVERAGE = {
  market: HEADER.arg0,
  leverage: HEADER.arg1,
  isCross: HEADER.arg2,
} as const;
/** `updateIsolatedMargin`: market, and amount, negative = out of the position [10^-6 USDC]. */
export const UPDATE_MARGIN = { market: HEADER.arg0, amount: HEADER.arg1 } as const;
/** `topUpIsolatedMargin`: market, and the leverage that the position shall have [10^-6]. */
export const TOP_UP_MARGIN = { market: HEADER.arg0, leverage: HEADER.arg1 } as const;
/** `subAccountTransfer`: amount [10^-6 USDC], and 1 from the master to it, 0 back. */
export const SUB_TRANSFER = { amount: HEADER.arg0, isDeposit: HEADER.arg1 } as const;
/** `movePosition`, `offerPosition`: size [lots], and money that goes with it, negative = comes back [10^-6 USDC]. */
export const MOVE = {
  market: HEADER.arg0,
  sz: HEADER.arg1,
  usd: HEADER.arg2,
  /** `movePosition`: 1 = to the sub-account. */
  isSplit: HEADER.arg3,
  /** `offerPosition`: good before then [ms]. */
  expiresAtMs: HEADER.arg3,
} as const;
/** `acceptOffer`, `endOffer`: the offer. */
export const OFFER_ID = HEADER.arg0;
/** `setAccountRules`: items whose lanes, run together, hold the rules in the order of their names. */
export const ACCOUNT_RULES_ITEMS = 2;
/** `setProtection`: the market; an item's price is the number of a setting, its size the value. */
export const PROTECTION_MARKET = HEADER.arg0;
/** `setMarketState`: the market, a `MARKET_STATE` number, and until when, 0 = until it is changed [ms]. */
export const SET_MARKET_STATE = {
  market: HEADER.arg0,
  state: HEADER.arg1,
  untilMs: HEADER.arg2,
} as const;
/** `riskLimits`, `setRiskLimits`: market, -1 = across all; position [lots] or positions; notional [10^-6 USDC] or leverage [10^-2]. */
export const RISK_ARGS = {
  market: HEADER.arg0,
  size: HEADER.arg1,
  exposure: HEADER.arg2,
} as const;
/** `cancelAll`: the market, and 1 where it is for that one alone. */
export const CANCEL_ALL = { market: HEADER.arg0, isOne: HEADER.arg1 } as const;
/** `startGrid`: market, lowest and highest price [ticks], prices, size of an order [lots], {@link GRID_FLAG} values. */
export const GRID_ARGS = {
  market: HEADER.arg0,
  lowPx: HEADER.arg1,
  highPx: HEADER.arg2,
  levels: HEADER.arg3,
  size: HEADER.arg4,
  flags: HEADER.arg5,
} as const;
/** Bits of a grid's flags. */
export const GRID_FLAG = {
  /** Neighbouring prices differ by a factor, not by an amount. */
  geometric: 1,
  /** It begins with a position of all its sells, or short of all its buys. */
  long: 2,
  short: 4,
  /** Beyond its range it moves along; else it pauses until the price is back. */
  shift: 8,
} as const;
/** `setQuote`: market, spread [10^-6], size [lots], times [ms], {@link QUOTE_FLAG} values. */
export const QUOTE_ARGS = {
  market: HEADER.arg0,
  spread: HEADER.arg1,
  size: HEADER.arg2,
  intervalMs: HEADER.arg3,
  ttlMs: HEADER.arg4,
  flags: HEADER.arg5,
} as const;
/** Lanes of its item: the tag, position limit [lots], fade [10^-6]. */
export const QUOTE_ITEM = { tag: ITEM.side, positionMax: ITEM.sz, fade: ITEM.px } as const;
/** Bits of a quote's flags. */
export const QUOTE_FLAG = {
  /** No leg without the other. */
  bothOrNone: 1,
} as const;
/** `startDeltaNeutral`: market to hedge on, threshold [10^-6 USDC], least time between hedges [ms]. */
export const DELTA_NEUTRAL_ARGS = {
  market: HEADER.arg0,
  threshold: HEADER.arg1,
  intervalMs: HEADER.arg2,
} as const;
/** `createVault`: first deposit [10^-6 USDC], share of profit [10^-4]. */
export const CREATE_VAULT = { amount: HEADER.arg0, profitShareBps: HEADER.arg1 } as const;
/** Items of the record whose bytes hold a vault's name and description. */
export const VAULT_TEXT_ITEMS = 10;
/** `vaultTransfer`: amount [10^-6 USDC], 1 = into it, and the least shares that it must buy. */
export const VAULT_TRANSFER = {
  amount: HEADER.arg0,
  isDeposit: HEADER.arg1,
  sharesMin: HEADER.arg2,
} as const;
/** `vaultModify`: 0 or 1 each; -1 = as it is. */
export const VAULT_MODIFY = { allowDeposits: HEADER.arg0, alwaysClose: HEADER.arg1 } as const;
/** `createPool`, lanes of the item: part of takers' fees [10^-4], time that a fee is on its way [ms]. */
export const POOL_ITEM = { feeShareBps: ITEM.px, streamMs: ITEM.sz } as const;
/**
 * `changeLiquidity`: the pool, 1 = a deposit, its amount [10^-6 USDC] or the tokens given back, and
 * the least of the other. `pausePool`: the pool, and 1 in the amount's lane to rest.
 */
export const LIQUIDITY = {
  pool: HEADER.arg0,
  isDeposit: HEADER.arg1,
  amount: HEADER.arg2,
  least: HEADER.arg3,
} as const;
/** `setVault`: a {@link VAULT_SETTING} and its value. */
export const SET_VAULT = { setting: HEADER.arg0, value: HEADER.arg1 } as const;
/** What is changed about a vault; numbers never change. */
export const VAULT_SETTING = {
  manager: 1,
  profitShare: 2,
  paused: 3,
  modified: 4,
  closed: 5,
} as const;
/** `controlStrategy`: id of the strategy, and a {@link CONTROL} number. */
export const CONTROL_ARGS = { id: HEADER.arg0, control: HEADER.arg1 } as const;
/** What can be asked of a strategy; `flatten` = end, and close the position that it made. */
export const CONTROL = { pause: 1, resume: 2, end: 3, flatten: 4 } as const;
/** `approveAgent`: end of validity, or 0 for the default of 90 days [ms]; the name is item 0's cloid bytes. */
export const AGENT_VALID_UNTIL = HEADER.arg0;
/** Longest name of an agent [bytes of UTF-8]. */
export const AGENT_NAME_BYTES = 16;

/** Longest referral code [bytes]. */
export const REFERRAL_CODE_BYTES = 20;

/** A command as numbers and bytes; reused by its owner. */
export interface CommandRecord {
  readonly lanes: Float64Array;
  /** The same lanes as two words each, in the machine's order. */
  readonly laneWords: Int32Array;
  readonly bytes: Uint8Array;
  /** The same bytes, four at a time in the machine's order, for copying. */
  readonly words: Int32Array;
}

/** A record with room for `itemsMax` items. */
export function createCommandRecord(itemsMax: number = COMMAND_ITEMS_MAX): CommandRecord {
  const lanes = new Float64Array(HEADER_LANES + itemsMax * ITEM_LANES);
  const bytes = new Uint8Array(HEADER_BYTES + itemsMax * ITEM_BYTES);
  return {
    lanes,
    laneWords: new Int32Array(lanes.buffer),
    bytes,
    words: new Int32Array(bytes.buffer),
  };
}

/** Number of items in a record. */
export const itemCount = (record: CommandRecord): number =>
  record.lanes[HEADER.itemCount] as number;
/** First lane of item `index`. */
export const itemLane = (index: number): number => HEADER_LANES + index * ITEM_LANES;
/** First byte of item `index`. */
export const itemByte = (index: number): number => HEADER_BYTES + index * ITEM_BYTES;

/** Empties a record and sets its kind; the item count decides how much of it counts. */
export function beginCommand(record: CommandRecord, kind: CommandKind, items: number): void {
  record.lanes.fill(0, 0, HEADER_LANES + items * ITEM_LANES);
  record.bytes.fill(0, 0, HEADER_BYTES + items * ITEM_BYTES);
  record.lanes[HEADER.kind] = kind;
  record.lanes[HEADER.itemCount] = items;
}
