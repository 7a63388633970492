/** The program of a recovery thread: takes jobs until it is told to end, sleeps while there are none. */
import { parentPort, workerData } from "node:worker_threads";
import { COUNTER, doJob, openSlots, takeJob } from "./recovery-slots.ts";

const slots = openSlots(workerData as SharedArrayBuffer);
const { counters } = slots;

Atomics.add(counters, COUNTER.running, 1);
parentPort?.postMessage("ready");
for (;;) {
  // Read first: whatever changes behind this line rings again, and the sleep does not begin.
  const bell = Atomics.load(counters, COUNTER.bell);
  if (Atomics.load(counters, COUNTER.stopping) === 1) break;
  const index = takeJob(slots);
  if (index === null) {
    Atomics.wait(counters, COUNTER.bell, bell);
    continue;
  }
  doJob(slots, index);
  // One message wakes the giver; it then reads whatever is there.
  if (Atomics.exchange(counters, COUNTER.awaited, 0) === 1) parentPort?.postMessage("woken");
}
Atomics.sub(counters, COUNTER.running, 1);
Atomics.notify(counters, COUNTER.running);
