/**
 * exchange-core's `basic.feature` at book level: orders, moves, cancels, book pictures and trades.
 * Balances and reserve prices belong to its accounts, which are not ours: those steps are listed.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import { describeWithData } from "../data.ts";
import { type BookEngine, createBookEngine, createWideFastBook } from "../support/book-engine.ts";
import type { CreateBook } from "../support/test-exchange.ts";
import { type FeatureStep, parseFeature } from "./feature.ts";

interface KnownOrder {
  readonly owner: string;
  readonly symbol: string;
  readonly side: Side;
  readonly asked: number;
  px: number;
  oid: number;
}
interface MatchSeen {
  readonly ids: readonly number[];
  readonly px: number;
  readonly sz: number;
  /** Ids that were used up by it. */
  readonly done: readonly number[];
}

interface Play {
  readonly createBook: CreateBook;
  readonly engines: Map<string, BookEngine>;
  readonly orders: Map<number, KnownOrder>;
  /** Matches of the last order that was placed or moved, until a step has asked for them. */
  matches: MatchSeen[];
}

const sideOf = (word: string | undefined): Side => (word === "BID" ? BUY : SELL);

function engineOf(play: Play, symbol: string): BookEngine {
  const known = play.engines.get(symbol);
  if (known !== undefined) return known;
  const engine = createBookEngine(play.createBook);
  play.engines.set(symbol, engine);
  return engine;
}

const remainingOf = (play: Play, order: KnownOrder): number =>
  engineOf(play, order.symbol).remaining(order.oid);

function knownOrder(play: Play, id: string | undefined): KnownOrder {
  const order = play.orders.get(Number(id));
  if (order === undefined) throw new Error(`order ${id} was placed before it is named`);
  return order;
}

function send(play: Play, id: number, sz: number, isImmediate: boolean): void {
  const order = knownOrder(play, String(id));
  const placed = engineOf(play, order.symbol).place({ ...order, sz, isImmediate });
  play.matches = placed.trades.map((trade, i) => {
    const [maker = 0] = [...play.orders].find(([, { oid }]) => oid === trade.maker) ?? [];
    const isLast = i === placed.trades.length - 1 && placed.left === 0;
    return {
      ids: [maker, id],
      px: trade.px,
      sz: trade.sz,
      done: [...(trade.isMakerDone ? [maker] : []), ...(isLast ? [id] : [])],
    };
  });
  order.oid = placed.oid;
}

/** Steps by their text; what a pattern catches comes as arguments, the table last. */
const STEPS: readonly [RegExp, (play: Play, caught: string[], table: string[][]) => void][] = [
  [
    /^A client (\w+) places an (ASK|BID) order (\d+) at (\d+)@(\d+) \(type: (GTC|IOC), symbol: (\w+)(?:, reservePrice: \d+)?\)$/,
    (play, [owner = "", side, id, px, sz, type, symbol = ""]) => {
      const order = {
        owner,
        symbol,
        side: sideOf(side),
        asked: Number(sz),
        px: Number(px),
        oid: 0,
      };
      play.orders.set(Number(id), order);
      send(play, Number(id), Number(sz), type === "IOC");
    },
  ],
  [
    /^A client \w+ moves a price to (\d+) of the order (\d+)$/,
    (play, [px, id]) => {
      const order = knownOrder(play, id);
      const left = remainingOf(play, order);
      expect(engineOf(play, order.symbol).cancel(order.oid)).toBe(true);
      order.px = Number(px);
      send(play, Number(id), left, false);
    },
  ],
  [
    /^A client \w+ cancels the remaining size (\d+) of the order (\d+)$/,
    (play, [sz, id]) => {
      const order = knownOrder(play, id);
      expect(remainingOf(play, order)).toBe(Number(sz));
      expect(engineOf(play, order.symbol).cancel(order.oid)).toBe(true);
      play.matches = [];
    },
  ],
  [
    /^An (\w+) order book is:$/,
    (play, [symbol = ""], table) => {
      const rows = table.filter((row) => /^\d+$/.test(row[1] ?? ""));
      const asked = {
        bid: rows.filter(([bid]) => bid !== ""),
        ask: rows.filter(([bid]) => bid === ""),
      };
      const engine = engineOf(play, symbol);
      expect(engine.levels(SELL).reverse()).toEqual(
        asked.ask.map(([, px, sz]) => ({ px: Number(px), sz: Number(sz) })),
      );
      expect(engine.levels(BUY)).toEqual(
        asked.bid.map(([sz, px]) => ({ px: Number(px), sz: Number(sz) })),
      );
    },
  ],
  [/^No trade events$/, (play) => expect(play.matches).toEqual([])],
  [
    /^The order (\d+) is (fully|partially) matched\. LastPx: (\d+), LastQty: (\d+)$/,
    (play, [id, how, px, sz]) => {
      const last = play.matches.filter(({ ids }) => ids.includes(Number(id))).at(-1);
      expect(last).toMatchObject({ px: Number(px), sz: Number(sz) });
      expect(last?.done.includes(Number(id))).toBe(how === "fully");
    },
  ],
  [
    /^A client (\w+) orders:$/,
    (play, [owner = ""], [header = [], ...rows]) => {
      const resting = [...play.orders].filter(
        ([, order]) => order.owner === owner && remainingOf(play, order) > 0,
      );
      const listed = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
      expect(resting.map(([id]) => id)).toEqual(listed.map(({ id }) => Number(id)));
      for (const { id, price, size, filled, side } of listed) {
        const order = knownOrder(play, id);
        expect(order).toMatchObject({ px: Number(price), asked: Number(size), side: sideOf(side) });
        expect(remainingOf(play, order)).toBe(Number(size) - Number(filled));
      }
    },
  ],
  [
    /^A client (\w+) does not have active orders$/,
    (play, [owner]) => {
      for (const order of play.orders.values()) {
        if (order.owner === owner) expect(remainingOf(play, order)).toBe(0);
      }
    },
  ],
];

/** Steps about money, which the book has no part in. */
const OUT_OF_SCOPE = [/^New client \w+ has a balance:$/, /^A balance of a client \w+:$/];

/** Plays a step; false where it is out of scope. */
function playStep(play: Play, { text, table }: FeatureStep): boolean {
  if (OUT_OF_SCOPE.some((pattern) => pattern.test(text))) return false;
  for (const [pattern, act] of STEPS) {
    const caught = pattern.exec(text);
    if (caught === null) continue;
    act(play, caught.slice(1), table);
    return true;
  }
  throw new Error(`no step is written "${text}"`);
}

describeWithData("exchange-core basic.feature", ["exchange-core/basic.feature"], (path) => {
  const scenarios = parseFeature(readFileSync(path, "utf8"));

  test("an outline with two examples and a scenario", () => {
    expect(scenarios.map(({ name }) => name)).toEqual([
      "basic full cycle test (EUR_USD)",
      "basic full cycle test (ETH_XBT)",
      "cancel BID order",
    ]);
  });

  const forms = [
    ["fast", createWideFastBook],
    ["plain", createReferenceBook],
  ] as const;
  const cases = forms.flatMap(([form, createBook]) =>
    scenarios.map((scenario) => ({ form, createBook, ...scenario })),
  );
  test.each(cases)("$form book: $name", ({ form, createBook, name, steps }) => {
    const play: Play = { createBook, engines: new Map(), orders: new Map(), matches: [] };
    const skipped = steps.filter((step) => !playStep(play, step)).map(({ text }) => text);
    const played = steps.length - skipped.length;
    console.log(
      `exchange-core, ${form} book, ${name}: ${played} steps played; out of scope (money): ` +
        `${skipped.join("; ")} and reserve prices`,
    );
    expect(played).toBeGreaterThanOrEqual(5);
  });
});
