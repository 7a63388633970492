/**
 * How the size of a side is shared out over its levels: in proportion to what a level is expected to
 * earn a second, with the distance delta_i of level i from the reservation price,
 *
 *   value_i = exp(-k delta_i) (delta_i - cost)          cost = fee + adverse selection     [bps/s, up to A]
 *   share_i = levels x value_i / sum of values          mean 1
 *
 * Near levels trade more often, far ones earn more a trade; k decides. Distances count from the
 * reservation price, for that is where a trade neither adds nor takes value: from the fair price the
 * side that brings the inventory back would look worthless. A level that would not earn its cost gets
 * nothing; where no level would, the first gets all, for then it is there for the inventory.
 */

/** What the shares depend on. */
export interface LevelSharesInput {
  readonly levels: number;
  /** Distance of the first level from the reservation price, and between levels [bps]. */
  readonly halfSpreadBps: number;
  readonly levelSpacingBps: number;
  /** Decay of fills with distance [1/bps]. */
  readonly intensityK: number;
  /** What a fill costs [bps]. */
  readonly costBps: number;
}

/** Share of each level, best first; they add up to the number of levels [1]. */
export function levelShares(input: LevelSharesInput): number[] {
  const { levels, halfSpreadBps, levelSpacingBps, intensityK, costBps } = input;
  const values = Array.from({ length: levels }, (_, level) => {
    const away = level * levelSpacingBps;
    // Relative to the first level: far out the rates themselves could vanish.
    return Math.exp(-intensityK * away) * Math.max(0, halfSpreadBps + away - costBps);
  });
  const sum = values.reduce((total, value) => total + value, 0);
  if (!(sum > 0)) return values.map((_, level) => (level === 0 ? levels : 0));
  return values.map((value) => (levels * value) / sum);
}

/** The same size at every level. */
export const equalShares = (levels: number): number[] => Array.from({ length: levels }, () => 1);
