import type { MarketSample, SampleTouch, SampleTrade } from "../analysis/market-statistics.ts";
import { lotsPerCoin } from "../base/instrument-spec.ts";
import { BUY } from "../base/side.ts";
import type { Tape } from "../tape/tape-event.ts";

/** What a tape shows of its market, by the venue's clock; its legal prices are all ticks. Reads it to its end. */
export async function sampleOfTape(tape: Tape): Promise<MarketSample> {
  const trades: SampleTrade[] = [];
  const touches: SampleTouch[] = [];
  const lots = lotsPerCoin(tape.header.szDecimals);
  for await (const events of tape.read()) {
    for (const event of events) {
      const timeMs = event.venueMs === 0 ? Number(event.localNs / 1_000_000n) : event.venueMs;
      if (event.kind === "trade") {
        trades.push({ timeMs, isBuy: event.side === BUY, sz: event.sz / lots });
      } else if (event.kind === "bbo" && event.bid !== null && event.ask !== null) {
        touches.push({ timeMs, bid: event.bid.px, ask: event.ask.px });
      }
    }
  }
  return { trades, touches, pxStep: 1 };
}
