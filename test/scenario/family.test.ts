/** Grouping `normalTpsl`: a parent, and children that wait for its fill. */
import { describe, expect, test } from "vitest";
import { STP } from "../../src/base/self-trade.ts";
import type { OrderItem } from "../../src/exchange/command-codec.ts";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";
import { addressOf } from "../support/test-exchange.ts";

const OPEN = `
  commands
  | who   | command                  |
  |       | oracle 100               |
  | bob   | deposit 10000            |
  | carol | deposit 100000           |
`;
const FAMILY =
  "buy 5@95 gtc parent as M + sell 5@90 ioc ro stop=90 child as S + sell 5@105 gtc ro profit=105 child as P";

describe("children wait for their parent's fill", () => {
  test("a parent that rests fills in parts; when it has filled whole they wait for the mark price, and one ends the other", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | ${FAMILY}            | accepted M, rested M 5@95, waiting S, waiting P |
      | carol | sell 2@95 ioc as A   | accepted A, fill M 2@95, fill A 2@95 |
      |       | oracle 89            | oracle 89 |
      |       | oracle 100           | oracle 100 |
      | carol | sell 3@95 ioc as B   | accepted B, fill M 3@95, fill B 3@95, armed S 5, armed P 5 |
      balances
      | who | position | orders |
      | bob | 5        | 2      |
      commands
      | who   | command              | events |
      | carol | buy 9@89 gtc as C    | accepted C, rested C 9@89 |
      |       | oracle 90            | oracle 90, triggered S, fill C 5@89, fill S 5@89, canceled P siblingFilled |
      balances
      | who | position | orders |
      | bob | 0        | 0      |
    `);
  });

  test("the other ends when one has filled whole, not when it fires", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | ${FAMILY}            | accepted M, rested M 5@95, waiting S, waiting P |
      | carol | sell 5@95 ioc as B   | accepted B, fill M 5@95, fill B 5@95, armed S 5, armed P 5 |
      |       | oracle 105           | oracle 105, triggered P, rested P 5@105 |
      | carol | buy 2@105 ioc as C   | accepted C, fill P 2@105, fill C 2@105 |
      | carol | buy 3@105 ioc as D   | accepted D, fill P 3@105, fill D 3@105, canceled S siblingFilled |
    `);
  });

  test("a parent that fills at once: they wait for the mark price at once, of size zero with what it filled", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | carol | sell 3@100 gtc as C  | accepted C, rested C 3@100 |
      | bob   | buy 5@101 ioc parent as M + sell 0@90 ioc ro stop=90 child as S + sell 9@90 ioc ro profit=105 child as P | accepted M, fill C 3@100, fill M 3@100, canceled M iocRemainder, waiting S, waiting P |
      | carol | buy 9@88 gtc as D    | accepted D, rested D 9@88 |
      |       | oracle 90            | oracle 90, triggered S, fill D 3@88, fill S 3@88, canceled P siblingFilled |
      balances
      | who | position | orders |
      | bob | 0        | 0      |
    `);
  });

  test("a child whose price has come when its parent fills is fired at once", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | ${FAMILY}            | accepted M, rested M 5@95, waiting S, waiting P |
      |       | oracle 90            | oracle 90 |
      | carol | buy 9@85 gtc as C    | accepted C, rested C 9@85 |
      | carol | sell 5@95 ioc as A   | accepted A, fill M 5@95, fill A 5@95, armed S 5, armed P 5, triggered S, fill C 5@85, fill S 5@85, canceled P siblingFilled |
    `);
  });

  test("of a short parent", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | sell 5@105 gtc parent as M + buy 0@120 ioc ro stop=110 child as S + buy 0@120 ioc ro profit=95 child as P | accepted M, rested M 5@105, waiting S, waiting P |
      | carol | buy 5@105 ioc as A   | accepted A, fill M 5@105, fill A 5@105, armed S 5, armed P 5 |
      | carol | sell 5@112 gtc as C  | accepted C, rested C 5@112 |
      |       | oracle 112           | oracle 112, triggered S, fill C 5@112, fill S 5@112, canceled P siblingFilled |
    `);
  });
});

describe("children end with their parent", () => {
  test.each([
    [
      "canceled by its owner, though it has filled in part",
      "bob",
      "cancel M",
      "canceled M requested",
    ],
    ["replaced", "bob", "modify M to buy 5@94 gtc as N", "canceled M modified"],
    ["met by an order of its own account", "bob", "sell 1@95 ioc", "canceled M selfTrade"],
  ])("%s", (_, who, command, begins) => {
    const scenario = play(
      createScenario(),
      `
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | ${FAMILY}            | accepted M, rested M 5@95, waiting S, waiting P |
      | carol | sell 2@95 ioc as A   | accepted A, fill M 2@95, fill A 2@95 |
      `,
    );
    const said = perform(scenario, who, command);
    expect(said.map(({ kind }) => kind).slice(0, 3)).toEqual(Array(3).fill("orderCanceled"));
    expect(begins).toContain("canceled M");
    expect(scenario.exchange.summary("bob").openOrders).toBe(command.startsWith("modify") ? 1 : 0);
  });

  test("one of them canceled leaves the other", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | ${FAMILY}            | accepted M, rested M 5@95, waiting S, waiting P |
      | bob   | cancel S             | canceled S requested |
      | carol | sell 5@95 ioc as A   | accepted A, fill M 5@95, fill A 5@95, armed P 5 |
    `);
  });

  test("what margin ends after a part has filled arms them with that part", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command              | events |
      | dan   | deposit 100          | opened dan, deposited 100 |
      | dan   | buy 9@100 gtc parent as M + sell 0@90 ioc ro stop=99 child as S | accepted M, rested M 9@100, waiting S |
      | carol | sell 5@100 ioc as A  | accepted A, fill M 5@100, fill A 5@100 |
      |       | oracle 99            | oracle 99 |
      |       | oracle 96            | oracle 96 |
      | carol | sell 4@96 ioc as B   | canceled M margin, armed S 5, rejected iocNoMatch, triggered S, canceled S noLiquidity |
    `);
  });

  test("an order that shrinks instead of trading with itself does not count as filled", () => {
    const scenario = play(
      createScenario(),
      `
      ${OPEN}
      commands
      | who   | command              | events |
      | bob   | buy 5@95 gtc parent as M + sell 0@90 ioc ro stop=90 child as S | accepted M, rested M 5@95, waiting S |
      `,
    );
    scenario.exchange.run({
      kind: "placeOrders",
      signer: addressOf("bob"),
      orders: [{ market: 0, side: 1, px: 95_000, sz: 2_000, tif: 1, stp: STP.decrement }],
    });
    play(
      scenario,
      `
      commands
      | who   | command              | events |
      | carol | sell 3@95 ioc as A   | accepted A, fill M 3@95, fill A 3@95, armed S 3 |
      `,
    );
  });
});

describe("what is no family is refused", () => {
  test.each([
    ["a child alone", "sell 1@90 ioc ro stop=90 child", "rejected orderKindUnsupported"],
    [
      "a child behind an order that is no parent",
      "buy 1@95 gtc as M + sell 1@90 ioc ro stop=90 child",
      "accepted M, rested M 1@95, rejected orderKindUnsupported",
    ],
    [
      "a third child",
      "buy 1@95 gtc parent as M + sell 1@90 ioc ro stop=90 child as A + sell 1@90 ioc ro profit=105 child as B + sell 1@90 ioc ro stop=91 child",
      "accepted M, rested M 1@95, waiting A, waiting B, rejected orderKindUnsupported",
    ],
    [
      "a child that may add",
      "buy 1@95 gtc parent as M + sell 1@90 ioc stop=90 child",
      "accepted M, rested M 1@95, rejected orderKindUnsupported",
    ],
    [
      "a child of the parent's side",
      "buy 1@95 gtc parent as M + buy 1@90 ioc ro stop=110 child",
      "accepted M, rested M 1@95, rejected orderKindUnsupported",
    ],
    [
      "a parent that is a trigger order",
      "buy 1@95 gtc parent stop=110 as M + sell 1@90 ioc ro stop=90 child",
      "rejected orderKindUnsupported, rejected parentRefused",
    ],
    [
      "a parent that is good till a time",
      "buy 1@95 gtc parent for=9 as M + sell 1@90 ioc ro stop=90 child",
      "rejected orderKindUnsupported, rejected parentRefused",
    ],
    [
      "children of a parent that is refused",
      "buy 1@95 ioc parent as M + sell 1@90 ioc ro stop=90 child",
      "rejected iocNoMatch, rejected parentRefused",
    ],
    [
      "a stop beyond the parent's price",
      "buy 1@95 gtc parent as M + sell 1@90 ioc ro stop=95 child",
      "accepted M, rested M 1@95, rejected triggerPxBad",
    ],
    [
      "a profit short of the parent's price",
      "buy 1@95 gtc parent as M + sell 1@90 ioc ro profit=95 child",
      "accepted M, rested M 1@95, rejected triggerPxBad",
    ],
    [
      "a small child",
      "buy 1@95 gtc parent as M + sell 0.1@90 ioc ro profit=99 child",
      "accepted M, rested M 1@95, rejected notionalTooSmall",
    ],
  ])("%s", (_, command, events) => {
    playScenario(`
      ${OPEN}
      commands
      | who | command    | events |
      | bob | ${command} | ${events} |
    `);
  });

  test("a replacement is neither parent nor child", () => {
    playScenario(`
      ${OPEN}
      commands
      | who | command                                | events |
      | bob | buy 1@95 gtc as A                      | accepted A, rested A 1@95 |
      | bob | modify A to buy 1@94 gtc parent always | canceled A modified, rejected orderKindUnsupported |
    `);
  });
});

test("a family in an atomic batch is placed whole or not at all", () => {
  const scenario = play(createScenario(), OPEN);
  const { exchange } = scenario;
  const parent = { market: 0, side: 0, px: 95_000, sz: 1_000, tif: 0, parent: true } as const;
  const child = {
    market: 0,
    side: 1,
    px: 90_000,
    sz: 0,
    tif: 1,
    reduceOnly: true,
    trigger: { px: 90_000, takeProfit: false, child: true },
  } as const;
  const signer = addressOf("bob");
  const bad = { ...child, trigger: { ...child.trigger, px: 99_000 } };
  const place = (...orders: OrderItem[]) =>
    exchange.run({ kind: "placeOrders", signer, orders: [...orders], atomic: true });
  expect(place(parent, child, bad)).toMatchObject([{ kind: "commandRejected" }]);
  expect(exchange.summary("bob").openOrders).toBe(0);
  place(parent, child);
  expect(exchange.summary("bob").openOrders).toBe(2);
});
