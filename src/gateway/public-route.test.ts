import { expect, test } from "vitest";
import type { Sequencer } from "../journal/sequencer.ts";
import { createReadModels } from "../projection/read-models.ts";
import { createIpLimits } from "./ip-limits.ts";
import { answerInfoDurably } from "./public-route.ts";
import { INLINE_RECOVERY } from "./recovery-queue.ts";

test.each([
  // Asked while "one" is applied and on its way to the disk; the state is at "two" when it is there.
  ["orderStatus", "two"],
  ["openOrders", "two"],
  ["userFills", "two"],
  ["clearinghouseState", "one"],
  ["userRateLimit", "one"],
])("%s tells what stood %s", (type, told) => {
  let stands = "one";
  const held: (() => void)[] = [];
  const sequencer: Pick<Sequencer, "whenDurable"> = { whenDurable: (done) => held.push(done) };
  const clock = { nowMs: () => 0 };
  const answers: unknown[] = [];
  answerInfoDurably(
    {
      context: {
        sequencer: sequencer as Sequencer,
        models: createReadModels(),
        nowMs: clock.nowMs,
      },
      answerInfo: () => ({ status: 200, body: stands }),
      answerAction: () => undefined,
      recovery: INLINE_RECOVERY,
      limits: createIpLimits("off", clock),
    },
    "ip",
    { type },
    ({ body }) => answers.push(body),
  );
  expect(answers).toEqual([]);
  stands = "two";
  for (const release of held) release();
  expect(answers).toEqual([told]);
});
