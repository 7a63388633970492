/**
 * A process that runs random commands through an exchange's journal and store, and ends itself with
 * SIGKILL as soon as a moment comes after a number of them; in order and with 0 where it does not.
 *
 *   node history-child.ts FOLDER SEED WRITE PHASE COMMANDS
 */
import { asTimeMs } from "../../src/base/units.ts";
import { openExchange } from "../../src/cli/open-exchange.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { writeCommand } from "../../src/exchange/command-codec.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { lastTimeMs } from "../../src/exchange/query.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { createCommandStream } from "../support/random-commands.ts";
import { START_MS } from "../support/test-exchange.ts";
import { loadWatched, type WriteWatch, watchStorage } from "./watched-disk.ts";

const COMMANDS = 300;
const [folder = "", seed = "1", write = "", phase = "", after = "0"] = process.argv.slice(2);

let sent = 0;
const watch: WriteWatch = (point) => {
  if (sent < Number(after) || point.write !== write || point.phase !== phase) return;
  process.kill(process.pid, "SIGKILL");
};

let nowMs = START_MS;
const { sequencer, close } = await openExchange({
  folder,
  storage: watchStorage(createFileStorage(folder), watch),
  loadNative: () => loadWatched(watch),
  clock: { nowMs: () => asTimeMs(nowMs) },
  snapshotEvery: 40,
  segmentBytes: 4_000,
  onFatal: (error) => {
    throw error;
  },
});
const startMs = Math.max(START_MS, lastTimeMs(sequencer.state) + 1);
const stream = createCommandStream({ seed: Number(seed), startMs });
sequencer.subscribe((ring, from, to) => stream.observe(readEvents(ring, from, to)));
const record = createCommandRecord();
while (sent < COMMANDS) {
  for (let burst = 1 + (sent % 5); burst > 0; burst--, sent++) {
    const { command, timeMs } = stream.next();
    nowMs = timeMs;
    writeCommand(command, record);
    sequencer.submit(record);
  }
  await new Promise<void>((resolve) => sequencer.whenDurable(resolve));
}
await new Promise<void>((resolve, reject) => {
  sequencer.close((error) => (error === null ? resolve() : reject(error)));
});
await close();
