import secp256k1 from "secp256k1";
import { keccak256 } from "../src/wire/keccak.ts";

/** Address of a private key, lower-case hex. */
export function addressOfKey(key: Uint8Array): `0x${string}` {
  const point = secp256k1.publicKeyCreate(key, false);
  return `0x${Buffer.from(keccak256(point.subarray(1)).subarray(12)).toString("hex")}`;
}
