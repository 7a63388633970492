import type { Leg, Strategy } from "../stream/vaults-message.ts";
import { decimalText, moneyText } from "../text/decimal-text.ts";
import { NONE } from "../text/figure-text.ts";
import { SignedMoney, Tile } from "./tile.tsx";

const KINDS: Readonly<Record<Strategy["kind"], string>> = {
  grid: "Grid",
  quote: "Two-sided quote",
  hedge: "Hedge",
};

const legText = (leg: Leg | null): string => (leg === null ? NONE : `${leg.sz} @ ${leg.px}`);

/** What a strategy does, each kind in its own figures. */
function Terms({ of }: { readonly of: Strategy }) {
  switch (of.kind) {
    case "grid":
      return (
        <>
          <Tile name={of.shifts ? "Range, follows" : "Range"}>
            {of.low} – {of.high}
          </Tile>
          <Tile name="Levels">
            {of.levels} × {of.size}
          </Tile>
          <Tile name="Completed cycles" testId="cycle-profit">
            <SignedMoney micros={of.cycleProfit} />
          </Tile>
        </>
      );
    case "quote":
      return (
        <>
          <Tile name="Bid" testId="quote-bid">
            <span class="buy">{legText(of.bid)}</span>
          </Tile>
          <Tile name="Ask" testId="quote-ask">
            <span class="sell">{legText(of.ask)}</span>
          </Tile>
        </>
      );
    case "hedge":
      return (
        <>
          <Tile name="Net exposure">{moneyText(of.net)}</Tile>
          <Tile name="Hedges">{decimalText(of.hedges, 0)}</Tile>
        </>
      );
  }
}

/** What the exchange runs for a vault or pool. */
export function StrategyList({ of }: { readonly of: readonly Strategy[] }) {
  if (of.length === 0) return <p class="empty">No strategy runs.</p>;
  return (
    <ul class="strategies">
      {of.map((strategy) => (
        <li key={strategy.id} class="strategy" data-testid="strategy" data-kind={strategy.kind}>
          <p>
            <b>{KINDS[strategy.kind]}</b> {strategy.coin}
            <span class={strategy.paused === null ? "good" : "warn"}>
              {strategy.paused === null ? "▶ running" : `‖ paused: ${strategy.paused}`}
            </span>
          </p>
          <dl class="tiles">
            <Terms of={strategy} />
            <Tile name="Position">{strategy.netSz.replace("-", "\u2212")}</Tile>
            <Tile name="Fills" testId="strategy-fills">
              {decimalText(strategy.fills, 0)}
            </Tile>
          </dl>
        </li>
      ))}
    </ul>
  );
}
