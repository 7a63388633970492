/** `bourse faucet`: test money for an address on an exchange on this machine. */
import { EXIT, ExitError } from "./exit-code.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface FaucetFlags extends CommonFlags {
  readonly usd: string;
  readonly url: string;
}

const TIMEOUT_MS = 10_000;

/** Pays the money or says why not. */
export async function runFaucet(address: string, flags: FaucetFlags): Promise<void> {
  const { output } = openSession(flags);
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) {
    throw new ExitError(EXIT.usage, `"${address}" is no address: 0x and 40 hex digits are needed`);
  }
  if (!/^\d+(\.\d{1,6})?$/.test(flags.usd)) {
    throw new ExitError(
      EXIT.usage,
      `"${flags.usd}" is no amount: digits, at most six behind the point`,
    );
  }
  await payFromFaucet(flags.url, address, flags.usd);
  output.say(`paid ${flags.usd} USDC to ${address}`);
  output.emit({ kind: "paid", address, usd: flags.usd });
}

/** Asks an exchange's faucet to pay an address [USDC as text]; throws ExitError where it does not. */
export async function payFromFaucet(url: string, address: string, usd: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(new URL("/admin/faucet", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: address, usd }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // Nothing answered: said in words, with the command that helps.
    throw new ExitError(
      EXIT.unreachable,
      `no exchange answers at ${url}: start one with \`bourse exchange\``,
      error,
    );
  }
  const text = (await response.text()).slice(0, 300);
  if (!response.ok || !text.includes('"status":"ok"')) {
    throw new ExitError(EXIT.error, `the faucet at ${url} refused (${response.status}): ${text}`);
  }
}
