import { Panel } from "../frame/panel.tsx";
import { readView, shownView } from "../stream/market-store.ts";
import type { Feed, LimitRow } from "../stream/stream-message.ts";
import { ageText, clockText } from "../text/decimal-text.ts";
import { limitText, NONE } from "../text/figure-text.ts";

/** How a limit stands: how much of it is used, and whether it is passed. */
function standing({ now, soft, hard, safe }: LimitRow): {
  /** Part of the farthest limit that is used; null = nothing to compare [ratio]. */
  readonly used: number | null;
  readonly state: "ok" | "near" | "soft" | "hard" | "unknown";
} {
  if (now === null) return { used: null, state: "unknown" };
  if (safe === "above") {
    if (soft === null) return { used: null, state: "ok" };
    const used = now <= 0 ? 1 : Math.min(1, soft / now);
    return { used, state: now < soft ? "soft" : used > 0.5 ? "near" : "ok" };
  }
  const far = hard ?? soft;
  const used = far === null || far <= 0 ? null : Math.max(0, now) / far;
  if (hard !== null && now >= hard) return { used, state: "hard" };
  if (soft !== null && now > soft) return { used, state: "soft" };
  const nearest = soft !== null && soft > 0 ? soft : hard;
  return { used, state: nearest !== null && now > 0.75 * nearest ? "near" : "ok" };
}

const STANDING_WORDS = {
  ok: "● within",
  near: "◐ near",
  soft: "◐ holding back",
  hard: "■ tripped",
  unknown: "○ not known",
} as const;

function LimitLine({ row, szDecimals }: { readonly row: LimitRow; readonly szDecimals: number }) {
  const { used, state } = standing(row);
  const { soft, hard, safe } = row;
  const mark = safe === "below" && soft !== null && hard !== null && hard > 0 ? soft / hard : null;
  return (
    <tr data-testid={`limit-${row.key}`} data-state={state}>
      <th scope="row">{row.name}</th>
      <td class="num now">{limitText(row, row.now, szDecimals)}</td>
      <td class="term-bar limit-bar">
        {used !== null && <i class={state} style={{ width: `${Math.min(1, used) * 100}%` }} />}
        {mark !== null && mark > 0 && <u style={{ left: `${mark * 100}%` }} />}
      </td>
      <td class="num">{limitText(row, soft, szDecimals)}</td>
      <td class="num">{limitText(row, hard, szDecimals)}</td>
      <td class={`standing ${state}`}>{STANDING_WORDS[state]}</td>
      <td class="soft">{row.action}</td>
      <td class="num soft">{row.tripMs === null ? "never" : clockText(row.tripMs, "seconds")}</td>
    </tr>
  );
}

/** Every limit in a row: now, soft, hard, what happens, when it last killed. */
export function LimitsPanel() {
  const view = readView.value;
  return (
    <Panel
      title="Limits"
      name="limits"
      source="stream"
      aside={<span class="soft">soft: hold back · hard: kill</span>}
    >
      <div class="scroll">
        <table data-testid="limits">
          <thead>
            <tr>
              <th>Limit</th>
              <th class="num">Now</th>
              <th>Used</th>
              <th class="num">Soft</th>
              <th class="num">Hard</th>
              <th>Standing</th>
              <th>What happens there</th>
              <th class="num">Last kill</th>
            </tr>
          </thead>
          <tbody>
            {view?.risk.limits.map((row) => (
              <LimitLine key={row.key} row={row} szDecimals={view.szDecimals} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** How the kill switch stands, and what became of it before. */
export function KillPanel() {
  const kill = readView.value?.risk.kill;
  const history = kill?.history ?? [];
  const killed = kill?.killed === true;
  return (
    <Panel title="Kill switch" name="kill-history" source="stream">
      <p class="figure">
        <b class={killed ? "bad" : "good"} data-testid="kill-state">
          {killed ? "■ tripped" : "● armed"}
        </b>
        <span class="soft">{killed ? "nothing is placed until re-armed" : "ready"}</span>
      </p>
      <div class="scroll">
        <table>
          <tbody>
            {history.map(({ timeMs, kind, text }) => (
              <tr key={`${timeMs}${kind}${text}`} data-testid="kill-event">
                <td class="time">{new Date(timeMs).toISOString().slice(0, 10)}</td>
                <td class="time">{clockText(timeMs, "seconds")}</td>
                <td class={kind === "killed" ? "bad" : "good"}>
                  {kind === "killed" ? "■ killed" : "● re-armed"}
                </td>
                <td class="wrap">{kind === "killed" ? text : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {history.length === 0 && <p class="empty">It was never tripped.</p>}
      </div>
    </Panel>
  );
}

/** The venue's own timer: how long until it would cancel everything. */
export function DeadManPanel() {
  const deadMan = readView.value?.risk.deadMan;
  const nowMs = shownView.value?.timeMs ?? 0;
  const left = deadMan?.firesMs == null ? null : Math.max(0, deadMan.firesMs - nowMs);
  const period = deadMan?.periodMs ?? 0;
  return (
    <Panel title="Dead-man timer" name="dead-man" source="stream">
      <p class="figure">
        <b data-testid="dead-man">{left === null ? "not set" : `${(left / 1_000).toFixed(0)} s`}</b>
        <span class="soft">{period === 0 ? "" : `of ${ageText(period)}`}</span>
      </p>
      <div class="meter" role="img" aria-label="Time left on the dead-man timer">
        <i class="plain" style={{ width: `${period === 0 ? 0 : ((left ?? 0) / period) * 100}%` }} />
      </div>
      <p class="note soft">
        {period === 0
          ? "Off: should the maker fall silent, its orders stay."
          : "Should the maker fall silent for so long, the venue cancels all its orders by itself. It is pushed on while quotes are out."}
      </p>
    </Panel>
  );
}

function FeedLine({ feed }: { readonly feed: Feed }) {
  const { name, ageMs, ageMsMax } = feed;
  const isLink = name === "connection";
  const state = ageMs === null ? "hard" : ageMs > ageMsMax && !isLink ? "soft" : "ok";
  const word = isLink
    ? ageMs === null
      ? "■ down"
      : "● up"
    : ageMs === null
      ? "○ never came"
      : state === "soft"
        ? "◐ STALE"
        : "● LIVE";
  return (
    <tr data-testid="feed">
      <th scope="row">{name}</th>
      <td class={`standing ${state}`}>{word}</td>
      <td class="num">{ageMs === null || isLink ? NONE : ageText(ageMs)}</td>
      <td class="num soft">{isLink ? "" : `max ${ageText(ageMsMax)}`}</td>
    </tr>
  );
}

/** Inputs with their ages, and how late the process gets to its work. */
export function HealthPanel() {
  const risk = readView.value?.risk;
  const lag = risk?.loopLagMs ?? null;
  return (
    <Panel title="Health" name="health" source="stream">
      <div class="scroll">
        <table>
          <tbody>
            {risk?.feeds.map((feed) => (
              <FeedLine key={feed.name} feed={feed} />
            ))}
            <tr>
              <th scope="row">process</th>
              <td class={`standing ${lag !== null && lag > 200 ? "soft" : "ok"}`}>
                {lag !== null && lag > 200 ? "◐ late" : "● on time"}
              </td>
              <td class="num">{lag === null ? NONE : ageText(lag)}</td>
              <td class="num soft">worst of 5 s</td>
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
