import { describe, expect, test } from "vitest";
import { nextDueMs } from "../../src/exchange/apply.ts";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";

const FUNDED = `
  commands
  | who   | command      |
  |       | oracle 100   |
  | alice | deposit 1000 |
  | bob   | deposit 1000 |
`;

describe("scheduled cancel", () => {
  test("is at least 5 s ahead and can be moved and disarmed", () => {
    const scenario = playScenario(`
      ${FUNDED}
      commands
      | who   | command         | events |
      | alice | schedule 4.999  | refused scheduleTooSoon |
      | alice | schedule -1     | refused scheduleTooSoon |
      | alice | schedule 5      | scheduled |
      | alice | schedule 9      | scheduled |
    `);
    expect(nextDueMs(scenario.exchange.state)).toBe(scenario.exchange.timeMs + 9_000);
    play(
      scenario,
      `
      commands
      | who   | command         | events |
      | alice | schedule off    | unscheduled |
      | alice | schedule off    | unscheduled |
    `,
    );
    expect(nextDueMs(scenario.exchange.state)).toBe(Number.POSITIVE_INFINITY);
  });

  test("fires once at its time, before whatever command arrives then, for its account only", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events |
      | alice | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc as A2   | accepted A2, rested A2 1@98 |
      | bob   | buy 1@97 gtc as B    | accepted B, rested B 1@97 |
      | alice | schedule 5           | scheduled |
      |       | wait 4999ms          | |
      |       | tick                 | |
      |       | wait 1ms             | |
      | bob   | sell 1@99 ioc as C   | fired alice, canceled A scheduled, canceled A2 scheduled, rejected iocNoMatch |
      | alice | cancel A             | cancelRejected orderNotLive |
      | alice | buy 1@99 gtc as A3   | accepted A3, rested A3 1@99 |
      |       | wait 60s             | |
      |       | tick                 | |
      book
      | side | px | sz | order |
      | bid  | 99 | 1  | A3    |
      | bid  | 97 | 1  | B     |
    `);
  });

  test("fires with the owner's own cancel, which then finds nothing", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events |
      | alice | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | alice | schedule 5           | scheduled |
      |       | wait 5s              | |
      | alice | cancel A             | fired alice, canceled A scheduled, cancelRejected orderNotLive |
    `);
  });

  test("of two accounts each fires at its own time", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events |
      | alice | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | bob   | buy 1@98 gtc as B    | accepted B, rested B 1@98 |
      | alice | schedule 7           | scheduled |
      | bob   | schedule 6           | scheduled |
      |       | wait 6s              | |
      |       | tick                 | fired bob, canceled B scheduled |
      |       | wait 1s              | |
      |       | tick                 | fired alice, canceled A scheduled |
    `);
  });

  test("fires ten times on a UTC day, then waits for the next", () => {
    const scenario = play(createScenario(), FUNDED);
    for (let i = 0; i < 10; i++) {
      play(
        scenario,
        `
        commands
        | who   | command    | events |
        | alice | schedule 5 | scheduled |
        |       | wait 5s    | |
        |       | tick       | fired alice |
      `,
      );
    }
    play(
      scenario,
      `
      commands
      | who   | command    | events |
      | alice | schedule 5 | refused scheduleDailyLimit |
      | alice | schedule 1 | refused scheduleTooSoon |
      | bob   | schedule 5 | scheduled |
      |       | wait 1d    | |
      | alice | schedule 5 | fired bob, scheduled |
    `,
    );
  });

  test("needs a million in volume where limits are on; disarming does not", () => {
    const scenario = play(createScenario(), FUNDED);
    play(
      scenario,
      `
      commands
      | who   | command      | events |
      | alice | schedule 500 | scheduled |
      |       | limits on    | limits on |
      | alice | schedule 5   | refused scheduleVolumeTooLow |
      | alice | schedule 4   | refused scheduleTooSoon |
      | alice | schedule off | unscheduled |
    `,
    );
    scenario.exchange.fund("alice", 200_000);
    scenario.exchange.fund("bob", 200_000);
    for (let i = 0; i < 2; i++) {
      perform(scenario, "alice", "sell 2500@100 gtc");
      perform(scenario, "bob", "buy 2500@100 ioc");
      perform(scenario, "bob", "sell 2500@100 gtc");
      perform(scenario, "alice", i === 0 ? "buy 2500@100 ioc" : "buy 2499@100 ioc");
    }
    const [refused] = perform(scenario, "alice", "schedule 5");
    expect(refused).toMatchObject({ a: 1_000_000_000_000, b: 999_900_000_000 });
    perform(scenario, "alice", "buy 1@100 ioc");
    play(
      scenario,
      `
      commands
      | who   | command    | events |
      | alice | schedule 5 | scheduled |
    `,
    );
  });
});
