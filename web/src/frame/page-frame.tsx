import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ControlsBar, OutcomeLine } from "./controls-bar.tsx";
import { ageText, clockText, decimalText, moneyText, pxText, szText } from "./decimal-text.ts";
import { spreadText } from "./ladder-drawing.ts";
import { isLive, linkState, makerState, shownView } from "./market-store.ts";
import { LINK_MARKS, STATE_MARKS, VENUE_WORDS } from "./state-mark.ts";

/** Freshness of everything on the page, by word, glyph and age. */
function LinkMark() {
  const { kind, ageMs } = linkState.value;
  const { glyph, word } = LINK_MARKS[kind];
  return (
    <span class={`link ${kind}`} data-testid="link" data-kind={kind}>
      {glyph} {word} <span class="age">{kind === "outdated" ? "" : ageText(ageMs)}</span>
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

function Figures() {
  const view = shownView.value;
  if (view === null) return <dl class="figures" />;
  const { pnl, position, coin, counters } = view;
  return (
    <dl class="figures">
      <Figure name="Net PnL" class="net">
        <span data-testid="net-pnl">{moneyText(pnl.net)}</span>
      </Figure>
      <Figure name="Position" class="position">
        <span data-testid="position">{szText(position, view.szDecimals, "always")}</span> {coin}
      </Figure>
      <Figure name="Mid" class="extra">
        {pxText(view.mid, view.szDecimals)}
      </Figure>
      <Figure name="Spread / ours" class="extra">
        {spreadText(view)} <span class="soft">/ {(2 * view.halfSpreadBps).toFixed(2)}</span>
      </Figure>
      <Figure name="Fills">
        <span data-testid="fill-count">{decimalText(counters.fills, 0)}</span>
      </Figure>
      <Figure name="Orders" class="extra">
        {decimalText(counters.orders, 0)}
        {counters.rejects > 0 && (
          <span class="soft"> · {decimalText(counters.rejects, 0)} rejected</span>
        )}
      </Figure>
    </dl>
  );
}

function StateMark() {
  const { name } = makerState.value;
  const { glyph, word } = STATE_MARKS[name];
  return (
    <span class={`state big ${name}`} data-testid="state" data-state={name}>
      {glyph} {word}
      {isLive.value ? "" : "?"}
    </span>
  );
}

function Clock() {
  const view = shownView.value;
  return (
    <time class="clock">{view === null ? "" : `${clockText(view.timeMs, "seconds")} UTC`}</time>
  );
}

const shortAddress = (address: string): string =>
  address.length > 10 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;

function VenueMark() {
  const view = shownView.value;
  if (view === null) return null;
  return (
    <>
      <span class="venue" data-testid="venue">
        {view.venue}
      </span>
      <span class="stake">
        {VENUE_WORDS[view.venue]}
        {view.account === "" ? "" : ` · ${shortAddress(view.account)}`}
      </span>
    </>
  );
}

const DIGEST_MS = 10_000;

/** State changes and a digest of fills, for those who listen. */
function SpokenState() {
  const { name, reasons } = makerState.value;
  const [fills, setFills] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setFills(shownView.peek()?.counters.fills ?? 0), DIGEST_MS);
    return () => clearInterval(timer);
  }, []);
  const { word } = STATE_MARKS[name];
  return (
    <p class="unseen" aria-live="polite" data-testid="spoken">
      {isLive.value ? "" : "The numbers are old. Last known: "}
      {word}. {reasons.join(". ")}. {fills} fills.
    </p>
  );
}

function KilledBanner() {
  const { name, reasons } = makerState.value;
  return (
    <div role="alert" class={name === "killed" ? "banner" : "unseen"} data-testid="alert">
      {name === "killed"
        ? `■ KILLED — ${reasons.join("; ")}. No order is placed until re-armed.`
        : ""}
    </div>
  );
}

/** The frame that never scrolls away: venue, freshness, state, key figures and controls. */
export function PageFrame(props: { readonly children: ComponentChildren }) {
  const venue = shownView.value?.venue ?? "none";
  return (
    <div class={isLive.value ? "page live" : "page old"} data-venue={venue} data-testid="page">
      <header class="frame">
        <div class="band" />
        <div class="line">
          <h1>
            bourse <span class="soft">▸</span> {shownView.value?.coin ?? ""}
          </h1>
          <VenueMark />
          <span class="gap" />
          <OutcomeLine />
          <LinkMark />
          <Clock />
        </div>
        <div class="line second">
          <StateMark />
          <Figures />
          <span class="gap" />
          <ControlsBar />
        </div>
        <KilledBanner />
        <SpokenState />
      </header>
      {props.children}
    </div>
  );
}
