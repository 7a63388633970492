/**
 * The venue's own timer that cancels everything should we fall silent. Pushed forward while quotes
 * are out; when the venue refuses it (it asks for traded volume), quoting goes on without.
 */
import type { Maker } from "../maker-state.ts";
import { sendRequest } from "./requests.ts";

/** Pushes the timer forward when a third of it has run. */
export function pushDeadMan(maker: Maker): void {
  const { deadManMs } = maker.config;
  if (deadManMs === 0 || maker.deadManOff || maker.nowMs < maker.nextDeadManMs) return;
  maker.nextDeadManMs = maker.nowMs + Math.floor(deadManMs / 3);
  sendRequest(maker, { kind: "scheduleCancel", timeMs: maker.nowMs + deadManMs });
}
