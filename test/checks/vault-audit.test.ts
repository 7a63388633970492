/** The audit of a vault stands on events alone: nothing that it reads shares code with the engine's vaults. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "./fixture.ts";

const FORBIDDEN = /^src\/exchange\/(vault|pool|share-ledger|account|margin|liquidation|strategy)\//;

/** Every file of `src` that a file opens on, types included, by way of others too. */
function reachOf(start: string): string[] {
  const found = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const text = readFileSync(join(PROJECT, path), "utf8");
    for (const [, target = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g))
      waiting.push(relative(PROJECT, join(PROJECT, dirname(path), target)));
  }
  return [...found].sort();
}

test("the fold of a vault's events reaches no code of vaults, pools or shares", () => {
  const reach = reachOf("src/projection/vault-audit.ts");
  expect(reach).toContain("src/exchange/event-codec.ts");
  expect(reach.filter((path) => FORBIDDEN.test(path))).toEqual([]);
});

test("the command names none of those folders itself, and the look finds them where they are", () => {
  const text = readFileSync(join(PROJECT, "src/cli/vault-audit.ts"), "utf8");
  expect(text).not.toMatch(/exchange\/(vault|pool|share-ledger)\//);
  const engine = reachOf("src/exchange/query.ts").filter((path) => FORBIDDEN.test(path));
  expect(engine).toContain("src/exchange/vault/vault-view.ts");
  expect(engine).toContain("src/exchange/share-ledger/share-price.ts");
});
