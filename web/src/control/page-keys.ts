/**
 * Keys of the page. Space on a focused button is that button's own press and nothing else; buttons
 * lose focus after a click, so that the next Space is the page's again. No single key adds risk on
 * numbers that are not live. While a dialog is open only killing goes past it.
 */
import { toggleTheme } from "../look/look.ts";
import { chartZoom } from "../stream/series-store.ts";
import { closeDialog, openDialog } from "./dialogs.ts";
import { disarmKill, fireKill, killHold, pressKill, releaseKill } from "./kill-switch.ts";
import { forgetOutcome, sendControl, togglePause } from "./operator-control.ts";
import { stopReview } from "./parameter-draft.ts";
import { goTo, PAGES, type PageName } from "./route.ts";
import { explainOrder } from "./why.ts";

const isWithin = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

const EDITABLE = "input, textarea, select, [contenteditable]";
const PRESSABLE = "button, a, summary, [role=button]";
/** How long `G` waits for the letter of a page [ms]. */
const GO_MS = 1_500;

let goUntilMs = 0;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "escape") return letGo(event);
  if (isWithin(event.target, EDITABLE)) return;
  if (onKillKey(event, key) || openDialog.value !== null) return;
  if (onGoKey(event, key)) return;
  if (event.shiftKey) onShiftKey(event, key);
  else onPlainKey(event, key);
}

/** Lets go of whatever is half done, in the order of what is on top. */
function letGo(event: KeyboardEvent): void {
  disarmKill();
  closeDialog();
  stopReview();
  explainOrder(null);
  forgetOutcome();
  chartZoom.value = null;
  if (event.target instanceof HTMLElement) event.target.blur();
}

function onKillKey(event: KeyboardEvent, key: string): boolean {
  if (key === "k" && !event.shiftKey) {
    if (!event.repeat) pressKill();
    return true;
  }
  if (key !== "enter" || killHold.value !== "armed") return false;
  event.preventDefault();
  if (!event.repeat) fireKill();
  return true;
}

/** `G` and then a letter goes to a page. */
function onGoKey(event: KeyboardEvent, key: string): boolean {
  if (event.shiftKey || event.repeat) return false;
  if (event.timeStamp < goUntilMs) {
    goUntilMs = 0;
    // S is for the system's health, which stands on the risk page.
    const letter = key === "s" ? "R" : key.toUpperCase();
    const page = Object.entries(PAGES).find(([, rule]) => rule.key === letter);
    if (page === undefined) return false;
    goTo(page[0] as PageName);
    return true;
  }
  if (key !== "g") return false;
  goUntilMs = event.timeStamp + GO_MS;
  return true;
}

function onShiftKey(event: KeyboardEvent, key: string): void {
  if (event.repeat) return;
  if (key === "x") void sendControl("cancel-all");
  else if (key === "f") openDialog.value = "flatten";
  // A question mark needs the shift key on most keyboards.
  else if (key === "?") openDialog.value = "help";
}

function onPlainKey(event: KeyboardEvent, key: string): void {
  if (key === " ") {
    if (isWithin(event.target, PRESSABLE)) return;
    event.preventDefault();
    if (!event.repeat) togglePause();
  } else if (event.repeat) return;
  else if (key === "t") toggleTheme();
  else if (key === "?") openDialog.value = "help";
  else if (key === "1") goTo("market");
  else if (key === "/") {
    const filter = document.querySelector<HTMLInputElement>("[data-filter]");
    if (filter === null) return;
    event.preventDefault();
    filter.focus();
  }
}

/** Listens for the page's keys for as long as it lives. */
export function startKeys(): void {
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "k") releaseKill();
  });
  // A key that goes up in another window is never heard of here.
  window.addEventListener("blur", disarmKill);
}
