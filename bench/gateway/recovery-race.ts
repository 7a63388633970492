/** Signers recovered on a thread of their own beside signers recovered on the main thread, by load. */
import type { ServerChild } from "./exchange-child.ts";
import { type HttpLoad, type HttpPace, runHttpLoad } from "./http-load.ts";
import type { SignedRequest } from "./signed-order.ts";

/** One load, and what both exchanges made of it, by round. */
export interface RecoveryRow {
  readonly pace: HttpPace;
  readonly threaded: readonly HttpLoad[];
  readonly inline: readonly HttpLoad[];
}

/** Two exchanges that differ in where they recover. */
export interface RecoveryPair {
  readonly threaded: ServerChild;
  readonly inline: ServerChild;
}

/** Loads, and the share of a full round's actions that each is given [1]. */
const LOADS: readonly { readonly pace: HttpPace; readonly share: number }[] = [
  { pace: { connections: 4, pauseMs: 10 }, share: 0.1 },
  { pace: { connections: 1, pauseMs: 0 }, share: 0.1 },
  { pace: { connections: 4, pauseMs: 0 }, share: 0.2 },
  { pace: { connections: 16, pauseMs: 0 }, share: 0.5 },
  { pace: { connections: 64, pauseMs: 0 }, share: 1 },
  { pace: { connections: 128, pauseMs: 0 }, share: 1 },
];

/** Runs every load on both, by turns. */
export async function runRecoveryRace(
  { threaded, inline }: RecoveryPair,
  sign: (actions: number) => readonly SignedRequest[],
  { actions, rounds }: { readonly actions: number; readonly rounds: number },
): Promise<readonly RecoveryRow[]> {
  const rows: RecoveryRow[] = [];
  for (const { pace, share } of LOADS) {
    const row = { pace, threaded: [] as HttpLoad[], inline: [] as HttpLoad[] };
    for (let round = 0; round <= rounds; round++) {
      const requests = sign(Math.max(pace.connections, Math.ceil(actions * share)));
      const onThread = await runHttpLoad(threaded, requests, pace);
      const onMain = await runHttpLoad(inline, requests, pace);
      if (round === 0) continue;
      row.threaded.push(onThread);
      row.inline.push(onMain);
    }
    rows.push(row);
  }
  return rows;
}
