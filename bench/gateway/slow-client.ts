/** A client that asks for much and reads nothing: the server has to cut it off. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Hex } from "../../src/base/hex.ts";
import type { ExchangeChild } from "./exchange-child.ts";

/** How a client that does not read ended. */
export interface SlowClient {
  /** Whether the server cut it off. */
  readonly isCutOff: boolean;
  /** Answers that it asked for. */
  readonly asked: number;
  /** Growth of the server's memory meanwhile, at most; null where the system does not tell [bytes]. */
  readonly grownBytes: number | null;
}

const ASKED_MAX = 10_000;
const BURST = 5;
const STEP_MS = 20;

/** Asks for the fills of a user over and over until the connection ends. */
export async function runSlowClient(server: ExchangeChild, user: Hex): Promise<SlowClient> {
  const client = new WebSocket(server.socketUrl, { perMessageDeflate: false });
  await once(client, "open");
  client.on("error", () => undefined);
  let isCutOff = false;
  client.once("close", () => {
    isCutOff = true;
  });
  client.pause();
  const before = server.residentBytes();
  let most = before;
  let asked = 0;
  const request = { type: "info", payload: { type: "userFills", user } };
  while (!isCutOff && asked < ASKED_MAX) {
    for (let i = 0; i < BURST && client.readyState === WebSocket.OPEN; i++) {
      client.send(JSON.stringify({ method: "post", id: ++asked, request }));
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    most = Math.max(most ?? 0, server.residentBytes() ?? 0);
    if (client.readyState !== WebSocket.OPEN && !isCutOff) client.resume();
  }
  client.terminate();
  return { isCutOff, asked, grownBytes: before === null || most === null ? null : most - before };
}
