import fc from "fast-check";
import { expect, test } from "vitest";
import { createExchange } from "../exchange/state.ts";
import { createReadModels } from "../projection/read-models.ts";
import { createExchangeActions } from "./exchange-action.ts";
import type { GatewayContext } from "./gateway-context.ts";

const signature = { r: `0x${"1".repeat(64)}`, s: `0x${"2".repeat(64)}`, v: 27 };
const order = { a: 0, b: true, p: "100", s: "1", r: false, t: { limit: { tif: "Gtc" } } };
const BODIES: readonly object[] = [
  { action: { type: "order", orders: [order], grouping: "na" }, nonce: 1, signature },
  { action: { type: "modify", oid: 3, order }, nonce: 1, signature, vaultAddress: null },
  {
    action: { type: "cancelByCloid", cancels: [{ asset: 0, cloid: `0x${"a".repeat(32)}` }] },
    nonce: 1,
    signature,
  },
  {
    action: {
      type: "approveAgent",
      signatureChainId: "0x1",
      hyperliquidChain: "Mainnet",
      agentAddress: `0x${"a".repeat(40)}`,
      agentName: "x",
      nonce: 1,
    },
    nonce: 1,
    signature,
  },
];

/** Every place in a JSON value, as the way to it. */
function placesOf(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...way, key]))];
}

function put(value: unknown, way: readonly string[], leaf: unknown): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return leaf;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = put(copy[key], rest, leaf);
  return copy;
}

const state = createExchange();
const context: GatewayContext = {
  models: createReadModels(),
  nowMs: () => 1,
  sequencer: {
    state,
    appliedSeq: 0,
    durableSeq: 0,
    failure: null,
    report: () => {
      throw new Error("no answer needs the journal's figures");
    },
    submit: () => {
      throw new Error("an unknown signer's command reached the sequencer");
    },
    whenDurable: (callback) => callback(),
    subscribe: () => () => undefined,
    requestSnapshot: () => undefined,
    close: () => undefined,
  },
};

test("whatever stands anywhere in a body, the answer is one of the protocol's and nothing throws", () => {
  const answer = createExchangeActions(context);
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(-1, 1.5, 2 ** 53, 1e300, "", "0x", "0xzz", "-0", "__proto__", [], {}),
    fc.string({ unit: "binary" }),
  );
  const bodies = fc
    .constantFrom(...BODIES)
    .chain((body) =>
      fc
        .tuple(fc.constantFrom(...placesOf(body)), odd)
        .map(([way, leaf]) => JSON.parse(JSON.stringify(put(body, way, leaf))) as unknown),
    );
  fc.assert(
    fc.property(bodies, (body) => {
      const answers: { status: number; body: unknown }[] = [];
      answer(
        body,
        () => true,
        (one) => answers.push(one),
      );
      expect(answers).toHaveLength(1);
      if (answers[0]?.status === 200) expect(answers[0].body).toMatchObject({ status: "err" });
      else expect(answers[0]?.status).toBe(422);
    }),
    { numRuns: 1500 },
  );
});
