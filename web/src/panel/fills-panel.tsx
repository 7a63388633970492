import { clockText, decimalText, pxText, szText } from "./decimal-text.ts";
import { shownFills, szDecimals } from "./market-store.ts";
import type { Fill } from "./stream-message.ts";

function FillRow({ fill }: { readonly fill: Fill }) {
  const buy = fill.side === "buy";
  const clock = clockText(fill.timeMs, "millis");
  return (
    <tr data-testid="fill" data-tid={fill.tid} class="fresh">
      <td class="time">
        {clock.slice(0, 8)}
        <span class="wide">{clock.slice(8)}</span>
      </td>
      <td class={buy ? "buy" : "sell"}>{buy ? "▲ Buy" : "▼ Sell"}</td>
      <td class="num">{pxText(fill.px, szDecimals.value)}</td>
      <td class="num">{szText(fill.sz, szDecimals.value)}</td>
      <td class="num wide">{decimalText(fill.fee, 6)}</td>
      <td class="num">{fill.realised === 0 ? "" : decimalText(fill.realised, 6, "always")}</td>
      <td class="wide role soft">{fill.taker ? "taker" : "maker"}</td>
    </tr>
  );
}

/** Our latest fills, newest first. */
export function FillsPanel() {
  const fills = shownFills.value;
  return (
    <section class="panel fills">
      <h2>
        Fills <small>UTC</small>
      </h2>
      <div class="scroll">
        <table data-testid="fills">
          <thead>
            <tr>
              <th>Time</th>
              <th>Side</th>
              <th class="num">Price</th>
              <th class="num">Size</th>
              <th class="num wide">Fee</th>
              <th class="num">Realised</th>
              <th class="wide role">Role</th>
            </tr>
          </thead>
          <tbody>
            {fills.map((fill) => (
              <FillRow key={fill.tid} fill={fill} />
            ))}
          </tbody>
        </table>
        {fills.length === 0 && <p class="empty">No fills yet.</p>}
      </div>
    </section>
  );
}
