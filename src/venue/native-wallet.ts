/**
 * A wallet for the SDK that signs with the native secp256k1 library: some ten times as fast as
 * curves written in JavaScript, and the price of every action. The key stays in a closure and is
 * shown by no inspection of the wallet.
 */
import { createRequire } from "node:module";
import { inspect } from "node:util";
import secp256k1 from "secp256k1";
import { bytesToHex, type Hex, hexToBytes } from "../base/hex.ts";
import { OperationalError } from "../base/operational-error.ts";
import { keccak256 } from "../wire/keccak.ts";
import { type TypedData, typedDataDigest } from "../wire/typed-data.ts";

/** A wallet as the SDK takes it: an address and a signature over typed data. */
export interface NativeWallet {
  readonly address: Hex;
  signTypedData(data: TypedData): Promise<Hex>;
}

/** A wallet over a private key of 64 hex digits, with or without 0x. */
export function createNativeWallet(privateKey: string): NativeWallet {
  const text = privateKey.startsWith("0x") ? privateKey : `0x${privateKey}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw keyInvalid();
  const key = hexToBytes(text, 32);
  if (!secp256k1.privateKeyVerify(key)) throw keyInvalid();
  const address = addressOfKey(key);
  const shown = `NativeWallet(${address})`;
  const wallet = {
    address,
    signTypedData: (data: TypedData): Promise<Hex> =>
      Promise.resolve(signDigest(typedDataDigest(data), key)),
    toJSON: () => ({ address }),
    [inspect.custom]: () => shown,
  };
  return wallet;
}

/** Whether signing runs natively; the JavaScript form takes some ten times as long. */
export function isSigningNative(): boolean {
  try {
    createRequire(import.meta.url)("secp256k1/bindings");
    return true;
  } catch {
    // The package's installer fails silently where it has no binary for the platform.
    return false;
  }
}

function signDigest(digest: Uint8Array, key: Uint8Array): Hex {
  const { signature, recid } = secp256k1.ecdsaSign(digest, key);
  const bytes = new Uint8Array(65);
  bytes.set(signature);
  bytes[64] = 27 + recid;
  return bytesToHex(bytes);
}

function addressOfKey(key: Uint8Array): Hex {
  const publicKey = secp256k1.publicKeyCreate(key, false);
  return bytesToHex(keccak256(publicKey.subarray(1)), 12, 20);
}

/** Says nothing of the key itself. */
const keyInvalid = (): OperationalError =>
  new OperationalError({
    code: "keyInvalid",
    message: "the private key is not 64 hex digits of a valid secp256k1 key",
    retryable: false,
  });
