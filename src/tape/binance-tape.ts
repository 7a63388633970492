/**
 * Reader of Binance's raw form: gzip or plain, one message a line. The market's precision is taken
 * from what the recording itself shows: as many decimals of a price as it uses make the tick.
 */
import { lotsPerCoin, PERP_DECIMALS } from "../base/instrument-spec.ts";
import { BUY, SELL } from "../base/side.ts";
import { parsePx, parseSz } from "../wire/decimal.ts";
import { type BinanceMessage, parseBinanceLine, readLevels } from "./binance-message.ts";
import { createDepthChain, type DepthChain, followChain, startChain } from "./depth-chain.ts";
import { type FileLines, openLines } from "./file-lines.ts";
import { lineError, tapeError } from "./tape-error.ts";
import {
  createTapeCounts,
  type Tape,
  type TapeBook,
  type TapeCounts,
  type TapeEvent,
  type TapeHeader,
} from "./tape-event.ts";

/** Lines that are looked at for precision and symbol, where no book comes earlier. */
const SAMPLE_LINES_MAX = 20_000;
/** Currencies that stand behind the coin in a symbol. */
const QUOTES = /(USDT|USDC|BUSD|FDUSD|USD)(_PERP)?$/;

/** Longest name of a market. */
const COIN_LENGTH_MAX = 12;

type Difference = Extract<BinanceMessage, { kind: "difference" }>;

interface Reader {
  readonly path: string;
  readonly header: TapeHeader;
  readonly counts: TapeCounts;
  readonly chain: DepthChain<Difference>;
}

/** Opens a recording. */
export async function openBinanceTape(path: string): Promise<Tape> {
  const { header, startPx } = await readHeader(path);
  const lines = await openLines(path);
  const reader: Reader = { path, header, counts: createTapeCounts(), chain: createDepthChain() };
  return {
    header,
    startPx,
    counts: reader.counts,
    progress: lines.progress,
    read: () => readEvents(reader, lines),
  };
}

async function* readEvents(reader: Reader, lines: FileLines): AsyncGenerator<readonly TapeEvent[]> {
  for await (const batch of lines.read()) {
    const events: TapeEvent[] = [];
    for (const [i, line] of batch.entries()) {
      if (line !== "") readLine(reader, { text: line, line: lines.line + i }, events);
    }
    if (events.length > 0) yield events;
  }
}

function readLine(
  reader: Reader,
  { text, line }: { readonly text: string; readonly line: number },
  out: TapeEvent[],
): void {
  const place = { path: reader.path, line };
  const parsed = parseBinanceLine(text);
  if ("problem" in parsed) throw lineError(place, parsed.problem);
  const { localNs, symbol, message } = parsed;
  if (symbol !== "" && symbol !== reader.header.symbol) {
    throw lineError(place, `is about ${symbol}; the tape is of ${reader.header.symbol}`);
  }
  reader.counts.lines += 1;
  const problem = addEvents(reader, localNs, message, out);
  if (problem !== null) throw lineError(place, problem);
}

/** Adds what a message says; answers what is wrong with it, or null. */
function addEvents(
  { header, counts, chain }: Reader,
  localNs: bigint,
  message: BinanceMessage,
  out: TapeEvent[],
): string | null {
  if (message.kind === "other") {
    counts.skipped += 1;
    return null;
  }
  const time = { localNs, venueMs: message.venueMs };
  const tooFine = `has a price or size that is no number, or finer than ${stepsOf(header)}`;
  const bookOf = (book: { bids: Difference["bids"]; asks: Difference["asks"] }): TapeBook | null =>
    readBook(book, header.szDecimals);
  const follow = (difference: Difference): string | null => {
    const step = followChain(chain, difference);
    if (step === null) return "no book came for so long that no more changes of it are kept";
    if (step === "waits") return null;
    counts.early += step === "early" ? 1 : 0;
    counts.gaps += step === "gap" ? 1 : 0;
    if (step === "early") return null;
    counts.differences += 1;
    const book = bookOf(difference);
    if (book === null) return tooFine;
    out.push({ kind: "depth", localNs, venueMs: difference.venueMs, ...book });
    return null;
  };
  switch (message.kind) {
    case "snapshot": {
      const book = bookOf(message);
      if (book === null) return tooFine;
      counts.snapshots += 1;
      out.push({ kind: "snapshot", ...time, ...book });
      for (const difference of startChain(chain, message.lastUpdateId)) {
        const problem = follow(difference);
        if (problem !== null) return problem;
      }
      return null;
    }
    case "difference":
      return follow(message);
    case "trade": {
      const px = parsePx(message.px, header.szDecimals);
      const sz = parseSz(message.sz, header.szDecimals);
      if (px <= 0 || sz <= 0) return tooFine;
      counts.trades += 1;
      out.push({ kind: "trade", ...time, side: message.isSellTaker ? SELL : BUY, px, sz });
      return null;
    }
    case "bbo": {
      const book = readBook({ bids: [message.bid], asks: [message.ask] }, header.szDecimals);
      if (book === null) return tooFine;
      const [bid = null, ask = null] = [book.bids[0], book.asks[0]];
      out.push({ kind: "bbo", ...time, bid, ask });
      return null;
    }
  }
}

function readBook(
  { bids, asks }: { bids: Difference["bids"]; asks: Difference["asks"] },
  szDecimals: number,
): TapeBook | null {
  const read = {
    px: (text: string): number => parsePx(text, szDecimals),
    sz: (text: string): number => parseSz(text, szDecimals),
  };
  const bidLevels = readLevels(bids, read);
  const askLevels = readLevels(asks, read);
  return bidLevels === null || askLevels === null ? null : { bids: bidLevels, asks: askLevels };
}

const stepsOf = ({ szDecimals }: TapeHeader): string =>
  `the market's ${PERP_DECIMALS - szDecimals} and ${szDecimals} decimals`;

/** What the first lines show. */
interface Sample {
  symbol: string;
  /** Most decimals of a price and of a size. */
  pxDecimals: number;
  szDecimals: number;
  /** First price that traded or stood at the touch, as text. */
  px: string;
  hasBook: boolean;
}

/** Looks at the first lines, up to the first book, for symbol, decimals and a price. */
async function readHeader(path: string): Promise<{ header: TapeHeader; startPx: number }> {
  const sample: Sample = { symbol: "", pxDecimals: 0, szDecimals: 0, px: "", hasBook: false };
  const lines = await openLines(path);
  const isEnough = (): boolean => sample.hasBook && sample.symbol !== "" && sample.px !== "";
  let seen = 0;
  for await (const batch of lines.read()) {
    for (const [i, line] of batch.entries()) {
      if (line === "" || isEnough()) continue;
      const parsed = parseBinanceLine(line);
      if ("problem" in parsed) throw lineError({ path, line: lines.line + i }, parsed.problem);
      sample.symbol ||= parsed.symbol;
      noteMessage(parsed.message, sample);
      seen += 1;
    }
    if (isEnough() || seen >= SAMPLE_LINES_MAX) break;
  }
  return headerOf(path, sample);
}

function headerOf(path: string, sample: Sample): { header: TapeHeader; startPx: number } {
  const { symbol, pxDecimals } = sample;
  if (symbol === "" || sample.px === "") {
    throw tapeError("tapeUnreadable", `${path} holds no trade and no book: is it a recording?`);
  }
  if (pxDecimals + sample.szDecimals > PERP_DECIMALS) {
    throw tapeError(
      "tapeUnfit",
      `${path}: prices of ${symbol} have ${pxDecimals} decimals and sizes ${sample.szDecimals}; ` +
        `a market here has ${PERP_DECIMALS} for both together`,
    );
  }
  const szDecimals = PERP_DECIMALS - pxDecimals;
  const coin = symbol
    .replace(QUOTES, "")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, COIN_LENGTH_MAX);
  const szStep = lotsPerCoin(szDecimals) / lotsPerCoin(sample.szDecimals);
  return {
    header: { source: "binance", symbol, coin, szDecimals, szStep },
    startPx: parsePx(sample.px, szDecimals),
  };
}

function noteMessage(message: BinanceMessage, sample: Sample): void {
  const note = (px: string, sz: string): void => {
    sample.pxDecimals = Math.max(sample.pxDecimals, decimalsOf(px));
    sample.szDecimals = Math.max(sample.szDecimals, decimalsOf(sz));
  };
  if (message.kind === "other") return;
  if (message.kind === "trade") {
    sample.px ||= message.px;
    note(message.px, message.sz);
  } else if (message.kind === "bbo") {
    sample.px ||= message.bid[0];
    for (const [px, sz] of [message.bid, message.ask]) note(px, sz);
  } else {
    if (message.kind === "snapshot") {
      sample.hasBook = true;
      sample.px ||= message.bids[0]?.[0] ?? message.asks[0]?.[0] ?? "";
    }
    for (const [px, sz] of [...message.bids, ...message.asks]) note(px, sz);
  }
}

/** Decimals that a number uses, zeros at its end aside. */
const decimalsOf = (text: string): number => /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;
