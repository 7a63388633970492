/** `bourse replay`: folds a journal from its first command and says what comes out. */
import { existsSync } from "node:fs";
import { checkInvariants } from "../exchange/invariant.ts";
import { accountCount, marketCount, openOrderCount } from "../exchange/query.ts";
import { createFileStorage } from "../journal/file-storage.ts";
import { replayJournal } from "../journal/replay.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface ReplayFlags extends CommonFlags {
  readonly data: string;
}

/** Replays without changing a file, compares every snapshot on the way, and checks all invariants. */
export async function runReplay(flags: ReplayFlags): Promise<void> {
  const { output } = openSession(flags);
  if (!existsSync(flags.data)) {
    throw new ExitError(
      EXIT.notFound,
      `there is no folder ${flags.data}: name the exchange's data with --data`,
    );
  }
  const { state, hash, seq, report } = replayJournal(createFileStorage(flags.data));
  checkInvariants(state);
  const facts = {
    seq,
    hash,
    segments: report.segmentCount,
    markets: marketCount(state),
    accounts: accountCount(state),
    openOrders: openOrderCount(state),
  };
  output.say(`seq ${seq}  hash ${hash}`);
  output.say(
    `${facts.segments} segments, ${facts.markets} markets, ${facts.accounts} accounts, ` +
      `${facts.openOrders} open orders; every invariant holds`,
  );
  output.emit({ kind: "replay", ...facts });
}
