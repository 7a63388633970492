/** Signed actions over keep-alive connections, one at a time on each. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { TOO_MANY_TEXT } from "../../src/gateway/exchange-action.ts";
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
  /** Answers that the exchange took no more just then; such requests were sent again. */
  readonly refused: number;
  /** Processor time of the server over the time that passed; null = not told. */
  readonly serverCpu: number | null;
}

const NOTHING = Buffer.alloc(0);

interface Line {
  readonly socket: Socket;
  /** What waits for its answer. */
  request: Buffer;
  received: string;
  startMs: number;
}

/** How to send. */
export interface HttpPace {
  readonly connections: number;
  /** Time from an answer to the next request on its connection; 0 = none [ms]. */
  readonly pauseMs: number;
}

/** Pause before a refused request is sent again [ms]. */
const REFUSED_PAUSE_MS = 50;

/**
 * Sends all requests; fails at the first answer that is not a success. An exchange whose disk is too
 * slow refuses for a while: the request is sent again, and its latency counts from the first time.
 */
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
      return { socket, request: NOTHING, received: "", startMs: 0 };
    }),
  );
  const latencies = new Float64Array(requests.length);
  let refused = 0;
  const cpuBefore = server.cpuSeconds();
  const startMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let answered = 0;
    const send = (line: Line): void => {
      const request = requests[next++];
      if (request === undefined) return;
      line.startMs = performance.now();
      line.request = request.request;
      line.socket.write(line.request);
    };
    const sendAgain = (line: Line): void => {
      refused += 1;
      if (refused > requests.length) return reject(new Error("the exchange takes nothing"));
      setTimeout(() => line.socket.write(line.request), REFUSED_PAUSE_MS);
    };
    for (const line of lines) {
      line.socket.on("error", reject);
      line.socket.on("data", (text: string) => {
        line.received += text;
        const body = takeAnswer(line);
        if (body === null) return;
        if (body === TOO_MANY_TEXT) return sendAgain(line);
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
    refused,
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
