import { describe, expect, test } from "vitest";
import { cancelReasonName } from "../../src/base/reject-code.ts";
import { roleOfAddress } from "../../src/exchange/query.ts";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";
import { addressOf, START_MS } from "../support/test-exchange.ts";

const DAY = 86_400_000;
const FUNDED = `
  commands
  | who   | command      |
  |       | oracle 100   |
  | alice | deposit 1000 |
  | bob   | deposit 1000 |
`;

describe("agents", () => {
  test("trade for their master, under the master's account", () => {
    const scenario = playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events |
      | bot   | buy 1@99 gtc         | refused signerUnknown |
      | alice | agent bot named desk | agentApproved desk |
      | bot   | buy 1@99 gtc as A    | accepted A, rested A 1@99 |
      | alice | cancel A             | canceled A requested |
      | bot   | deposit 5            | refused agentAddressTaken |
      | bot   | withdraw 5           | refused accountUnknown |
      | bot   | agent evil           | refused masterKeyRequired |
    `);
    const { exchange } = scenario;
    expect(roleOfAddress(exchange.state, addressOf("bot"), exchange.timeMs)).toEqual({
      role: "agent",
      account: exchange.account("alice"),
    });
    expect(exchange.account("bot")).toBe(-1);
  });

  test("one unnamed and three named; the same name replaces", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command           | events |
      | alice | agent u1          | agentApproved |
      | alice | agent u2          | agentRemoved, agentApproved |
      | u1    | noop              | refused signerUnknown |
      | u2    | noop              | |
      | alice | agent n1 named a  | agentApproved a |
      | alice | agent n2 named b  | agentApproved b |
      | alice | agent n3 named c  | agentApproved c |
      | alice | agent n4 named d  | refused tooManyAgents |
      | alice | agent n4 named b  | agentRemoved b, agentApproved b |
      | n2    | noop              | refused signerUnknown |
      | n4    | noop              | |
      | alice | agent none named b | agentRemoved b |
      | n4    | noop              | refused signerUnknown |
      | alice | agent n5 named d  | agentApproved d |
    `);
  });

  test("valid for at most 180 days, 90 where none are named; both are the operator's to set", () => {
    playScenario(`
      commands
      | who   | command                               | events |
      | alice | deposit 1                             | opened alice, deposited 1 |
      | alice | agent a named a until=15552000.001    | refused agentValidityTooLong |
      | alice | agent a named a until=15552000        | agentApproved a |
      | alice | agent b named b                       | agentApproved b |
      |       | wait 89d                              | |
      | b     | noop                                  | |
      |       | wait 1d                               | |
      | b     | noop                                  | refused signerUnknown |
      |       | wait 89d                              | |
      | a     | noop                                  | |
      |       | wait 1d                               | |
      | a     | noop                                  | refused signerUnknown |
      |       | rules agentValidityMsMax=10000 agentValidityMs=5000 | rules |
      | alice | agent c named c until=11              | refused agentValidityTooLong |
      | alice | agent c named c                       | agentApproved c |
      |       | wait 5s                               | |
      | c     | noop                                  | refused signerUnknown |
    `);
  });

  test("each sub-account brings two named agents more", () => {
    playScenario(`
      commands
      | who   | command          | events |
      | alice | deposit 1        | opened alice, deposited 1 |
      | alice | agent n1 named a | agentApproved a |
      | alice | agent n2 named b | agentApproved b |
      | alice | agent n3 named c | agentApproved c |
      | alice | agent n4 named d | refused tooManyAgents |
      | alice | sub one          | opened one, sub one |
      | alice | agent n4 named d | agentApproved d |
      | alice | agent n5 named e | agentApproved e |
      | alice | agent n6 named f | refused tooManyAgents |
      | alice | agent u1         | agentApproved |
    `);
  });

  test("an address that is a user, or another's agent, is taken", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command           | events |
      | alice | agent bot         | agentApproved |
      | bob   | agent bot         | refused agentAddressTaken |
      | bob   | agent alice       | refused agentAddressTaken |
      | bob   | agent bob         | refused agentAddressTaken |
      | alice | agent bot named x | agentRemoved, agentApproved x |
    `);
  });

  test("end at their time, by default after 90 days", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                | events |
      | alice | agent b1 until=0.001   | agentApproved |
      | b1    | noop                   | |
      |       | wait 1ms               | |
      | b1    | noop                   | refused signerUnknown |
      | alice | agent b2 until=-1      | refused agentExpired |
      | alice | agent b2               | agentRemoved, agentApproved |
      |       | wait 89.999d           | |
      | b2    | noop                   | |
      |       | wait 0.001d            | |
      | b2    | noop                   | refused signerUnknown |
    `);
  });

  test("an expired one makes room, and its name does not smuggle in a fourth", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                  | events |
      | alice | agent n1 named a until=1 | agentApproved a |
      | alice | agent n2 named b         | agentApproved b |
      | alice | agent n3 named c         | agentApproved c |
      | alice | agent n4 named d         | refused tooManyAgents |
      |       | wait 1s                  | |
      | alice | agent n4 named d         | agentApproved d |
      | alice | agent n5 named a         | refused tooManyAgents |
      | alice | agent none named c       | agentRemoved c |
      | alice | agent n5 named a         | agentRemoved a, agentApproved a |
    `);
  });

  test("removing a name that nobody has changes nothing", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command            | events |
      | alice | agent none named z | |
      | alice | agent none         | |
    `);
  });

  test("a removed agent's nonces stay used when it comes back", () => {
    const scenario = playScenario(`
      ${FUNDED}
      commands
      | who   | command      | events |
      | alice | agent bot    | agentApproved |
    `);
    const { exchange } = scenario;
    const noop = { kind: "noop", signer: addressOf("bot"), nonce: START_MS + 5 } as const;
    expect(exchange.run(noop)).toEqual([]);
    perform(scenario, "alice", "agent none");
    perform(scenario, "alice", "agent bot");
    expect(exchange.run(noop)).toMatchObject([{ kind: "commandRejected", code: 105 }]);
  });
});

describe("nonces [ms]", () => {
  const noopAt = (name: string, nonce: number) =>
    ({ kind: "noop", signer: addressOf(name), nonce }) as const;

  test("any order within 100, each once, each signer for itself", () => {
    const scenario = play(createScenario(), FUNDED);
    const { exchange } = scenario;
    perform(scenario, "alice", "agent bot");
    for (const nonce of [10, 30, 20, 5, 25].map((n) => START_MS + 1_000 + n)) {
      expect(exchange.run(noopAt("alice", nonce))).toEqual([]);
      expect(exchange.run(noopAt("bot", nonce))).toEqual([]);
      expect(exchange.run(noopAt("bob", nonce))).toEqual([]);
      expect(exchange.run(noopAt("alice", nonce))).toMatchObject([{ code: 105, a: nonce }]);
      expect(exchange.run(noopAt("bot", nonce))).toMatchObject([{ code: 105, a: nonce }]);
    }
  });

  test("once 100 are kept a new one lies above the smallest", () => {
    const { exchange } = play(createScenario(), FUNDED);
    const base = START_MS + 1_000;
    for (let i = 1; i <= 100; i++) expect(exchange.run(noopAt("bob", base + i * 10))).toEqual([]);
    expect(exchange.run(noopAt("bob", base + 9))).toMatchObject([
      { code: 106, a: base + 9, b: base + 10 },
    ]);
    expect(exchange.run(noopAt("bob", base + 10))).toMatchObject([{ code: 105 }]);
    // Taking 11 drops 10, so 11 is the smallest kept now.
    expect(exchange.run(noopAt("bob", base + 11))).toEqual([]);
    expect(exchange.run(noopAt("bob", base + 10))).toMatchObject([{ code: 106 }]);
    expect(exchange.run(noopAt("bob", base + 12))).toEqual([]);
  });

  test.each([
    { nonce: START_MS - 2 * DAY, code: 106, bound: START_MS - 2 * DAY },
    { nonce: START_MS - 2 * DAY + 1, code: 0, bound: 0 },
    { nonce: START_MS + DAY - 1, code: 0, bound: 0 },
    { nonce: START_MS + DAY, code: 107, bound: START_MS + DAY },
    { nonce: 0, code: 106, bound: START_MS - 2 * DAY },
    { nonce: -1, code: 106, bound: START_MS - 2 * DAY },
    { nonce: Number.MAX_SAFE_INTEGER, code: 107, bound: START_MS + DAY },
  ])("$nonce is answered by $code at the two-day and one-day bounds", ({ nonce, code, bound }) => {
    const { exchange } = play(createScenario(), FUNDED);
    const events = exchange.run(noopAt("alice", nonce));
    if (code === 0) expect(events).toEqual([]);
    else expect(events).toMatchObject([{ kind: "commandRejected", code, a: nonce, b: bound }]);
  });

  test("a refused order of an action that passed leaves the nonce used", () => {
    const { exchange } = play(createScenario(), FUNDED);
    const order = { market: 9, side: 0, px: 1, sz: 1, tif: 0 } as const;
    const command = {
      kind: "placeOrders",
      signer: addressOf("alice"),
      nonce: START_MS + 7,
      orders: [order],
    } as const;
    const again = { ...command, orders: [{ ...order }] };
    expect(exchange.run({ ...command, orders: [order] })).toMatchObject([{ code: 201 }]);
    expect(exchange.run(again)).toMatchObject([{ code: 105 }]);
  });
});

describe("expiresAfter [ms]", () => {
  const cancel = (expiresAfter: number) =>
    ({ kind: "noop", signer: addressOf("alice"), expiresAfter }) as const;

  test("refuses after the time and not at it", () => {
    const { exchange } = play(createScenario(), FUNDED);
    expect(exchange.run(cancel(START_MS - 1))).toMatchObject([
      { kind: "commandRejected", code: 104 },
    ]);
    expect(exchange.run(cancel(START_MS))).toEqual([]);
    expect(exchange.run(cancel(START_MS + 1))).toEqual([]);
  });

  test("a stale action costs five times its requests", () => {
    const { exchange } = play(createScenario(), FUNDED);
    const before = exchange.summary("alice").requestsUsed;
    exchange.run(cancel(START_MS - 1));
    expect(exchange.summary("alice").requestsUsed).toBe(before + 5);
  });

  test("a stale action uses up its nonce, so it cannot be charged twice", () => {
    const { exchange } = play(createScenario(), FUNDED);
    const stale = { ...cancel(START_MS - 1), nonce: START_MS + 3 };
    exchange.run(stale);
    const { requestsUsed } = exchange.summary("alice");
    exchange.run(stale);
    expect(exchange.summary("alice").requestsUsed).toBe(requestsUsed);
  });
});

describe("request budget", () => {
  /** Uses up requests by cancels that find nothing. */
  const useRequests = (scenario: ReturnType<typeof createScenario>, count: number): void => {
    for (let left = count; left > 0; left -= 200) {
      scenario.exchange.run({
        kind: "cancelOrders",
        signer: addressOf("alice"),
        cancels: Array.from({ length: Math.min(200, left) }, () => ({ market: 0, oid: 999 })),
      });
    }
  };

  test("is counted always and enforced only where limits are on", () => {
    const scenario = play(createScenario(), FUNDED);
    useRequests(scenario, 10_000);
    play(
      scenario,
      `
      balances
      | who   | requestsUsed |
      | alice | 10000        |
      commands
      | who   | command           | events |
      | alice | buy 1@99 gtc as A | accepted A, rested A 1@99 |
      | alice | buy 1@99 gtc as B | accepted B, rested B 1@99 |
    `,
    );
  });

  test("over it one action in 10 s passes; cancels have the larger cap; others are not touched", () => {
    const scenario = play(createScenario(undefined, { limits: true }), FUNDED);
    useRequests(scenario, 9_999);
    play(
      scenario,
      `
      commands
      | who   | command           | events |
      | alice | buy 1@99 gtc as A | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc as B | accepted B, rested B 1@98 |
      | alice | buy 1@97 gtc as C | refused budgetExhausted |
      | bob   | buy 1@97 gtc as D | accepted D, rested D 1@97 |
      |       | wait 9.999s       | |
      | alice | buy 1@97 gtc as C | refused budgetExhausted |
      | alice | cancel A          | canceled A requested |
      |       | wait 1ms          | |
      | alice | buy 1@97 gtc as C | accepted C, rested C 1@97 |
      | alice | buy 1@96 gtc as E | refused budgetExhausted |
    `,
    );
    const [refused] = perform(scenario, "alice", "buy 1@96 gtc");
    expect(refused).toMatchObject({ a: 10_003, b: 10_000, c: 0 });
    useRequests(scenario, 9_997);
    expect(scenario.exchange.summary("alice").requestsUsed).toBe(20_000);
    play(
      scenario,
      `
      commands
      | who   | command   | events |
      | alice | cancel B  | refused budgetExhausted |
      |       | wait 10s  | |
      | alice | cancel B  | canceled B requested |
      | alice | cancel C  | refused budgetExhausted |
    `,
    );
  });

  test("every item counts, a whole refused action does not, a traded dollar gives one back", () => {
    const scenario = playScenario(`
      ${FUNDED}
      commands
      | who   | command                                  | events |
      | alice | buy 1@99 gtc as A + buy 1@98 gtc as B + buy 0@1 gtc | accepted A, rested A 1@99, accepted B, rested B 1@98, rejected szZero |
      | alice | cancel A + 1 + 2                         | canceled A requested, cancelRejected orderNotLive, cancelRejected orderNotLive |
      | alice | modify B to buy 1@97 gtc as B2           | canceled B modified, accepted B2, rested B2 1@97 |
      | alice | schedule 1                               | refused scheduleTooSoon |
      balances
      | who   | requestsUsed |
      | alice | 8            |
      commands
      | who   | command              | events |
      | bob   | sell 1@97 ioc as S   | accepted S, fill B2 1@97, fill S 1@97 |
    `);
    const { exchange } = scenario;
    expect(exchange.summary("alice")).toMatchObject({ requestsCap: 10_097, volume: 97_000_000 });
    exchange.run({ kind: "placeOrders", signer: addressOf("alice"), orders: [] });
    expect(exchange.summary("alice").requestsUsed).toBe(8);
  });
});

test("every cancel reason has a name", () => {
  for (let code = 1; code <= 8; code++) expect(cancelReasonName(code)).toBeTypeOf("string");
  expect(cancelReasonName(0)).toBeUndefined();
});
