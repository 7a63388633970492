/** Owns the exchange's single numbers: one row of float64 lanes, so that they are hashed, kept and copied like all state. */
import { addF64, addRow, addTable, type F64Column, type Register } from "../base/column.ts";

/** Lanes of the numbers. */
export const NUMBER = {
  /** Journal position of the last command applied. */
  seq: 0,
  /** Time of the last command applied [ms]. */
  timeMs: 1,
  /** Last trade id. */
  tid: 2,
  /** 1 = the per-address request budget is enforced. */
  limitsOn: 3,
  /** Sum of all deposits and of all withdrawals [10^-6 USDC]. */
  deposits: 4,
  withdrawals: 5,
  /** Earliest scheduled cancel of any account; 0 = none [ms]. */
  nextScheduledMs: 6,
  /** Accounts whose liquidation is unfinished. */
  distressed: 7,
  /** Earliest turn that a strategy wants; 0 = none [ms]. */
  nextStrategyMs: 8,
} as const;
const NUMBER_LANES = 9;

/** The numbers, all zero. */
export function createNumbers(register: Register): F64Column {
  const table = addTable(register, "number", 1);
  const column = addF64(table, "numbers", NUMBER_LANES);
  addRow(table);
  return column;
}

/** Reads a lane of the numbers. */
export const numberOf = (numbers: F64Column, lane: number): number => numbers.data[lane] as number;

/** Sets a lane of the numbers. */
export function setNumber(numbers: F64Column, lane: number, value: number): void {
  numbers.data[lane] = value;
}

/** Adds to a lane of the numbers and returns the sum. */
export function addToNumber(numbers: F64Column, lane: number, value: number): number {
  const sum = (numbers.data[lane] as number) + value;
  numbers.data[lane] = sum;
  return sum;
}

/** Sum of deposits that one exchange takes: 2 billion USDC, so every sum of money stays exact [10^-6 USDC]. */
const DEPOSITS_MAX = 2_000_000_000_000_000;

/** Whether the exchange takes this much more money from outside [10^-6 USDC]. */
export function isDepositable(numbers: F64Column, amount: number): boolean {
  const deposits = numberOf(numbers, NUMBER.deposits);
  const inside = deposits - numberOf(numbers, NUMBER.withdrawals);
  return (
    Number.isSafeInteger(amount) &&
    amount > 0 &&
    inside + amount <= DEPOSITS_MAX &&
    Number.isSafeInteger(deposits + amount)
  );
}
