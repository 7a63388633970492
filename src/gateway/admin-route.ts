/**
 * Admin endpoints, for programs on this machine: the faucet, oracle prices, markets, withdrawals,
 * the state hash. They submit commands like everybody else and answer once those are durable.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import { ACCOUNT_RULE_NAMES, type AccountRules } from "../base/account-rules.ts";
import { FEATURE_NAMES, type Features } from "../base/features.ts";
import type { Hex } from "../base/hex.ts";
import { specProblem } from "../base/instrument-spec.ts";
import { ADL_NAMES, PARTIAL_ABOVE } from "../exchange/account/default-policy.ts";
import { COMMAND_ITEMS_MAX, createCommandRecord, GRID_FLAG } from "../exchange/command.ts";
import { type Command, writeCommand } from "../exchange/command-codec.ts";
import { readEvents } from "../exchange/event-codec.ts";
import { FEE_SCHEDULE_NAMES } from "../exchange/fee/fee-schedule.ts";
import { FUNDING_MODES } from "../exchange/funding/funding-terms.ts";
import { MARK_POLICIES } from "../exchange/oracle/mark-terms.ts";
import {
  accountCount,
  accountRules,
  featuresInForce,
  feeScheduleName,
  marketCount,
  marketSpec,
} from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { formatUsdc, parsePx, parseSz, parseUsdc } from "../wire/decimal.ts";
import { rejectText } from "../wire/reject-text.ts";
import { adminRefusal, callerOf } from "./admin-guard.ts";
import { TOO_MANY_TEXT } from "./exchange-action.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { isJsonRequest, readJsonBody, sendJson } from "./http-exchange.ts";
import type { LimitsMode } from "./ip-limits.ts";
import { protectionOrder, stateOrder } from "./protection-order.ts";
import { riskOrder } from "./risk-action.ts";
import { allMarkets, fundingCommand, markCommand } from "./venue-terms.ts";

/** What `/admin/status` tells besides the state's own figures. */
export interface AdminFacts {
  readonly limits: LimitsMode;
  /** Whether signatures are recovered natively. */
  readonly nativeRecovery: boolean;
}

/** Answers one request to a path below `/admin/`. */
export type AnswerAdmin = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** A command to submit and what to say when it is durable, or what is wrong with the request. */
type Order = GoodOrder | { readonly problem: string };
interface GoodOrder {
  readonly command: Command;
  readonly said: object;
  /** Commands that go with it, each once the one before has taken effect; the last one answers. */
  readonly follow?: readonly ((state: ExchangeState) => Command)[];
}
type Reply = (status: number, value: object) => void;

const NO_HEADERS = {} as const;
const DECIMAL = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => String(value)),
);
const ADDRESS = v.pipe(
  v.string(),
  v.regex(/^0[xX][0-9a-fA-F]{40}$/),
  v.transform((text) => text.toLowerCase() as Hex),
);
const TRANSFER = v.strictObject({ user: ADDRESS, usd: DECIMAL });
const ORACLE = v.strictObject({ prices: v.record(v.string(), DECIMAL) });
const FEES = v.strictObject({ schedule: v.picklist(FEE_SCHEDULE_NAMES) });
const FUNDING = v.strictObject({ funding: v.picklist(FUNDING_MODES) });
const MARK = v.strictObject({ mark: v.picklist(MARK_POLICIES) });
const STAKE = v.strictObject({ user: ADDRESS, tokens: DECIMAL });
const DEFAULTS = v.strictObject({
  adl: v.picklist(ADL_NAMES),
  backstop: v.nullable(ADDRESS),
  lossMax: v.optional(DECIMAL, "0"),
  partialAbove: v.optional(DECIMAL, formatUsdc(PARTIAL_ABOVE)),
});
const INSURANCE = v.strictObject({ usd: DECIMAL });
const MARKET = v.strictObject({
  name: v.string(),
  szDecimals: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(6)),
  maxLeverage: v.number(),
  pxMax: DECIMAL,
  positionMax: DECIMAL,
  notionalMin: v.optional(DECIMAL, "10"),
  priceRule: v.optional(
    v.picklist(["fiveSignificantFigures", "everyTick"]),
    "fiveSignificantFigures",
  ),
  marginMode: v.optional(v.picklist(["cross", "noCross", "strictIsolated"]), "cross"),
});

const TIERS = v.strictObject({
  coin: v.string(),
  tiers: v.array(v.strictObject({ lowerBound: DECIMAL, maxLeverage: v.number() })),
});

const WHOLE = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const POOL = v.strictObject({
  coin: v.string(),
  low: DECIMAL,
  high: DECIMAL,
  levels: WHOLE,
  size: DECIMAL,
  /** Part of takers' fees [10^-4], and the time over which one arrives: an hour [ms]. */
  feeShareBps: v.optional(WHOLE, 0),
  streamMs: v.optional(WHOLE, 3_600_000),
  /** Moves along beyond its range. */
  shift: v.optional(v.boolean(), false),
});
const POOL_PAUSE = v.strictObject({ pool: WHOLE, paused: v.boolean() });
const FEATURES = v.partial(
  v.strictObject(
    v.entriesFromList(FEATURE_NAMES, v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  ),
);
const RULES = v.partial(
  v.strictObject(
    v.entriesFromList(ACCOUNT_RULE_NAMES, v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  ),
);

const failed = (problem: string): { status: "err"; response: string } => ({
  status: "err",
  response: problem,
});

function transferOrder(kind: "deposit" | "withdraw", body: unknown): Order {
  const parsed = v.safeParse(TRANSFER, body);
  if (!parsed.success) return { problem: 'expected {"user":"0x…","usd":"1000"}' };
  const amount = parseUsdc(parsed.output.usd);
  if (amount === null || amount <= 0) return { problem: "usd must be a positive decimal number" };
  const { user } = parsed.output;
  return { command: { kind, address: user, amount }, said: { user, usd: formatUsdc(amount) } };
}

function oracleOrder(context: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(ORACLE, body);
  if (!parsed.success) return { problem: 'expected {"prices":{"BTC":"60000"}}' };
  const { state } = context.sequencer;
  const specs = Array.from({ length: marketCount(state) }, (_, market) =>
    marketSpec(state, market),
  );
  const prices: { market: number; px: number }[] = [];
  for (const [coin, text] of Object.entries(parsed.output.prices)) {
    const market = specs.findIndex(({ name }) => name === coin);
    const spec = specs[market];
    if (spec === undefined) return { problem: `no market is named ${coin}` };
    const px = parsePx(text, spec.szDecimals);
    if (px <= 0) return { problem: `the price of ${coin} must be a positive multiple of its tick` };
    prices.push({ market, px });
  }
  return { command: { kind: "setOraclePrices", prices }, said: { prices: parsed.output.prices } };
}

function marketOrder(body: unknown): Order {
  const parsed = v.safeParse(MARKET, body);
  if (!parsed.success) return { problem: v.summarize(parsed.issues) };
  const { szDecimals } = parsed.output;
  const spec = {
    ...parsed.output,
    pxMax: parsePx(parsed.output.pxMax, szDecimals),
    positionMax: parseSz(parsed.output.positionMax, szDecimals),
    notionalMin: parseUsdc(parsed.output.notionalMin) ?? -1,
  };
  const problem = specProblem(spec);
  if (problem !== null) return { problem };
  const opened = (state: ExchangeState): number[] =>
    allMarkets(state).filter((id) => marketSpec(state, id).name === spec.name);
  return {
    command: { kind: "createMarket", spec },
    said: { name: spec.name },
    follow: [
      (state) => fundingCommand(state, "venue", opened(state)),
      (state) => markCommand("venue", opened(state)),
    ],
  };
}

/** Tiers beyond the market's first. */
function tiersOrder({ sequencer: { state } }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(TIERS, body);
  if (!parsed.success)
    return {
      problem: 'expected {"coin":"BTC","tiers":[{"lowerBound":"150000000","maxLeverage":20}]}',
    };
  const { coin } = parsed.output;
  let market = marketCount(state) - 1;
  while (market >= 0 && marketSpec(state, market).name !== coin) market -= 1;
  if (market < 0) return { problem: `no market is named ${coin}` };
  const tiers = parsed.output.tiers.map(({ lowerBound, maxLeverage }) => ({
    lowerBound: parseUsdc(lowerBound) ?? -1,
    maxLeverage,
  }));
  if (tiers.length > COMMAND_ITEMS_MAX) return { problem: "there are too many tiers" };
  return { command: { kind: "setMarginTiers", market, tiers }, said: { coin } };
}

function feesOrder(body: unknown): Order {
  const parsed = v.safeParse(FEES, body);
  if (!parsed.success)
    return { problem: `expected {"schedule":"NAME"}, one of ${FEE_SCHEDULE_NAMES.join(", ")}` };
  const { schedule } = parsed.output;
  return {
    command: { kind: "setFeeSchedule", schedule: FEE_SCHEDULE_NAMES.indexOf(schedule) },
    said: { schedule },
  };
}

function fundingOrder({ sequencer: { state } }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(FUNDING, body);
  if (!parsed.success) return { problem: 'expected {"funding":"venue"} or {"funding":"off"}' };
  const { funding } = parsed.output;
  return { command: fundingCommand(state, funding, allMarkets(state)), said: { funding } };
}

function markOrder({ sequencer: { state } }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(MARK, body);
  if (!parsed.success) return { problem: 'expected {"mark":"venue"} or {"mark":"oracle"}' };
  const { mark } = parsed.output;
  return { command: markCommand(mark, allMarkets(state)), said: { mark } };
}

/** Who is deleveraged, and which account is the backstop. */
function defaultsOrder(body: unknown): Order {
  const parsed = v.safeParse(DEFAULTS, body);
  if (!parsed.success)
    return {
      problem: `expected {"adl":"NAME","backstop":"0x…"|null,"lossMax":"1000"}, NAME one of ${ADL_NAMES.join(", ")}`,
    };
  const { adl, backstop, lossMax, partialAbove } = parsed.output;
  return {
    command: {
      kind: "setDefaultPolicy",
      adl: ADL_NAMES.indexOf(adl),
      backstop,
      lossMax: parseUsdc(lossMax) ?? -1,
      partialAbove: parseUsdc(partialAbove) ?? -1,
    },
    said: parsed.output,
  };
}

function insuranceOrder(body: unknown): Order {
  const parsed = v.safeParse(INSURANCE, body);
  const amount = parsed.success ? parseUsdc(parsed.output.usd) : null;
  if (amount === null) return { problem: 'expected {"usd":"1000"}' };
  return { command: { kind: "fundInsurance", amount }, said: { usd: formatUsdc(amount) } };
}

function stakeOrder(body: unknown): Order {
  const parsed = v.safeParse(STAKE, body);
  if (!parsed.success) return { problem: 'expected {"user":"0x…","tokens":"1000"}' };
  const amount = parseUsdc(parsed.output.tokens);
  if (amount === null || amount < 0)
    return { problem: "tokens must be a decimal number from 0 on" };
  const { user, tokens } = parsed.output;
  return { command: { kind: "setStake", address: user, amount }, said: { user, tokens } };
}

/** Rules that the body leaves out stay as they are. */
function rulesOrder({ sequencer }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(RULES, body);
  if (!parsed.success)
    return { problem: `expected whole numbers for any of ${ACCOUNT_RULE_NAMES.join(", ")}` };
  const rules = { ...accountRules(sequencer.state), ...parsed.output } as AccountRules;
  return { command: { kind: "setAccountRules", ...rules }, said: { ...rules } };
}

/** Switches and rules that the body leaves out stay as they are. */
function featuresOrder({ sequencer }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(FEATURES, body);
  if (!parsed.success)
    return { problem: `expected whole numbers for any of ${FEATURE_NAMES.join(", ")}` };
  const features = { ...featuresInForce(sequencer.state), ...parsed.output } as Features;
  return { command: { kind: "setFeatures", ...features }, said: { ...features } };
}

function poolOrder({ sequencer }: GatewayContext, body: unknown): Order {
  const parsed = v.safeParse(POOL, body);
  if (!parsed.success)
    return {
      problem:
        'expected {"coin":"BTC","low":"57000","high":"63000","levels":7,"size":"0.01","feeShareBps":3000}',
    };
  const { coin, low, high, levels, size, feeShareBps, streamMs, shift } = parsed.output;
  const { state } = sequencer;
  const market = marketIds(state).find((id) => marketSpec(state, id).name === coin);
  if (market === undefined) return { problem: `no market is called ${coin}` };
  const { szDecimals } = marketSpec(state, market);
  const terms = {
    market,
    lowPx: parsePx(low, szDecimals),
    highPx: parsePx(high, szDecimals),
    levels,
    size: parseSz(size, szDecimals),
    gridFlags: shift ? GRID_FLAG.shift : 0,
    feeShareBps,
    streamMs,
  };
  return { command: { kind: "createPool", ...terms }, said: parsed.output };
}

function pauseOrder(body: unknown): Order {
  const parsed = v.safeParse(POOL_PAUSE, body);
  if (!parsed.success) return { problem: 'expected {"pool":1,"paused":true}' };
  return { command: { kind: "pausePool", ...parsed.output }, said: parsed.output };
}

const marketIds = (state: ExchangeState): number[] =>
  Array.from({ length: marketCount(state) }, (_, market) => market);

function orderOf(context: GatewayContext, path: string, body: unknown): Order | null {
  switch (path) {
    case "/admin/faucet":
      return transferOrder("deposit", body);
    case "/admin/withdraw":
      return transferOrder("withdraw", body);
    case "/admin/oracle":
      return oracleOrder(context, body);
    case "/admin/market":
      return marketOrder(body);
    case "/admin/protection":
      return protectionOrder(context.sequencer.state, body);
    case "/admin/risk-limits":
      return riskOrder(context.sequencer.state, body);
    case "/admin/market-state":
      return stateOrder(context.sequencer.state, body);
    case "/admin/margin-tiers":
      return tiersOrder(context, body);
    case "/admin/fees":
      return feesOrder(body);
    case "/admin/funding":
      return fundingOrder(context, body);
    case "/admin/defaults":
      return defaultsOrder(body);
    case "/admin/insurance":
      return insuranceOrder(body);
    case "/admin/mark":
      return markOrder(context, body);
    case "/admin/pool":
      return poolOrder(context, body);
    case "/admin/pool-pause":
      return pauseOrder(body);
    case "/admin/features":
      return featuresOrder(context, body);
    case "/admin/account-rules":
      return rulesOrder(context, body);
    case "/admin/stake":
      return stakeOrder(body);
    default:
      return null;
  }
}

/** Builds the answerer; `portOf` tells the port that the server listens on. */
export function createAdmin(
  context: GatewayContext,
  facts: AdminFacts,
  portOf: () => number,
): AnswerAdmin {
  const { sequencer } = context;
  const record = createCommandRecord();

  const submit = ({ command, said, follow = [] }: GoodOrder, reply: Reply): void => {
    writeCommand(command, record);
    const seq = sequencer.submit(record, (release) => {
      const refused = readEvents(release.ring, release.from, release.to).find(
        (event) => event.kind === "commandRejected" && event.seq === release.seq,
      );
      if (refused?.kind !== "commandRejected") {
        const [next, ...others] = follow;
        if (next !== undefined)
          return submit({ command: next(sequencer.state), said, follow: others }, reply);
        return reply(200, { status: "ok", seq: release.seq, ...said });
      }
      const place = { address: refused.address };
      reply(200, failed(rejectText(refused, place)));
    });
    if (seq === null) reply(429, failed(TOO_MANY_TEXT));
  };

  const read = (path: string, reply: Reply): void => {
    const { state, appliedSeq, durableSeq } = sequencer;
    if (path === "/admin/hash") {
      const hash = stateHash(state);
      return sequencer.whenDurable(() => reply(200, { seq: appliedSeq, hash }));
    }
    if (path !== "/admin/status") return reply(404, failed(`nothing is at GET ${path}`));
    reply(200, {
      appliedSeq,
      durableSeq,
      markets: marketCount(state),
      accounts: accountCount(state),
      feeSchedule: feeScheduleName(state),
      ...facts,
    });
  };

  return (path, request, response) => {
    const reply: Reply = (status, value) => sendJson(response, status, value, NO_HEADERS);
    const refusal = adminRefusal(callerOf(request), portOf());
    if (refusal !== null) return reply(403, failed(refusal));
    if (request.method === "GET") return read(path, reply);
    if (request.method !== "POST") return reply(405, failed("use GET or POST"));
    if (!isJsonRequest(request)) return reply(415, failed("content-type must be application/json"));
    readJsonBody(request, (outcome) => {
      if ("problem" in outcome) return reply(400, failed("the body must be JSON of at most 1 MiB"));
      const order = orderOf(context, path, outcome.value);
      if (order === null) return reply(404, failed(`nothing is at POST ${path}`));
      if ("problem" in order) return reply(400, failed(order.problem));
      submit(order, reply);
    });
  };
}
