/**
 * What a venue that speaks our own requests tells of its vaults and liquidity pools. Others refuse the
 * question: that is an answer too, and they are not asked again for a while, for each question counts
 * against the limits of an address.
 */
import { HttpRequestError, HttpTransport } from "@nktkas/hyperliquid";
import * as v from "valibot";
import { parseUsdc } from "../wire/decimal.ts";

/** Money as decimal text, read as an integer [USDC -> 10^-6 USDC]. */
const Money = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const micros = parseUsdc(dataset.value);
    if (micros !== null) return micros;
    addIssue({ message: "not an amount of USDC" });
    return NEVER;
  }),
);
const Decimal = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));
const Address = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Name = v.pipe(v.string(), v.maxLength(200));

const anyStrategy = {
  id: Count,
  coin: Name,
  status: v.picklist(["running", "paused"]),
  pause: v.nullable(Name),
  netSz: Decimal,
  fills: Count,
  volume: Money,
  fees: Money,
};
const Leg = v.nullable(v.object({ px: Decimal, sz: Decimal }));
const Strategy = v.variant("kind", [
  v.object({
    ...anyStrategy,
    kind: v.literal("grid"),
    low: Decimal,
    high: Decimal,
    levels: Count,
    size: Decimal,
    beyond: v.picklist(["shift", "pause"]),
    grossProfit: Money,
    netProfit: Money,
  }),
  v.object({
    ...anyStrategy,
    kind: v.literal("quote"),
    spreadBps: Decimal,
    size: Decimal,
    bid: Leg,
    ask: Leg,
  }),
  v.object({ ...anyStrategy, kind: v.literal("deltaNeutral"), hedges: Count, net: Money }),
]);

const Vault = v.object({
  address: Address,
  owner: Address,
  name: Name,
  status: v.picklist(["open", "paused", "closing", "closed"]),
  allowDeposits: v.boolean(),
  equity: Money,
  pnl: Money,
  profitShareBps: Count,
  depositors: Count,
  sharePrice: Money,
  strategies: v.array(Strategy),
});

const Pool = v.object({
  address: Address,
  coin: Name,
  status: v.picklist(["quoting", "waiting", "paused"]),
  low: Decimal,
  high: Decimal,
  levels: Count,
  feeShareBps: Count,
  totalLiquidity: Money,
  totalSupply: Decimal,
  tokenPrice: Money,
  accumulatedFees: Money,
  pendingFees: Money,
  paidIn: Money,
  paidOut: Money,
  impermanentLoss: Money,
  lpTokens: v.array(v.unknown()),
  strategies: v.array(Strategy),
});

/** A strategy that the venue runs for a vault or pool. */
export type VenueStrategy = v.InferOutput<typeof Strategy>;
/** A vault; money [10^-6 USDC]. */
export type VenueVault = v.InferOutput<typeof Vault>;
/** A liquidity pool; money [10^-6 USDC]. */
export type VenuePool = v.InferOutput<typeof Pool>;

/** Vaults and pools of a venue. */
export interface VaultInfo {
  readonly vaults: readonly VenueVault[];
  readonly pools: readonly VenuePool[];
}

/** Answer awaited for this long [ms]. */
const TIMEOUT_MS = 4_000;
/** A venue that refused the question is asked again after this long [ms]. */
const REFUSED_MS = 600_000;
/** Answers are taken for new for this long, however many pages ask [ms]. */
const FRESH_MS = 2_000;

/** Asks a venue of its vaults and pools; null = it does not know the question. Rejects when nobody answers. */
export function createVaultInfo(url: string, isTestnet: boolean): () => Promise<VaultInfo | null> {
  const transport = new HttpTransport({ apiUrl: url, isTestnet, timeout: TIMEOUT_MS });
  let asked: Promise<VaultInfo | null> | null = null;
  let untilMs = 0;
  return () => {
    if (asked !== null && performance.now() < untilMs) return asked;
    const asking = ask(transport);
    asked = asking;
    untilMs = performance.now() + FRESH_MS;
    asking.then(
      (info) => {
        if (info === null) untilMs = performance.now() + REFUSED_MS;
      },
      () => undefined,
    );
    return asking;
  };
}

async function ask(transport: HttpTransport): Promise<VaultInfo | null> {
  try {
    const [vaults, pools] = await Promise.all([
      transport.request<unknown>("info", { type: "bourseVaults" }),
      transport.request<unknown>("info", { type: "boursePools" }),
    ]);
    return { vaults: v.parse(v.array(Vault), vaults), pools: v.parse(v.array(Pool), pools) };
  } catch (error) {
    const status = error instanceof HttpRequestError ? error.response?.status : undefined;
    if (status === 400 || status === 404 || status === 422) return null;
    throw error;
  }
}
