/** Starts contenders as child processes and lets them run one at a time. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { StreamPlan } from "./command-stream.ts";
import type { Memory } from "./memory.ts";
import type { Summary } from "./statistics.ts";
import type { Tally } from "./tally.ts";

/** A contender and its stream. */
export interface Member extends StreamPlan {
  /**
   * The peer, our book in both forms, the fast one by rank of the legal price with ranks found on
   * the way in or before, the pipeline without and with every rule, and behind a journal.
   */
  readonly name:
    | "peer"
    | "fast"
    | "plain"
    | "ranked"
    | "preranked"
    | "pipeline"
    | "rules"
    | "disk"
    | "memory";
  /** Markets that take turns, where there are several; books alone. */
  readonly markets?: number;
}

/** What a child answers once its book is filled. */
export interface Ready {
  readonly fillMs: number;
  readonly before: Memory;
  readonly after: Memory;
  /** Room of our table of orders, which is state; null = a peer's own [bytes]. */
  readonly tableBytes: number | null;
  readonly live: number;
}

/** What a child is asked: to run commands `from` to `to`, or to end. */
export type Ask =
  | {
      readonly from: number;
      readonly to: number;
      readonly isTimedEach: boolean;
      /** Commands a second, where they are not to come as fast as they are taken; behind a journal only. */
      readonly perSecond: number | null;
    }
  | { readonly end: true };

/** What running a range came to. */
export interface Lap {
  readonly ns: number;
  /** Processor time of the thread meanwhile: what others take of a busy machine is not in it. */
  readonly cpuNs: number;
  readonly commands: number;
  /** All fills since the start. */
  readonly tally: Tally;
  /** Orders that rest. */
  readonly live: number;
  /** Garbage collections meanwhile. */
  readonly collections: number;
  /** Commits meanwhile. */
  readonly groups: number;
  /** Single commands [ns], where each was timed: how long it ran, or behind a journal until it was durable. */
  readonly each: (Summary & { readonly timerNs: number }) | null;
}

/** How a lap is run: at full speed and timed as a whole where nothing else is said. */
export interface LapForm {
  readonly isTimedEach?: boolean;
  readonly perSecond?: number | null;
}

/** A contender that waits to be asked. */
export interface Runner extends Member {
  readonly ready: Ready;
  run(from: number, to: number, how?: LapForm): Promise<Lap>;
  end(): Promise<void>;
}

/** Starts a contender and fills its book; null where that takes longer than `fillMsMax` [ms]. */
export async function startRunner(member: Member, fillMsMax = 120_000): Promise<Runner | null> {
  const child = fork(join(import.meta.dirname, "child.ts"), [JSON.stringify(member)]);
  const ready = await answer<Ready>(child, fillMsMax);
  if (ready === null) {
    child.kill("SIGKILL");
    return null;
  }
  return {
    ...member,
    ready,
    async run(from, to, { isTimedEach = false, perSecond = null } = {}) {
      const lap = answer<Lap>(child, 120_000);
      child.send({ from, to, isTimedEach, perSecond } satisfies Ask);
      const found = await lap;
      if (found === null) throw new Error(`${member.name} does not finish`);
      return found;
    },
    async end() {
      const ended = once(child, "exit");
      child.send({ end: true } satisfies Ask);
      await ended;
    },
  };
}

/** The next message of a child; null after `patienceMs`; an error where it ends before. */
function answer<T>(child: ChildProcess, patienceMs: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message as T));
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`a contender ended with ${code}`)));
    const timer = setTimeout(() => settle(() => resolve(null)), patienceMs);
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}
