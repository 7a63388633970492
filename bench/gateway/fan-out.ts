/** Many WebSocket clients on one market's feeds while orders come in at a steady pace. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { type Summary, summarise } from "../core/statistics.ts";
import type { ExchangeChild } from "./exchange-child.ts";
import { type HttpPace, runHttpLoad } from "./http-load.ts";
import type { SignedRequest } from "./signed-order.ts";

/** What the clients got. */
export interface FanOut {
  readonly clients: number;
  /** Actions that came in [1/s]. */
  readonly actionsPerSecond: number;
  /** Feed messages that all clients together read [1/s]. */
  readonly messagesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** From the stamp of a trade's command to a client's reading of it [ms]. */
  readonly delay: Summary;
  /** Most and least trade messages that a client got. */
  readonly trades: { readonly most: number; readonly least: number };
  readonly serverCpu: number | null;
}

/** Clients that listen; `end` closes them. */
export interface Audience {
  readonly clients: readonly WebSocket[];
  end(): Promise<void>;
}

/** Connects clients and subscribes each to book and trades of BTC. */
export async function gatherAudience(server: ExchangeChild, count: number): Promise<Audience> {
  const clients: WebSocket[] = [];
  for (let i = 0; i < count; i++) {
    const client = new WebSocket(server.socketUrl, { perMessageDeflate: false });
    await once(client, "open");
    for (const type of ["l2Book", "trades"]) {
      client.send(JSON.stringify({ method: "subscribe", subscription: { type, coin: "BTC" } }));
      await once(client, "message");
    }
    clients.push(client);
  }
  return {
    clients,
    async end() {
      const closed = clients.map((client) => once(client, "close"));
      for (const client of clients) client.close();
      await Promise.all(closed);
    },
  };
}

/** Sends the requests at a pace and counts what every client reads meanwhile. */
export async function runFanOut(
  server: ExchangeChild,
  { clients }: Audience,
  requests: readonly SignedRequest[],
  pace: HttpPace,
): Promise<FanOut> {
  const trades = new Array<number>(clients.length).fill(0);
  const delays: number[] = [];
  let messages = 0;
  let bytes = 0;
  const listeners = clients.map((client, i) => {
    const listen = (data: Buffer): void => {
      messages += 1;
      bytes += data.length;
      if (data.indexOf('"channel":"trades"') < 0) return;
      trades[i] = (trades[i] as number) + 1;
      // Of every client's messages one in eight is read in full: reading costs this process time too.
      if (((trades[i] as number) + i) % 8 === 0) delays.push(delayOf(data));
    };
    client.on("message", listen);
    return () => client.off("message", listen);
  });
  const load = await runHttpLoad(server, requests, pace);
  for (const stop of listeners) stop();
  return {
    clients: clients.length,
    actionsPerSecond: load.actions / load.seconds,
    messagesPerSecond: messages / load.seconds,
    megabytesPerSecond: bytes / 1e6 / load.seconds,
    delay: summarise(Float64Array.from(delays)),
    trades: { most: Math.max(...trades), least: Math.min(...trades) },
    serverCpu: load.serverCpu,
  };
}

/** Age of the last trade of a message [ms]. */
function delayOf(data: Buffer): number {
  const { data: trades } = JSON.parse(data.toString()) as { data: { time: number }[] };
  return Date.now() - (trades.at(-1)?.time ?? Number.NaN);
}
