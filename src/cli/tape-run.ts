/** A tape in `bourse up`: opened before anything starts, played beside the maker, summed up at its end. */
import { existsSync, readdirSync } from "node:fs";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import type { LimitsMode } from "../gateway/ip-limits.ts";
import { tapeSpec } from "../sim/tape-market.ts";
import { openTape } from "../tape/open-tape.ts";
import { partsFolder } from "../tape/segment-files.ts";
import type { Tape } from "../tape/tape-event.ts";
import { formatPx, formatSz } from "../wire/decimal.ts";
import type { RunningExchange } from "./exchange-process.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import type { MarketClock } from "./market-clock.ts";
import type { Session } from "./session.ts";
import { startTapePlayer, type TapeFigures, type TapePlayer } from "./tape-player.ts";

const STATUS_EVERY_MS = 1_000;

/** What `bourse up` says about a tape. */
export interface TapeFlags {
  readonly tape: string;
  readonly data?: string;
  readonly asset?: string;
  readonly limits: LimitsMode;
}

/** A tape that is ready to play, and the market for it. */
export interface TapeRun {
  readonly path: string;
  readonly tape: Tape;
  readonly markets: readonly { readonly spec: InstrumentSpec; readonly startPx: number }[];
}

/** Opens a tape and checks that the other flags go with it. */
export async function openTapeRun(flags: TapeFlags): Promise<TapeRun> {
  const { tape: path, data, asset, limits } = flags;
  if (data !== undefined && existsSync(data) && readdirSync(data).length > 0) {
    throw new ExitError(EXIT.usage, `--tape begins on fresh data, and ${data} is not empty`);
  }
  if (limits === "venue") {
    throw new ExitError(EXIT.usage, "--tape needs --limits off: the tape is one busy address");
  }
  if (!existsSync(path) && !existsSync(partsFolder(path))) {
    throw new ExitError(EXIT.notFound, `there is no tape ${path}`);
  }
  const tape = await openTape(path);
  const { coin } = tape.header;
  if (asset !== undefined && asset !== coin) {
    throw new ExitError(EXIT.usage, `${path} is a tape of ${coin}: leave --asset ${asset} out`);
  }
  const { startPx } = tape;
  return { path, tape, markets: [{ spec: tapeSpec(tape.header, startPx), startPx }] };
}

/** A tape that plays, as `bourse up` sees it. */
export interface PlayingTape {
  /** Resolves when the tape has ended. */
  readonly ended: Promise<"tape">;
  /** Stops it and says what came of it. */
  finish(): void;
}

/** Plays a tape into an exchange; `showStatus` prints a line a second about it. */
export function playTapeRun(
  { output }: Session,
  { tape }: TapeRun,
  options: {
    readonly exchange: RunningExchange;
    readonly clock: MarketClock;
    readonly showStatus: boolean;
    readonly fail: (error: Error) => void;
  },
): PlayingTape {
  const { exchange, clock, showStatus, fail } = options;
  const player = startTapePlayer({ tape, sequencer: exchange.sequencer, clock });
  const status = setInterval(() => {
    if (showStatus) output.status(statusText(tape, player));
  }, STATUS_EVERY_MS);
  // A tape that cannot be read on ends the run with what is wrong; this promise then stays open.
  const ended = new Promise<"tape">((resolve) => player.ended.then(resolve, fail));
  return {
    ended: ended.then((end) => {
      output.say("■ the tape has ended");
      return end;
    }),
    finish() {
      clearInterval(status);
      player.stop();
      const figures = player.figures();
      for (const line of endLines(tape, figures)) output.say(line);
      output.emit(endValue(tape, figures));
      const { gaps } = tape.counts;
      if (gaps > 0) output.warn(`the recording lacks changes of the book at ${gaps} places`);
    },
  };
}

function statusText(tape: Tape, player: TapePlayer): string {
  const { szDecimals, coin } = tape.header;
  const { trades, bestBid, bestAsk } = player.figures();
  const lagMs = player.lagMs();
  const lag = lagMs > 1_000 ? `  ${Math.round(lagMs / 1_000)} s behind` : "";
  return (
    `  tape ${Math.floor(tape.progress() * 100)} %  ${coin} ` +
    `${formatPx(bestBid, szDecimals)} × ${formatPx(bestAsk, szDecimals)}  trades ${trades}${lag}`
  );
}

/** The closing lines: what was sent, what the exchange printed, and where its book stands. */
function endLines({ header }: Tape, figures: TapeFigures): string[] {
  const { szDecimals, coin } = header;
  const sz = (lots: number): string => `${formatSz(lots, szDecimals)} ${coin}`;
  const { trades, tradedLots, sentTrades, sentLots } = figures;
  const printed =
    trades === sentTrades && tradedLots === sentLots
      ? "printed one by one"
      : `the exchange printed ${trades} of ${sz(tradedLots)}, others' among them`;
  return [
    `  tape: ${sentTrades} trades of ${sz(sentLots)}; ${printed}`,
    `  book: ${formatPx(figures.bestBid, szDecimals)} / ${formatPx(figures.bestAsk, szDecimals)}, ` +
      `${figures.bidLevels} / ${figures.askLevels} levels, ` +
      `${figures.crossed === 0 ? "never crossed" : `crossed ${figures.crossed} times`}`,
  ];
}

/** The same for programs; prices and sizes as decimal text. */
function endValue({ header, counts }: Tape, figures: TapeFigures): Record<string, unknown> {
  const { szDecimals, coin, symbol, source } = header;
  return {
    kind: "tape",
    source,
    symbol,
    coin,
    ...counts,
    sentTrades: figures.sentTrades,
    sentVolume: formatSz(figures.sentLots, szDecimals),
    printedTrades: figures.trades,
    printedVolume: formatSz(figures.tradedLots, szDecimals),
    bestBid: formatPx(figures.bestBid, szDecimals),
    bestAsk: formatPx(figures.bestAsk, szDecimals),
    bidLevels: figures.bidLevels,
    askLevels: figures.askLevels,
    crossed: figures.crossed,
  };
}
