/**
 * `bourse vault audit`: a vault's books twice, as the engine's state has them after a replay, and folded
 * from the events alone by code that shares nothing with the engine's.
 */
import { existsSync } from "node:fs";
import type { Hex } from "../base/hex.ts";
import { readEvent } from "../exchange/event-codec.ts";
import {
  accountOfAddress,
  accountSummary,
  lastSeq,
  marketSpec,
  vaultViews,
} from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { createFileStorage } from "../journal/file-storage.ts";
import { replayJournal } from "../journal/replay.ts";
import {
  createVaultFold,
  figuresOfFold,
  foldVaultEvent,
  type HolderFigures,
  type VaultFigures,
  type VaultFold,
} from "../projection/vault-audit.ts";
import { formatScaled, formatSignedSz, formatTokens, formatUsdc } from "../wire/decimal.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { requireAddress } from "./info-request.ts";
import type { Output } from "./output.ts";
import { type CommonFlags, openSession } from "./session.ts";
import { tableLines } from "./text-table.ts";

/** Flags of the command. */
export interface VaultAuditFlags extends CommonFlags {
  readonly data: string;
}

/** A figure of both books, as text. */
export interface AuditLine {
  readonly figure: string;
  readonly engine: string;
  readonly events: string;
}

/** What an audit found. */
export interface VaultAudit {
  readonly lines: readonly AuditLine[];
  /** The first thing that differs, in words; null = the books agree. */
  readonly difference: string | null;
}

/** Replays a journal without changing it and holds a vault's two books side by side. */
export async function runVaultAudit(address: string, flags: VaultAuditFlags): Promise<void> {
  const { output } = openSession(flags);
  const vault = requireAddress(address);
  if (!existsSync(flags.data)) {
    throw new ExitError(
      EXIT.notFound,
      `there is no folder ${flags.data}: name the exchange's data with --data`,
    );
  }
  const fold = createVaultFold(vault);
  const { state, report } = replayJournal(createFileStorage(flags.data), {
    listener: (ring, from, to) => {
      for (let index = from; index < to; index++) foldVaultEvent(fold, readEvent(ring, index));
    },
  });
  reportAudit(output, { vault, seq: report.seq, ...auditVault(state, fold) });
}

/** Prints an audit; throws ExitError where the books differ. */
export function reportAudit(
  output: Pick<Output, "say" | "emit">,
  audit: VaultAudit & { readonly vault: Hex; readonly seq: number },
): void {
  const { vault, seq, lines, difference } = audit;
  output.say(`vault ${vault} at seq ${seq}`);
  for (const line of auditLines(lines)) output.say(line);
  if (difference === null) output.say("agrees");
  output.emit({ kind: "vaultAudit", agrees: difference === null, ...audit });
  if (difference !== null) throw new ExitError(EXIT.error, `the books differ: ${difference}`);
}

/** Both books of the vault that was folded; throws ExitError where the exchange has no such vault. */
export function auditVault(state: ExchangeState, fold: VaultFold): VaultAudit {
  const engine = figuresOfState(state, fold.address);
  const lines = linesOf(state, engine, figuresOfFold(fold));
  const differing = lines.find((line) => line.engine !== line.events);
  const difference =
    fold.gap ??
    (differing === undefined
      ? null
      : `${differing.figure}: engine ${differing.engine}, events ${differing.events}`);
  return { lines, difference };
}

/** The engine's figures. */
function figuresOfState(state: ExchangeState, address: Hex): VaultFigures {
  const account = accountOfAddress(state, address);
  const vault = vaultViews(state).find((view) => view.account === account);
  if (account < 0 || vault === undefined) {
    throw new ExitError(
      EXIT.notFound,
      `there is no vault ${address} at seq ${lastSeq(state)} of this journal`,
    );
  }
  const { cash, positions } = accountSummary(state, account);
  return {
    sharePrice: vault.sharePrice,
    supply: vault.supply,
    equity: vault.equity,
    cash: positions.reduce((sum, { margin }) => sum + margin, cash),
    profitShared: vault.profitShared,
    paidOut: vault.paidOut,
    collateral: vault.collateral,
    holders: vault.depositors.map((holder) => ({
      account: holder.account,
      shares: holder.shares,
      basis: holder.basis,
    })),
    positions: positions.map(({ market, size }) => ({ market, size })),
  };
}

/** Every figure of either book; a holder or position that one of them lacks is 0 there. */
function linesOf(state: ExchangeState, engine: VaultFigures, events: VaultFigures): AuditLine[] {
  const line = (
    figure: string,
    textOf: (value: number) => string,
    figureOf: (figures: VaultFigures) => number,
  ): AuditLine => ({ figure, engine: textOf(figureOf(engine)), events: textOf(figureOf(events)) });
  const both = <T>(of: (figures: VaultFigures) => readonly T[], key: (item: T) => number) =>
    [...new Set([...of(engine), ...of(events)].map(key))].sort((a, b) => a - b);
  const markets = both(
    ({ positions }) => positions,
    ({ market }) => market,
  );
  const accounts = both(
    ({ holders }) => holders,
    ({ account }) => account,
  );
  const holdingsOf = ({ holders }: VaultFigures): Map<number, HolderFigures> =>
    new Map(holders.map((holder) => [holder.account, holder]));
  const holdings = new Map([engine, events].map((book) => [book, holdingsOf(book)]));
  return [
    line(
      "share price [USDC]",
      (price) => formatScaled(price, 9),
      (book) => book.sharePrice,
    ),
    line("supply [shares]", formatTokens, (book) => book.supply),
    line("equity at mark [USDC]", formatUsdc, (book) => book.equity),
    line("profit share taken [USDC]", formatUsdc, (book) => book.profitShared),
    line("collateral [USDC]", formatUsdc, (book) => book.collateral),
    line("paid out [USDC]", formatUsdc, (book) => book.paidOut),
    line("cash [USDC]", formatUsdc, (book) => book.cash),
    ...markets.map((market) => {
      const { name, szDecimals } = marketSpec(state, market);
      const sizeOf = ({ positions }: VaultFigures): number =>
        positions.find((position) => position.market === market)?.size ?? 0;
      return line(`position [${name}]`, (size) => formatSignedSz(size, szDecimals), sizeOf);
    }),
    line("holders", String, ({ holders }) => holders.length),
    ...accounts.flatMap((account) => {
      const of = (book: VaultFigures) => holdings.get(book)?.get(account);
      return [
        line(`account ${account} [shares]`, formatTokens, (book) => of(book)?.shares ?? 0),
        line(`account ${account} paid [USDC]`, formatUsdc, (book) => of(book)?.basis ?? 0),
      ];
    }),
  ];
}

/** Both columns for people. */
function auditLines(lines: readonly AuditLine[]): string[] {
  return tableLines(
    [
      { title: "figure" },
      { title: "engine", align: "right" },
      { title: "events alone", align: "right" },
      { title: "" },
    ],
    lines.map(({ figure, engine, events }) => [
      figure,
      engine,
      events,
      engine === events ? "" : "differs",
    ]),
  );
}
