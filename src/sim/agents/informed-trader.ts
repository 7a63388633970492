/**
 * Knows where the reference price will be a little later, and with it the oracle: takes whatever is
 * offered on the wrong side of that by more than its edge, and leaves when the price has arrived. Who
 * quotes too near or too slowly pays for it: this is where adverse selection comes from.
 */
import type { Prng } from "../../base/prng.ts";
import { BUY, SELL, type Side, sideSign } from "../../base/side.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { nextExponential } from "../gaussian.ts";
import { referencePx } from "../reference-price.ts";
import {
  type Agent,
  type AgentAccount,
  lotsOf,
  type MarketView,
  positionOf,
  takeCommand,
  touchOf,
} from "./agent.ts";

/** What it is like. */
export interface InformedTraderOptions {
  readonly account: AgentAccount;
  /** How far ahead it sees [ms]. */
  readonly horizonMs: number;
  /** Distance of the coming price from the touch that is worth a trade [1]. */
  readonly edge: number;
  /** Mean value of one order, and value of the largest position [10^-6 USDC]. */
  readonly orderNotional: number;
  readonly positionMax: number;
  /** Mean time between two looks [ms]. */
  readonly everyMs: number;
  readonly prng: Prng;
  readonly startMs: number;
}

/** A trader that starts flat. */
export function createInformedTrader(options: InformedTraderOptions): Agent {
  const { account, everyMs, prng, startMs } = options;
  let nextMs = startMs + everyMs;
  return {
    accounts: [account],
    isKeptFunded: true,
    nextMs: () => nextMs,
    step(view) {
      nextMs = view.nowMs + everyMs * nextExponential(prng);
      return exploit(options, view);
    },
  };
}

function exploit(options: InformedTraderOptions, view: MarketView): Command[] {
  const { account, horizonMs, edge, orderNotional, positionMax, prng } = options;
  const { bid, ask } = touchOf(view);
  if (bid === 0 || ask === 0) return [];
  const coming = referencePx(view.reference, view.nowMs + horizonMs);
  const held = positionOf(view, account);
  const enter = (side: Side): Command[] => {
    if (sideSign(side) * held * coming >= positionMax) return [];
    const sz = lotsOf(view, orderNotional * nextExponential(prng), coming);
    const px = coming * (1 - (sideSign(side) * edge) / 2);
    return [takeCommand(view, account, { side, sz, px, reach: 0 })];
  };
  if (coming > ask * (1 + edge)) return enter(BUY);
  if (coming < bid * (1 - edge)) return enter(SELL);
  const side = held > 0 ? SELL : BUY;
  const isDone = held > 0 ? coming <= bid : coming >= ask;
  if (held === 0 || !isDone) return [];
  return [
    takeCommand(view, account, {
      side,
      sz: Math.abs(held),
      px: coming,
      reach: edge,
      reduceOnly: true,
    }),
  ];
}
