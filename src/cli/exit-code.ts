/** Exit codes: a contract with scripts, never changed. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  config: 4,
  unreachable: 5,
  auth: 6,
  halted: 7,
  gate: 8,
  /** Cut short by a second Ctrl-C. */
  interrupted: 130,
  /** Cut short by a second SIGTERM. */
  terminated: 143,
} as const;

/** An exit code of the contract. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that names its exit code: what failed, why, and what to do, in its message. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}
