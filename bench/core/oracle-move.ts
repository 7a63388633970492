/**
 * One oracle price that liquidates nobody, in an exchange of many accounts of which a tenth hold the
 * market, beside one in a market that nobody holds.
 */
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { createExchange } from "../../src/exchange/state.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { median } from "./statistics.ts";
import { addressOf, createStamp } from "./trading-floor.ts";

/** What an oracle price costs [us], and how many times a price that visits nobody. */
export interface OracleMove {
  readonly accounts: number;
  readonly holders: number;
  readonly heldUs: number;
  readonly unheldUs: number;
  readonly ratio: number;
}

const PX = DEFAULT_MARKETS.map(({ startPx }) => startPx);
const HELD = 0;
const UNHELD = 2;

/** Times both kinds of price in turn. */
export function measureOracleMove(accounts: number, rounds: number): OracleMove {
  const state = createExchange();
  const ring = createEventRing();
  const stamp = createStamp();
  const record = createCommandRecord();
  const send = (command: Command): void => {
    writeCommand(command, record);
    stamp(record);
    applyCommand(state, record, ring);
    releaseEvents(ring, ring.written);
  };
  for (const { spec } of DEFAULT_MARKETS) send({ kind: "createMarket", spec });
  send({ kind: "setOraclePrices", prices: PX.map((px, market) => ({ market, px })) });
  for (let account = 0; account < accounts; account++)
    send({ kind: "deposit", address: addressOf(account), amount: 10_000_000_000 });
  const holders = Math.floor(accounts / 10);
  for (let account = 0; account < accounts; account += 2) {
    const market = account < holders ? HELD : 1;
    const order = { market, px: PX[market] as number, sz: 100 };
    const signed = { kind: "placeOrders", nonce: 0 } as const;
    const buy = { ...order, side: BUY, tif: TIF.gtc };
    send({ ...signed, signer: addressOf(account), orders: [buy] });
    const sell = { ...order, side: SELL, tif: TIF.ioc };
    send({ ...signed, signer: addressOf(account + 1), orders: [sell] });
  }
  const time = (market: number, round: number): number => {
    const px = (PX[market] as number) + (round % 2);
    const start = performance.now();
    send({ kind: "setOraclePrices", prices: [{ market, px }] });
    return (performance.now() - start) * 1e3;
  };
  const held: number[] = [];
  const unheld: number[] = [];
  for (let round = 0; round < rounds; round++) {
    unheld.push(time(UNHELD, round));
    held.push(time(HELD, round));
  }
  const half = rounds >> 1;
  return {
    accounts,
    holders,
    heldUs: median(held.slice(half)),
    unheldUs: median(unheld.slice(half)),
    ratio: median(held.slice(half).map((us, i) => us / (unheld[half + i] as number))),
  };
}
