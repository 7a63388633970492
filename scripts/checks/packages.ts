/** Package manifests: exact versions only, and a lock that names no registry. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

type Manifest = { readonly workspaces?: readonly string[] } & Readonly<Record<string, unknown>>;

const readJson = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

function unpinned(name: string, manifest: Manifest): string[] {
  return FIELDS.flatMap((field) =>
    Object.entries((manifest[field] ?? {}) as Record<string, string>)
      .filter(([, version]) => !EXACT.test(version))
      .map(([npm, version]) => `${name}: ${field}.${npm} is "${version}", not an exact version`),
  );
}

function registryHosts(root: string): string[] {
  const path = join(root, "package-lock.json");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) =>
      /"resolved":\s*"(?:git\+)?\w+:\/\//.test(line)
        ? [`package-lock.json:${index + 1}: names a registry host: ${line.trim()}`]
        : [],
    );
}

/** Problems with the manifests of the package and its workspaces below `root`. */
export function checkPackages(root: string): string[] {
  if (!existsSync(join(root, "package.json"))) return [];
  const manifest = readJson(join(root, "package.json"));
  const workspaces = (manifest.workspaces ?? []).filter((folder) =>
    existsSync(join(root, folder, "package.json")),
  );
  return [
    ...unpinned("package.json", manifest),
    ...workspaces.flatMap((folder) =>
      unpinned(`${folder}/package.json`, readJson(join(root, folder, "package.json"))),
    ),
    ...registryHosts(root),
  ];
}
