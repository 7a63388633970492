/**
 * Liquidity pools: money of many that the exchange itself quotes a grid with. A pool is an account of
 * its own; its tokens are shares (`share-ledger/share-price.ts`) of what that account is worth at mark,
 * inventory included. Its orders rest, so its fills earn the maker's rates, and a part of the takers'
 * fees on top (`fee/pool-fee.ts`). Leaving is in cash, within margin; what has to be closed for it costs
 * the leaver.
 */
import { REJECT } from "../../base/reject-code.ts";
import { addAccount, addCash } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { featuresOf } from "../account/feature-table.ts";
import { addPool, hasPoolRoom, POOL, poolLane, setPoolLane } from "../account/pool-table.ts";
import {
  addShares,
  findHolding,
  HOLDING,
  hasHoldingRoom,
  hasShareRoom,
  holdingLane,
  openShareBook,
  supplyOf,
  takeShares,
  voidShares,
} from "../account/share-table.ts";
import { addSigner, ROLE, SIGNER, signerOfWords } from "../account/signer.ts";
import { PAUSE, STRATEGY } from "../account/strategy-table.ts";
import { writeSubAddress } from "../account/sub-account.ts";
import { addOwnerRow } from "../book/order-table.ts";
import {
  type CommandRecord,
  GRID_ARGS,
  itemCount,
  itemLane,
  LIQUIDITY,
  POOL_ITEM,
} from "../command.ts";
import { beginEvent, type Core, commandTimeMs, lastEventByte } from "../core.ts";
import { ACCOUNT_EVENT, EVENT, POOL_EVENT, TRANSFER_CAUSE, type TransferCause } from "../event.ts";
import { releasePoolFees } from "../fee/pool-fee.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "../margin/margin.ts";
import { isMarket } from "../market/market.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { beginScope, keepScope, takeBackScope } from "../matching/undo-scope.ts";
import { rejectCommand } from "../refusal.ts";
import { freeMargin } from "../share-ledger/release.ts";
import { assetsForShares, sharesForDeposit } from "../share-ledger/share-price.ts";
import { tryStartGrid } from "../strategy/start-grid.ts";
import { pauseStrategy, resumeStrategy, strategyLane } from "../strategy/strategy.ts";
import { strategiesOf } from "../strategy/strategy-list.ts";

const BPS = 10_000;
const DAY_MS = 86_400_000;
/** Longest time that a fee may be on its way: 30 days [ms]. */
const STREAM_MAX = 30 * DAY_MS;

const figures = createMarginFigures();
const address = new Uint8Array(20);
const words = new Int32Array(address.buffer);

const isAmount = (amount: number): boolean => Number.isSafeInteger(amount) && amount > 0;

/** What a pool's account is worth at mark, not below 0 [10^-6 USDC]. */
export const poolAssets = (core: Core, row: number): number =>
  Math.max(0, computeMargin(core, poolLane(core.pools, row, POOL.account), figures).equity);

/** Opens a pool without money; it quotes once what was added covers its grid. */
export function createPool(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: -1, code, a });
  const market = lanes[GRID_ARGS.market] as number;
  const hasItem = itemCount(record) === 1;
  const ofItem = (lane: number): number => (hasItem ? (lanes[itemLane(0) + lane] as number) : -1);
  const feeShareBps = ofItem(POOL_ITEM.feeShareBps);
  const streamMs = ofItem(POOL_ITEM.streamMs);
  if (featuresOf(core.features).pools !== 1) return refuse(REJECT.poolsOff);
  if (!isMarket(core.markets, market)) return refuse(REJECT.marketUnknown);
  if (!(Number.isSafeInteger(feeShareBps) && feeShareBps >= 0 && feeShareBps <= BPS))
    return refuse(REJECT.poolTermsInvalid, 1);
  if (!(Number.isSafeInteger(streamMs) && streamMs >= 1 && streamMs <= STREAM_MAX))
    return refuse(REJECT.poolTermsInvalid, 2);
  for (const lane of [GRID_ARGS.lowPx, GRID_ARGS.highPx, GRID_ARGS.levels, GRID_ARGS.size])
    if (!isAmount(lanes[lane] as number)) return refuse(REJECT.poolTermsInvalid, 3);
  if (!hasPoolRoom(core.pools) || !hasShareRoom(core.shares))
    return refuse(REJECT.capacityExhausted);
  const row = addPool(core.pools);
  const account = openPoolAccount(core, row);
  const set = (lane: number, value: number): void => setPoolLane(core.pools, row, lane, value);
  set(POOL.account, account);
  set(POOL.book, openShareBook(core.shares));
  set(POOL.market, market);
  set(POOL.lowPx, lanes[GRID_ARGS.lowPx] as number);
  set(POOL.highPx, lanes[GRID_ARGS.highPx] as number);
  set(POOL.levels, lanes[GRID_ARGS.levels] as number);
  set(POOL.size, lanes[GRID_ARGS.size] as number);
  set(POOL.gridFlags, lanes[GRID_ARGS.flags] as number);
  set(POOL.feeShareBps, feeShareBps);
  set(POOL.streamMs, streamMs);
  set(POOL.createdMs, commandTimeMs(core));
  const lane = beginEvent(core, EVENT.poolCreated, account, market, 0);
  core.events.lanes[lane + POOL_EVENT.pool] = row + 1;
  core.events.bytes.set(address, lastEventByte(core));
}

function openPoolAccount(core: Core, row: number): number {
  const { accounts, signers } = core;
  let salt = 0;
  do {
    // Numbers that no sub-account and no vault has.
    writeSubAddress(accounts, { master: 0, index: -1_000_000 - row, salt }, address);
    salt += 1;
  } while (signerOfWords(signers, words, 0) >= 0);
  const account = addAccount(accounts, address, 0);
  addOwnerRow(core.orders);
  const signer = addSigner(signers, { bytes: address, at: 0, account, role: ROLE.pool });
  signers.rows.i32[signer * 16 + SIGNER.master] = row;
  beginEvent(core, EVENT.accountOpened, account, -1, 0);
  core.events.bytes.set(address, lastEventByte(core));
  return account;
}

/** Adds money to a pool for tokens, or gives tokens back for money, as the record says. */
export function changeLiquidity(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  const { lanes } = record;
  const refuse = (code: number, a = 0): void => rejectCommand(core, record, { account, code, a });
  const id = lanes[LIQUIDITY.pool] as number;
  const amount = lanes[LIQUIDITY.amount] as number;
  const row = id - 1;
  if (!(Number.isSafeInteger(id) && row >= 0 && row < core.pools.table.count))
    return refuse(REJECT.poolUnknown);
  if (!isAmount(amount)) return refuse(REJECT.amountInvalid);
  releasePoolFees(core, row);
  const isDeposit = lanes[LIQUIDITY.isDeposit] === 1;
  const least = lanes[LIQUIDITY.least] as number;
  beginScope(core, touched);
  const refusal = isDeposit
    ? add(core, row, account, { amount, least })
    : remove(core, row, account, { count: amount, least }, touched);
  if (refusal !== null) {
    takeBackScope(core, touched);
    return refuse(refusal.code, refusal.a);
  }
  keepScope(core);
  quote(core, row, touched);
}

interface Refusal {
  code: number;
  a?: number;
}

function add(
  core: Core,
  row: number,
  account: number,
  { amount, least }: { amount: number; least: number },
): Refusal | null {
  const { pools, shares } = core;
  const book = poolLane(pools, row, POOL.book);
  if (poolLane(pools, row, POOL.paused) === 1) return { code: REJECT.poolPaused };
  if (amount > withdrawableOf(computeMargin(core, account, figures)))
    return { code: REJECT.balanceInsufficient };
  if (findHolding(shares, book, account) < 0 && !hasHoldingRoom(shares))
    return { code: REJECT.capacityExhausted };
  const assets = poolAssets(core, row);
  // Tokens of a pool that lost all are void, and those who come now do not share with them.
  if (assets === 0 && supplyOf(shares, book) > 0) voidShares(shares, book);
  const supply = supplyOf(shares, book);
  const count = sharesForDeposit({ supply, assets }, amount);
  if (count === 0 || count < least) return { code: REJECT.sharesTooFew, a: count };
  move(core, account, poolLane(pools, row, POOL.account), amount, TRANSFER_CAUSE.poolDeposit);
  const nowMs = commandTimeMs(core);
  addShares(shares, book, { account, count, assets: amount, lockedUntilMs: 0, nowMs });
  setPoolLane(pools, row, POOL.paidIn, poolLane(pools, row, POOL.paidIn) + amount);
  say(core, EVENT.liquidityAdded, row, account, { amount, count, assets, supply, cost: 0 });
  return null;
}

function remove(
  core: Core,
  row: number,
  account: number,
  { count, least }: { count: number; least: number },
  touched: TouchedAccounts,
): Refusal | null {
  const { pools, shares } = core;
  const book = poolLane(pools, row, POOL.book);
  const from = poolLane(pools, row, POOL.account);
  const holding = findHolding(shares, book, account);
  if (holding < 0 || count > holdingLane(shares, holding, HOLDING.shares))
    return { code: REJECT.tokensInsufficient };
  const supply = supplyOf(shares, book);
  const assets = poolAssets(core, row);
  const worth = assetsForShares({ supply, assets }, count);
  if (!freeMargin(core, from, worth, touched)) return { code: REJECT.vaultUncovered };
  const cost = Math.max(0, assets - poolAssets(core, row));
  const amount = Math.max(0, worth - cost);
  if (amount < least) return { code: REJECT.sharesTooFew, a: amount };
  takeShares(shares, holding, count);
  if (amount > 0) move(core, from, account, amount, TRANSFER_CAUSE.poolWithdrawal);
  setPoolLane(pools, row, POOL.paidOut, poolLane(pools, row, POOL.paidOut) + amount);
  say(core, EVENT.liquidityRemoved, row, account, { amount, count, assets, supply, cost });
  return null;
}

/** Starts a pool's grid where it is covered, or has it go on. */
function quote(core: Core, row: number, touched: TouchedAccounts): void {
  const { pools } = core;
  const account = poolLane(pools, row, POOL.account);
  const [strategy] = strategiesOf(core, account);
  if (strategy !== undefined) {
    const isShort = strategyLane(core, strategy, STRATEGY.pause) === PAUSE.margin;
    if (isShort) resumeStrategy(core, strategy);
    return;
  }
  if (poolLane(pools, row, POOL.paused) === 1) return;
  tryStartGrid(core, account, gridOf(core, row), touched);
}

const gridOf = ({ pools }: Core, row: number) => ({
  market: poolLane(pools, row, POOL.market),
  lowPx: poolLane(pools, row, POOL.lowPx),
  highPx: poolLane(pools, row, POOL.highPx),
  levels: poolLane(pools, row, POOL.levels),
  size: poolLane(pools, row, POOL.size),
  flags: poolLane(pools, row, POOL.gridFlags),
  stopLowPx: 0,
  stopHighPx: 0,
});

/** Has a pool rest, or go on. */
export function pausePool(core: Core, record: CommandRecord, touched: TouchedAccounts): void {
  const row = (record.lanes[LIQUIDITY.pool] as number) - 1;
  if (!(Number.isSafeInteger(row) && row >= 0 && row < core.pools.table.count)) {
    rejectCommand(core, record, { account: -1, code: REJECT.poolUnknown });
    return;
  }
  const isPaused = record.lanes[LIQUIDITY.amount] === 1;
  setPoolLane(core.pools, row, POOL.paused, isPaused ? 1 : 0);
  const account = poolLane(core.pools, row, POOL.account);
  const [strategy] = strategiesOf(core, account);
  if (strategy === undefined) {
    quote(core, row, touched);
    return;
  }
  if (isPaused) pauseStrategy(core, strategy, PAUSE.requested);
  else resumeStrategy(core, strategy);
}

function say(
  core: Core,
  kind: typeof EVENT.liquidityAdded | typeof EVENT.liquidityRemoved,
  row: number,
  account: number,
  of: { amount: number; count: number; assets: number; supply: number; cost: number },
): void {
  const lane = beginEvent(core, kind, account, poolLane(core.pools, row, POOL.market), 0);
  const { lanes } = core.events;
  lanes[lane + POOL_EVENT.pool] = row + 1;
  lanes[lane + POOL_EVENT.amount] = of.amount;
  lanes[lane + POOL_EVENT.tokens] = of.count;
  lanes[lane + POOL_EVENT.assets] = of.assets;
  lanes[lane + POOL_EVENT.supply] = of.supply;
  lanes[lane + POOL_EVENT.closingCost] = of.cost;
}

function move(
  core: Core,
  giver: number,
  taker: number,
  amount: number,
  cause: TransferCause,
): void {
  addCash(core.accounts, giver, -amount);
  addCash(core.accounts, taker, amount);
  for (const account of [giver, taker]) {
    markChanged(core.changed, account);
    const isGiver = account === giver;
    const lane = beginEvent(core, EVENT.transferred, account, -1, 0);
    const { lanes } = core.events;
    lanes[lane + ACCOUNT_EVENT.amount] = isGiver ? -amount : amount;
    lanes[lane + ACCOUNT_EVENT.a] = isGiver ? taker : giver;
    lanes[lane + ACCOUNT_EVENT.b] = cause;
  }
}
