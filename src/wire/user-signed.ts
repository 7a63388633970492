/** Actions that a master key signs field by field, on any chain id. */
import { type TypedField, typedDataDigest } from "./typed-data.ts";

/** A user-signed action: its own fields beside the two that name chain and network. */
export interface UserSignedAction {
  readonly type: string;
  /** Any chain id, as hex. */
  readonly signatureChainId: string;
  readonly [field: string]: unknown;
}

/** Struct of a user-signed action. */
export interface UserSignedForm {
  readonly primaryType: string;
  readonly fields: readonly TypedField[];
}

/** Struct of `approveAgent`. */
const APPROVE_AGENT_FORM: UserSignedForm = {
  primaryType: "HyperliquidTransaction:ApproveAgent",
  fields: [
    { name: "hyperliquidChain", type: "string" },
    { name: "agentAddress", type: "address" },
    { name: "agentName", type: "string" },
    { name: "nonce", type: "uint64" },
  ],
};

/** Struct of `usdSend`. */
const USD_SEND_FORM: UserSignedForm = {
  primaryType: "HyperliquidTransaction:UsdSend",
  fields: [
    { name: "hyperliquidChain", type: "string" },
    { name: "destination", type: "string" },
    { name: "amount", type: "string" },
    { name: "time", type: "uint64" },
  ],
};

/** Struct of `approveBuilderFee`. */
const APPROVE_BUILDER_FEE_FORM: UserSignedForm = {
  primaryType: "HyperliquidTransaction:ApproveBuilderFee",
  fields: [
    { name: "hyperliquidChain", type: "string" },
    { name: "maxFeeRate", type: "string" },
    { name: "builder", type: "address" },
    { name: "nonce", type: "uint64" },
  ],
};

/** Structs of the actions that are signed field by field, by their types. */
export const USER_SIGNED_FORMS = {
  approveAgent: APPROVE_AGENT_FORM,
  usdSend: USD_SEND_FORM,
  approveBuilderFee: APPROVE_BUILDER_FEE_FORM,
} as const;

/** Whether an action of a type is signed field by field. */
export const isUserSignedType = (type: string): type is keyof typeof USER_SIGNED_FORMS =>
  Object.hasOwn(USER_SIGNED_FORMS, type);

/** Digest that a wallet signs for a user-signed action [32 bytes]. */
export const userSignedDigest = (action: UserSignedAction, form: UserSignedForm): Uint8Array =>
  typedDataDigest({
    domain: {
      name: "HyperliquidSignTransaction",
      version: "1",
      chainId: BigInt(action.signatureChainId),
      verifyingContract: `0x${"0".repeat(40)}`,
    },
    types: { [form.primaryType]: form.fields },
    primaryType: form.primaryType,
    message: action,
  });
