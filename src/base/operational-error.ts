/**
 * Something outside the program failed (disk, socket, peer): thrown or handed on at the edges.
 * The message says what failed and what to do about it.
 */
export class OperationalError extends Error {
  override readonly name = "OperationalError";
  /** Fixed word for programs; the message is for people. */
  readonly code: string;
  /** Whether the same request may succeed when made again. */
  readonly retryable: boolean;

  constructor(failure: { code: string; message: string; retryable: boolean; cause?: unknown }) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.retryable = failure.retryable;
  }
}
