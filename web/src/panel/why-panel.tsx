import { type Explanation, explainOrder, explanation } from "../control/why.ts";
import { pressed } from "../frame/controls-bar.tsx";
import { Panel } from "../frame/panel.tsx";
import { makerState, readView } from "../stream/market-store.ts";
import type { Model, Reason, SideStatus, Term, View } from "../stream/stream-message.ts";
import { clockText, pxText, szText } from "../text/decimal-text.ts";
import { bpsOf, digitsText, NONE, numberText, perBp, yearlyVol } from "../text/figure-text.ts";
import { SIDE_MARKS, STATE_MARKS } from "../text/state-mark.ts";

function SideLine({ name, side }: { readonly name: "bid" | "ask"; readonly side: SideStatus }) {
  const { glyph, word } = SIDE_MARKS[side.state];
  return (
    <li data-testid={`side-${name}`} data-state={side.state}>
      <span class={name === "bid" ? "buy" : "sell"}>{name === "bid" ? "▲ Bid" : "▼ Ask"}</span>{" "}
      <span class={`side-state ${side.state}`}>
        {glyph} {word}
      </span>{" "}
      <span class="side-text">{side.text}</span>
    </li>
  );
}

/** What the maker does, and why it quotes less than it could. */
function Reasons() {
  const { name, reasons } = makerState.value;
  const { glyph, word } = STATE_MARKS[name];
  const sides = readView.value?.sides ?? null;
  return (
    <ul class="why-list" data-testid="reasons">
      {(sides === null || name !== "quoting") && (
        <li>
          <span class={`state ${name}`}>
            {glyph} {word}
          </span>
          {reasons.length === 0 && name === "quoting" ? " on both sides, nothing held back" : ""}
        </li>
      )}
      {reasons.map((reason) => (
        <li key={reason} class="reason">
          {reason}
        </li>
      ))}
      {sides !== null && <SideLine name="bid" side={sides.bid} />}
      {sides !== null && <SideLine name="ask" side={sides.ask} />}
    </ul>
  );
}

/** Parts of the half-spread as bars from where the one before ended; they add up to it. */
function Terms(props: {
  readonly terms: readonly Term[];
  readonly halfSpread: number | null;
  readonly mid: number | null;
}) {
  const { terms, halfSpread, mid } = props;
  const shown = terms.filter(({ ticks }) => Math.abs(bpsOf(ticks, mid) ?? ticks) >= 0.005);
  const ends = shown.map((_, i) => shown.slice(0, i + 1).reduce((sum, one) => sum + one.ticks, 0));
  const low = Math.min(0, ...ends);
  const wide = Math.max(...ends, halfSpread ?? 0, 1e-9) - low;
  return (
    <table class="terms" data-testid="terms">
      <tbody>
        {shown.map(({ name, ticks }, i) => {
          const start = ends[i - 1] ?? 0;
          const left = (Math.min(start, start + ticks) - low) / wide;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="term-bar">
                <i
                  class={ticks < 0 ? "less" : "more"}
                  style={{ left: `${left * 100}%`, width: `${(Math.abs(ticks) / wide) * 100}%` }}
                />
              </td>
              <td class="num">{numberText(bpsOf(ticks, mid), 2, "+")}</td>
            </tr>
          );
        })}
        <tr class="total">
          <th scope="row">half-spread</th>
          <td />
          <td class="num">{numberText(bpsOf(halfSpread, mid), 2)} bps</td>
        </tr>
      </tbody>
    </table>
  );
}

/** The skew is what is taken off both quotes; people read the shift itself. */
const shiftOf = (skew: number | null): number | null => (skew === null ? null : -skew);

/** An estimate's standing: from observations, or still what it was set to. */
const sourceText = (source: "estimated" | "prior"): string =>
  source === "prior" ? " (prior)" : "";

function ModelFigures({ model, view }: { readonly model: Model; readonly view: View }) {
  const { mid, szDecimals, fair } = view;
  const { sigma, intensityA, intensityK, gamma, skew, sources } = model;
  const vol = yearlyVol(sigma, mid);
  return (
    <dl class="facts model" data-testid="model">
      <dt>Fair</dt>
      <dd>{pxText(fair === null ? null : Math.round(fair * 10) / 10, szDecimals)}</dd>
      <dt>Reservation</dt>
      <dd>
        {pxText(
          model.reservationPx === null ? null : Math.round(model.reservationPx * 10) / 10,
          szDecimals,
        )}
      </dd>
      <dt>σ a year{sourceText(sources.sigma)}</dt>
      <dd>{vol === null ? NONE : `${digitsText(vol * 100)} %`}</dd>
      <dt>Quotes shifted</dt>
      <dd>{numberText(bpsOf(shiftOf(skew), mid), 2, "+")} bps</dd>
      <dt>A{sourceText(sources.intensity)}</dt>
      <dd>{digitsText(intensityA)} /s</dd>
      <dt>k{sourceText(sources.intensity)}</dt>
      <dd>{digitsText(perBp(intensityK, mid))} /bp</dd>
      <dt>γ</dt>
      <dd>{digitsText(gamma)}</dd>
      <dt>Observations</dt>
      <dd>{model.observations.toLocaleString("en-US")}</dd>
    </dl>
  );
}

function ReasonFigures({ reason, view }: { readonly reason: Reason; readonly view: View }) {
  const { szDecimals } = view;
  const { fairPx: fair } = reason;
  const px = (ticks: number): string => pxText(Math.round(ticks * 10) / 10, szDecimals);
  const vol = yearlyVol(reason.sigma, fair);
  return (
    <>
      <dl class="facts model">
        <dt>Decided</dt>
        <dd>{clockText(reason.atMs, "seconds")}</dd>
        <dt>Level</dt>
        <dd>{reason.level}</dd>
        <dt>Fair</dt>
        <dd>{px(fair)}</dd>
        <dt>Shifted</dt>
        <dd>{numberText(bpsOf(shiftOf(reason.skew), fair), 2, "+")} bps</dd>
        <dt>Reservation</dt>
        <dd>{px(reason.reservationPx)}</dd>
        <dt>σ a year</dt>
        <dd>{vol === null ? NONE : `${digitsText(vol * 100)} %`}</dd>
        <dt>Before rounding</dt>
        <dd>{px(reason.rawPx)}</dd>
        <dt>Placed at</dt>
        <dd>{px(reason.px)}</dd>
      </dl>
      {reason.terms.length > 0 && (
        <Terms terms={reason.terms} halfSpread={reason.halfSpread} mid={fair} />
      )}
    </>
  );
}

const FOUND_NOTHING = {
  asking: "asking…",
  gone: "it no longer rests",
  failed: "the maker did not answer",
} as const;

/** The order that somebody pointed at: every number behind its price. */
function OrderReason({ known, view }: { readonly known: Explanation; readonly view: View }) {
  const order = known.kind === "found" ? known.order : null;
  const buy = order?.side === "buy";
  return (
    <div class="order-reason" data-testid="order-reason">
      <h3>
        {order === null ? (
          "Order"
        ) : (
          <span class={buy ? "buy" : "sell"}>
            {buy ? "▲ Bid" : "▼ Ask"} {szText(order.sz, view.szDecimals)} at{" "}
            {pxText(order.px, view.szDecimals)}
          </span>
        )}
        <button
          type="button"
          class="quiet"
          aria-label="Close the explanation"
          onClick={pressed(() => explainOrder(null))}
        >
          ✕
        </button>
      </h3>
      {known.kind === "found" && known.replaced && (
        <p class="soft">The order was replaced; this one stands nearest to it.</p>
      )}
      {known.kind !== "found" && <p class="soft">{FOUND_NOTHING[known.kind]}</p>}
      {order !== null && order.reason === null && (
        <p class="soft">The maker kept no reason for it.</p>
      )}
      {order !== null && order.reason !== null && (
        <ReasonFigures reason={order.reason} view={view} />
      )}
    </div>
  );
}

/** Why the maker quotes as it does: sides, model, and any order that is pointed at. */
export function WhyPanel() {
  const view = readView.value;
  const known = explanation.value;
  const model = view?.model ?? null;
  return (
    <Panel
      title="Why"
      name="why"
      source="stream"
      aside={model === null ? "" : <span class="soft">{model.name}</span>}
    >
      <div class="scroll">
        <Reasons />
        {view !== null && known !== null && <OrderReason known={known} view={view} />}
        {view !== null && model !== null && known === null && (
          <>
            <Terms terms={model.terms} halfSpread={model.halfSpread} mid={view.mid} />
            <ModelFigures model={model} view={view} />
          </>
        )}
      </div>
    </Panel>
  );
}
