/**
 * The straight way of one match between plain orders. It does exactly what `match.ts` does with
 * `restingIsCovered`, `settleMatch`, `reduceResting` and `fitReduceOnly`; see `fast-place.ts` for why
 * it is one function, and what takes the general way instead.
 */
import { divCeil } from "../../base/rounding.ts";
import { BUY } from "../../base/side.ts";
import { ACCOUNT, FEE_ACCOUNT } from "../account/account.ts";
import { FEE_ROW } from "../account/fee-row.ts";
import { KEPT } from "../account/margin-sums.ts";
import { changePosition, findPosition, POSITION, realisedPnl } from "../account/position.ts";
import { cloidByte, ORDER, ORDER_FLAG } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import {
  EVENT,
  EVENT_BYTES,
  EVENT_FLAG,
  EVENT_HEAD,
  EVENT_LANES,
  FILL_EVENT,
  ORDER_EVENT,
} from "../event.ts";
import { hasMarginSums, keepMarginSums } from "../margin/margin.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { NUMBER } from "../numbers.ts";
import { copyCloid, emitIncoming, type IncomingOrder } from "./order-event.ts";
import { dropResting } from "./resting.ts";

const E9 = 1_000_000_000;
// Constants of other modules as this one's own: the engine folds these and loads those.
const { cash: ACCOUNT_CASH, volume: ACCOUNT_VOLUME } = ACCOUNT;
const OWN_BUY = BUY;
const { orderAccepted: EVENT_ORDER_ACCEPTED, fill: EVENT_FILL } = EVENT;
const { crossed: EVENT_FLAG_CROSSED, hasCloid: EVENT_FLAG_HAS_CLOID } = EVENT_FLAG;
const { hasCloid: ORDER_FLAG_HAS_CLOID } = ORDER_FLAG;
const OWN_EVENT_BYTES = EVENT_BYTES;
/** Flags of a resting order that is not plain. */
const NOT_PLAIN = ~ORDER_FLAG.hasCloid;
const {
  kind: EVENT_HEAD_KIND,
  seq: EVENT_HEAD_SEQ,
  timeMs: EVENT_HEAD_TIME_MS,
  account: EVENT_HEAD_ACCOUNT,
  market: EVENT_HEAD_MARKET,
  item: EVENT_HEAD_ITEM,
} = EVENT_HEAD;
const OWN_EVENT_LANES = EVENT_LANES;
const OWN_FEE_ACCOUNT = FEE_ACCOUNT;
const {
  tid: FILL_EVENT_TID,
  fee: FILL_EVENT_FEE,
  closedPnl: FILL_EVENT_CLOSED_PNL,
  startPosition: FILL_EVENT_START_POSITION,
  counterparty: FILL_EVENT_COUNTERPARTY,
  counterOid: FILL_EVENT_COUNTER_OID,
  markPx: FILL_EVENT_MARK_PX,
} = FILL_EVENT;
const {
  madeToday: FEE_ROW_MADE_TODAY,
  takenToday: FEE_ROW_TAKEN_TODAY,
  untilMs: FEE_ROW_UNTIL_MS,
  makerRate: FEE_ROW_MAKER_RATE,
  takerRate: FEE_ROW_TAKER_RATE,
  reward: FEE_ROW_REWARD,
} = FEE_ROW;
const { unrealised: KEPT_UNREALISED, initial: KEPT_INITIAL } = KEPT;
const { tid: NUMBER_TID, seq: NUMBER_SEQ, timeMs: NUMBER_TIME_MS } = NUMBER;
const {
  account: ORDER_ACCOUNT,
  flags: ORDER_FLAGS,
  px: ORDER_PX,
  side: ORDER_SIDE,
  sz: ORDER_SZ,
  oid: ORDER_OID,
  tif: ORDER_TIF,
} = ORDER;
const {
  oid: ORDER_EVENT_OID,
  side: ORDER_EVENT_SIDE,
  px: ORDER_EVENT_PX,
  sz: ORDER_EVENT_SZ,
  origSz: ORDER_EVENT_ORIG_SZ,
  tif: ORDER_EVENT_TIF,
  flags: ORDER_EVENT_FLAGS,
} = ORDER_EVENT;
const {
  reduceOnlyCount: POSITION_REDUCE_ONLY_COUNT,
  size: POSITION_SIZE,
  buyNotional: POSITION_BUY_NOTIONAL,
  sellNotional: POSITION_SELL_NOTIONAL,
  buyLots: POSITION_BUY_LOTS,
  sellLots: POSITION_SELL_LOTS,
  cost: POSITION_COST,
  leverage: POSITION_LEVERAGE,
} = POSITION;

/**
 * Matches `lots` of a taker with the resting order in `slot`, both plain, at the resting order's
 * price: money, positions, fees, two events, and the lots off the resting order. False, and nothing
 * has changed, where one of them is not plain or the resting side is not covered. `isAccepted` says
 * whether the taker's acceptance has been told; it is told here first where not.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: see the file's head.
export function fillFast(
  core: Core,
  slot: number,
  taker: IncomingOrder,
  lots: number,
  isAccepted: boolean,
): boolean {
  const { market } = taker;
  const order = slot * 16;
  const ints = core.orders.rows.i32;
  const floats = core.orders.rows.f64;
  const maker = ints[order + ORDER_ACCOUNT] as number;
  const makerFlags = ints[order + ORDER_FLAGS] as number;
  const ring = core.events;
  if (taker.reduceOnly || taker.isLiquidation || (makerFlags & NOT_PLAIN) !== 0) return false;
  if (taker.builder !== 0) return false;
  if (ring.written - ring.released + 3 > ring.capacity) return false;
  const makerRow = findPosition(core.positions, core.accounts, maker, market);
  const takerRow = findPosition(core.positions, core.accounts, taker.account, market);
  if (makerRow < 0 || takerRow < 0) return false;
  if (!hasMarginSums(core, maker, makerRow)) keepMarginSums(core, maker, makerRow);
  if (!hasMarginSums(core, taker.account, takerRow)) keepMarginSums(core, taker.account, takerRow);

  const positionInts = core.positions.rows.i32;
  if (
    positionInts[makerRow * 16 + POSITION_REDUCE_ONLY_COUNT] !== 0 ||
    positionInts[takerRow * 16 + POSITION_REDUCE_ONLY_COUNT] !== 0
  )
    return false;
  // Isolated margin takes the general way.
  const terms = core.terms[market] as MarketTerms;
  const leverage = (positionInts[makerRow * 16 + POSITION_LEVERAGE] as number) || terms.leverage;
  const takerLeverage =
    (positionInts[takerRow * 16 + POSITION_LEVERAGE] as number) || terms.leverage;
  if (leverage < 0 || takerLeverage < 0) return false;
  const positions = core.positions.rows.f64;
  const accounts = core.accounts.rows.f64;
  const px = ints[order + ORDER_PX] as number;
  const notional = px * lots;
  const makerBuys = ints[order + ORDER_SIDE] === OWN_BUY;
  const makerSigned = makerBuys ? lots : -lots;
  // Rates of today, and no rebate: those take the general way.
  const fees = core.fees.rows.f64;
  const feeInts = core.fees.rows.i32;
  const nowMs = core.numbers.data[NUMBER_TIME_MS] as number;
  const makerFees = maker * 8;
  const takerFees = taker.account * 8;
  if (makerFees >= fees.length || takerFees >= fees.length) return false;
  // Nobody earns of either side's fees.
  if (
    ((feeInts[maker * 16 + FEE_ROW_REWARD] as number) |
      (feeInts[taker.account * 16 + FEE_ROW_REWARD] as number)) !==
    0
  )
    return false;
  const makerRate = feeInts[maker * 16 + FEE_ROW_MAKER_RATE] as number;
  const takerRate = feeInts[taker.account * 16 + FEE_ROW_TAKER_RATE] as number;
  if (
    makerRate < 0 ||
    (fees[makerFees + FEE_ROW_UNTIL_MS] as number) <= nowMs ||
    (fees[takerFees + FEE_ROW_UNTIL_MS] as number) <= nowMs
  )
    return false;
  // As `feeOf`, where the product is exact: a quotient that rounding put too high is put right.
  if (notional * (makerRate + takerRate) > Number.MAX_SAFE_INTEGER) return false;
  let makerFee = Math.floor((notional * makerRate) / E9);
  if (makerFee * E9 > notional * makerRate) makerFee -= 1;
  let takerFee = Math.floor((notional * takerRate) / E9);
  if (takerFee * E9 > notional * takerRate) takerFee -= 1;
  const markPx = core.oracle.mark.data[market] as number;
  const makerAt = makerRow * 8;
  const takerAt = takerRow * 8;
  const makerSize = positions[makerAt + POSITION_SIZE] as number;
  const takerSize = positions[takerAt + POSITION_SIZE] as number;
  const openNotional = makerAt + (makerBuys ? POSITION_BUY_NOTIONAL : POSITION_SELL_NOTIONAL);
  const openLots = makerAt + (makerBuys ? POSITION_BUY_LOTS : POSITION_SELL_LOTS);
  const onlyCloses = makerSize !== 0 && makerSize > 0 !== makerBuys && lots <= Math.abs(makerSize);
  if (!onlyCloses) {
    // As `restingIsCovered`: free margin after the fill and its fee.
    const kept = core.margins.data;
    const signed = (makerSize + makerSigned) * markPx;
    const filled = makerBuys ? notional : -notional;
    const buys =
      signed + (positions[makerAt + POSITION_BUY_NOTIONAL] as number) - (makerBuys ? notional : 0);
    const sells =
      signed - (positions[makerAt + POSITION_SELL_NOTIONAL] as number) + (makerBuys ? 0 : notional);
    const exposure = Math.max(Math.abs(signed), Math.abs(buys), Math.abs(sells));
    const equity =
      (accounts[maker * 8 + ACCOUNT_CASH] as number) +
      (kept[maker * 8 + KEPT_UNREALISED] as number) +
      signed -
      (positions[makerAt + POSITION_COST] as number) -
      filled;
    const initial = (kept[maker * 8 + KEPT_INITIAL] as number) + divCeil(exposure, leverage);
    if (equity - makerFee < initial) return false;
  }

  if (!isAccepted) emitIncoming(core, EVENT_ORDER_ACCEPTED, taker, 0);
  const tid = (core.numbers.data[NUMBER_TID] as number) + 1;
  core.numbers.data[NUMBER_TID] = tid;
  core.oracle.last.data[market] = px;
  changePosition(core.positions, makerRow, makerSigned, px);
  const makerPnl = realisedPnl[0] as number;
  changePosition(core.positions, takerRow, -makerSigned, px);
  const takerPnl = realisedPnl[0] as number;
  const makerCash = maker * 8 + ACCOUNT_CASH;
  const takerCash = taker.account * 8 + ACCOUNT_CASH;
  const feeCash = OWN_FEE_ACCOUNT * 8 + ACCOUNT_CASH;
  accounts[makerCash] = (accounts[makerCash] as number) + makerPnl - makerFee;
  accounts[takerCash] = (accounts[takerCash] as number) + takerPnl - takerFee;
  accounts[feeCash] = (accounts[feeCash] as number) + makerFee + takerFee;
  const makerVolume = maker * 8 + ACCOUNT_VOLUME;
  const takerVolume = taker.account * 8 + ACCOUNT_VOLUME;
  const volumeMax = Number.MAX_SAFE_INTEGER;
  accounts[makerVolume] = Math.min((accounts[makerVolume] as number) + notional, volumeMax);
  accounts[takerVolume] = Math.min((accounts[takerVolume] as number) + notional, volumeMax);

  const feeMade = OWN_FEE_ACCOUNT * 8 + FEE_ROW_MADE_TODAY;
  fees[feeMade] = Math.min((fees[feeMade] as number) + notional, volumeMax);
  const makerMade = makerFees + FEE_ROW_MADE_TODAY;
  fees[makerMade] = Math.min((fees[makerMade] as number) + notional, volumeMax);
  const takerTaken = takerFees + FEE_ROW_TAKEN_TODAY;
  fees[takerTaken] = Math.min((fees[takerTaken] as number) + notional, volumeMax);

  const { lanes } = ring;
  const mask = ring.capacity - 1;
  const { written } = ring;
  const numbers = core.numbers.data;
  const left = (floats[slot * 8 + ORDER_SZ] as number) - lots;
  const oid = floats[slot * 8 + ORDER_OID] as number;
  const tif = ints[order + ORDER_TIF] as number;
  for (let k = 0; k < 2; k++) {
    const isMaker = k === 0;
    const lane = ((written + k) & mask) * OWN_EVENT_LANES;
    lanes[lane + EVENT_HEAD_KIND] = EVENT_FILL;
    lanes[lane + EVENT_HEAD_SEQ] = numbers[NUMBER_SEQ] as number;
    lanes[lane + EVENT_HEAD_TIME_MS] = numbers[NUMBER_TIME_MS] as number;
    lanes[lane + EVENT_HEAD_ACCOUNT] = isMaker ? maker : taker.account;
    lanes[lane + EVENT_HEAD_MARKET] = market;
    lanes[lane + EVENT_HEAD_ITEM] = isMaker ? -1 : taker.item;
    lanes[lane + ORDER_EVENT_OID] = isMaker ? oid : taker.oid;
    lanes[lane + ORDER_EVENT_SIDE] = isMaker === makerBuys ? OWN_BUY : 1;
    lanes[lane + ORDER_EVENT_PX] = px;
    lanes[lane + ORDER_EVENT_SZ] = lots;
    lanes[lane + ORDER_EVENT_ORIG_SZ] = isMaker ? left : taker.sz - lots;
    lanes[lane + ORDER_EVENT_TIF] = isMaker ? tif : taker.tif;
    const hasCloid = isMaker ? (makerFlags & ORDER_FLAG_HAS_CLOID) !== 0 : taker.hasCloid;
    lanes[lane + ORDER_EVENT_FLAGS] =
      (isMaker ? 0 : EVENT_FLAG_CROSSED) | (hasCloid ? EVENT_FLAG_HAS_CLOID : 0);
    lanes[lane + FILL_EVENT_TID] = tid;
    lanes[lane + FILL_EVENT_FEE] = isMaker ? makerFee : takerFee;
    lanes[lane + FILL_EVENT_CLOSED_PNL] = isMaker ? makerPnl : takerPnl;
    lanes[lane + FILL_EVENT_START_POSITION] = isMaker ? makerSize : takerSize;
    lanes[lane + FILL_EVENT_COUNTERPARTY] = isMaker ? taker.account : maker;
    lanes[lane + FILL_EVENT_COUNTER_OID] = isMaker ? taker.oid : oid;
    lanes[lane + FILL_EVENT_MARK_PX] = markPx;
  }
  ring.written = written + 2;
  if ((makerFlags & ORDER_FLAG_HAS_CLOID) !== 0)
    copyCloid(core.orders.cloids.i32, cloidByte(slot), ring, (written & mask) * OWN_EVENT_BYTES);
  if (taker.hasCloid)
    copyCloid(taker.cloidWords, taker.cloidAt, ring, ((written + 1) & mask) * OWN_EVENT_BYTES);
  if (left === 0) {
    dropResting(core, slot);
    return true;
  }
  floats[slot * 8 + ORDER_SZ] = left;
  positions[openNotional] = (positions[openNotional] as number) - notional;
  positions[openLots] = (positions[openLots] as number) - lots;
  return true;
}
