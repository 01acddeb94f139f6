import { FailureError } from "#lib/domain/failure";

/** Longest text of a log line, in UTF-16 units. */
const maxText = 500;
const maxFrames = 8;
const maxCauses = 4;

/** A value's text as it may stand in a log: control and bidirectional characters would forge lines or turn text around. */
export const loggableText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").slice(0, maxText);

/** What may be told of an error. Messages are left out: they quote SQL parameters, links and Microsoft's texts. */
export interface ErrorFacts {
  readonly kind: string;
  /** Machine code: an SQLSTATE, a system call's error, a code of ours. */
  readonly code: string | null;
  /** Name of the constraint that refused a row. */
  readonly constraint: string | null;
  /** Class and code of a failure people are told. */
  readonly failure: string | null;
  readonly at: readonly string[];
  readonly cause: ErrorFacts | null;
}

/**
 * The allow-list of an error: kind, machine code, our failure code, stack positions, causes.
 * Source: reference/fault-catalogue.md §4 Logs.
 */
export function describeError(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) {
    return {
      kind: typeof error,
      code: null,
      constraint: null,
      failure: null,
      at: [],
      cause: null,
    };
  }
  return {
    kind: machineWord(error.name) ?? "Error",
    code: "code" in error ? machineWord(error.code) : null,
    constraint: "constraint_name" in error ? machineWord(error.constraint_name) : null,
    failure: error instanceof FailureError ? `${error.failure.class}: ${error.failure.code}` : null,
    at: framesOf(error),
    cause:
      error.cause === undefined || depth >= maxCauses
        ? null
        : describeError(error.cause, depth + 1),
  };
}

const machineWord = (value: unknown): string | null =>
  typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? value : null;

/** The stack repeats the message before its frames. */
function framesOf(error: Error): readonly string[] {
  const stack = error.stack ?? "";
  const start = stack.indexOf(error.message);
  const frames = start < 0 ? "" : stack.slice(start + error.message.length);
  return frames
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, maxFrames)
    .map(loggableText);
}
