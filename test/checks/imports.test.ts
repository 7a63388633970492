import { beforeAll, describe, expect, test } from "vitest";
import { checkImports } from "../../scripts/checks/imports.ts";
import { checkStructure } from "../../scripts/checks/structure.ts";
import { plantTree, removePlantedTrees } from "./fixture.ts";

removePlantedTrees();

const touch = (...paths: string[]): string =>
  `${paths.map((path) => `import "${path}";`).join("\n")}\nexport const one = 1;\n`;

const CLEAN = {
  "src/base/units.ts": touch(),
  "src/base/side.ts": touch("./units.ts"),
  "src/base/side.test.ts": touch("./side.ts", "vitest", "node:fs"),
  "src/exchange/command.ts": touch("../base/side.ts"),
  "src/exchange/command-codec.ts": touch("./command.ts"),
  "src/exchange/book/level.ts": touch("../command.ts", "./internal/heap.ts"),
  "src/exchange/book/internal/heap.ts": touch("../../../base/side.ts"),
  "src/exchange/book/level.test.ts": touch("./level.ts", "../apply.ts"),
  "src/exchange/state.ts": touch("./book/level.ts"),
  "src/exchange/state-hash.ts": touch("./state.ts"),
  "src/exchange/apply.ts": touch("./state-hash.ts", "./command-codec.ts"),
  "src/journal/segment.ts": touch("node:fs", "../exchange/apply.ts"),
  "src/wire/hash.ts": touch("hash-wasm", "@msgpack/msgpack"),
  "src/gateway/server.ts": touch("ws", "secp256k1", "../wire/hash.ts", "../journal/segment.ts"),
  "src/cli/main.ts": touch("../gateway/server.ts", "commander", "node:process"),
  "web/src/main.tsx": touch("./page.tsx"),
  "web/src/page.tsx": touch(),
  "test/world.ts": touch("../src/gateway/server.ts"),
};

/** Planted file, its text, and the problem that must be reported. */
const VIOLATIONS: readonly (readonly [
  rule: string,
  file: string,
  text: string,
  problem: string,
])[] = [
  [
    "a room opening on a room it may not",
    "src/maker/worker.ts",
    touch("../exchange/apply.ts"),
    "room-maker: src/maker/worker.ts -> src/exchange/apply.ts",
  ],
  [
    "base importing a room",
    "src/base/clock.ts",
    touch("../exchange/command.ts"),
    "room-base: src/base/clock.ts -> src/exchange/command.ts",
  ],
  [
    "base importing a built-in",
    "src/base/file.ts",
    touch("node:fs"),
    "room-base: src/base/file.ts -> fs",
  ],
  [
    "a pure room importing a built-in",
    "src/sim/agent.ts",
    touch("node:timers"),
    "room-sim: src/sim/agent.ts -> timers",
  ],
  [
    "exchange importing a package",
    "src/exchange/event.ts",
    touch("valibot"),
    "room-exchange: src/exchange/event.ts -> ",
  ],
  [
    "secp256k1 outside gateway and venue",
    "src/operator/sign.ts",
    touch("secp256k1"),
    "room-operator: src/operator/sign.ts -> ",
  ],
  [
    "a test reaching into a foreign room",
    "src/maker/worker.test.ts",
    touch("../gateway/server.ts"),
    "room-maker-tests: src/maker/worker.test.ts -> src/gateway/server.ts",
  ],
  [
    "a tier opening on a later one",
    "src/exchange/market/spec.ts",
    touch("../apply.ts"),
    "tier-market: src/exchange/market/spec.ts -> src/exchange/apply.ts",
  ],
  [
    "two rooms of one tier",
    "src/exchange/fee/tier.ts",
    touch("../margin/initial.ts"),
    "tier-fee: src/exchange/fee/tier.ts -> src/exchange/margin/initial.ts",
  ],
  [
    "state opening on its hash",
    "src/exchange/state-register.ts",
    touch("./state-hash.ts"),
    "tier-state: src/exchange/state-register.ts -> src/exchange/state-hash.ts",
  ],
  [
    "a private file from outside its folder",
    "src/exchange/matching/cross.ts",
    touch("../book/internal/heap.ts"),
    "internal-of-src/exchange/book: src/exchange/matching/cross.ts -> src/exchange/book/internal/heap.ts",
  ],
  ["a cycle", "src/analysis/sharpe.ts", touch("./drawdown.ts"), "no-cycle: src/analysis/"],
  ["an orphan", "src/math/erf.ts", touch(), "no-orphan: src/math/erf.ts"],
  [
    "a module that no entry reaches",
    "src/projection/candle.ts",
    touch("../base/units.ts"),
    "wired-in: src/projection/candle.ts",
  ],
  [
    "the page importing the product",
    "web/src/book.tsx",
    touch("../../src/base/units.ts"),
    "web-stands-alone: web/src/book.tsx -> src/base/units.ts",
  ],
  [
    "product code importing test code",
    "src/telemetry/log.ts",
    touch("../../test/world.ts"),
    "product-without-test-code: src/telemetry/log.ts -> test/world.ts",
  ],
];

const BYSTANDERS = {
  "src/exchange/margin/initial.ts": touch("../command.ts"),
  "src/analysis/drawdown.ts": touch("./sharpe.ts"),
};

describe("imports", () => {
  let problems: string[] = [];
  beforeAll(async () => {
    const planted = Object.fromEntries(VIOLATIONS.map(([, file, text]) => [file, text]));
    problems = await checkImports(plantTree({ ...CLEAN, ...BYSTANDERS, ...planted }));
  });

  test.each(VIOLATIONS)("%s is reported", (_rule, _file, _text, problem) => {
    expect(problems.filter((line) => line.startsWith(problem))).not.toEqual([]);
  });

  test("a type-only import counts", async () => {
    const root = plantTree({
      ...CLEAN,
      "src/maker/worker.ts":
        'import type { one } from "../exchange/apply.ts";\nexport type One = typeof one;\n',
    });
    expect(await checkImports(root)).toContain(
      "room-maker: src/maker/worker.ts -> src/exchange/apply.ts",
    );
  });

  test("a clean tree has no problem", async () => {
    expect(await checkImports(plantTree(CLEAN))).toEqual([]);
  });

  test("an empty tree has no problem", async () => {
    expect(await checkImports(plantTree({}))).toEqual([]);
  });
});

describe("structure", () => {
  test("a folder outside the room table is reported", () => {
    const root = plantTree({ ...CLEAN, "src/helpers/text.ts": touch() });
    expect(checkStructure(root)).toEqual([
      expect.stringContaining("src/helpers: folder is not in"),
    ]);
  });

  test("a file in src itself is reported", () => {
    const root = plantTree({ ...CLEAN, "src/index.ts": touch() });
    expect(checkStructure(root)).toEqual([expect.stringContaining("src/index.ts: source files")]);
  });

  test("a part of exchange outside the tier table is reported", () => {
    const root = plantTree({ ...CLEAN, "src/exchange/auction/call.ts": touch() });
    expect(checkStructure(root)).toEqual([
      expect.stringContaining("src/exchange/auction/call.ts: not a part"),
    ]);
  });

  test("a clean tree has no problem", () => {
    expect(checkStructure(plantTree(CLEAN))).toEqual([]);
  });
});
