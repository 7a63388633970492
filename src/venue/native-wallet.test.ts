import { inspect } from "node:util";
import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { bytesToHex, type Hex } from "../base/hex.ts";
import { createNativeWallet, isSigningNative } from "./native-wallet.ts";

const KEY = "0x0123456789012345678901234567890123456789012345678901234567890123";
const AGENT = {
  domain: {
    name: "Exchange",
    version: "1",
    chainId: 1337,
    verifyingContract: "0x0000000000000000000000000000000000000000",
  },
  types: {
    Agent: [
      { name: "source", type: "string" },
      { name: "connectionId", type: "bytes32" },
    ],
  },
  primaryType: "Agent",
} as const;

describe("native wallet", () => {
  test("the address is the key's", () => {
    expect(createNativeWallet(KEY).address).toBe("0x14791697260e4c9a71f18484c9f997b308e59325");
  });

  test("signs typed data as viem does, for any key and message", async () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => bytesToHex(b));
    const key = bytes32.filter((hex) => /[1-9a-f]/.test(hex) && hex < `0x${"f".repeat(31)}`);
    await fc.assert(
      fc.asyncProperty(key, bytes32, fc.constantFrom("a", "b"), async (secret, id, source) => {
        const data = { ...AGENT, message: { source, connectionId: id } };
        const ours = await createNativeWallet(secret).signTypedData(data);
        const account = privateKeyToAccount(secret);
        expect(ours).toBe(await account.signTypedData(data as never));
      }),
      { numRuns: 30 },
    );
  });

  test("no inspection shows the key", () => {
    const wallet = createNativeWallet(KEY);
    const shown = [inspect(wallet, { depth: 9, showHidden: true }), JSON.stringify({ wallet })];
    for (const text of shown) {
      expect(text).not.toContain(KEY.slice(2, 20));
      expect(text).toContain(wallet.address);
    }
  });

  test.each(["", "0x12", `0x${"0".repeat(64)}`, `0x${"f".repeat(64)}`, `${KEY}00`])(
    "key %j is refused without being repeated",
    (key) => {
      expect(() => createNativeWallet(key as Hex)).toThrow("the private key is not 64 hex digits");
    },
  );

  test("says whether signing is native", () => {
    expect(typeof isSigningNative()).toBe("boolean");
  });
});
