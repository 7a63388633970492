/**
 * A full exchange made ready for a stream of commands: four markets, funded accounts that hold a
 * position in each of the other three, and records filled from the stream without allocation.
 */
import type { Hex } from "../../src/base/hex.ts";
import type { InstrumentSpec } from "../../src/base/instrument-spec.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import {
  type CommandRecord,
  createCommandRecord,
  HEADER,
  ITEM,
  ITEM_FLAG,
  itemByte,
  itemLane,
} from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { ACCOUNTS, type CommandStream, STEP } from "./command-stream.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const OWN_BUY = BUY;
const { seq: HEADER_SEQ, timeMs: HEADER_TIME_MS, nonce: HEADER_NONCE } = HEADER;
const {
  targetOid: ITEM_TARGET_OID,
  side: ITEM_SIDE,
  px: ITEM_PX,
  sz: ITEM_SZ,
  flags: ITEM_FLAGS,
} = ITEM;
const { hasCloid: ITEM_FLAG_HAS_CLOID } = ITEM_FLAG;
const OWN_SELL = SELL;
const { add: STEP_ADD, cancel: STEP_CANCEL, modify: STEP_MODIFY } = STEP;
const { gtc: TIF_GTC, ioc: TIF_IOC } = TIF;

/** Time of the first command [ms]. */
const START_MS = 1_800_000_000_000;
/** Commands that share a millisecond. */
const COMMANDS_PER_MS = 200;
/** What each account starts with: 100,000 USDC [10^-6 USDC]. */
const DEPOSIT = 100_000_000_000;

const FOURTH: InstrumentSpec = { ...(DEFAULT_MARKETS[2]?.spec as InstrumentSpec), name: "SOL" };

/** What comes with an order beside its content. */
export interface FloorRules {
  /** Every order carries a client order id, and the address budget is enforced. */
  readonly everyRule: boolean;
}

/** Takes stamped records: an exchange, or a journal before one. */
export type TakeRecord = (record: CommandRecord) => void;

/** Stamps records in order; time and nonce go on with the count. */
export function createStamp(): (record: CommandRecord) => void {
  let seq = 0;
  return ({ lanes }) => {
    seq += 1;
    lanes[HEADER_SEQ] = seq;
    lanes[HEADER_TIME_MS] = timeMsOf(seq);
    lanes[HEADER_NONCE] = START_MS + seq;
  };
}

/** Time of a command by its number [ms]. */
export const timeMsOf = (seq: number): number => START_MS + Math.floor(seq / COMMANDS_PER_MS);

/** Address of an account by its number. */
export const addressOf = (account: number): Hex =>
  `0x${(0x1000_0000 + account * 0x9e37).toString(16).padStart(40, "0")}`;

/** Hands over what comes before the first order: markets, prices, money, positions. */
export function openFloor(take: TakeRecord, { everyRule }: FloorRules): void {
  const record = createCommandRecord();
  const send = (command: Command): void => {
    writeCommand(command, record);
    take(record);
  };
  for (const { spec } of DEFAULT_MARKETS) send({ kind: "createMarket", spec });
  send({ kind: "createMarket", spec: FOURTH });
  const prices = DEFAULT_MARKETS.map(({ startPx }, market) => ({ market, px: startPx }));
  send({ kind: "setOraclePrices", prices: [...prices, { market: 3, px: 1_500_000 }] });
  for (let account = 0; account < ACCOUNTS; account++)
    send({ kind: "deposit", address: addressOf(account), amount: DEPOSIT });
  for (const [market, px] of [310_000, 382_200, 1_500_000].entries()) {
    for (let account = 0; account < ACCOUNTS; account += 2)
      trade(send, market + 1, px, account, account + 1);
  }
  if (everyRule) send({ kind: "setLimits", on: true });
}

/** One account buys from another. */
function trade(
  send: (command: Command) => void,
  market: number,
  px: number,
  buyer: number,
  seller: number,
): void {
  const order = { market, px, sz: 100 } as const;
  const signed = { kind: "placeOrders", nonce: 0 } as const;
  const buy = { ...order, side: OWN_BUY, tif: TIF_GTC };
  const sell = { ...order, side: OWN_SELL, tif: TIF_IOC };
  send({ ...signed, signer: addressOf(buyer), orders: [buy] });
  send({ ...signed, signer: addressOf(seller), orders: [sell] });
}

/** Fills records from a stream; one record a kind is reused, and only what differs is written. */
export interface RecordFiller {
  /** The record of command `i`, to be stamped and used before the next call. */
  fill(i: number): CommandRecord;
}

/** Fills records from a stream; `targetOid` holds the order id that each cancel and modify names. */
export function createRecordFiller(
  stream: CommandStream,
  targetOid: Float64Array,
  { everyRule }: FloorRules,
): RecordFiller {
  const { kind, side, px, sz, order, account } = stream;
  const words = addressWords();
  const item = { market: 0, side: OWN_BUY, px: 1, sz: 1, tif: TIF_GTC } as const;
  const signed = { signer: addressOf(0), nonce: 0 };
  const place = recordOf({ kind: "placeOrders", ...signed, orders: [item] });
  const ioc = recordOf({ kind: "placeOrders", ...signed, orders: [{ ...item, tif: TIF_IOC }] });
  const cancel = recordOf({ kind: "cancelOrders", ...signed, cancels: [{ market: 0, oid: 1 }] });
  const modify = recordOf({
    kind: "modifyOrders",
    ...signed,
    modifies: [{ target: { oid: 1 }, order: item, alwaysPlace: true }],
  });
  const lane = itemLane(0);
  const cloidWord = itemByte(0) / 4;
  return {
    fill(i) {
      const step = kind[i];
      const record =
        step === STEP_ADD
          ? place
          : step === STEP_CANCEL
            ? cancel
            : step === STEP_MODIFY
              ? modify
              : ioc;
      const { lanes } = record;
      const from = (account[i] as number) * 5;
      for (let k = 0; k < 5; k++) record.words[k] = words[from + k] as number;
      if (step === STEP_CANCEL || step === STEP_MODIFY)
        lanes[lane + ITEM_TARGET_OID] = targetOid[i] as number;
      if (step === STEP_CANCEL) return record;
      lanes[lane + ITEM_SIDE] = side[i] as number;
      lanes[lane + ITEM_PX] = px[i] as number;
      lanes[lane + ITEM_SZ] = sz[i] as number;
      if (everyRule) {
        lanes[lane + ITEM_FLAGS] = (lanes[lane + ITEM_FLAGS] as number) | ITEM_FLAG_HAS_CLOID;
        record.words[cloidWord] = order[i] as number;
        record.words[cloidWord + 1] = i;
      }
      return record;
    },
  };
}

/** The 20 bytes of every account's address as five words. */
function addressWords(): Int32Array {
  const words = new Int32Array(ACCOUNTS * 5);
  const record = createCommandRecord();
  for (let account = 0; account < ACCOUNTS; account++) {
    writeCommand({ kind: "deposit", address: addressOf(account), amount: 1 }, record);
    words.set(record.words.subarray(0, 5), account * 5);
  }
  return words;
}

function recordOf(command: Command): CommandRecord {
  const record = createCommandRecord(1);
  writeCommand(command, record);
  return record;
}
