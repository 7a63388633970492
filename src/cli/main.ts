#!/usr/bin/env node
/** The program's entry: checks Node first, so that an old one gets a sentence instead of a syntax error. */
const NODE_MAJOR_MIN = 24;

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
}
