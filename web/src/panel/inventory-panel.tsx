import { moneyText, szText } from "./decimal-text.ts";
import { shownView } from "./market-store.ts";

/** Position against its limit, and the loss against the one that trips the kill switch. */
export function InventoryPanel() {
  const view = shownView.value;
  if (view === null) return <section class="panel inventory" />;
  const { position, limits, szDecimals, coin, mid, pnl } = view;
  const share = limits.positionMax > 0 ? position / limits.positionMax : 0;
  const word = position > 0 ? "▲ long" : "▼ short";
  return (
    <section class="panel inventory">
      <h2>Inventory</h2>
      <p class="figure">
        <b data-testid="inventory">{szText(position, szDecimals, "always")}</b> {coin}
        <span class={position > 0 ? "buy" : "sell"}>{position === 0 ? "" : word}</span>
        <span class="soft">
          {mid === null ? "" : moneyText(Math.abs(position) * mid, "minusOnly")}
        </span>
      </p>
      <Meter share={share} middle label={`${percent(share)} of the position limit`} />
      <p class="ends">
        <span>{szText(-limits.positionMax, szDecimals)}</span>
        <span>{percent(share)} of limit</span>
        <span>{szText(limits.positionMax, szDecimals, "always")}</span>
      </p>
      {limits.lossMax !== null && <LossMeter net={pnl.net} lossMax={limits.lossMax} />}
    </section>
  );
}

function LossMeter({ net, lossMax }: { readonly net: number; readonly lossMax: number }) {
  const share = Math.max(0, -net) / lossMax;
  return (
    <>
      <Meter share={share} label={`${percent(share)} of the loss limit`} />
      <p class="ends">
        <span>Loss limit</span>
        <span>
          {moneyText(Math.max(0, -net), "minusOnly")} of {moneyText(lossMax, "minusOnly")}
        </span>
      </p>
    </>
  );
}

const percent = (share: number): string => `${Math.round(Math.abs(share) * 100)} %`;

/** A bar from its left end, or to either side of its middle; red from 90 % on, by width and word. */
function Meter(props: {
  readonly share: number;
  readonly label: string;
  readonly middle?: boolean;
}) {
  const size = Math.min(1, Math.abs(props.share));
  const width = props.middle === true ? size * 50 : size * 100;
  const left = props.middle !== true ? 0 : props.share < 0 ? 50 - width : 50;
  const tone =
    size >= 0.9 ? "full" : props.middle !== true ? "plain" : props.share < 0 ? "sell" : "buy";
  return (
    <div
      class={props.middle === true ? "meter middle" : "meter"}
      role="img"
      aria-label={props.label}
    >
      <i class={tone} style={{ left: `${left}%`, width: `${width}%` }} />
    </div>
  );
}
