/** `bourse record`: what a Hyperliquid venue tells about a market, to a file that `up --tape` plays. */
import type { TapeHeader } from "../tape/tape-event.ts";
import { openTapeWriter, type TapeWriter } from "../tape/tape-writer.ts";
import { findMarket, type MarketEvent, openMarketStreams } from "../venue/market-streams.ts";
import type { WireMarket } from "../venue/wire-shape.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { afterSeconds, type CommonFlags, createFailure, openSession } from "./session.ts";
import { firstStopSignal } from "./stop-signal.ts";

/** Flags of the command. */
export interface RecordFlags extends CommonFlags {
  readonly url: string;
  readonly coin: string;
  readonly out?: string;
  readonly for?: number;
}

/** Longest time that what was recorded stays in memory alone [ms]. */
const FLUSH_EVERY_MS = 3_000;
const STATUS_EVERY_MS = 1_000;

/** Counts for the line that is always current. */
interface Recorded {
  books: number;
  trades: number;
  /** Times the streams were lost. */
  losses: number;
  isUp: boolean;
}

/** Records until a signal; resolves once all is in one file. */
export async function runRecord(flags: RecordFlags): Promise<void> {
  const { output } = openSession(flags);
  const failure = createFailure();
  const stop = firstStopSignal(() =>
    output.warn("stopped at once; play what there is with --tape"),
  );
  const market = await marketOf(flags);
  const path = flags.out ?? defaultPath(flags.coin);
  const writer = await openTapeWriter(path, headerOf(market));
  const recorded: Recorded = { books: 0, trades: 0, losses: 0, isUp: false };
  const startedMs = performance.now();
  const streams = openMarketStreams({
    url: flags.url,
    market,
    emit: createTaker(writer, recorded, failure.fail),
    warn: output.warn,
  });
  output.step("recording", `${flags.coin} of ${flags.url} to ${path}`);
  output.emit({ kind: "recording", coin: flags.coin, url: flags.url, path });
  const flush = setInterval(() => writer.flush().catch(failure.fail), FLUSH_EVERY_MS);
  const status = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    output.status(statusText(writer, recorded, seconds));
    const { messages, written } = writer;
    output.emit({ kind: "status", seconds, messages, written, ...recorded });
  }, STATUS_EVERY_MS);
  const ended = await Promise.race([stop, failure.promise, afterSeconds(flags.for)]);
  clearInterval(flush);
  clearInterval(status);
  streams.close();
  if (ended instanceof Error) throw new ExitError(EXIT.error, ended.message, ended);
  output.say("■ stopping: one file of all that was recorded");
  const closeMs = performance.now();
  const closing = setInterval(() => {
    const seconds = Math.round((performance.now() - closeMs) / 1_000);
    output.status(`  ${seconds} s  writing ${writer.messages} messages to ${path}`);
  }, STATUS_EVERY_MS);
  await writer.close().finally(() => clearInterval(closing));
  const { messages } = writer;
  output.say(
    `  ${messages} messages, ${recorded.books} books, ${recorded.trades} trades in ${path}`,
  );
  if (messages > 0) output.say(`  play it: bourse up --tape ${path}`);
  output.emit({ kind: "recorded", path, messages, ...recorded });
}

async function marketOf({ url, coin }: RecordFlags): Promise<WireMarket> {
  try {
    return await findMarket(url, coin);
  } catch (error) {
    // Nobody answers there, or the venue has no such market: said with the address.
    const words = error instanceof Error ? error.message : String(error);
    throw new ExitError(EXIT.unreachable, `${coin} at ${url}: ${words}`, error);
  }
}

const headerOf = ({ spec }: WireMarket): TapeHeader => ({
  source: "hyperliquid",
  symbol: spec.name,
  coin: spec.name,
  szDecimals: spec.szDecimals,
  szStep: 1,
});

/** A name with the time of the start, in the folder that the command runs in. */
function defaultPath(coin: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  return `${coin}-${time}.parquet`;
}

/** Writes events as messages of a tape, under the time of this machine. */
function createTaker(
  writer: TapeWriter,
  recorded: Recorded,
  fail: (error: Error) => void,
): (event: MarketEvent) => void {
  // The clock of the day at the start, and from there one that never jumps.
  const offsetNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  return (event) => {
    if (event.kind === "connection") {
      if (recorded.isUp && !event.up) recorded.losses += 1;
      recorded.isUp = event.up;
      return;
    }
    const localNs = offsetNs + process.hrtime.bigint();
    try {
      writer.add(tapeEventOf(event, localNs));
    } catch (error) {
      // The disk is too slow: the recording ends with what is wrong.
      fail(error as Error);
    }
    if (event.kind === "trade") recorded.trades += 1;
    else if (event.kind === "book") recorded.books += 1;
  };
}

function tapeEventOf(
  event: Exclude<MarketEvent, { kind: "connection" }>,
  localNs: bigint,
): Parameters<TapeWriter["add"]>[0] {
  switch (event.kind) {
    case "book":
      return {
        kind: "snapshot",
        localNs,
        venueMs: event.timeMs,
        bids: event.bids,
        asks: event.asks,
      };
    case "bbo":
      return { kind: "bbo", localNs, venueMs: event.timeMs, bid: event.bid, ask: event.ask };
    case "trade":
      return {
        kind: "trade",
        localNs,
        venueMs: event.timeMs,
        side: event.side,
        px: event.px,
        sz: event.sz,
      };
    case "reference":
      return {
        kind: "reference",
        localNs,
        venueMs: 0,
        oraclePx: event.oraclePx,
        markPx: event.markPx,
      };
  }
}

function statusText(writer: TapeWriter, recorded: Recorded, seconds: number): string {
  const { books, trades, losses, isUp } = recorded;
  const link = isUp ? "" : "  no connection";
  const lost = losses > 0 ? `  connection lost ${losses} times` : "";
  return `  ${seconds} s  ${writer.messages} messages  ${books} books  ${trades} trades${lost}${link}`;
}
