#!/usr/bin/env node
/** The program's entry: checks Node first, so that an old one gets a sentence instead of a syntax error. */
const NODE_MAJOR_MIN = 24;
/** Grace for what is still being written once a command is done [ms]. */
const LINGER_MS = 1_000;

const major = Number(process.versions.node.split(".")[0]);
if (major < NODE_MAJOR_MIN) {
  process.stderr.write(
    `bourse needs Node ${NODE_MAJOR_MIN} or newer, this is ${process.versions.node}. ` +
      "`npm ci` installs it beside the program: start with `npm start` or `npx bourse`.\n",
  );
  process.exitCode = 1;
} else {
  const { runProgram } = await import("./program.ts");
  await runProgram(process.argv);
  // A connection whose peer is gone without a word would hold a finished process for minutes.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
