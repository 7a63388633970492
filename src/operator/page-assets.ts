/** The built page, held in memory: a request names a key of a map, never a path on disk. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** One file of the page. */
export interface PageAsset {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Whether its name holds its content's hash, so that it may be cached for good. */
  readonly immutable: boolean;
}

/** The page's files by request path, or what is wrong and what to do about it. */
export interface PageAssets {
  readonly files: ReadonlyMap<string, PageAsset>;
  readonly problem: string | null;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8",
};

/** Reads the page from the folder that its build wrote. */
export function loadPageAssets(folder: string): PageAssets {
  const files = new Map<string, PageAsset>();
  if (!existsSync(join(folder, "index.html"))) {
    const problem = `the page is not built (no ${join(folder, "index.html")}): run \`npm run build --workspace web\``;
    return { files, problem };
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const key = path.slice(folder.length).replaceAll("\\", "/");
    const asset = {
      bytes: readFileSync(path),
      contentType,
      immutable: key.startsWith("/assets/"),
    };
    files.set(key, asset);
    if (key === "/index.html") files.set("/", asset);
  }
  return { files, problem: null };
}
