import { signal } from "@preact/signals";
import { openDialog } from "../control/dialogs.ts";
import { killHold, pressKill, releaseKill } from "../control/kill-switch.ts";
import {
  controlOutcome,
  mayResume,
  sendControl,
  togglePause,
} from "../control/operator-control.ts";
import { isPhone } from "../look/viewport.ts";
import { isLive, makerState } from "../stream/market-store.ts";
import { SlideToKill } from "./slide-to-kill.tsx";

/** Runs a button's act and gives the focus back, so that Space is the page's again. */
export const pressed =
  (act: () => void) =>
  (event: { readonly currentTarget: HTMLButtonElement }): void => {
    event.currentTarget.blur();
    act();
  };

function PauseButton() {
  const { name } = makerState.value;
  const paused = name === "paused";
  return (
    <button
      type="button"
      class={paused ? "control resume" : "control pause"}
      data-testid="pause"
      disabled={name === "killed" || (paused && !mayResume())}
      onClick={pressed(togglePause)}
    >
      {paused ? "▶ Resume" : "‖ Pause"} <kbd>Space</kbd>
    </button>
  );
}

function CancelButton() {
  return (
    <button
      type="button"
      class="control cancel"
      data-testid="cancel-all"
      onClick={pressed(() => void sendControl("cancel-all"))}
    >
      ✕ Cancel all <kbd>⇧X</kbd>
    </button>
  );
}

function FlattenButton() {
  return (
    <button
      type="button"
      class="control flatten"
      data-testid="flatten"
      onClick={pressed(() => {
        openDialog.value = "flatten";
      })}
    >
      ⇥ Flatten… <kbd>⇧F</kbd>
    </button>
  );
}

const isPressKey = (event: KeyboardEvent): boolean => event.key === " " || event.key === "Enter";

const HOLD_HINTS = {
  idle: <kbd>hold K</kbd>,
  holding: <kbd>keep holding</kbd>,
  armed: <kbd>Enter = kill</kbd>,
} as const;

/** Held by pointer or by key alike; a short press asks for Enter. */
function KillButton() {
  const hold = killHold.value;
  return (
    <button
      type="button"
      class="control kill"
      data-testid="kill"
      data-hold={hold}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // The pointer may slide off the button while it holds.
        event.currentTarget.setPointerCapture(event.pointerId);
        pressKill();
      }}
      onPointerUp={(event) => {
        event.currentTarget.blur();
        releaseKill();
      }}
      onPointerCancel={releaseKill}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isPressKey(event) || hold === "armed") return;
        event.preventDefault();
        if (!event.repeat) pressKill();
      }}
      onKeyUp={(event) => {
        if (isPressKey(event)) releaseKill();
      }}
    >
      <span>■ Kill</span> {HOLD_HINTS[hold]}
    </button>
  );
}

const CONFIRM_MS = 6_000;
const confirming = signal(false);
let forgetting: ReturnType<typeof setTimeout> | undefined;

function askToRearm(): void {
  confirming.value = true;
  clearTimeout(forgetting);
  forgetting = setTimeout(keepKilled, CONFIRM_MS);
}

function keepKilled(): void {
  clearTimeout(forgetting);
  confirming.value = false;
}

/** Two steps, further apart than the one of killing. */
function RearmButtons() {
  if (!confirming.value) {
    return (
      <button
        type="button"
        class="control rearm"
        data-testid="rearm"
        disabled={!isLive.value}
        onClick={pressed(askToRearm)}
      >
        Re-arm…
      </button>
    );
  }
  return (
    <span class="confirm">
      <button type="button" class="control" data-testid="rearm-keep" onClick={pressed(keepKilled)}>
        Stay killed
      </button>
      <button
        type="button"
        class="control rearm"
        data-testid="rearm-confirm"
        disabled={!isLive.value}
        onClick={pressed(() => {
          keepKilled();
          void sendControl("rearm", { confirm: "rearm" });
        })}
      >
        Yes, re-arm
      </button>
    </span>
  );
}

/** What came of the last control. */
export function OutcomeLine() {
  const outcome = controlOutcome.value;
  return (
    <output class={`outcome ${outcome?.kind ?? "none"}`} data-testid="outcome">
      {outcome?.message ?? ""}
    </output>
  );
}

/** What the operator can do: four different acts, and on a phone the two that cannot wait. */
export function ControlsBar() {
  const killed = makerState.value.name === "killed";
  const phone = isPhone.value;
  return (
    <div class="controls">
      <PauseButton />
      {!phone && <CancelButton />}
      {!phone && <FlattenButton />}
      {killed ? <RearmButtons /> : phone ? <SlideToKill /> : <KillButton />}
    </div>
  );
}
