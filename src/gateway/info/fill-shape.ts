import type { UserFillsResponse } from "@nktkas/hyperliquid/api/info";
import type { Hex } from "../../base/hex.ts";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { BUY } from "../../base/side.ts";
import { addressOf } from "../../projection/account-directory.ts";
import type { FillView } from "../../projection/fills.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import {
  formatPx,
  formatQuotient,
  formatSignedSz,
  formatSz,
  formatUsdc,
} from "../../wire/decimal.ts";
import { sideLetter } from "../../wire/order-words.ts";

/** A fill as `userFills` and the channels show it. */
export type WireFill = UserFillsResponse[number];

/** Several fills of one order told as one; equal to its first fill but for the sums. */
interface FillSum {
  readonly first: FillView;
  readonly sz: number;
  /** Sum of price x size [10^-6 USDC]. */
  readonly notional: number;
  readonly fee: number;
  readonly builderFee: number;
  readonly closedPnl: number;
}

/** A fill on the wire. */
export const fillShape = (models: ReadModels, fill: FillView): WireFill =>
  sumShape(models, sumOf(fill));

/** Fills on the wire, newest first; those of one order at one time become one where asked. */
export function fillShapes(
  models: ReadModels,
  fills: readonly FillView[],
  aggregateByTime: boolean,
): WireFill[] {
  if (!aggregateByTime) return fills.map((fill) => fillShape(models, fill));
  const sums = new Map<string, FillSum>();
  for (const fill of fills) {
    const key = `${fill.oid}@${fill.timeMs}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? sumOf(fill) : sumWith(sum, fill));
  }
  return [...sums.values()].map((sum) => sumShape(models, sum));
}

/** The wire's transaction hash: the command's place in the journal; zero where no user sent one. */
export const commandHash = (seq: number, isSystem: boolean): Hex =>
  `0x${(isSystem ? 0 : seq).toString(16).padStart(64, "0")}`;

const sumOf = (fill: FillView): FillSum => ({
  first: fill,
  sz: fill.sz,
  notional: fill.px * fill.sz,
  fee: fill.fee,
  builderFee: fill.builderFee,
  closedPnl: fill.closedPnl,
});

/** `earlier` came before what was summed so far. */
const sumWith = (sum: FillSum, earlier: FillView): FillSum => ({
  first: earlier,
  sz: sum.sz + earlier.sz,
  notional: sum.notional + earlier.px * earlier.sz,
  fee: sum.fee + earlier.fee,
  builderFee: sum.builderFee + earlier.builderFee,
  closedPnl: sum.closedPnl + earlier.closedPnl,
});

function sumShape(
  models: ReadModels,
  { first, sz, notional, fee, builderFee, closedPnl }: FillSum,
): WireFill {
  const { name, szDecimals } = marketOf(models.directory, first.market);
  const pxDecimals = PERP_DECIMALS - szDecimals;
  const isLiquidation = first.liquidatedAccount >= 0;
  return {
    coin: name,
    px:
      sz === first.sz
        ? formatPx(first.px, szDecimals)
        : formatQuotient(notional, sz * 10 ** pxDecimals, pxDecimals),
    sz: formatSz(sz, szDecimals),
    side: sideLetter(first.side),
    time: first.timeMs,
    startPosition: formatSignedSz(first.startPosition, szDecimals),
    dir: directionWord(first, sz),
    closedPnl: formatUsdc(closedPnl),
    hash: commandHash(first.seq, isLiquidation || first.twapId !== null),
    oid: first.oid,
    crossed: first.crossed,
    fee: formatUsdc(fee),
    tid: first.tid,
    feeToken: "USDC",
    twapId: first.twapId,
    ...(builderFee !== 0 && { builderFee: formatUsdc(builderFee) }),
    ...(first.cloid !== null && { cloid: first.cloid }),
    ...(isLiquidation && {
      liquidation: {
        liquidatedUser: addressOf(models.accounts, first.liquidatedAccount),
        markPx: formatPx(first.markPx, szDecimals),
        method: first.way === "book" ? ("market" as const) : ("backstop" as const),
      },
    }),
  };
}

/** What a fill did to the position, in the words of the venue's page. */
function directionWord(fill: FillView, sz: number) {
  const { startPosition, side, account, liquidatedAccount, way } = fill;
  const isLong = startPosition > 0;
  if (account === liquidatedAccount) return `Liquidated Cross ${isLong ? "Long" : "Short"}`;
  if (way === "adl") return "Auto-Deleveraging";
  const isBuy = side === BUY;
  if (startPosition === 0 || isLong === isBuy) return isBuy ? "Open Long" : "Open Short";
  if (sz > Math.abs(startPosition)) return isLong ? "Long > Short" : "Short > Long";
  return isLong ? "Close Long" : "Close Short";
}
