#!/usr/bin/env node
/**
 * Entry of the `bourse` command. Bourse runs on Node 24, which comes with the package; an older Node
 * that starts this file hands over to it. Plain JavaScript that old versions parse, on purpose.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR_MIN = 24;
const HERE = dirname(fileURLToPath(import.meta.url));
const MAIN = join(HERE, "..", "src", "cli", "main.ts");

/** Path of the Node that comes with the package, or undefined where there is none. */
function bundledNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const path = join(dirname(manifest), "bin", "node");
    return existsSync(path) ? path : undefined;
  } catch {
    // Not installed for this platform: the caller says what to do.
    return undefined;
  }
}

/** Runs this file again under `node`, with the same arguments, streams and signals. */
function handOver(node) {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  if (typeof process.execve === "function") process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: "inherit" });
  // Ctrl-C reaches the whole foreground group and is passed on as well; the command counts both as one.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  const forward = signals.map((signal) => {
    const pass = () => child.kill(signal);
    process.on(signal, pass);
    return { signal, pass };
  });
  child.on("error", (error) => {
    console.error(`bourse: cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    for (const { signal: name, pass } of forward) process.removeListener(name, pass);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exit(code === null ? 1 : code);
  });
}

const major = Number(process.versions.node.split(".")[0]);
if (major >= NODE_MAJOR_MIN) {
  await import(MAIN);
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `bourse: needs Node ${NODE_MAJOR_MIN} and runs on ${process.versions.node}; the Node that comes ` +
        `with it is not installed for ${process.platform}-${process.arch}.\n` +
        `Install Node ${NODE_MAJOR_MIN} from https://nodejs.org, or reinstall with optional dependencies: ` +
        "npm ci --include=optional",
    );
    process.exit(1);
  }
  handOver(node);
}
