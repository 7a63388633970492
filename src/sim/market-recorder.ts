/** Keeps what one market of a simulation shows to everybody, for measuring it: trades and touch. */
import type { MarketSample, SampleTouch, SampleTrade } from "../analysis/market-statistics.ts";
import { type InstrumentSpec, legalPxStep, lotsPerCoin } from "../base/instrument-spec.ts";
import { BUY, SELL } from "../base/side.ts";
import {
  EVENT,
  EVENT_FLAG,
  EVENT_HEAD,
  type EventRing,
  eventLane,
  ORDER_EVENT,
} from "../exchange/event.ts";
import { bestLevel } from "../projection/l2.ts";
import type { ReadModels } from "../projection/read-models.ts";

/** A sample that grows. */
export interface MarketRecorder {
  readonly sample: MarketSample;
  /** Takes durable events in, once the read models hold them. */
  note(models: ReadModels, ring: EventRing, from: number, to: number): void;
}

/** A recorder of one market, around a price that tells its legal steps [ticks]. */
export function createMarketRecorder(
  spec: InstrumentSpec,
  { market, px }: { readonly market: number; readonly px: number },
): MarketRecorder {
  const trades: SampleTrade[] = [];
  const touches: SampleTouch[] = [];
  const lots = lotsPerCoin(spec.szDecimals);
  return {
    sample: { trades, touches, pxStep: legalPxStep(spec, px) },
    note(models, ring, from, to) {
      for (let index = from; index < to; index++) {
        const lane = eventLane(ring, index);
        const { lanes } = ring;
        if (lanes[lane + EVENT_HEAD.kind] !== EVENT.fill) continue;
        if (lanes[lane + EVENT_HEAD.market] !== market) continue;
        if (((lanes[lane + ORDER_EVENT.flags] as number) & EVENT_FLAG.crossed) === 0) continue;
        trades.push({
          timeMs: lanes[lane + EVENT_HEAD.timeMs] as number,
          isBuy: lanes[lane + ORDER_EVENT.side] === BUY,
          sz: (lanes[lane + ORDER_EVENT.sz] as number) / lots,
        });
      }
      noteTouch(touches, models, market);
    },
  };
}

function noteTouch(touches: SampleTouch[], models: ReadModels, market: number): void {
  if (market >= models.l2.markets.length) return;
  const bid = bestLevel(models.l2, market, BUY)?.px;
  const ask = bestLevel(models.l2, market, SELL)?.px;
  const last = touches.at(-1);
  if (bid === undefined || ask === undefined) return;
  if (last?.bid === bid && last.ask === ask) return;
  touches.push({ timeMs: models.timeMs, bid, ask });
}
