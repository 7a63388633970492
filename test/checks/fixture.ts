/** Plants small source trees in temporary folders, for checks to look at. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The project's root. */
export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const planted: string[] = [];

/** Removes the planted trees once the calling test file has ended. */
export function removePlantedTrees(): void {
  afterAll(() => {
    for (const root of planted.splice(0)) rmSync(root, { recursive: true, force: true });
  });
}

/** A fresh tree of `files` (path to text) that sees the project's packages; answers its root. */
export function plantTree(
  files: Readonly<Record<string, string>>,
  copies: readonly string[] = [],
): string {
  const root = mkdtempSync(join(tmpdir(), "bourse-checks-"));
  planted.push(root);
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  for (const copy of copies) cpSync(join(PROJECT, copy), join(root, copy));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
