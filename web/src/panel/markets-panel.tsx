import { SparkLine } from "../chart/spark-line.tsx";
import { goTo } from "../control/route.ts";
import { Panel } from "../frame/panel.tsx";
import { makerState, readView } from "../stream/market-store.ts";
import type { View } from "../stream/stream-message.ts";
import { decimalText, moneyText, pxText, szText } from "../text/decimal-text.ts";
import {
  bpsOf,
  digitsText,
  NONE,
  numberText,
  percentText,
  yearlyVol,
} from "../text/figure-text.ts";
import { STATE_MARKS } from "../text/state-mark.ts";
import { Meter } from "./meter.tsx";

/** The markout that says most about being picked off: the one nearest to five seconds. */
function fiveSecondMarkout({ markouts }: View) {
  const far = ({ horizonMs }: { horizonMs: number }): number => Math.abs(horizonMs - 5_000);
  return markouts.toSorted((a, b) => far(a) - far(b))[0];
}

const marketSpread = ({ book, mid }: View): number | null => {
  const [bid] = book.bids;
  const [ask] = book.asks;
  return bid === undefined || ask === undefined ? null : bpsOf(ask.px - bid.px, mid);
};

/** In short, what each side does. */
function StateCell({ view }: { readonly view: View }) {
  const { name } = makerState.value;
  const { glyph, word } = STATE_MARKS[name];
  const { sides } = view;
  const held =
    name !== "quoting" || sides === null
      ? ""
      : [
          sides.bid.state === "quoting" ? "" : `bid ${sides.bid.state}`,
          sides.ask.state === "quoting" ? "" : `ask ${sides.ask.state}`,
        ]
          .filter((text) => text !== "")
          .join(", ");
  return (
    <td>
      <span class={`state ${name}`}>
        {glyph} {word}
      </span>{" "}
      <span class="soft">{held}</span>
    </td>
  );
}

function MarketRow({ view, number }: { readonly view: View; readonly number: number }) {
  const { coin, mid, szDecimals, position, limits, pnl, model, counters } = view;
  const vol = yearlyVol(model?.sigma ?? null, mid);
  const markout = fiveSecondMarkout(view);
  return (
    <tr data-testid="market-row" class="choosable" onClick={() => goTo("market")}>
      <td>
        <a href="#/market">
          <b>{coin}</b>
        </a>{" "}
        <kbd>{number}</kbd>
      </td>
      <td class="num">{pxText(mid, szDecimals)}</td>
      <td class="spark-cell">
        <SparkLine of="mid" label={`Mid of ${coin}, recent`} testId="mid-spark" />
      </td>
      <td class="num">
        {numberText(marketSpread(view), 2)}{" "}
        <span class="soft">/ {numberText(2 * view.halfSpreadBps, 2)}</span>
      </td>
      <td class="num">{szText(position, szDecimals, "always")}</td>
      <td class="meter-cell">
        <Meter
          middle
          share={limits.positionMax > 0 ? position / limits.positionMax : 0}
          label={`${percentText(position / limits.positionMax)} of the position limit`}
        />
      </td>
      <td class="num">{moneyText(pnl.unrealised)}</td>
      <td class="num">{moneyText(pnl.realised - pnl.fees)}</td>
      <td class="num">{markout === undefined ? NONE : numberText(markout.meanBps, 2, "+")}</td>
      <td class="num">{decimalText(counters.fills, 0)}</td>
      <td class="num">{vol === null ? NONE : `${digitsText(vol * 100)} %`}</td>
      <StateCell view={view} />
    </tr>
  );
}

/** Each market in a row; there is one to a maker. */
export function MarketsPanel() {
  const view = readView.value;
  return (
    <Panel title="Markets" name="markets" source="market">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Market</th>
              <th class="num">Mid</th>
              <th>
                <span class="unseen">Course</span>
              </th>
              <th class="num" title="Width of the market's spread and of ours">
                Spread / own, bps
              </th>
              <th class="num">Position</th>
              <th>of limit</th>
              <th class="num">Unrealised</th>
              <th class="num" title="Realised less fees">
                Realised
              </th>
              <th class="num" title="Mean markout 5 s after a fill">
                Markout 5 s, bps
              </th>
              <th class="num">Fills</th>
              <th class="num">σ a year</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>{view !== null && <MarketRow view={view} number={1} />}</tbody>
        </table>
      </div>
    </Panel>
  );
}
