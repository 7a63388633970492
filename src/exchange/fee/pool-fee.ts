/**
 * The part of takers' fees that liquidity pools earn with their fills. It reaches a pool evenly over a
 * time, so that nobody gains by coming just before a fee and leaving just after: at any moment a pool is
 * worth what has arrived, and what is on its way belongs to those who stay.
 *
 *     arrived = pending x (now - last) / (arrival - last), truncated; all of it at the arrival
 *
 * A new fee puts the arrival of everything pending off to a full time from then.
 */
import { keepRow, readLane } from "../../base/column.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { addCash, FEE_ACCOUNT } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { POOL, poolLane, poolOfAccount, setPoolLane } from "../account/pool-table.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, POOL_EVENT } from "../event.ts";

const BPS = 10_000;

/**
 * Sets a pool's part of a taker's fee aside that was paid for a match with the pool's order. It comes
 * out of what the exchange keeps of both fees, so that rebate and share never exceed the fee.
 */
export function earnPoolFee(
  core: Core,
  account: number,
  { takerFee, makerFee }: { takerFee: number; makerFee: number },
): void {
  const { pools } = core;
  const row = poolOfAccount(pools, account);
  if (row < 0) return;
  const share = mulDivTrunc(Math.max(0, takerFee), poolLane(pools, row, POOL.feeShareBps), BPS);
  const earned = Math.min(share, takerFee + makerFee, readLane(core.accounts.cash, FEE_ACCOUNT));
  if (!(earned > 0)) return;
  releasePoolFees(core, row);
  addCash(core.accounts, FEE_ACCOUNT, -earned);
  const set = (lane: number, value: number): void => setPoolLane(pools, row, lane, value);
  const nowMs = commandTimeMs(core);
  set(POOL.pending, poolLane(pools, row, POOL.pending) + earned);
  set(POOL.accumulatedFees, poolLane(pools, row, POOL.accumulatedFees) + earned);
  set(POOL.releasedMs, nowMs);
  set(POOL.arrivedMs, nowMs + poolLane(pools, row, POOL.streamMs));
  const lane = beginEvent(core, EVENT.poolEarned, account, -1, -1);
  core.events.lanes[lane + POOL_EVENT.amount] = earned;
}

/** Books what has arrived of a pool's fees since the last time. */
export function releasePoolFees(core: Core, row: number): void {
  const { pools } = core;
  const pending = poolLane(pools, row, POOL.pending);
  if (pending === 0) return;
  const nowMs = commandTimeMs(core);
  const fromMs = poolLane(pools, row, POOL.releasedMs);
  const untilMs = poolLane(pools, row, POOL.arrivedMs);
  const arrived =
    nowMs >= untilMs ? pending : mulDivTrunc(pending, nowMs - fromMs, untilMs - fromMs);
  if (arrived === 0) return;
  const account = poolLane(pools, row, POOL.account);
  setPoolLane(pools, row, POOL.pending, pending - arrived);
  setPoolLane(pools, row, POOL.releasedMs, nowMs);
  keepRow(core.accounts.table, account);
  addCash(core.accounts, account, arrived);
  markChanged(core.changed, account);
}
