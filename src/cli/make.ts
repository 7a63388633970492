/** `bourse make`: the market maker alone, on a local exchange, the test network or the main network. */
import { mkdirSync } from "node:fs";
import type { Hex } from "../base/hex.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import { lockFolder } from "../journal/folder-lock.ts";
import type { MakerConfig } from "../maker/config.ts";
import type { VenueLabel } from "../operator/operator-view.ts";
import { createNativeWallet } from "../venue/native-wallet.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { payFromFaucet } from "./faucet.ts";
import { isLocalUrl, signingKey } from "./key.ts";
import { describePage, startMaker, stopMaker } from "./maker-process.ts";
import { endReason } from "./run-start.ts";
import { afterSeconds, type CommonFlags, createFailure, openSession } from "./session.ts";
import { firstStopSignal } from "./stop-signal.ts";
import { asExitError, statusPrinter } from "./up.ts";

/** Flags of the command. */
export interface MakeFlags extends CommonFlags {
  readonly url: string;
  readonly asset: string;
  /** Dex of the coin, where its name does not say it. */
  readonly dex?: string;
  readonly key?: string;
  readonly account?: string;
  readonly state: string;
  readonly pagePort: number;
  readonly model: MakerConfig["model"];
  readonly gamma?: number;
  readonly halfSpreadBps?: number;
  readonly levels?: number;
  readonly levelNotional?: number;
  readonly maxPosition?: number;
  readonly deadMan: number;
  readonly allowDirtyStart?: boolean;
  readonly rearm?: boolean;
  readonly live?: boolean;
  readonly for?: number;
}

const FAUCET_USD = "100000";
const MAINNET_HOST = "api.hyperliquid.xyz";
const TESTNET_HOST = "api.hyperliquid-testnet.xyz";

/** Runs the maker until a signal; resolves after an orderly end. */
export async function runMake(flags: MakeFlags): Promise<void> {
  const session = openSession(flags);
  const { output } = session;
  const venue = venueOf(flags);
  const coin = flags.dex === undefined ? flags.asset : `${flags.dex}:${flags.asset}`;
  const account = accountOf(flags.account);
  const key = signingKey(flags.key, flags.url, flags.state);
  const failure = createFailure();
  const unlock = lockState(flags.state);
  const stop = firstStopSignal(() => output.warn("stopped at once: orders may still rest"));
  if (venue === "LOCAL" && flags.key === undefined) {
    await fundOnce(flags.url, createNativeWallet(key).address);
  }
  const maker = await startMaker({
    url: flags.url,
    venue,
    asset: coin,
    key,
    account,
    stateFolder: flags.state,
    pagePort: flags.pagePort,
    settings: settingsOf(flags),
    rearm: flags.rearm === true,
    origin: { command: "make", seed: null, market: `whoever trades at ${flags.url}` },
    session,
    onStatus: statusPrinter(session, failure.fail),
  });
  output.step("maker", `${coin} on ${flags.url} (${venue})`);
  const { kill } = maker.maker.status();
  if (kill.killed) {
    const reason = kill.reasons[0];
    output.warn(
      `the kill switch is latched (${reason?.reason}: ${reason?.text}): nothing is placed until it is ` +
        "re-armed on the page or by a start with --rearm",
    );
  }
  describePage(session, maker.page);
  const ended = await Promise.race([stop, failure.promise, afterSeconds(flags.for)]);
  const summary = await stopMaker(session, maker, endReason(ended));
  unlock();
  if (ended instanceof Error) throw asExitError(ended);
  if (!summary.clean) {
    throw new ExitError(
      EXIT.unreachable,
      `not every order could be confirmed as canceled: check ${flags.url}`,
    );
  }
  process.exitCode = EXIT.ok;
}

/** One maker a state folder: two would share a key and cancel each other's orders. */
function lockState(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  return lockFolder(folder);
}

/** Which money is at stake; the main network needs a flag that no file can set. */
function venueOf(flags: MakeFlags): VenueLabel {
  let host: string;
  try {
    host = new URL(flags.url).hostname;
  } catch (error) {
    // Said in words; the URL comes from the command line.
    throw new ExitError(
      EXIT.usage,
      `"${flags.url}" is no URL: http://127.0.0.1:3001 is one`,
      error,
    );
  }
  if (isLocalUrl(flags.url)) return "LOCAL";
  if (host === TESTNET_HOST) return "TESTNET";
  if (flags.live !== true) {
    const name = host === MAINNET_HOST ? "the main network" : `${host}, which may be real money`;
    throw new ExitError(EXIT.usage, `${flags.url} is ${name}: add --live if that is meant`);
  }
  return "MAINNET";
}

function accountOf(text: string | undefined): Hex | undefined {
  if (text === undefined) return undefined;
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as Hex;
  throw new ExitError(EXIT.usage, `"${text}" is no address: 0x and 40 hex digits are needed`);
}

function settingsOf(flags: MakeFlags): Partial<MakerConfig> {
  const micros = (usd: number): number => Math.round(usd * MICROS_PER_USDC);
  return {
    deadManMs: Math.round(flags.deadMan * 1_000),
    model: flags.model,
    ...(flags.gamma === undefined ? {} : { gammaBase: flags.gamma }),
    ...(flags.halfSpreadBps === undefined
      ? {}
      : { halfSpreadBps: flags.halfSpreadBps, minSpreadFloorBps: flags.halfSpreadBps }),
    ...(flags.levels === undefined ? {} : { levels: flags.levels }),
    ...(flags.levelNotional === undefined ? {} : { levelNotional: micros(flags.levelNotional) }),
    ...(flags.maxPosition === undefined ? {} : { maxPositionNotional: micros(flags.maxPosition) }),
    ...(flags.allowDirtyStart === true ? { allowDirtyStart: true } : {}),
  };
}

/** Pays a local key once, so that a first run needs no second command. */
async function fundOnce(url: string, address: Hex): Promise<void> {
  const response = await postInfo(url, { type: "userRole", user: address });
  if ((response as { role?: string }).role === "missing")
    await payFromFaucet(url, address, FAUCET_USD);
}

async function postInfo(url: string, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(new URL("/info", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return await response.json();
  } catch (error) {
    // Nothing answered: said in words, with the command that helps.
    throw new ExitError(
      EXIT.unreachable,
      `no exchange answers at ${url}: start one with \`bourse exchange\``,
      error,
    );
  }
}
