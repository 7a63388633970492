import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Markout } from "../stream/stream-message.ts";
import { NONE, numberText } from "../text/figure-text.ts";
import { horizonText } from "./fills-panel.tsx";

/** How far an interval of two standard errors reaches [bps]. */
const reach = ({ meanBps, standardErrorBps }: Markout): number =>
  Math.abs(meanBps ?? 0) + 2 * (standardErrorBps ?? 0);

function MarkoutRow({ markout, far }: { readonly markout: Markout; readonly far: number }) {
  const { horizonMs, n, meanBps, standardErrorBps } = markout;
  const place = (bps: number): number => 50 + (bps / far) * 50;
  const error = 2 * (standardErrorBps ?? 0);
  const mean = meanBps ?? 0;
  return (
    <tr data-testid="markout">
      <th scope="row">{horizonText(horizonMs)}</th>
      <td class="term-bar">
        <u style={{ left: "50%" }} />
        {meanBps !== null && (
          <>
            <i
              class="interval"
              style={{ left: `${place(mean - error)}%`, width: `${(error / far) * 100}%` }}
            />
            <em class={mean < 0 ? "down" : "up"} style={{ left: `${place(mean)}%` }} />
          </>
        )}
      </td>
      <td class={`num ${mean < 0 ? "down" : "up"}`}>{numberText(meanBps, 2, "+")}</td>
      <td class="num soft">{standardErrorBps === null ? NONE : `± ${numberText(error, 2)}`}</td>
      <td class="num soft">{n}</td>
    </tr>
  );
}

/** Where the price went after our fills: means with intervals of two standard errors. */
export function MarkoutsPanel() {
  const markouts = readView.value?.markouts ?? [];
  const far = Math.max(0.5, ...markouts.map(reach)) * 1.05;
  return (
    <Panel
      title="Markouts"
      name="markouts"
      source="orders"
      aside={<span class="soft">bps after a fill, ± 2 s.e.</span>}
    >
      <div class="scroll">
        <table class="terms">
          <thead>
            <tr>
              <th>After</th>
              <th class="middle">worse ← 0 → better</th>
              <th class="num">Mean</th>
              <th class="num">±</th>
              <th class="num">Fills</th>
            </tr>
          </thead>
          <tbody>
            {markouts.map((markout) => (
              <MarkoutRow key={markout.horizonMs} markout={markout} far={far} />
            ))}
          </tbody>
        </table>
        {markouts.every(({ n }) => n === 0) && <p class="empty">No fill is old enough yet.</p>}
      </div>
    </Panel>
  );
}
