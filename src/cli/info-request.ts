/** Questions that commands ask of an exchange's `/info`. */
import { EXIT, ExitError } from "./exit-code.ts";

const TIMEOUT_MS = 10_000;

/** The exchange's answer to a question; throws ExitError where none comes. */
export async function askInfo(url: string, question: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL("/info", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // Nothing answered: said in words, with the command that helps.
    throw new ExitError(
      EXIT.unreachable,
      `no exchange answers at ${url}: start one with \`bourse exchange\`, or name it with --url`,
      error,
    );
  }
  const text = await response.text();
  try {
    if (response.ok) return JSON.parse(text) as unknown;
  } catch {
    // Something answers there that is no exchange: said below.
  }
  throw new ExitError(
    EXIT.error,
    `the exchange at ${url} answered ${response.status}: ${text.slice(0, 200)}`,
  );
}

/** A list that the exchange answers with; throws ExitError where it is none. */
export async function askInfoList<T>(url: string, question: object): Promise<readonly T[]> {
  const answer = await askInfo(url, question);
  if (Array.isArray(answer)) return answer as T[];
  throw new ExitError(EXIT.error, `the exchange at ${url} answered something else than a list`);
}

/** An address in lower case; throws ExitError where the text is none. */
export function requireAddress(text: string): `0x${string}` {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as `0x${string}`;
  throw new ExitError(EXIT.usage, `"${text}" is no address: 0x and 40 hex digits are needed`);
}
