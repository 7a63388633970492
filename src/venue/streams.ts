/**
 * The venue's streams over the SDK's WebSocket: book, trades, the account's orders and fills. Says
 * `connection up` only when every subscription stands, and again after each reconnect. A market
 * stream that is silent is asked, over the same socket, whether it is quiet or dead.
 */
import { InfoClient, SubscriptionClient, WebSocketTransport } from "@nktkas/hyperliquid";
import type { Hex } from "../base/hex.ts";
import type { VenueEvent } from "../maker/venue.ts";
import {
  fillOf,
  fundingOf,
  levelsOf,
  orderOf,
  referenceOf,
  tradeOf,
  type WireLevel,
  type WireMarket,
} from "./wire-shape.ts";

/** Silence of the book after which it is asked for [ms]. */
const BOOK_POLL_MS = 1_500;
/** Ping interval and the wait for its answer: a half-open connection is found in their sum [ms]. */
const PING_MS = 5_000;
const PONG_MS = 4_000;
/** Longest wait for a connection to open, and longest pause between two tries [ms]. */
const CONNECT_MS = 4_000;
const RETRY_MS_MAX = 5_000;
/**
 * Without any sign of life for this long the connection is given up. One whose peer is gone without
 * a word never gets to its closing, and so would never be opened again. A ping with its answer and
 * a try with its pause are both shorter [ms].
 */
export const LIFELESS_MS_MAX = 12_000;
/** Pause before the streams are built anew after one was lost for good [ms]. */
export const REBUILD_MS = 1_000;

/** What the streams are about. */
export interface StreamScope {
  /** WebSocket address. */
  readonly url: string;
  readonly isTestnet: boolean;
  readonly market: WireMarket;
  /** Account whose orders and fills are followed. */
  readonly user: Hex;
  readonly emit: (event: VenueEvent) => void;
  readonly warn: (text: string) => void;
  /** The venue refused to stream reference prices: they have to be polled. */
  readonly onReferenceRefused: () => void;
}

/** Open streams. */
export interface Streams {
  close(): void;
}

/** A WebSocket of the SDK that finds out soon when it is dead, and opens again. */
export const createStreamTransport = ({
  url,
  isTestnet,
}: {
  readonly url: string;
  readonly isTestnet: boolean;
}): WebSocketTransport =>
  new WebSocketTransport({
    url,
    isTestnet,
    timeout: PONG_MS,
    keepAlive: { interval: PING_MS, timeout: PONG_MS },
    reconnect: {
      connectionTimeout: CONNECT_MS,
      reconnectionDelay: (tries) => Math.min(150 * 2 ** tries, RETRY_MS_MAX),
    },
  });

/** Opens the streams and keeps them open until closed. */
export function openStreams(scope: StreamScope): Streams {
  let closed = false;
  let current = buildStreams(scope, rebuild);
  function rebuild(reason: string): void {
    if (closed) return;
    scope.emit({ kind: "connection", up: false });
    scope.warn(`streams are built anew: ${reason}`);
    current.close();
    setTimeout(() => {
      if (!closed) current = buildStreams(scope, rebuild);
    }, REBUILD_MS);
  }
  return {
    close() {
      closed = true;
      current.close();
    },
  };
}

interface BuiltStreams {
  close(): void;
}

function buildStreams(scope: StreamScope, lost: (reason: string) => void): BuiltStreams {
  const { emit, market } = scope;
  const transport = createStreamTransport(scope);
  const info = new InfoClient({ transport });
  let alive = true;
  let subscribed = false;
  let bookMs = performance.now();
  let signMs = bookMs;
  const noteSign = (): void => {
    signMs = performance.now();
  };
  const lose = (reason: string): void => {
    if (!alive) return;
    alive = false;
    lost(reason);
  };
  const onBook = (book: WireBook): void => {
    noteSign();
    bookMs = signMs;
    emitBook(scope, book, "full");
  };
  const onFarBook = (book: WireBook): void => {
    noteSign();
    emitBook(scope, book, "far");
  };
  const ask = async (): Promise<void> => {
    const book = await info.l2Book({ coin: market.spec.name });
    noteSign();
    if (!alive || book === null) return;
    onBook(book);
    emit({ kind: "heartbeat", feed: "user" });
  };
  // After a reconnect the SDK subscribes again before this question, so its answer proves both.
  const confirm = (): void => {
    ask().then(
      () => alive && emit({ kind: "connection", up: true }),
      () => alive && transport.socket.reconnect(),
    );
  };
  const { socket } = transport;
  const down = (): void => {
    if (alive) emit({ kind: "connection", up: false });
  };
  for (const event of ["open", "close", "error"] as const) socket.addEventListener(event, noteSign);
  socket.addEventListener("close", down);
  socket.addEventListener("error", down);
  socket.addEventListener("open", () => {
    if (subscribed) confirm();
  });
  const poll = setInterval(() => {
    if (performance.now() - signMs > LIFELESS_MS_MAX) {
      lose(`no sign of life for ${LIFELESS_MS_MAX} ms`);
    }
    const open = socket.readyState === 1;
    if (!alive || !subscribed || !open || performance.now() - bookMs < BOOK_POLL_MS) return;
    bookMs = performance.now();
    // No answer is what the maker's own staleness limit is for.
    ask().catch(() => undefined);
  }, BOOK_POLL_MS / 3);
  subscribeAll(scope, { transport, onBook, onFarBook, lose }).then(
    () => {
      subscribed = true;
      if (alive) confirm();
    },
    (error: unknown) => lose(String(error)),
  );
  return {
    close() {
      alive = false;
      clearInterval(poll);
      transport.close();
    },
  };
}

interface WireBook {
  /** Says that it is the shallow book that comes often. */
  readonly fast?: true;
  readonly time: number;
  readonly levels: readonly [readonly WireLevel[], readonly WireLevel[]];
}

interface Wiring {
  readonly transport: WebSocketTransport;
  readonly onBook: (book: WireBook) => void;
  readonly onFarBook: (book: WireBook) => void;
  readonly lose: (reason: string) => void;
}

async function subscribeAll(scope: StreamScope, wiring: Wiring): Promise<void> {
  const { emit, user, market } = scope;
  const { spec } = market;
  const coin = spec.name;
  const subs = new SubscriptionClient({ transport: wiring.transport });
  const onError = (error: Error): void => wiring.lose(error.message);
  const guard =
    <T>(take: (data: T) => void) =>
    (data: T): void => {
      try {
        take(data);
      } catch (error) {
        // A message that cannot be read is dropped and told; the streams go on.
        scope.warn(error instanceof Error ? error.message : String(error));
      }
    };
  const options = { onError };
  const onAnyBook = (book: WireBook): void =>
    book.fast === true ? wiring.onBook(book) : wiring.onFarBook(book);
  await Promise.all([
    subs.l2Book({ coin, fast: true }, guard(onAnyBook), options),
    // Both subscriptions are heard on one channel, where the first listener hears them already.
    subs.l2Book({ coin }, () => undefined, options),
    subs.trades(
      { coin },
      guard((trades) => emit({ kind: "trades", trades: trades.map((t) => tradeOf(t, spec)) })),
      options,
    ),
    subs.orderUpdates(
      { user },
      guard((updates) => {
        const orders = updates
          .filter(({ order }) => order.coin === coin)
          .map(({ order, status, statusTimestamp: timeMs }) =>
            orderOf(order, { status, timeMs }, spec),
          );
        emit({ kind: "orders", orders });
      }),
      options,
    ),
    subs.userFills(
      { user },
      guard(({ fills }) => {
        const own = fills.filter((fill) => fill.coin === coin).map((fill) => fillOf(fill, spec));
        emit({ kind: "fills", fills: own });
      }),
      options,
    ),
    subs.userFundings(
      { user },
      guard(({ fundings }) => {
        const own = fundings.filter((funding) => funding.coin === coin);
        if (own.length > 0) emit({ kind: "funding", payments: own.map(fundingOf) });
      }),
      options,
    ),
    subscribeReference(scope, subs, guard),
  ]);
}

/** Reference prices are followed where the venue streams them; a refusal is no failure. */
async function subscribeReference(
  { emit, market, onReferenceRefused }: StreamScope,
  subs: SubscriptionClient,
  guard: <T>(take: (data: T) => void) => (data: T) => void,
): Promise<void> {
  const { name: coin, szDecimals } = market.spec;
  const take = guard(({ ctx }: { ctx: { oraclePx: string; markPx: string; funding: string } }) =>
    emit({
      kind: "reference",
      timeMs: 0,
      oraclePx: referenceOf(ctx.oraclePx, szDecimals),
      markPx: referenceOf(ctx.markPx, szDecimals),
      fundingRate: Number(ctx.funding),
    }),
  );
  try {
    await subs.activeAssetCtx({ coin }, take, { onError: onReferenceRefused });
  } catch {
    // The venue does not have the channel, or did not answer: polling takes its place.
    onReferenceRefused();
  }
}

function emitBook({ emit, market }: StreamScope, book: WireBook, depth: "full" | "far"): void {
  const [bids, asks] = book.levels;
  emit({
    kind: "book",
    depth,
    timeMs: book.time,
    bids: levelsOf(bids, market.spec),
    asks: levelsOf(asks, market.spec),
  });
}
