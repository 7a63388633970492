/**
 * From the body of an action to its answer: parse, recover the signer, make the command, hand it to
 * the sequencer, fold its events once it is durable. What is malformed, unknown or too much never
 * reaches the log. Order of calls = order of submit = order of seq, wherever signers are recovered;
 * who the signer is, is decided as of the submit, so an action may rest on the one before.
 */
import type { Hex } from "../base/hex.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import { accountOfAddress } from "../exchange/query.ts";
import type { ChainSource } from "../wire/action-hash.ts";
import { readRequest } from "../wire/canonical.ts";
import { type ExchangeReply, errorReply } from "../wire/exchange-reply.ts";
import { commandOf, itemCountOf } from "./action-command.ts";
import { readReplyEvents, replyOf } from "./action-reply.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { MALFORMED_TEXT } from "./info-port.ts";
import { marketTable } from "./market-table.ts";
import { INLINE_RECOVERY, type RecoveryQueue } from "./recovery-queue.ts";
import { beginSearch, endSearch, type SignerSearch } from "./signer.ts";

/** An answer to an action: status 200 carries the reply, others a plain text. */
export type ActionAnswer =
  | { readonly status: 200; readonly body: ExchangeReply }
  | { readonly status: 422 | 429; readonly body: string };

/** Takes weight from the client's allowance; false = it is used up. */
export type SpendWeight = (weight: number) => boolean;

/** Answers one parsed action body, at once or when its command is durable. */
export type AnswerAction = (
  body: unknown,
  spend: SpendWeight,
  done: (answer: ActionAnswer) => void,
) => void;

/** The text of status 429. */
export const TOO_MANY_TEXT = "Too many requests";
/** Items of a batch that cost one more unit of weight. */
const ITEMS_PER_WEIGHT = 40;

/** Weight of an action against the limit of its address on the network [1]. */
const actionWeight = (items: number): number => 1 + Math.floor(items / ITEMS_PER_WEIGHT);

const TOO_MANY: ActionAnswer = { status: 429, body: TOO_MANY_TEXT };

const ok = (body: ExchangeReply): ActionAnswer => ({ status: 200, body });

/** Builds the answerer of actions; it owns one command record that every action reuses. */
export function createExchangeActions(
  context: GatewayContext,
  recovery: RecoveryQueue = INLINE_RECOVERY,
): AnswerAction {
  const { sequencer } = context;
  const record = createCommandRecord();
  const markets = marketTable(() => sequencer.state);
  /** Clients of an exchange mostly sign for one network: what fitted last is tried first. */
  let likely: ChainSource = "a";

  const submit = (
    search: SignerSearch,
    recovered: Hex | null,
    done: (answer: ActionAnswer) => void,
  ): void => {
    const { request } = search;
    const signer = endSearch(search, recovered, sequencer.state, context.nowMs());
    if ("refusal" in signer) return done(ok(errorReply(signer.refusal)));
    likely = signer.source ?? likely;
    const outcome = commandOf(request, signer.address, markets, (address) =>
      accountOfAddress(sequencer.state, address),
    );
    if ("refusal" in outcome) return done(ok(errorReply(outcome.refusal)));
    writeCommand(outcome.command, record);
    const seq = sequencer.submit(record, (release) => {
      const events = readReplyEvents(release.ring, release);
      const { action, vaultAddress: vault } = request;
      done(ok(replyOf({ action, signer: signer.address, vault, events, markets })));
    });
    if (seq === null) done(TOO_MANY);
  };

  return (body, spend, done) => {
    const request = readRequest(body);
    const items = request === null ? 0 : itemCountOf(request.action);
    if (!spend(actionWeight(items))) return done(TOO_MANY);
    if (request === null) return done({ status: 422, body: MALFORMED_TEXT });
    const search = beginSearch(request, likely);
    const isTaken = recovery.recover(search.first.digest, request.signature, (address) =>
      submit(search, address, done),
    );
    if (!isTaken) done(TOO_MANY);
  };
}
