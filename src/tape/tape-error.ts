import { OperationalError } from "../base/operational-error.ts";

/**
 * Codes of a tape's operational errors; none is retryable.
 *
 * - `tapeUnreadable`: the file is absent, is no tape, or ends in the middle
 * - `tapeCorrupt`: a line or row is not what the form allows
 * - `tapeUnfit`: what was recorded cannot be expressed on a market of this exchange
 */
export type TapeErrorCode = "tapeUnreadable" | "tapeCorrupt" | "tapeUnfit";

/** An operational error of a tape; the message names the file, and the line where there is one. */
export const tapeError = (
  code: TapeErrorCode,
  message: string,
  cause?: unknown,
): OperationalError => new OperationalError({ code, message, retryable: false, cause });

/** An error at a line of a file, counted from 1. */
export const lineError = (
  place: { readonly path: string; readonly line: number },
  problem: string,
  cause?: unknown,
): OperationalError => tapeError("tapeCorrupt", `${place.path}:${place.line}: ${problem}`, cause);
