/**
 * Digest of typed data (EIP-712, Bloemen, Logvinov and Evans 2017) for flat structs, which is all
 * that the venue signs: keccak(0x19 01 | domain separator | struct hash).
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

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
const DOMAIN_TYPE_HASH = keccak_256(
  utf8ToBytes("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
);
const PREFIX = new Uint8Array([0x19, 0x01]);

/** Digest that a wallet signs for typed data [32 bytes]. */
export function typedDataDigest(data: TypedData): Uint8Array {
  const fields = data.types[data.primaryType] ?? [];
  return typedDigest(
    domainSeparator(data.domain),
    typeHash(data.primaryType, fields),
    fields,
    data.message,
  );
}

/** Digest from parts that do not change between messages [32 bytes]. */
export function typedDigest(
  separator: Uint8Array,
  hashOfType: Uint8Array,
  fields: readonly TypedField[],
  message: Readonly<Record<string, unknown>>,
): Uint8Array {
  const words = fields.map(({ name, type }) => encodeField(type, message[name]));
  const structHash = keccak_256(concatBytes(hashOfType, ...words));
  return keccak_256(concatBytes(PREFIX, separator, structHash));
}

/** Hash of a domain [32 bytes]. */
export const domainSeparator = (domain: TypedDomain): Uint8Array =>
  keccak_256(
    concatBytes(
      DOMAIN_TYPE_HASH,
      encodeField("string", domain.name),
      encodeField("string", domain.version),
      integerWord(BigInt(domain.chainId)),
      encodeField("address", domain.verifyingContract),
    ),
  );

/** Hash of a struct's type text, such as `Agent(string source,bytes32 connectionId)` [32 bytes]. */
export const typeHash = (primaryType: string, fields: readonly TypedField[]): Uint8Array =>
  keccak_256(
    utf8ToBytes(`${primaryType}(${fields.map(({ name, type }) => `${type} ${name}`).join(",")})`),
  );

/** One field as a word; throws a RangeError for a value that its type cannot hold. */
function encodeField(type: string, value: unknown): Uint8Array {
  switch (type as TypedFieldKind) {
    case "string":
      return keccak_256(utf8ToBytes(String(value)));
    case "address":
      return leftPadded(hexToBytes(String(value).slice(2)), 20);
    case "bytes32":
      return value instanceof Uint8Array
        ? value
        : leftPadded(hexToBytes(String(value).slice(2)), WORD);
    case "bool":
      return integerWord(value === true ? 1n : 0n);
    case "uint64":
      return integerWord(BigInt(value as number | bigint | string));
    default:
      throw new RangeError(`typed data field of type ${type} is not one of the venue's`);
  }
}

function leftPadded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`typed data field has ${length} bytes`);
  const word = new Uint8Array(WORD);
  word.set(bytes, WORD - length);
  return word;
}

function integerWord(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 256n) throw new RangeError("typed data integer fits a word");
  return hexToBytes(value.toString(16).padStart(2 * WORD, "0"));
}
