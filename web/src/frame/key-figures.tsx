import { computed, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { readView } from "../stream/market-store.ts";
import type { View } from "../stream/stream-message.ts";
import { decimalText, moneyText, szText } from "../text/decimal-text.ts";
import { NONE, percentText } from "../text/figure-text.ts";

/** A text that changes its node alone, not what is around it. */
const textOf = (read: (view: View) => string): ReadonlySignal<string> =>
  computed(() => (readView.value === null ? NONE : read(readView.value)));

const netText = textOf(({ pnl }) => moneyText(pnl.net));
const positionText = textOf(({ position, szDecimals }) => szText(position, szDecimals, "always"));
const coinText = textOf(({ coin }) => coin);
const fillsText = textOf(({ counters }) => decimalText(counters.fills, 0));
const lossText = textOf(({ equity }) => percentText(equity.drawdown, 2));
const lossMaxText = textOf(({ equity }) => percentText(equity.drawdownMax, 0));
const grossText = textOf(({ position, mid }) =>
  mid === null ? NONE : moneyText(Math.abs(position) * mid, "minusOnly").replace(/\.\d+$/, ""),
);
const grossMaxText = textOf(({ limits, mid }) =>
  mid === null ? NONE : moneyText(limits.positionMax * mid, "minusOnly").replace(/\.\d+$/, ""),
);
const budgetText = textOf(({ budget }) =>
  budget.left === null ? "no bound" : decimalText(budget.left, 0),
);
const share = (read: (view: View) => number): ReadonlySignal<number> =>
  computed(() => {
    const value = readView.value === null ? 0 : read(readView.value);
    // To a half percent: a bar that trembles by less tells nothing.
    return Number.isFinite(value) ? Math.round(Math.min(1, Math.max(0, value)) * 200) / 200 : 0;
  });
const drawdownShare = share(({ equity }) => equity.drawdown / equity.drawdownMax);
const grossShare = share(({ position, limits }) => Math.abs(position) / limits.positionMax);

/** A bar towards a limit: soft up to half, strong from 90 % on, by length and by word alike. */
function Bar(props: { readonly share: ReadonlySignal<number>; readonly label: string }) {
  const size = props.share.value;
  const tone = size >= 0.9 ? "full" : size >= 0.6 ? "high" : "plain";
  return (
    <span
      class="bar"
      role="img"
      aria-label={`${props.label}: ${Math.round(size * 100)} % of limit`}
    >
      <i class={tone} style={{ width: `${size * 100}%` }} />
    </span>
  );
}

function Figure(props: {
  readonly name: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`stat ${props.class ?? ""}`}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** Result, fall from the peak, exposure and what the venue still takes, each against its limit. */
export function KeyFigures() {
  return (
    <dl class="figures">
      <Figure name="Net PnL" class="net">
        <span data-testid="net-pnl">{netText}</span>
      </Figure>
      <Figure name="Position" class="position">
        <span data-testid="position">{positionText}</span> <span class="soft">{coinText}</span>
      </Figure>
      <Figure name="Drawdown / limit" class="drawdown">
        {lossText} <span class="soft">/ {lossMaxText}</span>
        <Bar share={drawdownShare} label="Drawdown" />
      </Figure>
      <Figure name="Gross / limit" class="gross">
        {grossText} <span class="soft">/ {grossMaxText}</span>
        <Bar share={grossShare} label="Gross exposure" />
      </Figure>
      <Figure name="Fills" class="fill-figure">
        <span data-testid="fill-count">{fillsText}</span>
      </Figure>
      <Figure name="Order budget" class="extra">
        <span data-testid="budget">{budgetText}</span>
      </Figure>
    </dl>
  );
}
