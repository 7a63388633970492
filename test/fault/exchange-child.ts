/** A `bourse exchange` process under a test's control. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = join(dirname(fileURLToPath(import.meta.url)), "../../src/cli/main.ts");

/** A running exchange. */
export interface ExchangeChild {
  readonly process: ChildProcess;
  readonly url: string;
  readonly socketUrl: string;
}

/** Starts an exchange without traders on any free port and waits until it listens. */
export async function spawnExchange(folder: string): Promise<ExchangeChild> {
  const args = [
    MAIN,
    "exchange",
    "--data",
    folder,
    "--port",
    "0",
    "--no-traders",
    "--limits",
    "off",
  ];
  const child = spawn(process.execPath, [...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const value = JSON.parse(line) as { kind: string; url: string; socketUrl: string };
    if (value.kind === "exchange") return { process: child, ...value };
  }
  throw new Error(`the exchange ended before it listened: ${complaint}`);
}

/** Ends a process with SIGKILL and waits for its end. */
export async function killHard(child: ExchangeChild): Promise<void> {
  const ended = once(child.process, "exit");
  child.process.kill("SIGKILL");
  await ended;
}

/** Ends a process in order and answers its exit code. */
export async function stopInOrder(child: ExchangeChild): Promise<number | null> {
  const ended = once(child.process, "exit");
  child.process.kill("SIGINT");
  const [code] = (await ended) as [number | null];
  return code;
}

/** Pays test money to an address [USDC]. */
export async function fund(url: string, user: string, usd: string): Promise<void> {
  const response = await fetch(`${url}/admin/faucet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user, usd }),
  });
  const text = await response.text();
  if (!text.includes('"ok"')) throw new Error(`faucet: ${text}`);
}

/** The state's hash and the journal position that it belongs to. */
export async function hashOf(url: string): Promise<{ seq: number; hash: string }> {
  return (await (await fetch(`${url}/admin/hash`)).json()) as { seq: number; hash: string };
}
