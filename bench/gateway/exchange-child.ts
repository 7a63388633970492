/** An exchange in a process of its own, without traders and without limits, on a temporary folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Hex } from "../../src/base/hex.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
/** Clock ticks of processor time a second, as Linux counts them for programs. */
const TICKS_PER_SECOND = 100;

/** A running exchange. */
export interface ExchangeChild {
  readonly host: string;
  readonly port: number;
  readonly socketUrl: string;
  /** Pays money to an address [USDC]. */
  fund(user: Hex, usd: number): Promise<void>;
  /** Processor time so far; null where the system does not tell [s]. */
  cpuSeconds(): number | null;
  /** Resident memory; null where the system does not tell [bytes]. */
  residentBytes(): number | null;
  stop(): Promise<void>;
}

/** Starts an exchange and waits until it listens. */
export async function startExchangeChild(): Promise<ExchangeChild> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-bench-"));
  const args = ["exchange", "--data", folder, "--port", "0", "--no-traders", "--limits", "off"];
  const child = spawn(process.execPath, [MAIN, ...args, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const { url, socketUrl } = await listening(child);
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    socketUrl,
    async fund(user, usd) {
      const response = await fetch(`${url}/admin/faucet`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ user, usd: String(usd) }),
      });
      const text = await response.text();
      if (!text.includes('"ok"')) throw new Error(`faucet: ${text}`);
    },
    cpuSeconds: () => {
      const fields = readProcess(child, "stat")?.split(") ")[1]?.split(" ");
      if (fields === undefined) return null;
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    residentBytes: () => {
      const line = /^VmRSS:\s+(\d+) kB/m.exec(readProcess(child, "status") ?? "");
      return line === null ? null : Number(line[1]) * 1_024;
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess): Promise<{ url: string; socketUrl: string }> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const value = JSON.parse(line) as { kind: string; url: string; socketUrl: string };
    if (value.kind === "exchange") return value;
  }
  throw new Error("the exchange ended before it listened");
}

function readProcess(child: ChildProcess, file: string): string | null {
  try {
    return readFileSync(`/proc/${child.pid}/${file}`, "utf8");
  } catch {
    // No such files on systems other than Linux.
    return null;
  }
}
