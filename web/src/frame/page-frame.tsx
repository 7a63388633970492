import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { openDialog } from "../control/dialogs.ts";
import { PAGES, type PageName, shownPage } from "../control/route.ts";
import { isPhone } from "../look/viewport.ts";
import { isLive, linkState, makerState, readView, shownView } from "../stream/market-store.ts";
import { ageText, clockText } from "../text/decimal-text.ts";
import { LINK_MARKS, STATE_MARKS, VENUE_WORDS } from "../text/state-mark.ts";
import { ControlsBar, OutcomeLine, pressed } from "./controls-bar.tsx";
import { FlattenDialog } from "./flatten-dialog.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { KeyFigures } from "./key-figures.tsx";

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

const clock = computed(() =>
  shownView.value === null ? "" : `${clockText(shownView.value.timeMs, "seconds")} UTC`,
);

const shortAddress = (address: string): string =>
  address.length > 10 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;

const venueLabel = computed(() => readView.value?.venue ?? null);
const speed = computed(() => readView.value?.speed ?? 1);
/** Two digits are enough to tell how fast: ×0.5, ×7.5, ×120. */
const speedText = (ratio: number): string => String(Number(ratio.toPrecision(2)));
const account = computed(() => readView.value?.account ?? "");
const coin = computed(() => readView.value?.coin ?? "");

function VenueMark() {
  const venue = venueLabel.value;
  if (venue === null) return null;
  return (
    <>
      <span class="venue" data-testid="venue">
        {venue}
      </span>
      {speed.value !== 1 && (
        <span class="speed" data-testid="speed" title="market time against real time">
          ×{speedText(speed.value)}
        </span>
      )}
      <span class="stake">
        {VENUE_WORDS[venue]}
        {account.value === "" ? "" : ` · ${shortAddress(account.value)}`}
      </span>
    </>
  );
}

function Navigation() {
  return (
    <nav aria-label="Pages">
      {(Object.keys(PAGES) as PageName[]).map((name) => (
        <a
          key={name}
          href={`#/${name}`}
          data-testid={`nav-${name}`}
          aria-current={shownPage.value === name ? "page" : undefined}
          title={`G then ${PAGES[name].key}`}
        >
          {PAGES[name].title}
        </a>
      ))}
    </nav>
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

/** The reasons, without the word that stands before them already. */
function killedText(reasons: readonly string[]): string {
  const text = reasons.join("; ");
  return text.startsWith("killed ") ? text.slice("killed ".length) : `— ${text}`;
}

function KilledBanner() {
  const { name, reasons } = makerState.value;
  return (
    <div role="alert" class={name === "killed" ? "banner" : "unseen"} data-testid="alert">
      {name === "killed"
        ? `■ KILLED ${killedText(reasons)}. No order is placed until re-armed.`
        : ""}
    </div>
  );
}

function HelpButton() {
  return (
    <button
      type="button"
      class="quiet"
      data-testid="help"
      aria-label="Keys and colours"
      onClick={pressed(() => {
        openDialog.value = "help";
      })}
    >
      ? keys
    </button>
  );
}

/** The frame that never scrolls away: venue, freshness, state, key figures and controls. */
export function PageFrame(props: { readonly children: ComponentChildren }) {
  const phone = isPhone.value;
  return (
    <div
      class={isLive.value ? "page live" : "page old"}
      data-venue={venueLabel.value ?? "none"}
      data-page={shownPage.value}
      data-testid="page"
    >
      <header class="frame">
        <div class="band" />
        <div class="line">
          <h1>
            bourse <span class="soft">▸</span> {coin}
          </h1>
          {!phone && <Navigation />}
          <VenueMark />
          <span class="gap" />
          <OutcomeLine />
          <LinkMark />
          <time class="clock">{clock}</time>
          {!phone && <HelpButton />}
        </div>
        <div class="line second">
          <StateMark />
          <KeyFigures />
          <span class="gap" />
          <ControlsBar />
        </div>
        {phone && <Navigation />}
        <KilledBanner />
        <SpokenState />
      </header>
      {props.children}
      <FlattenDialog />
      <HelpDialog />
    </div>
  );
}
