/** A vault's two books agree after trades, deposits and withdrawals; a changed event is found. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../test/support/test-exchange.ts";
import type { Hex } from "../base/hex.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { asTimeMs } from "../base/units.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { type Command, writeCommand } from "../exchange/command-codec.ts";
import type { ExchangeEvent } from "../exchange/event-codec.ts";
import { VENUE_FUNDING } from "../exchange/funding/funding-terms.ts";
import { accountSummary, addressOfAccount, vaultViews } from "../exchange/query.ts";
import { createFileStorage } from "../journal/file-storage.ts";
import { openJournal } from "../journal/open-journal.ts";
import { createVaultFold, foldVaultEvent } from "../projection/vault-audit.ts";
import { ExitError } from "./exit-code.ts";
import { auditVault, reportAudit, runVaultAudit, type VaultAudit } from "./vault-audit.ts";

const USDC = 1_000_000;
const DAY_MS = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), "bourse-audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vaultOf = ({ state }: TestExchange, row = 0): Hex =>
  addressOfAccount(state, (vaultViews(state)[row] as { account: number }).account);

function move(exchange: TestExchange, name: string, usdc: number): ExchangeEvent[] {
  const about = { signer: addressOf(name), address: vaultOf(exchange) };
  const how = { isDeposit: usdc > 0, amount: Math.abs(usdc) * USDC };
  return exchange.run({ kind: "vaultTransfer", ...about, ...how });
}

function trade(exchange: TestExchange, side: Side, px: number, sz: number): void {
  const resting = { market: 0, side: side === BUY ? SELL : BUY, px, sz, tif: TIF.gtc } as const;
  exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: [resting] });
  exchange.run({
    kind: "placeOrders",
    signer: addressOf("owner"),
    vault: vaultOf(exchange),
    orders: [{ market: 0, side, px, sz, tif: TIF.ioc }],
  });
}

const mark = (exchange: TestExchange, px: number): ExchangeEvent[] =>
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });

/** Two vaults; the first gains, shares profit, loses, closes part of its position for who leaves. */
function liveThrough(): TestExchange {
  const exchange = createTestExchange({ markets: [testSpec()] });
  mark(exchange, 100_000);
  for (const name of ["owner", "ann", "bob", "maker"]) exchange.fund(name, 1_000_000);
  const rules = { profitShareCapBps: 3_000, noticeMs: DAY_MS, lockupMs: 0, creationFee: 5 * USDC };
  exchange.run({ kind: "setFeatures", vaults: 1, pools: 0, ...rules });
  for (const name of ["One", "Two"]) {
    const terms = { name, description: "", amount: 1_000 * USDC, profitShareBps: 1_000 };
    exchange.run({ kind: "createVault", signer: addressOf("owner"), ...terms });
  }
  move(exchange, "ann", 2_000);
  trade(exchange, BUY, 100_000, 20_000);
  mark(exchange, 120_000);
  move(exchange, "bob", 1_500);
  trade(exchange, SELL, 120_500, 5_000);
  move(exchange, "ann", -700);
  setProfitShare(exchange, 2_000);
  exchange.timeMs += 2 * DAY_MS;
  mark(exchange, 125_000);
  move(exchange, "ann", -500);
  trade(exchange, SELL, 124_000, 40_000);
  mark(exchange, 126_000);
  restAsks(exchange, 127_000);
  exchange.run({
    kind: "vaultModify",
    signer: addressOf("owner"),
    address: vaultOf(exchange),
    allowDeposits: null,
    alwaysClose: true,
  });
  move(exchange, "bob", -100_000);
  move(exchange, "ann", 300);
  exchange.drain();
  return exchange;
}

function setProfitShare(exchange: TestExchange, bps: number): void {
  const about = { signer: addressOf("owner"), address: vaultOf(exchange) };
  exchange.run({ kind: "setVault", ...about, change: { setting: "profitShare", bps } });
}

/** Somebody to close a short against. */
function restAsks(exchange: TestExchange, px: number): void {
  const order = { market: 0, side: SELL, px, sz: 100_000, tif: TIF.gtc } as const;
  exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: [order] });
}

function auditOf(exchange: TestExchange, events: readonly ExchangeEvent[], row = 0): VaultAudit {
  const fold = createVaultFold(vaultOf(exchange, row));
  for (const event of events) foldVaultEvent(fold, event);
  return auditVault(exchange.state, fold);
}

const exchange = liveThrough();
const { log } = exchange;

describe("a vault's audit", () => {
  test("agrees in every figure, of either vault", () => {
    const { lines, difference } = auditOf(exchange, log);
    expect(difference).toBeNull();
    expect(lines.map(({ engine }) => engine)).toEqual(lines.map(({ events }) => events));
    const [vault, other] = vaultViews(exchange.state);
    expect(vault?.profitShared).toBeGreaterThan(0);
    expect(vault?.depositors.length).toBe(2);
    expect(log.filter(({ kind }) => kind === "vaultWithdrawn")).toHaveLength(3);
    const closing = log.flatMap((event) =>
      event.kind === "vaultWithdrawn" ? [event.closingCost] : [],
    );
    expect(Math.max(...closing)).toBeGreaterThan(0);
    expect(lines.find(({ figure }) => figure === "position [TST]")?.engine).toMatch(/^-/);
    expect(auditOf(exchange, log, 1).difference).toBeNull();
    expect(other?.sharePrice).toBe(1_000_000_000);
  });

  test.each([
    ["vaultDeposited", "amount"],
    ["vaultDeposited", "shares"],
    ["vaultDeposited", "assets"],
    ["vaultWithdrawn", "amount"],
    ["vaultWithdrawn", "shares"],
    ["vaultWithdrawn", "basis"],
    ["vaultWithdrawn", "commission"],
    ["vaultWithdrawn", "commissionShares"],
    ["vaultWithdrawn", "requested"],
    ["vaultWithdrawn", "supply"],
    ["fill", "fee"],
    ["fill", "closedPnl"],
    ["fill", "sz"],
    ["fill", "px"],
    ["transferred", "amount"],
    ["oracleMoved", "markPx"],
  ])("differs where the %s of the vault says another %s", (kind, field) => {
    const vault = vaultViews(exchange.state)[0]?.account;
    const isOfVault = (event: ExchangeEvent): boolean =>
      kind === "oracleMoved" ||
      event.account === vault ||
      ("vault" in event && event.vault === vault);
    const places = log.flatMap((event, at) =>
      event.kind === kind && isOfVault(event) ? [at] : [],
    );
    const at = kind === "oracleMoved" ? places.at(-1) : places[0];
    const altered = log.map((event, index) =>
      index === at ? { ...event, [field]: (event as never)[field] + 1_000 } : event,
    );
    expect(auditOf(exchange, altered as ExchangeEvent[]).difference).not.toBeNull();
  });

  test("differs where an event is missing, and names what", () => {
    const at = log.findIndex(({ kind }) => kind === "vaultDeposited");
    const { difference } = auditOf(exchange, log.toSpliced(at, 1));
    expect(difference).toMatch(/^seq \d+: vaultDeposited says a supply before of 10\d+, /);
  });
});

test("agrees when a vault is liquidated with a deficit, and a deposit begins anew", () => {
  const lost = createTestExchange({ markets: [testSpec()] });
  mark(lost, 100_000);
  for (const name of ["owner", "ann", "maker"]) lost.fund(name, 1_000_000);
  lost.run({ kind: "fundInsurance", amount: 1_000_000 * USDC });
  const rules = { profitShareCapBps: 3_000, noticeMs: 0, lockupMs: 0, creationFee: 0 };
  lost.run({ kind: "setFeatures", vaults: 1, pools: 0, ...rules });
  const terms = { name: "One", description: "", amount: 1_000 * USDC, profitShareBps: 1_000 };
  lost.run({ kind: "createVault", signer: addressOf("owner"), ...terms });
  move(lost, "ann", 1_000);
  trade(lost, BUY, 100_000, 180_000);
  const bid = { market: 0, side: BUY, px: 85_000, sz: 200_000, tif: TIF.gtc } as const;
  lost.run({ kind: "placeOrders", signer: addressOf("maker"), orders: [bid] });
  mark(lost, 86_000);
  lost.drain();
  expect(lost.log.some(({ kind }) => kind === "deficitBooked")).toBe(true);
  expect(auditOf(lost, lost.log)).toMatchObject({ difference: null });
  expect(vaultViews(lost.state)[0]).toMatchObject({ equity: 0, supply: 20_000 * USDC });
  move(lost, "owner", 500);
  expect(auditOf(lost, lost.log)).toMatchObject({ difference: null });
  expect(vaultViews(lost.state)[0]).toMatchObject({ supply: 5_000 * USDC });
});

test("agrees after funding was paid, by an isolated position", () => {
  const funded = createTestExchange({ markets: [testSpec()] });
  mark(funded, 100_000);
  for (const name of ["owner", "maker"]) funded.fund(name, 1_000_000);
  const rules = { profitShareCapBps: 3_000, noticeMs: 0, lockupMs: 0, creationFee: 0 };
  funded.run({ kind: "setFeatures", vaults: 1, pools: 0, ...rules });
  const terms = { name: "One", description: "", amount: 1_000 * USDC, profitShareBps: 1_000 };
  funded.run({ kind: "createVault", signer: addressOf("owner"), ...terms });
  const about = { signer: addressOf("owner"), vault: vaultOf(funded) };
  funded.run({ kind: "updateLeverage", ...about, market: 0, leverage: 5, isCross: false });
  trade(funded, BUY, 100_000, 10_000);
  const markets = [{ market: 0, impactNotional: 1_000 * USDC }];
  funded.run({ kind: "setFunding", ...VENUE_FUNDING, markets });
  funded.timeMs += 3_600_000;
  funded.run({ kind: "tick" });
  const account = vaultViews(funded.state)[0]?.account as number;
  const paid = funded.log.filter(({ kind }) => kind === "fundingPaid");
  expect(paid.map((event) => event.account)).toContain(account);
  expect(accountSummary(funded.state, account).positions).toMatchObject([{ isIsolated: true }]);
  expect(auditOf(funded, funded.log)).toMatchObject({ difference: null });
  trade(funded, SELL, 101_000, 4_000);
  move(funded, "owner", 100);
  expect(auditOf(funded, funded.log)).toMatchObject({ difference: null });
  const without = funded.log.filter((event) => event.kind !== "fundingPaid");
  expect(auditOf(funded, without).difference).toMatch(/assets before/);
});

/** A journal with a vault in it. */
async function writeJournal(path: string): Promise<Hex> {
  const { sequencer } = openJournal({
    storage: createFileStorage(path),
    clock: { nowMs: () => asTimeMs(Date.UTC(2026, 0, 5)) },
    onFatal: (error) => {
      throw error;
    },
  });
  const record = createCommandRecord();
  const run = (command: Command): void => {
    writeCommand(command, record);
    sequencer.submit(record);
  };
  const rules = { profitShareCapBps: 3_000, noticeMs: 0, lockupMs: 0, creationFee: 0 };
  run({ kind: "setFeatures", vaults: 1, pools: 0, ...rules });
  run({ kind: "deposit", address: addressOf("owner"), amount: 1_000 * USDC });
  run({
    kind: "createVault",
    signer: addressOf("owner"),
    nonce: Date.UTC(2026, 0, 5),
    name: "Kept",
    description: "",
    amount: 400 * USDC,
    profitShareBps: 0,
  });
  const account = vaultViews(sequencer.state)[0]?.account ?? -1;
  const address = addressOfAccount(sequencer.state, account);
  await new Promise<void>((resolve) => sequencer.close(() => resolve()));
  return address;
}

describe("the command", () => {
  test("prints both columns; books that differ end with 1", () => {
    const altered = log.map((event) =>
      event.kind === "vaultDeposited" ? { ...event, amount: event.amount + 1 } : event,
    );
    const about = { vault: vaultOf(exchange), seq: 9 };
    const said: string[] = [];
    const output = { say: (text: string) => void said.push(text), emit: () => undefined };
    reportAudit(output, { ...about, ...auditOf(exchange, log) });
    expect(said).toContain("agrees");
    said.length = 0;
    const report = (): void => reportAudit(output, { ...about, ...auditOf(exchange, altered) });
    expect(report).toThrow(/^the books differ: seq \d+: vaultDeposited says /);
    expect(said.filter((line) => line.endsWith("differs")).length).toBeGreaterThan(0);
    expect(said).not.toContain("agrees");
  });

  test("replays a folder and agrees; says what there is not", async () => {
    const address = await writeJournal(folder);
    await expect(runVaultAudit(address, { data: folder })).resolves.toBeUndefined();
    const codeOf = (error: unknown) => (error instanceof ExitError ? error.exitCode : null);
    const nobody = runVaultAudit(addressOf("nobody"), { data: folder }).catch(codeOf);
    expect(await nobody).toBe(3);
    expect(await runVaultAudit("0x12", { data: folder }).catch(codeOf)).toBe(2);
    const nowhere = runVaultAudit(address, { data: join(folder, "none") }).catch(codeOf);
    expect(await nowhere).toBe(3);
  });
});
