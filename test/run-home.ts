/** Runs that tests make are kept in a folder of their own, which goes when the tests are over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder to all that tests start, and removes it at the end. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "bourse-home-"));
  process.env.BOURSE_HOME = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
