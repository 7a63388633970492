/** Reading Binance's raw form: order of the book's changes, precision, and what is wrong, by file and line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUY, SELL } from "../base/side.ts";
import { openBinanceTape } from "./binance-tape.ts";
import type { TapeCounts, TapeEvent, TapeHeader } from "./tape-event.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bourse-tape-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const line = (ns: number, body: unknown): string => `${ns} ${JSON.stringify(body)}`;
const stream = (data: Record<string, unknown>): unknown => ({ stream: "x", data });
const book = (lastUpdateId: number): unknown => ({
  lastUpdateId,
  T: 7,
  bids: [["100.10", "1.500"]],
  asks: [["100.20", "2.000"]],
});
const difference = (U: number, u: number, pu: number, b: string[][] = []): unknown =>
  stream({ e: "depthUpdate", T: 8, s: "ABCUSDT", U, u, pu, b, a: [] });
const trade = (part: Record<string, unknown> = {}): unknown =>
  stream({
    e: "trade",
    T: 9,
    s: "ABCUSDT",
    p: "100.20",
    q: "0.250",
    m: false,
    X: "MARKET",
    ...part,
  });

interface Read {
  readonly header: TapeHeader;
  readonly counts: TapeCounts;
  readonly events: TapeEvent[];
}

async function read(
  lines: readonly string[],
  { isPlain = false, cut = 0 }: { isPlain?: boolean; cut?: number } = {},
): Promise<Read> {
  const path = join(folder, "tape.gz");
  const text = lines.join("\n");
  const bytes = isPlain ? Buffer.from(text) : gzipSync(text);
  writeFileSync(path, bytes.subarray(0, bytes.length - cut));
  const tape = await openBinanceTape(path);
  const events: TapeEvent[] = [];
  for await (const some of tape.read()) events.push(...some);
  return { header: tape.header, counts: tape.counts, events };
}

describe("Binance's raw form", () => {
  test.each([true, false])(
    "a book, changes and trades become integers; plain text: %s [ticks, lots]",
    async (isPlain) => {
      const { header, events } = await read(
        [
          line(1, trade()),
          line(2, book(5)),
          line(
            3,
            difference(4, 6, 3, [
              ["100.10", "0.000"],
              ["99.90", "3"],
            ]),
          ),
          line(4, trade({ m: true, p: "99.9" })),
          "",
        ],
        { isPlain },
      );
      expect(header).toEqual({
        source: "binance",
        symbol: "ABCUSDT",
        coin: "ABC",
        szDecimals: 5,
        szStep: 1_000,
      });
      const at = (localNs: number, venueMs: number) => ({ localNs: BigInt(localNs), venueMs });
      expect(events).toEqual([
        { kind: "trade", ...at(1, 9), side: BUY, px: 1_002, sz: 25_000 },
        {
          kind: "snapshot",
          ...at(2, 7),
          bids: [{ px: 1_001, sz: 150_000 }],
          asks: [{ px: 1_002, sz: 200_000 }],
        },
        {
          kind: "depth",
          ...at(3, 8),
          bids: [
            { px: 1_001, sz: 0 },
            { px: 999, sz: 300_000 },
          ],
          asks: [],
        },
        { kind: "trade", ...at(4, 9), side: SELL, px: 999, sz: 25_000 },
      ]);
    },
  );

  test("changes before the book wait; early ones are left out, missing ones counted", async () => {
    const { counts, events } = await read([
      line(1, difference(1, 2, 0)),
      line(2, difference(3, 6, 2)),
      line(3, book(5)),
      line(4, difference(7, 8, 6)),
      line(5, difference(11, 12, 10)),
    ]);
    expect(counts).toMatchObject({ snapshots: 1, differences: 3, early: 1, gaps: 1 });
    expect(events.map(({ kind, localNs }) => [kind, Number(localNs)])).toEqual([
      ["snapshot", 3],
      ["depth", 3],
      ["depth", 4],
      ["depth", 5],
    ]);
  });

  test("messages that are not played are counted, among them prints of the insurance fund", async () => {
    const mark = stream({ e: "markPriceUpdate", s: "ABCUSDT", p: "100.2" });
    const { counts } = await read([
      line(1, trade()),
      line(2, mark),
      line(3, trade({ X: "NA", p: "0" })),
    ]);
    expect(counts).toMatchObject({ trades: 1, skipped: 2 });
  });

  test.each([
    ["no time", ["{}"], /tape\.gz:2: does not begin with a time in nanoseconds/],
    ["cut JSON", ['7 {"stream":"x","da'], /tape\.gz:2: what follows the time is no JSON/],
    ["no object", ["7 []"], /tape\.gz:2: what follows the time is no object/],
    ["no data", ['7 {"stream":"x"}'], /tape\.gz:2: a stream's message has no data/],
    ["a missing field", [line(7, trade({ q: undefined }))], /tape\.gz:2: a trade message lacks/],
    ["a wrong level", [line(7, difference(1, 2, 3, [["1"]]))], /tape\.gz:2: a depthUpdate message/],
    ["another instrument", [line(7, trade({ s: "XYZUSDT" }))], /tape\.gz:2: is about XYZUSDT/],
    [
      "no number",
      [line(7, trade({ p: "1e9" }))],
      /tape\.gz:2: has a price or size that is no number/,
    ],
  ])("%s is an error that names file and line", async (_, bad, message) => {
    await expect(read([line(1, trade()), ...bad])).rejects.toThrow(message);
  });

  test("a price finer than the first lines show is an error at its line", async () => {
    const lines = [line(1, book(5)), line(2, trade()), line(3, trade({ p: "100.25" }))];
    await expect(read(lines)).rejects.toThrow(
      /tape\.gz:3: .* finer than the market's 1 and 5 decimals/,
    );
  });

  test("a file that was cut off is read to where it ends, then an error", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      line(i + 1, trade({ q: `${i % 977}.001` })),
    );
    await expect(read(lines, { cut: 2_000 })).rejects.toThrow(
      /tape\.gz ends in the middle .* line \d+/,
    );
  });

  test("what is absent, empty, or too precise for a market is refused in words", async () => {
    await expect(openBinanceTape(join(folder, "none.gz"))).rejects.toThrow(
      /none\.gz cannot be read/,
    );
    await expect(read([])).rejects.toThrow(/holds no trade and no book/);
    const fine = line(1, trade({ p: "0.0000123" }));
    await expect(read([fine])).rejects.toThrow(/prices of ABCUSDT have 7 decimals and sizes 2/);
  });
});
