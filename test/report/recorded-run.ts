/** A run on simulated time, recorded as a running maker's is: a folder with everything in it. */
import { type RunRecorder, type RunStart, recordRun } from "../../src/cli/run-recorder.ts";
import { MAKER_CONFIG_DEFAULTS } from "../../src/maker/config.ts";
import { type MakerStatus, makerStatus } from "../../src/maker/maker-status.ts";
import { makerNotes } from "../../src/maker/view/pnl-split.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { createSimulation } from "../../src/sim/simulation.ts";

/** What was recorded. */
export interface RecordedRun {
  readonly recorder: RunRecorder;
  readonly status: MakerStatus;
}

const START_MS = 1_763_640_000_000;

/** The start of a run that a test makes up. */
export const START: RunStart = {
  command: "up",
  again: "bourse up",
  startedMs: START_MS,
  asset: "BTC",
  venue: "SIM",
  url: "http://127.0.0.1:3001",
  market: "a test",
  seed: null,
  config: {},
  versions: { bourse: "0.0.0" },
  git: null,
  machine: "a test",
};

/** Records `seconds` of a market of a seed; `isEnded` false leaves it as a kill would. */
export function recordSimulation({
  seed,
  seconds,
  isEnded = true,
}: {
  readonly seed: number;
  readonly seconds: number;
  readonly isEnded?: boolean;
}): RecordedRun {
  const simulation = createSimulation({
    seed,
    startMs: START_MS,
    markets: DEFAULT_MARKETS.slice(0, 1),
    makerAddress: `0x${"ab".repeat(20)}`,
    makerDeposit: 100_000_000_000,
    makerConfigOf: (sessionId) => ({ ...MAKER_CONFIG_DEFAULTS, asset: "BTC", sessionId }),
    traders: "noise",
  });
  const { maker } = simulation.maker.start();
  const recorder = recordRun(
    {
      ...START,
      again: `bourse up --seed ${seed} --note '<b>"not html"</b>'`,
      market: `simulated traders of seed ${seed}`,
      seed,
      config: { ...maker.config },
    },
    {
      word: String(seed),
      warn: (text) => {
        throw new Error(text);
      },
    },
  );
  const notes: Parameters<RunRecorder["note"]>[1] = (place) => makerNotes(maker.split, place);
  for (let second = 0; second < seconds; second++) {
    simulation.runFor(1_000);
    recorder.note(makerStatus(maker), notes);
  }
  const status = makerStatus(maker);
  if (isEnded) recorder.end(status, notes, "the test was over");
  return { recorder, status };
}
