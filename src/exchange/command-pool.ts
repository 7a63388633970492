/** Commands about liquidity pools, as objects and in records; money [10^-6 USDC]. */
import {
  beginCommand,
  COMMAND,
  type CommandRecord,
  GRID_ARGS,
  HEADER,
  itemCount,
  itemLane,
  LIQUIDITY,
  POOL_ITEM,
} from "./command.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";

/** A liquidity pool as an operator opens it [px: ticks, size: lots, share: 10^-4, times: ms]. */
export interface PoolTerms {
  market: number;
  lowPx: number;
  highPx: number;
  levels: number;
  size: number;
  /** `GRID_FLAG` values. */
  gridFlags: number;
  feeShareBps: number;
  streamMs: number;
}

/** What operators do with pools. */
export type PoolAdminCommand =
  | ({ kind: "createPool" } & PoolTerms)
  | { kind: "pausePool"; pool: number; paused: boolean };

/** Money for tokens, or tokens for money. */
export type LiquidityCommand = {
  kind: "changeLiquidity";
  pool: number;
  isDeposit: boolean;
  /** Money of a deposit, tokens that are given back. */
  amount: number;
  /** Least tokens, or least money, for it. */
  least: number;
} & Signed;

/** Writes an operator's command into a record. */
export function writePoolAdmin(command: PoolAdminCommand, record: CommandRecord): void {
  const { lanes } = record;
  const isNew = command.kind === "createPool";
  beginCommand(record, COMMAND[command.kind], isNew ? 1 : 0);
  if (!isNew) {
    lanes[LIQUIDITY.pool] = command.pool;
    lanes[LIQUIDITY.amount] = command.paused ? 1 : 0;
    return;
  }
  lanes[GRID_ARGS.market] = command.market;
  lanes[GRID_ARGS.lowPx] = command.lowPx;
  lanes[GRID_ARGS.highPx] = command.highPx;
  lanes[GRID_ARGS.levels] = command.levels;
  lanes[GRID_ARGS.size] = command.size;
  lanes[GRID_ARGS.flags] = command.gridFlags;
  lanes[itemLane(0) + POOL_ITEM.feeShareBps] = command.feeShareBps;
  lanes[itemLane(0) + POOL_ITEM.streamMs] = command.streamMs;
}

/** Reads an operator's command back; null for another kind. */
export function readPoolAdmin(record: CommandRecord): PoolAdminCommand | null {
  const of = (lane: number): number => record.lanes[lane] as number;
  const ofItem = (lane: number): number => (itemCount(record) === 1 ? of(itemLane(0) + lane) : 0);
  switch (record.lanes[HEADER.kind]) {
    case COMMAND.createPool:
      return {
        kind: "createPool",
        market: of(GRID_ARGS.market),
        lowPx: of(GRID_ARGS.lowPx),
        highPx: of(GRID_ARGS.highPx),
        levels: of(GRID_ARGS.levels),
        size: of(GRID_ARGS.size),
        gridFlags: of(GRID_ARGS.flags),
        feeShareBps: ofItem(POOL_ITEM.feeShareBps),
        streamMs: ofItem(POOL_ITEM.streamMs),
      };
    case COMMAND.pausePool:
      return { kind: "pausePool", pool: of(LIQUIDITY.pool), paused: of(LIQUIDITY.amount) === 1 };
    default:
      return null;
  }
}

/** Writes a change of liquidity into a record. */
export function writeLiquidity(command: LiquidityCommand, record: CommandRecord): void {
  const { lanes } = record;
  beginSigned(record, COMMAND.changeLiquidity, 0, command);
  lanes[LIQUIDITY.pool] = command.pool;
  lanes[LIQUIDITY.isDeposit] = command.isDeposit ? 1 : 0;
  lanes[LIQUIDITY.amount] = command.amount;
  lanes[LIQUIDITY.least] = command.least;
}

/** Reads a change of liquidity back; null for another kind. */
export function readLiquidity(record: CommandRecord): LiquidityCommand | null {
  const of = (lane: number): number => record.lanes[lane] as number;
  if (of(HEADER.kind) !== COMMAND.changeLiquidity) return null;
  return {
    kind: "changeLiquidity",
    ...readSigned(record),
    pool: of(LIQUIDITY.pool),
    isDeposit: of(LIQUIDITY.isDeposit) === 1,
    amount: of(LIQUIDITY.amount),
    least: of(LIQUIDITY.least),
  };
}
