/**
 * What an exchange itself says of an account, over a connection that neither the account's maker
 * nor a proxy before it has a hand in.
 */
import { InfoClient, SubscriptionClient, WebSocketTransport } from "@nktkas/hyperliquid";
import type { Hex } from "../../src/base/hex.ts";

/** One change of an order, in the order in which the exchange told. */
export interface OrderChange {
  readonly oid: number;
  readonly cloid: string | undefined;
  readonly status: string;
}

/** An account's orders, fills and position as the exchange has them. */
export interface AccountWatch {
  readonly user: Hex;
  readonly info: InfoClient;
  /** Every change since the watch was opened. */
  readonly changes: readonly OrderChange[];
  listing(): ReturnType<InfoClient["frontendOpenOrders"]>;
  /** Resolves once the account has open orders. */
  quoted(): Promise<void>;
  /** Resolves once none of the account's orders is left. */
  gone(): Promise<void>;
  /** Signed position, 0 = none [coins]. */
  position(): Promise<number>;
  fills(): ReturnType<InfoClient["userFills"]>;
  /**
   * Orders that were placed, and fills that happened, while the exchange's oracle moved on this
   * many times, which it does once a second.
   */
  placedWhile(oracleMoves: number): Promise<number>;
  close(): void;
}

/** A wait that takes longer fails, with the question that was asked [ms]. */
const WAIT_MS_MAX = 60_000;

/** Waits until something holds, looking again and again. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const givenUpMs = performance.now() + WAIT_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > givenUpMs) throw new Error(`waited in vain for ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Opens a watch of an account's orders in one market. */
export async function openAccountWatch(options: {
  readonly socketUrl: string;
  readonly user: Hex;
  readonly coin: string;
}): Promise<AccountWatch> {
  const { socketUrl, user, coin } = options;
  const transport = new WebSocketTransport({ url: socketUrl });
  const info = new InfoClient({ transport });
  const changes: OrderChange[] = [];
  await new SubscriptionClient({ transport }).orderUpdates({ user }, (updates) => {
    for (const { order, status } of updates) {
      changes.push({ oid: order.oid, cloid: order.cloid, status });
    }
  });
  const listing = () => info.frontendOpenOrders({ user });
  const fills = () => info.userFills({ user });
  const oraclePx = async (): Promise<string> => {
    const [{ universe }, contexts] = await info.metaAndAssetCtxs();
    return contexts[universe.findIndex(({ name }) => name === coin)]?.oraclePx ?? "";
  };
  return {
    user,
    info,
    changes,
    listing,
    fills,
    quoted: () => until(async () => (await listing()).length > 0),
    gone: () => until(async () => (await listing()).length === 0),
    async position() {
      const { assetPositions } = await info.clearinghouseState({ user });
      return Number(
        assetPositions.find(({ position }) => position.coin === coin)?.position.szi ?? 0,
      );
    },
    async placedWhile(oracleMoves) {
      // Answers come behind the changes that were told before them, on the same connection.
      const fillsBefore = (await fills()).length;
      const from = changes.length;
      for (let move = 0; move < oracleMoves; move++) {
        const px = await oraclePx();
        await until(async () => (await oraclePx()) !== px);
      }
      const filled = (await fills()).length - fillsBefore;
      const isPlaced = ({ status }: OrderChange): boolean => status === "open";
      return changes.slice(from).filter(isPlaced).length + filled + (await listing()).length;
    },
    close: () => transport.close(),
  };
}
