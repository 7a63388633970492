/**
 * The plainest model, and the one to beat: quotes at a fixed distance around a reservation price that
 * leans against the position. With q = position / limit, cut to [-1, 1]:
 *
 *   reservation = fair x (1 - inventorySkewBps x q / 10^4)
 *   half-spread = reservation x halfSpreadBps / 10^4            [ticks]
 *
 * Long: both quotes lower; short: both higher.
 */

/** What places the reservation price. */
export interface FixedSpreadInput {
  /** [ticks, fractional] */
  readonly fairPx: number;
  /** [lots] */
  readonly position: number;
  /** [lots] */
  readonly positionLimit: number;
  readonly inventorySkewBps: number;
}

/** Price around which the quotes stand [ticks, fractional]. */
export function fixedReservation(input: FixedSpreadInput): number {
  const { position, positionLimit } = input;
  const q = positionLimit > 0 ? Math.max(-1, Math.min(1, position / positionLimit)) : 0;
  return input.fairPx * (1 - (input.inventorySkewBps * q) / 10_000);
}
