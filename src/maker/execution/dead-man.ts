/**
 * The venue's own timer that cancels everything should we fall silent. Pushed forward while quotes
 * are out and taken back once nothing rests, for the venue lets it fire a few times a day only. When
 * the venue refuses it (it asks for traded volume), quoting goes on without and it is tried later.
 */
import type { Maker } from "../maker-state.ts";
import { sendRequest } from "./requests.ts";

/** How long a refusal is taken as the venue's last word [ms]. */
const REFUSED_MS = 3_600_000;

/** Pushes the timer forward when a third of it has run. */
export function pushDeadMan(maker: Maker): void {
  const { deadManMs } = maker.config;
  if (deadManMs === 0 || maker.nowMs < maker.nextDeadManMs) return;
  maker.nextDeadManMs = maker.nowMs + Math.floor(deadManMs / 3);
  maker.deadManArmed = true;
  sendRequest(maker, { kind: "scheduleCancel", timeMs: maker.nowMs + deadManMs });
}

/** Takes the timer back; for when nothing of ours rests. */
export function disarmDeadMan(maker: Maker): void {
  if (!maker.deadManArmed || !maker.connected) return;
  maker.deadManArmed = false;
  maker.nextDeadManMs = maker.nowMs;
  sendRequest(maker, { kind: "scheduleCancel", timeMs: null });
}

/** Notes that the venue refused the timer: it is asked for again after a while. */
export function noteDeadManRefused(maker: Maker): void {
  maker.deadManArmed = false;
  maker.nextDeadManMs = maker.nowMs + REFUSED_MS;
}
