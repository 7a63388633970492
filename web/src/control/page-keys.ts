/**
 * Keys of the page. Space on a focused button is that button's own press and nothing else; buttons
 * lose focus after a click, so that the next Space is the page's again. No single key adds risk on
 * numbers that are not live.
 */
import { disarmKill, fireKill, killHold, pressKill, releaseKill } from "./kill-switch.ts";
import { sendControl, togglePause } from "./operator-control.ts";

const isWithin = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

const EDITABLE = "input, textarea, select, [contenteditable]";
const PRESSABLE = "button, a, summary, [role=button]";

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWithin(event.target, EDITABLE)) return;
  const key = event.key.toLowerCase();
  if (key === "k" && !event.shiftKey) {
    if (!event.repeat) pressKill();
  } else if (key === "x" && event.shiftKey) {
    if (!event.repeat) void sendControl("cancel-all");
  } else if (key === "enter" && killHold.value === "armed") {
    event.preventDefault();
    if (!event.repeat) fireKill();
  } else if (key === "escape") {
    disarmKill();
  } else if (key === " " && !event.shiftKey && !isWithin(event.target, PRESSABLE)) {
    event.preventDefault();
    if (!event.repeat) togglePause();
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
