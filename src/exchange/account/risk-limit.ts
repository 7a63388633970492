/**
 * Owns the risk limits of accounts: what an account may not add to although its margin would cover
 * it. Its owner sets one pair of numbers, the operator another; of each the smaller holds, 0 = none.
 * A row is of an account and a market, or of the account across all markets.
 */
import {
  addF64,
  addRow,
  addTable,
  type F64Column,
  isFull,
  type Register,
  type Table,
} from "../../base/column.ts";

/** Most rows. */
const RISK_ROWS_MAX = 65_536;
/** What a row of no single market has for one. */
export const ALL_MARKETS = -1;

/** Lanes of a row, the operator's pair behind the owner's. */
export const RISK = {
  account: 0,
  /** A market + 1; 0 = across all. */
  market: 1,
  /** Largest position [lots]; across all markets: most positions. */
  size: 2,
  /** Largest notional [10^-6 USDC]; across all markets: highest leverage [10^-2]. */
  exposure: 3,
  operatorSize: 4,
  operatorExposure: 5,
} as const;
const RISK_LANES = 6;
/** From a lane of the owner's to the operator's. */
const OPERATOR_AT = RISK.operatorSize - RISK.size;
/** Above the number of any market + 1. */
const KEY_STEP = 2_048;

/** See the file's head. */
export interface RiskLimits {
  readonly table: Table;
  readonly lanes: F64Column;
  /** 1 = the account has rows; derived. */
  limited: Uint8Array;
  /** Row by account and market; derived, looked up and never walked through. */
  readonly rows: Map<number, number>;
}

/** A pair of limits; 0 = none. */
export interface RiskPair {
  readonly size: number;
  readonly exposure: number;
}

/** None. */
export function createRiskLimits(register: Register): RiskLimits {
  const table = addTable(register, "risk-limit", RISK_ROWS_MAX);
  const lanes = addF64(table, "lanes", RISK_LANES);
  return { table, lanes, limited: new Uint8Array(0), rows: new Map() };
}

/** Whether an account has limits. */
export const isLimited = ({ limited }: RiskLimits, account: number): boolean =>
  account < limited.length && limited[account] === 1;

const keyOf = (account: number, market: number): number => account * KEY_STEP + market + 1;

/** Row of an account and market ({@link ALL_MARKETS} = across all), or -1. */
const rowOf = ({ rows }: RiskLimits, account: number, market: number): number =>
  rows.get(keyOf(account, market)) ?? -1;

/** The limit that holds, of lane `size` or `exposure`; 0 = none. */
export function limitOf(
  risk: RiskLimits,
  account: number,
  market: number,
  lane: typeof RISK.size | typeof RISK.exposure,
): number {
  const row = rowOf(risk, account, market);
  if (row < 0) return 0;
  const own = risk.lanes.data[row * RISK_LANES + lane] as number;
  const operators = risk.lanes.data[row * RISK_LANES + lane + OPERATOR_AT] as number;
  return own === 0 || operators === 0 ? own + operators : Math.min(own, operators);
}

/** The pair that the owner set, or the operator. */
export function pairOf(
  risk: RiskLimits,
  account: number,
  market: number,
  isOperators: boolean,
): RiskPair {
  const row = rowOf(risk, account, market);
  const at = row * RISK_LANES + (isOperators ? OPERATOR_AT : 0);
  const lane = (index: number): number => (row < 0 ? 0 : (risk.lanes.data[at + index] as number));
  return { size: lane(RISK.size), exposure: lane(RISK.exposure) };
}

/** Whether a pair can be set: its row is there, or there is room for it. */
export const hasRiskRoom = (risk: RiskLimits, account: number, market: number): boolean =>
  rowOf(risk, account, market) >= 0 || !isFull(risk.table);

/** Sets a pair, for which there is room. */
export function setPair(
  risk: RiskLimits,
  account: number,
  market: number,
  isOperators: boolean,
  { size, exposure }: RiskPair,
): void {
  const { table, lanes } = risk;
  let row = rowOf(risk, account, market);
  if (row < 0) {
    row = addRow(table);
    lanes.data[row * RISK_LANES + RISK.account] = account;
    lanes.data[row * RISK_LANES + RISK.market] = market + 1;
    indexRow(risk, row);
  }
  const at = row * RISK_LANES + (isOperators ? OPERATOR_AT : 0);
  lanes.data[at + RISK.size] = size;
  lanes.data[at + RISK.exposure] = exposure;
}

/** Rebuilds what is derived. */
export function rebuildRiskIndex(risk: RiskLimits): void {
  risk.limited = new Uint8Array(0);
  risk.rows.clear();
  for (let row = 0; row < risk.table.count; row++) indexRow(risk, row);
}

function indexRow(risk: RiskLimits, row: number): void {
  const account = risk.lanes.data[row * RISK_LANES + RISK.account] as number;
  const market = (risk.lanes.data[row * RISK_LANES + RISK.market] as number) - 1;
  risk.rows.set(keyOf(account, market), row);
  if (account >= risk.limited.length) {
    const grown = new Uint8Array(2 * account + 2);
    grown.set(risk.limited);
    risk.limited = grown;
  }
  risk.limited[account] = 1;
}
