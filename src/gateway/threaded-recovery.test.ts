import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import secp256k1 from "secp256k1";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { endStartedProcesses, startProcess } from "../../test/support/started-process.ts";
import { bytesToHex, type Hex } from "../base/hex.ts";
import { keccak256 } from "../wire/keccak.ts";
import type { RecoveryQueue } from "./recovery-queue.ts";
import { doJob, openSlots, takeJob } from "./recovery-slots.ts";
import type { RecoverableSignature } from "./signer-recovery.ts";
import {
  createThreadedRecovery,
  type RecoveryThread,
  type StartThread,
  startRecoveryThread,
  type ThreadEvents,
  usualRecoveryThreads,
} from "./threaded-recovery.ts";

interface Signed {
  readonly digest: Uint8Array;
  readonly signature: RecoverableSignature;
  readonly address: Hex | null;
}

const KEYS = [1, 2, 3].map((n) => keccak256(Uint8Array.of(n)));
const addressOf = (key: Uint8Array): Hex =>
  bytesToHex(keccak256(secp256k1.publicKeyCreate(key, false).subarray(1)), 12, 20);

/** Every fifth signature is no point of the curve. */
const SIGNED: readonly Signed[] = Array.from({ length: 40 }, (_, i): Signed => {
  const digest = keccak256(Uint8Array.of(7, i));
  const key = KEYS[i % KEYS.length] as Uint8Array;
  const { signature, recid } = secp256k1.ecdsaSign(digest, key);
  const r: Hex = i % 5 === 4 ? `0x${"f".repeat(64)}` : bytesToHex(signature, 0, 32);
  const s = bytesToHex(signature, 32, 32);
  const parts: RecoverableSignature = { r, s, v: recid === 0 ? 27 : 28 };
  return { digest, signature: parts, address: i % 5 === 4 ? null : addressOf(key) };
});
const ADDRESSES = SIGNED.map(({ address }) => address);

afterAll(endStartedProcesses);

const opened: RecoveryQueue[] = [];
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.close();
});

/** A queue; `start` may wrap real threads or stand for them. */
function openQueue(start: StartThread, options: { threads?: number; capacity?: number } = {}) {
  const deaths: string[] = [];
  const queue = createThreadedRecovery({
    threads: 1,
    ...options,
    onDeath: (reason) => deaths.push(reason),
    startThread: start,
  });
  opened.push(queue);
  return { queue, deaths };
}

const recover = (queue: RecoveryQueue, { digest, signature }: Signed): Promise<Hex | null> =>
  new Promise((resolve, reject) => {
    if (!queue.recover(digest, signature, resolve)) reject(new Error("full"));
  });

/** Hands in everything at once; resolves with the addresses in the order of the callbacks. */
async function recoverAll(queue: RecoveryQueue): Promise<(Hex | null)[]> {
  const order: (Hex | null)[] = [];
  await Promise.all(
    SIGNED.map((one) => recover(queue, one).then((address) => order.push(address))),
  );
  return order;
}

/** Real threads, and when they take jobs. */
function realThreads(threads: number) {
  const started: RecoveryThread[] = [];
  let ready = 0;
  let resolve: () => void = () => undefined;
  const allReady = new Promise<void>((done) => {
    resolve = done;
  });
  const start: StartThread = (memory, events) => {
    const thread = startRecoveryThread(memory, {
      ...events,
      ready() {
        events.ready();
        ready += 1;
        if (ready === threads) resolve();
      },
    });
    started.push(thread);
    return thread;
  };
  return { start, started, allReady };
}

describe.each([1, 2])("%d real threads", (threads) => {
  test("call back in the order of handing in, before they are there and after", async () => {
    const { start, allReady } = realThreads(threads);
    const { queue, deaths } = openQueue(start, { threads });
    expect(await recoverAll(queue)).toEqual(ADDRESSES);
    await allReady;
    expect(await recoverAll(queue)).toEqual(ADDRESSES);
    expect(await recoverAll(queue)).toEqual(ADDRESSES);
    expect(deaths).toEqual([]);
  });

  test("a thread that ends is reported once, and nothing is lost or out of order", async () => {
    const { start, started, allReady } = realThreads(threads);
    const { queue, deaths } = openQueue(start, { threads });
    await recoverAll(queue);
    await allReady;
    const all = recoverAll(queue);
    await new Promise(setImmediate);
    await started[0]?.stop();
    expect(await all).toEqual(ADDRESSES);
    expect(deaths).toEqual(["it ended with code 0"]);
    expect(await recoverAll(queue)).toEqual(ADDRESSES);
    expect(started).toHaveLength(threads);
  });
});

/** A thread that does nothing by itself: the test takes jobs in its place. */
function heldThread() {
  const held = { memory: new SharedArrayBuffer(0), events: null as ThreadEvents | null, stops: 0 };
  const start: StartThread = (memory, events) => {
    held.memory = memory;
    held.events = events;
    return {
      stop: () => {
        held.stops += 1;
        return Promise.resolve();
      },
    };
  };
  return { held, start };
}

/** A queue whose one thread is there and idle. */
async function heldQueue(capacity = 64) {
  const { held, start } = heldThread();
  const { queue, deaths } = openQueue(start, { capacity });
  await Promise.all(SIGNED.slice(0, 3).map((one) => recover(queue, one)));
  held.events?.ready();
  const order: number[] = [];
  const handIn = (index: number): boolean => {
    const { digest, signature } = SIGNED[index] as Signed;
    return queue.recover(digest, signature, () => order.push(index));
  };
  return { queue, deaths, held, slots: openSlots(held.memory), order, handIn };
}
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("order", () => {
  test("what is done early waits for what was handed in before it", async () => {
    const { held, slots, order, handIn } = await heldQueue();
    for (const index of [0, 1, 2, 3]) handIn(index);
    await aTurn();
    const jobs = [0, 1, 2, 3].map(() => takeJob(slots) as number);
    expect(takeJob(slots)).toBeNull();
    for (const [job, expected] of [
      [jobs[2], []],
      [jobs[1], []],
      [jobs[0], [0, 1, 2]],
      [jobs[3], [0, 1, 2, 3]],
    ] as const) {
      doJob(slots, job as number);
      held.events?.woken();
      expect(order).toEqual(expected);
    }
  });

  test("a question stands behind what was handed in before it, and before what comes after", async () => {
    const { queue, held, slots, order, handIn } = await heldQueue();
    queue.whenRecovered(() => order.push(-1));
    expect(order).toEqual([-1]);
    for (const index of [0, 1]) handIn(index);
    queue.whenRecovered(() => order.push(-2));
    handIn(2);
    await aTurn();
    expect(order).toEqual([-1]);
    for (let job = takeJob(slots); job !== null; job = takeJob(slots)) doJob(slots, job);
    held.events?.woken();
    expect(order).toEqual([-1, 0, 1, -2, 2]);
  });
});

describe("load", () => {
  test("two that wait are recovered on the spot; the thread is not needed", async () => {
    const { order, handIn } = await heldQueue();
    handIn(0);
    handIn(1);
    await aTurn();
    expect(order).toEqual([0, 1]);
  });

  test("a thread that is awake gets the first turn; what it leaves is recovered here", async () => {
    const { order, handIn } = await heldQueue();
    for (let index = 0; index < 4; index++) handIn(index);
    await aTurn();
    expect(order).toEqual([]);
    await aTurn();
    expect(order).toEqual([0]);
    for (let turns = 0; turns < 3; turns++) await aTurn();
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test("while the thread is far behind, turns that bring something new recover one, too", async () => {
    const { order, handIn } = await heldQueue();
    for (let index = 0; index < 6; index++) handIn(index);
    await aTurn();
    expect(order).toEqual([0]);
    handIn(6);
    await aTurn();
    expect(order).toEqual([0, 1]);
  });

  test("what does not fit is refused, and room comes back", async () => {
    const { queue, held, slots, order, handIn } = await heldQueue(4);
    expect([0, 1, 2, 3].map(handIn)).toEqual([true, true, true, true]);
    expect(handIn(4)).toBe(false);
    expect(queue.whenRecovered(() => order.push(-1))).toBe(false);
    await aTurn();
    for (let job = takeJob(slots); job !== null; job = takeJob(slots)) doJob(slots, job);
    held.events?.woken();
    expect(order).toEqual([0, 1, 2, 3]);
    expect(handIn(5)).toBe(true);
  });
});

describe("ends", () => {
  test("a job that a dead thread had taken is recovered here, in its place", async () => {
    const { deaths, held, slots, order, handIn } = await heldQueue();
    for (const index of [0, 1, 2, 3]) handIn(index);
    await aTurn();
    takeJob(slots);
    doJob(slots, takeJob(slots) as number);
    held.events?.died("out of memory");
    held.events?.died("out of memory");
    expect([deaths, held.stops]).toEqual([["out of memory"], 1]);
    await aTurn();
    await aTurn();
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test("a closed queue calls nothing back and takes nothing", async () => {
    const { queue, deaths, held, order, handIn } = await heldQueue();
    for (const index of [0, 1, 2]) handIn(index);
    await queue.close();
    held.events?.died("it ended with code 1");
    await aTurn();
    expect([order, deaths, handIn(3)]).toEqual([[], [], false]);
  });
});

/** Ends its process while two threads are in the midst of recovering. */
const BUSY_EXIT = `
  import { createThreadedRecovery, startRecoveryThread } from ${JSON.stringify(new URL("./threaded-recovery.ts", import.meta.url).href)};
  const digest = new Uint8Array(32).fill(7);
  const signature = { r: "0x" + "11".repeat(32), s: "0x" + "22".repeat(32), v: 27 };
  const handIn = (count) => {
    for (let i = 0; i < count; i++) queue.recover(digest, signature, () => undefined);
  };
  let ready = 0;
  const queue = createThreadedRecovery({
    threads: 2,
    onDeath: () => process.exit(1),
    startThread: (memory, events) =>
      startRecoveryThread(memory, {
        ...events,
        ready() {
          events.ready();
          if (++ready < 2) return;
          handIn(2000);
          setTimeout(() => process.exit(7), 5);
        },
      }),
  });
  handIn(4);
  setInterval(() => undefined, 1000);
`;

test("a process may exit while threads are at work, with the code that it wants", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bourse-recovery-"));
  const program = join(folder, "busy-exit.mjs");
  writeFileSync(program, BUSY_EXIT);
  const child = startProcess(process.execPath, [program]);
  expect(await child.ended, child.output()).toBe(7);
  rmSync(folder, { recursive: true });
});

test.each([
  [1, 0],
  [2, 1],
  [3, 1],
  [4, 2],
  [64, 2],
])("%d processors: %d threads", (processors, threads) => {
  expect(usualRecoveryThreads(processors)).toBe(threads);
});
