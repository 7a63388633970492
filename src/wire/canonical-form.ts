/**
 * Recognises the two most frequent actions, orders without triggers and cancels, where a client sends
 * them as they are hashed. Most clients do; normaliser and schema would give such an action back
 * unchanged, at several times the cost. Says no wherever that is not certain.
 */

type Plain = Record<string, unknown>;

const ACTION_KEYS = ["type", "orders", "grouping"];
const ORDER_KEYS = ["a", "b", "p", "s", "r", "t"];
const CLOID_ORDER_KEYS = [...ORDER_KEYS, "c"];
const KIND_KEYS = ["limit"];
const LIMIT_KEYS = ["tif"];
const CANCELS_KEYS = ["type", "cancels"];
const CANCEL_KEYS = ["a", "o"];
const TIFS: ReadonlySet<unknown> = new Set(["Gtc", "Ioc", "Alo", "FrontendMarket"]);
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;
const DECIMAL_TEXT_MAX = 64;
const CLOID = /^0x[0-9a-f]{32}$/;

/** Whether an action, as parsed from JSON, is in canonical form for certain. */
export function isCanonicalAction(action: Plain): boolean {
  if (action.type === "order") {
    return (
      hasKeys(action, ACTION_KEYS) && action.grouping === "na" && isList(action.orders, isOrder)
    );
  }
  return (
    action.type === "cancel" && hasKeys(action, CANCELS_KEYS) && isList(action.cancels, isCancel)
  );
}

/** Whether a number is one that the hash covers as it is. */
export const isUnsigned = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

function isList(value: unknown, isItem: (item: Plain) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const item of value as readonly unknown[]) if (!isPlain(item) || !isItem(item)) return false;
  return true;
}

function isOrder(order: Plain): boolean {
  const { a, b, p, s, r, t, c } = order;
  const isShaped =
    c === undefined
      ? hasKeys(order, ORDER_KEYS)
      : typeof c === "string" && CLOID.test(c) && hasKeys(order, CLOID_ORDER_KEYS);
  return (
    isShaped &&
    isUnsigned(a) &&
    typeof b === "boolean" &&
    typeof r === "boolean" &&
    isDecimal(p) &&
    p !== "0" &&
    isDecimal(s) &&
    isPlain(t) &&
    isPlain(t.limit) &&
    hasKeys(t, KIND_KEYS) &&
    hasKeys(t.limit, LIMIT_KEYS) &&
    TIFS.has(t.limit.tif)
  );
}

const isCancel = (cancel: Plain): boolean =>
  isUnsigned(cancel.a) && isUnsigned(cancel.o) && hasKeys(cancel, CANCEL_KEYS);

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isDecimal = (value: unknown): boolean =>
  typeof value === "string" && value.length <= DECIMAL_TEXT_MAX && DECIMAL.test(value);

/** Whether an object has these keys and no others, in this order. */
function hasKeys(value: Plain, keys: readonly string[]): boolean {
  const own = Object.keys(value);
  return own.length === keys.length && keys.every((key, i) => own[i] === key);
}
