import { readFileSync } from "node:fs";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import type { Hex } from "../base/hex.ts";
import { actionHash, agentDigest } from "../wire/action-hash.ts";
import { readRequest } from "../wire/canonical.ts";
import { signingCandidates } from "../wire/signing-candidates.ts";
import { typedDataDigest } from "../wire/typed-data.ts";
import { isRecoveryNative, recoverAddress } from "./signer-recovery.ts";

interface Parts {
  r: string;
  s: string;
  v: number;
}
interface L1Vector {
  name: string;
  action: { type: string };
  nonce: number;
  vaultAddress: Hex | null;
  expiresAfter: number | null;
  expected: Record<string, Parts | string>;
}
interface TypedVector {
  name?: string;
  primaryType: string;
  types: [string, string][];
  message: Record<string, unknown>;
  signatureChainId: string;
  expected?: Parts;
  signature?: string;
}
interface Vectors {
  addresses: { python: Hex };
  phantomAgent: (L1Vector & { connectionId: Hex })[];
  python: L1Vector[];
  pythonUserSigned: TypedVector[];
  rust: {
    address: Hex;
    agent: { connectionId: Hex; source: "a" | "b"; signature: string }[];
    userSigned: TypedVector[];
    l1: L1Vector[];
  };
}

const OFFERED = new Set(["order", "cancel", "scheduleCancel"]);
const partsOf = (signature: Parts | string): Parts =>
  typeof signature !== "string"
    ? signature
    : {
        r: signature.slice(0, 66),
        s: `0x${signature.slice(66, 130)}`,
        v: Number.parseInt(signature.slice(130), 16),
      };
const padded = (hex: string): Hex => `0x${hex.slice(2).padStart(64, "0")}`;
const recover = (digest: Uint8Array, signature: Parts | string): Hex | null => {
  const { r, s, v } = partsOf(signature);
  return recoverAddress(digest, { r: padded(r), s: padded(s), v: v === 27 ? 27 : 28 });
};
const bytesOf = (hex: Hex): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

describeWithData("signing vectors", ["facts/signing-vectors.json"], (path) => {
  const vectors = JSON.parse(readFileSync(path, "utf8")) as Vectors;
  const l1 = [
    ...vectors.python.map((one) => ({ ...one, address: vectors.addresses.python })),
    ...vectors.rust.l1.map((one) => ({ ...one, address: vectors.rust.address })),
  ].flatMap((one) =>
    Object.entries(one.expected).map(([chain, signature]) => ({ ...one, chain, signature })),
  );
  const typed = [
    ...vectors.pythonUserSigned.map((one) => ({ ...one, address: vectors.addresses.python })),
    ...vectors.rust.userSigned.map((one) => ({ ...one, address: vectors.rust.address })),
  ];

  test.each(vectors.phantomAgent)("connection id of $action.type", (vector) => {
    expect(Buffer.from(actionHash(vector.action, vector)).toString("hex")).toBe(
      vector.connectionId.slice(2),
    );
  });

  test.each(l1)("$name on $chain recovers from its hash", (vector) => {
    const digest = agentDigest(
      actionHash(vector.action, vector),
      vector.chain === "mainnet" ? "a" : "b",
    );
    expect(recover(digest, vector.signature)).toBe(vector.address);
  });

  test.each(l1.filter(({ action }) => OFFERED.has(action.type)))(
    "$name on $chain recovers from its body, unpadded parts and all",
    (vector) => {
      const request = readRequest({ ...vector, signature: partsOf(vector.signature) });
      if (request === null) throw new Error("the vector is a request");
      const found = [...signingCandidates(request)].map(({ digest }) =>
        recoverAddress(digest, request.signature),
      );
      expect(found).toContain(vector.address);
    },
  );

  test.each(vectors.rust.agent)("bare agent signature, source $source", (vector) => {
    const digest = agentDigest(bytesOf(vector.connectionId), vector.source);
    expect(recover(digest, vector.signature)).toBe(vectors.rust.address);
  });

  test.each(typed)("user-signed $primaryType", (vector) => {
    const digest = typedDataDigest({
      domain: {
        name: "HyperliquidSignTransaction",
        version: "1",
        chainId: BigInt(vector.signatureChainId),
        verifyingContract: `0x${"0".repeat(40)}`,
      },
      types: { [vector.primaryType]: vector.types.map(([name, type]) => ({ name, type })) },
      primaryType: vector.primaryType,
      message: vector.message,
    });
    expect(recover(digest, (vector.expected ?? vector.signature) as Parts | string)).toBe(
      vector.address,
    );
  });
});

describe("recovery", () => {
  test("agrees with another implementation's signature", async () => {
    const account = privateKeyToAccount(`0x${"42".repeat(32)}`);
    const digest = `0x${"9c".repeat(32)}` as const;
    const signature = await account.sign({ hash: digest });
    expect(recover(bytesOf(digest), signature)).toBe(account.address.toLowerCase());
  });

  test.each([
    ["zero", "0".repeat(64)],
    ["above the curve's order", "f".repeat(64)],
  ])("a signature part that is %s recovers to nothing", (_, digits) => {
    const digest = new Uint8Array(32).fill(7);
    const one = `0x${"0".repeat(63)}1` as const;
    expect(recoverAddress(digest, { r: `0x${digits}`, s: one, v: 27 })).toBeNull();
    expect(recoverAddress(digest, { r: one, s: `0x${digits}`, v: 27 })).toBeNull();
  });

  test("says whether it is native", () => {
    expect(typeof isRecoveryNative()).toBe("boolean");
  });
});
