/**
 * Why a command, an order or a cancel was refused: a closed set whose numbers never change.
 * Within a band a lower number takes precedence: the first rule that fails is the one reported.
 * Texts for people and for the wire are mapped in `wire/reject-text.ts`.
 */
export const REJECT = {
  /** The signer is neither a user nor a live agent of one. */
  signerUnknown: 101,
  /** The action names a vault or sub-account that does not exist, or (a = 1) a sub-account of others. */
  vaultUnknown: 102,
  /** An agent signed an action that only the master key may sign. */
  masterKeyRequired: 103,
  /** The action's expiresAfter lies before the command's time. */
  actionExpired: 104,
  /** The nonce was used before by this signer; a = nonce. */
  nonceDuplicate: 105,
  /** The nonce is not above the smallest of the signer's 100 highest, or too old; a = nonce, b = bound. */
  nonceTooLow: 106,
  /** The nonce is more than a day ahead; a = nonce, b = bound. */
  nonceTooHigh: 107,
  /** The address has used up its request budget; a = used, b = cap, c = volume [10^-6 USDC]. */
  budgetExhausted: 108,
  /** The action carries no item. */
  batchEmpty: 109,
  /** The action carries more items than an action may. */
  batchTooLarge: 110,
  /** An order of an atomic batch was refused; a = its item, b = its own code, c = that one's figure. */
  batchFailed: 111,

  /** No market has this id. */
  marketUnknown: 201,
  /** The price is not a positive number. */
  pxInvalid: 202,
  /** The size has more decimals than the market allows or is no number. */
  szInvalid: 203,
  /** The size is zero. */
  szZero: 204,
  /** The price is no multiple of the tick or has too many significant figures. */
  pxOffTick: 205,
  /** The market has no oracle price yet. */
  oracleMissing: 206,
  /** The order form (trigger, grouping, builder) is not offered by this exchange. */
  orderKindUnsupported: 207,
  /** Another open order of the account has this cloid. */
  cloidDuplicate: 208,
  /** Price above the market's cap. */
  pxTooHigh: 209,
  /** Size, or position and open orders together, above the market's cap. */
  szTooLarge: 210,
  /** Notional below the market's minimum; a = minimum [10^-6 USDC]. */
  notionalTooSmall: 211,
  /** A reduce-only order without an opposite position. */
  reduceOnlyIncreases: 212,
  /** An add-liquidity-only order would have matched; a = best bid, b = best ask [ticks], 0 = none. */
  aloWouldMatch: 213,
  /** Free margin does not cover the order. */
  marginInsufficient: 214,
  /** An immediate-or-cancel order found nothing to match. */
  iocNoMatch: 215,
  /** All 2^21 live order slots are taken. */
  orderSlotsExhausted: 216,
  /** The lifetime's 2^32 order sequence numbers are used up. */
  orderSeqExhausted: 217,
  /** The position would lie in a margin tier that the account's leverage does not reach. */
  tierPassed: 218,
  /** The time until which the order should be good has come already. */
  orderExpired: 221,
  /** A trigger price that is none, above the market's cap, or would fire at once. */
  triggerPxBad: 231,
  /** The order that this one was placed with, to wait for its fill, was refused. */
  parentRefused: 232,
  /** The market takes cancels alone. */
  tradingHalted: 241,
  /** The market takes orders that only add liquidity. */
  postOnlyPeriod: 242,
  /** The limit lies too far from the index price, or from the trigger's; a = the bound [%]. */
  pxTooFar: 243,
  /** A buy too far above the index price, or a sell below. */
  pxOutOfBand: 244,
  /** Notional above what one order of its kind may have; a = the bound [10^-6 USDC]. */
  notionalTooLarge: 245,
  /** Too many open orders; a = the bound. */
  tooManyOrders: 250,
  /** A fill-or-kill order could not match its whole size; what shows as it fills comes last. */
  fokUnfillable: 261,
  /** An immediate order met one of the same account first, and had asked to give way. */
  selfTradePrevented: 262,
  /** A time-weighted order of less than 5 minutes or more than 7 days; a = minutes. */
  twapDurationInvalid: 271,
  /** A time-weighted order of too little notional; a = minimum [10^-6 USDC]. */
  twapTooSmall: 272,
  /** A reduce-only time-weighted order without an opposite position. */
  twapReduceOnlyIncreases: 273,

  /** The order was never placed, or is canceled or filled. */
  orderNotLive: 301,
  /** The order to modify was never placed, or is canceled or filled. */
  modifyNotLive: 302,
  /** The time-weighted order was never placed, or has ended. */
  twapNotLive: 303,

  /** The scheduled time is less than 5 s ahead. */
  scheduleTooSoon: 321,
  /** Volume too low for scheduled cancels; a = required, b = traded [10^-6 USDC]. */
  scheduleVolumeTooLow: 322,
  /** Ten scheduled cancels fired already on this UTC day. */
  scheduleDailyLimit: 323,

  /** The agent's name is longer than 16 characters. */
  agentNameTooLong: 331,
  /** The agent's validity lies in the past. */
  agentExpired: 332,
  /** The agent's address is a user or another account's agent. */
  agentAddressTaken: 333,
  /** As many named agents exist already as may; a = limit. */
  tooManyAgents: 334,
  /** The agent's validity lies too far ahead; a = how far it may [ms]. */
  agentValidityTooLong: 335,

  /** A deposit or withdrawal of zero, less, or more than a safe amount. */
  amountInvalid: 341,
  /** The withdrawal passes what the account may withdraw. */
  balanceInsufficient: 342,
  /** No account has this address. */
  accountUnknown: 343,
  /** A column of the state is full; a = its bound. */
  capacityExhausted: 344,
  /** Money sent to the account that it comes from. */
  transferToSelf: 345,

  /** The market allows isolated margin alone. */
  crossUnavailable: 359,
  /** Cross margin cannot become isolated, or the other way round, while the position is open. */
  marginKindHeld: 360,
  /** A leverage of no whole number from 1 to the market's maximum. */
  leverageInvalid: 361,
  /** An isolated position's equity does not cover its initial margin at a lower leverage. */
  isolatedLeverageUncovered: 362,
  /** Equity does not cover the initial margin at a lower leverage. */
  leverageUncovered: 363,

  /** Isolated margin is to change by nothing. */
  marginChangeZero: 501,
  /** There is no position whose margin could change. */
  marginPositionFlat: 502,
  /** The position's margin is not isolated. */
  marginNotIsolated: 503,
  /** Margin leaves positions of this market only as they are closed. */
  marginRemovalBarred: 504,
  /** The account cannot withdraw as much as is to become isolated margin. */
  marginIncreaseUncovered: 505,
  /** What would remain is less than the position's initial margin, or than 10 % of its notional. */
  marginReductionUncovered: 506,
  /** A sub-account without a name. */
  subAccountNameEmpty: 381,
  /** Volume too low for sub-accounts; a = required, b = traded [10^-6 USDC]. */
  subAccountVolumeTooLow: 382,
  /** The account has as many sub-accounts as its volume allows; a = limit. */
  tooManySubAccounts: 383,
  /** A transfer passes what its giver may withdraw. */
  subTransferUncovered: 384,

  /** The account has no such offer of a position. */
  offerUnknown: 385,
  /** The time until which the offer was good has come. */
  offerExpired: 386,
  /** The position is no longer the one that was offered. */
  offerChanged: 387,
  /** A size to move that is no positive number of lots, or more than the position has. */
  moveSzInvalid: 388,
  /** The receiver holds an opposite position. */
  moveOpposite: 389,
  /** The receiver's position would pass the market's cap, or a tier that its leverage does not reach. */
  moveTooLarge: 390,
  /** The giver would not hold the margin that it must. */
  giverUncovered: 391,
  /** The receiver would not hold the margin that it must. */
  takerUncovered: 392,
  /** One of the two holds the market on isolated margin, whose money does not move along. */
  moveIsolated: 507,
  /** An offer that ends in the past or too far ahead; a = how far it may [ms]. */
  offerExpiryInvalid: 393,
  /** The account has as many open offers as it may; a = limit. */
  tooManyOffers: 394,

  /** A market's specification breaks a rule. */
  marketSpecInvalid: 351,
  /** Margin tiers that do not rise from the market's own leverage. */
  marginTiersInvalid: 354,
  /** Another market has this name. */
  marketNameTaken: 352,
  /** An oracle price outside 1 to the market's cap. */
  oraclePxInvalid: 353,

  /** A setting of a strategy is out of bounds; a = which one of its settings, from 1. */
  strategyInvalid: 401,
  /** A grid's prices lie so close that a cycle would not earn its fees; a = the lower of two such levels. */
  gridSpacingTight: 402,
  /** The account has as many strategies as it may have; a = limit. */
  tooManyStrategies: 403,
  /** Equity does not cover the strategy with all its orders filled at the far end; a = needed, b = free. */
  strategyUncovered: 404,
  /** Liquidity pools are not switched on. */
  poolsOff: 492,
  /** No liquidity pool has this id. */
  poolUnknown: 493,
  /** A term of a pool is out of bounds; a = 1 share of fees, 2 time of the stream, 3 grid. */
  poolTermsInvalid: 494,
  /** The pool takes no deposits. */
  poolPaused: 495,
  /** The account has fewer tokens than it gives. */
  tokensInsufficient: 496,
  /** Vaults are not switched on. */
  vaultsOff: 480,
  /** A vault is opened with more; a = least [10^-6 USDC]. */
  vaultInitialTooSmall: 481,
  /** A share of profit above what it may be; a = the most [10^-4]. */
  profitShareTooHigh: 482,
  /** The vault takes no deposits. */
  vaultDepositsClosed: 483,
  /** A deposit would buy fewer shares than it asks for, or none; a = shares. */
  sharesTooFew: 484,
  /** The owner would hold less than a twentieth of the vault. */
  vaultOwnerShare: 485,
  /** The account holds no shares of the vault. */
  vaultShareless: 486,
  /** The account's last deposit is too fresh; a = locked until [ms]. */
  vaultLocked: 487,
  /** The vault cannot free the money. */
  vaultUncovered: 488,
  /** Only the owner may do that. */
  vaultNotOwner: 489,
  /** The vault holds positions. */
  vaultNotFlat: 490,
  /** The vault is closed. */
  vaultClosed: 491,
  /** A quote's spread below the least there may be; a = least [10^-6]. */
  quoteSpreadTooTight: 407,
  /** No strategy of the account has this id. */
  strategyUnknown: 405,
  /** An order of the strategy was refused as it began; a = its cell, b = the order's own code. */
  strategyOrderRefused: 406,

  /** Rules of accounts that are no whole numbers from 0 on. */
  accountRulesInvalid: 355,
  /** Rules of market making out of bounds. */
  featuresInvalid: 479,

  /** No fee schedule has this number. */
  feeScheduleUnknown: 371,
  /** A default policy with a bound that is no amount, or a way to deleverage that does not exist. */
  defaultPolicyInvalid: 451,

  /** The order's builder may not take that fee of this account. */
  builderNotApproved: 441,
  /** A builder's fee above 0.1 %, or none. */
  builderFeeTooHigh: 442,
  /** The builder has less than 100 USDC. */
  builderUnderfunded: 443,
  /** Ten builders are approved already. */
  tooManyBuilders: 444,
  /** Too little volume for a code of one's own; a = required, b = traded [10^-6 USDC]. */
  referralVolumeTooLow: 411,
  /** The account has a code. */
  referralCodeSet: 412,
  /** The code is no text of 1 to 20 printable characters. */
  referralCodeInvalid: 413,
  /** Another account has this code. */
  referralCodeTaken: 414,
  /** Nobody has this code. */
  referralCodeUnknown: 421,
  /** The code is the account's own. */
  referrerIsSelf: 422,
  /** The account has a referrer. */
  referrerSet: 423,
  /** Nothing is owed to the account. */
  rewardsNone: 431,
  /** Terms of funding, or an impact notional, out of bounds. */
  fundingTermsInvalid: 372,
  /** A mark policy that does not exist, or time constants out of bounds. */
  markTermsInvalid: 373,

  /** A setting that protects a market, or a state of one, is none or out of bounds. */
  protectionInvalid: 395,
  /** An order that adds to a position where the market's open interest is at its cap. */
  openInterestCapped: 460,
  /** The order may lead to a larger position than the account's limit; a = limit [lots]. */
  riskPositionPassed: 461,
  /** The same in notional at mark; a = limit [10^-6 USDC]. */
  riskNotionalPassed: 462,
  /** More positions than the account's limit; a = limit. */
  riskPositionsPassed: 463,
  /** A higher leverage of the whole account than its limit; a = limit [10^-2]. */
  riskLeveragePassed: 464,
  /** All that the order could match lies farther from the mark price than its slippage. */
  slippagePassed: 465,
  /** Risk limits that are no amounts. */
  riskLimitsInvalid: 466,
} as const;

/** A reject's fixed number. */
export type RejectCode = (typeof REJECT)[keyof typeof REJECT];
/** A reject's name. */
export type RejectName = keyof typeof REJECT;

const NAMES = new Map<number, RejectName>(
  (Object.keys(REJECT) as RejectName[]).map((name) => [REJECT[name], name]),
);

/** Name of a reject number, or undefined for a number outside the set. */
export const rejectName = (code: number): RejectName | undefined => NAMES.get(code);

/** Why an open order ended without being filled; numbers never change. */
export const CANCEL_REASON = {
  /** The account asked for it. */
  requested: 1,
  /** What an immediate-or-cancel order could not match. */
  iocRemainder: 2,
  /** It would have traded with the same account. */
  selfTrade: 3,
  /** Its account's margin did not cover it at match. */
  margin: 4,
  /** The position it would have reduced is gone. */
  reduceOnly: 5,
  /** Its account is being liquidated. */
  liquidated: 6,
  /** The account's scheduled cancel fired. */
  scheduled: 7,
  /** A modify replaced it. */
  modified: 8,
  /** The time until which it was good has come. */
  expired: 9,
  /** It was triggered and found nothing to match. */
  noLiquidity: 21,
  /** Another order tied to the same position filled. */
  siblingFilled: 22,
  /** Its vault needed the margin for a withdrawal. */
  vaultWithdrawal: 42,
  /** The strategy that kept it moved it or ended. */
  strategy: 41,
  /** The order whose fill it waited for ended. */
  parentEnded: 23,
} as const;

/** A cancel reason's fixed number. */
export type CancelReason = (typeof CANCEL_REASON)[keyof typeof CANCEL_REASON];
/** A cancel reason's name. */
export type CancelReasonName = keyof typeof CANCEL_REASON;

const CANCEL_NAMES = new Map<number, CancelReasonName>(
  (Object.keys(CANCEL_REASON) as CancelReasonName[]).map((name) => [CANCEL_REASON[name], name]),
);

/** Name of a cancel reason number, or undefined for a number outside the set. */
export const cancelReasonName = (code: number): CancelReasonName | undefined =>
  CANCEL_NAMES.get(code);
