/** Tables of the gateway under load. */
import { median } from "../core/statistics.ts";
import type { GatewayRace } from "../gateway/gateway-race.ts";
import type { HttpLoad } from "../gateway/http-load.ts";
import { figure, tableOf } from "./table.ts";

/** What the gateway did. */
export function gatewayReport(race: GatewayRace): string {
  return [httpReport(race), recoveryReport(race), stageReport(race), fanOutReport(race)].join(
    "\n\n",
  );
}

/** Median over rounds of a figure, or NaN where the system does not tell. */
const middle = (loads: readonly HttpLoad[], of: (load: HttpLoad) => number | null): number =>
  median(loads.map((load) => of(load) ?? Number.NaN));
/** Processor time of the server an action; null = not told [us]. */
const cpuUs = ({ serverCpu, seconds, actions }: HttpLoad): number | null =>
  serverCpu === null ? null : (serverCpu * seconds * 1e6) / actions;

function recoveryReport({ recovery }: GatewayRace): string {
  const rows = recovery.map(({ pace, threaded, inline }) => [
    `${pace.connections} connections${pace.pauseMs > 0 ? `, ${pace.pauseMs} ms between requests` : ""}`,
    ...[
      (load: HttpLoad) => load.actions / load.seconds,
      ({ latency }: HttpLoad) => latency.p50,
      ({ latency }: HttpLoad) => latency.p99,
      cpuUs,
    ].map((of) => `${figure(middle(threaded, of))} / ${figure(middle(inline, of))}`),
  ]);
  return [
    "## Where signers are recovered",
    "",
    `Two exchanges by turns, actions with one order, medians of ${recovery[0]?.threaded.length} rounds: with recovery threads as usual on this machine / with \`--recovery-threads 0\`. Connections without a pause send the next request when the last is answered.`,
    "",
    tableOf(["", "actions/s", "p50 ms", "p99 ms", "CPU us an action"], rows),
  ].join("\n");
}

function stageReport({ stages, singles }: GatewayRace): string {
  const total = stages.reduce((sum, { us }) => sum + (us ?? 0), 0);
  const loads = singles.map(({ load }) => load);
  return [
    "## Stages of an action, us",
    "",
    "Each stage alone over the same actions with one order, the mean of an action. HTTP is the processor time of a server that answers at once, kernel included.",
    "",
    tableOf(
      ["stage", "what it does", "us an action"],
      [
        ...stages.map(({ stage, what, us }) => [stage, what, figure(us)]),
        ["sum", "", figure(total)],
      ],
    ),
    "",
    `Under the load above the whole server process spends ${figure(middle(loads, cpuUs))} us of processor time on an action: these stages, the disk, reading of events, ticks, garbage.`,
  ].join("\n");
}

function httpReport({ connections, singles, batches }: GatewayRace): string {
  const rate = (load: HttpLoad, count: number): number => count / load.seconds;
  const loads = singles.map(({ load }) => load);
  const mid = (all: readonly HttpLoad[], of: (load: HttpLoad) => number | null): string =>
    figure(median(all.map((load) => of(load) ?? Number.NaN)));
  const row = (what: string, all: readonly HttpLoad[]): string[] => [
    what,
    mid(all, (load) => rate(load, load.actions)),
    mid(all, (load) => rate(load, load.orders)),
    mid(all, ({ latency }) => latency.p50),
    mid(all, ({ latency }) => latency.p99),
    mid(all, ({ serverCpu }) => (serverCpu === null ? null : serverCpu * 100)),
  ];
  const share = median(
    singles.map(({ load, recoveries }) => rate(load, load.actions) / recoveries),
  );
  const { actions } = loads[0] as HttpLoad;
  const refused = [...loads, ...batches].reduce((sum, load) => sum + load.refused, 0);
  return [
    "## HTTP",
    "",
    `Actions with real signatures, signed beforehand, to an exchange process with limits off and its journal on disk; ${connections} keep-alive connections from another process, ` +
      `one request at a time on each, ${singles.length} rounds of ${actions.toLocaleString("en-US")} actions, medians. Every answer says that the order rests or is filled, and is durable.`,
    "",
    tableOf(
      ["", "actions/s", "orders/s", "p50 ms", "p99 ms", "server CPU %"],
      [row("one order an action", loads), row("ten orders an action", batches)],
    ),
    "",
    `One thread that does nothing else recovers ${figure(median(singles.map(({ recoveries }) => recoveries)))} signatures a second here; ` +
      `actions with one order reach ${figure(share * 100)} % of that.${refused > 0 ? ` ${refused.toLocaleString("en-US")} requests were refused because the disk was too slow, and sent again.` : ""}`,
  ].join("\n");
}

function fanOutReport({ fanOuts, slow }: GatewayRace): string {
  const rows = fanOuts.map((one) => [
    `${figure(one.actionsPerSecond)} actions/s`,
    figure(one.messagesPerSecond),
    figure(one.megabytesPerSecond),
    figure(one.delay.p50),
    figure(one.delay.p99),
    `${one.trades.least} to ${one.trades.most}`,
    figure(one.serverCpu === null ? null : one.serverCpu * 100),
  ]);
  const grown =
    slow.grownBytes === null
      ? ""
      : ` The server grew by ${figure(slow.grownBytes / 1e6)} MB at most.`;
  return [
    "## WebSocket",
    "",
    `${fanOuts[0]?.clients} clients, each on the book and the trades of BTC, while actions come in at a steady pace; delay from the stamp of a trade's command to the client's reading.`,
    "",
    tableOf(
      [
        "",
        "messages/s",
        "MB/s",
        "delay p50 ms",
        "p99 ms",
        "trade messages a client",
        "server CPU %",
      ],
      rows,
    ),
    "",
    `A client that asks for long answers and reads none ${slow.isCutOff ? `was cut off after ${slow.asked} requests` : `was still connected after ${slow.asked} requests`}.${grown}`,
  ].join("\n");
}
