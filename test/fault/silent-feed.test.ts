/**
 * A maker whose link or process fails, with a real exchange, traders and sockets. What rests and
 * what was placed is asked of the exchange itself, past the proxy that the maker goes through.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExchangeClient, HttpTransport } from "@nktkas/hyperliquid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signingKey } from "../../src/cli/key.ts";
import type { MakerConfig } from "../../src/maker/config.ts";
import { createNativeWallet } from "../../src/venue/native-wallet.ts";
import {
  type AccountWatch,
  type OrderChange,
  openAccountWatch,
  until,
} from "../support/account-watch.ts";
import {
  endStartedProcesses,
  type StartedProcess,
  startBourse,
  startProcess,
  type Told,
} from "../support/started-process.ts";
import { fund } from "./exchange-child.ts";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.ts";

const MAKER_CHILD = join(import.meta.dirname, "maker-child.ts");
/** Oracle moves to look on for: a second each, a maker's round is 0.2 s. */
const LOOK_ON = 3;
/** The shortest dead-man time that there is [ms]. */
const DEAD_MAN_MS = 10_000;
/** A maker whose outer levels no trader reaches within the dead-man time, so that some are left. */
const OUTLASTING: Partial<MakerConfig> = {
  model: "fixedSpread",
  levelSpacingBps: 200,
  deadManMs: DEAD_MAN_MS,
};
const TIMEOUT = { timeout: 120_000 };

const folder = mkdtempSync(join(tmpdir(), "bourse-silent-"));
let exchangeUrl = "";
let socketUrl = "";
const rigs: Rig[] = [];

/** A funded account, a link to the exchange that can fail, and the exchange's own view. */
interface Rig {
  readonly coin: string;
  /** Folder of key and kill switch. */
  readonly state: string;
  readonly proxy: FaultProxy;
  readonly watch: AccountWatch;
}

beforeAll(async () => {
  const data = join(folder, "exchange");
  const args = ["--data", data, "--port", "0", "--limits", "off", "--seed", "7"];
  const exchange = startBourse("exchange", "--json", ...args);
  const told = await exchange.tells(({ kind }) => kind === "exchange");
  exchangeUrl = String(told.url);
  socketUrl = String(told.socketUrl);
});
afterAll(async () => {
  for (const { watch, proxy } of rigs) {
    watch.close();
    await proxy.close();
  }
  await endStartedProcesses();
  rmSync(folder, { recursive: true, force: true });
});

async function openRig(name: string, coin: string): Promise<Rig> {
  const state = join(folder, name);
  mkdirSync(state);
  const user = createNativeWallet(signingKey(undefined, exchangeUrl, state)).address;
  await fund(exchangeUrl, user, "100000");
  const proxy = await openFaultProxy(exchangeUrl);
  const watch = await openAccountWatch({ socketUrl, user, coin });
  const rig = { coin, state, proxy, watch };
  rigs.push(rig);
  return rig;
}

const startMake = ({ proxy, coin, state }: Rig, ...more: string[]): StartedProcess =>
  startBourse(
    ...["make", "--json", "--url", proxy.url, "--asset", coin],
    ...["--state", state, "--page-port", "0", ...more],
  );

const startWith = (rig: Rig, settings: Partial<MakerConfig>): StartedProcess => {
  const options = { url: rig.proxy.url, asset: rig.coin, state: rig.state, settings };
  return startProcess(process.execPath, [MAKER_CHILD, JSON.stringify(options)]);
};

const isQuoting = ({ kind, phase, openOrders, unknownOrders }: Told): boolean =>
  kind === "status" && phase === "quoting" && Number(openOrders) >= 6 && unknownOrders === 0;
const inPhase =
  (wished: string) =>
  ({ kind, phase }: Told): boolean =>
    kind === "status" && phase === wished;

async function quotes(maker: StartedProcess, { watch }: Rig): Promise<void> {
  await maker.tells(isQuoting);
  await watch.quoted();
}

async function endsInOrder(maker: StartedProcess, { watch }: Rig): Promise<void> {
  maker.signal("SIGINT");
  expect(await maker.ended).toBe(0);
  expect(await watch.listing()).toEqual([]);
}

const storedLatch = ({ state }: Rig): { killed: boolean; reasons: { reason: string }[] } =>
  JSON.parse(readFileSync(join(state, "kill-latch.json"), "utf8"));

/** Waits for a status with the exchange's position; `page` pauses the maker, for it to stand still. */
async function positionAgrees(maker: StartedProcess, rig: Rig, page: string): Promise<Told> {
  await control(page, "pause");
  await maker.tells(inPhase("paused"));
  await rig.watch.gone();
  const position = await rig.watch.position();
  return maker.tells((told) => inPhase("paused")(told) && Number(told.position) === position);
}

async function control(page: string, name: "pause" | "resume"): Promise<void> {
  const headers = { "content-type": "application/json" };
  const url = new URL(`/control/${name}`, page);
  const { status } = await fetch(url, { method: "POST", headers, body: "{}" });
  expect(status).toBe(200);
}

async function pageOf(maker: StartedProcess): Promise<string> {
  return String((await maker.tells(({ kind }) => kind === "page")).url);
}

/** Changes after `from` that ended one of `oids`, by order. */
function endings(changes: readonly OrderChange[], oids: readonly number[]): string[] {
  return oids.map(
    (oid) => changes.findLast((change) => change.oid === oid)?.status ?? "never heard of",
  );
}

describe.concurrent("a maker whose link or process fails", () => {
  test(
    "feed silent: orders gone, none placed; back: quotes return, books agree",
    TIMEOUT,
    async () => {
      const rig = await openRig("silent", "BTC");
      const { proxy, watch } = rig;
      proxy.setDelay(15);
      const maker = startMake(rig);
      const page = await pageOf(maker);
      await quotes(maker, rig);
      proxy.setFault("silentSockets");
      await maker.tells(inPhase("stale"));
      await watch.gone();
      expect(await watch.placedWhile(LOOK_ON)).toBe(0);
      proxy.setFault("none");
      await quotes(maker, rig);
      const sockets = proxy.socketCount();
      proxy.cut();
      await until(() => proxy.socketCount() > sockets);
      await quotes(maker, rig);
      const { fills } = await positionAgrees(maker, rig, page);
      expect(fills).toBe((await watch.fills()).length);
      await control(page, "resume");
      await quotes(maker, rig);
      await endsInOrder(maker, rig);
      expect(maker.output()).not.toContain("killed");
    },
  );

  test("feed silent for too long: killed until re-armed, over a restart too", TIMEOUT, async () => {
    const rig = await openRig("too-long", "ETH");
    const { proxy, watch } = rig;
    const first = startWith(rig, { staleDataMs: 2_500, staleDataKillMs: 5_000 });
    await quotes(first, rig);
    const sockets = proxy.socketCount();
    proxy.setFault("silentSockets");
    await first.tells(inPhase("killed"));
    await watch.gone();
    expect(storedLatch(rig)).toMatchObject({ killed: true, reasons: [{ reason: "staleData" }] });
    expect(proxy.socketCount()).toBe(sockets);
    proxy.setFault("none");
    await first.tells(({ blocks }) => JSON.stringify(blocks) === '["killed"]');
    expect(await watch.placedWhile(LOOK_ON)).toBe(0);
    await endsInOrder(first, rig);

    const second = startMake(rig);
    await second.prints(/the kill switch is latched \(staleData: .*re-armed/s);
    await second.tells(({ blocks }) => JSON.stringify(blocks) === '["killed"]');
    expect(await watch.placedWhile(LOOK_ON)).toBe(0);
    await endsInOrder(second, rig);
    expect(storedLatch(rig).killed).toBe(true);

    const third = startMake(rig, "--rearm");
    await quotes(third, rig);
    expect(storedLatch(rig).killed).toBe(false);
    await endsInOrder(third, rig);
  });

  test("everything cut: the exchange itself cancels at the dead-man time", TIMEOUT, async () => {
    const rig = await openRig("cut", "HYPE");
    const { proxy, watch } = rig;
    const maker = startWith(rig, OUTLASTING);
    const page = await pageOf(maker);
    await quotes(maker, rig);
    const left = await leaveOrders(
      rig,
      () => proxy.setFault("swallowed"),
      () => proxy.setFault("none"),
    );
    await watch.gone();
    const ends = endings(watch.changes, left);
    expect(ends).toContain("scheduledCancel");
    expect(ends.filter((end) => end !== "scheduledCancel" && end !== "filled")).toEqual([]);
    await maker.tells(inPhase("stale"));
    proxy.setFault("none");
    await quotes(maker, rig);
    const { fills } = await positionAgrees(maker, rig, page);
    expect(fills).toBe((await watch.fills()).length);
    await endsInOrder(maker, rig);
  });

  test(
    "kill -9: dead-man time or restart clears what was left; position agrees",
    TIMEOUT,
    async () => {
      const rig = await openRig("killed", "BTC");
      const { watch } = rig;
      const first = startWith(rig, OUTLASTING);
      await quotes(first, rig);
      const left = await killWhileQuoting(first, rig);
      await takeOne(rig);

      const { changes } = watch;
      const restartAt = changes.length;
      const second = startWith(rig, OUTLASTING);
      const page = await pageOf(second);
      await quotes(second, rig);
      const clearedAt = Math.max(
        ...left.map((oid) => changes.findLastIndex((change) => change.oid === oid)),
      );
      const newAt = changes.findIndex(({ status }, at) => at >= restartAt && status === "open");
      expect(newAt).toBeGreaterThan(clearedAt);
      expect(endings(changes, left).filter((end) => end === "open")).toEqual([]);
      await positionAgrees(second, rig, page);
      await control(page, "resume");
      await quotes(second, rig);

      const leftAgain = await killWhileQuoting(second, rig);
      await watch.gone();
      expect(endings(changes, leftAgain)).toContain("scheduledCancel");
      const third = startWith(rig, OUTLASTING);
      const lastPage = await pageOf(third);
      await quotes(third, rig);
      await positionAgrees(third, rig, lastPage);
      await endsInOrder(third, rig);
    },
  );
});

/**
 * Takes the maker away while orders of its rest, and answers their ids; between two of its rounds
 * there may be none, and then it is given back for another try.
 */
async function leaveOrders(
  { watch }: Rig,
  take: () => void,
  giveBack: () => void,
): Promise<number[]> {
  for (;;) {
    await watch.quoted();
    take();
    // What was on its way arrives meanwhile.
    await watch.placedWhile(1);
    const left = (await watch.listing()).map(({ oid }) => oid);
    if (left.length > 0) return left;
    giveBack();
  }
}

async function killWhileQuoting(maker: StartedProcess, rig: Rig): Promise<number[]> {
  const stop = (): void => maker.signal("SIGSTOP");
  const left = await leaveOrders(rig, stop, () => maker.signal("SIGCONT"));
  maker.signal("SIGKILL");
  expect(await maker.ended).toBe("SIGKILL");
  return left;
}

/** Trades with the account's orders while nobody looks after them, however much stands before them. */
async function takeOne({ watch }: Rig): Promise<void> {
  const wallet = createNativeWallet(`0x${"22".repeat(32)}`);
  await fund(exchangeUrl, wallet.address, "1000000");
  const taker = new ExchangeClient({
    transport: new HttpTransport({ apiUrl: exchangeUrl }),
    wallet,
  });
  const before = (await watch.fills()).length;
  await until(async () => {
    const asks = (await watch.listing()).filter(({ side }) => side === "A");
    const p = String(Math.min(...asks.map(({ limitPx }) => Number(limitPx))));
    if (asks.length === 0) throw new Error("asks rest");
    const order = { a: 0, b: true, p, s: "5", r: false };
    await taker.order({ orders: [{ ...order, t: { limit: { tif: "Ioc" } } }], grouping: "na" });
    return (await watch.fills()).length > before;
  });
}
