/** The public endpoints: `POST /info` and `POST /exchange`, open to pages of any origin. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, withAnswer } from "../projection/history-queries.ts";
import type { AnswerAction } from "./exchange-action.ts";
import { TOO_MANY_TEXT } from "./exchange-action.ts";
import type { GatewayContext } from "./gateway-context.ts";
import {
  CORS_HEADERS,
  isJsonRequest,
  PREFLIGHT_HEADERS,
  readJsonBody,
  sendJson,
  sendText,
} from "./http-exchange.ts";
import { type AnswerInfo, MALFORMED_TEXT } from "./info-port.ts";
import { infoItemWeight, infoType, infoWeight } from "./info-weight.ts";
import type { IpLimits } from "./ip-limits.ts";
import type { RecoveryQueue } from "./recovery-queue.ts";

/** What the public endpoints answer from. */
export interface PublicParts {
  readonly context: GatewayContext;
  readonly answerInfo: AnswerInfo;
  readonly answerAction: AnswerAction;
  /** Where actions wait for their signers; questions wait behind them. */
  readonly recovery: RecoveryQueue;
  readonly limits: IpLimits;
}

/** One answered `/info` body. */
export interface InfoOutcome {
  readonly status: number;
  readonly body: unknown;
}

/** Network address of a client; an empty text where the socket is gone. */
export const ipOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? "";

/**
 * Types answered from read models alone. These hold what is durable and so lag behind the state: an
 * order that was taken a moment ago would be told as unknown.
 */
const FROM_READ_MODELS: ReadonlySet<string> = new Set([
  "allMids",
  "candleSnapshot",
  "frontendOpenOrders",
  "fundingHistory",
  "historicalOrders",
  "l2Book",
  "openOrders",
  "orderStatus",
  "recentTrades",
  "userFills",
  "userFillsByTime",
  "userFunding",
  "userNonFundingLedgerUpdates",
]);

/**
 * Answers an `/info` body under the limits of an address, once every action that arrived before it is
 * applied and durable. What comes from read models is read then; what comes from the state, which may
 * have run ahead by then, is read as soon as those actions are applied.
 */
export function answerInfoDurably(
  parts: PublicParts,
  ip: string,
  body: unknown,
  done: (outcome: InfoOutcome) => void,
): void {
  const { limits, answerInfo, context } = parts;
  const tooMany = (): void => done({ status: 429, body: TOO_MANY_TEXT });
  const type = infoType(body);
  if (!limits.spendWeight(ip, infoWeight(type))) return tooMany();
  const read = (): Answer<InfoOutcome> =>
    withAnswer(answerInfo(body), (outcome) => {
      limits.chargeWeight(ip, infoItemWeight(type, outcome.body));
      return outcome;
    });
  const isQueued = parts.recovery.whenRecovered(() => {
    if (type !== undefined && FROM_READ_MODELS.has(type)) {
      context.sequencer.whenDurable(() => void withAnswer(read(), done));
      return;
    }
    void withAnswer(read(), (outcome) => context.sequencer.whenDurable(() => done(outcome)));
  });
  if (!isQueued) tooMany();
}

/** Answers one request to a public path. */
export function answerPublic(
  parts: PublicParts,
  path: "/info" | "/exchange",
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method === "OPTIONS") {
    response.writeHead(204, { ...PREFLIGHT_HEADERS, "content-length": 0 }).end();
    return;
  }
  if (request.method !== "POST") {
    return sendText(response, 405, "Use POST", { ...CORS_HEADERS, allow: "POST, OPTIONS" });
  }
  if (!isJsonRequest(request)) {
    const text = "Expected request with `Content-Type: application/json`";
    return sendText(response, 415, text, CORS_HEADERS);
  }
  const ip = ipOf(request);
  const reply = ({ status, body }: InfoOutcome): void => {
    if (status === 200) sendJson(response, status, body, CORS_HEADERS);
    else sendText(response, status, String(body), CORS_HEADERS);
  };
  readJsonBody(request, (outcome) => {
    if ("problem" in outcome) {
      const isLarge = outcome.problem === "tooLarge";
      const headers = isLarge ? { ...CORS_HEADERS, connection: "close" } : CORS_HEADERS;
      return sendText(
        response,
        isLarge ? 413 : 422,
        isLarge ? "Body too large" : MALFORMED_TEXT,
        headers,
      );
    }
    if (path === "/info") return answerInfoDurably(parts, ip, outcome.value, reply);
    const spend = (weight: number): boolean => parts.limits.spendWeight(ip, weight);
    parts.answerAction(outcome.value, spend, reply);
  });
}
