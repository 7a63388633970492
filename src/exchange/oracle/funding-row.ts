/**
 * Owns what funding depends on: a row a market, from the first command that sets its terms on, with the
 * terms and the running interval's samples; and the residue, what payers were rounded up by and
 * receivers down. A row whose interval is 0 has no funding.
 */
import {
  addF64,
  addRecord,
  addRow,
  addTable,
  type F64Column,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";

/** Float64 lanes of a record of 128 bytes. */
export const FUNDING_ROW = {
  /** Time between payments; 0 = no funding [ms]. */
  intervalMs: 0,
  /** Time between samples of the premium [ms]. */
  sampleMs: 1,
  /** Interest of the period that rates are stated for [10^-12]. */
  interest: 2,
  /** How far interest may pull the premium, either way [10^-12]. */
  clamp: 3,
  /** Payments in that period. */
  divisor: 4,
  /** Largest rate of a payment, either way [10^-12]. */
  cap: 5,
  /** What impact prices look at [10^-6 USDC]. */
  impactNotional: 6,
  /** [ms] */
  nextSampleMs: 7,
  nextPaymentMs: 8,
  /** Sum and number of the interval's samples [10^-12]. */
  premiumSum: 9,
  samples: 10,
  /** Latest sample, and the rate of the last payment [10^-12]. */
  lastPremium: 11,
  lastRate: 12,
} as const;
/** Float64 lanes of a row. */
export const FUNDING_LANES = 16;

/** Tables of funding. */
export interface FundingRows {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly residueTable: Table;
  /** Paid and received by nobody yet [10^-6 USDC]. */
  readonly residue: F64Column;
}

/** No market has funding. */
export function createFundingRows(register: Register, marketsMax: number): FundingRows {
  const table = addTable(register, "funding", marketsMax);
  const rows = addRecord(table, "rows", FUNDING_LANES * 8);
  const residueTable = addTable(register, "funding-residue", 1);
  const residue = addF64(residueTable, "residue");
  addRow(residueTable);
  return { table, rows, residueTable, residue };
}

/** Makes sure that a market has its row. */
export function openFundingRow(fundings: FundingRows, market: number): void {
  while (fundings.table.count <= market) addRow(fundings.table);
}
