/**
 * How often resting orders fill at each distance from the fair price: fills over the time that
 * orders stood there. The time counts whether or not an order filled, so that orders which were
 * canceled do not make filling look likelier than it is.
 *
 *   rate_b = fills_b / resting_b                                                  [1/s an order]
 */

/** Lower bounds of the distance classes; the last one is open above, the first one below [bps]. */
const DISTANCE_EDGES_BPS: readonly number[] = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55];

/** Order time and fills by distance class. */
export interface FillRate {
  /** Time summed over orders [ms]. */
  readonly restingMs: Float64Array;
  readonly fills: Float64Array;
}

/** One distance class; `toBps` is null where it is open [bps]. */
export interface FillRateRow {
  readonly fromBps: number;
  readonly toBps: number | null;
  /** Time summed over orders [s]. */
  readonly restingSeconds: number;
  readonly fills: number;
}

/** Nothing seen yet. */
export const createFillRate = (): FillRate => ({
  restingMs: new Float64Array(DISTANCE_EDGES_BPS.length),
  fills: new Float64Array(DISTANCE_EDGES_BPS.length),
});

/** An order stood at a distance for a time [bps, ms]. */
export function noteResting(rate: FillRate, distanceBps: number, durationMs: number): void {
  const at = classOf(distanceBps);
  rate.restingMs[at] = (rate.restingMs[at] as number) + durationMs;
}

/** An order was filled at a distance [bps]. */
export function noteFilledAt(rate: FillRate, distanceBps: number): void {
  const at = classOf(distanceBps);
  rate.fills[at] = (rate.fills[at] as number) + 1;
}

/** The classes in which an order stood or was filled, nearest first. */
export const fillRateRows = ({ restingMs, fills }: FillRate): FillRateRow[] =>
  DISTANCE_EDGES_BPS.map((fromBps, at) => ({
    fromBps,
    toBps: DISTANCE_EDGES_BPS[at + 1] ?? null,
    restingSeconds: (restingMs[at] as number) / 1_000,
    fills: fills[at] as number,
  })).filter(({ restingSeconds, fills: n }) => restingSeconds > 0 || n > 0);

function classOf(distanceBps: number): number {
  let at = DISTANCE_EDGES_BPS.length - 1;
  while (at > 0 && distanceBps < (DISTANCE_EDGES_BPS[at] as number)) at -= 1;
  return at;
}
