/** Turns the room table into dependency-cruiser rules. */
import type { IForbiddenRuleType } from "dependency-cruiser";
import { EXCHANGE_PARTS, EXCHANGE_TIERS, ROOMS, type Room, TEST_FILE } from "./rooms.ts";

const OUTSIDE_PRODUCT = "^(web|test|scripts|bench|examples|bin)/";

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const roomPaths = (name: string, room: Room): string =>
  room.rooms === "*" ? "^src/[^/]+/" : `^src/(${[name, ...room.rooms].join("|")})/`;

const packagePath = (npm: string): string => `(^|/)node_modules/(@types/)?${escapeRegex(npm)}/`;

/** The rule of one folder of `src`: whatever its row does not name is forbidden. */
function roomRule(name: string, room: Room): IForbiddenRuleType {
  const allowed = [roomPaths(name, room), ...room.npm.map(packagePath)];
  if (room.rooms === "*") allowed.push("^package\\.json$");
  return {
    name: `room-${name}`,
    severity: "error",
    from: { path: `^src/${name}/`, pathNot: TEST_FILE },
    to: { pathNot: allowed, ...(room.node && { dependencyTypesNot: ["core"] }) },
  };
}

/** Tests that sit in a room see the rooms it sees, and any package or built-in. */
function roomTestRule(name: string, room: Room): IForbiddenRuleType {
  return {
    name: `room-${name}-tests`,
    severity: "error",
    from: { path: `^src/${name}/.*${TEST_FILE}` },
    to: { path: "^src/", pathNot: roomPaths(name, room) },
  };
}

/** Pattern of the files of one part of `exchange`: `book/`, `book.ts` and `book-*.ts`. */
function partPath(part: string): string {
  const longer = EXCHANGE_PARTS.filter((other) => other.startsWith(`${part}-`));
  const notLonger = longer.map((other) => `(?!${other.slice(part.length)})`).join("");
  return `^src/exchange/${part}${notLonger}[-./]`;
}

function tierRules(): IForbiddenRuleType[] {
  return EXCHANGE_TIERS.flatMap((tier, index) =>
    tier.map((part): IForbiddenRuleType => {
      const earlier = EXCHANGE_TIERS.slice(0, index).flat();
      return {
        name: `tier-${part}`,
        severity: "error",
        from: { path: partPath(part), pathNot: TEST_FILE },
        to: { path: "^src/exchange/", pathNot: [...earlier, part].map(partPath) },
      };
    }),
  );
}

const internalRule = (folder: string): IForbiddenRuleType => ({
  name: `internal-of-${folder}`,
  severity: "error",
  from: { pathNot: `^${escapeRegex(folder)}/` },
  to: { path: `^${escapeRegex(folder)}/internal/` },
});

const HOUSE_RULES: readonly IForbiddenRuleType[] = [
  {
    name: "web-stands-alone",
    severity: "error",
    from: { path: "^web/" },
    to: { path: "^(src|test|scripts|bench|examples|bin)/" },
  },
  {
    name: "product-without-test-code",
    severity: "error",
    from: { path: "^src/", pathNot: TEST_FILE },
    to: { path: [OUTSIDE_PRODUCT, TEST_FILE] },
  },
  { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
  {
    name: "no-orphan",
    severity: "error",
    // Types of a package that has none stand alone: the compiler finds them by the package's name.
    from: { orphan: true, path: "^src/", pathNot: [TEST_FILE, String.raw`\.d\.ts$`] },
    to: {},
  },
];

/** Every module must hang on an entry; left out while no entry exists. */
const wiredInRule = (entries: readonly string[]): IForbiddenRuleType => ({
  name: "wired-in",
  severity: "error",
  from: { path: entries.map((entry) => `^${escapeRegex(entry)}$`) },
  to: {
    path: "^src/",
    // An entry is where the way begins: no other entry has to lead to it.
    pathNot: [TEST_FILE, "\\.d\\.ts$", ...entries.map((entry) => `^${escapeRegex(entry)}$`)],
    reachable: false,
  },
});

/** All import rules, given the `internal` owners and the entry files that exist in the tree. */
export function importRules(tree: {
  readonly internalOwners: readonly string[];
  readonly entries: readonly string[];
}): IForbiddenRuleType[] {
  const rooms = Object.entries(ROOMS);
  return [
    ...rooms.map(([name, room]) => roomRule(name, room)),
    ...rooms.map(([name, room]) => roomTestRule(name, room)),
    ...tierRules(),
    ...tree.internalOwners.map(internalRule),
    ...HOUSE_RULES,
    ...(tree.entries.length > 0 ? [wiredInRule(tree.entries)] : []),
  ];
}
