import * as v from "valibot";
import { type Answer, type HistorySpan, withAnswer } from "../../projection/history-queries.ts";
import { isDex } from "../../projection/market-directory.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { type InfoAnswer, MALFORMED_TEXT } from "../info-port.ts";

/** Answers one type of `/info` request, its body normalised but not yet checked. */
export type InfoMethod = (context: GatewayContext, body: object) => Answer<InfoAnswer>;

/** What the client sent is no request of its type. */
export const MALFORMED: InfoAnswer = { status: 422, body: MALFORMED_TEXT };

/** A method from the request's schema and a function of what the schema read. */
export const infoMethod =
  <Schema extends v.GenericSchema>(
    schema: Schema,
    answer: (context: GatewayContext, request: v.InferOutput<Schema>) => unknown,
  ): InfoMethod =>
  (context, body) => {
    const read = v.safeParse(schema, body);
    if (!read.success || namesNoDex(context, body)) return MALFORMED;
    return withAnswer(answer(context, read.output), (body) => ({ status: 200, body }));
  };

/** Most items of a range of time in one answer. */
const ITEMS_MAX = 500;

/** A range of time that was asked for, from its beginning on [ms]. */
export const timeSpan = (startTime?: number | null, endTime?: number | null): HistorySpan => ({
  fromMs: startTime ?? 0,
  toMs: endTime ?? Number.MAX_SAFE_INTEGER,
  count: ITEMS_MAX,
  newestFirst: false,
});

/**
 * A request as the schemas expect it: keys that are null count as missing, and addresses may come
 * without 0x.
 */
export function normaliseRequest(body: object): object {
  const entries = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, ADDRESS_KEYS.has(key) ? withPrefix(value) : value]),
  );
}

const ADDRESS_KEYS = new Set(["user", "builder"]);

const withPrefix = (value: unknown): unknown =>
  typeof value === "string" && /^[0-9a-fA-F]{40}$/.test(value) ? `0x${value}` : value;

/** Whether a request names a dex that there is not; the main one's name is empty. */
const namesNoDex = ({ models }: GatewayContext, body: object): boolean =>
  "dex" in body && typeof body.dex === "string" && !isDex(models.directory, body.dex);
