/**
 * Nothing acknowledged is lost: an exchange under load from eight clients is ended with `kill -9`,
 * twenty times; after each restart every acknowledged order answers as the clients' models say, and
 * a replay of the files gives the running state's hash.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { afterAll, expect, test } from "vitest";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { replayJournal } from "../../src/journal/replay.ts";
import {
  type ExchangeChild,
  fund,
  hashOf,
  killHard,
  spawnExchange,
  stopInOrder,
} from "./exchange-child.ts";
import { createLoadClient, type LoadClient, type ModelState, runLoad } from "./kill-load.ts";

const ROUNDS = Number(process.env.BOURSE_KILL_ROUNDS ?? 20);
const CLIENTS = 8;
const ORDERS_MAX = 2_000;
const folder = mkdtempSync(join(tmpdir(), "bourse-kill-"));
let child: ExchangeChild | null = null;

afterAll(() => {
  if (child?.process.exitCode === null) child.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test(`${ROUNDS} rounds of kill -9 under load lose nothing acknowledged`, {
  timeout: 900_000,
}, async () => {
  const clients = Array.from({ length: CLIENTS }, (_, index) => createLoadClient(index, 7));
  child = await spawnExchange(folder);
  for (const { address } of clients) await fund(child.url, address, "1000000");
  let checked = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { url } = child;
    let isOver = false;
    const before = acknowledgedTotal(clients);
    const loads = clients.map((client) =>
      runLoad(client, url, () => isOver || client.orders.size >= ORDERS_MAX),
    );
    while (acknowledgedTotal(clients) - before < 40 + 10 * (round % 5)) await nextTurn();
    await killHard(child);
    isOver = true;
    await Promise.all(loads);
    const replay = replayJournal(createFileStorage(folder));
    child = await spawnExchange(folder);
    expect(await hashOf(child.url)).toEqual({ seq: replay.seq, hash: replay.hash });
    checked += await checkModels(clients, child.url);
  }
  expect(await stopInOrder(child)).toBe(0);
  const lots = clients.reduce((sum, client) => sum + client.filledLots, 0);
  console.log(
    `kill -9: ${ROUNDS} rounds, ${acknowledgedTotal(clients)} acknowledged operations, ` +
      `${checked} order answers compared, ${lots} lots sold`,
  );
  expect(checked).toBeGreaterThan(ROUNDS * 20);
  expect(lots).toBeGreaterThan(0);
});

const acknowledgedTotal = (clients: readonly LoadClient[]): number =>
  clients.reduce((sum, client) => sum + client.acknowledged, 0);

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** A resting order may have been sold into by somebody; all else is as it was said. */
const ALLOWED: Readonly<Record<Exclude<ModelState, "doubt">, readonly string[]>> = {
  open: ["open", "filled"],
  canceled: ["canceled"],
  filled: ["filled"],
};

/** Compares every order that is not in doubt; settles those that are. Answers how many were compared. */
async function checkModels(clients: readonly LoadClient[], url: string): Promise<number> {
  const info = new InfoClient({ transport: new HttpTransport({ apiUrl: url }) });
  let compared = 0;
  for (const client of clients) {
    for (const [cloid, state] of [...client.orders]) {
      const reply = await info.orderStatus({ user: client.address, oid: cloid });
      const status = reply.status === "order" ? reply.order.status : "unknown";
      if (state !== "doubt") {
        expect(ALLOWED[state], `${cloid} was ${state}`).toContain(status);
        compared += 1;
      }
      settle(client, cloid, status);
    }
  }
  return compared;
}

/** Takes the venue's word for an order; finished ones need no further look. */
function settle(client: LoadClient, cloid: `0x${string}`, status: string): void {
  const at = client.open.indexOf(cloid);
  if (status === "open") {
    client.orders.set(cloid, "open");
    if (at < 0) client.open.push(cloid);
    return;
  }
  if (at >= 0) client.open.splice(at, 1);
  client.orders.delete(cloid);
}
