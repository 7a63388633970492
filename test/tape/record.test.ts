/**
 * A running exchange is recorded by a process of its own, over real sockets; what it recorded is then
 * played into another exchange, and both say the same.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { MICROS_PER_USDC } from "../../src/base/units.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { NUMBER, numberOf } from "../../src/exchange/numbers.ts";
import { topLevels } from "../../src/projection/l2.ts";
import { finishTape } from "../../src/sim/tape-market.ts";
import { openTape } from "../../src/tape/open-tape.ts";
import type { TapeEvent } from "../../src/tape/tape-event.ts";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";
import { endStartedProcesses, startBourse, type Told } from "../support/started-process.ts";
import { createTapeExchange } from "../support/tape-exchange.ts";
import { addressOf } from "../support/test-exchange.ts";

// Processes take their time to start where the machine has more to do.
vi.setConfig({ testTimeout: 120_000 });

let folder = "";
let exchange: LiveExchange;
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bourse-record-"));
});
beforeEach(async () => {
  path = join(folder, "BTC.parquet");
  rmSync(path, { force: true });
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
  for (const name of ["maker", "taker"]) {
    const amount = 10_000_000 * MICROS_PER_USDC;
    submit({ kind: "deposit", address: addressOf(name), amount });
  }
});
afterEach(async () => {
  await endStartedProcesses();
  await exchange.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const record = createCommandRecord();
function submit(command: Command): void {
  writeCommand(command, record);
  exchange.sequencer.submit(record);
}

let nonce = Date.now();
function place(name: string, side: Side, px: number, sz: number): void {
  nonce += 1;
  const tif = name === "taker" ? TIF.ioc : TIF.gtc;
  const orders = [{ market: 0, side, px, sz, tif }];
  submit({ kind: "placeOrders", signer: addressOf(name), nonce, orders });
}

/** Ten levels a side, and `count` trades that walk through them. */
function trade(count: number): void {
  for (let i = 0; i < count; i++) {
    const step = i % 10;
    place("maker", SELL, 600_010 + 10 * step, 3_000 + step);
    place("maker", BUY, 599_990 - 10 * step, 4_000 + step);
    place("taker", i % 2 === 0 ? BUY : SELL, i % 2 === 0 ? 600_200 : 599_800, 1_000 + i);
  }
}

/** Trades that the exchange has printed. */
const tradeCount = (): number => numberOf(exchange.sequencer.state.numbers, NUMBER.tid);

const startRecording = () =>
  startBourse("record", "--json", "--url", exchange.gateway.url, "--coin", "BTC", "--out", path);

const isStatus =
  (isWished: (status: Record<string, number>) => boolean) =>
  (value: Told): boolean =>
    value.kind === "status" && isWished(value as Record<string, number>);

async function readAll(): Promise<{ header: unknown; events: TapeEvent[] }> {
  const tape = await openTape(path);
  const events: TapeEvent[] = [];
  for await (const some of tape.read()) events.push(...some);
  return { header: tape.header, events };
}

describe("bourse record", () => {
  test("a recorded market, played, prints the same trades and ends with the same book", async () => {
    trade(20);
    const recorder = startRecording();
    await recorder.tells(isStatus(({ books, isUp }) => (books ?? 0) > 0 && Boolean(isUp)));
    const before = tradeCount();
    trade(40);
    const printed = tradeCount() - before;
    expect(printed).toBeGreaterThan(30);
    // The trades from before it began are not in it.
    await recorder.tells(isStatus(({ trades }) => trades === printed));
    recorder.signal("SIGINT");
    await recorder.tells(({ kind, trades }) => kind === "recorded" && trades === printed);
    expect(await recorder.ended).toBe(0);
    expect(existsSync(`${path}.parts`)).toBe(false);
    const { header, events } = await readAll();
    expect(header).toMatchObject({ source: "hyperliquid", coin: "BTC", szDecimals: 5 });
    const played = createTapeExchange(header as never, 600_000);
    for (const event of events) played.play(event);
    finishTape(played.market);
    const trades = events.filter((event) => event.kind === "trade");
    expect([played.trades, played.tradedLots]).toEqual([
      printed,
      trades.reduce((sum, { sz }) => sum + sz, 0),
    ]);
    expect([played.refused, played.crossed]).toEqual([0, 0]);
    for (const side of [BUY, SELL]) {
      const live = topLevels(exchange.models.l2, 0, side, 20).map(({ px, sz }) => ({ px, sz }));
      expect(played.levels(side)).toEqual(live);
    }
  });

  test("after a kill everything that was on disk can be played", async () => {
    const recorder = startRecording();
    await recorder.tells(isStatus(({ isUp }) => Boolean(isUp)));
    trade(20);
    const { written } = await recorder.tells(
      isStatus(({ trades, written: onDisk }) => (trades ?? 0) > 0 && (onDisk ?? 0) > 20),
    );
    trade(5);
    recorder.signal("SIGKILL");
    await recorder.ended;
    expect(existsSync(path)).toBe(false);
    const { events } = await readAll();
    expect(events.length).toBeGreaterThanOrEqual(written as number);
  });

  test("a market that is not there, or an address that does not answer, ends it in words", async () => {
    const absent = startBourse("record", "--url", exchange.gateway.url, "--coin", "NONE");
    await absent.prints(/NONE at .*: the venue has no market named NONE/);
    expect(await absent.ended).toBe(5);
    const away = startBourse("record", "--url", "http://127.0.0.1:9", "--coin", "BTC");
    await away.prints(/BTC at http:\/\/127\.0\.0\.1:9: /);
    expect(await away.ended).toBe(5);
  });
});
