/** Servers in processes of their own: the exchange, and one that only speaks HTTP. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Hex } from "../../src/base/hex.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const FLOOR = join(import.meta.dirname, "http-floor.ts");
/** Clock ticks of processor time a second, as Linux counts them for programs. */
const TICKS_PER_SECOND = 100;

/** A server that runs. */
export interface ServerChild {
  readonly host: string;
  readonly port: number;
  /** Processor time so far; null where the system does not tell [s]. */
  cpuSeconds(): number | null;
  stop(): Promise<void>;
}

/** A running exchange. */
export interface ExchangeChild extends ServerChild {
  readonly socketUrl: string;
  /** Pays money to an address [USDC]. */
  fund(user: Hex, usd: number): Promise<void>;
  /** Resident memory; null where the system does not tell [bytes]. */
  residentBytes(): number | null;
}

/** Starts a server that does nothing with what it reads. */
export const startHttpFloor = async (): Promise<ServerChild> => (await start([FLOOR])).server;

/**
 * Starts an exchange without traders and without limits on a temporary folder, and waits until it
 * listens.
 */
export async function startExchangeChild(flags: readonly string[] = []): Promise<ExchangeChild> {
  const folder = mkdtempSync(join(tmpdir(), "bourse-bench-"));
  const args = ["exchange", "--data", folder, "--port", "0", "--no-traders", "--limits", "off"];
  const { child, server, url, socketUrl } = await start([MAIN, ...args, "--json", ...flags]);
  return {
    ...server,
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
    residentBytes: () => {
      const line = /^VmRSS:\s+(\d+) kB/m.exec(readProcess(child, "status") ?? "");
      return line === null ? null : Number(line[1]) * 1_024;
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Started {
  readonly child: ChildProcess;
  readonly server: ServerChild;
  readonly url: string;
  readonly socketUrl: string;
}

/** Starts a program that says where it listens. */
async function start(args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const { url, socketUrl } = await listening(child);
  const { hostname, port } = new URL(url);
  const server: ServerChild = {
    host: hostname,
    port: Number(port),
    cpuSeconds: () => {
      const fields = readProcess(child, "stat")?.split(") ")[1]?.split(" ");
      if (fields === undefined) return null;
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await ended;
    },
  };
  return { child, server, url, socketUrl };
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
