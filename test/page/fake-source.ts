/** A maker that is none: a seeded market that moves when told, and controls that keep a record. */
import { createHash } from "node:crypto";
import type {
  ControlReply,
  FillView,
  LevelView,
  OperatorSource,
  OperatorView,
  OwnOrderView,
  VenueLabel,
} from "../../src/operator/operator-source.ts";

/** An operator source whose every move the test decides. */
export interface FakeSource extends OperatorSource {
  /** Controls that were called, in order. */
  readonly calls: string[];
  /** Next step of the market: a new book and time; fills now and then. */
  step(): void;
  /** Books one fill and tells. */
  fill(): void;
  /** Replaces fields of the view and tells. */
  set(change: Partial<OperatorView>): void;
}

const START_MS = Date.UTC(2026, 0, 15, 14, 3, 22);
const LEVELS = 18;
const COIN = { coin: "BTC", szDecimals: 5 } as const;

/** Uniform in [0, 1), a function of seed and counter alone. */
const uniform = (seed: number, n: number): number =>
  createHash("sha256").update(`${seed}:${n}`).digest().readUInt32LE(0) / 2 ** 32;

/** Exact account of fills: position [lots], cost [10^-6 USDC] and what fills made. */
interface Ledger {
  position: number;
  cost: number;
  realised: number;
  fees: number;
}

function book(
  ledger: Ledger,
  fill: { sign: 1 | -1; px: number; sz: number },
): FillView["realised"] {
  const signed = fill.sign * fill.sz;
  const closes = Math.sign(ledger.position) === -fill.sign;
  const closed = closes ? Math.min(fill.sz, Math.abs(ledger.position)) : 0;
  const closedCost =
    closed === 0 ? 0 : Math.trunc((ledger.cost * closed) / Math.abs(ledger.position));
  const realised = closed === 0 ? 0 : -fill.sign * closed * fill.px - closedCost;
  ledger.cost += -closedCost + fill.sign * (fill.sz - closed) * fill.px;
  ledger.position += signed;
  ledger.realised += realised;
  return realised;
}

const levels = (
  { seed, best, step, direction }: { seed: number; best: number; step: number; direction: 1 | -1 },
  own: readonly OwnOrderView[],
): LevelView[] =>
  Array.from({ length: LEVELS }, (_, i) => {
    const gap = i === 0 ? 0 : i * 20 - 10 * Math.floor(uniform(seed, i) * 2);
    const px = best + direction * gap;
    const mine = own.filter((order) => order.px === px).reduce((sum, order) => sum + order.sz, 0);
    const depth = 0.15 + i * 0.06 + uniform(seed + Math.floor((step + i) / 4), 50 + i) ** 2;
    return { px, sz: mine + Math.round(depth * 100_000), own: mine };
  });

/** A source at a fixed instant; it moves only by `step`, `fill` and `set`. */
export function createFakeSource({
  seed = 7,
  venue = "SIM",
}: {
  readonly seed?: number;
  readonly venue?: VenueLabel;
} = {}): FakeSource {
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const ledger: Ledger = { position: 0, cost: 0, realised: 0, fees: 0 };
  let override: Partial<OperatorView> = {};
  let fills: FillView[] = [];
  let step = 0;
  let fillCount = 0;
  let state: OperatorView["state"] = { name: "quoting", reasons: ["ask widened x1.4: inventory"] };

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let best = 837_670;
  const bestBid = (): number => best;
  const quotes = (): OwnOrderView[] => {
    if (state.name !== "quoting") return [];
    const at = (side: "buy" | "sell", i: number): OwnOrderView => ({
      id: `0x${(1000 + step * 10 + i).toString(16).padStart(32, "0")}`,
      side,
      px: side === "buy" ? bestBid() - i * 40 : bestBid() + 30 + i * 40,
      sz: 5_000 * (i + 1),
      status: side === "sell" && i === 2 ? "unknown" : "open",
      timeMs: START_MS + step * 100 - 1_700 * (i + 1),
    });
    return [0, 1, 2].flatMap((i) => [at("buy", i), at("sell", i)]);
  };
  const bookOf = (orders: readonly OwnOrderView[]): OperatorView["book"] => {
    const side = (name: "buy" | "sell", best: number, direction: 1 | -1): LevelView[] => {
      const own = orders.filter((order) => order.side === name);
      const around = levels({ seed: seed + direction, best, step, direction }, own);
      const missing = own
        .filter((order) => !around.some((level) => level.px === order.px))
        .map((order) => ({ px: order.px, sz: order.sz, own: order.sz }));
      return [...around, ...missing].sort((a, b) => direction * (a.px - b.px));
    };
    return { bids: side("buy", bestBid(), -1), asks: side("sell", bestBid() + 20, 1) };
  };
  const addFill = (): void => {
    fillCount += 1;
    const buy = uniform(seed, 900 + fillCount) < 0.5 - ledger.position / 200_000;
    const px = buy ? bestBid() : bestBid() + 20;
    const sz = 1_000 + Math.floor(uniform(seed, 2000 + fillCount) * 6_000);
    const realised = book(ledger, { sign: buy ? 1 : -1, px, sz });
    const fee = Math.trunc((px * sz * 15) / 100_000);
    ledger.fees += fee;
    const timeMs = START_MS + step * 100 - Math.floor(uniform(seed, fillCount) * 90);
    const side = buy ? "buy" : "sell";
    const fill = { tid: fillCount, timeMs, side, px, sz, fee, realised, taker: false } as const;
    fills = [fill, ...fills].slice(0, 50);
  };
  const view = (): OperatorView => {
    const orders = quotes();
    const { position, cost, realised, fees } = ledger;
    const unrealised = position * (bestBid() + 10) - cost;
    const timeMs = START_MS + step * 100;
    return {
      venue,
      account: "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984",
      ...COIN,
      timeMs,
      marketTimeMs: timeMs - 12,
      state,
      book: bookOf(orders),
      orders,
      fills,
      position,
      pnl: { realised, unrealised, fees, net: realised + unrealised - fees },
      mid: bestBid() + 10,
      fair: bestBid() + 10 + 4 * Math.sin(step / 9),
      halfSpreadBps: 1.2,
      limits: { positionMax: 100_000, lossMax: 250_000_000 },
      counters: {
        fills: fillCount,
        orders: 412 + step,
        rejects: 3,
        unknownOrders: orders.length > 0 ? 1 : 0,
      },
      ...override,
    };
  };
  const control =
    (name: string, next: OperatorView["state"] | null): (() => ControlReply) =>
    () => {
      calls.push(name);
      const live = quotes().length;
      if (next !== null) state = next;
      tell();
      return {
        ok: true,
        message: live > 0 ? `canceled ${live} of ${live} orders` : "no orders were open",
      };
    };
  return {
    calls,
    view,
    controls: {
      pause: control("pause", { name: "paused", reasons: ["paused by the operator"] }),
      resume: control("resume", { name: "quoting", reasons: [] }),
      cancelAll: control("cancelAll", null),
      kill: control("kill", {
        name: "killed",
        reasons: ["killed by the operator: re-arm to quote again"],
      }),
      rearm: control("rearm", { name: "paused", reasons: ["re-armed: resume to quote"] }),
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    step() {
      step += 1;
      const pull = (837_670 - best) / 4_000;
      if (step % 3 === 0) best += 10 * Math.round(3.2 * (uniform(seed, 7000 + step) - 0.5) + pull);
      if (state.name === "quoting" && uniform(seed, 5000 + step) < 0.12) {
        addFill();
        tell();
      }
    },
    fill() {
      addFill();
      tell();
    },
    set({ state: next, ...change }) {
      override = { ...override, ...change };
      if (next !== undefined) state = next;
      tell();
    },
  };
}
