/** Reads what V8 says under --trace-gc and --trace-deopt. */

/** A collection, as V8 tells it. */
export interface CollectionLine {
  /** Scavenge, Mark-Compact and the like. */
  readonly kind: string;
  readonly line: string;
}

/** A deoptimisation: whose code, why, and where where that is said. */
export interface DeoptLine {
  readonly name: string;
  readonly reason: string;
  readonly kind: string;
}

/** What a log holds. */
export interface SteadyLog {
  readonly collections: readonly CollectionLine[];
  readonly deopts: readonly DeoptLine[];
}

const COLLECTION =
  /^\[\d+:0x[0-9a-f]+\].* ms: (Scavenge|Mark-Compact|Minor Mark-Sweep|[A-Z][A-Za-z-]+)/;
const BAILOUT =
  /\[bailout \(kind: ([a-z-]+), reason: (.*?)\): begin\. deoptimizing 0x[0-9a-f]+ <JSFunction ?([^ >(]*)/;
const DEPENDENT =
  /\[marking dependent code 0x[0-9a-f]+ .*?(?:<SharedFunctionInfo ?([^>]*)>|\(0x[0-9a-f]+ <SharedFunctionInfo ?([^>]*)>).*reason: ([^\]]*)\]/;

/** Every collection and deoptimisation in a log. */
export function readSteadyLog(log: string): SteadyLog {
  const collections: CollectionLine[] = [];
  const deopts: DeoptLine[] = [];
  for (const line of log.split("\n")) {
    const collection = COLLECTION.exec(line);
    const bailout = BAILOUT.exec(line);
    const dependent = DEPENDENT.exec(line);
    if (collection !== null) collections.push({ kind: collection[1] ?? "", line });
    else if (bailout !== null) {
      const [, kind = "", reason = "", name = ""] = bailout;
      deopts.push({ name: name === "" ? "(anonymous)" : name, reason, kind });
    } else if (dependent !== null || line.includes("[marking dependent code")) {
      const [, one, other, reason = "unknown"] = dependent ?? [];
      deopts.push({ name: one ?? other ?? "(unknown)", reason, kind: "dependent-code" });
    }
  }
  return { collections, deopts };
}
