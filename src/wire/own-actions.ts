/**
 * Actions that Hyperliquid's wire has no words for, under names of our own. They are signed like any
 * other, over the action as the client sends it: keys in the order received, numbers and texts as they
 * are. What does not fit these forms exactly is malformed.
 */
import * as v from "valibot";
import type { Hex } from "../base/hex.ts";

const DECIMAL_TEXT_MAX = 64;
const unsigned = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const decimal = v.pipe(v.string(), v.maxLength(DECIMAL_TEXT_MAX));
const address = v.custom<Hex>(
  (value) => typeof value === "string" && /^0x[0-9a-f]{40}$/.test(value),
);
const cloid = v.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]{32}$/.test(value));

const IMMEDIATE: readonly string[] = ["Ioc", "FrontendMarket", "Fok"];

/** An order of the wire with more to say about its life. */
const OwnOrder = v.pipe(
  v.strictObject({
    a: unsigned,
    b: v.boolean(),
    p: decimal,
    s: decimal,
    r: v.boolean(),
    t: v.strictObject({
      limit: v.strictObject({
        tif: v.picklist(["Gtc", "Ioc", "Alo", "FrontendMarket", "Fok", "Gtt"]),
      }),
    }),
    c: v.optional(cloid),
    /** What gives way where it meets an order of its own account: the resting one by default. */
    stp: v.optional(v.picklist(["maker", "taker", "both", "decrement"])),
    /** Whose orders count as its own: the account's by default, or those of its master and all of that one's sub-accounts. */
    stpScope: v.optional(v.picklist(["account", "group"])),
    /** Good until then [ms]. */
    expiresAt: v.optional(unsigned),
    /** Alo only: rest at the best price that does not cross instead of being refused. */
    slide: v.optional(v.boolean()),
    /** Immediate orders only: farthest from the mark price of its entry that it may fill, at most two decimals. */
    slippageBps: v.optional(decimal),
  }),
  v.check(({ t, expiresAt }) => t.limit.tif !== "Gtt" || expiresAt !== undefined),
  v.check(({ t, slide }) => t.limit.tif === "Alo" || slide === undefined),
  v.check(({ t, slippageBps }) => IMMEDIATE.includes(t.limit.tif) || slippageBps === undefined),
);

/** Part of a position: asset, size, and money that goes with it; negative = comes back [10^-6 USDC]. */
const part = {
  a: unsigned,
  s: decimal,
  usd: v.optional(v.pipe(v.number(), v.safeInteger())),
};

const OWN_SCHEMAS = {
  "bourse.splitPosition": v.strictObject({
    type: v.literal("bourse.splitPosition"),
    subAccountUser: address,
    ...part,
  }),
  "bourse.mergePosition": v.strictObject({
    type: v.literal("bourse.mergePosition"),
    subAccountUser: address,
    ...part,
  }),
  "bourse.offerPosition": v.strictObject({
    type: v.literal("bourse.offerPosition"),
    destination: address,
    ...part,
    /** Good before then [ms]. */
    expiresAt: unsigned,
  }),
  "bourse.acceptOffer": v.strictObject({ type: v.literal("bourse.acceptOffer"), offer: unsigned }),
  "bourse.endOffer": v.strictObject({ type: v.literal("bourse.endOffer"), offer: unsigned }),
  "bourse.order": v.strictObject({
    type: v.literal("bourse.order"),
    orders: v.array(OwnOrder),
    /** All orders or none; each on its own by default. */
    atomic: v.optional(v.boolean()),
  }),
  "bourse.trailingStop": v.strictObject({
    type: v.literal("bourse.trailingStop"),
    a: unsigned,
    b: v.boolean(),
    s: decimal,
    r: v.boolean(),
    /** Distance from the best mark price since it was placed: bps of it, or a difference of prices. */
    offset: v.union([v.strictObject({ bps: unsigned }), v.strictObject({ px: decimal })]),
    c: v.optional(cloid),
  }),
  "bourse.cancelAll": v.strictObject({
    type: v.literal("bourse.cancelAll"),
    /** Only orders on this one. */
    asset: v.optional(unsigned),
  }),
  "bourse.riskLimits": v.union([
    v.strictObject({
      type: v.literal("bourse.riskLimits"),
      /** On this market; what is left out, or "0", has no limit. */
      asset: unsigned,
      maxPosition: v.optional(decimal),
      maxNotional: v.optional(decimal),
    }),
    v.strictObject({
      type: v.literal("bourse.riskLimits"),
      /** Across all markets: how many positions, and notional by equity. */
      maxPositions: v.optional(unsigned),
      maxLeverage: v.optional(decimal),
    }),
  ]),
  "bourse.grid": v.strictObject({
    type: v.literal("bourse.grid"),
    asset: unsigned,
    /** Lowest and highest price, and how many there are, both ends included. */
    low: decimal,
    high: decimal,
    levels: unsigned,
    /** Of each order. */
    size: decimal,
    /** What neighbouring prices have in common: their difference (by default) or their ratio. */
    spacing: v.optional(v.picklist(["arithmetic", "geometric"])),
    /** Position that it begins with: none by default. */
    direction: v.optional(v.picklist(["neutral", "long", "short"])),
    /** What it does beyond its range: pauses by default. */
    beyond: v.optional(v.picklist(["pause", "shift"])),
    /** Mark prices at which it ends and closes what it made. */
    stopLow: v.optional(decimal),
    stopHigh: v.optional(decimal),
  }),
  "bourse.quote": v.strictObject({
    type: v.literal("bourse.quote"),
    asset: unsigned,
    /** Number that tells the account's quotes on a market apart; 0 where not said. */
    tag: v.optional(unsigned),
    /** Between bid and ask, as decimal text with at most two decimals. */
    spreadBps: decimal,
    /** Of each leg. */
    size: decimal,
    /** Least time between two updates [ms]; 0 where not said. */
    interval: v.optional(unsigned),
    /** It pauses so long after it was last set [ms]; never where not said. */
    ttl: v.optional(unsigned),
    /** No leg without the other. */
    bothOrNone: v.optional(v.boolean()),
    /** Position of its own at which it stops adding to it. */
    maxPosition: v.optional(decimal),
    /** How far prices move with the position at that limit. */
    fadeBps: v.optional(decimal),
  }),
  "bourse.deltaNeutral": v.strictObject({
    type: v.literal("bourse.deltaNeutral"),
    /** Where it hedges. */
    asset: unsigned,
    /** Net notional that it leaves alone [USDC]. */
    threshold: decimal,
    /** Least time between two hedges [ms]; 0 where not said. */
    interval: v.optional(unsigned),
  }),
  "bourse.addLiquidity": v.strictObject({
    type: v.literal("bourse.addLiquidity"),
    pool: unsigned,
    /** USDC that is paid in. */
    usd: decimal,
    /** Least tokens for it. */
    minTokens: v.optional(decimal),
  }),
  "bourse.removeLiquidity": v.strictObject({
    type: v.literal("bourse.removeLiquidity"),
    pool: unsigned,
    /** Tokens that are given back. */
    tokens: decimal,
    /** Least USDC for them. */
    minUsd: v.optional(decimal),
  }),
  "bourse.vault": v.pipe(
    v.strictObject({
      type: v.literal("bourse.vault"),
      vaultAddress: address,
      /** Who trades for the vault beside its leader; "none" for nobody. */
      manager: v.optional(v.union([address, v.literal("none")])),
      /** Share of profit [10^-4]. */
      profitShareBps: v.optional(unsigned),
      /** A vault that is paused takes no deposits and no orders of its manager. */
      paused: v.optional(v.boolean()),
    }),
    v.check(
      ({ manager, profitShareBps, paused }) =>
        [manager, profitShareBps, paused].filter((setting) => setting !== undefined).length === 1,
    ),
  ),
  "bourse.strategy": v.strictObject({
    type: v.literal("bourse.strategy"),
    id: unsigned,
    /** `flatten` ends it too, and closes what it made. */
    control: v.picklist(["pause", "resume", "end", "flatten"]),
  }),
} as const;

type OwnActionType = keyof typeof OWN_SCHEMAS;
/** An action of our own. */
export type OwnAction = {
  [T in OwnActionType]: v.InferOutput<(typeof OWN_SCHEMAS)[T]>;
}[OwnActionType];
/** An order of `bourse.order`. */
export type OwnOrder = v.InferOutput<typeof OwnOrder>;

/** An action of our own as it was received, or null where it is none or malformed. */
export function readOwnAction(action: Readonly<Record<string, unknown>>): OwnAction | null {
  const { type } = action;
  if (typeof type !== "string" || !Object.hasOwn(OWN_SCHEMAS, type)) return null;
  // The forms change nothing, so what was received is what was checked.
  return v.is(OWN_SCHEMAS[type as OwnActionType], action) ? action : null;
}
