/** Names of the journal's files. Seqs are padded, so that names in order are seqs in order. */
const SEGMENT = /^segment-(\d{16})\.log$/;
const SNAPSHOT = /^snapshot-(\d{16})\.bin$/;

const pad = (seq: number): string => String(seq).padStart(16, "0");

/** Name of the segment whose first command has this seq. */
export const segmentName = (firstSeq: number): string => `segment-${pad(firstSeq)}.log`;

/** Name of the snapshot of the state after this seq. */
export const snapshotName = (seq: number): string => `snapshot-${pad(seq)}.bin`;

/** A file of the journal and the seq in its name. */
export interface NamedFile {
  readonly name: string;
  readonly seq: number;
}

/** The segments among `names`, oldest first. */
export const segmentsAmong = (names: readonly string[]): NamedFile[] => matching(names, SEGMENT);

/** The snapshots among `names`, oldest first. */
export const snapshotsAmong = (names: readonly string[]): NamedFile[] => matching(names, SNAPSHOT);

function matching(names: readonly string[], form: RegExp): NamedFile[] {
  return names
    .flatMap((name) => {
      const digits = form.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, seq: Number(digits) }];
    })
    .sort((a, b) => a.seq - b.seq);
}
