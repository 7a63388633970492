/** Weight of `/info` requests against the limit of a network address. */

const LIGHT = new Set([
  "l2Book",
  "allMids",
  "clearinghouseState",
  "orderStatus",
  "spotClearinghouseState",
  "exchangeStatus",
  "boursePools",
  "bourseVaults",
]);
const BY_ITEMS = new Set([
  "recentTrades",
  "historicalOrders",
  "userFills",
  "userFillsByTime",
  "fundingHistory",
  "userFunding",
  "userNonFundingLedgerUpdates",
  "twapHistory",
  "userTwapSliceFills",
  "userTwapSliceFillsByTime",
]);
const LIGHT_WEIGHT = 2;
const USUAL_WEIGHT = 20;
const ROLE_WEIGHT = 60;
const ITEMS_PER_WEIGHT = 20;
const CANDLES_PER_WEIGHT = 60;

/** Type of an `/info` body, or undefined where it has none. */
export function infoType(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("type" in body)) return undefined;
  return typeof body.type === "string" ? body.type : undefined;
}

/** Weight of a request, before its answer [1]. */
export function infoWeight(type: string | undefined): number {
  if (type === "userRole") return ROLE_WEIGHT;
  return type !== undefined && LIGHT.has(type) ? LIGHT_WEIGHT : USUAL_WEIGHT;
}

/** Further weight of an answer, by the items it carries [1]. */
export function infoItemWeight(type: string | undefined, answer: unknown): number {
  if (type === undefined || !Array.isArray(answer)) return 0;
  if (type === "candleSnapshot") return Math.floor(answer.length / CANDLES_PER_WEIGHT);
  return BY_ITEMS.has(type) ? Math.floor(answer.length / ITEMS_PER_WEIGHT) : 0;
}
