/**
 * DuckDB, loaded when it is first needed: a run without tapes never pays for it. One thread and a
 * bound on memory, so that recording stays beside the work that it records.
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { tapeError } from "./tape-error.ts";

/** Most memory of one connection. */
const MEMORY_MAX = "256MB";

/** A connection to an empty database in memory. */
export interface Duck {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Opens a connection. */
export async function openDuck(): Promise<Duck> {
  const { DuckDBInstance } = await loadDuck();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: MEMORY_MAX,
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function loadDuck(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    // Its native part is an optional package, one a platform.
    throw tapeError("tapeUnreadable", `DuckDB does not load on this machine: ${error}`, error);
  }
}

/** Text as a literal of SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
