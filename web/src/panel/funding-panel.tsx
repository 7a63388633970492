import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import { moneyText, pxText } from "../text/decimal-text.ts";
import { bpsOf, NONE, numberText } from "../text/figure-text.ts";

const HOURS_A_YEAR = 8_760;

/** A stretch of time as minutes and seconds [ms]. */
function untilText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Prices that margin and funding follow, what funding comes to and when it is paid next. */
export function FundingPanel() {
  const view = readView.value;
  const { oraclePx, markPx, fundingRate, nextFundingMs } = view?.reference ?? {
    oraclePx: 0,
    markPx: null,
    fundingRate: null,
    nextFundingMs: null,
  };
  const szDecimals = view?.szDecimals ?? 0;
  const basis = oraclePx === 0 || markPx === null ? null : bpsOf(markPx - oraclePx, oraclePx);
  const rate = fundingRate === null ? NONE : `${numberText(fundingRate * 100, 4, "+")} %/h`;
  const yearly = fundingRate === null ? null : fundingRate * HOURS_A_YEAR * 100;
  const until = nextFundingMs === null || view === null ? null : nextFundingMs - view.timeMs;
  return (
    <Panel title="Mark and funding" name="funding" source="market">
      <dl class="facts model" data-testid="funding">
        <dt>Mark</dt>
        <dd data-testid="mark-px">{pxText(markPx, szDecimals)}</dd>
        <dt>Oracle</dt>
        <dd data-testid="oracle-px">{pxText(oraclePx === 0 ? null : oraclePx, szDecimals)}</dd>
        <dt>Mark to oracle</dt>
        <dd>{basis === null ? NONE : `${numberText(basis, 2, "+")} bps`}</dd>
        <dt>Next in</dt>
        <dd data-testid="funding-next">{until === null ? NONE : untilText(until)}</dd>
        <dt title="What longs pay shorts, as foreseen">Longs pay</dt>
        <dd data-testid="funding-rate">{rate}</dd>
        <dt>A year</dt>
        <dd>{yearly === null ? NONE : `${numberText(yearly, 1, "+")} %`}</dd>
        <dt>Received</dt>
        <dd data-testid="funding-received">{moneyText(view?.pnl.funding ?? 0)}</dd>
      </dl>
    </Panel>
  );
}
