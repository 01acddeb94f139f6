import pino from "pino";

/** Fields a log line may have; everything else is left out. Source: reference/fault-catalogue.md §4 Logs. */
const allowed: ReadonlySet<string> = new Set([
  "incident",
  "code",
  "method",
  "path",
  "status",
  "ms",
  "err",
  "level",
]);

/** Characters that would forge lines or turn text around in a terminal. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

const clean = (text: string): string => text.replace(unsafe, " ").slice(0, 500);

/**
 * An error as it may be logged: its class, codes, where it was thrown and its causes. Messages are left out, since
 * those of drivers and parsers quote values; a code of ours says what happened.
 */
function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name: clean(error.name),
    ...codesOf(error),
    at: frames.slice(0, 8).map((frame) => clean(frame.trim())),
    ...(error.cause === undefined || depth >= 4
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Codes, SQLSTATEs and names of constraints; no values. */
const codesOf = (error: Error): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(error).flatMap(([name, value]) =>
      ["code", "constraint_name", "severity_local", "syscall"].includes(name) &&
      typeof value === "string"
        ? [[name, clean(value)]]
        : [],
    ),
  );

/** One JSON object per line on standard output. */
export const createLog = (destination?: pino.DestinationStream) =>
  pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) =>
          Object.fromEntries(
            Object.entries(fields).flatMap(([name, value]) =>
              allowed.has(name)
                ? [[name, name === "err" ? describeError(value) : cleanValue(value)]]
                : [],
            ),
          ),
      },
      serializers: { err: (value: unknown) => value },
    },
    ...(destination === undefined ? [] : [destination]),
  );

const cleanValue = (value: unknown): unknown =>
  typeof value === "string"
    ? clean(value)
    : typeof value === "number" || typeof value === "boolean"
      ? value
      : undefined;

export const log = createLog();
