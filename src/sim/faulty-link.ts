/**
 * A network path that fails like a real one, the same way for the same random numbers: messages are
 * delayed, lost, doubled, overtaken, and all that is under way is lost when the link is cut.
 *
 * Streams keep their order, as a socket does, unless a message is late; requests and replies travel
 * on their own. A muted stream carries nothing while the link stays up: a feed that falls silent.
 */
import { nextBelow, nextUnit, type Prng } from "../base/prng.ts";
import type { Schedule } from "./schedule.ts";

/** What goes over the link. */
export type LinkStream = "request" | "reply" | "market" | "user";

/** How bad the link is. */
export interface LinkFaults {
  /** Ordinary delay, drawn evenly [ms]. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** Share of messages that are lost [ratio]. */
  readonly dropRatio: number;
  /** Share of messages that arrive twice [ratio]. */
  readonly duplicateRatio: number;
  /** Share of messages that are held up and overtaken [ratio], and for how long at most [ms]. */
  readonly lateRatio: number;
  readonly lateMsMax: number;
}

/** A link without faults. */
export const SOUND_LINK: LinkFaults = {
  delayMsMin: 1,
  delayMsMax: 5,
  dropRatio: 0,
  duplicateRatio: 0,
  lateRatio: 0,
  lateMsMax: 0,
};

/** What became of the messages. */
export interface LinkStats {
  carried: number;
  dropped: number;
  duplicated: number;
  late: number;
  cuts: number;
}

/** See the file's head. */
export interface FaultyLink {
  faults: LinkFaults;
  readonly isUp: boolean;
  readonly muted: Set<LinkStream>;
  readonly stats: Readonly<LinkStats>;
  /** Carries a message; `deliver` runs when it arrives, never within this call, perhaps never. */
  carry(stream: LinkStream, deliver: () => void): void;
  /** Takes the link down: what is under way is lost. */
  cut(): void;
  /** Brings the link up again. */
  mend(): void;
}

const IN_ORDER: readonly LinkStream[] = ["market", "user"];

/** A link that is up. */
export function createFaultyLink(options: {
  readonly schedule: Schedule;
  readonly prng: Prng;
  readonly faults: LinkFaults;
}): FaultyLink {
  const { schedule, prng } = options;
  const muted = new Set<LinkStream>();
  const stats: LinkStats = { carried: 0, dropped: 0, duplicated: 0, late: 0, cuts: 0 };
  const arrivals = new Map<LinkStream, number>();
  let isUp = true;
  let era = 0;

  const arrivalMs = (stream: LinkStream, faults: LinkFaults): number => {
    const spread = faults.delayMsMax - faults.delayMsMin;
    const atMs = schedule.nowMs + faults.delayMsMin + nextBelow(prng, spread + 1);
    if (nextUnit(prng) < faults.lateRatio) {
      stats.late += 1;
      return atMs + nextBelow(prng, faults.lateMsMax + 1);
    }
    if (!IN_ORDER.includes(stream)) return atMs;
    const inOrder = Math.max(atMs, arrivals.get(stream) ?? 0);
    arrivals.set(stream, inOrder);
    return inOrder;
  };
  const send = (stream: LinkStream, deliver: () => void): void => {
    const sentIn = era;
    schedule.at(arrivalMs(stream, link.faults), () => {
      if (sentIn === era) deliver();
    });
  };
  const link: FaultyLink = {
    faults: options.faults,
    muted,
    stats,
    get isUp() {
      return isUp;
    },
    carry(stream, deliver) {
      if (!isUp || muted.has(stream)) return;
      stats.carried += 1;
      if (nextUnit(prng) < link.faults.dropRatio) {
        stats.dropped += 1;
        return;
      }
      send(stream, deliver);
      if (nextUnit(prng) >= link.faults.duplicateRatio) return;
      stats.duplicated += 1;
      send(stream, deliver);
    },
    cut() {
      isUp = false;
      era += 1;
      arrivals.clear();
      stats.cuts += 1;
    },
    mend() {
      isUp = true;
    },
  };
  return link;
}
