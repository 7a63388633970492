/** Actions in canonical form as commands: asset ids, decimals and words become integers here. */
import type { Hex } from "../base/hex.ts";
import { REJECT } from "../base/reject-code.ts";
import { STP } from "../base/self-trade.ts";
import { BUY, SELL } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { COMMAND_ITEMS_MAX, PX_INVALID, SZ_INVALID } from "../exchange/command.ts";
import type { Command, ModifyItem, OrderItem } from "../exchange/command-codec.ts";
import type { Signed } from "../exchange/command-signed.ts";
import type { TwapItem } from "../exchange/command-twap.ts";
import type { WireAction, WireOrder, WireRequest } from "../wire/canonical.ts";
import { parsePx, parseSz, parseUsdc } from "../wire/decimal.ts";
import { tifOfWord } from "../wire/order-words.ts";
import type { OwnOrder } from "../wire/own-actions.ts";
import { rejectText } from "../wire/reject-text.ts";
import type { MarketTable } from "./market-table.ts";
import { liquidityCommand } from "./pool-action.ts";
import { riskCommand } from "./risk-action.ts";
import { strategyCommand } from "./strategy-action.ts";
import { vaultCommand } from "./vault-action.ts";

/** A command ready for the sequencer, or the text that refuses the action whole. */
export type CommandOutcome = { readonly command: Command } | { readonly refusal: string };

/** Longest name of an agent, without its validity. */
const NAME_FORM = /^[\x20-\x7e]{0,16}$/;
const SUB_NAME_TEXT = "Sub-account name must be printable ASCII.";
const CODE_FORM = /^[\x21-\x7e]{1,20}$/;
/** Decimals of a percentage that is stated in tenths of a basis point. */
const PERCENT_DECIMALS = 3;
const VALIDITY = / valid_until (\d+)$/;
/** Decimals of a number of basis points, which makes its unit 10^-6. */
const SLIPPAGE_DECIMALS = 2;
/** Lanes read 0 as "none", so a client's 0 becomes the earliest time there is [ms]. */
const EARLIEST_MS = 1;

/** Number of orders or cancels of an action. */
export function itemCountOf(action: WireAction): number {
  switch (action.type) {
    case "order":
    case "bourse.order":
      return action.orders.length;
    case "cancel":
    case "cancelByCloid":
      return action.cancels.length;
    case "batchModify":
      return action.modifies.length;
    default:
      return 1;
  }
}

/** Turns a request of a known signer into a command; `accountOf` gives the account of a user, or -1. */
export function commandOf(
  request: WireRequest,
  signer: Hex,
  markets: MarketTable,
  accountOf: (address: Hex) => number,
): CommandOutcome {
  const { action } = request;
  if (itemCountOf(action) > COMMAND_ITEMS_MAX) {
    return { refusal: rejectText({ code: REJECT.batchTooLarge, a: 0, b: 0, c: 0 }) };
  }
  const signed: Signed = { signer, nonce: request.nonce };
  if (request.vaultAddress !== null) signed.vault = request.vaultAddress;
  if (request.expiresAfter !== null) signed.expiresAfter = notZero(request.expiresAfter);
  switch (action.type) {
    case "order": {
      const refusal = groupingProblem(action);
      if (refusal !== null) return { refusal };
      return { command: placeOrders(action, signed, markets, accountOf) };
    }
    case "bourse.order":
      return { command: placeOwnOrders(action, signed, markets) };
    case "bourse.trailingStop":
      return { command: placeTrailingStop(action, signed, markets) };
    case "cancel": {
      const cancels = action.cancels.map(({ a, o }) => ({ market: marketOf(a, markets), oid: o }));
      return { command: { kind: "cancelOrders", ...signed, cancels } };
    }
    case "cancelByCloid": {
      const cancels = action.cancels.map(({ asset, cloid }) => ({
        market: marketOf(asset, markets),
        cloid,
      }));
      return { command: { kind: "cancelByCloid", ...signed, cancels } };
    }
    case "modify": {
      const modify = modifyItem(action, action.a === true, markets);
      return { command: { kind: "modifyOrder", ...signed, modify } };
    }
    case "batchModify": {
      const modifies = action.modifies.map((one) => modifyItem(one, action.a === true, markets));
      return { command: { kind: "modifyOrders", ...signed, modifies } };
    }
    case "scheduleCancel": {
      const timeMs = action.time === undefined ? 0 : notZero(action.time);
      return { command: { kind: "scheduleCancel", ...signed, timeMs } };
    }
    case "approveAgent":
      return approveAgent(action, signed);
    case "twapOrder":
      return { command: { kind: "twapOrder", ...signed, twap: twapItem(action, markets) } };
    case "twapCancel": {
      const market = marketOf(action.a, markets);
      return { command: { kind: "twapCancel", ...signed, market, twapId: action.t } };
    }
    case "noop":
      return { command: { kind: "noop", ...signed } };
    case "bourse.cancelAll": {
      const { asset } = action;
      const market = asset === undefined ? {} : { market: marketOf(asset, markets) };
      return { command: { kind: "cancelAll", ...signed, ...market } };
    }
    case "updateLeverage": {
      const { asset, leverage, isCross } = action;
      const market = marketOf(asset, markets);
      return { command: { kind: "updateLeverage", ...signed, market, leverage, isCross } };
    }
    default:
      return otherCommand(action, signed, markets);
  }
}

type OwnershipAction = Extract<
  WireAction,
  {
    type:
      | "createSubAccount"
      | "subAccountModify"
      | "subAccountTransfer"
      | "usdSend"
      | "bourse.splitPosition"
      | "bourse.mergePosition"
      | "bourse.offerPosition"
      | "bourse.acceptOffer"
      | "bourse.endOffer";
  }
>;

/** Commands about sub-accounts, money sent and positions that change hands. */
function ownershipCommand(
  action: OwnershipAction,
  signed: Signed,
  markets: MarketTable,
): CommandOutcome {
  switch (action.type) {
    case "createSubAccount": {
      const { name } = action;
      if (!NAME_FORM.test(name)) return { refusal: SUB_NAME_TEXT };
      return { command: { kind: "createSubAccount", ...signed, name } };
    }
    case "bourse.splitPosition":
    case "bourse.mergePosition": {
      const { type, subAccountUser: subAccount } = action;
      const isSplit = type === "bourse.splitPosition";
      const part = partOf(action, markets);
      return { command: { kind: "movePosition", ...signed, subAccount, isSplit, ...part } };
    }
    case "bourse.offerPosition": {
      const { destination, expiresAt: expiresAtMs } = action;
      const part = partOf(action, markets);
      return { command: { kind: "offerPosition", ...signed, destination, expiresAtMs, ...part } };
    }
    case "bourse.acceptOffer":
      return { command: { kind: "acceptOffer", ...signed, offer: action.offer } };
    case "bourse.endOffer":
      return { command: { kind: "endOffer", ...signed, offer: action.offer } };
    case "subAccountModify": {
      const { name, subAccountUser: subAccount } = action;
      if (!NAME_FORM.test(name)) return { refusal: SUB_NAME_TEXT };
      return { command: { kind: "renameSubAccount", ...signed, subAccount, name } };
    }
    case "usdSend": {
      const amount = parseUsdc(action.amount) ?? -1;
      const destination = action.destination.toLowerCase() as Hex;
      return { command: { kind: "usdSend", ...signed, destination, amount } };
    }
    case "subAccountTransfer": {
      const { subAccountUser: subAccount, isDeposit, usd: amount } = action;
      return { command: { kind: "subAccountTransfer", ...signed, subAccount, isDeposit, amount } };
    }
  }
}

type OtherAction = Extract<
  WireAction,
  {
    type:
      | "updateLeverage"
      | "updateIsolatedMargin"
      | "topUpIsolatedOnlyMargin"
      | "registerReferrer"
      | "setReferrer"
      | "approveBuilderFee"
      | "claimRewards"
      | "bourse.grid"
      | "bourse.quote"
      | "bourse.deltaNeutral"
      | "bourse.strategy"
      | "bourse.riskLimits"
      | "createVault"
      | "vaultTransfer"
      | "vaultModify"
      | "vaultDistribute"
      | "bourse.vault"
      | "bourse.addLiquidity"
      | "bourse.removeLiquidity";
  }
>;

/** Commands about margin, referrers, strategies, vaults and ownership. */
function otherCommand(
  action: OtherAction | OwnershipAction,
  signed: Signed,
  markets: MarketTable,
): CommandOutcome {
  switch (action.type) {
    case "updateLeverage":
    case "updateIsolatedMargin":
    case "topUpIsolatedOnlyMargin":
      return { command: marginCommand(action, signed, markets) };
    case "registerReferrer":
    case "setReferrer":
    case "approveBuilderFee":
    case "claimRewards":
      return { command: rewardCommand(action, signed) };
    case "bourse.grid":
    case "bourse.quote":
    case "bourse.deltaNeutral":
    case "bourse.strategy":
      return { command: strategyCommand(action, signed, markets) };
    case "bourse.riskLimits":
      return { command: riskCommand(action, signed, markets) };
    case "createVault":
    case "vaultTransfer":
    case "vaultModify":
    case "vaultDistribute":
    case "bourse.vault": {
      const command = vaultCommand(action, signed);
      return typeof command === "string" ? { refusal: command } : { command };
    }
    case "bourse.addLiquidity":
    case "bourse.removeLiquidity":
      return { command: liquidityCommand(action, signed) };
    default:
      return ownershipCommand(action, signed, markets);
  }
}

function marginCommand(
  action: Extract<
    WireAction,
    { type: "updateLeverage" | "updateIsolatedMargin" | "topUpIsolatedOnlyMargin" }
  >,
  signed: Signed,
  markets: MarketTable,
): Command {
  const market = marketOf(action.asset, markets);
  switch (action.type) {
    case "updateLeverage": {
      const { leverage, isCross } = action;
      return { kind: "updateLeverage", ...signed, market, leverage, isCross };
    }
    case "updateIsolatedMargin":
      return { kind: "updateIsolatedMargin", ...signed, market, amount: action.ntli };
    case "topUpIsolatedOnlyMargin": {
      // A leverage with more decimals than an amount has is none that can be met.
      const leverage = parseUsdc(action.leverage) ?? 0;
      return { kind: "topUpIsolatedMargin", ...signed, market, leverage };
    }
  }
}

/** Commands about referrers and builders. */
function rewardCommand(
  action: Extract<
    WireAction,
    { type: "registerReferrer" | "setReferrer" | "approveBuilderFee" | "claimRewards" }
  >,
  signed: Signed,
): Command {
  switch (action.type) {
    case "registerReferrer":
    case "setReferrer":
      return { kind: action.type, ...signed, code: codeOf(action.code) };
    case "approveBuilderFee": {
      const { builder, maxFeeRate } = action;
      return { kind: "approveBuilderFee", ...signed, builder, feeMax: builderFeeOf(maxFeeRate) };
    }
    case "claimRewards":
      return { kind: "claimRewards", ...signed };
  }
}

/** A code that a record can hold: what is none becomes the empty one, which nobody has. */
const codeOf = (text: string): string => (CODE_FORM.test(text) ? text : "");

/** A fee in per cent, such as "0.01%" [10^-5]; above any bound where it is finer than that. */
function builderFeeOf(text: string): number {
  const rate = parseSz(text.replace("%", ""), PERCENT_DECIMALS);
  return rate === SZ_INVALID ? Number.MAX_SAFE_INTEGER : rate;
}

const notZero = (timeMs: number): number => Math.max(timeMs, EARLIEST_MS);

const marketOf = (assetId: number, markets: MarketTable): number => markets.marketOf(assetId);

/** Children of a parent at most: one that takes profit and one that stops a loss. */
const CHILDREN_MAX = 2;

/** Why an action is refused whole for how its orders hang together; null = it is not. */
function groupingProblem(action: Extract<WireAction, { type: "order" }>): string | null {
  const [main, ...others] = action.orders;
  if (action.grouping !== "normalTpsl" || main === undefined) return null;
  if ("trigger" in main.t) return "Main order cannot be trigger order.";
  const children = others.filter(({ t }) => "trigger" in t);
  const isCount = children.length === others.length && others.length <= CHILDREN_MAX;
  if (!isCount || others.length === 0) return "Unexpected number of trigger orders";
  return others.every(({ r }) => r) ? null : "TP/SL orders must be reduce-only";
}

/** Part of a position that an action names. */
function partOf(
  { a, s, usd = 0 }: { a: number; s: string; usd?: number | undefined },
  markets: MarketTable,
) {
  const market = marketOf(a, markets);
  const sz = market < 0 ? SZ_INVALID : parseSz(s, markets.szDecimals(market));
  return { market, sz, usd };
}

function placeOrders(
  action: Extract<WireAction, { type: "order" }>,
  signed: Signed,
  markets: MarketTable,
  accountOf: (address: Hex) => number,
): Command {
  const isTied = action.grouping === "positionTpsl";
  const isFamily = action.grouping === "normalTpsl";
  const unsupported = !isTied && !isFamily && action.grouping !== "na";
  const orders = action.orders.map((order) => {
    const item = orderItem(order, unsupported, markets);
    if (isTied && item.trigger !== undefined) item.trigger.position = true;
    else if (isTied) item.unsupported = true;
    if (isFamily && item.trigger !== undefined) item.trigger.child = true;
    else if (isFamily) item.parent = true;
    return item;
  });
  if (action.builder === undefined) return { kind: "placeOrders", ...signed, orders };
  const builder = { account: accountOf(action.builder.b), fee: action.builder.f };
  return { kind: "placeOrders", ...signed, orders, builder };
}

function placeTrailingStop(
  action: Extract<WireAction, { type: "bourse.trailingStop" }>,
  signed: Signed,
  markets: MarketTable,
): Command {
  const { a, b, s, r, c, offset } = action;
  const market = marketOf(a, markets);
  const szDecimals = market >= 0 ? markets.szDecimals(market) : 0;
  const order: OrderItem = {
    market,
    side: b ? BUY : SELL,
    // The exchange takes the mark price.
    px: 1,
    sz: market >= 0 ? parseSz(s, szDecimals) : SZ_INVALID,
    tif: TIF.ioc,
    trigger: {
      px: "bps" in offset ? offset.bps : parsePx(offset.px, szDecimals),
      takeProfit: false,
      trail: "bps" in offset ? "bps" : "ticks",
    },
  };
  if (r) order.reduceOnly = true;
  if (c !== undefined) order.cloid = c;
  return { kind: "placeOrders", ...signed, orders: [order] };
}

function placeOwnOrders(
  action: Extract<WireAction, { type: "bourse.order" }>,
  signed: Signed,
  markets: MarketTable,
): Command {
  const orders = action.orders.map((order) => {
    const item = orderItem(order, false, markets);
    if (order.expiresAt !== undefined) item.expiresAtMs = notZero(order.expiresAt);
    if (order.slide === true) item.slide = true;
    if (order.slippageBps !== undefined)
      item.slippage = parseSz(order.slippageBps, SLIPPAGE_DECIMALS);
    if (order.stp !== undefined) item.stp = STP[order.stp];
    if (order.stpScope === "group") item.groupScope = true;
    return item;
  });
  return {
    kind: "placeOrders",
    ...signed,
    orders,
    ...(action.atomic === true && { atomic: true }),
  };
}

function orderItem(
  order: WireOrder | OwnOrder,
  unsupported: boolean,
  markets: MarketTable,
): OrderItem {
  const market = marketOf(order.a, markets);
  const known = market >= 0;
  const szDecimals = known ? markets.szDecimals(market) : 0;
  const item: OrderItem = {
    market,
    side: order.b ? BUY : SELL,
    px: known ? parsePx(order.p, szDecimals) : PX_INVALID,
    sz: known ? parseSz(order.s, szDecimals) : SZ_INVALID,
    tif: "limit" in order.t ? tifOfWord(order.t.limit.tif) : triggerTif(order.t.trigger),
  };
  if (order.r) item.reduceOnly = true;
  if (order.c !== undefined) item.cloid = order.c;
  if (unsupported) item.unsupported = true;
  if ("trigger" in order.t) {
    const { triggerPx, tpsl } = order.t.trigger;
    const px = known ? parsePx(triggerPx, szDecimals) : PX_INVALID;
    item.trigger = { px, takeProfit: tpsl === "tp" };
  }
  return item;
}

function twapItem(
  { twap, details }: Extract<WireAction, { type: "twapOrder" }>,
  markets: MarketTable,
): TwapItem {
  const market = marketOf(twap.a, markets);
  const szDecimals = market >= 0 ? markets.szDecimals(market) : 0;
  const item: TwapItem = {
    market,
    side: twap.b ? BUY : SELL,
    sz: market >= 0 ? parseSz(twap.s, szDecimals) : SZ_INVALID,
    minutes: twap.m,
  };
  if (twap.r) item.reduceOnly = true;
  if (twap.t) item.randomize = true;
  if (details?.t) item.trigger = { px: parsePx(details.t.p, szDecimals), above: details.t.a };
  if (details?.s) item.stopPx = parsePx(details.s, szDecimals);
  return item;
}

/** A trigger order lives as long as its way into the book lets it: at market, or resting at its limit. */
const triggerTif = ({
  isMarket,
}: {
  readonly isMarket: boolean;
}): typeof TIF.ioc | typeof TIF.gtc => (isMarket ? TIF.ioc : TIF.gtc);

function modifyItem(
  modify: { readonly oid: number | Hex; readonly order: WireOrder },
  alwaysPlace: boolean,
  markets: MarketTable,
): ModifyItem {
  const { oid } = modify;
  const item: ModifyItem = {
    target: typeof oid === "number" ? { oid } : { cloid: oid },
    order: orderItem(modify.order, false, markets),
  };
  if (alwaysPlace) item.alwaysPlace = true;
  return item;
}

function approveAgent(
  action: Extract<WireAction, { type: "approveAgent" }>,
  signed: Signed,
): CommandOutcome {
  const text = action.agentName ?? "";
  const validity = VALIDITY.exec(text)?.[1];
  const name = text.replace(VALIDITY, "");
  if (!NAME_FORM.test(name)) return { refusal: "Agent name must be printable ASCII." };
  const validUntilMs =
    validity === undefined ? 0 : notZero(Math.min(Number(validity), Number.MAX_SAFE_INTEGER));
  return {
    command: { kind: "approveAgent", ...signed, agent: action.agentAddress, name, validUntilMs },
  };
}
