/** The settings that can be changed while the maker runs, and the change itself: all or nothing. */
import { BOUNDS, type MakerConfig, makerConfigProblem, type NumberKey } from "./config.ts";
import type { Maker } from "./maker-state.ts";

/** A setting that can be changed while the maker runs. */
export interface Parameter {
  readonly key: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether it must be an integer. */
  readonly whole: boolean;
  readonly unit: string;
  /** What it does, in a sentence. */
  readonly text: string;
}

type Word = readonly [unit: string, text: string];

/** What each does, by model: settings that a model does not read are not offered. */
const EVERY_MODEL: Partial<Record<NumberKey, Word>> = {
  levels: ["orders", "Orders on each side."],
  levelSpacingBps: ["bps", "Distance between neighbouring orders of a side."],
  levelNotional: ["10^-6 USDC", "Value of one order, on average over a side's levels."],
  maxPositionNotional: [
    "10^-6 USDC",
    "Largest position by value; smaller than the position: only back.",
  ],
  keepPxBps: ["bps", "An order this near to its target stays where it is."],
  requoteIntervalMs: ["ms", "Least time between two changes of the orders."],
};
const OPTIMAL: Partial<Record<NumberKey, Word>> = {
  gammaBase: ["1/(bps x order)", "Aversion to inventory: more skew, and more width for its risk."],
  minSpreadFloorBps: ["bps", "Least half-spread, everything included."],
  inventoryThreshold: [
    "ratio",
    "Share of the position limit from which the adding side shows less.",
  ],
  maxVolatilityMultiplier: ["ratio", "Most by which a burst raises the volatility in use."],
};
const OF_MODEL: Readonly<Record<MakerConfig["model"], Partial<Record<NumberKey, Word>>>> = {
  glft: { ...OPTIMAL, ...EVERY_MODEL },
  avellanedaStoikov: {
    ...OPTIMAL,
    horizonSeconds: ["s", "Time for which inventory is expected to be held."],
    ...EVERY_MODEL,
  },
  fixedSpread: {
    halfSpreadBps: ["bps", "Distance of the first order from the reservation price."],
    inventorySkewBps: ["bps", "Shift of both sides with the position at its limit."],
    ...EVERY_MODEL,
  },
};

/** The settings on offer with their present values. */
export function parameters({ config }: Pick<Maker, "config">): Parameter[] {
  return editableKeys(config).map((key) => {
    const [low, high, whole] = BOUNDS[key];
    const [unit, text] = OF_MODEL[config.model][key] as Word;
    return { key, value: config[key], low, high, whole, unit, text };
  });
}

/** Why these changes cannot be made, in words for the operator; null when they can. */
export function configProblem(
  { config }: Pick<Maker, "config">,
  changes: Readonly<Record<string, number>>,
): string | null {
  const editable: readonly string[] = editableKeys(config);
  const unknown = Object.keys(changes).find((key) => !editable.includes(key));
  if (unknown !== undefined) return `${unknown} cannot be changed while the maker runs`;
  return makerConfigProblem({ ...config, ...changes });
}

/** Makes the changes, unless something is wrong with any of them. */
export function changeConfig(maker: Maker, changes: Readonly<Record<string, number>>): void {
  if (configProblem(maker, changes) !== null) return;
  const before = maker.config;
  maker.config = { ...before, ...changes };
  if (maker.config.maxPositionNotional === before.maxPositionNotional) return;
  // Taken from the new value at the next fair price. A limit that shrinks is no position that grows.
  maker.positionLimit = null;
  maker.runawayFloor = Math.max(maker.runawayFloor, Math.abs(maker.ledger.position));
}

function editableKeys(config: MakerConfig): NumberKey[] {
  const keys = Object.keys(OF_MODEL[config.model]) as NumberKey[];
  // A limit in lots is in force in its place.
  return keys.filter(
    (key) => key !== "maxPositionNotional" || config.maxPositionContracts === null,
  );
}
