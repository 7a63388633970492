/** Sets an account's risk limits: its owner's, or those that the operator holds it to. */

import { readLane } from "../../base/column.ts";
import { REJECT } from "../../base/reject-code.ts";
import { ALL_MARKETS, hasRiskRoom, setPair } from "../account/risk-limit.ts";
import { ROLE, signerOfWords } from "../account/signer.ts";
import { type CommandRecord, SIGNER_AT } from "../command.ts";
import { readRiskArgs } from "../command-risk.ts";
import { beginEvent, type Core } from "../core.ts";
import { ACCOUNT_EVENT, EVENT } from "../event.ts";
import { isMarket } from "../market/market.ts";
import { rejectCommand } from "../refusal.ts";

/** Effect of `riskLimits`. */
export const setOwnRiskLimits = (core: Core, record: CommandRecord, account: number): void =>
  setRiskLimits(core, record, account, false);

/** Effect of `setRiskLimits`. */
export function setOperatorRiskLimits(core: Core, record: CommandRecord): void {
  const { signers } = core;
  const signer = signerOfWords(signers, record.words, SIGNER_AT / 4);
  const isUser = signer >= 0 && readLane(signers.role, signer) === ROLE.master;
  if (!isUser) return rejectCommand(core, record, { account: -1, code: REJECT.accountUnknown });
  setRiskLimits(core, record, readLane(signers.account, signer), true);
}

function setRiskLimits(
  core: Core,
  record: CommandRecord,
  account: number,
  isOperators: boolean,
): void {
  const asked = readRiskArgs(record);
  // Plus zero: a lane may hold a negative one.
  const market = asked.market + 0;
  const pair = { size: asked.size + 0, exposure: asked.exposure + 0 };
  const refuse = (code: number): void => rejectCommand(core, record, { account, code });
  if (market !== ALL_MARKETS && !isMarket(core.markets, market))
    return refuse(REJECT.marketUnknown);
  if (!hasRiskRoom(core.risk, account, market))
    return rejectCommand(core, record, {
      account,
      code: REJECT.capacityExhausted,
      a: core.risk.table.countMax,
    });
  if (!isAmount(pair.size) || !isAmount(pair.exposure)) return refuse(REJECT.riskLimitsInvalid);
  setPair(core.risk, account, market, isOperators, pair);
  const lane = beginEvent(core, EVENT.riskLimitsSet, account, market, 0);
  const { lanes } = core.events;
  lanes[lane + ACCOUNT_EVENT.amount] = pair.size;
  lanes[lane + ACCOUNT_EVENT.a] = pair.exposure;
  lanes[lane + ACCOUNT_EVENT.b] = isOperators ? 1 : 0;
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
