/** The conditions that trip the kill switch by themselves, looked at in every step. */
import type { Maker } from "../maker-state.ts";
import { pnlAt } from "../view/fill-ledger.ts";
import { dailyLoss, drawdown, noteEquity } from "./equity-watch.ts";
import { type KillReason, tripLatch } from "./kill-latch.ts";
import { markPx } from "./mark.ts";
import { rejectsWithin } from "./reject-tracker.ts";

/** Trips the switch for a reason; the maker cancels everything and quotes no more until re-armed. */
export function trip(maker: Maker, reason: KillReason, text: string): void {
  maker.latch = tripLatch(maker.latch, { reason, text, timeMs: maker.nowMs });
}

/** Trips the switch where a limit is broken. */
export function checkKill(maker: Maker): void {
  checkMoney(maker);
  checkPosition(maker);
  checkData(maker);
  const { rejectStormCount, rejectStormWindowMs } = maker.config;
  const rejects = rejectsWithin(maker.rejects, rejectStormWindowMs, maker.nowMs);
  if (rejects >= rejectStormCount) {
    trip(maker, "rejectStorm", `${rejects} orders refused within ${rejectStormWindowMs} ms`);
  }
}

function checkMoney(maker: Maker): void {
  const { ledger, equity, config } = maker;
  const mark = markPx(maker);
  if (ledger.baseline === null || (mark === null && ledger.position !== 0)) return;
  noteEquity(equity, ledger.baseline.equity + pnlAt(ledger, mark ?? 0).total, maker.nowMs);
  const loss = dailyLoss(equity);
  if (loss >= config.maxDailyLoss) {
    trip(maker, "dailyLoss", `${loss} micros lost since midnight UTC`);
  }
  const fall = drawdown(equity);
  if (fall >= config.maxDrawdown) {
    trip(maker, "drawdown", `equity ${(fall * 100).toFixed(2)} % below its peak`);
  }
}

function checkPosition(maker: Maker): void {
  const { positionLimit, config, ledger } = maker;
  if (positionLimit === null) return;
  const held = Math.abs(ledger.position);
  const bound = Math.max(positionLimit * config.positionRunawayFactor, maker.runawayFloor);
  if (held > bound) {
    trip(maker, "positionRunaway", `position of ${held} lots, limit ${positionLimit}`);
  }
}

function checkData(maker: Maker): void {
  const { nowMs, config, beats } = maker;
  const started = beats.market > Number.NEGATIVE_INFINITY && maker.linkChangedMs > -1;
  if (maker.control.stopping || !started) return;
  // A link that just changed, or a switch that was just re-armed, starts the count afresh.
  const changed = Math.max(maker.linkChangedMs, maker.rearmedMs);
  if (!maker.connected) {
    const age = nowMs - changed;
    if (age > config.disconnectKillMs) trip(maker, "staleData", `no connection for ${age} ms`);
    return;
  }
  const age = nowMs - Math.max(beats.market, changed);
  if (age > config.staleDataKillMs) trip(maker, "staleData", `no market data for ${age} ms`);
}
