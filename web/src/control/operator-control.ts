/** The page's hands: one request a control, and its outcome in words. */
import { signal } from "@preact/signals";
import { isLive, makerState } from "../stream/market-store.ts";

/** A control by its path. */
export type ControlName =
  | "pause"
  | "resume"
  | "cancel-all"
  | "kill"
  | "rearm"
  | "flatten"
  | "cancel-order"
  | "configure";

/** What came of the last control. */
export interface ControlOutcome {
  readonly name: ControlName;
  readonly kind: "sent" | "done" | "failed";
  readonly message: string;
}

/** The last control's outcome, or null when it has been read long enough. */
export const controlOutcome = signal<ControlOutcome | null>(null);

const TITLES: Readonly<Record<ControlName, string>> = {
  pause: "Pause",
  resume: "Resume",
  "cancel-all": "Cancel all",
  kill: "Kill",
  rearm: "Re-arm",
  flatten: "Flatten",
  "cancel-order": "Cancel order",
  configure: "Settings",
};
const ANSWER_MS_MAX = 15_000;
const SHOWN_MS = 8_000;

let clearing: ReturnType<typeof setTimeout> | undefined;

function tell(outcome: ControlOutcome): void {
  clearTimeout(clearing);
  controlOutcome.value = outcome;
  // What failed stays until the next control.
  if (outcome.kind === "done") clearing = setTimeout(forgetOutcome, SHOWN_MS);
}

/** Takes the last outcome off the screen. */
export function forgetOutcome(): void {
  controlOutcome.value = null;
}

/** Asks the server for a control and tells what came of it; the result says whether it was done. */
export async function sendControl(name: ControlName, body: object = {}): Promise<boolean> {
  const title = TITLES[name];
  tell({ name, kind: "sent", message: `${title}: sent…` });
  try {
    const answer = await fetch(`/control/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const { ok, message } = (await answer.json()) as { ok: boolean; message: string };
    tell({ name, kind: ok ? "done" : "failed", message: `${title}: ${message}` });
    return ok;
  } catch {
    // Server gone or silent: the operator must act elsewhere.
    const message = `${title}: no answer — press Ctrl-C in the maker's terminal`;
    tell({ name, kind: "failed", message });
    return false;
  }
}

/** Whether quoting may be resumed: only from paused, and never on numbers that are not live. */
export const mayResume = (): boolean => makerState.value.name === "paused" && isLive.value;

/** The safe half or the undoing of one switch: resumes when that is allowed, else pauses. */
export function togglePause(): void {
  const { name } = makerState.value;
  if (name === "killed") return;
  if (mayResume()) void sendControl("resume");
  else void sendControl("pause");
}
