/**
 * A client's request body in canonical form. Clients differ in what they leave out, pad, prefix and
 * capitalise; the normaliser here evens that out, then the SDK's own request schemas decide whether
 * the body is a request and put its keys into the order that is hashed. Bodies that need none of that
 * are recognised first.
 */
import {
  ApproveAgentRequest,
  ApproveBuilderFeeRequest,
  BatchModifyRequest,
  CancelByCloidRequest,
  CancelRequest,
  ClaimRewardsRequest,
  CreateSubAccountRequest,
  CreateVaultRequest,
  ModifyRequest,
  NoopRequest,
  OrderRequest,
  RegisterReferrerRequest,
  ScheduleCancelRequest,
  SetReferrerRequest,
  SubAccountModifyRequest,
  SubAccountTransferRequest,
  TopUpIsolatedOnlyMarginRequest,
  TwapCancelRequest,
  TwapOrderRequest,
  UpdateIsolatedMarginRequest,
  UpdateLeverageRequest,
  UsdSendRequest,
  VaultDistributeRequest,
  VaultModifyRequest,
  VaultTransferRequest,
} from "@nktkas/hyperliquid/api/exchange";
import * as v from "valibot";
import type { Hex } from "../base/hex.ts";
import { isCanonicalAction, isUnsigned } from "./canonical-form.ts";
import { canonicalDecimal } from "./decimal.ts";
import { type OwnAction, readOwnAction } from "./own-actions.ts";
import { isUserSignedType } from "./user-signed.ts";

const { action: TwapOrderAction, ...twapOrderRest } = TwapOrderRequest.entries;
/** Of any number of minutes: the exchange says itself which are too few or too many. */
const AnyTwapOrderRequest = v.object({
  ...twapOrderRest,
  action: v.object({
    ...TwapOrderAction.entries,
    twap: v.object({
      ...TwapOrderAction.entries.twap.entries,
      m: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
  }),
});

const SCHEMAS = {
  twapOrder: AnyTwapOrderRequest,
  twapCancel: TwapCancelRequest,
  order: OrderRequest,
  cancel: CancelRequest,
  cancelByCloid: CancelByCloidRequest,
  modify: ModifyRequest,
  batchModify: BatchModifyRequest,
  scheduleCancel: ScheduleCancelRequest,
  noop: NoopRequest,
  approveAgent: ApproveAgentRequest,
  updateLeverage: UpdateLeverageRequest,
  updateIsolatedMargin: UpdateIsolatedMarginRequest,
  topUpIsolatedOnlyMargin: TopUpIsolatedOnlyMarginRequest,
  registerReferrer: RegisterReferrerRequest,
  setReferrer: SetReferrerRequest,
  approveBuilderFee: ApproveBuilderFeeRequest,
  claimRewards: ClaimRewardsRequest,
  createSubAccount: CreateSubAccountRequest,
  subAccountTransfer: SubAccountTransferRequest,
  subAccountModify: SubAccountModifyRequest,
  usdSend: UsdSendRequest,
  createVault: CreateVaultRequest,
  vaultTransfer: VaultTransferRequest,
  vaultModify: VaultModifyRequest,
  vaultDistribute: VaultDistributeRequest,
} as const;

/** Types of action that are offered. */
export type ActionType = keyof typeof SCHEMAS;
type ActionOf<T extends ActionType> = v.InferOutput<(typeof SCHEMAS)[T]>["action"];
/** An action in canonical form. */
export type WireAction = { [T in ActionType]: ActionOf<T> }[ActionType] | OwnAction;
/** An order of an action in canonical form. */
export type WireOrder = ActionOf<"order">["orders"][number];

/** A signature with full-length parts. */
export interface WireSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly v: 27 | 28;
}

/** A well-formed request. */
export interface WireRequest {
  /** Keys in the order that is hashed. */
  readonly action: WireAction;
  /** The action as the client sent it, for clients that hash what they send. */
  readonly received: unknown;
  readonly nonce: number;
  readonly signature: WireSignature;
  readonly vaultAddress: Hex | null;
  /** Refuse after this time; null = never [ms]. */
  readonly expiresAfter: number | null;
}

type Plain = Record<string, unknown>;
/** A price or size text that no schema lets through, kept aside while the schema runs. */
interface Oddity {
  readonly key: "p" | "s";
  readonly text: string;
}

const DEPTH_MAX = 12;
const DECIMAL_TEXT_MAX = 64;
const ADDRESS_KEYS: ReadonlySet<string> = new Set([
  "vaultAddress",
  "agentAddress",
  "destination",
  "subAccountUser",
  "builder",
  "b",
]);
const INTEGER_KEYS: ReadonlySet<string> = new Set([
  "a",
  "o",
  "f",
  "asset",
  "oid",
  "time",
  "nonce",
  "ntli",
  "usd",
]);
const ADDRESS = /^0x[0-9a-f]{40}$/;
const FULL_WORD = /^0x[0-9a-f]{64}$/;
const BARE_ADDRESS = /^[0-9a-fA-F]{40}$/;
const HEX_TEXT = /^0[xX][0-9a-fA-F]+$/;
const SHORT_HEX = /^(?:0[xX])?([0-9a-fA-F]{1,64})$/;
const CHAIN_ID = /^0[xX][0-9a-fA-F]{1,64}$/;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether the venue has an action of this name here. */
const isOffered = (type: unknown): type is ActionType =>
  typeof type === "string" && Object.hasOwn(SCHEMAS, type);

/** Reads a request body; null where it is malformed or its action is not offered. */
export const readRequest = (body: unknown): WireRequest | null =>
  readCanonicalRequest(body) ?? readLooseRequest(body);

/** Reads a body that is in canonical form as it is; null where it may not be. */
function readCanonicalRequest(body: unknown): WireRequest | null {
  if (!isPlain(body) || !isPlain(body.action)) return null;
  const own = readOwnAction(body.action);
  if (own === null && !isCanonicalAction(body.action)) return null;
  const { nonce, vaultAddress = null, expiresAfter = null } = body;
  const signature = readSignature(body.signature);
  if (signature === null || !isUnsigned(nonce)) return null;
  if (vaultAddress !== null && !(typeof vaultAddress === "string" && ADDRESS.test(vaultAddress))) {
    return null;
  }
  if (expiresAfter !== null && !isUnsigned(expiresAfter)) return null;
  return {
    action: own ?? (body.action as unknown as WireAction),
    received: body.action,
    nonce,
    signature,
    vaultAddress: vaultAddress as Hex | null,
    expiresAfter,
  };
}

/** Reads a body through normaliser and schema, whatever form it is in. */
export function readLooseRequest(body: unknown): WireRequest | null {
  if (!isPlain(body) || !isPlain(body.action) || !isOffered(body.action.type)) return null;
  const signature = readSignature(body.signature);
  const action = tidy(body.action, 0);
  if (signature === null || action === MALFORMED || !isLeverageSound(body.action)) return null;
  const vaultAddress = tidyField("vaultAddress", body.vaultAddress ?? null, 0);
  const expiresAfter = body.expiresAfter ?? null;
  if (vaultAddress === MALFORMED || typeof body.nonce !== "number") return null;
  if (expiresAfter !== null && typeof expiresAfter !== "number") return null;
  const oddities = takeOddities(action as Plain);
  const parsed = v.safeParse(SCHEMAS[body.action.type] as v.GenericSchema<unknown, ParsedRequest>, {
    action,
    nonce: body.nonce,
    signature,
    ...(vaultAddress === null ? {} : { vaultAddress }),
    ...(expiresAfter === null ? {} : { expiresAfter }),
  });
  if (!parsed.success) return null;
  const request = parsed.output;
  if (!putBack(request.action, oddities) || !isUserSignedSound(request)) return null;
  return {
    action: request.action,
    received: body.action,
    nonce: request.nonce,
    signature,
    vaultAddress: request.vaultAddress ?? null,
    expiresAfter: request.expiresAfter ?? null,
  };
}

/** The key that is a number in one action and a text in another; the schemas would take either. */
function isLeverageSound({ type, leverage }: Plain): boolean {
  if (type === "updateLeverage") return typeof leverage === "number";
  return type !== "topUpIsolatedOnlyMargin" || typeof leverage === "string";
}

/** Parts of the schemas' common output that are read here. */
interface ParsedRequest {
  readonly action: WireAction;
  readonly nonce: number;
  readonly vaultAddress?: Hex;
  readonly expiresAfter?: number;
}

const MALFORMED = Symbol("malformed");

function readSignature(value: unknown): WireSignature | null {
  if (!isPlain(value)) return null;
  const r = fullWord(value.r);
  const s = fullWord(value.s);
  const odd = value.v === 0 || value.v === 27 ? 27 : value.v === 1 || value.v === 28 ? 28 : null;
  return r === null || s === null || odd === null ? null : { r, s, v: odd };
}

/** A signature part with its leading zeros, which some clients leave out. */
function fullWord(value: unknown): Hex | null {
  if (typeof value === "string" && FULL_WORD.test(value)) return value as Hex;
  const digits = typeof value === "string" ? SHORT_HEX.exec(value)?.[1] : undefined;
  return digits === undefined ? null : `0x${digits.toLowerCase().padStart(64, "0")}`;
}

/** A copy without absent options (null, and false where only true means something). */
function tidy(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return MALFORMED;
  if (Array.isArray(value)) return tidyList(value, depth);
  if (!isPlain(value)) return value;
  const result: Plain = {};
  for (const key of Object.keys(value)) {
    const field = tidyField(key, value[key], depth);
    if (field === MALFORMED) return MALFORMED;
    if (field !== null && key !== "__proto__") result[key] = field;
  }
  return result;
}

function tidyList(list: readonly unknown[], depth: number): unknown {
  const result: unknown[] = [];
  for (const item of list) {
    const element = tidy(item, depth + 1);
    if (element === MALFORMED) return MALFORMED;
    result.push(element);
  }
  return result;
}

function tidyField(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return null;
  if (ADDRESS_KEYS.has(key) && typeof value === "string") {
    return BARE_ADDRESS.test(value) ? `0x${value}` : value;
  }
  if (INTEGER_KEYS.has(key)) {
    if (value === false && (key === "a" || key === "f")) return null;
    // The schemas read numbers from text; on the wire only a cloid may stand in an integer's place.
    if (typeof value === "string" && !(key === "oid" && HEX_TEXT.test(value))) return MALFORMED;
  }
  return tidy(value, depth + 1);
}

/** Orders inside an action, whatever its type. */
function ordersOf(action: Plain): Plain[] {
  const holders = [
    ...(Array.isArray(action.orders) ? action.orders : []),
    ...(Array.isArray(action.modifies)
      ? action.modifies.map((m) => (isPlain(m) ? m.order : null))
      : []),
    ...(isPlain(action.order) ? [action.order] : []),
  ];
  return holders.filter(isPlain);
}

/**
 * A price or size that is a text but no positive number is the order's own error, not the body's:
 * the schema sees a stand-in, and the text is put back behind it.
 */
function takeOddities(action: Plain): (Oddity | null)[] {
  const found: (Oddity | null)[] = [];
  for (const holder of ordersOf(action)) {
    for (const key of ["p", "s"] as const) {
      const text = holder[key];
      const odd = typeof text === "string" && isOdd(key, text);
      found.push(odd ? { key, text: text as string } : null);
      if (odd) holder[key] = "1";
    }
  }
  return found;
}

function isOdd(key: "p" | "s", text: string): boolean {
  const plain = canonicalDecimal(text);
  return plain === null || plain.startsWith("-") || (key === "p" && !(Number(plain) > 0));
}

/** False where a text is longer than any number may be. */
function putBack(action: WireAction, oddities: readonly (Oddity | null)[]): boolean {
  const orders = ordersOf(action as unknown as Plain);
  return oddities.every((oddity, index) => {
    if (oddity === null) return true;
    const order = orders[Math.floor(index / 2)] as Plain;
    order[oddity.key] = canonicalDecimal(oddity.text) ?? oddity.text;
    return oddity.text.length <= DECIMAL_TEXT_MAX;
  });
}

/** The signed nonce is the body's, and the chain id fits a word. */
function isUserSignedSound(request: ParsedRequest): boolean {
  const { action, nonce } = request;
  if (!isUserSignedType(action.type)) return true;
  const { signatureChainId } = action as { signatureChainId: string };
  const own = action.type === "usdSend" ? action.time : (action as { nonce: number }).nonce;
  return own === nonce && CHAIN_ID.test(signatureChainId);
}
