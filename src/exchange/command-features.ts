/** Which parts of market making are on, and their rules, in a record: lanes from arg0 on. */
import { FEATURE_NAMES, type Features } from "../base/features.ts";
import { beginCommand, COMMAND, type CommandRecord, HEADER } from "./command.ts";

/** Writes them into a record. */
export function writeFeatures(features: Features, record: CommandRecord): void {
  beginCommand(record, COMMAND.setFeatures, 0);
  FEATURE_NAMES.forEach((name, at) => {
    record.lanes[HEADER.arg0 + at] = features[name];
  });
}

/** Reads them back. */
export function readFeatures({ lanes }: CommandRecord): Features {
  const entries = FEATURE_NAMES.map((name, at) => [name, lanes[HEADER.arg0 + at] as number]);
  return Object.fromEntries(entries) as unknown as Features;
}
