/** The gateway under load: signed actions, and feeds to many clients. */
import { measureStages, type Stage } from "./action-stages.ts";
import { type ExchangeChild, startExchangeChild } from "./exchange-child.ts";
import { type FanOut, gatherAudience, runFanOut } from "./fan-out.ts";
import { type HttpLoad, runHttpLoad } from "./http-load.ts";
import { measureRecovery } from "./recovery-limit.ts";
import { type RecoveryRow, runRecoveryRace } from "./recovery-race.ts";
import { createTrader, type SignedRequest, signOrders, wireOrder } from "./signed-order.ts";
import { runSlowClient, type SlowClient } from "./slow-client.ts";

/** How much work it is. */
export interface GatewaySize {
  /** Actions of each round. */
  readonly actions: number;
  readonly rounds: number;
  readonly clients: number;
  /** Time that each pace of the fan-out takes, about [s]. */
  readonly fanOutSeconds: number;
}

/** What the gateway did. */
export interface GatewayRace {
  /** Of an action with one order. */
  readonly stages: readonly Stage[];
  readonly connections: number;
  /** One order an action, by round; and the signatures a thread recovers a second just before. */
  readonly singles: readonly { readonly load: HttpLoad; readonly recoveries: number }[];
  /** Ten orders an action. */
  readonly batches: readonly HttpLoad[];
  /** Where signers are recovered, by load. */
  readonly recovery: readonly RecoveryRow[];
  readonly fanOuts: readonly FanOut[];
  readonly slow: SlowClient;
}

const TRADERS = 64;
const CONNECTIONS = 128;
const BATCH = 10;
const PX = 64_000;
const FUNDS_USD = 1_000_000;
/** Actions a second of each fan-out. */
const PACES = [100, 400] as const;
const PACED_CONNECTIONS = 4;

/** Runs it all against one exchange. */
export async function runGatewayRace(
  size: GatewaySize,
  say: (line: string) => void,
): Promise<GatewayRace> {
  const server = await startExchangeChild();
  const sign = createSigning(server);
  for (const { address } of sign.traders) await server.fund(address, FUNDS_USD);
  const singles: { load: HttpLoad; recoveries: number }[] = [];
  const batches: HttpLoad[] = [];
  const pace = { connections: CONNECTIONS, pauseMs: 0 };
  await runHttpLoad(server, sign.requests(Math.ceil(size.actions / 2), 1), pace);
  for (let round = 0; round < size.rounds; round++) {
    const requests = sign.requests(size.actions, 1);
    const recoveries = measureRecovery(requests);
    singles.push({ recoveries, load: await runHttpLoad(server, requests, pace) });
    const batched = sign.requests(Math.ceil(size.actions / BATCH), BATCH);
    batches.push(await runHttpLoad(server, batched, pace));
    say(`gateway round ${round + 1} of ${size.rounds}`);
  }
  const inline = await startExchangeChild(["--recovery-threads", "0"]);
  for (const { address } of sign.traders) await inline.fund(address, FUNDS_USD);
  const pair = { threaded: server, inline };
  const recovery = await runRecoveryRace(pair, (count) => sign.requests(count, 1), size);
  await inline.stop();
  say("recovery on a thread and on the main thread is timed");
  const audience = await gatherAudience(server, size.clients);
  const fanOuts: FanOut[] = [];
  for (const perSecond of PACES) {
    const requests = sign.requests(Math.ceil(perSecond * size.fanOutSeconds), 1);
    const pauseMs = (PACED_CONNECTIONS * 1e3) / perSecond;
    const paced = { connections: PACED_CONNECTIONS, pauseMs };
    fanOuts.push(await runFanOut(server, audience, requests, paced));
    say(`feeds at ${perSecond} actions a second`);
  }
  const slow = await runSlowClient(server, createTrader(0).address);
  await audience.end();
  await server.stop();
  const stages = await measureStages(sign.requests(size.actions, 1), sign.traders, size.rounds);
  say("stages are timed");
  return { stages, connections: CONNECTIONS, singles, batches, recovery, fanOuts, slow };
}

interface Signing {
  readonly traders: readonly ReturnType<typeof createTrader>[];
  requests(count: number, ordersEach: number): SignedRequest[];
}

/** Buys and sells at one price by turns: whoever comes second trades with whoever came first. */
function createSigning({ host, port }: ExchangeChild): Signing {
  const traders = Array.from({ length: TRADERS }, (_, i) => createTrader(i));
  let nonce = Date.now();
  return {
    traders,
    requests: (count, ordersEach) =>
      Array.from({ length: count }, (_, i) => {
        const trader = traders[i % TRADERS] as Signing["traders"][number];
        const orders = Array.from({ length: ordersEach }, () =>
          wireOrder((i + Math.floor(i / TRADERS)) % 2 === 0, PX, "Gtc"),
        );
        return signOrders(trader, orders, ++nonce, `${host}:${port}`);
      }),
  };
}
