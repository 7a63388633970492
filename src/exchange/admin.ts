/** Effects of the operator's commands: markets, oracle prices, money in and out, limits. */

import { ACCOUNT_RULE_NAMES, areAccountRulesSound } from "../base/account-rules.ts";
import { isFull, readLane } from "../base/column.ts";
import { specProblem } from "../base/instrument-spec.ts";
import { areTiersSound, MARGIN_TIERS_MAX } from "../base/margin-tiers.ts";
import {
  areSettingsSound,
  isMarketState,
  PROTECTION,
  type ProtectionSetting,
} from "../base/market-protection.ts";
import { REJECT, type RejectCode } from "../base/reject-code.ts";
import { addCash } from "./account/account.ts";
import { writeAccountRules } from "./account/account-rules.ts";
import { markAllChanged, markChanged } from "./account/changed-accounts.ts";
import { ROLE, signerOfWords } from "./account/signer.ts";
import { fundInsurance, setDefaultPolicy } from "./admin-defaults.ts";
import type { Book } from "./book/book.ts";
import {
  ACCOUNT_RULES_ITEMS,
  COMMAND,
  type CommandRecord,
  FEE_SCHEDULE,
  HEADER,
  ITEM,
  itemCount,
  itemLane,
  LIMITS_ON,
  PROTECTION_MARKET,
  SET_MARKET_STATE,
  SIGNER_AT,
  TIERS_MARKET,
  TRANSFER_AMOUNT,
} from "./command.ts";
import { readFundingArgs, readMarkArgs, readRules, readSpec, readTiers } from "./command-codec.ts";
import { beginEvent, type Core, commandTimeMs, lastEventByte } from "./core.ts";
import {
  ACCOUNT_EVENT,
  EVENT,
  EVENT_HEAD_LANES,
  MARK_TERMS_EVENT,
  MARKET_CAUSE,
  MARKET_EVENT,
  ORACLE_EVENT,
  PROTECTION_EVENT_AT,
} from "./event.ts";
import { setFeeSchedule, setStake } from "./fee/fee.ts";
import { FEE_SCHEDULES } from "./fee/fee-schedule.ts";
import { setFunding } from "./funding/funding.ts";
import { isSoundImpactNotional, isSoundTerms } from "./funding/funding-terms.ts";
import { queueBackstop, queueHoldersUnder } from "./liquidation/liquidation.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "./margin/margin.ts";
import { setTiers } from "./market/margin-tiers.ts";
import { addMarket, isMarket, marketByName } from "./market/market.ts";
import { termsOf } from "./market/market-terms.ts";
import { openProtectionRow, setSetting, settingsOf } from "./market/protection.ts";
import { notePrices, noteSettings, setMarketState } from "./matching/market-state.ts";
import type { TouchedAccounts } from "./matching/match.ts";
import { queueTriggers } from "./matching/trigger.ts";
import { passTwapPrices } from "./matching/twap.ts";
import { addToNumber, isDepositable, NUMBER, numberOf, setNumber } from "./numbers.ts";
import { markInputs, nextMarkPx, setMarkTerms } from "./oracle/mark.ts";
import { isSoundMark } from "./oracle/mark-terms.ts";
import { addOracleRow, setMarkPx, setOraclePx } from "./oracle/oracle.ts";
import { renewBounds } from "./oracle/price-bounds.ts";
import { openAccount } from "./ownership/open-account.ts";
import { setOperatorRiskLimits } from "./ownership/risk-setting.ts";
import { createPool, pausePool } from "./pool/pool.ts";
import { rejectCommand } from "./refusal.ts";
import { openBook } from "./state.ts";
import { followPrice } from "./strategy/runner.ts";
import { setFeatures } from "./vault/vault-command.ts";

const figures = createMarginFigures();

/** Applies an operator's command; kinds outside the set are refused as malformed before the journal. */
export function applyAdmin(core: Core, record: CommandRecord, touched: TouchedAccounts): void {
  switch (record.lanes[HEADER.kind]) {
    case COMMAND.createMarket:
      createMarket(core, record);
      return;
    case COMMAND.setOraclePrices:
      setOraclePrices(core, record);
      return;
    case COMMAND.deposit:
      deposit(core, record);
      return;
    case COMMAND.withdraw:
      withdraw(core, record);
      return;
    case COMMAND.setMarginTiers:
      setMarginTiers(core, record);
      return;
    case COMMAND.setLimits: {
      setNumber(core.numbers, NUMBER.limitsOn, record.lanes[LIMITS_ON] === 1 ? 1 : 0);
      const lane = beginEvent(core, EVENT.limitsSet, -1, -1, 0);
      core.events.lanes[lane + ACCOUNT_EVENT.amount] = numberOf(core.numbers, NUMBER.limitsOn);
      return;
    }
    case COMMAND.setFeeSchedule:
      changeFeeSchedule(core, record);
      return;
    case COMMAND.setDefaultPolicy:
      setDefaultPolicy(core, record);
      return;
    case COMMAND.fundInsurance:
      fundInsurance(core, record);
      return;
    case COMMAND.setAccountRules:
      changeAccountRules(core, record);
      return;
    case COMMAND.setStake:
      changeStake(core, record);
      return;
    case COMMAND.setMark:
      changeMark(core, record);
      return;
    case COMMAND.setProtection:
      changeProtection(core, record);
      return;
    case COMMAND.setMarketState:
      changeMarketState(core, record);
      return;
    case COMMAND.setFunding:
      changeFunding(core, record);
      return;
    case COMMAND.setRiskLimits:
      setOperatorRiskLimits(core, record);
      return;
    case COMMAND.setFeatures:
      setFeatures(core, record);
      return;
    case COMMAND.createPool:
      createPool(core, record);
      return;
    case COMMAND.pausePool:
      pausePool(core, record, touched);
  }
}

function createMarket(core: Core, record: CommandRecord): void {
  const spec = readSpec(record);
  if (specProblem(spec) !== null) return refuse(core, record, REJECT.marketSpecInvalid);
  if (marketByName(core.markets, spec.name) >= 0)
    return refuse(core, record, REJECT.marketNameTaken);
  if (isFull(core.markets.table)) return refuse(core, record, REJECT.capacityExhausted);
  const market = addMarket(core.markets, spec);
  addOracleRow(core.oracle);
  openBook(core, market);
  const lane = beginEvent(core, EVENT.marketCreated, -1, market, 0);
  const { lanes, bytes } = core.events;
  lanes[lane + MARKET_EVENT.szDecimals] = spec.szDecimals;
  lanes[lane + MARKET_EVENT.maxLeverage] = spec.maxLeverage;
  lanes[lane + MARKET_EVENT.pxMax] = spec.pxMax;
  lanes[lane + MARKET_EVENT.positionMax] = spec.positionMax;
  lanes[lane + MARKET_EVENT.notionalMin] = spec.notionalMin;
  lanes[lane + MARKET_EVENT.priceRule] = spec.priceRule === "everyTick" ? 1 : 0;
  lanes[lane + MARKET_EVENT.marginMode] = core.markets.marginMode.data[market] as number;
  bytes.fill(0, lastEventByte(core), lastEventByte(core) + 20);
  bytes.set(core.markets.name.data.subarray(market * 12, market * 12 + 12), lastEventByte(core));
}

/**
 * Whoever new tiers put under maintenance is found at the next oracle price: every account counts as
 * changed, and no sum of margin is kept.
 */
function setMarginTiers(core: Core, record: CommandRecord): void {
  const market = record.lanes[TIERS_MARKET] as number;
  if (!isMarket(core.markets, market)) return refuse(core, record, REJECT.marketUnknown);
  const first = { lowerBound: 0, maxLeverage: core.markets.maxLeverage.data[market] as number };
  const isShort = itemCount(record) < MARGIN_TIERS_MAX;
  const tiers = isShort ? readTiers(record) : [];
  if (!isShort || !areTiersSound([first, ...tiers]))
    return refuse(core, record, REJECT.marginTiersInvalid);
  setTiers(core.marginTiers, market, tiers);
  core.terms[market] = termsOf(core.markets, core.marginTiers, market);
  renewBounds(core, market);
  core.margins.data.fill(0);
  markAllChanged(core.changed);
  const lane = beginEvent(core, EVENT.marginTiersSet, -1, market, 0) + EVENT_HEAD_LANES;
  tiers.forEach(({ lowerBound, maxLeverage }, n) => {
    core.events.lanes[lane + 2 * n] = lowerBound;
    core.events.lanes[lane + 2 * n + 1] = maxLeverage;
  });
}

function setOraclePrices(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const count = itemCount(record);
  for (let i = 0; i < count; i++) {
    const market = lanes[itemLane(i) + ITEM.market] as number;
    const px = lanes[itemLane(i) + ITEM.px] as number;
    if (!isMarket(core.markets, market)) return refuse(core, record, REJECT.marketUnknown);
    const isSound =
      Number.isSafeInteger(px) && px >= 1 && px <= (core.markets.pxMax.data[market] as number);
    if (!isSound || !isElsewherePx(core, market, lanes[itemLane(i) + ITEM.elsewherePx] as number))
      return refuse(core, record, REJECT.oraclePxInvalid);
  }
  for (let i = 0; i < count; i++) movePrices(core, record, i);
  for (let i = 0; i < count; i++) notePrices(core, lanes[itemLane(i) + ITEM.market] as number);
  // Stops take their turn before liquidations: they may make one needless.
  for (let i = 0; i < count; i++) {
    const market = lanes[itemLane(i) + ITEM.market] as number;
    queueTriggers(core, market);
    passTwapPrices(core, market);
  }
  queueHoldersUnder(core, record);
  queueBackstop(core);
  for (let i = 0; i < count; i++) followPrice(core, lanes[itemLane(i) + ITEM.market] as number);
}

/** Whether this may be the mid of other venues' perps; 0 = not known [ticks]. */
const isElsewherePx = (core: Core, market: number, px: number): boolean =>
  Number.isSafeInteger(px) && px >= 0 && px <= (core.markets.pxMax.data[market] as number);

/** Sets index and mark by an item of a price command. */
function movePrices(core: Core, { lanes }: CommandRecord, item: number): void {
  const { oracle } = core;
  const market = lanes[itemLane(item) + ITEM.market] as number;
  const px = lanes[itemLane(item) + ITEM.px] as number;
  setOraclePx(oracle, market, px, commandTimeMs(core));
  markInputs.nowMs = commandTimeMs(core);
  markInputs.oraclePx = px;
  markInputs.lastPx = oracle.last.data[market] as number;
  markInputs.elsewherePx = lanes[itemLane(item) + ITEM.elsewherePx] as number;
  markInputs.pxMax = core.markets.pxMax.data[market] as number;
  const markPx = nextMarkPx(core.marks, market, core.books[market] as Book);
  setMarkPx(oracle, market, markPx);
  const lane = beginEvent(core, EVENT.oracleMoved, -1, market, item);
  core.events.lanes[lane + ORACLE_EVENT.px] = px;
  core.events.lanes[lane + ORACLE_EVENT.markPx] = markPx;
}

function deposit(core: Core, record: CommandRecord): void {
  const amount = record.lanes[TRANSFER_AMOUNT] as number;
  if (!isDepositable(core.numbers, amount)) return refuse(core, record, REJECT.amountInvalid);
  const signer = signerOfWords(core.signers, record.words, SIGNER_AT / 4);
  if (signer >= 0 && readLane(core.signers.role, signer) !== ROLE.master) {
    return refuse(core, record, REJECT.agentAddressTaken);
  }
  if (signer < 0) {
    if (isFull(core.accounts.table) || isFull(core.signers.table))
      return refuse(core, record, REJECT.capacityExhausted);
  }
  const account =
    signer < 0 ? openAccount(core, record, SIGNER_AT) : readLane(core.signers.account, signer);
  addCash(core.accounts, account, amount);
  markChanged(core.changed, account);
  addToNumber(core.numbers, NUMBER.deposits, amount);
  const lane = beginEvent(core, EVENT.deposited, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
}

function withdraw(core: Core, record: CommandRecord): void {
  const amount = record.lanes[TRANSFER_AMOUNT] as number;
  if (!(Number.isSafeInteger(amount) && amount > 0))
    return refuse(core, record, REJECT.amountInvalid);
  const signer = signerOfWords(core.signers, record.words, SIGNER_AT / 4);
  if (signer < 0 || readLane(core.signers.role, signer) !== ROLE.master) {
    return refuse(core, record, REJECT.accountUnknown);
  }
  const account = readLane(core.signers.account, signer);
  if (amount > withdrawableOf(computeMargin(core, account, figures))) {
    return refuse(core, record, REJECT.balanceInsufficient);
  }
  addCash(core.accounts, account, -amount);
  markChanged(core.changed, account);
  addToNumber(core.numbers, NUMBER.withdrawals, amount);
  const lane = beginEvent(core, EVENT.withdrawn, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
}

function changeFeeSchedule(core: Core, record: CommandRecord): void {
  const schedule = record.lanes[FEE_SCHEDULE] as number;
  if (FEE_SCHEDULES[schedule] === undefined) return refuse(core, record, REJECT.feeScheduleUnknown);
  // Plus zero: a lane may hold a negative one.
  setFeeSchedule(core, schedule + 0);
  const lane = beginEvent(core, EVENT.feeScheduleSet, -1, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = schedule + 0;
}

function changeMark(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const terms = readMarkArgs(record);
  const count = itemCount(record);
  for (let i = 0; i < count; i++) {
    if (!isMarket(core.markets, lanes[itemLane(i) + ITEM.market] as number))
      return refuse(core, record, REJECT.marketUnknown);
  }
  if (!isSoundMark(terms)) return refuse(core, record, REJECT.markTermsInvalid);
  for (let i = 0; i < count; i++) {
    const market = (lanes[itemLane(i) + ITEM.market] as number) + 0;
    setMarkTerms(core.marks, market, terms);
    const lane = beginEvent(core, EVENT.markSet, -1, market, i);
    core.events.lanes[lane + MARK_TERMS_EVENT.policy] = terms.policy + 0;
    core.events.lanes[lane + MARK_TERMS_EVENT.basisTauMs] = terms.basisTauMs;
    core.events.lanes[lane + MARK_TERMS_EVENT.bookTauMs] = terms.bookTauMs;
  }
}

function changeProtection(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const { markets, protection } = core;
  const market = (lanes[PROTECTION_MARKET] as number) + 0;
  if (!isMarket(markets, market)) return refuse(core, record, REJECT.marketUnknown);
  const names = Object.keys(PROTECTION) as ProtectionSetting[];
  const settings = settingsOf(protection, markets, market);
  for (let i = 0; i < itemCount(record); i++) {
    const name = names[lanes[itemLane(i) + ITEM.px] as number];
    if (name === undefined) return refuse(core, record, REJECT.protectionInvalid);
    // Plus zero: a lane may hold a negative one.
    settings[name] = (lanes[itemLane(i) + ITEM.sz] as number) + 0;
  }
  if (!areSettingsSound(settings)) return refuse(core, record, REJECT.protectionInvalid);
  openProtectionRow(protection, markets, market);
  const lane = beginEvent(core, EVENT.protectionSet, -1, market, 0) + PROTECTION_EVENT_AT;
  for (const name of names) {
    setSetting(protection, market, PROTECTION[name], settings[name]);
    core.events.lanes[lane + PROTECTION[name]] = settings[name];
  }
  noteSettings(core, market);
}

function changeMarketState(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const market = (lanes[SET_MARKET_STATE.market] as number) + 0;
  const state = (lanes[SET_MARKET_STATE.state] as number) + 0;
  const untilMs = (lanes[SET_MARKET_STATE.untilMs] as number) + 0;
  if (!isMarket(core.markets, market)) return refuse(core, record, REJECT.marketUnknown);
  const isTime = untilMs === 0 || (Number.isSafeInteger(untilMs) && untilMs > commandTimeMs(core));
  if (!isTime || !isMarketState(state)) return refuse(core, record, REJECT.protectionInvalid);
  openProtectionRow(core.protection, core.markets, market);
  setMarketState(core, market, { state, untilMs, cause: MARKET_CAUSE.operator });
}

function changeFunding(core: Core, record: CommandRecord): void {
  const { lanes } = record;
  const terms = readFundingArgs(record);
  const count = itemCount(record);
  for (let i = 0; i < count; i++) {
    if (!isMarket(core.markets, lanes[itemLane(i) + ITEM.market] as number))
      return refuse(core, record, REJECT.marketUnknown);
    if (!isSoundImpactNotional(lanes[itemLane(i) + ITEM.px] as number))
      return refuse(core, record, REJECT.fundingTermsInvalid);
  }
  if (!isSoundTerms(terms)) return refuse(core, record, REJECT.fundingTermsInvalid);
  for (let i = 0; i < count; i++) {
    const market = (lanes[itemLane(i) + ITEM.market] as number) + 0;
    setFunding(core, market, terms, lanes[itemLane(i) + ITEM.px] as number);
  }
}

function changeAccountRules(core: Core, record: CommandRecord): void {
  const rules = readRules(record);
  if (itemCount(record) !== ACCOUNT_RULES_ITEMS || !areAccountRulesSound(rules))
    return refuse(core, record, REJECT.accountRulesInvalid);
  writeAccountRules(core.accountRules, rules);
  const lane = beginEvent(core, EVENT.accountRulesSet, -1, -1, 0) + EVENT_HEAD_LANES;
  ACCOUNT_RULE_NAMES.forEach((name, i) => {
    core.events.lanes[lane + i] = rules[name] + 0;
  });
}

function changeStake(core: Core, record: CommandRecord): void {
  const stake = record.lanes[TRANSFER_AMOUNT] as number;
  if (!(Number.isSafeInteger(stake) && stake >= 0))
    return refuse(core, record, REJECT.amountInvalid);
  const signer = signerOfWords(core.signers, record.words, SIGNER_AT / 4);
  if (signer < 0 || readLane(core.signers.role, signer) !== ROLE.master)
    return refuse(core, record, REJECT.accountUnknown);
  const account = readLane(core.signers.account, signer);
  setStake(core, account, stake + 0);
  const lane = beginEvent(core, EVENT.stakeSet, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = stake + 0;
}

const refuse = (core: Core, record: CommandRecord, code: RejectCode): void =>
  rejectCommand(core, record, { account: -1, code });
