import { usedBytes } from "../base/column.ts";
import {
  createDigest,
  digestHex,
  updateDigest,
  updateDigestNumber,
  updateDigestText,
} from "../base/digest.ts";
import type { ExchangeState } from "./state.ts";

/**
 * Digest of all state, 32 hex digits: every table's name, row count and used column bytes in order
 * of registration; tables without rows do not count, so a feature that is off leaves no trace. Slow:
 * for snapshots, tests and replay, never on the hot path.
 */
export function stateHash(state: ExchangeState): string {
  const digest = createDigest();
  for (const table of state.register.tables) {
    if (table.count === 0) continue;
    updateDigestText(digest, table.name);
    updateDigestNumber(digest, table.count);
    for (const column of table.columns) {
      updateDigestText(digest, column.name);
      updateDigest(digest, usedBytes(table, column));
    }
  }
  return digestHex(digest);
}
