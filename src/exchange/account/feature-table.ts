/** Owns which parts of market making are switched on, and their rules; no row until they are set. */

import {
  addF64,
  addRow,
  addTable,
  type F64Column,
  type Register,
  type Table,
} from "../../base/column.ts";
import { DEFAULT_FEATURES, FEATURE_NAMES, type Features } from "../../base/features.ts";

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
