import { describe, test } from "vitest";
import { playScenario } from "../support/scenario.ts";

describe("money sent to an address [USDC]", () => {
  test("an address without an account gets one for a fee, one that has one costs nothing", () => {
    playScenario(`
      commands
      | who   | command          | events |
      | alice | deposit 100      | opened alice, deposited 100 |
      | alice | send bob 40      | opened bob, transferred -40 fee 1, transferred 40 fee 1 |
      | alice | send bob 9.5     | transferred -9.5, transferred 9.5 |
      | alice | send carol 49    | refused balanceInsufficient |
      | alice | send bob 49.6    | refused balanceInsufficient |
      | alice | send carol 48.5  | opened carol, transferred -48.5 fee 1, transferred 48.5 fee 1 |
      balances
      | who   | cash |
      | alice | 0    |
      | bob   | 49.5 |
      | carol | 48.5 |
      system
      | fees | deposits | withdrawals |
      | 2    | 100      | 0           |
      commands
      | who   | command          | events |
      |       | rules openingFee=0 | rules |
      | bob   | send dan 1       | opened dan, transferred -1, transferred 1 |
    `);
  });

  test("what positions and orders bind stays; a sub-account can be sent to and cannot send", () => {
    playScenario(`
      commands
      | who     | command             | events |
      |         | oracle 100          | oracle 100 |
      | alice   | deposit 100         | opened alice, deposited 100 |
      | bob     | deposit 100         | opened bob, deposited 100 |
      | bob     | sub one             | opened one, sub one |
      | alice   | buy 5@100 gtc as A  | accepted A, rested A 5@100 |
      | alice   | send bob 50.01      | refused balanceInsufficient |
      | alice   | send bob 50         | transferred -50, transferred 50 |
      | bob     | send one 30         | transferred -30, transferred 30 |
      | one     | send bob 30         | refused signerUnknown |
      balances
      | who   | cash |
      | alice | 50   |
      | bob   | 120  |
      | one   | 30   |
    `);
  });

  test("what is no transfer: to oneself, of nothing, by an agent, to an agent", () => {
    playScenario(`
      commands
      | who   | command      | events |
      | alice | deposit 100  | opened alice, deposited 100 |
      | alice | agent bot    | agentApproved |
      | alice | send alice 1 | refused transferToSelf |
      | alice | send bob 0   | refused amountInvalid |
      | bot   | send bob 1   | refused masterKeyRequired |
      | alice | send bot 1   | refused agentAddressTaken |
      | eve   | send alice 1 | refused signerUnknown |
    `);
  });
});
