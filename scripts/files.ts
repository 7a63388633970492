/** Walks a source tree without help from git, so that fixtures in temporary folders work too. */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SKIPPED = new Set(["node_modules", ".git", "dist", "coverage", ".bourse"]);

function entriesOf(folder: string): Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

/** Paths of all files below `folder`, relative to `root`, with forward slashes, sorted. */
export function listFiles(root: string, folder = ""): string[] {
  const found: string[] = [];
  for (const entry of entriesOf(join(root, folder))) {
    if (SKIPPED.has(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...listFiles(root, path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** Names of the folders directly below `folder`. */
export function listFolders(root: string, folder: string): string[] {
  return entriesOf(join(root, folder))
    .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
    .map((entry) => entry.name)
    .sort();
}
