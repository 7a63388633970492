import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Memory in use after a collection [bytes]. */
export interface Memory {
  /** JavaScript objects. */
  readonly heap: number;
  /** Typed arrays. */
  readonly arrays: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects and reads what is left; the room of arrays is given back a little later than they end. */
export async function readMemory(): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers };
}
