import { OperationalError } from "../base/operational-error.ts";

/**
 * Codes of the journal's operational errors. None is retryable: each needs a person, or a restart
 * that reads back what the disk really holds.
 *
 * - `journalLocked`: another process has the folder open
 * - `journalCorrupt`: bytes that were durable once are damaged, missing or foreign
 * - `journalVersion`: written by another engine or format version
 * - `journalDiverged`: replay gives another state than the snapshot recorded
 * - `storageFailed`: a read, write or sync was refused by the disk
 */
export type JournalErrorCode =
  | "journalLocked"
  | "journalCorrupt"
  | "journalVersion"
  | "journalDiverged"
  | "storageFailed";

/** An operational error of the journal. */
export const journalError = (
  code: JournalErrorCode,
  message: string,
  cause?: unknown,
): OperationalError => new OperationalError({ code, message, retryable: false, cause });
