import type { Answer } from "../projection/history-queries.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** An answer to `POST /info`: status 200 carries JSON (`null` included), others a plain text. */
export interface InfoAnswer {
  readonly status: number;
  /** A JSON value at 200, a text otherwise. */
  readonly body: unknown;
}

/**
 * Answers one parsed `/info` body from state and read models as they are at the call: at once, or
 * later where the past has to be read from a disk. The server holds an answer back until every
 * command applied before it is durable.
 */
export type AnswerInfo = (body: unknown) => Answer<InfoAnswer>;

/** Builds the answerer over a gateway's parts. */
export type CreateInfo = (context: GatewayContext) => AnswerInfo;

/** The text of a malformed or unknown request, status 422. */
export const MALFORMED_TEXT = "Failed to deserialize the JSON body into the target type";
