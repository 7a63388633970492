/**
 * What shares of a pool of assets are worth, after the vault standard ERC-4626 with virtual shares and
 * assets:
 *
 *     shares for assets   a x (S + V) / (A + 1)
 *     assets for shares   s x (A + 1) / (S + V)
 *
 * with S shares held, A assets, a deposit a [10^-6 USDC], and V = 10 virtual shares on one virtual
 * asset: so a first deposit of a gives 10 a shares, which are shown as a. Whoever gives money to the
 * pool to make a share dear gives most of it to the virtual ones, and loses more than the next
 * depositor does. Rounding is always for the pool, that is for those who stay: what is given out is
 * rounded down, what is asked for is rounded up.
 */
import { mulDivCeil, mulDivTrunc } from "../../base/rounding.ts";

/** Virtual shares, and shares for each unit of a first deposit. */
export const SHARES_PER_ASSET = 10;
/** Shares of a book stay below this [shares]. */
const SHARES_MAX = Number.MAX_SAFE_INTEGER;

/** A pool as its price sees it: shares held, assets [10^-6 USDC]. Assets below zero count as none. */
export interface SharePool {
  readonly supply: number;
  readonly assets: number;
}

const shareSum = ({ supply }: SharePool): number => supply + SHARES_PER_ASSET;
const assetSum = ({ assets }: SharePool): number => Math.max(0, assets) + 1;

/** Shares that a deposit buys, rounded down; 0 where it is worth less than one, or more than can be counted. */
export function sharesForDeposit(pool: SharePool, assets: number): number {
  const shares = mulDivTrunc(assets, shareSum(pool), assetSum(pool));
  return shares <= SHARES_MAX - pool.supply ? shares : 0;
}

/** Assets that shares are redeemed for, rounded down [10^-6 USDC]. */
export const assetsForShares = (pool: SharePool, shares: number): number =>
  Math.min(Math.max(0, pool.assets), mulDivTrunc(shares, assetSum(pool), shareSum(pool)));

/** Shares that must be given for assets, rounded up. */
export const sharesForWithdrawal = (pool: SharePool, assets: number): number =>
  mulDivCeil(assets, shareSum(pool), assetSum(pool));

/** Assets that so many shares cost, rounded up [10^-6 USDC]. */
export const assetsForMint = (pool: SharePool, shares: number): number =>
  mulDivCeil(shares, assetSum(pool), shareSum(pool));

/** Price of {@link SHARES_PER_ASSET} shares, as a deposit and a withdrawal see it, rounded down [10^-9]. */
export const sharePrice = (pool: SharePool): number =>
  mulDivTrunc(assetSum(pool), SHARES_PER_ASSET * 1_000_000_000, shareSum(pool));
