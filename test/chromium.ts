/** Chromium for page tests: the system's, or the one that `CHROMIUM` names. */
import { existsSync } from "node:fs";
import { describeWithNeed } from "./data.ts";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of a Chromium executable, or undefined where none is installed. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.CHROMIUM;
  if (named !== undefined && named !== "") return existsSync(named) ? named : undefined;
  return CANDIDATES.find((path) => existsSync(path));
}

/** How to get a Chromium, for those who have none. */
export const CHROMIUM_ADVICE =
  "no Chromium: install it with `apt-get install chromium fonts-dejavu-core`, or set CHROMIUM";

/** A suite in a browser; skipped with advice without Chromium, failed under `BOURSE_DATA=require`. */
export function describeWithChromium(name: string, suite: (chromium: string) => void): void {
  const chromium = findChromium();
  describeWithNeed(name, chromium === undefined ? CHROMIUM_ADVICE : undefined, () =>
    suite(chromium ?? ""),
  );
}
