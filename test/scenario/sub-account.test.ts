import { describe, test } from "vitest";
import { createScenario, play, playScenario } from "../support/scenario.ts";

describe("sub-accounts [USDC, coins; 10x]", () => {
  test("money moves between master and sub-account within what each may withdraw", () => {
    playScenario(`
      commands
      | who   | command         | events |
      |       | oracle 100      | oracle 100 |
      | alice | deposit 100     | opened alice, deposited 100 |
      | alice | sub one         | opened one, sub one |
      | alice | give one 60     | transferred -60, transferred 60 |
      | alice | give one 40.01  | refused subTransferUncovered |
      | alice | take one 60.01  | refused subTransferUncovered |
      | alice | take one 10     | transferred -10, transferred 10 |
      balances
      | who   | cash |
      | alice | 50   |
      | one   | 50   |
      system
      | deposits | withdrawals |
      | 100      | 0           |
    `);
  });

  test("the master acts for it: orders, margin and positions are its own, and what orders bind stays", () => {
    playScenario(`
      commands
      | who       | command               | events |
      |           | oracle 100            | oracle 100 |
      | alice     | deposit 100           | opened alice, deposited 100 |
      | alice     | sub one               | opened one, sub one |
      | alice/one | buy 1@100 gtc         | rejected marginInsufficient |
      | alice     | give one 20           | transferred -20, transferred 20 |
      | alice/one | buy 1@100 gtc as A    | accepted A, rested A 1@100 |
      | alice     | take one 10.01        | refused subTransferUncovered |
      | alice     | cancel A              | cancelRejected orderNotLive |
      | alice     | sell 0.5@100 ioc as S | accepted S, fill A 0.5@100, fill S 0.5@100 |
      balances
      | who   | position | cash    | orders |
      | alice | -0.5     | 79.9775 | 0      |
      | one   | 0.5      | 19.9925 | 1      |
      commands
      | who       | command               | events |
      | alice/one | cancel A              | canceled A requested |
    `);
  });

  test("an agent of the master acts for it, nobody else does, and no key is its own", () => {
    playScenario(`
      commands
      | who     | command              | events |
      |         | oracle 100           | oracle 100 |
      | alice   | deposit 100          | opened alice, deposited 100 |
      | bob     | deposit 100          | opened bob, deposited 100 |
      | alice   | sub one              | opened one, sub one |
      | alice   | give one 50          | transferred -50, transferred 50 |
      | alice   | agent bot            | agentApproved |
      | bot/one | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | bob/one | buy 1@99 gtc         | refused vaultUnknown |
      | bob/two | buy 1@99 gtc         | refused vaultUnknown |
      | bob     | take one 1           | refused vaultUnknown |
      | bob     | take alice 1         | refused vaultUnknown |
      | alice   | give bob 1           | refused vaultUnknown |
    `);
  });

  test("it is liquidated alone", () => {
    playScenario(`
      commands
      | who       | command              | events |
      |           | oracle 100           | oracle 100 |
      | alice     | deposit 1000         | opened alice, deposited 1000 |
      | bob       | deposit 10000        | opened bob, deposited 10000 |
      | alice     | sub one              | opened one, sub one |
      | alice     | give one 101         | transferred -101, transferred 101 |
      | bob       | sell 10@100 gtc as S | accepted S, rested S 10@100 |
      | alice/one | buy 10@100 ioc as A  | accepted A, fill S 10@100, fill A 10@100 |
      | bob       | buy 20@93 gtc as B   | accepted B, rested B 20@93 |
      |           | oracle 94            | oracle 94, liquidating one, accepted one!, fill B 10@93, fill one! 10@93 |
      balances
      | who   | cash   | position |
      | alice | 899    | 0        |
      | one   | 30.1315 | 0       |
    `);
  });

  test("it is renamed by its master alone, and not to nothing", () => {
    playScenario(`
      commands
      | who   | command           | events |
      | alice | deposit 100       | opened alice, deposited 100 |
      | bob   | deposit 100       | opened bob, deposited 100 |
      | alice | sub one           | opened one, sub one |
      | alice | rename one hedge  | renamed hedge |
      | alice | rename one        | refused subAccountNameEmpty |
      | bob   | rename one mine   | refused vaultUnknown |
      | alice | rename alice self | refused vaultUnknown |
    `);
  });

  test("how many there may be, and from what volume on, is the operator's to say", () => {
    const limited = createScenario(undefined, { limits: true });
    play(
      limited,
      `
      commands
      | who   | command                                       | events |
      |       | oracle 100                                    | oracle 100 |
      |       | rules subVolumeMin=100000000 subCountBase=1 subVolumeStep=200000000 subCountMax=2 | rules |
      | alice | deposit 1000                                  | opened alice, deposited 1000 |
      | bob   | deposit 1000                                  | opened bob, deposited 1000 |
      | alice | sub a                                         | refused subAccountVolumeTooLow |
      | bob   | sell 1@100 gtc as S                           | accepted S, rested S 1@100 |
      | alice | buy 1@100 ioc as B                            | accepted B, fill S 1@100, fill B 1@100 |
      | alice | sub a                                         | opened a, sub a |
      | alice | sub b                                         | refused tooManySubAccounts |
      | bob   | sell 3@100 gtc as T                           | accepted T, rested T 3@100 |
      | alice | buy 3@100 ioc as C                            | accepted C, fill T 3@100, fill C 3@100 |
      | alice | sub b                                         | opened b, sub b |
      | alice | sub c                                         | refused tooManySubAccounts |
      |       | rules subVolumeStep=0                         | refused accountRulesInvalid |
      |       | rules agentValidityMs=2 agentValidityMsMax=1  | refused accountRulesInvalid |
      |       | rules openingFee=0.5                          | refused accountRulesInvalid |
      `,
    );
  });

  test("they take 100,000 USDC of volume where limits are on, and there are ten of them", () => {
    const limited = createScenario(undefined, { limits: true });
    play(
      limited,
      `
      commands
      | who   | command     | events |
      | alice | deposit 100 | opened alice, deposited 100 |
      | alice | sub one     | refused subAccountVolumeTooLow |
      |       | limits off  | limits off |
      | alice | sub a       | opened a, sub a |
      | alice | sub b       | opened b, sub b |
      | alice | sub c       | opened c, sub c |
      | alice | sub d       | opened d, sub d |
      | alice | sub e       | opened e, sub e |
      | alice | sub f       | opened f, sub f |
      | alice | sub g       | opened g, sub g |
      | alice | sub h       | opened h, sub h |
      | alice | sub i       | opened i, sub i |
      | alice | sub j       | opened j, sub j |
      | alice | sub k       | refused tooManySubAccounts |
      `,
    );
  });
});
