import { signL1Action } from "@nktkas/hyperliquid/signing";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import type { Hex } from "../base/hex.ts";
import { applyCommand } from "../exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../exchange/command.ts";
import { writeCommand } from "../exchange/command-codec.ts";
import { createEventRing } from "../exchange/event.ts";
import { createExchange } from "../exchange/state.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { createReadModels } from "../projection/read-models.ts";
import { type ActionAnswer, createExchangeActions } from "./exchange-action.ts";

const wallet = privateKeyToAccount(`0x${"42".repeat(32)}`);
const address = wallet.address.toLowerCase() as Hex;

/** A sequencer that applies at once, releases when told, and can be full. */
function heldSequencer() {
  const state = createExchange();
  const ring = createEventRing();
  const held: (() => void)[] = [];
  const flow = { seq: 0, isFull: false, held };
  const submit: Sequencer["submit"] = (record, released) => {
    if (flow.isFull) return null;
    flow.seq += 1;
    record.lanes[HEADER.seq] = flow.seq;
    record.lanes[HEADER.timeMs] = 1_000_000;
    const release = { seq: flow.seq, timeMs: 1_000_000, ring, from: ring.written, to: 0 };
    applyCommand(state, record, ring);
    release.to = ring.written;
    held.push(() => released?.(release));
    return flow.seq;
  };
  const sequencer: Pick<Sequencer, "state" | "submit"> = { state, submit };
  const record: CommandRecord = createCommandRecord(0);
  writeCommand({ kind: "deposit", address, amount: 5_000_000 }, record);
  submit(record);
  held.length = 0;
  const answer = createExchangeActions({
    sequencer: sequencer as Sequencer,
    models: createReadModels(),
    nowMs: () => 1_000_000,
  });
  return { flow, answer };
}

const bodyOf = async (action: Record<string, unknown>, nonce: number): Promise<unknown> => ({
  action,
  nonce,
  signature: await signL1Action({ wallet, action, nonce }),
});

describe("an action", () => {
  test("is answered when its command is durable, and not before", async () => {
    const { flow, answer } = heldSequencer();
    const answers: ActionAnswer[] = [];
    answer(
      await bodyOf({ type: "noop" }, 999_999),
      () => true,
      (one) => answers.push(one),
    );
    expect([flow.held.length, answers]).toEqual([1, []]);
    flow.held[0]?.();
    expect(answers).toEqual([
      { status: 200, body: { status: "ok", response: { type: "default" } } },
    ]);
  });

  test("is turned away with 429 while the sequencer is full", async () => {
    const { flow, answer } = heldSequencer();
    flow.isFull = true;
    const answers: ActionAnswer[] = [];
    answer(
      await bodyOf({ type: "noop" }, 999_999),
      () => true,
      (one) => answers.push(one),
    );
    expect(answers).toEqual([{ status: 429, body: "Too many requests" }]);
  });

  test.each([
    [0, 1],
    [39, 1],
    [40, 2],
    [200, 6],
  ])("of %i items weighs %i; without weight nothing is applied", async (items, weight) => {
    const { flow, answer } = heldSequencer();
    const cancels = Array.from({ length: items }, (_, o) => ({ a: 0, o }));
    const spent: number[] = [];
    const answers: ActionAnswer[] = [];
    answer(
      await bodyOf({ type: "cancel", cancels }, 999_999),
      (amount) => {
        spent.push(amount);
        return false;
      },
      (one) => answers.push(one),
    );
    expect(spent).toEqual([weight]);
    expect(answers).toEqual([{ status: 429, body: "Too many requests" }]);
    expect(flow.held).toHaveLength(0);
  });
});
