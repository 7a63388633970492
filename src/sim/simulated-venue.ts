/**
 * The maker's port over an exchange in this process, behind a link that may fail. Requests travel as
 * single messages with their own delays, streams as a connection that is noticed to be gone only
 * after a while and is opened again until it stands. A request without an answer in time is told as
 * unknown, and an answer that comes later is dropped.
 */
import type { RequestOutcome, Venue, VenueEvent, VenueRequest } from "../maker/venue.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { FaultyLink } from "./faulty-link.ts";
import type { Schedule } from "./schedule.ts";
import { answerRequest, type SignedRequest, type VenueAccess } from "./venue-endpoint.ts";
import { openVenueFeed, type VenueFeed } from "./venue-feed.ts";

/** Habits of the connection. */
export interface VenueTiming {
  /** A request that is not answered within this time is unknown [ms]. */
  readonly requestTimeoutMs: number;
  /** Pause between two attempts to connect [ms]. */
  readonly reconnectMs: number;
  /** How long a dead connection goes unnoticed [ms]. */
  readonly noticeMs: number;
}

/** What a simulated venue stands on. */
export interface SimulatedVenueOptions {
  readonly schedule: Schedule;
  readonly exchange: ExchangeHost;
  readonly link: FaultyLink;
  readonly access: VenueAccess;
  readonly timing: VenueTiming;
  /** The client's clock, for nonces [ms]. */
  readonly nowMs: () => number;
}

/** A venue that the simulation can also break. */
export interface SimulatedVenue extends Venue {
  /** Tells it that its connection is dead, as a cut or a crash leaves it. */
  loseConnection(): void;
}

interface Client {
  readonly options: SimulatedVenueOptions;
  readonly waiting: Map<number, (outcome: RequestOutcome) => void>;
  listener: ((event: VenueEvent) => void) | null;
  feed: VenueFeed | null;
  /** Counts connections: what an earlier one sent is dropped. */
  connection: number;
  isUp: boolean;
  nonce: number;
}

/** A venue that has not been connected. */
export function createSimulatedVenue(options: SimulatedVenueOptions): SimulatedVenue {
  const client: Client = {
    options,
    waiting: new Map(),
    listener: null,
    feed: null,
    connection: 0,
    isUp: false,
    nonce: 0,
  };
  return {
    connect(listener) {
      client.listener = listener;
      connect(client);
    },
    send: (request) => send(client, request),
    close() {
      client.listener = null;
      client.waiting.clear();
      dropFeed(client);
    },
    loseConnection: () => loseConnection(client),
  };
}

function send(client: Client, request: VenueRequest): void {
  const { schedule, link, exchange, access, timing } = client.options;
  const { requestId } = request;
  const finish = (outcome: RequestOutcome): void => {
    if (!client.waiting.delete(requestId)) return;
    client.listener?.({ kind: "outcome", requestId, outcome });
  };
  client.waiting.set(requestId, finish);
  client.nonce = Math.max(client.nonce + 1, client.options.nowMs());
  const signed: SignedRequest = { request, nonce: client.nonce };
  link.carry("request", () => {
    answerRequest(exchange, access, signed, (outcome) =>
      link.carry("reply", () => finish(outcome)),
    );
  });
  schedule.after(timing.requestTimeoutMs, () => finish({ kind: "unknown", cause: "timeout" }));
}

function connect(client: Client): void {
  const { schedule, link, exchange, access, timing } = client.options;
  if (client.listener === null) return;
  const { connection } = client;
  const isCurrent = (): boolean => client.connection === connection && client.listener !== null;
  link.carry("request", () => {
    if (!isCurrent() || client.feed !== null) return;
    const feed = openVenueFeed({
      schedule,
      exchange,
      access,
      send: (stream, event) => {
        link.carry(stream, () => {
          if (isCurrent() && client.isUp) client.listener?.(event);
        });
      },
    });
    if (feed === null) return;
    client.feed = feed;
    client.isUp = true;
    client.listener?.({ kind: "marketSpec", spec: feed.spec });
    client.listener?.({ kind: "connection", up: true });
  });
  schedule.after(timing.reconnectMs, () => {
    if (isCurrent() && client.feed === null) connect(client);
  });
}

function loseConnection(client: Client): void {
  const { schedule, timing } = client.options;
  if (client.feed === null) return;
  const { connection } = client;
  client.feed.close();
  schedule.after(timing.noticeMs, () => {
    if (client.connection !== connection || client.listener === null) return;
    dropFeed(client);
    client.listener({ kind: "connection", up: false });
    for (const finish of [...client.waiting.values()]) {
      finish({ kind: "unknown", cause: "disconnected" });
    }
    connect(client);
  });
}

function dropFeed(client: Client): void {
  client.feed?.close();
  client.feed = null;
  client.isUp = false;
  client.connection += 1;
}
