/**
 * Commands as objects, for edges and tests: the same fields as the record's lanes, nothing more.
 * Addresses and cloids are lower-case 0x hex.
 */
import { ACCOUNT_RULE_NAMES, type AccountRules, accountRulesFrom } from "../base/account-rules.ts";
import type { Features } from "../base/features.ts";
import { bytesToHex, type Hex, isZero, readAscii, writeAscii, writeHex } from "../base/hex.ts";
import type { InstrumentSpec, MarginMode } from "../base/instrument-spec.ts";
import type { MarginTier } from "../base/margin-tiers.ts";
import { PROTECTION, type ProtectionSetting } from "../base/market-protection.ts";
import { STP, type Stp } from "../base/self-trade.ts";
import type { Side } from "../base/side.ts";
import type { Tif } from "../base/time-in-force.ts";
import {
  ACCOUNT_RULES_ITEMS,
  ADMIN_KINDS_END,
  ADMIN_KINDS_FROM,
  AGENT_NAME_BYTES,
  AGENT_VALID_UNTIL,
  BATCH_ATOMIC,
  beginCommand,
  CANCEL_ALL,
  COMMAND,
  type CommandRecord,
  CREATE_MARKET,
  DEFAULT_POLICY,
  FEE_SCHEDULE,
  FUNDING_ARGS,
  HEADER,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_FLAG,
  ITEM_STP_SHIFT,
  ITEM_TARGET_CLOID_AT,
  itemByte,
  itemCount,
  itemLane,
  LIMITS_ON,
  MARK_ARGS,
  PLACE_BUILDER,
  PROTECTION_MARKET,
  SCHEDULE_TIME,
  SET_MARKET_STATE,
  SIGNER_AT,
  SUBJECT_AT,
  stpOfFlags,
  TIERS_MARKET,
  TRANSFER_AMOUNT,
} from "./command.ts";
import { type AccountCommand, readAccountCommand, writeAccountCommand } from "./command-account.ts";
import { readFeatures, writeFeatures } from "./command-features.ts";
import { type MarginCommand, readMarginCommand, writeMarginCommand } from "./command-margin.ts";
import {
  type LiquidityCommand,
  type PoolAdminCommand,
  readLiquidity,
  readPoolAdmin,
  writeLiquidity,
  writePoolAdmin,
} from "./command-pool.ts";
import { type RewardCommand, readRewardCommand, writeRewardCommand } from "./command-reward.ts";
import {
  type OperatorRiskCommand,
  type RiskCommand,
  readOperatorRisk,
  readRiskCommand,
  writeRisk,
} from "./command-risk.ts";
import { beginSigned, readSigned, type Signed } from "./command-signed.ts";
import {
  readStrategyCommand,
  type StrategyCommand,
  writeStrategyCommand,
} from "./command-strategy.ts";
import { readTwapCommand, type TwapCommand, writeTwapCommand } from "./command-twap.ts";
import { readVaultCommand, type VaultCommand, writeVaultCommand } from "./command-vault.ts";

/** An order to place [px: ticks, sz: lots]. */
export interface OrderItem {
  market: number;
  side: Side;
  px: number;
  sz: number;
  tif: Tif;
  reduceOnly?: boolean;
  cloid?: Hex;
  /** Good until then [ms]. */
  expiresAtMs?: number;
  /** What happens when it meets an order of its own account; the resting one is canceled by default. */
  stp?: Stp;
  /** Orders of its master and of all of that one's sub-accounts count as its own account's. */
  groupScope?: boolean;
  /** Add liquidity only: rest at the best price that does not cross. */
  slide?: boolean;
  /** Immediate orders that are placed: farthest from the mark price of its entry that it may fill [10^-6]. */
  slippage?: number;
  /** The wire asked for a form that is not offered. */
  unsupported?: boolean;
  /** The children behind it wait for its fill. */
  parent?: boolean;
  /** It waits until the mark price reaches `px`: at market with tif ioc, at limit with gtc [ticks]. */
  trigger?: {
    px: number;
    takeProfit: boolean;
    /** Tied to the position; of size zero it follows it. */
    position?: boolean;
    /** It follows the mark price at `px` ticks, or bps; a stop at market. */
    trail?: "ticks" | "bps";
    /** It waits for the fill of the parent before it, of which it takes the size. */
    child?: boolean;
  };
}

/** A replacement: which order, and what takes its place. */
export interface ModifyItem {
  target: { oid: number } | { cloid: Hex };
  order: OrderItem;
  /** The replacement may cross. */
  alwaysPlace?: boolean;
}

/** Terms of funding: times [ms], rates [10^-12]. */
export interface FundingArgs {
  intervalMs: number;
  sampleMs: number;
  interest: number;
  clamp: number;
  divisor: number;
  cap: number;
}

/** What happens to accounts that cannot be closed in time. */
export interface DefaultPolicyArgs {
  /** An `ADL` number: who is deleveraged. */
  adl: number;
  /** Position notional above which a part is closed first [10^-6 USDC]. */
  partialAbove: number;
  /** Account that takes positions over; null = none. */
  backstop: Hex | null;
  /** Most that it may lose of its equity [10^-6 USDC]. */
  lossMax: number;
}

/** An oracle price [ticks]. */
export interface OraclePrice {
  market: number;
  px: number;
  /** Mid of other venues' perps, where it is known. */
  elsewherePx?: number;
}

/** How marks follow: a `MARK_POLICY` number and time constants [ms]. */
export interface MarkArgs {
  policy: number;
  basisTauMs: number;
  bookTauMs: number;
}

/** Every command as an object. */
export type Command =
  | { kind: "tick" }
  | { kind: "createMarket"; spec: InstrumentSpec }
  | { kind: "setOraclePrices"; prices: OraclePrice[] }
  | { kind: "deposit"; address: Hex; amount: number }
  | { kind: "withdraw"; address: Hex; amount: number }
  | { kind: "setLimits"; on: boolean }
  | { kind: "setMarginTiers"; market: number; tiers: MarginTier[] }
  | { kind: "setFeeSchedule"; schedule: number }
  | ({ kind: "setDefaultPolicy" } & DefaultPolicyArgs)
  | { kind: "fundInsurance"; amount: number }
  /** [10^-6 tokens] */
  | { kind: "setStake"; address: Hex; amount: number }
  | ({ kind: "setFeatures" } & Features)
  | {
      kind: "setProtection";
      market: number;
      /** What is left out stays as it is. */
      settings: Partial<Record<ProtectionSetting, number>>;
    }
  | OperatorRiskCommand
  | RiskCommand
  | { kind: "setMarketState"; market: number; state: number; untilMs: number }
  | ({
      kind: "setFunding";
      /** [10^-6 USDC] */
      markets: { market: number; impactNotional: number }[];
    } & FundingArgs)
  | ({ kind: "setMark"; markets: number[] } & MarkArgs)
  | ({ kind: "setAccountRules" } & AccountRules)
  | ({
      kind: "placeOrders";
      orders: OrderItem[];
      atomic?: boolean;
      /** Account of the builder, -1 = one that nobody has, and its fee [10^-5]. */
      builder?: { account: number; fee: number };
    } & Signed)
  | ({ kind: "cancelOrders"; cancels: { market: number; oid: number }[] } & Signed)
  | ({ kind: "cancelByCloid"; cancels: { market: number; cloid: Hex }[] } & Signed)
  | ({ kind: "modifyOrder"; modify: ModifyItem } & Signed)
  | ({ kind: "modifyOrders"; modifies: ModifyItem[] } & Signed)
  | ({ kind: "scheduleCancel"; timeMs: number } & Signed)
  | ({ kind: "approveAgent"; agent: Hex; name: string; validUntilMs: number } & Signed)
  | ({ kind: "noop" } & Signed)
  | AccountCommand
  | MarginCommand
  | RewardCommand
  | TwapCommand
  /** On all markets where none is named. */
  | ({ kind: "cancelAll"; market?: number } & Signed)
  | StrategyCommand
  | VaultCommand
  | PoolAdminCommand
  | LiquidityCommand;

const MARGIN_MODES: readonly MarginMode[] = ["cross", "noCross", "strictIsolated"];
const PRICE_RULES = ["fiveSignificantFigures", "everyTick"] as const;

/** Writes a command object into a record. Sequence and time are the sequencer's to stamp. */
export function writeCommand(command: Command, record: CommandRecord): void {
  if (isAdmin(command)) writeAdminCommand(command, record);
  else writeSignedCommand(command, record);
}

const isAdmin = (command: Command): command is AdminCommand =>
  COMMAND[command.kind] < COMMAND.placeOrders ||
  (COMMAND[command.kind] >= ADMIN_KINDS_FROM && COMMAND[command.kind] < ADMIN_KINDS_END);

type SignedCommand = Extract<Command, Signed>;
type AdminCommand = Exclude<Command, Signed>;

function writeAdminCommand(command: AdminCommand, record: CommandRecord): void {
  const { lanes, bytes } = record;
  const kind = COMMAND[command.kind];
  switch (command.kind) {
    case "tick":
      beginCommand(record, kind, 0);
      return;
    case "createMarket":
      beginCommand(record, kind, 0);
      writeSpec(command.spec, record);
      return;
    case "setOraclePrices":
      beginCommand(record, kind, command.prices.length);
      command.prices.forEach(({ market, px, elsewherePx }, i) => {
        lanes[itemLane(i) + ITEM.market] = market;
        lanes[itemLane(i) + ITEM.px] = px;
        lanes[itemLane(i) + ITEM.elsewherePx] = elsewherePx ?? 0;
      });
      return;
    case "deposit":
    case "withdraw":
    case "setStake":
      beginCommand(record, kind, 0);
      writeHex(command.address, bytes, SIGNER_AT, 20);
      lanes[TRANSFER_AMOUNT] = command.amount;
      return;
    case "setLimits":
      beginCommand(record, kind, 0);
      lanes[LIMITS_ON] = command.on ? 1 : 0;
      return;
    case "setMarginTiers":
      writeTiers(command, record);
      return;
    case "setProtection":
      writeProtection(command, record);
      return;
    case "setMarketState":
      writeMarketState(command, record);
      return;
    case "setFeeSchedule":
      beginCommand(record, kind, 0);
      lanes[FEE_SCHEDULE] = command.schedule;
      return;
    case "setDefaultPolicy":
      writeDefaultPolicy(command, record);
      return;
    case "fundInsurance":
      beginCommand(record, kind, 0);
      lanes[TRANSFER_AMOUNT] = command.amount;
      return;
    case "setMark":
      writeMark(command, record);
      return;
    case "setAccountRules":
      beginCommand(record, kind, ACCOUNT_RULES_ITEMS);
      ACCOUNT_RULE_NAMES.forEach((name, i) => {
        lanes[itemLane(0) + i] = command[name];
      });
      return;
    case "setRiskLimits":
      writeRisk(command, record);
      return;
    case "setFeatures":
      writeFeatures(command, record);
      return;
    case "createPool":
    case "pausePool":
      writePoolAdmin(command, record);
      return;
    case "setFunding":
      writeFunding(command, record);
      return;
  }
}

function writeDefaultPolicy(command: DefaultPolicyArgs, record: CommandRecord): void {
  const { lanes, bytes } = record;
  beginCommand(record, COMMAND.setDefaultPolicy, 0);
  if (command.backstop !== null) writeHex(command.backstop, bytes, SIGNER_AT, 20);
  lanes[DEFAULT_POLICY.adl] = command.adl;
  lanes[DEFAULT_POLICY.partialAbove] = command.partialAbove;
  lanes[DEFAULT_POLICY.lossMax] = command.lossMax;
}

function writeMark(command: Extract<Command, { kind: "setMark" }>, record: CommandRecord): void {
  const { lanes } = record;
  beginCommand(record, COMMAND.setMark, command.markets.length);
  lanes[MARK_ARGS.policy] = command.policy;
  lanes[MARK_ARGS.basisTauMs] = command.basisTauMs;
  lanes[MARK_ARGS.bookTauMs] = command.bookTauMs;
  command.markets.forEach((market, i) => {
    lanes[itemLane(i) + ITEM.market] = market;
  });
}

function writeMarketState(
  command: Extract<Command, { kind: "setMarketState" }>,
  record: CommandRecord,
): void {
  const { lanes } = record;
  beginCommand(record, COMMAND.setMarketState, 0);
  lanes[SET_MARKET_STATE.market] = command.market;
  lanes[SET_MARKET_STATE.state] = command.state;
  lanes[SET_MARKET_STATE.untilMs] = command.untilMs;
}

function writeFunding(
  command: Extract<Command, { kind: "setFunding" }>,
  record: CommandRecord,
): void {
  const { lanes } = record;
  beginCommand(record, COMMAND.setFunding, command.markets.length);
  for (const name of FUNDING_ARG_NAMES) lanes[FUNDING_ARGS[name]] = command[name];
  command.markets.forEach(({ market, impactNotional }, i) => {
    lanes[itemLane(i) + ITEM.market] = market;
    lanes[itemLane(i) + ITEM.px] = impactNotional;
  });
}

function writeSignedCommand(command: SignedCommand, record: CommandRecord): void {
  const { lanes, bytes } = record;
  const kind = COMMAND[command.kind];
  switch (command.kind) {
    case "placeOrders":
      beginSigned(record, kind, command.orders.length, command);
      command.orders.forEach((order, i) => {
        writeOrder(order, record, i);
      });
      lanes[BATCH_ATOMIC] = command.atomic === true ? 1 : 0;
      if (command.builder !== undefined) {
        // A builder that nobody is: no account has this number.
        const { account, fee } = command.builder;
        lanes[PLACE_BUILDER.account] = account < 0 ? -1 : account + 1;
        lanes[PLACE_BUILDER.fee] = fee;
      }
      return;
    case "cancelOrders":
      beginSigned(record, kind, command.cancels.length, command);
      command.cancels.forEach(({ market, oid }, i) => {
        lanes[itemLane(i) + ITEM.market] = market;
        lanes[itemLane(i) + ITEM.targetOid] = oid;
      });
      return;
    case "cancelByCloid":
      beginSigned(record, kind, command.cancels.length, command);
      command.cancels.forEach(({ market, cloid }, i) => {
        lanes[itemLane(i) + ITEM.market] = market;
        writeHex(cloid, bytes, itemByte(i) + ITEM_TARGET_CLOID_AT, 16);
      });
      return;
    case "modifyOrder":
    case "modifyOrders": {
      const modifies = command.kind === "modifyOrder" ? [command.modify] : command.modifies;
      beginSigned(record, kind, modifies.length, command);
      modifies.forEach((modify, i) => {
        writeModify(modify, record, i);
      });
      return;
    }
    case "scheduleCancel":
      beginSigned(record, kind, 0, command);
      lanes[SCHEDULE_TIME] = command.timeMs;
      return;
    case "approveAgent":
      beginSigned(record, kind, 1, command);
      writeHex(command.agent, bytes, SUBJECT_AT, 20);
      writeAscii(command.name, bytes, itemByte(0) + ITEM_CLOID_AT, AGENT_NAME_BYTES);
      lanes[AGENT_VALID_UNTIL] = command.validUntilMs;
      return;
    case "noop":
      beginSigned(record, kind, 0, command);
      return;
    case "twapOrder":
    case "twapCancel":
      writeTwapCommand(command, record);
      return;
    case "riskLimits":
      writeRisk(command, record);
      return;
    case "cancelAll":
      beginSigned(record, kind, 0, command);
      lanes[CANCEL_ALL.market] = command.market ?? 0;
      lanes[CANCEL_ALL.isOne] = command.market === undefined ? 0 : 1;
      return;
    default:
      writeOtherCommand(command, record);
  }
}

/** Writes the commands that have files of their own. */
function writeOtherCommand(
  command:
    | AccountCommand
    | LiquidityCommand
    | MarginCommand
    | RewardCommand
    | StrategyCommand
    | VaultCommand,
  record: CommandRecord,
): void {
  switch (command.kind) {
    case "registerReferrer":
    case "setReferrer":
    case "approveBuilderFee":
    case "claimRewards":
      writeRewardCommand(command, record);
      return;
    case "updateLeverage":
    case "updateIsolatedMargin":
    case "topUpIsolatedMargin":
      writeMarginCommand(command, record);
      return;
    case "startGrid":
    case "setQuote":
    case "startDeltaNeutral":
    case "controlStrategy":
      writeStrategyCommand(command, record);
      return;
    case "createVault":
    case "vaultTransfer":
    case "vaultModify":
    case "vaultDistribute":
    case "setVault":
      writeVaultCommand(command, record);
      return;
    case "changeLiquidity":
      writeLiquidity(command, record);
      return;
    default:
      writeAccountCommand(command, record);
  }
}

function writeTiers(
  { market, tiers }: Extract<Command, { kind: "setMarginTiers" }>,
  record: CommandRecord,
): void {
  const { lanes } = record;
  beginCommand(record, COMMAND.setMarginTiers, tiers.length);
  lanes[TIERS_MARKET] = market;
  tiers.forEach(({ lowerBound, maxLeverage }, i) => {
    lanes[itemLane(i) + ITEM.sz] = lowerBound;
    lanes[itemLane(i) + ITEM.px] = maxLeverage;
  });
}

function writeProtection(
  { market, settings }: Extract<Command, { kind: "setProtection" }>,
  record: CommandRecord,
): void {
  const given = Object.entries(PROTECTION).filter(
    ([name]) => settings[name as ProtectionSetting] !== undefined,
  );
  beginCommand(record, COMMAND.setProtection, given.length);
  record.lanes[PROTECTION_MARKET] = market;
  given.forEach(([name, setting], i) => {
    record.lanes[itemLane(i) + ITEM.px] = setting;
    record.lanes[itemLane(i) + ITEM.sz] = settings[name as ProtectionSetting] as number;
  });
}

function readProtection(record: CommandRecord): AdminCommand {
  const { lanes } = record;
  const names = Object.keys(PROTECTION) as ProtectionSetting[];
  const settings: Partial<Record<ProtectionSetting, number>> = {};
  for (let i = 0; i < itemCount(record); i++) {
    const name = names[lanes[itemLane(i) + ITEM.px] as number];
    if (name !== undefined) settings[name] = lanes[itemLane(i) + ITEM.sz] as number;
  }
  return { kind: "setProtection", market: lanes[PROTECTION_MARKET] as number, settings };
}

/** Reads a record back into an object; null for a kind that no command has. */
export const readCommand = (record: CommandRecord): Command | null =>
  readAdminCommand(record) ?? readSignedCommand(record);

function readAdminCommand(record: CommandRecord): AdminCommand | null {
  const { lanes } = record;
  const indices = Array.from({ length: itemCount(record) }, (_, i) => i);
  switch (lanes[HEADER.kind]) {
    case COMMAND.tick:
      return { kind: "tick" };
    case COMMAND.createMarket:
      return { kind: "createMarket", spec: readSpec(record) };
    case COMMAND.setOraclePrices:
      return {
        kind: "setOraclePrices",
        prices: indices.map((i) => readOraclePrice(record, i)),
      };
    case COMMAND.deposit:
      return { kind: "deposit", ...readTransfer(record) };
    case COMMAND.withdraw:
      return { kind: "withdraw", ...readTransfer(record) };
    case COMMAND.setLimits:
      return { kind: "setLimits", on: lanes[LIMITS_ON] === 1 };
    case COMMAND.setRiskLimits:
      return readOperatorRisk(record);
    case COMMAND.setFeatures:
      return { kind: "setFeatures", ...readFeatures(record) };
    case COMMAND.setProtection:
      return readProtection(record);
    case COMMAND.setMarketState:
      return {
        kind: "setMarketState",
        market: lanes[SET_MARKET_STATE.market] as number,
        state: lanes[SET_MARKET_STATE.state] as number,
        untilMs: lanes[SET_MARKET_STATE.untilMs] as number,
      };
    case COMMAND.setMarginTiers:
      return readTiersCommand(record);
    case COMMAND.setFeeSchedule:
      return { kind: "setFeeSchedule", schedule: lanes[FEE_SCHEDULE] as number };
    case COMMAND.setStake:
      return { kind: "setStake", ...readTransfer(record) };
    case COMMAND.setDefaultPolicy:
      return { kind: "setDefaultPolicy", ...readDefaultPolicy(record) };
    case COMMAND.fundInsurance:
      return { kind: "fundInsurance", amount: lanes[TRANSFER_AMOUNT] as number };
    case COMMAND.setMark:
      return {
        kind: "setMark",
        ...readMarkArgs(record),
        markets: indices.map((i) => lanes[itemLane(i) + ITEM.market] as number),
      };
    case COMMAND.setAccountRules:
      return { kind: "setAccountRules", ...readRules(record) };
    case COMMAND.setFunding:
      return {
        kind: "setFunding",
        ...readFundingArgs(record),
        markets: indices.map((i) => ({
          market: lanes[itemLane(i) + ITEM.market] as number,
          impactNotional: lanes[itemLane(i) + ITEM.px] as number,
        })),
      };
    default:
      return readPoolAdmin(record);
  }
}

function readSignedCommand(record: CommandRecord): SignedCommand | null {
  const { lanes, bytes } = record;
  const indices = Array.from({ length: itemCount(record) }, (_, i) => i);
  switch (lanes[HEADER.kind]) {
    case COMMAND.placeOrders:
      return {
        kind: "placeOrders",
        ...readSigned(record),
        orders: indices.map((i) => readOrder(record, i)),
        ...(lanes[BATCH_ATOMIC] === 1 && { atomic: true }),
        ...(lanes[PLACE_BUILDER.account] !== 0 && { builder: readBuilder(lanes) }),
      };
    case COMMAND.cancelOrders:
      return {
        kind: "cancelOrders",
        ...readSigned(record),
        cancels: indices.map((i) => ({
          market: lanes[itemLane(i) + ITEM.market] as number,
          oid: lanes[itemLane(i) + ITEM.targetOid] as number,
        })),
      };
    case COMMAND.cancelByCloid:
      return {
        kind: "cancelByCloid",
        ...readSigned(record),
        cancels: indices.map((i) => ({
          market: lanes[itemLane(i) + ITEM.market] as number,
          cloid: bytesToHex(bytes, itemByte(i) + ITEM_TARGET_CLOID_AT, 16),
        })),
      };
    case COMMAND.modifyOrder:
      return { kind: "modifyOrder", ...readSigned(record), modify: readModify(record, 0) };
    case COMMAND.modifyOrders:
      return {
        kind: "modifyOrders",
        ...readSigned(record),
        modifies: indices.map((i) => readModify(record, i)),
      };
    case COMMAND.scheduleCancel:
      return {
        kind: "scheduleCancel",
        ...readSigned(record),
        timeMs: lanes[SCHEDULE_TIME] as number,
      };
    case COMMAND.approveAgent:
      return {
        kind: "approveAgent",
        ...readSigned(record),
        agent: bytesToHex(bytes, SUBJECT_AT, 20),
        name: readAscii(bytes, itemByte(0) + ITEM_CLOID_AT, AGENT_NAME_BYTES),
        validUntilMs: lanes[AGENT_VALID_UNTIL] as number,
      };
    case COMMAND.noop:
      return { kind: "noop", ...readSigned(record) };
    case COMMAND.cancelAll:
      return {
        kind: "cancelAll",
        ...readSigned(record),
        ...(lanes[CANCEL_ALL.isOne] === 1 && { market: lanes[CANCEL_ALL.market] as number }),
      };
    default:
      return (
        readAccountCommand(record) ??
        readRewardCommand(record) ??
        readRiskCommand(record) ??
        readStrategyCommand(record) ??
        readTwapCommand(record) ??
        readVaultCommand(record) ??
        readLiquidity(record) ??
        readMarginCommand(record)
      );
  }
}

function readBuilder(lanes: Float64Array): { account: number; fee: number } {
  const account = lanes[PLACE_BUILDER.account] as number;
  return { account: account < 0 ? -1 : account - 1, fee: lanes[PLACE_BUILDER.fee] as number };
}

/** Reads the rules of a `setAccountRules` command. */
export const readRules = ({ lanes }: CommandRecord): AccountRules =>
  accountRulesFrom((index) => lanes[itemLane(0) + index] as number);

const readTiersCommand = (record: CommandRecord): AdminCommand => ({
  kind: "setMarginTiers",
  market: record.lanes[TIERS_MARKET] as number,
  tiers: readTiers(record),
});

/** Writes order `index` of a record begun before. */
function writeOrder(order: OrderItem, record: CommandRecord, index: number): void {
  const { lanes, bytes } = record;
  const lane = itemLane(index);
  lanes[lane + ITEM.market] = order.market;
  lanes[lane + ITEM.side] = order.side;
  lanes[lane + ITEM.px] = order.px;
  lanes[lane + ITEM.sz] = order.sz;
  lanes[lane + ITEM.tif] = order.tif;
  let flags = order.reduceOnly === true ? ITEM_FLAG.reduceOnly : 0;
  if (order.unsupported === true) flags |= ITEM_FLAG.unsupported;
  flags |= (order.stp ?? STP.maker) << ITEM_STP_SHIFT;
  if (order.groupScope === true) flags |= ITEM_FLAG.groupScope;
  if (order.slide === true) flags |= ITEM_FLAG.slide;
  if (order.slippage !== undefined) {
    flags |= ITEM_FLAG.slippage;
    lanes[lane + ITEM.slippage] = order.slippage;
  }
  if (order.parent === true) flags |= ITEM_FLAG.parent;
  if (order.expiresAtMs !== undefined) {
    flags |= ITEM_FLAG.expires;
    lanes[lane + ITEM.expiresAtMs] = order.expiresAtMs;
  }
  if (order.trigger !== undefined) {
    flags |= ITEM_FLAG.trigger | (order.trigger.takeProfit ? ITEM_FLAG.takeProfit : 0);
    if (order.trigger.position === true) flags |= ITEM_FLAG.position;
    if (order.trigger.child === true) flags |= ITEM_FLAG.child;
    if (order.trigger.trail === "ticks") flags |= ITEM_FLAG.trailing;
    if (order.trigger.trail === "bps") flags |= ITEM_FLAG.trailing | ITEM_FLAG.trailingBps;
    lanes[lane + ITEM.triggerPx] = order.trigger.px;
  }
  if (order.cloid !== undefined) {
    flags |= ITEM_FLAG.hasCloid;
    writeHex(order.cloid, bytes, itemByte(index) + ITEM_CLOID_AT, 16);
  }
  lanes[lane + ITEM.flags] = flags;
}

function readOrder(record: CommandRecord, index: number): OrderItem {
  const { lanes, bytes } = record;
  const lane = itemLane(index);
  const flags = lanes[lane + ITEM.flags] as number;
  const order: OrderItem = {
    market: lanes[lane + ITEM.market] as number,
    side: lanes[lane + ITEM.side] as Side,
    px: lanes[lane + ITEM.px] as number,
    sz: lanes[lane + ITEM.sz] as number,
    tif: lanes[lane + ITEM.tif] as Tif,
  };
  if (flags & ITEM_FLAG.reduceOnly) order.reduceOnly = true;
  if (flags & ITEM_FLAG.unsupported) order.unsupported = true;
  const stp = stpOfFlags(flags);
  if (stp !== STP.maker) order.stp = stp;
  if ((flags & ITEM_FLAG.groupScope) !== 0) order.groupScope = true;
  if (flags & ITEM_FLAG.slide) order.slide = true;
  if (flags & ITEM_FLAG.slippage) order.slippage = lanes[lane + ITEM.slippage] as number;
  if (flags & ITEM_FLAG.parent) order.parent = true;
  if ((flags & (ITEM_FLAG.expires | ITEM_FLAG.trigger)) === ITEM_FLAG.expires)
    order.expiresAtMs = lanes[lane + ITEM.expiresAtMs] as number;
  if (flags & ITEM_FLAG.trigger) {
    const takeProfit = (flags & ITEM_FLAG.takeProfit) !== 0;
    order.trigger = { px: lanes[lane + ITEM.triggerPx] as number, takeProfit };
    if (flags & ITEM_FLAG.position) order.trigger.position = true;
    if (flags & ITEM_FLAG.child) order.trigger.child = true;
    if (flags & ITEM_FLAG.trailing)
      order.trigger.trail = flags & ITEM_FLAG.trailingBps ? "bps" : "ticks";
  }
  if (flags & ITEM_FLAG.hasCloid)
    order.cloid = bytesToHex(bytes, itemByte(index) + ITEM_CLOID_AT, 16);
  return order;
}

/** Writes modify `index` of a record begun before. */
function writeModify(modify: ModifyItem, record: CommandRecord, index: number): void {
  writeOrder(modify.order, record, index);
  const lane = itemLane(index);
  if (modify.alwaysPlace === true) {
    record.lanes[lane + ITEM.flags] =
      (record.lanes[lane + ITEM.flags] as number) | ITEM_FLAG.alwaysPlace;
  }
  if ("oid" in modify.target) record.lanes[lane + ITEM.targetOid] = modify.target.oid;
  else writeHex(modify.target.cloid, record.bytes, itemByte(index) + ITEM_TARGET_CLOID_AT, 16);
}

function readModify(record: CommandRecord, index: number): ModifyItem {
  const oid = record.lanes[itemLane(index) + ITEM.targetOid] as number;
  const flags = record.lanes[itemLane(index) + ITEM.flags] as number;
  const modify: ModifyItem = {
    target:
      oid !== 0
        ? { oid }
        : { cloid: bytesToHex(record.bytes, itemByte(index) + ITEM_TARGET_CLOID_AT, 16) },
    order: readOrder(record, index),
  };
  if (flags & ITEM_FLAG.alwaysPlace) modify.alwaysPlace = true;
  return modify;
}

function writeSpec(spec: InstrumentSpec, record: CommandRecord): void {
  const { lanes } = record;
  writeAscii(spec.name, record.bytes, SUBJECT_AT, 20);
  lanes[CREATE_MARKET.szDecimals] = spec.szDecimals;
  lanes[CREATE_MARKET.maxLeverage] = spec.maxLeverage;
  lanes[CREATE_MARKET.pxMax] = spec.pxMax;
  lanes[CREATE_MARKET.positionMax] = spec.positionMax;
  lanes[CREATE_MARKET.notionalMin] = spec.notionalMin;
  lanes[CREATE_MARKET.rules] =
    PRICE_RULES.indexOf(spec.priceRule) + 2 * MARGIN_MODES.indexOf(spec.marginMode ?? "cross");
}

/** The instrument spec of a `createMarket` record. */
export function readSpec(record: CommandRecord): InstrumentSpec {
  const { lanes } = record;
  const rules = lanes[CREATE_MARKET.rules] as number;
  const marginMode = MARGIN_MODES[Math.trunc(rules / 2)] ?? "cross";
  return {
    name: readAscii(record.bytes, SUBJECT_AT, 20),
    szDecimals: lanes[CREATE_MARKET.szDecimals] as number,
    maxLeverage: lanes[CREATE_MARKET.maxLeverage] as number,
    pxMax: lanes[CREATE_MARKET.pxMax] as number,
    positionMax: lanes[CREATE_MARKET.positionMax] as number,
    notionalMin: lanes[CREATE_MARKET.notionalMin] as number,
    priceRule: PRICE_RULES[rules % 2] ?? "fiveSignificantFigures",
    ...(marginMode !== "cross" && { marginMode }),
  };
}

function readOraclePrice({ lanes }: CommandRecord, i: number): OraclePrice {
  const elsewherePx = lanes[itemLane(i) + ITEM.elsewherePx] as number;
  return {
    market: lanes[itemLane(i) + ITEM.market] as number,
    px: lanes[itemLane(i) + ITEM.px] as number,
    ...(elsewherePx === 0 ? {} : { elsewherePx }),
  };
}

/** The terms of a `setMark` record. */
export const readMarkArgs = ({ lanes }: CommandRecord): MarkArgs => ({
  policy: lanes[MARK_ARGS.policy] as number,
  basisTauMs: lanes[MARK_ARGS.basisTauMs] as number,
  bookTauMs: lanes[MARK_ARGS.bookTauMs] as number,
});

const FUNDING_ARG_NAMES = Object.keys(FUNDING_ARGS) as (keyof typeof FUNDING_ARGS)[];

/** The terms of a `setFunding` record. */
export const readFundingArgs = ({ lanes }: CommandRecord): FundingArgs => ({
  intervalMs: lanes[FUNDING_ARGS.intervalMs] as number,
  sampleMs: lanes[FUNDING_ARGS.sampleMs] as number,
  interest: lanes[FUNDING_ARGS.interest] as number,
  clamp: lanes[FUNDING_ARGS.clamp] as number,
  divisor: lanes[FUNDING_ARGS.divisor] as number,
  cap: lanes[FUNDING_ARGS.cap] as number,
});
/** The tiers of a `setMarginTiers` record. */
export const readTiers = (record: CommandRecord): MarginTier[] =>
  Array.from({ length: itemCount(record) }, (_, i) => ({
    lowerBound: record.lanes[itemLane(i) + ITEM.sz] as number,
    maxLeverage: record.lanes[itemLane(i) + ITEM.px] as number,
  }));

function readTransfer(record: CommandRecord): { address: Hex; amount: number } {
  return {
    address: bytesToHex(record.bytes, SIGNER_AT, 20),
    amount: record.lanes[TRANSFER_AMOUNT] as number,
  };
}

/** The arguments of a `setDefaultPolicy` record. */
export const readDefaultPolicy = ({ lanes, bytes }: CommandRecord): DefaultPolicyArgs => ({
  adl: lanes[DEFAULT_POLICY.adl] as number,
  partialAbove: lanes[DEFAULT_POLICY.partialAbove] as number,
  backstop: isZero(bytes, SIGNER_AT, 20) ? null : bytesToHex(bytes, SIGNER_AT, 20),
  lossMax: lanes[DEFAULT_POLICY.lossMax] as number,
});
