import { useState } from "preact/hooks";
import { closingCost } from "../control/closing-cost.ts";
import { closeDialog, openDialog } from "../control/dialogs.ts";
import { sendControl } from "../control/operator-control.ts";
import { isLive, readView } from "../stream/market-store.ts";
import type { View } from "../stream/stream-message.ts";
import { moneyText, pxText, szText } from "../text/decimal-text.ts";
import { NONE, numberText } from "../text/figure-text.ts";
import { Dialog } from "./dialog.tsx";

/** Asks before the position is closed at the market; on the main network the coin must be typed. */
export function FlattenDialog() {
  if (openDialog.value !== "flatten") return null;
  return <FlattenSheet />;
}

function FlattenSheet() {
  const [typed, setTyped] = useState("");
  const view = readView.value;
  if (view === null) return null;
  const { position, coin, szDecimals, venue } = view;
  const mustType = venue === "MAINNET";
  const mayGo = isLive.value && (!mustType || typed === coin);
  return (
    <Dialog title={`Flatten ${coin}`} testId="flatten-dialog">
      <p>
        Stops quoting, cancels all orders, closes the position at the market, then stays paused.
      </p>
      <FlattenFigures view={view} />
      {mustType && (
        <label class="typed">
          Type {coin} to confirm: real money
          <input
            data-testid="flatten-coin"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="buttons">
        <button type="button" class="control" data-testid="flatten-keep" onClick={closeDialog}>
          Keep position
        </button>
        <button
          type="button"
          class="control danger"
          data-testid="flatten-confirm"
          disabled={!mayGo}
          onClick={() => {
            closeDialog();
            void sendControl("flatten", { confirm: coin });
          }}
        >
          {position === 0
            ? "Stop and cancel all"
            : `${position > 0 ? "▼ Sell" : "▲ Buy"} ${szText(Math.abs(position), szDecimals)} ${coin}`}
        </button>
      </div>
    </Dialog>
  );
}

function FlattenFigures({ view }: { readonly view: View }) {
  const { position, coin, szDecimals, mid } = view;
  const cost = closingCost(view);
  const short = Math.abs(position) - cost.covered;
  const loss = mid === null || cost.px === null ? null : cost.covered * Math.abs(cost.px - mid);
  return (
    <dl class="facts">
      <dt>Position</dt>
      <dd data-testid="flatten-position">
        {szText(position, szDecimals, "always")} {coin}
      </dd>
      <dt>Expected price</dt>
      <dd>{cost.px === null ? NONE : pxText(Math.round(cost.px), szDecimals)}</dd>
      <dt>Slippage from mid</dt>
      <dd data-testid="flatten-slippage">
        {numberText(cost.bps, 2)} bps{" "}
        {loss !== null && <span class="soft">≈ {moneyText(loss, "minusOnly")}</span>}
      </dd>
      {short > 0 && (
        <>
          <dt>Beyond the shown book</dt>
          <dd class="warn">
            {szText(short, szDecimals)} {coin}
          </dd>
        </>
      )}
    </dl>
  );
}
