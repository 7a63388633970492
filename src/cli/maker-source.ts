/** A running maker as what the operator's server shows and steers. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Hex } from "../base/hex.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import type { ControlReply, OperatorSource } from "../operator/operator-source.ts";
import type { RunningMaker } from "../venue/maker-runner.ts";
import type { VaultInfo } from "../venue/vault-info.ts";
import { createFillMarkouts } from "./fill-markouts.ts";
import { type MakerPlace, makerView, whyView } from "./maker-view.ts";
import { vaultsView } from "./vaults-view.ts";

/** How often fills and changes of state are looked for [ms]. */
const WATCH_MS = 50;
/** Over how long the worst delay of the process is taken [ms]. */
const LAG_MS = 5_000;

/** A source and the way to stop watching the maker. */
export interface MakerSource {
  readonly source: OperatorSource;
  close(): void;
}

/** What a maker's status does not say. */
export interface SourcePlace extends Omit<MakerPlace, "loopLagMs" | "fillMarkouts" | "speed"> {
  /** How fast the market's clock runs against real time [ratio]. */
  readonly speed: () => number;
  /** Vaults and pools of the venue; null = it has no such thing. */
  readonly askVaults: () => Promise<VaultInfo | null>;
}

/** The source of a maker. */
export function createMakerSource(maker: RunningMaker, place: SourcePlace): MakerSource {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const stopWatching = watchChanges(maker, tell);
  const lag = watchLoopLag();
  const fillMarkouts = createFillMarkouts(maker.notes);
  const placeOf = (status: MakerStatus): MakerPlace => ({
    ...place,
    speed: place.speed(),
    loopLagMs: lag.worstMs(),
    fillMarkouts: fillMarkouts(status),
  });
  const source: OperatorSource = {
    view() {
      const status = maker.status();
      return makerView(status, placeOf(status));
    },
    why() {
      const status = maker.status();
      return whyView(status, placeOf(status));
    },
    vaults: async () => vaultsView(await place.askVaults()),
    controls: createControls(maker, tell),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    source,
    close() {
      stopWatching();
      lag.stop();
    },
  };
}

function createControls(maker: RunningMaker, tell: () => void): OperatorSource["controls"] {
  const done = (message: string): ControlReply => {
    tell();
    return { ok: true, message };
  };
  const refused = (message: string): ControlReply => ({ ok: false, message });
  const orders = (): string => `${maker.status().orders.length} orders`;
  return {
    pause: () => {
      const count = orders();
      maker.pause();
      return done(`paused; canceling ${count}`);
    },
    resume: () => {
      if (maker.status().kill.killed) return refused("killed: re-arm first");
      maker.resume();
      return done("quoting again");
    },
    cancelAll: () => {
      const count = orders();
      maker.cancelAll();
      return done(`canceling ${count}`);
    },
    kill: () => {
      const count = orders();
      maker.kill("by the operator, on the page");
      return done(`killed; canceling ${count}; nothing is placed until re-armed`);
    },
    rearm: () => {
      if (!maker.status().kill.killed) return refused("the kill switch is not tripped");
      maker.pause();
      maker.rearm();
      return done("re-armed and paused: resume to quote");
    },
    flatten: () => {
      const { kill, position } = maker.status();
      if (kill.killed) return refused("killed: re-arm first");
      const count = orders();
      maker.flatten();
      const closing = position.size === 0 ? "no position to close" : "closing the position";
      return done(`canceling ${count}; ${closing}; then paused`);
    },
    cancelOrder: (id) =>
      /^0x[0-9a-f]{32}$/.test(id) && maker.cancelOrder(id as Hex)
        ? done("canceling it; its level is quoted again when the ladder asks for it")
        : refused("no such order of ours rests"),
    configure: (changes) => {
      const before = new Map(maker.status().parameters.map(({ key, value }) => [key, value]));
      const problem = maker.configure(changes);
      if (problem !== null) return refused(problem);
      const texts = Object.entries(changes).map(
        ([key, value]) => `${key} ${before.get(key)} → ${value}`,
      );
      return done(texts.join(", "));
    },
  };
}

/** Calls back when a fill came or the phase or its reasons changed. */
function watchChanges(maker: RunningMaker, tell: () => void): () => void {
  let last = "";
  const sign = ({ phase, fills, blocks }: MakerStatus): string =>
    `${phase} ${fills.count} ${blocks.map(({ code }) => code).join()}`;
  const timer = setInterval(() => {
    const now = sign(maker.status());
    if (now === last) return;
    last = now;
    tell();
  }, WATCH_MS);
  return () => clearInterval(timer);
}

/** Watches how late the process gets to its timers. */
function watchLoopLag(): { worstMs(): number; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let before = 0;
  const worst = (): number => Math.max(0, Math.round(histogram.max / 1e6) - 20);
  const timer = setInterval(() => {
    before = worst();
    histogram.reset();
  }, LAG_MS);
  return {
    worstMs: () => Math.max(before, worst()),
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
