/**
 * The venue's vaults and pools: asked for while their page is on screen and the tab is seen, one
 * question at a time. What was told last stays, with its age.
 */
import { signal } from "@preact/signals";
import { vaultsAgeMs } from "./market-store.ts";
import type { Vaults } from "./vaults-message.ts";

/** Between two questions [ms]. */
const ASK_MS = 3_000;
const TIMEOUT_MS = 8_000;
const LOOK_MS = 500;

/** What the venue told last; null before the first answer. */
export const vaults = signal<Vaults | null>(null);

/** Why there was no answer, or null. */
export const vaultsProblem = signal<string | null>(null);

/** When it was last asked, and when it last answered [ms of the page's own clock]. */
let askedMs = Number.NEGATIVE_INFINITY;
let toldMs = Number.NEGATIVE_INFINITY;
let isAsking = false;

/** Follows the vaults until the result is called. */
export function followVaults(): () => void {
  look();
  const timer = setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

function look(): void {
  if (document.hidden) return;
  const nowMs = performance.now();
  vaultsAgeMs.value = vaults.value === null ? 0 : nowMs - toldMs;
  if (isAsking || nowMs - askedMs < ASK_MS) return;
  askedMs = nowMs;
  isAsking = true;
  void ask().finally(() => {
    isAsking = false;
  });
}

async function ask(): Promise<void> {
  try {
    const answer = await fetch("/vaults", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const told = (await answer.json()) as Vaults | { readonly message: string };
    if ("message" in told) {
      vaultsProblem.value = told.message;
      return;
    }
    vaults.value = told;
    vaultsProblem.value = null;
    toldMs = performance.now();
    vaultsAgeMs.value = 0;
  } catch {
    vaultsProblem.value = "the server does not answer";
  }
}
