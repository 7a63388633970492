/** Markouts of the latest fills, fill by fill, gathered as the maker learns them. */
import type { MakerStatus } from "../maker/maker-status.ts";
import type { MakerNotes, NotesPlace } from "../maker/view/pnl-split.ts";
import { FILLS_SHOWN, type FillMarkoutView } from "../operator/operator-view.ts";

/** Fills remembered: more than are shown, so that a late markout finds its fill. */
const FILLS_KEPT = 4 * FILLS_SHOWN;

/** Markouts so far of the fills that a status shows. */
export type FillMarkouts = (status: MakerStatus) => readonly FillMarkoutView[];

/** Reads on from where it stopped at each call; `notes` is the maker's own account of its fills. */
export function createFillMarkouts(notes: (place: NotesPlace) => MakerNotes): FillMarkouts {
  let place: NotesPlace = { fills: 0, markouts: 0 };
  const known = new Map<number, Map<number, number>>();
  return ({ fills, markouts }) => {
    const news = notes(place);
    place = { fills: news.fills.next, markouts: news.markouts.next };
    for (const { tid, horizonMs, markoutBps } of news.markouts.items) {
      const byHorizon = known.get(tid) ?? new Map<number, number>();
      known.set(tid, byHorizon.set(horizonMs, markoutBps));
    }
    for (const tid of known.keys()) {
      if (known.size <= FILLS_KEPT) break;
      known.delete(tid);
    }
    return fills.recent.slice(-FILLS_SHOWN).flatMap(({ tid }) => {
      const byHorizon = known.get(tid);
      if (byHorizon === undefined) return [];
      return [{ tid, bps: markouts.map(({ horizonMs }) => byHorizon.get(horizonMs) ?? null) }];
    });
  };
}
