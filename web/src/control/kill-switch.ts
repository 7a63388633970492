/** Killing takes one deliberate act: a hold of 0.6 s, or a press and then Enter within 3 s. */
import { signal } from "@preact/signals";
import { sendControl } from "./operator-control.ts";

/** How long the key or button is held [ms]. */
const HOLD_MS = 600;
const ARMED_MS = 3_000;

/** What the switch waits for. */
export const killHold = signal<"idle" | "holding" | "armed">("idle");

let timer: ReturnType<typeof setTimeout> | undefined;

function become(state: "idle" | "holding" | "armed", next?: () => void, afterMs = 0): void {
  clearTimeout(timer);
  killHold.value = state;
  if (next !== undefined) timer = setTimeout(next, afterMs);
}

/** The key or button went down. */
export function pressKill(): void {
  if (killHold.value === "holding") return;
  become("holding", fireKill, HOLD_MS);
}

/** It went up: before the hold was over, Enter now kills. */
export function releaseKill(): void {
  if (killHold.value === "holding") become("armed", disarmKill, ARMED_MS);
}

/** Forgets a press. */
export function disarmKill(): void {
  become("idle");
}

/** Kills now. */
export function fireKill(): void {
  become("idle");
  void sendControl("kill");
}
