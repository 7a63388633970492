/** The part of the peer's interface that is used; the package names a declaration file that it lacks. */
declare module "nodejs-order-book" {
  interface PeerOrder {
    readonly id: string;
    readonly price: number;
    readonly size: number;
  }

  /** What the peer answers to an order. */
  export interface ProcessedOrder {
    readonly done: readonly PeerOrder[];
    readonly partial: PeerOrder | null;
    readonly partialQuantityProcessed: number;
    readonly quantityLeft: number;
    readonly err: Error | null;
  }

  export class OrderBook {
    limit(order: {
      side: "buy" | "sell";
      id: string;
      size: number;
      price: number;
      timeInForce?: "GTC" | "FOK" | "IOC";
    }): ProcessedOrder;
    modify(id: string, update: { price: number; size: number }): ProcessedOrder;
    cancel(id: string): unknown;
  }
}
