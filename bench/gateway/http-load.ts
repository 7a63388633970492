/** Signed actions over keep-alive connections, one at a time on each. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Summary, summarise } from "../core/statistics.ts";
import type { ServerChild } from "./exchange-child.ts";
import type { SignedRequest } from "./signed-order.ts";

/** What a load came to. */
export interface HttpLoad {
  readonly actions: number;
  readonly orders: number;
  readonly seconds: number;
  /** From the first byte sent to the last byte read [ms]. */
  readonly latency: Summary;
  /** Processor time of the server over the time that passed; null = not told. */
  readonly serverCpu: number | null;
}

interface Line {
  readonly socket: Socket;
  received: string;
  startMs: number;
}

/** How to send. */
export interface HttpPace {
  readonly connections: number;
  /** Time from an answer to the next request on its connection; 0 = none [ms]. */
  readonly pauseMs: number;
}

/** Sends all requests; fails at the first answer that is not a success. */
export async function runHttpLoad(
  server: ServerChild,
  requests: readonly SignedRequest[],
  { connections, pauseMs }: HttpPace,
): Promise<HttpLoad> {
  const lines = await Promise.all(
    Array.from({ length: connections }, async (): Promise<Line> => {
      const socket = connect({ host: server.host, port: server.port, noDelay: true });
      await once(socket, "connect");
      socket.setEncoding("latin1");
      return { socket, received: "", startMs: 0 };
    }),
  );
  const latencies = new Float64Array(requests.length);
  const cpuBefore = server.cpuSeconds();
  const startMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let answered = 0;
    const send = (line: Line): void => {
      const request = requests[next++];
      if (request === undefined) return;
      line.startMs = performance.now();
      line.socket.write(request.request);
    };
    for (const line of lines) {
      line.socket.on("error", reject);
      line.socket.on("data", (text: string) => {
        line.received += text;
        const body = takeAnswer(line);
        if (body === null) return;
        const problem = problemOf(body);
        if (problem !== null) return reject(new Error(`the exchange answers ${problem}`));
        latencies[answered++] = performance.now() - line.startMs;
        if (answered === requests.length) resolve();
        else if (pauseMs === 0) send(line);
        else setTimeout(send, pauseMs, line);
      });
      send(line);
    }
  });
  const seconds = (performance.now() - startMs) / 1e3;
  const cpuAfter = server.cpuSeconds();
  for (const { socket } of lines) socket.destroy();
  return {
    actions: requests.length,
    orders: requests.reduce((sum, { orders }) => sum + orders, 0),
    seconds,
    latency: summarise(latencies),
    serverCpu: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / seconds,
  };
}

/** The body of a complete answer, taken off what was received; null while more is to come. */
function takeAnswer(line: Line): string | null {
  const bodyAt = line.received.indexOf("\r\n\r\n") + 4;
  if (bodyAt < 4) return null;
  const length = /content-length: (\d+)/i.exec(line.received);
  const end = bodyAt + Number(length?.[1] ?? 0);
  if (line.received.length < end) return null;
  const body = line.received.slice(bodyAt, end);
  line.received = line.received.slice(end);
  return body;
}

/** An answer that is not what was asked for. */
const problemOf = (body: string): string | null =>
  body.startsWith('{"status":"ok"') && !body.includes('"error"') ? null : body.slice(0, 300);
