/**
 * What the operator's server sends, as the page reads it. The page shares no code with the server,
 * so these types are its own; a test holds the two copies together.
 */

/** Version of the view's shape that this page understands. */
export const VIEW_SCHEMA = 1;

/** One price level [ticks, lots, lots]. */
export interface Level {
  readonly px: number;
  readonly sz: number;
  readonly own: number;
}

/** One of our own orders. */
export interface OwnOrder {
  readonly id: string;
  readonly side: "buy" | "sell";
  readonly px: number;
  readonly sz: number;
  readonly status: "pending" | "open" | "canceling" | "unknown";
  readonly timeMs: number;
}

/** One fill of ours; fee and realised [10^-6 USDC]. */
export interface Fill {
  readonly tid: number;
  readonly timeMs: number;
  readonly side: "buy" | "sell";
  readonly px: number;
  readonly sz: number;
  readonly fee: number;
  readonly realised: number;
  readonly taker: boolean;
}

/** Profit and loss; realised + unrealised - fees = net [10^-6 USDC]. */
export interface Pnl {
  readonly realised: number;
  readonly unrealised: number;
  readonly fees: number;
  readonly net: number;
}

/** Everything that the page shows: prices in ticks, sizes in lots, money in micros, times in ms. */
export interface View {
  readonly venue: "SIM" | "LOCAL" | "TESTNET" | "MAINNET";
  readonly account: string;
  readonly coin: string;
  readonly szDecimals: number;
  readonly timeMs: number;
  readonly marketTimeMs: number;
  readonly state: {
    readonly name: "starting" | "quoting" | "paused" | "stale" | "killed";
    readonly reasons: readonly string[];
  };
  readonly book: { readonly bids: readonly Level[]; readonly asks: readonly Level[] };
  readonly orders: readonly OwnOrder[];
  readonly fills: readonly Fill[];
  readonly position: number;
  readonly pnl: Pnl;
  readonly mid: number | null;
  readonly fair: number | null;
  readonly halfSpreadBps: number;
  readonly limits: { readonly positionMax: number; readonly lossMax: number | null };
  readonly counters: {
    readonly fills: number;
    readonly orders: number;
    readonly rejects: number;
    readonly unknownOrders: number;
  };
}

interface Update<Type extends string, Keys extends keyof View> {
  readonly type: Type;
  readonly seq: number;
  readonly part: Pick<View, "timeMs" | Keys>;
}

/** The whole view. */
export interface Snapshot {
  readonly type: "snapshot";
  readonly seq: number;
  readonly schema: number;
  readonly view: View;
}

/** Everything that the server sends. */
export type StreamMessage =
  | Snapshot
  | Update<"ladder", "marketTimeMs" | "book" | "orders" | "mid" | "fair" | "halfSpreadBps">
  | Update<"kpi", "marketTimeMs" | "position" | "pnl" | "limits" | "counters">
  | Update<"fills", "fills" | "position" | "pnl" | "counters">
  | Update<"state", "state" | "orders">;
