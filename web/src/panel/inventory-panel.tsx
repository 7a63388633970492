import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import { moneyText, szText } from "../text/decimal-text.ts";
import { percentText } from "../text/figure-text.ts";
import { Meter } from "./meter.tsx";

/** Position against its limit, and the loss against the one that trips the kill switch. */
export function InventoryPanel() {
  return (
    <Panel title="Inventory" name="inventory" source="orders">
      <Inventory />
    </Panel>
  );
}

function Inventory() {
  const view = readView.value;
  if (view === null) return null;
  const { position, limits, szDecimals, coin, mid, equity } = view;
  const share = limits.positionMax > 0 ? position / limits.positionMax : 0;
  const word = position > 0 ? "▲ long" : "▼ short";
  return (
    <>
      <p class="figure">
        <b data-testid="inventory">{szText(position, szDecimals, "always")}</b> {coin}
        <span class={position > 0 ? "buy" : "sell"}>{position === 0 ? "" : word}</span>
        <span class="soft">
          {mid === null ? "" : moneyText(Math.abs(position) * mid, "minusOnly")}
        </span>
      </p>
      <Meter share={share} middle label={`${percentText(share)} of the position limit`} />
      <p class="ends">
        <span>{szText(-limits.positionMax, szDecimals)}</span>
        <span>{percentText(Math.abs(share))} of limit</span>
        <span>{szText(limits.positionMax, szDecimals, "always")}</span>
      </p>
      <LossMeter loss={equity.dailyLoss} lossMax={equity.dailyLossMax} />
    </>
  );
}

function LossMeter({ loss, lossMax }: { readonly loss: number; readonly lossMax: number }) {
  const share = Math.max(0, loss) / lossMax;
  return (
    <>
      <Meter share={share} label={`${percentText(share)} of the loss limit`} />
      <p class="ends">
        <span>Loss today</span>
        <span>
          {moneyText(Math.max(0, loss), "minusOnly")} of {moneyText(lossMax, "minusOnly")}
        </span>
      </p>
    </>
  );
}
