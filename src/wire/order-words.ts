/** Single words of the wire for sides, times in force and asset ids. */
import type { Side } from "../base/side.ts";
import { TIF, type Tif } from "../base/time-in-force.ts";

/** A time in force on the wire; `LiquidationMarket` appears in answers only. */
export type TifWord = "Gtc" | "Ioc" | "Alo" | "FrontendMarket" | "LiquidationMarket";

const TIF_WORDS: Readonly<Record<Tif, TifWord>> = {
  [TIF.gtc]: "Gtc",
  [TIF.ioc]: "Ioc",
  [TIF.alo]: "Alo",
  [TIF.frontendMarket]: "FrontendMarket",
  [TIF.liquidationMarket]: "LiquidationMarket",
  // The wire has no word for it; to those who read along it is an order that did not rest.
  [TIF.fok]: "Ioc",
};

const REQUEST_TIFS = {
  Gtc: TIF.gtc,
  Ioc: TIF.ioc,
  Alo: TIF.alo,
  FrontendMarket: TIF.frontendMarket,
  // Words of our own: what is good till a time rests like what is good till canceled.
  Fok: TIF.fok,
  Gtt: TIF.gtc,
} as const;

/** Word of a time in force. */
export const tifWord = (tif: Tif): TifWord => TIF_WORDS[tif];

/** Time in force that a request's word asks for. */
export const tifOfWord = (word: keyof typeof REQUEST_TIFS): Tif => REQUEST_TIFS[word];

/** Order type as shown in open orders and histories. */
export const orderTypeWord = (tif: Tif): "Limit" | "Market" =>
  tif === TIF.frontendMarket || tif === TIF.liquidationMarket ? "Market" : "Limit";

/** Order type of a trigger order as shown in open orders and histories. */
export const triggerTypeWord = (
  isMarket: boolean,
  takeProfit: boolean,
): "Stop Market" | "Stop Limit" | "Take Profit Market" | "Take Profit Limit" =>
  takeProfit
    ? isMarket
      ? "Take Profit Market"
      : "Take Profit Limit"
    : isMarket
      ? "Stop Market"
      : "Stop Limit";

/** Letter of a side: B = bid, A = ask. */
export const sideLetter = (side: Side): "B" | "A" => (side === 0 ? "B" : "A");
