import { describe, expect, test } from "vitest";
import { TIF } from "../../src/base/time-in-force.ts";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";
import { addressOf, testSpec } from "../support/test-exchange.ts";

const FUNDED = `
  commands
  | who   | command      |
  |       | oracle 100   |
  | alice | deposit 1000 |
  | bob   | deposit 1000 |
`;

describe("cancel [USDC, coins]", () => {
  test("by id, by cloid, in a batch; what is not live is refused alone", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                    | events |
      | alice | buy 1@99 gtc as A          | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc cloid=1 as B  | accepted B, rested B 1@98 |
      | alice | buy 1@97 gtc as C          | accepted C, rested C 1@97 |
      | bob   | cancel A                   | cancelRejected orderNotLive |
      | bob   | cancel cloid=1             | cancelRejected orderNotLive |
      | alice | cancel A + 999 + C + A     | canceled A requested, cancelRejected orderNotLive, canceled C requested, cancelRejected orderNotLive |
      | alice | cancel cloid=1             | canceled B requested |
      | alice | cancel B                   | cancelRejected orderNotLive |
      book
      | side | px | sz | order |
      balances
      | who   | orders | initial |
      | alice | 0      | 0       |
    `);
  });

  test("of a partly filled order names what remained", () => {
    const scenario = play(
      createScenario(),
      `
      ${FUNDED}
      commands
      | who   | command            |
      | alice | buy 3@99 gtc as A  |
      | bob   | sell 1@99 ioc as B |
    `,
    );
    expect(perform(scenario, "alice", "cancel A")).toMatchObject([
      { kind: "orderCanceled", sz: 2_000, origSz: 3_000, px: 99_000, item: 0 },
    ]);
  });

  test("under another market's id finds nothing", () => {
    const scenario = play(createScenario([testSpec(), testSpec({ name: "ETH" })]), FUNDED);
    perform(scenario, "alice", "buy 1@99 gtc cloid=5 as A");
    const { exchange, oidByName } = scenario;
    const signer = addressOf("alice");
    const oid = oidByName.get("A") as number;
    expect(
      exchange.run({ kind: "cancelOrders", signer, cancels: [{ market: 1, oid }] }),
    ).toMatchObject([{ kind: "cancelRejected" }]);
    expect(
      exchange.run({ kind: "cancelOrders", signer, cancels: [{ market: 9, oid }] }),
    ).toMatchObject([{ kind: "cancelRejected" }]);
    play(
      scenario,
      `
      book
      | side | px | sz | order |
      | bid  | 99 | 1  | A     |
    `,
    );
  });

  test("a filled order can be neither canceled nor modified", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                          | events |
      | alice | buy 1@99 gtc cloid=4 as A        | accepted A, rested A 1@99 |
      | bob   | sell 1@99 gtc as B               | accepted B, fill A 1@99, fill B 1@99 |
      | alice | cancel A                         | cancelRejected orderNotLive |
      | alice | cancel cloid=4                   | cancelRejected orderNotLive |
      | alice | modify A to buy 1@98 gtc         | cancelRejected modifyNotLive |
      | alice | modify cloid=4 to buy 1@98 gtc   | cancelRejected modifyNotLive |
      | bob   | modify B to sell 1@120 gtc       | cancelRejected modifyNotLive |
      book
      | side | px | sz | order |
    `);
  });
});

describe("modify [USDC, coins]", () => {
  test("is cancel and new order with a new id at the back of the queue", () => {
    const scenario = playScenario(`
      ${FUNDED}
      commands
      | who   | command                         | events |
      | alice | buy 1@99 gtc as A               | accepted A, rested A 1@99 |
      | bob   | buy 1@99 gtc as B               | accepted B, rested B 1@99 |
      | alice | modify A to buy 2@99 gtc as A2  | canceled A modified, accepted A2, rested A2 2@99 |
      book
      | side | px | sz | order |
      | bid  | 99 | 1  | B     |
      | bid  | 99 | 2  | A2    |
    `);
    expect(scenario.oidByName.get("A2")).toBeGreaterThan(scenario.oidByName.get("B") as number);
  });

  test("by cloid, and the replacement may carry the same cloid", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                                       | events |
      | alice | buy 1@99 gtc cloid=3 as A                     | accepted A, rested A 1@99 |
      | alice | modify cloid=3 to buy 1@98 gtc cloid=3 as A2  | canceled A modified, accepted A2, rested A2 1@98 |
      | alice | buy 1@97 gtc cloid=9 as X                     | accepted X, rested X 1@97 |
      | alice | modify A2 to buy 1@96 gtc cloid=9 as A3       | canceled A2 modified, rejected cloidDuplicate |
      | alice | cancel cloid=3                                | cancelRejected orderNotLive |
    `);
  });

  test("when the replacement is refused the old order is gone all the same", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                                   | events |
      | alice | buy 1@99 gtc as A                         | accepted A, rested A 1@99 |
      | alice | modify A to buy 0.01@99 gtc as A2         | canceled A modified, rejected notionalTooSmall |
      | alice | buy 1@99 gtc as B                         | accepted B, rested B 1@99 |
      | alice | modify B to buy 1000@99 gtc always as B2  | canceled B modified, rejected marginInsufficient |
      book
      | side | px | sz | order |
    `);
  });

  test("the margin of the old order is free for the replacement", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                          | events |
      | alice | buy 100@99 gtc as A              | accepted A, rested A 100@99 |
      | alice | modify A to buy 101@98 gtc as A2 | canceled A modified, accepted A2, rested A2 101@98 |
    `);
  });

  test("the replacement is add-liquidity-only unless asked to place always", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                                 | events |
      | bob   | sell 1@101 gtc as S                     | accepted S, rested S 1@101 |
      | alice | buy 1@99 gtc as A                       | accepted A, rested A 1@99 |
      | alice | modify A to buy 1@101 gtc as A2         | canceled A modified, rejected aloWouldMatch |
      | alice | buy 1@99 gtc as B                       | accepted B, rested B 1@99 |
      | alice | modify B to buy 2@101 gtc always as B2  | canceled B modified, accepted B2, fill S 1@101, fill B2 1@101, rested B2 1@101 |
    `);
  });

  test("a forced replacement rests as add-liquidity-only", () => {
    const scenario = play(createScenario(), FUNDED);
    perform(scenario, "alice", "buy 1@99 gtc as A");
    const forced = perform(scenario, "alice", "modify A to buy 1@98 gtc as A2");
    expect(forced.find(({ kind }) => kind === "orderRested")).toMatchObject({ tif: TIF.alo });
    const kept = perform(scenario, "alice", "modify A2 to buy 1@97 gtc always as A3");
    expect(kept.find(({ kind }) => kind === "orderRested")).toMatchObject({ tif: TIF.gtc });
  });

  test("a batch of modifies answers each with its own result", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events |
      | alice | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc as B    | accepted B, rested B 1@98 |
      | alice | batchModify A to buy 1@97 gtc as A2 + 12345 to buy 1@96 gtc as N + B to buy 0.01@95 gtc as B2 | canceled A modified, accepted A2, rested A2 1@97, cancelRejected modifyNotLive, canceled B modified, rejected notionalTooSmall |
      book
      | side | px | sz | order |
      | bid  | 97 | 1  | A2    |
    `);
  });

  test("another account's order cannot be modified", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                          | events |
      | alice | buy 1@99 gtc cloid=1 as A        | accepted A, rested A 1@99 |
      | bob   | modify A to buy 1@98 gtc         | cancelRejected modifyNotLive |
      | bob   | modify cloid=1 to buy 1@98 gtc   | cancelRejected modifyNotLive |
      book
      | side | px | sz | order |
      | bid  | 99 | 1  | A     |
    `);
  });
});
