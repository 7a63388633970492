/**
 * What `bourse up` has the exchange itself run beside its traders: a vault with a grid, a vault with a
 * two-sided quote, and a liquidity pool; and what they have come to at the end. All of it is asked for by
 * journaled commands, those that an owner, a depositor and an operator send over the wire.
 */
import { DEFAULT_FEATURES } from "../base/features.ts";
import type { Hex } from "../base/hex.ts";
import { floorLegalPx } from "../base/instrument-spec.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import type { Command } from "../exchange/command-codec.ts";
import { checkInvariants, conservationOf } from "../exchange/invariant.ts";
import {
  accountSummary,
  addressOfAccount,
  lastTimeMs,
  marketOfName,
  marketSpec,
  oraclePx,
  poolViews,
  strategyViews,
  vaultViews,
} from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { StrategyView } from "../exchange/strategy/strategy-view.ts";
import type { RunningExchange } from "./exchange-process.ts";
import type { Session } from "./session.ts";

const usdc = (amount: number): number => amount * MICROS_PER_USDC;

/** Who opens the vaults, and who puts money into them and the pool. */
const OWNER: Hex = "0x00000000000000000000000000000000000b0551";
const DEPOSITOR: Hex = "0x00000000000000000000000000000000000b0552";
const OWNER_DEPOSIT = usdc(25_000);
const DEPOSITOR_DEPOSIT = usdc(30_000);
const VAULT_AMOUNT = usdc(10_000);
const DEPOSIT = usdc(5_000);
const POOL_AMOUNT = usdc(20_000);
/** Of profit, to a vault's owner [10^-4]. */
const PROFIT_SHARE_BPS = 1_000;

/** A grid's prices lie this far apart, which is above what a cycle costs in fees [10^-4]. */
const GRID_SPACING_BPS = 6;
const GRID_LEVELS = 31;
/** Of each of its orders, and of each side of the quote. */
const GRID_ORDER = usdc(400);
const QUOTE_ORDER = usdc(1_000);
const QUOTE = { spread: 1_000, intervalMs: 1_000, positionOrders: 8, fade: 500 };
/** Share of the takers' fees that fills of the pool earn it, and the time over which they arrive. */
const POOL_TERMS = { feeShareBps: 2_000, streamMs: 600_000 };

/** Coins of what is run, where a market of that name is listed. */
const COIN = { grid: "ETH", quote: "HYPE", pool: "BTC" };

/** Opens them where the exchange has none yet. */
export async function startMarketMaking(
  { output }: Session,
  { admin, sequencer }: RunningExchange,
): Promise<void> {
  const { state } = sequencer;
  const marketOf = (coin: string): number => marketOfName(state, coin);
  if (vaultViews(state).length === 0) {
    const grid = marketOf(COIN.grid);
    const pool = marketOf(COIN.pool);
    const send = sender(state, admin);
    await admin({ kind: "setFeatures", ...DEFAULT_FEATURES, vaults: 1, pools: 1 });
    await admin({ kind: "deposit", address: OWNER, amount: OWNER_DEPOSIT });
    await admin({ kind: "deposit", address: DEPOSITOR, amount: DEPOSITOR_DEPOSIT });
    await openVault(state, send, `${COIN.grid} grid`, (vault) => ({
      kind: "startGrid",
      ...vault,
      grid: { ...gridTerms(state, grid), market: grid, shift: true },
    }));
    await openVault(state, send, `${COIN.quote} two-sided`, (vault) => ({
      kind: "setQuote",
      ...vault,
      quote: quoteTerms(state, marketOf(COIN.quote)),
    }));
    await admin({
      kind: "createPool",
      market: pool,
      ...gridTerms(state, pool),
      gridFlags: 0,
      ...POOL_TERMS,
    });
    const tokens = { pool: 1, isDeposit: true, amount: POOL_AMOUNT, least: 0 };
    await send(DEPOSITOR, (signed) => ({ kind: "changeLiquidity", ...signed, ...tokens }));
  }
  const names = [
    ...vaultViews(state).map(({ name }) => `vault "${name}"`),
    ...poolViews(state).map(({ market }) => `pool on ${marketSpec(state, market).name}`),
  ];
  output.step("vaults", names.join(", "));
}

/** What they have come to; an error where the books do not close. */
export function describeMarketMaking({ output }: Session, state: ExchangeState): void {
  if (vaultViews(state).length + poolViews(state).length === 0) return;
  output.say("  the exchange's own market making");
  for (const { name, account, equity, pnl, depositors } of vaultViews(state)) {
    const held = depositors.reduce((sum, depositor) => sum + depositor.equity, 0);
    output.say(
      `    ${name.padEnd(16)} worth ${money(equity)}, PnL ${signed(pnl)}, ${workText(state, account)}`,
    );
    output.emit({ kind: "vault", name, equity, pnl, depositors: held });
  }
  for (const pool of poolViews(state)) {
    const name = `${marketSpec(state, pool.market).name} pool`;
    const pnl = pool.liquidity + pool.paidOut - pool.paidIn;
    const fees = `${money(pool.accumulatedFees)} of takers' fees`;
    output.say(
      `    ${name.padEnd(16)} worth ${money(pool.liquidity)}, PnL ${signed(pnl)}, ${workText(state, pool.account)}, ${fees}`,
    );
    output.emit({ kind: "pool", name, equity: pool.liquidity, pnl, fees: pool.accumulatedFees });
  }
  checkInvariants(state);
  const { held, deposited } = conservationOf(state);
  output.say(
    `    books close: ${text(held)} USDC in all accounts, ${text(deposited)} paid in and not out`,
  );
  output.emit({ kind: "books", held: text(held), deposited: text(deposited) });
}

type Send = (
  signer: Hex,
  make: (signed: { signer: Hex; nonce: number }) => Command,
) => Promise<void>;

/** Sends signed commands, each with a nonce of its own. */
function sender(state: ExchangeState, admin: RunningExchange["admin"]): Send {
  let nonce = lastTimeMs(state);
  return (signer, make) => {
    nonce += 1;
    return admin(make({ signer, nonce }));
  };
}

/** A vault of the owner with the depositor's money in it, and its strategy. */
async function openVault(
  state: ExchangeState,
  send: Send,
  name: string,
  strategyOf: (signed: { signer: Hex; nonce: number; vault: Hex }) => Command,
): Promise<void> {
  await send(OWNER, (signed) => ({
    kind: "createVault",
    ...signed,
    name,
    description: "Run by the exchange itself.",
    amount: VAULT_AMOUNT,
    profitShareBps: PROFIT_SHARE_BPS,
  }));
  const opened = vaultViews(state).at(-1);
  if (opened?.name !== name) throw new Error(`the exchange refused to open the vault "${name}"`);
  const vault = addressOfAccount(state, opened.account);
  await send(DEPOSITOR, (signed) => ({
    kind: "vaultTransfer",
    ...signed,
    address: vault,
    isDeposit: true,
    amount: DEPOSIT,
  }));
  await send(OWNER, (signed) => strategyOf({ ...signed, vault }));
  if (strategyViews(state, opened.account).length === 0)
    throw new Error(`the exchange refused the strategy of the vault "${name}"`);
}

/** A grid around the oracle's price. */
function gridTerms(
  state: ExchangeState,
  market: number,
): { lowPx: number; highPx: number; levels: number; size: number } {
  const spec = marketSpec(state, market);
  const px = oraclePx(state, market);
  const half = Math.round((px * GRID_SPACING_BPS * (GRID_LEVELS - 1)) / 2 / 10_000);
  return {
    lowPx: floorLegalPx(spec, px - half),
    highPx: floorLegalPx(spec, px + half),
    levels: GRID_LEVELS,
    size: Math.max(1, Math.round(GRID_ORDER / px)),
  };
}

function quoteTerms(state: ExchangeState, market: number) {
  const size = Math.max(1, Math.round(QUOTE_ORDER / oraclePx(state, market)));
  return {
    market,
    tag: 0,
    spread: QUOTE.spread,
    size,
    intervalMs: QUOTE.intervalMs,
    ttlMs: 0,
    positionMax: size * QUOTE.positionOrders,
    fade: QUOTE.fade,
  };
}

const text = (micros: bigint): string => {
  const [whole, part] = [micros / 1_000_000n, micros % 1_000_000n];
  return `${whole.toLocaleString("en-US")}.${String(part).padStart(6, "0")}`;
};
const money = (micros: number): string => `${text(BigInt(micros))} USDC`;
const signed = (micros: number): string =>
  `${micros < 0 ? "-" : "+"}${text(BigInt(Math.abs(micros)))}`;

function workText(state: ExchangeState, account: number): string {
  const strategies = strategyViews(state, account);
  const fills = strategies.reduce((sum, strategy) => sum + strategy.fills, 0);
  const { openOrders } = accountSummary(state, account);
  const cycles = strategies.map(cyclesText).join("");
  return `${fills} fills, ${openOrders} orders${cycles}`;
}

const cyclesText = (strategy: StrategyView): string =>
  strategy.kind === "grid"
    ? `, ${signed(strategy.grossProfit - strategy.cycleFees)} from completed cycles`
    : "";
