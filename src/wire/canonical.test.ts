import { readFileSync } from "node:fs";
import { createL1ActionHash } from "@nktkas/hyperliquid/signing";
import { hashTypedData } from "viem";
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { bytesToHex } from "../base/hex.ts";
import { actionHash, agentDigest } from "./action-hash.ts";
import { readRequest } from "./canonical.ts";
import { signingCandidates } from "./signing-candidates.ts";
import { USER_SIGNED_FORMS, userSignedDigest } from "./user-signed.ts";

const signature = { r: `0x${"1".repeat(64)}`, s: `0x${"2".repeat(64)}`, v: 27 };
const order = { a: 0, b: true, p: "100", s: "1", r: false, t: { limit: { tif: "Gtc" } } };
const place = (fields: object = {}, body: object = {}): unknown => ({
  action: { type: "order", orders: [{ ...order, ...fields }], grouping: "na" },
  nonce: 7,
  signature,
  ...body,
});
const firstOrder = (body: unknown): unknown => {
  const action = readRequest(body)?.action;
  return action?.type === "order" ? action.orders[0] : undefined;
};

describe("the normaliser", () => {
  test("puts keys into the order that is hashed and drops unknown ones", () => {
    const request = readRequest({
      signature,
      nonce: 7,
      action: {
        grouping: "na",
        orders: [
          {
            extra: 1,
            t: { limit: { tif: "Alo" } },
            c: null,
            r: false,
            s: "1",
            p: "2",
            b: true,
            a: 3,
          },
        ],
        type: "order",
      },
    });
    expect(JSON.stringify(request?.action)).toBe(
      '{"type":"order","orders":[{"a":3,"b":true,"p":"2","s":"1","r":false,"t":{"limit":{"tif":"Alo"}}}],"grouping":"na"}',
    );
  });

  test.each([
    ["trailing zeros", { p: "100.00", s: "0.10" }, { p: "100", s: "0.1" }],
    ["leading zeros", { p: "0100", s: "01.5" }, { p: "100", s: "1.5" }],
    ["upper-case cloid", { c: `0x${"AB".repeat(16)}` }, { c: `0x${"ab".repeat(16)}` }],
    ["price zero", { p: "0.0" }, { p: "0" }],
    ["negative price", { p: "-1.50" }, { p: "-1.5" }],
    ["price that is no number", { p: "abc" }, { p: "abc" }],
    ["negative size", { s: "-3" }, { s: "-3" }],
    ["size in exponent form", { s: "1e3" }, { s: "1e3" }],
  ])("%s", (_, sent, expected) => {
    expect(firstOrder(place(sent))).toEqual({ ...order, ...expected });
  });

  test.each([
    ["null", null],
    ["missing", undefined],
  ])("vault and expiry that are %s do not exist", (_, absent) => {
    expect(readRequest(place({}, { vaultAddress: absent, expiresAfter: absent }))).toMatchObject({
      vaultAddress: null,
      expiresAfter: null,
    });
  });

  test("a vault without 0x and in upper case", () => {
    const vault = "AB".repeat(20);
    expect(readRequest(place({}, { vaultAddress: vault }))?.vaultAddress).toBe(
      `0x${vault.toLowerCase()}`,
    );
  });

  test.each([
    [0, 27],
    [1, 28],
    [27, 27],
    [28, 28],
  ])("v %i is %i, and short r and s are padded", (sent, expected) => {
    const request = readRequest(place({}, { signature: { r: "0xAB", s: "1", v: sent } }));
    expect(request?.signature).toEqual({
      r: `0x${"ab".padStart(64, "0")}`,
      s: `0x${"1".padStart(64, "0")}`,
      v: expected,
    });
  });

  test("false where only true means something", () => {
    const request = readRequest({
      action: { type: "modify", oid: 5, order, a: false },
      nonce: 1,
      signature,
    });
    expect(request?.action).toEqual({ type: "modify", oid: 5, order });
  });

  test("an agent without name, its address without 0x", () => {
    const request = readRequest({
      action: {
        type: "approveAgent",
        signatureChainId: "0x66EEE",
        hyperliquidChain: "Testnet",
        agentAddress: "ab".repeat(20),
        agentName: null,
        nonce: 9,
      },
      nonce: 9,
      signature,
      vaultAddress: null,
    });
    expect(request?.action).toMatchObject({ agentName: "", agentAddress: `0x${"ab".repeat(20)}` });
  });
});

describe("malformed bodies", () => {
  const deep = JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as unknown;
  test.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["no action", { nonce: 1, signature }],
    ["an action that is not offered", { action: { type: "usdSend" }, nonce: 1, signature }],
    ["a name from the prototype", { action: { type: "toString" }, nonce: 1, signature }],
    ["no signature", { action: { type: "noop" }, nonce: 1 }],
    ["v 29", place({}, { signature: { ...signature, v: 29 } })],
    ["r of 65 digits", place({}, { signature: { ...signature, r: `0x${"1".repeat(65)}` } })],
    ["nonce as text", place({}, { nonce: "7" })],
    ["fractional nonce", place({}, { nonce: 7.5 })],
    ["negative nonce", place({}, { nonce: -1 })],
    ["asset as text", place({ a: "0" })],
    ["negative asset", place({ a: -1 })],
    ["side as text", place({ b: "true" })],
    ["price as a list", place({ p: ["1"] })],
    ["missing size", place({ s: undefined })],
    ["unknown time in force", place({ t: { limit: { tif: "Fok" } } })],
    ["short cloid", place({ c: "0x12" })],
    ["expiry as text", place({}, { expiresAfter: "soon" })],
    ["short vault", place({}, { vaultAddress: "0x12" })],
    [
      "orders that nest without end",
      { action: { type: "order", orders: deep }, nonce: 1, signature },
    ],
    ["a price of 100 letters", place({ p: "x".repeat(100) })],
  ])("%s", (_, body) => {
    expect(readRequest(body)).toBeNull();
  });

  test("a signed nonce that is not the body's", () => {
    const action = {
      type: "approveAgent",
      signatureChainId: "0x1",
      hyperliquidChain: "Mainnet",
      agentAddress: `0x${"ab".repeat(20)}`,
      nonce: 9,
    };
    expect(readRequest({ action, nonce: 10, signature })).toBeNull();
    expect(readRequest({ action, nonce: 9, signature })).not.toBeNull();
    const chain = { ...action, signatureChainId: `0x${"f".repeat(80)}` };
    expect(readRequest({ action: chain, nonce: 9, signature })).toBeNull();
  });
});

describe("digests agree with other implementations", () => {
  const vault = `0x${"cd".repeat(20)}` as const;
  test.each([
    ["plain", 1_700_000_000_000, null, null],
    ["with vault", 7, vault, null],
    ["with expiry", 7, null, 1_800_000_000_000],
    ["with both", 7, vault, 9],
  ])("action hash %s", (_, nonce, vaultAddress, expiresAfter) => {
    const action = {
      type: "order",
      orders: [{ ...order, a: 70_000, o: 2 ** 40 }],
      n: -5,
      none: null,
    };
    const expected = createL1ActionHash({
      action,
      nonce,
      ...(vaultAddress === null ? {} : { vaultAddress }),
      ...(expiresAfter === null ? {} : { expiresAfter }),
    });
    expect(bytesToHex(actionHash(action, { nonce, vaultAddress, expiresAfter }))).toBe(expected);
  });

  test("agent digest", () => {
    const connectionId = `0x${"5a".repeat(32)}` as const;
    const expected = hashTypedData({
      domain: {
        name: "Exchange",
        version: "1",
        chainId: 1337,
        verifyingContract: `0x${"0".repeat(40)}`,
      },
      types: {
        Agent: [
          { name: "source", type: "string" },
          { name: "connectionId", type: "bytes32" },
        ],
      },
      primaryType: "Agent",
      message: { source: "b", connectionId },
    });
    expect(
      bytesToHex(
        agentDigest(
          Uint8Array.from({ length: 32 }, () => 0x5a),
          "b",
        ),
      ),
    ).toBe(expected);
  });

  test("approveAgent digest, name in UTF-8", () => {
    const message = {
      hyperliquidChain: "Mainnet",
      agentAddress: vault,
      agentName: "größe",
      nonce: 12n,
    };
    const expected = hashTypedData({
      domain: {
        name: "HyperliquidSignTransaction",
        version: "1",
        chainId: 0x66eee,
        verifyingContract: `0x${"0".repeat(40)}`,
      },
      types: {
        [USER_SIGNED_FORMS.approveAgent.primaryType]: [...USER_SIGNED_FORMS.approveAgent.fields],
      },
      primaryType: USER_SIGNED_FORMS.approveAgent.primaryType,
      message,
    });
    const action = { type: "approveAgent", signatureChainId: "0x66eee", ...message, nonce: 12 };
    expect(bytesToHex(userSignedDigest(action, USER_SIGNED_FORMS.approveAgent))).toBe(expected);
  });

  test("candidates: canonical a and b, then as received a and b where that differs", () => {
    const same = readRequest(place());
    const loose = readRequest(place({ p: "100.0" }));
    expect([...signingCandidates(same as never)]).toHaveLength(2);
    expect([...signingCandidates(loose as never)].map(({ digest }) => bytesToHex(digest))).toEqual([
      ...[...signingCandidates(same as never)].map(({ digest }) => bytesToHex(digest)),
      ...(["a", "b"] as const).map((source) =>
        bytesToHex(
          agentDigest(
            actionHash((loose as { received: unknown }).received, {
              nonce: 7,
              vaultAddress: null,
              expiresAfter: null,
            }),
            source,
          ),
        ),
      ),
    ]);
    expect([...signingCandidates(loose as never, "b")].map(({ source }) => source)).toEqual([
      "b",
      "a",
      "b",
      "a",
    ]);
  });
});

const OFFERED = new Set([
  "order",
  "cancel",
  "cancelByCloid",
  "modify",
  "batchModify",
  "scheduleCancel",
]);

describeWithData(
  "request vectors of a foreign client",
  ["ccxt/hyperliquid_request_vectors.json"],
  (path) => {
    const { cases } = JSON.parse(readFileSync(path, "utf8")) as {
      cases: { method: string; description: string; action: { type: string } }[];
    };
    const ours = cases.filter(({ action }) => OFFERED.has(action?.type));

    test("there are some", () => {
      expect(ours.length).toBeGreaterThan(10);
    });

    test.each(ours.map((one) => [`${one.method}: ${one.description}`, one.action] as const))(
      "%s is canonical as it is",
      (_, action) => {
        const request = readRequest({ action, nonce: 1, signature });
        expect(JSON.stringify(request?.action)).toBe(JSON.stringify(action));
      },
    );
  },
);
