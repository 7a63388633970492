/**
 * The house plan: which folder of `src` may open on which, which npm packages and Node built-ins
 * each may use, and the order of tiers inside `exchange`. Every rule that the checks enforce about
 * imports is generated from these tables.
 */

/** What one room may import besides itself. */
export interface Room {
  /** Other rooms of `src`; "*" stands for all of them. */
  readonly rooms: readonly string[] | "*";
  /** npm packages, by name. */
  readonly npm: readonly string[];
  /** Whether Node's built-in modules may be imported. */
  readonly node: boolean;
}

const room = (
  rooms: readonly string[] | "*",
  { npm = [], node = false }: { npm?: readonly string[]; node?: boolean } = {},
): Room => ({ rooms, npm, node });

/** Every folder that may stand in `src`, with what it may import. */
export const ROOMS: Readonly<Record<string, Room>> = {
  base: room([]),
  math: room(["base"]),
  analysis: room(["base", "math"]),
  exchange: room(["base"]),
  journal: room(["base", "exchange"], { node: true }),
  projection: room(["base", "analysis", "exchange"]),
  wire: room(["base"], {
    npm: ["@nktkas/hyperliquid", "hash-wasm", "@msgpack/msgpack", "valibot"],
  }),
  store: room(["base", "exchange", "journal", "projection"], {
    npm: ["rocksdb-native"],
    node: true,
  }),
  gateway: room(["base", "exchange", "journal", "projection", "store", "wire"], {
    npm: ["ws", "secp256k1", "@nktkas/hyperliquid", "valibot"],
    node: true,
  }),
  cluster: room(["base", "exchange", "journal"], { node: true }),
  maker: room(["base", "math", "analysis"]),
  venue: room(["base", "wire", "maker"], {
    npm: ["@nktkas/hyperliquid", "secp256k1", "ws", "valibot"],
    node: true,
  }),
  tape: room(["base", "wire"], { npm: ["@duckdb/node-api"], node: true }),
  sim: room(["base", "math", "analysis", "exchange", "journal", "projection", "maker", "tape"]),
  telemetry: room(["base", "analysis"], { npm: ["pino"], node: true }),
  operator: room(["base", "analysis", "maker", "telemetry"], {
    npm: ["ws", "valibot"],
    node: true,
  }),
  cli: room("*", { npm: ["commander", "pino", "valibot"], node: true }),
};

/**
 * Tiers inside `exchange`, first to last. A part imports only from tiers before its own; parts that
 * stand in one tier do not import each other.
 */
export const EXCHANGE_TIERS: readonly (readonly string[])[] = [
  ["command", "event", "reject", "consequence", "numbers"],
  ["market"],
  ["book"],
  ["oracle"],
  ["account"],
  ["core"],
  ["fee", "margin", "budget", "schedule", "refusal"],
  ["matching", "funding"],
  ["liquidation", "share-ledger"],
  ["strategy"],
  ["vault", "pool"],
  ["state"],
  ["invariant", "snapshot", "state-hash", "query"],
  ["ownership"],
  ["admin", "signed"],
  ["apply"],
];

/** Rooms that compile with neither Node's types nor the DOM's: `tsconfig.pure.json` covers them. */
export const PURE_ROOMS: readonly string[] = [
  "base",
  "math",
  "analysis",
  "exchange",
  "projection",
  "wire",
  "maker",
];

/** Rooms whose outcome is a function of their inputs: no clock and no randomness of their own. */
export const CLOCKLESS_ROOMS: readonly string[] = [
  "base",
  "math",
  "analysis",
  "exchange",
  "projection",
  "maker",
];

/**
 * Where a running system starts, and the doors that are opened from outside alone: every file of
 * `src` must be reachable from one of these.
 */
export const ENTRY_FILES: readonly string[] = [
  "src/cli/main.ts",
  "src/sim/simulation.ts",
  // Started as a thread, by its path.
  "src/gateway/recovery-thread.ts",
  // The plain book runs in tests alone: it says what the fast one must do.
  "src/exchange/book/reference.ts",
];

/** Pattern of files that test or measure the code beside them and so stand outside the tiers. */
export const TEST_FILE = String.raw`\.(test|bench)\.ts$`;

/** Every part of `exchange`, in tier order. */
export const EXCHANGE_PARTS: readonly string[] = EXCHANGE_TIERS.flat();

/** The part of `exchange` that a path inside it belongs to, or undefined outside the table. */
export function exchangePart(pathInExchange: string): string | undefined {
  const head = pathInExchange.split("/")[0]?.replace(/\..*$/, "") ?? "";
  const owners = EXCHANGE_PARTS.filter((part) => head === part || head.startsWith(`${part}-`));
  return owners.sort((a, b) => b.length - a.length)[0];
}
