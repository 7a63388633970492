/**
 * What market making inside the exchange costs, while a hundred vaults, twenty pools and a hundred
 * grids are alive: money into vaults and out, tokens of pools, grids of fifty levels, quotes moved; and
 * what plain orders cost beside all that, against an exchange that has none of it.
 */
import { DEFAULT_FEATURES } from "../../src/base/features.ts";
import type { Hex } from "../../src/base/hex.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { applyCommand, hasQueuedWork } from "../../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import {
  accountOfAddress,
  addressOfAccount,
  lastSeq,
  lastTimeMs,
  poolViews,
  strategyViews,
  vaultViews,
} from "../../src/exchange/query.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { median } from "./statistics.ts";
import { addressOf } from "./trading-floor.ts";

/** How much is alive and how often each operation is timed. */
export interface MakingSize {
  readonly vaults: number;
  readonly pools: number;
  readonly grids: number;
  readonly rounds: number;
  /** Operations a round. */
  readonly lap: number;
}

/** One operation: its mean cost, and the seed's target for it. */
export interface MakingCost {
  readonly name: string;
  /** Mean of a round, median over the rounds; what it queued is part of it [us]. */
  readonly us: number;
  readonly targetUs: number;
}

/** What market making costs. */
export interface MakingReport {
  readonly size: MakingSize;
  readonly costs: readonly MakingCost[];
  /** A plain order and its cancel: with all of it alive, and without, from paired rounds [ns a command]. */
  readonly aliveNs: number;
  readonly bareNs: number;
}

const USDC = 1_000_000;
const DEPOSIT = 1_000_000 * USDC;
const START_MS = 1_800_000_000_000;
const { spec, startPx } = DEFAULT_MARKETS[0] as (typeof DEFAULT_MARKETS)[number];
const GRID_LEVELS = 50;
const GRID_STEP = 600;
const GRID_HALF = (GRID_LEVELS * GRID_STEP) / 2;
const SZ = 20;
/** Strategies that may be alive on an account's market are bounded: quotes get accounts of their own. */
const QUOTES = 100;

const ring = createEventRing();
const record = createCommandRecord();

function apply(state: ExchangeState, command: CommandRecord): void {
  const seq = lastSeq(state) + 1;
  command.lanes[HEADER.seq] = seq;
  command.lanes[HEADER.timeMs] = Math.max(START_MS, lastTimeMs(state));
  command.lanes[HEADER.nonce] = START_MS + seq;
  applyCommand(state, command, ring);
}

/** Works off what was queued. */
function drain(state: ExchangeState): void {
  while (hasQueuedWork(state)) apply(state, TICK);
}

const recordOf = (command: Command): CommandRecord => {
  const one = createCommandRecord();
  writeCommand(command, one);
  return one;
};
const TICK = recordOf({ kind: "tick" });

function send(state: ExchangeState, command: Command): void {
  writeCommand(command, record);
  apply(state, record);
  drain(state);
  expectAccepted();
}

/** Ends the run where a command was refused; lets go of the events. */
function expectAccepted(): void {
  for (const event of readEvents(ring, ring.released, ring.written))
    if (event.kind === "commandRejected" || event.kind === "orderRejected")
      throw new Error(`the exchange refused a command of the benchmark: ${JSON.stringify(event)}`);
  releaseEvents(ring, ring.written);
}

const owner = (i: number): Hex => addressOf(100_000 + i);
const trader = (i: number): Hex => addressOf(200_000 + i);
const cloidOf = (i: number): Hex => `0x${(i + 1).toString(16).padStart(32, "0")}`;
const signed = (signer: Hex) => ({ signer, nonce: 0 });

/** An exchange with one market and a book around its price. */
function createFloor(): ExchangeState {
  const state = createExchange();
  send(state, { kind: "createMarket", spec });
  send(state, { kind: "setOraclePrices", prices: [{ market: 0, px: startPx }] });
  for (let i = 0; i < 2 * QUOTES; i++)
    send(state, { kind: "deposit", address: trader(i), amount: DEPOSIT });
  return state;
}

const gridOf = (levels: number, half: number) => ({
  market: 0,
  lowPx: startPx - half,
  highPx: startPx + half,
  levels,
  size: SZ,
});

/** Opens the vaults, pools and grids. */
function populate(state: ExchangeState, size: MakingSize): void {
  send(state, { kind: "setFeatures", ...DEFAULT_FEATURES, vaults: 1, pools: 1, lockupMs: 0 });
  const most = Math.max(size.vaults, size.grids);
  for (let i = 0; i < most; i++)
    send(state, { kind: "deposit", address: owner(i), amount: DEPOSIT });
  for (let i = 0; i < size.vaults; i++)
    send(state, {
      kind: "createVault",
      ...signed(owner(i)),
      name: `Vault ${i}`,
      description: "",
      amount: 10_000 * USDC,
      profitShareBps: 1_000,
    });
  for (let i = 0; i < size.grids; i++)
    send(state, { kind: "startGrid", ...signed(owner(i)), grid: gridOf(10, GRID_HALF) });
  for (let i = 0; i < size.pools; i++) {
    const terms = { feeShareBps: 1_000, streamMs: 600_000, gridFlags: 0 };
    send(state, { kind: "createPool", ...gridOf(10, GRID_HALF), ...terms });
    send(state, {
      kind: "changeLiquidity",
      ...signed(owner(i)),
      pool: i + 1,
      isDeposit: true,
      amount: 100_000 * USDC,
      least: 0,
    });
  }
  const alive = [vaultViews(state).length, poolViews(state).length];
  if (alive[0] !== size.vaults || alive[1] !== size.pools)
    throw new Error(`${alive} vaults and pools are alive, of ${size.vaults} and ${size.pools}`);
}

/** Mean cost of applying records in turn, each with what it queues; median over the rounds [us]. */
function timeLaps(
  state: ExchangeState,
  size: MakingSize,
  records: readonly CommandRecord[],
): number {
  for (const one of records) {
    apply(state, one);
    drain(state);
    expectAccepted();
  }
  const rounds = Array.from({ length: size.rounds + 1 }, () => {
    const begin = performance.now();
    for (let i = 0; i < size.lap; i++) {
      apply(state, records[i % records.length] as CommandRecord);
      drain(state);
      releaseEvents(ring, ring.written);
    }
    return ((performance.now() - begin) * 1e3) / size.lap;
  });
  // The first round warms up.
  return median(rounds.slice(1));
}

/** Deposits of every vault and their way back, by turns. */
function vaultRecords(state: ExchangeState): CommandRecord[] {
  const vaults = vaultViews(state).map(({ account }) => addressOfAccount(state, account));
  const amount = 100 * USDC;
  return [true, false].flatMap((isDeposit) =>
    vaults.map((address, i) =>
      recordOf({ kind: "vaultTransfer", ...signed(trader(i)), address, isDeposit, amount }),
    ),
  );
}

const mintRecords = (size: MakingSize): CommandRecord[] =>
  Array.from({ length: size.pools }, (_, i) =>
    recordOf({
      kind: "changeLiquidity",
      ...signed(trader(i)),
      pool: i + 1,
      isDeposit: true,
      amount: USDC,
      least: 0,
    }),
  );

/** Starts of grids alone are timed; their ends come in between. */
function timeGrids(state: ExchangeState, size: MakingSize): number {
  const signer = trader(QUOTES);
  const start = recordOf({
    kind: "startGrid",
    ...signed(signer),
    grid: gridOf(GRID_LEVELS, GRID_HALF),
  });
  const account = accountOfAddress(state, signer);
  const count = Math.max(4, Math.floor(size.lap / GRID_LEVELS));
  const rounds = Array.from({ length: size.rounds + 1 }, () => {
    let ms = 0;
    for (let i = 0; i < count; i++) {
      const begin = performance.now();
      apply(state, start);
      drain(state);
      ms += performance.now() - begin;
      releaseEvents(ring, ring.written);
      const [grid] = strategyViews(state, account);
      if (grid === undefined) throw new Error("a grid of the benchmark was refused");
      send(state, { kind: "controlStrategy", ...signed(signer), id: grid.id, control: "end" });
    }
    return (ms * 1e3) / count;
  });
  return median(rounds.slice(1));
}

/** Every quote is set anew with another spread, so that both its legs move. */
function quoteRecords(): CommandRecord[] {
  return [2_000, 3_000].flatMap((spread) =>
    Array.from({ length: QUOTES }, (_, i) =>
      recordOf({
        kind: "setQuote",
        ...signed(trader(i)),
        quote: {
          market: 0,
          tag: 1,
          spread,
          size: SZ,
          intervalMs: 1_000,
          ttlMs: 0,
          positionMax: 0,
          fade: 0,
        },
      }),
    ),
  );
}

/** Plain orders and their cancels on both exchanges by turns [ns a command]. */
function timePlain(alive: ExchangeState, bare: ExchangeState, size: MakingSize) {
  const place = (i: number): CommandRecord =>
    recordOf({
      kind: "placeOrders",
      ...signed(trader(i)),
      orders: [
        {
          market: 0,
          side: i % 2 === 0 ? BUY : SELL,
          px: startPx + (i % 2 === 0 ? -1 : 1) * (GRID_HALF + 100 * (i + 1)),
          sz: SZ,
          tif: TIF.gtc,
          cloid: cloidOf(i),
        },
      ],
    });
  const cancel = (i: number): CommandRecord =>
    recordOf({
      kind: "cancelByCloid",
      ...signed(trader(i)),
      cancels: [{ market: 0, cloid: cloidOf(i) }],
    });
  const records = Array.from({ length: QUOTES }, (_, i) => [place(i), cancel(i)]).flat();
  const lap = (state: ExchangeState): number => timeLaps(state, { ...size, rounds: 1 }, records);
  const pairs = Array.from({ length: size.rounds }, () => ({ alive: lap(alive), bare: lap(bare) }));
  return {
    aliveNs: median(pairs.map((pair) => pair.alive)) * 1e3,
    bareNs: median(pairs.map((pair) => pair.bare)) * 1e3,
  };
}

/** Measures all of it on one exchange, and plain orders on a second one too. */
export function measureMarketMaking(size: MakingSize): MakingReport {
  const bare = createFloor();
  const state = createFloor();
  populate(state, size);
  const plain = timePlain(state, bare, size);
  const vault = timeLaps(state, size, vaultRecords(state));
  const mint = timeLaps(state, size, mintRecords(size));
  const quote = timeLaps(state, size, quoteRecords());
  const grid = timeGrids(state, size);
  return {
    size,
    costs: [
      { name: "vault operation", us: vault, targetUs: 2_000 },
      { name: "mint of a pool's tokens", us: mint, targetUs: 1_000 },
      { name: `grid of ${GRID_LEVELS} levels`, us: grid, targetUs: 5_000 },
      { name: "quote update, both legs", us: quote, targetUs: 500 },
    ],
    ...plain,
  };
}
