/**
 * The maker's port over a Hyperliquid venue, by the stock SDK: actions and questions over HTTP,
 * streams over WebSocket. Converts decimal text to integers and back, and says of every request
 * what is certain about it; decides nothing.
 *
 * At most {@link IN_FLIGHT_MAX} requests are on their way; one more is refused without being sent.
 */
import { ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import type { Clock } from "../base/clock.ts";
import type { Hex } from "../base/hex.ts";
import { OperationalError } from "../base/operational-error.ts";
import { BUY } from "../base/side.ts";
import type {
  PlaceItem,
  RequestOutcome,
  Venue,
  VenueEvent,
  VenueOrder,
  VenueRequest,
} from "../maker/venue.ts";
import { formatPx, formatSz } from "../wire/decimal.ts";
import { dexField, searchMarket } from "./market-search.ts";
import type { NativeWallet } from "./native-wallet.ts";
import { createQuietWarning } from "./quiet-warning.ts";
import { batchOutcome, failureOutcome, plainOutcome } from "./request-outcome.ts";
import { openStreams, type Streams } from "./streams.ts";
import {
  accountOf,
  fillOf,
  fundingOf,
  orderOf,
  referenceOf,
  type WireMarket,
} from "./wire-shape.ts";

/** Requests on their way at once. */
const IN_FLIGHT_MAX = 64;
/** Pause before the market is asked for again [ms]. */
const META_RETRY_MS = 500;
/** How often the address's request budget is read [ms]. */
const BUDGET_MS = 60_000;
/** Most fills that the venue tells in one answer. */
const FILLS_MAX = 2_000;

/** How to reach the venue, and as whom. */
export interface HyperliquidVenueOptions {
  /** Base address, such as http://127.0.0.1:3001. */
  readonly url: string;
  /** WebSocket address; derived from `url` when not given. */
  readonly wsUrl?: string;
  /** Sign for the test network's source. */
  readonly isTestnet?: boolean;
  readonly asset: string;
  readonly wallet: NativeWallet;
  /** Account to trade when the wallet is its agent; the wallet's own otherwise. */
  readonly account?: Hex;
  readonly clock: Clock;
  /** Answer awaited for this long [ms]. */
  readonly timeoutMs?: number;
  /** How often reference prices are read where the venue does not stream them [ms]. */
  readonly referencePollMs?: number;
  /** Told of what was dropped or is retried; for a log. */
  readonly warn?: (text: string) => void;
}

interface Link {
  readonly options: HyperliquidVenueOptions;
  readonly user: Hex;
  readonly info: InfoClient;
  readonly exchange: ExchangeClient;
  readonly warn: (text: string) => void;
  market: WireMarket | null;
  listener: (event: VenueEvent) => void;
  inFlight: number;
  closed: boolean;
  readonly timers: Set<NodeJS.Timeout>;
  polling: boolean;
}

/** A venue that speaks Hyperliquid's protocol. */
export function createHyperliquidVenue(options: HyperliquidVenueOptions): Venue {
  const transport = new HttpTransport({
    apiUrl: options.url,
    isTestnet: options.isTestnet ?? false,
    timeout: options.timeoutMs ?? 4_000,
  });
  const link: Link = {
    options,
    user: (options.account ?? options.wallet.address).toLowerCase() as Hex,
    info: new InfoClient({ transport }),
    exchange: new ExchangeClient({
      transport,
      wallet: options.wallet,
      nonceManager: createNonceSource(options.clock),
    }),
    warn: createQuietWarning(options.clock, options.warn ?? (() => undefined)),
    market: null,
    listener: () => undefined,
    inFlight: 0,
    closed: false,
    timers: new Set(),
    polling: false,
  };
  let streams: Streams | null = null;
  return {
    connect(listener) {
      link.listener = listener;
      void findMarket(link).then((market) => {
        if (market === null) return;
        emit(link, { kind: "marketSpec", spec: market.spec });
        streams = openStreams(streamScope(link, market));
        repeat(link, BUDGET_MS, () => readBudget(link));
      });
    },
    send: (request) => void sendRequest(link, request),
    close() {
      link.closed = true;
      streams?.close();
      for (const timer of link.timers) clearInterval(timer);
    },
  };
}

/** Nonces for one signer: the time, or one more than the last where that repeats. */
export function createNonceSource(clock: Clock): () => number {
  let last = 0;
  return () => {
    last = Math.max(clock.nowMs(), last + 1);
    return last;
  };
}

function emit(link: Link, event: VenueEvent): void {
  if (!link.closed) link.listener(event);
}

/** Asks for the market until the venue knows it; null when closed first. */
async function findMarket(link: Link): Promise<WireMarket | null> {
  for (;;) {
    if (link.closed) return null;
    try {
      link.market = await searchMarket(link.info, link.options.asset);
      return link.market;
    } catch (error) {
      // The venue may not be up yet, or not have the market yet; the maker shows that it waits.
      link.warn(`market ${link.options.asset}: ${textOf(error)}`);
      await new Promise((resolve) => link.timers.add(setTimeout(resolve, META_RETRY_MS)));
    }
  }
}

function streamScope(link: Link, market: WireMarket): Parameters<typeof openStreams>[0] {
  const { options } = link;
  return {
    url: options.wsUrl ?? `${options.url.replace(/^http/, "ws").replace(/\/$/, "")}/ws`,
    isTestnet: options.isTestnet ?? false,
    market,
    user: link.user,
    emit: (event) => emit(link, event),
    warn: link.warn,
    onReferenceRefused: () => {
      if (link.polling) return;
      link.polling = true;
      repeat(link, options.referencePollMs ?? 2_000, () => readReference(link, market));
    },
  };
}

/** Reads now and then every `everyMs`; a failed read is told and the next one tries again. */
function repeat(link: Link, everyMs: number, read: () => Promise<void>): void {
  const run = (): void => {
    if (!link.closed) read().catch((error: unknown) => link.warn(textOf(error)));
  };
  run();
  link.timers.add(setInterval(run, everyMs));
}

async function readReference(link: Link, { dex, index, spec }: WireMarket): Promise<void> {
  const [, contexts] = await link.info.metaAndAssetCtxs(dexField(dex));
  const context = contexts[index];
  if (context === undefined) return;
  emit(link, {
    kind: "reference",
    timeMs: link.options.clock.nowMs(),
    oraclePx: referenceOf(context.oraclePx, spec.szDecimals),
    markPx: referenceOf(context.markPx, spec.szDecimals),
    fundingRate: Number(context.funding),
  });
}

async function readBudget(link: Link): Promise<void> {
  const { nRequestsUsed, nRequestsCap } = await link.info.userRateLimit({ user: link.user });
  emit(link, { kind: "budget", used: nRequestsUsed, cap: nRequestsCap });
}

async function sendRequest(link: Link, request: VenueRequest): Promise<void> {
  const outcome = await outcomeOf(link, request);
  emit(link, { kind: "outcome", requestId: request.requestId, outcome });
}

async function outcomeOf(link: Link, request: VenueRequest): Promise<RequestOutcome> {
  // An outcome never comes from within `send`.
  await Promise.resolve();
  const { market } = link;
  if (market === null || link.inFlight >= IN_FLIGHT_MAX) {
    return { kind: "refused", code: "rateLimited", text: "not sent: too many requests under way" };
  }
  link.inFlight += 1;
  try {
    return await perform(link, request, market);
  } catch (error) {
    const outcome = failureOutcome(error, (answer) => readAnswer(request, market, answer));
    if (outcome.kind !== "statuses") link.warn(`${request.kind}: ${textOf(error)}`);
    return outcome;
  } finally {
    link.inFlight -= 1;
  }
}

async function perform(
  link: Link,
  request: VenueRequest,
  market: WireMarket,
): Promise<RequestOutcome> {
  const { exchange } = link;
  const { assetId: asset } = market;
  switch (request.kind) {
    case "placeBatch": {
      const orders = request.orders.map((item) => wireOrder(item, market));
      const options = { expiresAfter: request.expiresAtMs };
      return readAnswer(request, market, await exchange.order({ orders, grouping: "na" }, options));
    }
    case "cancelByCloid": {
      const cancels = request.cloids.map((cloid) => ({ asset, cloid }));
      return readAnswer(request, market, await exchange.cancelByCloid({ cancels }));
    }
    case "cancelByOid": {
      const cancels = request.oids.map((oid) => ({ a: asset, o: oid }));
      return readAnswer(request, market, await exchange.cancel({ cancels }));
    }
    case "scheduleCancel": {
      const { timeMs } = request;
      const answer = await exchange.scheduleCancel(timeMs === null ? {} : { time: timeMs });
      return readAnswer(request, market, answer);
    }
    default:
      return ask(link, request, market);
  }
}

type Question = Extract<VenueRequest, { kind: `query${string}` }>;

async function ask(
  { info, user }: Link,
  request: Question,
  { dex, spec }: WireMarket,
): Promise<RequestOutcome> {
  switch (request.kind) {
    case "queryOpenOrders": {
      const listing = await info.frontendOpenOrders({ user, ...dexField(dex) });
      const orders = listing
        .filter(({ coin }) => coin === spec.name)
        .map((order) => orderOf(order, { status: "open", timeMs: order.timestamp }, spec));
      return { kind: "openOrders", orders };
    }
    case "queryOrder": {
      const answer = await info.orderStatus({ user, oid: request.cloid });
      if (answer.status !== "order") return { kind: "order", order: null };
      const { order, status, statusTimestamp: timeMs } = answer.order;
      const found: VenueOrder = orderOf(order, { status, timeMs }, spec);
      return { kind: "order", order: found };
    }
    case "queryAccount":
      return {
        kind: "account",
        account: accountOf(await info.clearinghouseState({ user, ...dexField(dex) }), spec),
      };
    case "queryFunding": {
      const all = await info.userFunding({ user, startTime: request.sinceMs });
      const own = all.filter(({ delta }) => delta.coin === spec.name);
      const payments = own.map(({ time, delta }) => fundingOf({ time, usdc: delta.usdc }));
      return { kind: "funding", payments };
    }
    case "queryFills": {
      const all = await info.userFills({ user });
      const fills = all
        .filter(({ coin, time }) => coin === spec.name && time >= request.sinceMs)
        .map((fill) => fillOf(fill, spec));
      // A full answer reaches back far enough only if its oldest fill is older than asked for.
      const oldest = Math.min(...all.map(({ time }) => time));
      return { kind: "fills", fills, complete: all.length < FILLS_MAX || oldest < request.sinceMs };
    }
  }
}

function readAnswer(request: VenueRequest, { spec }: WireMarket, answer: unknown): RequestOutcome {
  const { szDecimals } = spec;
  switch (request.kind) {
    case "placeBatch":
      return batchOutcome(answer, { items: request.orders.length, szDecimals });
    case "cancelByCloid":
      return batchOutcome(answer, { items: request.cloids.length, szDecimals });
    case "cancelByOid":
      return batchOutcome(answer, { items: request.oids.length, szDecimals });
    case "scheduleCancel":
      return plainOutcome(answer);
    default:
      throw new OperationalError({
        code: "answerUnexpected",
        message: `the venue answered ${request.kind} as an action`,
        retryable: false,
      });
  }
}

const TIF_WORDS = { alo: "Alo", gtc: "Gtc", ioc: "Ioc" } as const;

function wireOrder(item: PlaceItem, { assetId, spec }: WireMarket) {
  return {
    a: assetId,
    b: item.side === BUY,
    p: formatPx(item.px, spec.szDecimals),
    s: formatSz(item.sz, spec.szDecimals),
    r: item.reduceOnly,
    t: { limit: { tif: TIF_WORDS[item.tif] } },
    c: item.cloid,
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
