import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPage } from "./build-page.ts";

const GZIPPED_BYTES_MAX = 150_000;
const folder = mkdtempSync(join(tmpdir(), "bourse-build-"));

const filesOf = (name: string): Map<string, Buffer> => {
  const root = join(folder, name);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(root, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(root, path))]));
};

beforeAll(() => {
  buildPage(join(folder, "first"));
  buildPage(join(folder, "second"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("two builds are the same, byte for byte", () => {
  expect(filesOf("first")).toEqual(filesOf("second"));
});

test("the whole page stays small", () => {
  const bytes = [...filesOf("first").values()].reduce(
    (sum, file) => sum + gzipSync(file).length,
    0,
  );
  console.log(`page: ${(bytes / 1000).toFixed(1)} kB gzipped`);
  expect(bytes).toBeLessThan(GZIPPED_BYTES_MAX);
});

test("nothing is fetched from elsewhere and nothing is inline", () => {
  const files = filesOf("first");
  const text = [...files.values()].map(String).join("\n");
  const urls = [...text.matchAll(/\b(?:https?|wss?):\/\/[^\s"'`)]*/g)].map((match) => match[0]);
  const namespaces = /^http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg|1998\/Math\/MathML)$/;
  // The one address that the script makes is of the host that served it.
  const ownStream = /^ws:\/\/\$\{location\.host\}\/stream$/;
  expect(urls.filter((url) => !namespaces.test(url) && !ownStream.test(url))).toEqual([]);
  const html = String(files.get("index.html"));
  expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/);
});
