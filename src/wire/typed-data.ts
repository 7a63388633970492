/**
 * Digest of typed data (EIP-712, Bloemen, Logvinov and Evans 2017) for flat structs, which is all
 * that the venue signs: keccak(0x19 01 | domain separator | struct hash).
 */
import { hexToBytes, writeHex } from "../base/hex.ts";
import { keccak256 } from "./keccak.ts";

/** Solidity types that the venue's structs use. */
export type TypedFieldKind = "string" | "address" | "bool" | "uint64" | "bytes32";

/** One field of a struct. */
export interface TypedField {
  readonly name: string;
  readonly type: string;
}

/** The domain of the venue's typed data; all four fields are always present. */
export interface TypedDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number | bigint;
  readonly verifyingContract: string;
}

/** Typed data as wallets are asked to sign it. */
export interface TypedData {
  readonly domain: TypedDomain;
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

const WORD = 32;
const DOMAIN_TYPE_HASH = keccak256(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);

/** Digest that a wallet signs for typed data [32 bytes]. */
export function typedDataDigest(data: TypedData): Uint8Array {
  const fields = data.types[data.primaryType] ?? [];
  const struct = new Uint8Array(WORD * (1 + fields.length));
  struct.set(typeHash(data.primaryType, fields));
  for (const [i, { name, type }] of fields.entries()) {
    struct.set(encodeField(type, data.message[name]), WORD * (1 + i));
  }
  return keccak256(digestPrefix(data.domain), keccak256(struct));
}

/** What stands in front of a struct's hash in a digest: 0x19 0x01 and the domain's hash [34 bytes]. */
export function digestPrefix(domain: TypedDomain): Uint8Array {
  const words = new Uint8Array(WORD * 5);
  words.set(DOMAIN_TYPE_HASH);
  words.set(encodeField("string", domain.name), WORD);
  words.set(encodeField("string", domain.version), WORD * 2);
  words.set(integerWord(BigInt(domain.chainId)), WORD * 3);
  words.set(encodeField("address", domain.verifyingContract), WORD * 4);
  const prefix = new Uint8Array(2 + WORD);
  prefix.set([0x19, 0x01]);
  prefix.set(keccak256(words), 2);
  return prefix;
}

/** Hash of a struct's type text, such as `Agent(string source,bytes32 connectionId)` [32 bytes]. */
export const typeHash = (primaryType: string, fields: readonly TypedField[]): Uint8Array =>
  keccak256(`${primaryType}(${fields.map(({ name, type }) => `${type} ${name}`).join(",")})`);

/** One field as a word; throws a RangeError for a value that its type cannot hold [32 bytes]. */
export function encodeField(type: string, value: unknown): Uint8Array {
  switch (type as TypedFieldKind) {
    case "string":
      return keccak256(String(value));
    case "address":
      return leftPadded(String(value), 20);
    case "bytes32":
      return value instanceof Uint8Array ? value : leftPadded(String(value), WORD);
    case "bool":
      return integerWord(value === true ? 1n : 0n);
    case "uint64":
      return integerWord(BigInt(value as number | bigint | string));
    default:
      throw new RangeError(`typed data field of type ${type} is not one of the venue's`);
  }
}

function leftPadded(hex: string, length: number): Uint8Array {
  if (hex.length !== 2 + 2 * length) {
    throw new RangeError(`typed data field has ${(hex.length - 2) / 2} bytes`);
  }
  const word = new Uint8Array(WORD);
  writeHex(hex, word, WORD - length, length);
  return word;
}

function integerWord(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 256n) throw new RangeError("typed data integer fits a word");
  return hexToBytes(`0x${value.toString(16).padStart(2 * WORD, "0")}`, WORD);
}
