/** Owns which parts of market making are switched on, and their rules; no row until they are set. */
import {
  addF64,
  addRow,
  addTable,
  type F64Column,
  type Register,
  type Table,
} from "../../base/column.ts";

/** Rules by name, in the order of their lanes. */
export const FEATURE_NAMES = [
  "vaults",
  "pools",
  "profitShareCapBps",
  "noticeMs",
  "lockupMs",
  "creationFee",
] as const;

/** Which parts are on, and the rules of vaults. */
export interface Features {
  /** 1 = vaults can be opened. */
  vaults: number;
  /** 1 = liquidity pools can be opened. */
  pools: number;
  /** Highest share of profit that a vault's owner may ask for [10^-4]. */
  profitShareCapBps: number;
  /** Time between the announcement of a higher share and its coming into force [ms]. */
  noticeMs: number;
  /** Time after a depositor's last deposit during which nothing may be withdrawn [ms]. */
  lockupMs: number;
  /** Paid by who opens a vault [10^-6 USDC]. */
  creationFee: number;
}

const DAY_MS = 86_400_000;
/** As the venue has them, but for its fee of 10,000 USDC to open a vault; everything off. */
const DEFAULT_FEATURES: Features = {
  vaults: 0,
  pools: 0,
  profitShareCapBps: 1_000,
  noticeMs: 7 * DAY_MS,
  lockupMs: DAY_MS,
  creationFee: 0,
};

/** The table of the rules. */
export interface FeatureTable {
  readonly table: Table;
  readonly rules: F64Column;
}

/** Nothing set. */
export function createFeatureTable(register: Register): FeatureTable {
  const table = addTable(register, "feature", 1);
  return { table, rules: addF64(table, "rules", FEATURE_NAMES.length) };
}

/** The rules in force. */
export function featuresOf({ table, rules }: FeatureTable): Features {
  if (table.count === 0) return DEFAULT_FEATURES;
  const entries = FEATURE_NAMES.map((name, lane) => [name, rules.data[lane] as number]);
  return Object.fromEntries(entries) as Features;
}

/** Puts rules in force. */
export function setFeatures({ table, rules }: FeatureTable, features: Features): void {
  if (table.count === 0) addRow(table);
  FEATURE_NAMES.forEach((name, lane) => {
    rules.data[lane] = features[name];
  });
}
