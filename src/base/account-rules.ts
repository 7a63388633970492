/** What accounts may have of sub-accounts and agents, and what opening one by a transfer costs. */

/** Rules of accounts; whole numbers, none negative. */
export interface AccountRules {
  /** Volume that sub-accounts take, where limits are on [10^-6 USDC]. */
  readonly subVolumeMin: number;
  /** Sub-accounts that each account may have. */
  readonly subCountBase: number;
  /** Volume that brings one more [10^-6 USDC]. */
  readonly subVolumeStep: number;
  /** Most sub-accounts of an account. */
  readonly subCountMax: number;
  /** Named agents that each account may have, beside the unnamed one. */
  readonly agentCountBase: number;
  /** Named agents more for each sub-account. */
  readonly agentCountPerSub: number;
  /** Validity of an agent that names none [ms]. */
  readonly agentValidityMs: number;
  /** Longest validity that one may name [ms]. */
  readonly agentValidityMsMax: number;
  /** What the sender pays beside the amount where it opens an account [10^-6 USDC]. */
  readonly openingFee: number;
}

const DAY_MS = 86_400_000;

/** Names of the rules, in the order in which records and columns hold them. */
export const ACCOUNT_RULE_NAMES = [
  "subVolumeMin",
  "subCountBase",
  "subVolumeStep",
  "subCountMax",
  "agentCountBase",
  "agentCountPerSub",
  "agentValidityMs",
  "agentValidityMsMax",
  "openingFee",
] as const satisfies readonly (keyof AccountRules)[];

/**
 * The venue's: sub-accounts from 100,000 USDC of volume on, ten and one more for each 100 million, at
 * most 50; three named agents and two more for each of them, for 90 days or up to 180.
 */
export const VENUE_ACCOUNT_RULES: AccountRules = {
  subVolumeMin: 100_000_000_000,
  subCountBase: 10,
  subVolumeStep: 100_000_000_000_000,
  subCountMax: 50,
  agentCountBase: 3,
  agentCountPerSub: 2,
  agentValidityMs: 90 * DAY_MS,
  agentValidityMsMax: 180 * DAY_MS,
  openingFee: 1_000_000,
};

/** Rules by a function of their places in {@link ACCOUNT_RULE_NAMES}. */
export const accountRulesFrom = (lane: (index: number) => number): AccountRules =>
  Object.fromEntries(
    ACCOUNT_RULE_NAMES.map((name, index) => [name, lane(index)]),
  ) as unknown as AccountRules;

/** Whether rules are ones: whole numbers from 0 on, a step and validities above it. */
export const areAccountRulesSound = (rules: AccountRules): boolean =>
  ACCOUNT_RULE_NAMES.every((name) => Number.isSafeInteger(rules[name]) && rules[name] >= 0) &&
  rules.subVolumeStep > 0 &&
  rules.agentValidityMs > 0 &&
  rules.agentValidityMs <= rules.agentValidityMsMax;
