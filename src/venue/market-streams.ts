/**
 * What a venue tells everybody about one market, over the SDK's WebSocket: books, best prices, trades
 * and, where offered, reference prices. For recording: it needs no account. Streams that are lost are
 * opened anew. A venue begins with its last trades: those up to the first book are left out, and
 * those that were told before a loss.
 */
import { HttpTransport, InfoClient, SubscriptionClient } from "@nktkas/hyperliquid";
import type { BookLevel, VenueTrade } from "../maker/venue.ts";
import { searchMarket } from "./market-search.ts";
import { createStreamTransport, LIFELESS_MS_MAX, REBUILD_MS } from "./streams.ts";
import { levelsOf, referenceOf, tradeOf, type WireLevel, type WireMarket } from "./wire-shape.ts";

/** Answer awaited for this long [ms]. */
const TIMEOUT_MS = 10_000;
/** Silence of the book after which it is asked for [ms]. */
const ASK_MS = 4_000;
/** Trade ids that are remembered. */
const TIDS_MAX = 4_096;

/** Something that happened on the market [ticks, lots, ms]. */
export type MarketEvent =
  | {
      readonly kind: "book";
      readonly timeMs: number;
      readonly bids: readonly BookLevel[];
      readonly asks: readonly BookLevel[];
    }
  | {
      readonly kind: "bbo";
      readonly timeMs: number;
      readonly bid: BookLevel | null;
      readonly ask: BookLevel | null;
    }
  | ({ readonly kind: "trade" } & VenueTrade)
  | { readonly kind: "reference"; readonly oraclePx: number; readonly markPx: number }
  /** The streams stand, or are lost. */
  | { readonly kind: "connection"; readonly up: boolean };

/** What to follow, and who is told. */
export interface MarketScope {
  /** Base address, such as http://127.0.0.1:3001. */
  readonly url: string;
  readonly market: WireMarket;
  readonly emit: (event: MarketEvent) => void;
  /** Told of what was dropped or is retried. */
  readonly warn: (text: string) => void;
}

/** The market that a venue knows by a coin's name; throws where there is none or nobody answers. */
export async function findMarket(url: string, coin: string): Promise<WireMarket> {
  const transport = new HttpTransport({ apiUrl: url, timeout: TIMEOUT_MS });
  return searchMarket(new InfoClient({ transport }), coin);
}

/** Opens the streams and keeps them open until closed. */
export function openMarketStreams(scope: MarketScope): { close(): void } {
  const tids = createTidMemory();
  const since = { timeMs: Number.POSITIVE_INFINITY };
  let closed = false;
  let current = build();
  function build(): { close(): void } {
    return buildStreams(scope, { tids, since }, (reason) => {
      if (closed) return;
      scope.emit({ kind: "connection", up: false });
      scope.warn(`streams are built anew: ${reason}`);
      current.close();
      setTimeout(() => {
        if (!closed) current = build();
      }, REBUILD_MS);
    });
  }
  return {
    close() {
      closed = true;
      current.close();
    },
  };
}

function buildStreams(
  scope: MarketScope,
  past: Past,
  lost: (reason: string) => void,
): { close(): void } {
  const { url, market, emit } = scope;
  const transport = createStreamTransport({ url: socketUrl(url), isTestnet: false });
  const info = new InfoClient({ transport });
  const { name: coin } = market.spec;
  let alive = true;
  let signMs = performance.now();
  let askedMs = signMs;
  const lose = (reason: string): void => {
    if (!alive) return;
    alive = false;
    lost(reason);
  };
  const onSign = (): void => {
    signMs = performance.now();
  };
  const onBook = (book: WireBook): void => {
    onSign();
    past.since.timeMs = Math.min(past.since.timeMs, book.time);
    if (alive) emit(bookOf(book, market));
  };
  transport.socket.addEventListener("close", () => {
    if (alive) emit({ kind: "connection", up: false });
  });
  const watch = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - signMs > LIFELESS_MS_MAX) lose(`no sign of life for ${LIFELESS_MS_MAX} ms`);
    if (!alive || nowMs - Math.max(signMs, askedMs) < ASK_MS) return;
    askedMs = nowMs;
    // A market may be quiet: an answer tells that from a dead connection; none is waited for above.
    info.l2Book({ coin }).then(
      (book) => book !== null && onBook(book),
      () => undefined,
    );
  }, ASK_MS / 4);
  subscribe(scope, new SubscriptionClient({ transport }), { past, onBook, onSign, lose }).then(
    () => alive && emit({ kind: "connection", up: true }),
    (error: unknown) => lose(error instanceof Error ? error.message : String(error)),
  );
  return {
    close() {
      alive = false;
      clearInterval(watch);
      transport.close();
    },
  };
}

interface WireBook {
  readonly time: number;
  readonly levels: readonly [readonly WireLevel[], readonly WireLevel[]];
}

/** What was told already, kept over losses of the streams. */
interface Past {
  readonly tids: TidMemory;
  /** Time of the first book; infinite before it [ms]. */
  readonly since: { timeMs: number };
}

interface Wiring {
  readonly past: Past;
  readonly onBook: (book: WireBook) => void;
  readonly onSign: () => void;
  readonly lose: (reason: string) => void;
}

async function subscribe(
  { market, emit, warn }: MarketScope,
  subs: SubscriptionClient,
  { past, onBook, onSign, lose }: Wiring,
): Promise<void> {
  const { spec } = market;
  const coin = spec.name;
  const options = { onError: (error: Error) => lose(error.message) };
  const guard =
    <T>(take: (data: T) => void) =>
    (data: T): void => {
      onSign();
      try {
        take(data);
      } catch (error) {
        // A message that cannot be read is dropped and told; the streams go on.
        warn(error instanceof Error ? error.message : String(error));
      }
    };
  const onTrades = guard((trades: readonly Parameters<typeof tradeOf>[0][]) => {
    for (const trade of trades) {
      const isNew = past.tids.isNew(trade.tid) && trade.time > past.since.timeMs;
      if (isNew) emit({ kind: "trade", ...tradeOf(trade, spec) });
    }
  });
  const onBbo = guard(({ time, bbo }: { time: number; bbo: readonly (WireLevel | null)[] }) => {
    const [bid, ask] = bbo.map((level) => (level === null ? null : levelsOf([level], spec)[0]));
    emit({ kind: "bbo", timeMs: time, bid: bid ?? null, ask: ask ?? null });
  });
  const onReference = guard(({ ctx }: { ctx: { oraclePx: string; markPx: string } }) => {
    const oraclePx = referenceOf(ctx.oraclePx, spec.szDecimals);
    const markPx = referenceOf(ctx.markPx, spec.szDecimals);
    if (oraclePx > 0 && markPx > 0) emit({ kind: "reference", oraclePx, markPx });
  });
  await Promise.all([
    subs.l2Book({ coin }, guard(onBook), options),
    subs.bbo({ coin }, onBbo, options),
    subs.trades({ coin }, onTrades, options),
    // Not every venue streams them; the recording then goes without.
    subs.activeAssetCtx({ coin }, onReference).catch(() => undefined),
  ]);
}

const bookOf = ({ time, levels }: WireBook, { spec }: WireMarket): MarketEvent => ({
  kind: "book",
  timeMs: time,
  bids: levelsOf(levels[0], spec),
  asks: levelsOf(levels[1], spec),
});

const socketUrl = (url: string): string => `${url.replace(/^http/, "ws").replace(/\/$/, "")}/ws`;

/** Remembers the last trade ids. */
interface TidMemory {
  /** Whether a trade is met for the first time. */
  isNew(tid: number): boolean;
}

function createTidMemory(): TidMemory {
  const tids = new Set<number>();
  return {
    isNew(tid) {
      if (tids.has(tid)) return false;
      tids.add(tid);
      if (tids.size > TIDS_MAX) {
        for (const oldest of tids) {
          tids.delete(oldest);
          break;
        }
      }
      return true;
    },
  };
}
