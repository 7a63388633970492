/** Answers of `/exchange`, as clients parse them. */
import type { Hex } from "../base/hex.ts";

/** Outcome of one order of an action. */
export type OrderReply =
  | "waitingForTrigger"
  | "waitingForFill"
  | { readonly resting: { readonly oid: number; readonly cloid?: Hex } }
  | {
      readonly filled: {
        readonly totalSz: string;
        readonly avgPx: string;
        readonly oid: number;
        readonly cloid?: Hex;
      };
    }
  | { readonly error: string };

/** Outcome of a time-weighted order. */
export type TwapReply =
  | { readonly running: { readonly twapId: number } }
  | { readonly error: string };

/** Outcome of one cancel of an action. */
export type CancelReply = "success" | { readonly error: string };

/** A whole answer, HTTP status 200. */
export type ExchangeReply =
  | {
      readonly status: "ok";
      readonly response:
        | { readonly type: "order"; readonly data: { readonly statuses: readonly OrderReply[] } }
        | { readonly type: "cancel"; readonly data: { readonly statuses: readonly CancelReply[] } }
        | { readonly type: "createSubAccount"; readonly data: Hex }
        | { readonly type: "createVault"; readonly data: Hex }
        | { readonly type: "twapOrder"; readonly data: { readonly status: TwapReply } }
        | { readonly type: "twapCancel"; readonly data: { readonly status: CancelReply } }
        | { readonly type: "bourse.offerPosition"; readonly data: { readonly offer: number } }
        | { readonly type: "bourse.strategy"; readonly data: { readonly id: number } }
        | { readonly type: "default" };
    }
  | { readonly status: "err"; readonly response: string };

/** Answer to placed or modified orders. */
export const orderReply = (statuses: readonly OrderReply[]): ExchangeReply => ({
  status: "ok",
  response: { type: "order", data: { statuses } },
});

/** Answer to cancels. */
export const cancelReply = (statuses: readonly CancelReply[]): ExchangeReply => ({
  status: "ok",
  response: { type: "cancel", data: { statuses } },
});

/** Answer to a sub-account's opening: its address. */
export const subAccountReply = (data: Hex): ExchangeReply => ({
  status: "ok",
  response: { type: "createSubAccount", data },
});

/** Answer to a vault's opening: its address. */
export const vaultReply = (data: Hex): ExchangeReply => ({
  status: "ok",
  response: { type: "createVault", data },
});

/** Answer to an offer of a position: its number. */
export const offerReply = (offer: number): ExchangeReply => ({
  status: "ok",
  response: { type: "bourse.offerPosition", data: { offer } },
});

/** Answer to an action that started a strategy: its id. */
export const strategyReply = (id: number): ExchangeReply => ({
  status: "ok",
  response: { type: "bourse.strategy", data: { id } },
});

/** Answer to a time-weighted order. */
export const twapOrderReply = (status: TwapReply): ExchangeReply => ({
  status: "ok",
  response: { type: "twapOrder", data: { status } },
});

/** Answer to the cancel of one. */
export const twapCancelReply = (status: CancelReply): ExchangeReply => ({
  status: "ok",
  response: { type: "twapCancel", data: { status } },
});

/** Answer to an action that has nothing to say. */
export const DEFAULT_REPLY: ExchangeReply = { status: "ok", response: { type: "default" } };

/** Answer to an action that was refused whole. */
export const errorReply = (response: string): ExchangeReply => ({ status: "err", response });
