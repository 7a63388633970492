/** A maker that is none: a seeded market that moves when told, and controls that keep a record. */
import { createHash } from "node:crypto";
import type { ControlReply, OperatorSource } from "../../src/operator/operator-source.ts";
import type {
  FillView,
  LevelView,
  ModelView,
  OperatorView,
  OwnOrderView,
  ParameterView,
  ReasonView,
  RiskView,
  SplitView,
  VenueLabel,
} from "../../src/operator/operator-view.ts";
import type { VaultsView } from "../../src/operator/vaults-view.ts";

/** An operator source whose every move the test decides. */
export interface FakeSource extends OperatorSource {
  /** Controls that were called, in order; with an argument as "name argument". */
  readonly calls: string[];
  /** Next step of the market: a new book and time; fills now and then. */
  step(): void;
  /** Books one fill and tells. */
  fill(): void;
  /** Replaces fields of the view and tells. */
  set(change: Partial<OperatorView>): void;
  /** What the venue tells of vaults from now on; an error = it does not answer. */
  tellVaults(next: VaultsView | Error): void;
  /** How often the venue was asked of vaults. */
  vaultsAsked(): number;
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

const MID = 837_670;
const HORIZONS_MS = [1_000, 5_000, 30_000] as const;
const TERMS = [
  { name: "liquidity", ticks: 62 },
  { name: "inventory risk", ticks: 14 },
  { name: "fee", ticks: 13 },
  { name: "adverse selection", ticks: 12 },
] as const;

const modelAt = (step: number, position: number, fair: number): ModelView => {
  const skew = position / 2_000;
  return {
    name: "GLFT",
    reservationPx: fair - skew,
    sigma: 38 + 6 * Math.sin(step / 40),
    intensityA: 0.42,
    intensityK: 0.0042 + 0.0004 * Math.sin(step / 70),
    gamma: 0.12,
    halfSpread: 101,
    terms: TERMS,
    skew,
    sources: { sigma: "estimated", intensity: step > 100 ? "estimated" : "prior" },
    observations: 40 + step,
  };
};

const reasonOf = (order: OwnOrderView, model: ModelView, fair: number): ReasonView => ({
  atMs: order.timeMs,
  level: 0,
  fairPx: fair,
  reservationPx: model.reservationPx ?? fair,
  sigma: model.sigma,
  gamma: model.gamma,
  intensityA: model.intensityA,
  intensityK: model.intensityK,
  halfSpread: model.halfSpread,
  terms: model.terms,
  skew: model.skew,
  rawPx: order.px + 0.4,
  px: order.px,
});

const PARAMETERS: readonly ParameterView[] = [
  {
    key: "gammaBase",
    value: 0.12,
    low: 0.01,
    high: 5,
    whole: false,
    unit: "1/(bps x order)",
    text: "Aversion to inventory.",
  },
  {
    key: "levels",
    value: 3,
    low: 1,
    high: 20,
    whole: true,
    unit: "orders",
    text: "Orders on each side.",
  },
  {
    key: "levelNotional",
    value: 200_000_000,
    low: 10_000_000,
    high: 10_000_000_000,
    whole: true,
    unit: "10^-6 USDC",
    text: "Value of one order.",
  },
  {
    key: "requoteIntervalMs",
    value: 200,
    low: 0,
    high: 60_000,
    whole: true,
    unit: "ms",
    text: "Least time between two changes of the orders.",
  },
];

const RUNS = { id: 1, coin: "ETH", paused: null, netSz: "-0.1331", fills: 214 } as const;
const SPENT = { volume: 85_612_000_000, fees: 12_841_800 } as const;
const TERMS_OF_GRID = { low: "3080.5", high: "3142.0", levels: 31, size: "0.1331" } as const;

/** One vault of each kind of strategy, one that is paused, and a pool. */
const VAULTS: VaultsView = {
  offered: true,
  vaults: [
    {
      address: "0x5a1f00000000000000000000000000000000c0de",
      name: "ETH grid",
      owner: "0x00000000000000000000000000000000000b0551",
      status: "open",
      equity: 15_042_118_221,
      pnl: 42_118_221,
      profitShareBps: 1_000,
      depositors: 2,
      sharePrice: 1_002_807,
      strategies: [
        {
          kind: "grid",
          ...RUNS,
          ...SPENT,
          ...TERMS_OF_GRID,
          shifts: true,
          cycleProfit: 18_220_004,
        },
      ],
    },
    {
      address: "0x5a2f00000000000000000000000000000000c0de",
      name: "HYPE two-sided",
      owner: "0x00000000000000000000000000000000000b0551",
      status: "paused",
      equity: 14_988_004_100,
      pnl: -11_995_900,
      profitShareBps: 1_250,
      depositors: 14,
      sharePrice: 999_200,
      strategies: [
        {
          kind: "quote",
          ...RUNS,
          ...SPENT,
          coin: "HYPE",
          paused: "an order found no margin",
          bid: { px: "38.211", sz: "26.17" },
          ask: null,
        },
        { kind: "hedge", ...RUNS, ...SPENT, id: 2, coin: "HYPE", hedges: 7, net: -250_000_000 },
      ],
    },
  ],
  pools: [
    {
      address: "0x9001000000000000000000000000000000000001",
      coin: "BTC",
      status: "quoting",
      low: "83016",
      high: "84518",
      levels: 31,
      liquidity: 20_013_400_500,
      pnl: 13_400_500,
      feesEarned: 21_003_000,
      feesPending: 3_100_000,
      feeShareBps: 2_000,
      impermanentLoss: -4_502_500,
      supply: "20000.0",
      tokenPrice: 1_000_670,
      holders: 1,
      strategies: [
        {
          kind: "grid",
          ...RUNS,
          ...SPENT,
          ...{ coin: "BTC", low: "83016", high: "84518", levels: 31, size: "0.00477" },
          shifts: false,
          cycleProfit: -120_004,
        },
      ],
    },
  ],
  vaultsMore: 0,
  poolsMore: 0,
};

/** Paid for holding [10^-6 USDC]. */
const FUNDING = -37_125;

/** Integer parts that add up to `net`, whatever it is. */
const splitOf = (net: number, fees: number): SplitView => {
  const spread = Math.round(net * 1.4) + 9_000_001;
  const adverseSelection = -Math.round(net * 0.3) - 6_000_000;
  const inventory = net - spread - adverseSelection + fees - FUNDING;
  return {
    spread,
    adverseSelection,
    inventory,
    fees: -fees,
    funding: FUNDING,
    residual: 0,
  };
};

function riskOf(
  timeMs: number,
  { position, killed, net }: { position: number; killed: boolean; net: number },
): RiskView {
  const row = { soft: null, hard: null, safe: "below", action: "kill", tripMs: null } as const;
  return {
    limits: [
      {
        ...row,
        key: "dailyLoss",
        name: "Loss since midnight UTC",
        unit: "usd",
        now: -net,
        hard: 250_000_000,
      },
      {
        ...row,
        key: "drawdown",
        name: "Fall of equity from its peak",
        unit: "ratio",
        now: 0.0012,
        hard: 0.05,
        tripMs: START_MS - 5_000_000,
      },
      {
        ...row,
        key: "position",
        name: "Position",
        unit: "lots",
        now: Math.abs(position),
        soft: 100_000,
        hard: 200_000,
        action: "the side that adds stops · kill",
      },
      {
        ...row,
        key: "marketData",
        name: "Age of market data",
        unit: "ms",
        now: 12,
        soft: 5_000,
        hard: 30_000,
        action: "cancel all, wait · kill",
      },
      {
        ...row,
        key: "budget",
        name: "Requests left to the address",
        unit: "count",
        now: 9_420,
        soft: 200,
        safe: "above",
        action: "cancel all, wait",
      },
    ],
    kill: {
      killed,
      history: [
        { timeMs: START_MS - 4_000_000, kind: "rearmed", text: "re-armed" },
        { timeMs: START_MS - 5_000_000, kind: "killed", text: "equity 5.02 % below its peak" },
      ],
    },
    deadMan: { periodMs: 15_000, firesMs: timeMs + 12_000 },
    feeds: [
      { name: "market data", ageMs: 12, ageMsMax: 5_000 },
      { name: "own orders and fills", ageMs: 310, ageMsMax: 60_000 },
      { name: "account", ageMs: 2_100, ageMsMax: 30_000 },
      { name: "connection", ageMs: 0, ageMsMax: 0 },
    ],
    loopLagMs: 4,
  };
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
  let vaults: VaultsView | Error = VAULTS;
  let asked = 0;
  let parameters = PARAMETERS;
  let canceled = new Set<string>();
  let best = MID;
  const bestBid = (): number => best;
  const quotes = (): OwnOrderView[] => {
    if (state.name !== "quoting") return [];
    const at = (side: "buy" | "sell", i: number): OwnOrderView => ({
      id: `0x${(1000 + step * 10 + i + (side === "buy" ? 0 : 5)).toString(16).padStart(32, "0")}`,
      side,
      px: side === "buy" ? bestBid() - i * 40 : bestBid() + 30 + i * 40,
      sz: 5_000 * (i + 1),
      status: side === "sell" && i === 2 ? "unknown" : "open",
      timeMs: START_MS + step * 100 - 1_700 * (i + 1),
      queueAhead: i === 2 ? null : 31_000 * (i + 1),
    });
    const all = [0, 1, 2].flatMap((i) => [at("buy", i), at("sell", i)]);
    return all.filter((order) => !canceled.has(order.id));
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
    const net = realised + unrealised - fees + FUNDING;
    const fair = bestBid() + 10 + 4 * Math.sin(step / 9);
    const model = modelAt(step, position, fair);
    const killed = state.name === "killed";
    return {
      venue,
      account: "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984",
      ...COIN,
      timeMs,
      marketTimeMs: timeMs - 12,
      speed: 1,
      state,
      sides: {
        bid: { state: killed ? "off" : "quoting", text: killed ? "killed" : "" },
        ask: { state: killed ? "off" : "partial", text: "smaller: inventory 83 % of its limit" },
      },
      book: bookOf(orders),
      orders,
      fills,
      fillMarkouts: fills.map(({ tid }) => ({
        tid,
        bps: [uniform(seed, tid) - 0.4, uniform(seed, tid + 1) - 0.5, null],
      })),
      markouts: HORIZONS_MS.map((horizonMs, i) => ({
        horizonMs,
        n: Math.max(0, fillCount - i),
        meanBps: fillCount > i ? 0.6 - 0.5 * i : null,
        standardErrorBps: fillCount > i + 1 ? 0.2 + 0.1 * i : null,
      })),
      position,
      pnl: { realised, unrealised, fees, funding: FUNDING, net },
      reference: {
        oraclePx: bestBid() + 40,
        markPx: bestBid() + 10,
        fundingRate: 0.0000125,
        nextFundingMs: (Math.floor(timeMs / 3_600_000) + 1) * 3_600_000,
      },
      split: splitOf(net, fees),
      equity: {
        now: 100_000_000_000 + net,
        dailyLoss: -net,
        dailyLossMax: 250_000_000,
        drawdown: 0.0012,
        drawdownMax: 0.05,
      },
      mid: bestBid() + 10,
      fair,
      reservation: model.reservationPx,
      halfSpreadBps: 1.2,
      model,
      parameters,
      risk: riskOf(timeMs, { position, killed, net }),
      budget: { left: 9_420, reserve: 200 },
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
    why() {
      const { coin, szDecimals, timeMs, sides, model, orders, fair } = view();
      const reasons = orders.map((order) => ({
        ...order,
        reason: model === null || fair === null ? null : reasonOf(order, model, fair),
      }));
      return { coin, szDecimals, timeMs, state, sides, model, orders: reasons };
    },
    vaults: async () => {
      asked += 1;
      if (vaults instanceof Error) throw vaults;
      return vaults;
    },
    vaultsAsked: () => asked,
    tellVaults(next) {
      vaults = next;
    },
    controls: {
      pause: control("pause", { name: "paused", reasons: ["paused by the operator"] }),
      resume: control("resume", { name: "quoting", reasons: [] }),
      cancelAll: control("cancelAll", null),
      kill: control("kill", {
        name: "killed",
        reasons: ["killed by the operator: re-arm to quote again"],
      }),
      rearm: control("rearm", { name: "paused", reasons: ["re-armed: resume to quote"] }),
      flatten: () => {
        calls.push("flatten");
        ledger.position = 0;
        ledger.cost = 0;
        state = { name: "paused", reasons: ["paused after flattening"] };
        tell();
        return { ok: true, message: "closing the position; then paused" };
      },
      cancelOrder(id) {
        calls.push(`cancelOrder ${id}`);
        canceled = new Set([...canceled, id]);
        tell();
        return { ok: true, message: "canceled 1 of 1" };
      },
      configure(changes) {
        calls.push(`configure ${JSON.stringify(changes)}`);
        if ((changes.levels ?? 0) > 10) {
          return { ok: false, message: "the deepest level lies beyond quoteDistanceBpsMax" };
        }
        parameters = parameters.map((one) => ({ ...one, value: changes[one.key] ?? one.value }));
        tell();
        return { ok: true, message: "changed" };
      },
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    step() {
      step += 1;
      const pull = (MID - best) / 4_000;
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
