/**
 * A maker process with settings that the command line does not have:
 * `node maker-child.ts '{"url":"http://…","asset":"BTC","state":"DIR","settings":{…}}'`.
 * Prints what `bourse make --json` prints.
 */

import { signingKey } from "../../src/cli/key.ts";
import { describePage, startMaker, stopMaker } from "../../src/cli/maker-process.ts";
import { endReason } from "../../src/cli/run-start.ts";
import { createFailure, openSession } from "../../src/cli/session.ts";
import { firstStopSignal } from "../../src/cli/stop-signal.ts";
import { statusPrinter } from "../../src/cli/up.ts";
import type { MakerConfig } from "../../src/maker/config.ts";

/** What the process is told. */
export interface MakerChildOptions {
  readonly url: string;
  readonly asset: string;
  /** Folder of key and kill switch. */
  readonly state: string;
  readonly settings: Partial<MakerConfig>;
}

const options = JSON.parse(process.argv[2] ?? "{}") as MakerChildOptions;
const session = openSession({ json: true });
const failure = createFailure();
const stop = firstStopSignal(() => undefined);
const maker = await startMaker({
  url: options.url,
  venue: "LOCAL",
  asset: options.asset,
  key: signingKey(undefined, options.url, options.state),
  account: undefined,
  stateFolder: options.state,
  pagePort: 0,
  settings: options.settings,
  rearm: false,
  origin: { command: "make", seed: null, market: "a test" },
  session,
  onStatus: statusPrinter(session, failure.fail),
});
describePage(session, maker.page);
const ended = await Promise.race([stop, failure.promise]);
const { clean } = await stopMaker(session, maker, endReason(ended));
process.exit(ended instanceof Error || !clean ? 1 : 0);
