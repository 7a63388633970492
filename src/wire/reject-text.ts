/** What clients read when something was refused: texts and order statuses for every reject code. */
import { CANCEL_REASON, type CancelReason, REJECT, type RejectCode } from "../base/reject-code.ts";
import { canonicalDecimal, formatPx, formatUsdc } from "./decimal.ts";

/** A reject with its figures (see `REJECT` for what a, b and c mean). */
export interface RejectFacts {
  readonly code: RejectCode;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** What a text may mention besides the reject's own figures. */
export interface RejectPlace {
  /** Asset id as the client sent it. */
  readonly asset?: number;
  /** Size decimals of the market, for prices in texts. */
  readonly szDecimals?: number;
  /** Signer or account that the reject is about. */
  readonly address?: string;
  /** Vault or sub-account that the action named. */
  readonly subject?: string;
}

/** Final status of an order in orderStatus, histories and orderUpdates. */
export type OrderStatusWord =
  | "open"
  | "triggered"
  | "filled"
  | "canceled"
  | "rejected"
  | "marginCanceled"
  | "selfTradeCanceled"
  | "reduceOnlyCanceled"
  | "liquidatedCanceled"
  | "siblingFilledCanceled"
  | "scheduledCancel"
  | "vaultWithdrawalCanceled"
  | "tickRejected"
  | "minTradeNtlRejected"
  | "perpMarginRejected"
  | "reduceOnlyRejected"
  | "badAloPxRejected"
  | "iocCancelRejected"
  | "badTriggerPxRejected"
  | "marketOrderNoLiquidityRejected"
  | "positionIncreaseAtOpenInterestCapRejected"
  | "oracleRejected"
  | "perpMaxPositionRejected"
  | "tooManyOpenOrdersRejected";

type Text = (facts: RejectFacts, place: RejectPlace) => string;

const fixed =
  (text: string): Text =>
  () =>
    text;
const withAsset =
  (text: string): Text =>
  (_, { asset }) =>
    asset === undefined ? text : `${text} asset=${asset}`;
const withAddress =
  (before: string, behind = ""): Text =>
  (_, { address }) =>
    `${before}${address ?? ""}${behind}`;
const plainUsdc = (micros: number): string => canonicalDecimal(formatUsdc(micros)) ?? "0";

const aloText: Text = (facts, place) => {
  const px = (ticks: number): string => {
    const text = formatPx(ticks, place.szDecimals ?? 0);
    return canonicalDecimal(text) ?? text;
  };
  const bbo = `${px(facts.a)}@${px(facts.b)}`;
  return withAsset(`Post only order would have immediately matched, bbo was ${bbo}.`)(facts, place);
};

const ATOMIC_ITEMS_MAX = 100;
const DAY_MS = 86_400_000;

/** What one order of a batch was refused for; of its figures a batch tells one, so no prices. */
const batchText = (code: RejectCode, a: number): string =>
  code === REJECT.aloWouldMatch
    ? "Post only order would have immediately matched."
    : ((TEXTS[code] as Text | undefined)?.({ code, a, b: 0, c: 0 }, {}) ?? "");

const TEXTS: Readonly<Record<RejectCode, Text>> = {
  [REJECT.signerUnknown]: withAddress("User or API Wallet ", " does not exist."),
  [REJECT.vaultUnknown]: ({ a }, { address = "", subject = "" }) =>
    a === 1
      ? `Sub-account ${subject} is not registered to ${address}`
      : `Vault not registered: ${subject}`,
  [REJECT.masterKeyRequired]: withAddress("Must deposit before performing actions. User: "),
  [REJECT.actionExpired]: fixed("Action already expired"),
  [REJECT.nonceDuplicate]: ({ a }) => `Invalid nonce: duplicate nonce ${a}`,
  [REJECT.nonceTooLow]: ({ a, b }) => `Invalid nonce: nonce too low ${a} < ${b}`,
  [REJECT.nonceTooHigh]: ({ a, b }) => `Invalid nonce: nonce too high ${a} > ${b}`,
  [REJECT.budgetExhausted]: ({ a, b, c }) =>
    `Too many cumulative requests sent (${a} > ${b}) for cumulative volume traded $${plainUsdc(c)}. ` +
    "Place taker orders to free up 1 request per USDC traded.",
  [REJECT.batchEmpty]: fixed("Action has no items."),
  [REJECT.batchTooLarge]: ({ a }) =>
    a === ATOMIC_ITEMS_MAX
      ? `Atomic batch carries more than ${a} orders.`
      : "Signed action over weight limit of 200.",
  [REJECT.batchFailed]: ({ a, b, c }) =>
    `Atomic batch refused at order ${a + 1}: ${batchText(b as RejectCode, c)}`,

  [REJECT.marketUnknown]: withAsset("Asset does not exist."),
  [REJECT.pxInvalid]: fixed("Order has invalid price."),
  [REJECT.szInvalid]: fixed("Order has invalid size."),
  [REJECT.szZero]: fixed("Order has zero size."),
  [REJECT.pxOffTick]: withAsset("Price must be divisible by tick size."),
  [REJECT.oracleMissing]: withAsset("Asset has no oracle price yet."),
  [REJECT.orderKindUnsupported]: withAsset(
    "This order grouping, or a builder fee, is not offered.",
  ),
  [REJECT.cloidDuplicate]: withAsset("Client order id is in use by an open order."),
  [REJECT.pxTooHigh]: withAsset("Price too far from oracle"),
  [REJECT.szTooLarge]: withAsset(
    "Order would cause position to exceed margin tier limit at current leverage",
  ),
  [REJECT.tierPassed]: withAsset(
    "Order would cause position to exceed margin tier limit at current leverage",
  ),
  [REJECT.notionalTooSmall]: (facts, place) =>
    withAsset(`Order must have minimum value of $${plainUsdc(facts.a)}.`)(facts, place),
  [REJECT.reduceOnlyIncreases]: withAsset("Reduce only order would increase position."),
  [REJECT.aloWouldMatch]: aloText,
  [REJECT.marginInsufficient]: withAsset("Insufficient margin to place order."),
  [REJECT.iocNoMatch]: withAsset("Order could not immediately match against any resting orders."),
  [REJECT.orderSlotsExhausted]: withAsset("Exchange is out of live order slots."),
  [REJECT.orderSeqExhausted]: withAsset("Exchange is out of order ids."),
  [REJECT.orderExpired]: withAsset("Order is good until a time that has passed."),
  [REJECT.fokUnfillable]: withAsset("Fill or kill order could not fill its whole size at once."),
  [REJECT.selfTradePrevented]: withAsset("Order would have traded with the same account."),
  [REJECT.triggerPxBad]: withAsset("Invalid TP/SL price."),
  [REJECT.parentRefused]: withAsset("Main order was refused."),
  [REJECT.tradingHalted]: fixed("Trading is halted."),
  [REJECT.postOnlyPeriod]: fixed(
    "Only post-only orders allowed immediately after a network upgrade",
  ),
  [REJECT.pxTooFar]: ({ a }) =>
    `Order price cannot be more than ${a}% away from the reference price`,
  [REJECT.pxOutOfBand]: withAsset("Price too far from oracle"),
  [REJECT.notionalTooLarge]: (facts, place) =>
    withAsset(`Order must not exceed a value of $${plainUsdc(facts.a)}.`)(facts, place),
  [REJECT.tooManyOrders]: (facts, place) =>
    withAsset(`Too many open orders, at most ${facts.a} are allowed.`)(facts, place),
  [REJECT.twapDurationInvalid]: ({ a }) => `Invalid TWAP duration: ${a} min(s)`,
  [REJECT.twapTooSmall]: ({ a }) => `TWAP order value too small. Min is $${plainUsdc(a)}.`,
  [REJECT.twapReduceOnlyIncreases]: fixed("Reduce-only TWAP order would increase position."),

  [REJECT.orderNotLive]: withAsset("Order was never placed, already canceled, or filled."),
  [REJECT.modifyNotLive]: fixed("Cannot modify canceled or filled order"),
  [REJECT.twapNotLive]: fixed("TWAP was never placed, already canceled, or filled."),

  [REJECT.scheduleTooSoon]: fixed(
    "Scheduled cancel time must be at least 5 seconds in the future.",
  ),
  [REJECT.scheduleVolumeTooLow]: ({ a, b }) =>
    "Cannot set scheduled cancel time until enough volume traded. " +
    `Required: $${plainUsdc(a)}. Traded: $${plainUsdc(b)}.`,
  [REJECT.scheduleDailyLimit]: fixed(
    "Cannot set scheduled cancel time: 10 scheduled cancels were triggered today.",
  ),

  [REJECT.agentNameTooLong]: fixed("Agent name is longer than 16 characters."),
  [REJECT.agentExpired]: fixed("Agent valid_until already expired."),
  [REJECT.agentAddressTaken]: fixed("Extra agent already used."),
  [REJECT.tooManyAgents]: ({ a }) =>
    `Too many extra agents for cumulative volume traded. Current limit is ${a}`,

  [REJECT.agentValidityTooLong]: ({ a }) => `Agent valid_until must lie within ${a / DAY_MS} days.`,

  [REJECT.amountInvalid]: fixed("Amount must be positive."),
  [REJECT.balanceInsufficient]: fixed("Insufficient balance for withdrawal."),
  [REJECT.accountUnknown]: withAddress("Must deposit before performing actions. User: "),
  [REJECT.capacityExhausted]: ({ a }) => `Exchange is full: no more than ${a} rows.`,

  [REJECT.transferToSelf]: fixed("Cannot transfer to the same account."),
  [REJECT.accountRulesInvalid]: fixed("Account rules must be whole numbers from 0 on."),

  [REJECT.marginTiersInvalid]: fixed("Margin tiers must rise from the market's own leverage."),
  [REJECT.subAccountNameEmpty]: fixed("Sub-account name must not be empty."),
  [REJECT.subAccountVolumeTooLow]: ({ a, b }) =>
    "Cannot create sub-accounts until enough volume traded. " +
    `Required: $${plainUsdc(a)}. Traded: $${plainUsdc(b)}.`,
  [REJECT.tooManySubAccounts]: ({ a }) => `Too many sub-accounts. Current limit is ${a}`,
  [REJECT.subTransferUncovered]: (_, { address = "", subject = "" }) =>
    `Invalid sub-account transfer from ${address} to ${subject}`,
  [REJECT.offerUnknown]: fixed("No such position offer."),
  [REJECT.offerExpired]: fixed("Position offer has expired."),
  [REJECT.offerChanged]: fixed("Position is no longer as it was offered."),
  [REJECT.moveSzInvalid]: withAsset("Size to move must be positive and within the position."),
  [REJECT.moveIsolated]: withAsset("A position on isolated margin cannot be moved."),
  [REJECT.moveOpposite]: withAsset("Receiver holds an opposite position."),
  [REJECT.moveTooLarge]: withAsset(
    "Receiver's position would exceed margin tier limit at current leverage",
  ),
  [REJECT.giverUncovered]: withAsset("Sender would not hold sufficient margin after the transfer."),
  [REJECT.takerUncovered]: withAsset(
    "Receiver would not hold sufficient margin after the transfer.",
  ),
  [REJECT.offerExpiryInvalid]: ({ a }) =>
    `Position offer must expire within ${a / DAY_MS} days from now.`,
  [REJECT.tooManyOffers]: ({ a }) => `Too many open position offers. Current limit is ${a}`,
  [REJECT.leverageInvalid]: fixed("Invalid leverage value"),
  [REJECT.crossUnavailable]: fixed("Cross margin is not allowed for this asset."),
  [REJECT.leverageUncovered]: fixed(
    "Cross position does not have sufficient margin available to decrease leverage. " +
      "To decrease leverage, deposit more collateral.",
  ),
  [REJECT.marginKindHeld]: fixed("Cannot switch leverage type with open position."),
  [REJECT.isolatedLeverageUncovered]: fixed(
    "Isolated position does not have sufficient margin available to decrease leverage. " +
      "To decrease leverage, add margin to the position.",
  ),

  [REJECT.marginChangeZero]: fixed("Update to isolated margin cannot be zero."),
  [REJECT.marginPositionFlat]: fixed("Cannot update margin for empty position."),
  [REJECT.marginNotIsolated]: fixed("Position does not use isolated margin."),
  [REJECT.marginRemovalBarred]: fixed(
    "Cannot remove isolated margin for this asset. To remove margin, reduce the position.",
  ),
  [REJECT.marginIncreaseUncovered]: fixed(
    "Account does not have sufficient margin available for increase.",
  ),
  [REJECT.marginReductionUncovered]: fixed(
    "Position does not have sufficient margin for reduction.",
  ),

  [REJECT.marketSpecInvalid]: fixed("Market specification is invalid."),
  [REJECT.marketNameTaken]: fixed("Market name is taken."),
  [REJECT.oraclePxInvalid]: withAsset("Oracle price is outside the market's range."),

  [REJECT.strategyInvalid]: ({ a }) => `Strategy setting ${a} is out of bounds.`,
  [REJECT.gridSpacingTight]: ({ a }) =>
    `Grid levels ${a + 1} and ${a + 2} lie so close that a cycle would not earn its fees.`,
  [REJECT.strategyUncovered]: ({ a, b }) =>
    `Insufficient margin for the strategy at the far end of its range: needs ${plainUsdc(a)} USDC, ${plainUsdc(b)} free.`,
  [REJECT.tooManyStrategies]: ({ a }) => `Too many strategies: at most ${a} an account.`,
  [REJECT.featuresInvalid]: fixed("Rules of market making are out of bounds."),
  [REJECT.poolsOff]: fixed("Liquidity pools are not enabled."),
  [REJECT.poolUnknown]: fixed("Liquidity pool not found."),
  [REJECT.poolTermsInvalid]: ({ a }) => `Term ${a} of the liquidity pool is out of bounds.`,
  [REJECT.poolPaused]: fixed("Liquidity pool is paused."),
  [REJECT.tokensInsufficient]: fixed("Insufficient LP tokens."),
  [REJECT.vaultsOff]: fixed("Vaults are not enabled."),
  [REJECT.vaultInitialTooSmall]: ({ a }) =>
    `Vault must be created with at least ${plainUsdc(a)} USDC.`,
  [REJECT.profitShareTooHigh]: ({ a }) =>
    a === 10_000 ? "Profit share cannot exceed 100%" : `Profit share cannot exceed ${a / 100}%.`,
  [REJECT.vaultDepositsClosed]: fixed("Vault is not accepting deposits."),
  [REJECT.sharesTooFew]: ({ a }) => `Deposit would buy ${a} shares only.`,
  [REJECT.vaultOwnerShare]: fixed("Vault leader must keep at least 5% of the vault."),
  [REJECT.vaultShareless]: fixed("Insufficient vault equity."),
  [REJECT.vaultLocked]: ({ a }) =>
    `Cannot withdraw from the vault before ${new Date(a).toISOString()}.`,
  [REJECT.vaultUncovered]: fixed("Insufficient collateral"),
  [REJECT.vaultNotOwner]: fixed("Only the vault leader can perform this action."),
  [REJECT.vaultNotFlat]: fixed("Vault must have no open positions to close."),
  [REJECT.vaultClosed]: fixed("Vault is closed."),
  [REJECT.quoteSpreadTooTight]: ({ a }) => `Spread must be at least ${a / 100}bps`,
  [REJECT.strategyUnknown]: fixed("Strategy was never started, or has ended."),
  [REJECT.strategyOrderRefused]: ({ a, b }) =>
    `Strategy not started: ${a < 0 ? "its first position" : `its order ${a + 1}`} was refused: ${batchText(b as RejectCode, 0)}`,
  [REJECT.openInterestCapped]: withAsset(
    "Order would increase open interest while open interest is capped",
  ),
  [REJECT.riskPositionPassed]: withAsset("Order would exceed the account's position limit."),
  [REJECT.riskNotionalPassed]: (facts, place) =>
    withAsset(`Order would exceed the account's notional limit of $${plainUsdc(facts.a)}.`)(
      facts,
      place,
    ),
  [REJECT.riskPositionsPassed]: (facts, place) =>
    withAsset(`Order would exceed the account's limit of ${facts.a} positions.`)(facts, place),
  [REJECT.riskLeveragePassed]: (facts, place) =>
    withAsset(`Order would exceed the account's leverage limit of ${facts.a / 100}x.`)(
      facts,
      place,
    ),
  [REJECT.slippagePassed]: withAsset(
    "Order could not match within its slippage from the mark price.",
  ),
  [REJECT.riskLimitsInvalid]: fixed("Risk limits must be amounts from 0 on."),
  [REJECT.protectionInvalid]: fixed("Protection settings are invalid."),
  [REJECT.feeScheduleUnknown]: fixed("Fee schedule does not exist."),
  [REJECT.defaultPolicyInvalid]: fixed("Default policy is out of bounds."),
  [REJECT.markTermsInvalid]: fixed("Terms of the mark price are invalid."),

  [REJECT.builderNotApproved]: fixed("Builder fee has not been approved."),
  [REJECT.builderFeeTooHigh]: fixed("Builder fee is above 0.1%."),
  [REJECT.builderUnderfunded]: fixed("Builder has insufficient balance to be approved."),
  [REJECT.tooManyBuilders]: fixed("Too many builders approved. Current limit is 10"),
  [REJECT.referralVolumeTooLow]: ({ a, b }) =>
    "Cannot generate referral code until enough volume traded. " +
    `Required: $${plainUsdc(a)}. Traded: $${plainUsdc(b)}.`,
  [REJECT.referralCodeSet]: fixed("Referral code already registered."),
  [REJECT.referralCodeInvalid]: fixed("Referral code must be 1 to 20 printable characters."),
  [REJECT.referralCodeTaken]: fixed("Referral code already taken."),
  [REJECT.referralCodeUnknown]: fixed("Referral code not registered"),
  [REJECT.referrerIsSelf]: fixed("Cannot refer oneself."),
  [REJECT.referrerSet]: fixed("Referrer already set."),
  [REJECT.rewardsNone]: fixed("No rewards to claim"),
  [REJECT.fundingTermsInvalid]: fixed("Terms of funding are invalid."),
};

const STATUS_OF_REJECT: Partial<Readonly<Record<RejectCode, OrderStatusWord>>> = {
  [REJECT.pxOffTick]: "tickRejected",
  [REJECT.notionalTooSmall]: "minTradeNtlRejected",
  [REJECT.marginInsufficient]: "perpMarginRejected",
  [REJECT.reduceOnlyIncreases]: "reduceOnlyRejected",
  [REJECT.aloWouldMatch]: "badAloPxRejected",
  [REJECT.iocNoMatch]: "iocCancelRejected",
  [REJECT.fokUnfillable]: "iocCancelRejected",
  [REJECT.triggerPxBad]: "badTriggerPxRejected",
  [REJECT.pxTooHigh]: "oracleRejected",
  [REJECT.pxTooFar]: "oracleRejected",
  [REJECT.pxOutOfBand]: "oracleRejected",
  [REJECT.tooManyOrders]: "tooManyOpenOrdersRejected",
  [REJECT.oracleMissing]: "oracleRejected",
  [REJECT.riskPositionPassed]: "perpMaxPositionRejected",
  [REJECT.riskNotionalPassed]: "perpMaxPositionRejected",
  [REJECT.riskPositionsPassed]: "perpMaxPositionRejected",
  [REJECT.riskLeveragePassed]: "perpMarginRejected",
  [REJECT.slippagePassed]: "iocCancelRejected",
  [REJECT.openInterestCapped]: "positionIncreaseAtOpenInterestCapRejected",
  [REJECT.szTooLarge]: "perpMaxPositionRejected",
  [REJECT.tierPassed]: "perpMaxPositionRejected",
  [REJECT.orderSlotsExhausted]: "tooManyOpenOrdersRejected",
};

const STATUS_OF_CANCEL: Readonly<Record<CancelReason, OrderStatusWord>> = {
  [CANCEL_REASON.requested]: "canceled",
  [CANCEL_REASON.iocRemainder]: "canceled",
  [CANCEL_REASON.selfTrade]: "selfTradeCanceled",
  [CANCEL_REASON.margin]: "marginCanceled",
  [CANCEL_REASON.reduceOnly]: "reduceOnlyCanceled",
  [CANCEL_REASON.liquidated]: "liquidatedCanceled",
  [CANCEL_REASON.scheduled]: "scheduledCancel",
  [CANCEL_REASON.modified]: "canceled",
  [CANCEL_REASON.expired]: "canceled",
  [CANCEL_REASON.noLiquidity]: "marketOrderNoLiquidityRejected",
  [CANCEL_REASON.siblingFilled]: "siblingFilledCanceled",
  [CANCEL_REASON.strategy]: "canceled",
  [CANCEL_REASON.vaultWithdrawal]: "vaultWithdrawalCanceled",
  [CANCEL_REASON.parentEnded]: "canceled",
};

/** Text of a reject, word for word the venue's where the venue has one. */
export const rejectText = (facts: RejectFacts, place: RejectPlace = {}): string =>
  TEXTS[facts.code](facts, place);

/** Text of a refused replacement, whose original is already gone. */
export const modifyRejectText = (facts: RejectFacts, place: RejectPlace = {}): string =>
  `Error placing new order during modify: ${rejectText(facts, place)}`;

/** Status of an order that was refused. */
export const statusOfReject = (code: RejectCode): OrderStatusWord =>
  STATUS_OF_REJECT[code] ?? "rejected";

/** Status of an order that ended without being filled. */
export const statusOfCancel = (reason: CancelReason): OrderStatusWord => STATUS_OF_CANCEL[reason];
