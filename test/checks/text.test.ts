import { describe, expect, test } from "vitest";
import { checkDeterminism } from "../../scripts/checks/determinism.ts";
import { checkDocumented } from "../../scripts/checks/documented.ts";
import { checkEnvironment } from "../../scripts/checks/environment.ts";
import { checkPackages } from "../../scripts/checks/packages.ts";
import { checkSelf } from "../../scripts/checks/self.ts";
import { codeText } from "../../scripts/code-text.ts";
import { plantTree, removePlantedTrees } from "./fixture.ts";

removePlantedTrees();

describe("code text", () => {
  test("keeps length and lines, and code inside templates", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text under test is source code
    const source = 'a = `x ${f({ b: `y${Math.pow(1)}` })} Date`; // Date\nc = "Date";';
    const code = codeText(source);
    expect(code).toHaveLength(source.length);
    expect(code).toContain("Math.pow(1)");
    expect(code).not.toContain("Date");
    expect(code.split("\n")).toHaveLength(2);
  });

  test("tells a regular expression from a division", () => {
    expect(codeText("x = /Date['\"]/; y = Date / 2 / z;")).toContain("y = Date / 2 / z;");
    expect(codeText("x = /Date/.test(y)")).not.toContain("Date");
  });
});

describe("determinism", () => {
  const inExchange = [
    "const now = Date.parse(text);",
    "const order = a.localeCompare(b);",
    "const text = n.toLocaleString();",
    "values.sort();",
    "const copy = values.toSorted();",
    "const square = x ** 2;",
    "const square = Math.pow(x, 2);",
    "const root = Math.sqrt(x);",
    "const nearest = Math.round(x);",
    "const pi = Math.PI;",
    "const { exp } = Math;",
    "const one = Math.random();",
    "const ms = performance.now();",
    "try { f(); } catch { g(); }",
    "promise.catch(g);",
  ];
  const everywhere = [
    "const ms = Date.now();",
    "const at = new Date();",
    "const one = Math.random();",
    "const ms = performance.now();",
  ];

  test.each(inExchange)("exchange: %s is reported", (line) => {
    const root = plantTree({ "src/exchange/book/level.ts": `// clean line\n${line}\n` });
    expect(checkDeterminism(root)).toContainEqual(
      expect.stringMatching(/^src\/exchange\/book\/level\.ts:2: /),
    );
  });

  test.each(["base", "math", "analysis", "projection", "maker"])(
    "%s: clocks and randomness are reported",
    (room) => {
      const root = plantTree({ [`src/${room}/one.ts`]: everywhere.join("\n") });
      expect(checkDeterminism(root)).toHaveLength(everywhere.length);
    },
  );

  test("exact arithmetic, ordered sorts, comments and tests pass", () => {
    const root = plantTree({
      "src/exchange/book/level.ts":
        "// Math.pow, Date, a ** b, catch\nvalues.sort((a, b) => a - b);\n" +
        "const x = [Math.abs, Math.min, Math.max, Math.floor, Math.ceil, Math.trunc, Math.imul];\n" +
        'const y = Math.clz32(1) + Math.sign(1); const text = "Date";\n',
      "src/exchange/book/level.test.ts": "const at = Date.now() ** 2;\n",
      "src/maker/quote/spread.ts": "const width = Math.sqrt(x) * Math.exp(y) ** 2;\n",
      "src/gateway/server.ts": "const at = Date.now();\n",
    });
    expect(checkDeterminism(root)).toEqual([]);
  });
});

describe("documented", () => {
  test.each([
    "export const a = 1;",
    "export async function a() {}",
    "// a\nexport class A {}",
    "export interface A {}",
  ])("%j without a comment is reported", (text) => {
    const root = plantTree({ "src/base/a.ts": `/** The file. */\nconst b = 1;\n${text}\n` });
    expect(checkDocumented(root)).toHaveLength(1);
  });

  test("documented exports, and an ignore between, pass", () => {
    const text =
      "/** One. */\nexport const a = 1;\n/**\n * Two.\n */\n// biome-ignore lint/x: y\nexport type B = 1;\n" +
      "const c = `\nexport const d = 1;\n`;\nexport { c };\n";
    expect(checkDocumented(plantTree({ "src/base/a.ts": text }))).toEqual([]);
  });
});

describe("environment", () => {
  test.each(["process.env.HOME", "process.argv[2]"])("%s outside cli is reported", (read) => {
    const root = plantTree({ "src/gateway/server.ts": `const value = ${read};\n` });
    expect(checkEnvironment(root)).toHaveLength(1);
  });

  test("cli and tests may read them", () => {
    const root = plantTree({
      "src/cli/main.ts": "const args = process.argv;\n",
      "src/gateway/server.test.ts": "const home = process.env.HOME;\n",
    });
    expect(checkEnvironment(root)).toEqual([]);
  });
});

describe("packages", () => {
  const manifest = (dependencies: object): string =>
    JSON.stringify({ dependencies, workspaces: ["web"] });

  test.each([
    "^1.2.3",
    "~1.2.3",
    "1.2",
    "latest",
    "*",
    ">=1.0.0",
    "npm:typescript@^7.0.2",
    "github:a/b",
  ])("version %s is reported", (version) => {
    expect(checkPackages(plantTree({ "package.json": manifest({ some: version }) }))).toHaveLength(
      1,
    );
  });

  test("a workspace's version is checked too", () => {
    const root = plantTree({
      "package.json": manifest({}),
      "web/package.json": JSON.stringify({ devDependencies: { vite: "^8.0.0" } }),
    });
    expect(checkPackages(root)).toEqual([expect.stringContaining("web/package.json")]);
  });

  test("a registry host in the lock is reported", () => {
    const host = ["https:", "", "registry.example", "some-1.2.3.tgz"].join("/");
    const lock = JSON.stringify({ packages: { some: { resolved: host } } }, null, 2);
    const root = plantTree({ "package.json": manifest({}), "package-lock.json": lock });
    expect(checkPackages(root)).toEqual([expect.stringContaining("names a registry host")]);
  });

  test("exact versions, an exact alias and a workspace link pass", () => {
    const root = plantTree({
      "package.json": manifest({ a: "1.2.3", b: "npm:typescript@7.0.2", c: "1.0.0-rc.1" }),
      "package-lock.json": JSON.stringify(
        { packages: { web: { resolved: "web", link: true } } },
        null,
        2,
      ),
    });
    expect(checkPackages(root)).toEqual([]);
  });
});

describe("self", () => {
  const machine = ["", "home", "someone", "bourse", "notes.md"].join("/");
  const neighbour = ["..", "shared", "design", "page.md"].join("/");
  const data = ["..", "shared", "data", "x.json"].join("/");

  test.each([
    ["src/base/units.ts", `// see ${machine}\n`],
    ["docs/units.md", `Kept in ${machine}.\n`],
    [".ci/run", `cd ${["", "work", "main"].join("/")}/\n`],
    ["docs/glossary.md", `From ${neighbour}.\n`],
    ["test/one.test.ts", `read("${neighbour}")\n`],
    ["src/wire/hash.ts", `read("${data}")\n`],
    ["README.md", `Data: ${data}\n`],
  ])("%s leaking a path is reported", (file, text) => {
    expect(checkSelf(plantTree({ [file]: text }))).toEqual([
      expect.stringContaining(`${file}:1: `),
    ]);
  });

  test("test data paths in test code, imports and URLs pass", () => {
    const root = plantTree({
      "test/data.ts": `join(root, "${data}"); join(root, "../shared/facts")\n`,
      "src/wire/hash.test.ts": `read("${data}")\n`,
      "src/wire/url.ts":
        'const url = "https://example.org/home/x/y";\nimport "../base/units.ts";\n',
    });
    expect(checkSelf(root)).toEqual([]);
  });
});
