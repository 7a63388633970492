/** Our own form: what is written comes back, a kill loses what had not gathered into a file, damage is named. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { BUY, SELL } from "../base/side.ts";
import { openBinanceTape } from "./binance-tape.ts";
import { openDuck, sqlText } from "./duck.ts";
import { openTape } from "./open-tape.ts";
import { partsFolder, segmentPath } from "./segment-files.ts";
import type { Tape, TapeEvent, TapeHeader } from "./tape-event.ts";
import { openTapeWriter } from "./tape-writer.ts";

let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bourse-tape-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  path = join(folder, `${readdirSync(folder).length}'s.parquet`);
});

/** Some seconds alone; the machine may have more to do [ms]. */
const LONG_MS = 180_000;

const HEADER: TapeHeader = {
  source: "hyperliquid",
  symbol: "BTC",
  coin: "BTC",
  szDecimals: 5,
  szStep: 1,
};

const trade = (localNs: number, px = 600_000): TapeEvent => ({
  kind: "trade",
  localNs: BigInt(localNs),
  venueMs: localNs,
  side: BUY,
  px,
  sz: 100,
});

async function readAll(tape: Tape): Promise<TapeEvent[]> {
  const events: TapeEvent[] = [];
  for await (const some of tape.read()) events.push(...some);
  return events;
}

const level = fc.record({
  px: fc.integer({ min: 1, max: 2 ** 25 - 1 }),
  sz: fc.integer({ min: 0, max: 2 ** 50 }),
});
const levels = fc.array(level, { maxLength: 5 });
const time = {
  localNs: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  venueMs: fc.integer({ min: 0, max: 2 ** 45 }),
};
const event: fc.Arbitrary<TapeEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom("snapshot", "depth"), ...time, bids: levels, asks: levels }),
  fc.record({
    kind: fc.constant("trade" as const),
    ...time,
    side: fc.constantFrom(BUY, SELL),
    px: level.map(({ px }) => px),
    sz: level.map(({ sz }) => sz),
  }),
  fc.record({
    kind: fc.constant("bbo" as const),
    ...time,
    bid: fc.option(level),
    ask: fc.option(level),
  }),
  fc.record({
    kind: fc.constant("reference" as const),
    ...time,
    oraclePx: level.map(({ px }) => px),
    markPx: level.map(({ px }) => px),
  }),
);

describe("Parquet tape", () => {
  test(
    "every message comes back as it was, in order, over any cut into segments",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 40 }), fc.nat(6), async (events, every) => {
          const file = join(folder, "round.parquet");
          rmSync(file, { force: true });
          const writer = await openTapeWriter(file, HEADER);
          const all = [trade(1), ...events];
          for (const [i, one] of all.entries()) {
            writer.add(one);
            if (every > 0 && i % every === 0) await writer.flush();
          }
          await writer.close();
          const tape = await openTape(file);
          expect(tape.header).toEqual(HEADER);
          expect(tape.startPx).toBe(600_000);
          expect(await readAll(tape)).toEqual(all);
          expect(tape.progress()).toBe(1);
        }),
        { numRuns: 25 },
      );
    },
    LONG_MS,
  );

  test("many small segments become one now and then, and one file at the end", async () => {
    const writer = await openTapeWriter(path, HEADER);
    for (let i = 1; i <= 130; i++) {
      writer.add(trade(i));
      await writer.flush();
    }
    expect(readdirSync(partsFolder(path))).toHaveLength(2 + 10);
    await writer.close();
    const tape = await openTape(path);
    expect((await readAll(tape)).map(({ venueMs }) => venueMs)).toEqual(
      Array.from({ length: 130 }, (_, i) => i + 1),
    );
    expect(() => readdirSync(partsFolder(path))).toThrow(/ENOENT/);
  });

  test("a recording that was cut off is read from its segments; a merged one is not read twice", async () => {
    const writer = await openTapeWriter(path, HEADER);
    for (let i = 1; i <= 3; i++) {
      writer.add(trade(i));
      await writer.flush();
    }
    writer.add(trade(4));
    const whole = await openTapeWriter(join(folder, "merged.parquet"), HEADER);
    for (let i = 1; i <= 2; i++) whole.add(trade(i));
    await whole.flush();
    const duck = await openDuck();
    const merged = segmentPath(partsFolder(join(folder, "merged.parquet")), 1, 2);
    await duck.connection.run(`COPY (SELECT 1) TO ${sqlText(`${path}.parts/9.tmp`)} (FORMAT csv)`);
    const { copyFileSync } = await import("node:fs");
    copyFileSync(merged, segmentPath(partsFolder(path), 1, 2));
    duck.close();
    for (const name of [path, partsFolder(path)]) {
      const events = await readAll(await openTape(name));
      expect(events.map(({ venueMs }) => venueMs)).toEqual([1, 2, 3]);
    }
    await expect(openTapeWriter(path, HEADER)).rejects.toThrow(/exists already/);
    await Promise.all([writer.close(), whole.close()]);
  });

  test("nothing is written before a price is known", async () => {
    const writer = await openTapeWriter(path, HEADER);
    writer.add({ kind: "bbo", localNs: 1n, venueMs: 0, bid: null, ask: null });
    await writer.flush();
    expect(readdirSync(partsFolder(path))).toEqual([]);
    writer.add(trade(2));
    await writer.close();
    expect(await readAll(await openTape(path))).toHaveLength(2);
  });

  test("other Parquet, damaged files and empty folders are refused in words, with their name", async () => {
    const duck = await openDuck();
    await duck.connection.run(`COPY (SELECT 1 AS a) TO ${sqlText(path)} (FORMAT parquet)`);
    await expect(openTape(path)).rejects.toThrow(/'s\.parquet is Parquet, but no tape/);
    const damaged = join(folder, "damaged.parquet");
    writeFileSync(damaged, "PAR1 and then nothing of use");
    await expect(openTape(damaged)).rejects.toThrow(/damaged\.parquet cannot be read as a tape/);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await expect(openTape(empty)).rejects.toThrow(/empty cannot be read: there is no recording/);
    duck.close();
  });

  test.each([
    ["a price of 0", "px = 0", /row 2: price 0 is no number of ticks/],
    ["a kind that is none", "kind = 'x'", /row 2: no message is of kind x/],
    ["a part that does not fit", "part = 'bid'", /row 2: trade has no part bid/],
    ["an order that runs back", "message = 0", /row 2: message 0 comes after 1/],
    ["a size that is missing", "sz = NULL", /row 2: size null is no number of lots/],
  ])("%s is an error that names file and row", async (_, change, message) => {
    const writer = await openTapeWriter(path, HEADER);
    for (let i = 1; i <= 3; i++) writer.add(trade(i));
    await writer.close();
    const bad = path.replace(/\.parquet$/, "-bad.parquet");
    const duck = await openDuck();
    const run = (sql: string) => duck.connection.run(sql);
    await run(`CREATE TABLE t AS SELECT * FROM read_parquet(${sqlText(path)})`);
    await run(`UPDATE t SET ${change} WHERE message = 2`);
    const header = (
      await (
        await run(`SELECT decode(value) FROM parquet_kv_metadata(${sqlText(path)}) LIMIT 1`)
      ).getRowsJS()
    )[0]?.[0] as string;
    await run(
      `COPY t TO ${sqlText(bad)} (FORMAT parquet, KV_METADATA {'bourse.tape': ${sqlText(header)}})`,
    );
    duck.close();
    await expect(readAll(await openTape(bad))).rejects.toThrow(message);
  });
});

describeWithData("Binance tape as Parquet", ["binance/usdm_btcusdt_20240808.gz"], (recording) => {
  test(
    "all messages of the recording come back as they were",
    async () => {
      const written = await openBinanceTape(recording);
      const writer = await openTapeWriter(path, written.header);
      for await (const events of written.read()) {
        for (const one of events) writer.add(one);
        if (writer.messages % 7 === 0) await writer.flush();
      }
      await writer.close();
      const raw = (await openBinanceTape(recording)).read()[Symbol.asyncIterator]();
      const tape = await openTape(path);
      expect(tape.header).toEqual(written.header);
      let expected: TapeEvent[] = [];
      for await (const events of tape.read()) {
        for (const one of events) {
          if (expected.length === 0) expected = [...((await raw.next()).value as TapeEvent[])];
          if (!sameEvent(one, expected.shift())) expect(one).toEqual("the recorded message");
        }
      }
      expect([(await raw.next()).done, expected.length]).toEqual([true, 0]);
      expect(tape.counts).toMatchObject({ trades: 21_313, snapshots: 1, differences: 6_547 });
    },
    LONG_MS,
  );
});

const sameEvent = (a: TapeEvent, b: TapeEvent | undefined): boolean => textOf(a) === textOf(b);
const textOf = (event: TapeEvent | undefined): string =>
  JSON.stringify(event, (_, value) => (typeof value === "bigint" ? String(value) : value));
