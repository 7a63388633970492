import type RocksDB from "rocksdb-native";

/** The constructor of databases, or why there is none. */
export type NativeModule =
  | { readonly kind: "loaded"; readonly RocksDB: typeof RocksDB }
  | { readonly kind: "missing"; readonly reason: string };

/** Loads the native module, which takes some tens of milliseconds, and only when it is wanted. */
export async function loadNativeModule(): Promise<NativeModule> {
  try {
    const { default: RocksDB } = await import("rocksdb-native");
    return { kind: "loaded", RocksDB };
  } catch (error) {
    // Not on every machine: another processor, or a system library that is not installed.
    return { kind: "missing", reason: missingReason(error) };
  }
}

/** The loader names what it tried, line by line; the first names the trouble. */
function missingReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(message)?.[1];
  if (library === undefined) return (message.split("\n")[0] ?? "").trim();
  const remedy = library.startsWith("libatomic") ? "; on Debian: apt install libatomic1" : "";
  return `the system library ${library} is not installed${remedy}`;
}
