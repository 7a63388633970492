/** Owns the rules of accounts (`base/account-rules.ts`): the venue's until an operator sets others. */
import {
  ACCOUNT_RULE_NAMES,
  type AccountRules,
  accountRulesFrom,
  VENUE_ACCOUNT_RULES,
} from "../../base/account-rules.ts";
import { addF64, addRow, addTable, type F64Column, type Register } from "../../base/column.ts";

/** The rules as one row, the venue's. */
export function createAccountRules(register: Register): F64Column {
  const table = addTable(register, "account-rules", 1);
  const rules = addF64(table, "rules", ACCOUNT_RULE_NAMES.length);
  addRow(table);
  writeAccountRules(rules, VENUE_ACCOUNT_RULES);
  return rules;
}

/** The rules as an object. */
export const readAccountRules = ({ data }: F64Column): AccountRules =>
  accountRulesFrom((index) => data[index] as number);

/** Puts rules in force. */
export function writeAccountRules({ data }: F64Column, rules: AccountRules): void {
  ACCOUNT_RULE_NAMES.forEach((name, index) => {
    data[index] = rules[name] + 0;
  });
}
