/**
 * Scenarios as tables. A script is a run of sections, each a word on a line of its own and a table:
 *
 *   commands   | who | command | events |      every row is applied, its events compared
 *   book       | side | px | sz | order |      the market's book, bids first, best first
 *   balances   | who | cash | position | ... | any of the columns of `balanceCell`
 *
 * Prices, sizes and money are decimals in coins and USDC; `wait 5s` moves the clock. Orders are
 * named with `as A`. Numbers of the events print as decimals again, so a table reads like a tape.
 */

import { expect } from "vitest";
import { readLane } from "../../src/base/column.ts";
import type { Hex } from "../../src/base/hex.ts";
import { type InstrumentSpec, lotsPerCoin, ticksPerUsdc } from "../../src/base/instrument-spec.ts";
import { cancelReasonName, rejectName } from "../../src/base/reject-code.ts";
import { STP } from "../../src/base/self-trade.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF, type Tif } from "../../src/base/time-in-force.ts";
import { TWAP_END } from "../../src/base/twap-end.ts";
import { MICROS_PER_USDC } from "../../src/base/units.ts";
import { ADL_NAMES } from "../../src/exchange/account/default-policy.ts";
import { PX_INVALID, PX_OFF_TICK, SZ_INVALID } from "../../src/exchange/command.ts";
import type { ModifyItem, OrderItem } from "../../src/exchange/command-codec.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import {
  accountOfAddress,
  accountRules,
  accountSummary,
  addressOfAccount,
  marketCount,
  marketSpec,
  systemBalances,
} from "../../src/exchange/query.ts";
import type { ExchangeState } from "../../src/exchange/state.ts";
import {
  addressOf,
  type CreateBook,
  cloidOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "./test-exchange.ts";

/** One table: cells by column name. */
export type Row = Readonly<Record<string, string>>;

/** Rows of a table written with `|`; the first row names the columns. */
export function parseTable(text: string): Row[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("|") && !/^\|[\s|-]+\|$/.test(line));
  const cells = lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  const [names = [], ...rows] = cells;
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])));
}

/** A scenario in play: the exchange and the names its orders go by. */
export interface Scenario {
  readonly exchange: TestExchange;
  readonly oidByName: Map<string, number>;
  readonly nameByOid: Map<number, string>;
  readonly names: Set<string>;
  /** Addresses of sub-accounts, by name. */
  readonly subs: Map<string, Hex>;
  /** Offers of positions, by name. */
  readonly offers: Map<string, number>;
}

/** A scenario over markets (default one: `testSpec()`), before its first command. */
export function createScenario(
  markets: readonly InstrumentSpec[] = [testSpec()],
  { limits = false, createBook }: { limits?: boolean; createBook?: CreateBook } = {},
): Scenario {
  const exchange = createTestExchange({
    markets,
    invariantsEvery: 1,
    ...(createBook !== undefined && { createBook }),
  });
  if (limits) exchange.run({ kind: "setLimits", on: true });
  return {
    exchange,
    oidByName: new Map(),
    nameByOid: new Map(),
    names: new Set(),
    subs: new Map(),
    offers: new Map(),
  };
}

/** Plays a script; every row's events, book and balances must be as written. */
export function play(scenario: Scenario, script: string): Scenario {
  const sections = script.split(/^\s*(commands|book\S*|balances|system)\s*$/m).slice(1);
  for (let i = 0; i < sections.length; i += 2) {
    const [title = "", market = ""] = (sections[i] as string).trim().split(":");
    const text = sections[i + 1] as string;
    const rows = parseTable(text);
    if (title === "commands") playCommands(scenario, rows);
    else if (title === "book") expect(bookRows(scenario, market), "book").toEqual(rows);
    else if (title === "balances") expectBalances(scenario, rows);
    else expectSystem(scenario, rows);
  }
  return scenario;
}

/** Plays a script on a new exchange with one market. */
export const playScenario = (script: string, markets?: readonly InstrumentSpec[]): Scenario =>
  play(createScenario(markets), script);

function playCommands(scenario: Scenario, rows: readonly Row[]): void {
  for (const { who = "", command = "", events } of rows) {
    const happened = perform(scenario, who, command);
    const said = happened.map((event) => describeEvent(scenario, event)).join(", ");
    if (events !== undefined) expect(said, `${who} ${command}`).toBe(events);
  }
}

function expectBalances(scenario: Scenario, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const actual = rows.map((row) =>
    Object.fromEntries(
      columns.map((name) => [name, balanceCell(scenario, row.who as string, name)]),
    ),
  );
  expect(actual, "balances").toEqual(rows);
}

function expectSystem(scenario: Scenario, rows: readonly Row[]): void {
  const { fees, insurance, residue, deposits, withdrawals } = systemBalances(
    scenario.exchange.state,
  );
  const all: Record<string, string> = {
    fees: usdc(fees),
    insurance: usdc(insurance),
    residue: usdc(residue),
    deposits: usdc(deposits),
    withdrawals: usdc(withdrawals),
  };
  const wanted = rows[0] as Row;
  const actual = Object.fromEntries(Object.keys(wanted).map((name) => [name, all[name]]));
  expect(actual, "system").toEqual(wanted);
}

function balanceCell(scenario: Scenario, who: string, column: string): string {
  if (column === "who") return who;
  const { state } = scenario.exchange;
  const sub = scenario.subs.get(who);
  const summary =
    sub === undefined
      ? scenario.exchange.summary(who)
      : accountSummary(state, accountOfAddress(state, sub));
  const position = summary.positions[0];
  const { szDecimals } = marketSpec(scenario.exchange.state, position?.market ?? 0);
  switch (column) {
    case "position":
      return decimal(position?.size ?? 0, lotsPerCoin(szDecimals));
    case "cost":
      return usdc(position?.cost ?? 0);
    case "orders":
      return String(summary.openOrders);
    case "requestsUsed":
      return String(summary.requestsUsed);
    case "margin":
      return usdc(position?.margin ?? 0);
    case "used":
      return usdc(position?.marginUsed ?? 0);
    case "free":
      return usdc(summary.equity - summary.initial);
    case "cash":
    case "equity":
    case "initial":
    case "maintenance":
    case "withdrawable":
    case "volume":
      return usdc(summary[column]);
    default:
      throw new Error(`no column ${column}`);
  }
}

/** The book of a market as rows `side | px | sz | order`. */
export function bookRows(scenario: Scenario, market = ""): Row[] {
  const { state } = scenario.exchange;
  const id = marketId(state, market);
  const spec = marketSpec(state, id);
  const rows: Row[] = [];
  for (const side of [BUY, SELL] as const) {
    state.books[id]?.forEach(side, (slot) => {
      rows.push({
        side: side === BUY ? "bid" : "ask",
        px: decimal(readLane(state.orders.px, slot), ticksPerUsdc(spec.szDecimals)),
        sz: decimal(readLane(state.orders.sz, slot), lotsPerCoin(spec.szDecimals)),
        order: nameOf(scenario, readLane(state.orders.oid, slot)),
      });
    });
  }
  return rows;
}

/** A decimal without trailing zeros of an integer over a power of ten. */
export function decimal(value: number, unit: number): string {
  const digits = String(unit).length - 1;
  const sign = value < 0 ? "-" : "";
  const text = String(Math.abs(value)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const rest = text.slice(text.length - digits).replace(/0+$/, "");
  return `${sign}${whole}${rest === "" ? "" : `.${rest}`}`;
}

const usdc = (micros: number): string => decimal(micros, MICROS_PER_USDC);
/** The integer of a decimal in units of 1/`unit`. */
const integer = (text: string, unit: number): number => Math.round(Number(text) * unit);

function marketId(state: ExchangeState, name: string): number {
  if (name === "") return 0;
  if (/^\d+$/.test(name)) return Number(name);
  for (let id = 0; id < marketCount(state); id++)
    if (marketSpec(state, id).name === name) return id;
  throw new Error(`no market ${name}`);
}

const nameOf = (scenario: Scenario, oid: number): string =>
  scenario.nameByOid.get(oid) ?? (oid === 0 ? "none" : `oid${oid}`);

/** An order as written: `buy 1.5@100 gtc ro cloid=7 on ETH as A always`. */
interface WrittenOrder {
  readonly item: OrderItem;
  readonly name: string | undefined;
  readonly always: boolean;
}

function parseOrder(scenario: Scenario, text: string): WrittenOrder {
  const words = text.trim().split(/\s+/);
  const after = (word: string): string | undefined => {
    const at = words.indexOf(word);
    return at < 0 ? undefined : words[at + 1];
  };
  const { state } = scenario.exchange;
  const market = marketId(state, after("on") ?? "");
  const known = market < marketCount(state) ? market : 0;
  const { szDecimals } = marketSpec(state, known);
  const [sz = "", px = ""] = (words[1] as string).split("@");
  const item: OrderItem = {
    market,
    side: (words[0] === "buy" ? BUY : SELL) as Side,
    px: parseLane(px, ticksPerUsdc(szDecimals)),
    sz: sz === "invalid" ? SZ_INVALID : integer(sz, lotsPerCoin(szDecimals)),
    tif: TIF[(words[2] ?? "gtc") as keyof typeof TIF] as Tif,
  };
  if (words.includes("ro")) item.reduceOnly = true;
  const stp = words.find((word) => word.startsWith("stp="));
  if (stp !== undefined) item.stp = STP[stp.slice(4) as keyof typeof STP];
  if (words.includes("group")) item.groupScope = true;
  if (words.includes("slide")) item.slide = true;
  const until = words.find((word) => word.startsWith("for="));
  if (until !== undefined)
    item.expiresAtMs = scenario.exchange.timeMs + integer(until.slice(4), 1_000);
  if (words.includes("parent")) item.parent = true;
  if (words.includes("grouped")) item.unsupported = true;
  const trigger = words.find((word) => /^(stop|profit)=/.test(word));
  if (trigger !== undefined) {
    const [kind, at = ""] = trigger.split("=");
    item.trigger = {
      px: parseLane(at, ticksPerUsdc(szDecimals)),
      takeProfit: kind === "profit",
      ...(words.includes("tied") && { position: true }),
      ...(words.includes("child") && { child: true }),
    };
  }
  const trail = /\btrail=(\S+?)(bps)?(?: |$)/.exec(text);
  if (trail !== null) {
    const [, at = "", bps] = trail;
    const offset = bps === undefined ? parseLane(at, ticksPerUsdc(szDecimals)) : Number(at);
    item.trigger = { px: offset, takeProfit: false, trail: bps === undefined ? "ticks" : "bps" };
  }
  const cloid = words.find((word) => word.startsWith("cloid="));
  if (cloid !== undefined) item.cloid = cloidOf(Number(cloid.slice(6)));
  return { item, name: after("as"), always: words.includes("always") };
}

function parseLane(px: string, unit: number): number {
  if (px === "invalid") return PX_INVALID;
  if (px === "offTick") return PX_OFF_TICK;
  return integer(px, unit);
}

/** `A` or `cloid=7` as the target of a cancel or modify. */
function parseTarget(scenario: Scenario, text: string): { oid: number } | { cloid: Hex } {
  if (text.startsWith("cloid=")) return { cloid: cloidOf(Number(text.slice(6))) };
  return { oid: scenario.oidByName.get(text) ?? Number(text) };
}

/** Address of a sub-account or user. */
const addressOfName = (scenario: Scenario, name: string): Hex =>
  scenario.subs.get(name) ?? addressOf(name);

/** The scenario as it is for who acts for a sub-account, written `master/sub`. */
function actingFor(scenario: Scenario, sub: string): Scenario {
  const vault = addressOfName(scenario, sub);
  const { exchange } = scenario;
  const run: TestExchange["run"] = (command) => {
    const isFor =
      "orders" in command || "cancels" in command || "expiresAtMs" in command || "offer" in command;
    return exchange.run(isFor ? { ...command, vault } : command);
  };
  return { ...scenario, exchange: { ...exchange, run } };
}

/** Applies one written command and learns the names of its orders. */
export function perform(scenario: Scenario, who: string, text: string): ExchangeEvent[] {
  const [master = "", sub] = who.split("/");
  if (sub !== undefined) return perform(actingFor(scenario, sub), master, text);
  const { exchange } = scenario;
  if (who !== "") scenario.names.add(who);
  const signer = addressOf(who);
  const [verb = "", ...words] = text.split(/\s+/);
  const rest = text.slice(verb.length).trim();
  switch (verb) {
    case "wait":
      exchange.timeMs += integer(
        rest.replace(/[a-z]+$/, ""),
        { s: 1_000, d: 86_400_000, ms: 1 }[
          rest.replace(/^[\d.]+/, "") as "s" | "d" | "ms"
        ] as number,
      );
      return [];
    case "tick":
      return exchange.run({ kind: "tick" });
    case "limits":
      return exchange.run({ kind: "setLimits", on: rest === "on" });
    case "sub": {
      const events = exchange.run({ kind: "createSubAccount", signer, name: rest });
      for (const event of events)
        if (event.kind === "subAccountCreated") scenario.subs.set(event.name, event.address);
      return events;
    }
    case "rename":
      return exchange.run({
        kind: "renameSubAccount",
        signer,
        subAccount: addressOfName(scenario, words[0] as string),
        name: words[1] ?? "",
      });
    case "send":
      scenario.names.add(words[0] as string);
      return exchange.run({
        kind: "usdSend",
        signer,
        destination: addressOfName(scenario, words[0] as string),
        amount: integer(words[1] as string, MICROS_PER_USDC),
      });
    case "split":
    case "merge":
      return exchange.run({
        kind: "movePosition",
        signer,
        subAccount: addressOfName(scenario, words[0] as string),
        isSplit: verb === "split",
        ...parsePart(scenario, words),
      });
    case "offer":
      return performOffer(scenario, signer, words);
    case "accept":
    case "drop":
      return exchange.run({
        kind: verb === "accept" ? "acceptOffer" : "endOffer",
        signer,
        offer: scenario.offers.get(rest) ?? Number(rest),
      });
    case "rules": {
      const changes = words.map((word) => word.split("=") as [string, string]);
      const rules = Object.fromEntries(changes.map(([name, value]) => [name, Number(value)]));
      return exchange.run({ kind: "setAccountRules", ...accountRules(exchange.state), ...rules });
    }
    case "give":
    case "take":
      return exchange.run({
        kind: "subAccountTransfer",
        signer,
        subAccount: addressOfName(scenario, words[0] as string),
        isDeposit: verb === "give",
        amount: integer(words[1] as string, MICROS_PER_USDC),
      });
    case "tiers":
      return exchange.run({
        kind: "setMarginTiers",
        market: 0,
        tiers: words.map((word) => {
          const [maxLeverage = "", lowerBound = ""] = word.split("x@");
          return {
            lowerBound: integer(lowerBound, MICROS_PER_USDC),
            maxLeverage: Number(maxLeverage),
          };
        }),
      });
    case "leverage":
      return exchange.run({
        kind: "updateLeverage",
        signer,
        market: marketId(exchange.state, /\bon (\S+)/.exec(rest)?.[1] ?? ""),
        leverage: Number(words[0]),
        isCross: !words.includes("isolated"),
      });
    case "margin":
      return exchange.run({
        kind: "updateIsolatedMargin",
        signer,
        market: marketId(exchange.state, /\bon (\S+)/.exec(rest)?.[1] ?? ""),
        amount: integer(words[0] as string, MICROS_PER_USDC),
      });
    case "topUp":
      return exchange.run({
        kind: "topUpIsolatedMargin",
        signer,
        market: marketId(exchange.state, /\bon (\S+)/.exec(rest)?.[1] ?? ""),
        leverage: integer(words[0] as string, 1_000_000),
      });
    case "deposit":
    case "withdraw":
      return exchange.run({ kind: verb, address: signer, amount: integer(rest, MICROS_PER_USDC) });
    case "oracle": {
      const market = words.length > 1 ? marketId(exchange.state, words[0] as string) : 0;
      const { szDecimals } = marketSpec(exchange.state, market);
      const px = integer(words.at(-1) as string, ticksPerUsdc(szDecimals));
      return exchange.run({ kind: "setOraclePrices", prices: [{ market, px }] });
    }
    case "insure":
      return exchange.run({ kind: "fundInsurance", amount: integer(rest, MICROS_PER_USDC) });
    case "policy":
      return performPolicy(scenario, words);
    case "cancelAll": {
      const market = words[0] === "on" ? { market: marketId(exchange.state, words[1] ?? "") } : {};
      return exchange.run({ kind: "cancelAll", signer, ...market });
    }
    case "twap":
      return performTwap(scenario, signer, words);
    case "untwap":
      return exchange.run({ kind: "twapCancel", signer, market: 0, twapId: Number(rest) });
    case "risk":
    case "hold": {
      // `risk 0 5 0` is the owner's, `hold alice 0 5 0` the operator's; market -1 = across all.
      const numbers = words.slice(verb === "risk" ? 0 : 1).map(Number);
      const [market = -1, size = 0, exposure = 0] = numbers;
      const limits = { market, size, exposure };
      if (verb === "risk") return exchange.run({ kind: "riskLimits", signer, ...limits });
      const address = addressOf(words[0] as string);
      return exchange.run({ kind: "setRiskLimits", address, ...limits });
    }
    case "protect": {
      const pairs = words.map((word) => word.split("=") as [string, string]);
      const settings = Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
      return exchange.run({ kind: "setProtection", market: 0, settings });
    }
    case "market": {
      const state = ["open", "cancelOnly", "postOnly"].indexOf(words[0] as string);
      const untilMs = words[1] === undefined ? 0 : exchange.timeMs + integer(words[1], 1_000);
      return exchange.run({ kind: "setMarketState", market: 0, state, untilMs });
    }
    case "noop":
      return exchange.run({ kind: "noop", signer });
    case "schedule": {
      const timeMs = rest === "off" ? 0 : exchange.timeMs + integer(rest, 1_000);
      return exchange.run({ kind: "scheduleCancel", signer, timeMs });
    }
    case "agent":
      return performAgent(scenario, signer, words);
    default:
      return performOrders(scenario, signer, verb, rest, text);
  }
}

/** `twap buy 10 for 5 ro random from=99 over to=110`: size, minutes, trigger price and side, stop price. */
function performTwap(scenario: Scenario, signer: Hex, words: string[]): ExchangeEvent[] {
  const { exchange } = scenario;
  const { szDecimals } = marketSpec(exchange.state, 0);
  const priceOf = (name: string): number | undefined => {
    const word = words.find((one) => one.startsWith(`${name}=`));
    return word === undefined
      ? undefined
      : parseLane(word.slice(name.length + 1), ticksPerUsdc(szDecimals));
  };
  const [from, to] = [priceOf("from"), priceOf("to")];
  return exchange.run({
    kind: "twapOrder",
    signer,
    twap: {
      market: words.includes("unknown") ? 9 : 0,
      side: words[0] === "buy" ? BUY : SELL,
      sz: words[1] === "invalid" ? SZ_INVALID : integer(words[1] ?? "", lotsPerCoin(szDecimals)),
      minutes: Number(words[3]),
      ...(words.includes("ro") && { reduceOnly: true }),
      ...(words.includes("random") && { randomize: true }),
      ...(from !== undefined && { trigger: { px: from, above: words.includes("over") } }),
      ...(to !== undefined && { stopPx: to }),
    },
  });
}

/** `policy queue backstop=dave loss=500 partial=1000`, each but the first where it matters. */
function performPolicy({ exchange, names }: Scenario, words: string[]): ExchangeEvent[] {
  const after = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const backstop = after("backstop");
  if (backstop !== undefined) names.add(backstop);
  const micros = (name: string, usual: string): number =>
    integer(after(name) ?? usual, MICROS_PER_USDC);
  return exchange.run({
    kind: "setDefaultPolicy",
    adl: ADL_NAMES.indexOf(words[0] as (typeof ADL_NAMES)[number]),
    partialAbove: micros("partial", "100000"),
    backstop: backstop === undefined ? null : addressOf(backstop),
    lossMax: micros("loss", "1000000"),
  });
}

/** Size, market and money of a position that is to change hands: `bob 2 on ETH usd=-5`. */
function parsePart({ exchange }: Scenario, words: readonly string[]) {
  const at = words.indexOf("on");
  const market = marketId(exchange.state, at < 0 ? "" : (words[at + 1] as string));
  const known = market < marketCount(exchange.state) ? market : 0;
  const { szDecimals } = marketSpec(exchange.state, known);
  const usd = words.find((word) => word.startsWith("usd="));
  return {
    market,
    sz: integer(words[1] as string, lotsPerCoin(szDecimals)),
    usd: usd === undefined ? 0 : integer(usd.slice(4), MICROS_PER_USDC),
  };
}

/** `offer bob 2 usd=-5 for=60 as O`: for a minute unless it says how many seconds. */
function performOffer(scenario: Scenario, signer: Hex, words: readonly string[]): ExchangeEvent[] {
  const { exchange } = scenario;
  const until = words.find((word) => word.startsWith("for="))?.slice(4) ?? "60";
  const events = exchange.run({
    kind: "offerPosition",
    signer,
    destination: addressOfName(scenario, words[0] as string),
    expiresAtMs: exchange.timeMs + integer(until, 1_000),
    ...parsePart(scenario, words),
  });
  const at = words.indexOf("as");
  for (const event of events)
    if (event.kind === "positionOffered" && at >= 0)
      scenario.offers.set(words[at + 1] as string, event.id);
  return events;
}

/** `agent bot named x for 10s`; `agent none named x` removes. */
function performAgent(scenario: Scenario, signer: Hex, words: string[]): ExchangeEvent[] {
  const { exchange } = scenario;
  const at = words.indexOf("named");
  const until = words.find((word) => word.startsWith("until="));
  const agent =
    words[0] === "none" ? (`0x${"0".repeat(40)}` as Hex) : addressOf(words[0] as string);
  if (words[0] !== "none") scenario.names.add(words[0] as string);
  return exchange.run({
    kind: "approveAgent",
    signer,
    agent,
    name: at < 0 ? "" : (words[at + 1] as string),
    validUntilMs: until === undefined ? 0 : exchange.timeMs + integer(until.slice(6), 1_000),
  });
}

function performOrders(
  scenario: Scenario,
  signer: Hex,
  verb: string,
  rest: string,
  text: string,
): ExchangeEvent[] {
  const { exchange } = scenario;
  if (verb === "cancel") {
    const targets = rest.split("+").map((one) => parseTarget(scenario, one.trim()));
    const byCloid = targets.every((target) => "cloid" in target);
    return byCloid
      ? exchange.run({
          kind: "cancelByCloid",
          signer,
          cancels: targets.map((target) => ({ market: 0, ...(target as { cloid: Hex }) })),
        })
      : exchange.run({
          kind: "cancelOrders",
          signer,
          cancels: targets.map((target) => ({ market: 0, ...(target as { oid: number }) })),
        });
  }
  if (verb === "modify" || verb === "batchModify") {
    const parts = rest.split("+").map((one) => one.trim().split(" to "));
    const orders = parts.map(([, order = ""]) => parseOrder(scenario, order));
    const modifies = parts.map(([target = ""], i): ModifyItem => {
      const written = orders[i] as WrittenOrder;
      const modify: ModifyItem = {
        target: parseTarget(scenario, target.trim()),
        order: written.item,
      };
      if (written.always) modify.alwaysPlace = true;
      return modify;
    });
    const events =
      verb === "modify"
        ? exchange.run({ kind: "modifyOrder", signer, modify: modifies[0] as ModifyItem })
        : exchange.run({ kind: "modifyOrders", signer, modifies });
    learnNames(scenario, events, orders);
    return events;
  }
  const orders = text.split("+").map((one) => parseOrder(scenario, one));
  const events = exchange.run({
    kind: "placeOrders",
    signer,
    orders: orders.map(({ item }) => item),
  });
  learnNames(scenario, events, orders);
  return events;
}

function learnNames(
  scenario: Scenario,
  events: readonly ExchangeEvent[],
  orders: readonly WrittenOrder[],
): void {
  for (const event of events) {
    const isNew =
      event.kind === "orderAccepted" ||
      event.kind === "orderWaiting" ||
      event.kind === "orderRejected";
    if (!isNew) continue;
    const name =
      event.item >= 0 ? orders[event.item]?.name : `${nameAccount(scenario, event.account)}!`;
    if (name === undefined) continue;
    scenario.oidByName.set(name, event.oid);
    scenario.nameByOid.set(event.oid, name);
  }
}

function nameAccount(scenario: Scenario, account: number): string {
  if (account < 0) return "nobody";
  const address = addressOfAccount(scenario.exchange.state, account);
  for (const [name, sub] of scenario.subs) if (sub === address) return name;
  for (const name of scenario.names) if (addressOf(name) === address) return name;
  return `account${account}`;
}

/** One event as a few words. */
export function describeEvent(scenario: Scenario, event: ExchangeEvent): string {
  const { state } = scenario.exchange;
  const spec =
    event.market >= 0 && event.market < marketCount(state)
      ? marketSpec(state, event.market)
      : testSpec();
  const sz = (lots: number): string => decimal(lots, lotsPerCoin(spec.szDecimals));
  const px = (ticks: number): string => decimal(ticks, ticksPerUsdc(spec.szDecimals));
  if ("oid" in event && event.item < 0 && !scenario.nameByOid.has(event.oid)) {
    scenario.nameByOid.set(event.oid, `${nameAccount(scenario, event.account)}!`);
  }
  const order = "oid" in event ? nameOf(scenario, event.oid) : "";
  switch (event.kind) {
    case "orderAccepted":
      return `accepted ${order}`;
    case "orderRested":
      return `rested ${order} ${sz(event.sz)}@${px(event.px)}`;
    case "orderWaiting":
      return `waiting ${order}`;
    case "orderTriggered":
      return `triggered ${order}`;
    case "twapStarted":
      return event.waiting ? `twap ${event.twapId} waits` : `twap ${event.twapId} runs`;
    case "twapSliced":
      return `twap ${event.twapId} ${sz(event.executedSz)} for ${usdc(event.executedNtl)}`;
    case "twapEnded": {
      const end = Object.entries(TWAP_END).find(([, number]) => number === event.end)?.[0];
      return `twap ${event.twapId} ${end}${event.code === 0 ? "" : ` ${rejectName(event.code)}`}`;
    }
    case "orderArmed":
      return `armed ${order} ${sz(event.sz)}`;
    case "orderReduced":
      return `reduced ${order} ${sz(event.sz)}`;
    case "orderCanceled":
      return `canceled ${order} ${cancelReasonName(event.reason)}`;
    case "orderRejected":
      return `rejected ${rejectName(event.code)}`;
    case "fill":
      return `${event.way === "book" ? "fill" : event.way} ${order} ${sz(event.sz)}@${px(event.px)}`;
    case "cancelRejected":
      return `cancelRejected ${rejectName(event.code)}`;
    case "commandRejected":
      return `refused ${rejectName(event.code)}`;
    case "accountOpened":
      return `opened ${nameAccount(scenario, event.account)}`;
    case "deposited":
    case "withdrawn":
    case "deficitBooked":
    case "insuranceFunded":
      return `${event.kind} ${usdc(event.amount)}`;
    case "marketCreated":
      return `market ${event.name}`;
    case "oracleMoved":
      return event.markPx === event.px
        ? `oracle ${px(event.px)}`
        : `oracle ${px(event.px)} mark ${px(event.markPx)}`;
    case "agentApproved":
    case "agentRemoved":
      return event.name === "" ? event.kind : `${event.kind} ${event.name}`;
    case "cancelScheduled":
      return event.scheduledMs === 0 ? "unscheduled" : "scheduled";
    case "scheduledCancelFired":
      return `fired ${nameAccount(scenario, event.account)}`;
    case "liquidationStarted":
      return `liquidating ${nameAccount(scenario, event.account)}${event.market < 0 ? "" : " alone"}`;
    case "cooldownStarted":
      return `cooldown ${nameAccount(scenario, event.account)}`;
    case "backstopTookOver":
      return `${nameAccount(scenario, event.backstop)} took over ${nameAccount(scenario, event.account)} ${usdc(event.amount)}`;
    case "deleveraged":
      return `deleveraged ${nameAccount(scenario, event.account)} ${sz(event.lots)}@${px(event.px)} ${usdc(event.amount)}`;
    case "defaultPolicySet":
      return `policy ${ADL_NAMES[event.adl]}`;
    case "limitsSet":
      return `limits ${event.on ? "on" : "off"}`;
    case "referralCodeRegistered":
      return `code ${event.referralCode}`;
    case "referrerNamed":
      return `referred by ${nameAccount(scenario, event.referrer)}`;
    case "builderApproved":
      return `builder ${nameAccount(scenario, event.builder)} ${event.feeMax}`;
    case "rewardsClaimed":
      return `claimed ${usdc(event.amount)}`;
    case "subAccountCreated":
      return `sub ${event.name}`;
    case "subAccountRenamed":
      return `renamed ${event.name}`;
    case "accountRulesSet":
      return "rules";
    case "positionMoved":
      return `moved ${sz(event.size)}`;
    case "positionOffered":
      return `offered ${sz(event.size)}`;
    case "offerEnded":
      return `offer ${["accepted", "withdrawn", "declined", "expired"][event.end]}`;
    case "transferred":
      return `transferred ${usdc(event.amount)}${event.fee === 0 ? "" : ` fee ${usdc(event.fee)}`}`;
    case "marketStateSet": {
      const word = ["open", "cancelOnly", "postOnly"][event.state] as string;
      const from = event.fromPx === 0 ? "" : ` ${px(event.fromPx)} to ${px(event.px)}`;
      return `state ${word}${from}`;
    }
    case "liquidationsPaused":
      return "paused";
    case "liquidationsResumed":
      return "resumed";
    case "riskLimitsSet":
      return `risk ${event.market < 0 ? "all" : event.market} ${event.size} ${event.exposure}`;
    case "protectionSet":
      return "protection";
    case "marginTiersSet":
      return `tiers ${event.tiers.map((tier) => `${tier.maxLeverage}x@${usdc(tier.lowerBound)}`).join(" ")}`.trim();
    case "feeScheduleSet":
      return `fees ${event.schedule}`;
    case "stakeSet":
      return `stake ${event.stake}`;
    case "fundingSet":
      return `funding every ${event.intervalMs / 60_000}min`;
    case "markSet":
      return `mark policy ${event.policy}`;
    case "fundingPaid":
      return `funded ${nameAccount(scenario, event.account)} ${usdc(event.amount)}`;
    case "fundingSettled":
      return `funding ${event.rate}`;
    case "poolCreated":
    case "liquidityAdded":
    case "liquidityRemoved":
    case "poolEarned":
      return `${event.kind} ${event.amount} ${event.tokens}`;
    case "isolatedMarginUpdated":
      return `margin ${usdc(event.amount)}`;
    case "vaultCreated":
    case "vaultDeposited":
    case "vaultWithdrawn":
    case "vaultChanged":
      return `${event.kind} ${event.amount} ${event.shares}`;
    case "featuresSet":
      return "features";
    case "strategyStarted":
    case "strategyPaused":
    case "strategyResumed":
    case "strategyEnded":
      return `${event.kind} ${event.a}`;
    case "gridCycled":
      return `cycled ${sz(event.a)} ${usdc(event.b)}`;
    case "leverageUpdated":
      return `leverage ${event.leverage}${event.isCross ? "" : " isolated"}`;
  }
}
