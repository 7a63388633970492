/** What limits an account beyond its margin. */
import * as v from "valibot";
import type { Hex } from "../../base/hex.ts";
import { accountOfAddress, riskLimits } from "../../exchange/query.ts";
import { formatSz, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const USER = v.pipe(v.string(), v.regex(/^0[xX][0-9a-fA-F]{40}$/));
const LEVERAGE_DECIMALS = 2;
const orNull = <T>(value: number, shape: (value: number) => T): T | null =>
  value === 0 ? null : shape(value);

interface Pair {
  readonly size: number;
  readonly exposure: number;
}

const wholeShape = ({ size, exposure }: Pair): object => ({
  maxPositions: orNull(size, (count) => count),
  maxLeverage: orNull(exposure, (value) => formatSz(value, LEVERAGE_DECIMALS)),
});

const marketShape = ({ size, exposure }: Pair, szDecimals: number): object => ({
  maxPosition: orNull(size, (lots) => formatSz(lots, szDecimals)),
  maxNotional: orNull(exposure, formatUsdc),
});

const isSet = ({ size, exposure }: Pair): boolean => size !== 0 || exposure !== 0;

/** `bourseRiskLimits`: limits across all markets, and of each market that has any; null = no limit. */
export const bourseRiskLimits = infoMethod(
  v.object({ type: v.literal("bourseRiskLimits"), user: USER }),
  ({ models, sequencer: { state } }, { user }): object => {
    const account = accountOfAddress(state, user.toLowerCase() as Hex);
    const whole = riskLimits(state, account, -1);
    return {
      owner: wholeShape(whole.owner),
      operator: wholeShape(whole.operator),
      markets: models.directory.markets.flatMap(({ name, market, szDecimals }) => {
        const { owner, operator } = riskLimits(state, account, market);
        if (!isSet(owner) && !isSet(operator)) return [];
        return [
          {
            coin: name,
            owner: marketShape(owner, szDecimals),
            operator: marketShape(operator, szDecimals),
          },
        ];
      }),
    };
  },
);
