/** Edits of settings that have not been sent: typed, looked over as old and new, applied, undone. */
import { computed, signal } from "@preact/signals";
import { readView } from "../stream/market-store.ts";
import type { Parameter } from "../stream/stream-message.ts";
import { parameterValue } from "../text/figure-text.ts";
import { sendControl } from "./operator-control.ts";

/** How long applied edits can be taken back [ms]. */
const UNDO_MS = 30_000;

/** What was typed, by setting. */
export const draft = signal<Readonly<Record<string, string>>>({});

/** Whether the edits are being looked over. */
export const reviewing = signal(false);

/** Settings before the last edits, until when that can be undone [ms of the page's own clock]. */
export const undoable = signal<{
  readonly before: Readonly<Record<string, number>>;
  readonly untilMs: number;
} | null>(null);

/** One edit that differs from what is set. */
export interface Edit {
  readonly parameter: Parameter;
  /** Null = what was typed is no number. */
  readonly value: number | null;
  /** What is wrong with it, or null. */
  readonly problem: string | null;
}

/** The edits, in the order of the settings. */
export const edits = computed<readonly Edit[]>(() =>
  (readView.value?.parameters ?? []).flatMap((parameter) => {
    const typed = draft.value[parameter.key];
    if (typed === undefined) return [];
    const value = parameterValue(parameter, typed);
    if (value === parameter.value) return [];
    return [{ parameter, value, problem: problemOf(parameter, value) }];
  }),
);

function problemOf({ low, high, whole }: Parameter, value: number | null): string | null {
  if (value === null) return "not a number";
  if (whole && !Number.isInteger(value)) return "must be whole";
  return value < low || value > high ? "out of bounds" : null;
}

/** Keeps what was typed. */
export function typeParameter(key: string, typed: string): void {
  draft.value = { ...draft.value, [key]: typed };
}

/** Goes on typing. */
export function stopReview(): void {
  reviewing.value = false;
}

/** Forgets all edits. */
export function dropEdits(): void {
  draft.value = {};
  stopReview();
}

/** Sends the edits; what the maker refuses stays typed. */
export async function applyEdits(): Promise<void> {
  const now = edits.value;
  const before = Object.fromEntries(now.map(({ parameter }) => [parameter.key, parameter.value]));
  const changes = Object.fromEntries(now.map(({ parameter, value }) => [parameter.key, value]));
  if (!(await sendControl("configure", { changes }))) return;
  dropEdits();
  undoable.value = { before, untilMs: performance.now() + UNDO_MS };
}

/** Sets back what the last edits changed. */
export async function undoEdits(): Promise<void> {
  const last = undoable.value;
  if (last === null) return;
  undoable.value = null;
  await sendControl("configure", { changes: last.before });
}
