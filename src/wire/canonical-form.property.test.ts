import fc from "fast-check";
import { expect, test } from "vitest";
import { readLooseRequest, readRequest } from "./canonical.ts";

const word = `0x${"5a".repeat(32)}`;
const cloid = `0x${"0c".repeat(16)}`;
const order = { a: 3, b: true, p: "64000.5", s: "0.001", r: false, t: { limit: { tif: "Gtc" } } };
const envelope = { nonce: 1_800_000_000_000, signature: { r: word, s: word, v: 27 } };
const BODIES: readonly object[] = [
  { action: { type: "order", orders: [order], grouping: "na" }, ...envelope },
  {
    action: { type: "order", orders: [{ ...order, c: cloid }, order], grouping: "na" },
    ...envelope,
    vaultAddress: `0x${"0d".repeat(20)}`,
    expiresAfter: 1_800_000_060_000,
  },
  { action: { type: "cancel", cancels: [{ a: 0, o: 77 }] }, ...envelope, vaultAddress: null },
];

type Way = readonly string[];
const placesOf = (value: unknown, way: Way = []): Way[] =>
  typeof value === "object" && value !== null
    ? [way, ...Object.entries(value).flatMap(([key, one]) => placesOf(one, [...way, key]))]
    : [way];

/** A copy with something done to what stands at a place. */
function changed(value: unknown, [key, ...rest]: Way, change: (at: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = changed(copy[key], rest, change);
  return copy;
}

/** Nearly right numbers and texts, other types. */
const LEAVES: readonly unknown[] = [
  ...["0", "00", "1", "1.0", "01", ".5", "5.", "-1", "-0", "1e3", " 1", "1 ", "", "9".repeat(65)],
  ...["0x", "0xZZ", word.toUpperCase(), cloid.toUpperCase(), cloid.slice(0, -1), "Gtc", "gtc"],
  ...["na", "order", "cancel", "normalTpsl", "FrontendMarket", 0, -1, 1.5, 2 ** 53, 1e300, 27, 1],
  ...[null, true, false, [], {}, { trigger: { isMarket: true, triggerPx: "1", tpsl: "tp" } }],
];
/** What may be done to a place: another value, another key, other order of keys, a key less. */
const CHANGES: readonly ((at: unknown) => unknown)[] = [
  ...LEAVES.map((leaf) => () => leaf),
  (at) => (typeof at === "object" ? { ...at, extra: 1 } : at),
  (at) => (typeof at === "object" ? Object.fromEntries(Object.entries(at ?? {}).reverse()) : at),
  (at) => (typeof at === "object" ? Object.fromEntries(Object.entries(at ?? {}).slice(1)) : at),
];

test("a body that is taken as it is reads the same through normaliser and schema", () => {
  const bodies = fc
    .constantFrom(...BODIES)
    .chain((body) =>
      fc
        .array(fc.tuple(fc.constantFrom(...placesOf(body)), fc.constantFrom(...CHANGES)), {
          maxLength: 2,
        })
        .map((changes) =>
          changes.reduce<unknown>((value, [way, change]) => tryChange(value, way, change), body),
        ),
    )
    // As it comes from the network: no undefined, no shared objects.
    .map((body) => JSON.parse(JSON.stringify(body)) as unknown);
  fc.assert(
    fc.property(bodies, (body) => {
      const request = readRequest(body);
      // Key order counts, as it is hashed; so texts are compared.
      expect(JSON.stringify(request)).toBe(JSON.stringify(readLooseRequest(body)));
    }),
    { numRuns: 5_000 },
  );
});

/** A place may be gone after another change. */
function tryChange(value: unknown, way: Way, change: (at: unknown) => unknown): unknown {
  const isThere = way.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as never)[key] : undefined),
    value,
  );
  return isThere === undefined ? value : changed(value, way, change);
}

test.each(BODIES)("this one is taken as it is: %j", (body) => {
  const request = readRequest(body);
  expect(request?.received).toBe(request?.action);
});
