import { type DestinationStream, pino } from "pino";
import { FailureError } from "#lib/domain/failure";
import type { LogFacts, WorkerLog } from "#lib/services/context";

/** The worker's log: one JSON object per line on stdout (or where a test looks). */
export function createWorkerLog(destination?: DestinationStream): WorkerLog {
  const options = {
    name: "worker",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: "event",
  };
  const logger = destination ? pino(options, destination) : pino(options);
  return {
    info: (event, facts) => logger.info(clean(facts), event),
    error: (event, facts, error) =>
      logger.error({ ...clean(facts), error: describe(error) }, event),
  };
}

/** What may be told of an error. Messages are left out: they quote SQL parameters, links and Microsoft's texts. */
interface ErrorFacts {
  readonly kind: string;
  readonly code: string | null;
  readonly failure: string | null;
  readonly at: readonly string[];
  readonly cause: ErrorFacts | null;
}

const maxFrames = 8;
const maxCauses = 4;

/** The allow-list of an error: kind, machine code, our failure code, stack positions, causes. */
export function describe(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) {
    return { kind: typeof error, code: null, failure: null, at: [], cause: null };
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return {
    kind: machineWord(error.name) ?? "Error",
    code: machineWord(code),
    failure: error instanceof FailureError ? `${error.failure.class}: ${error.failure.code}` : null,
    at: framesOf(error),
    cause:
      error.cause === undefined || depth >= maxCauses ? null : describe(error.cause, depth + 1),
  };
}

const machineWord = (text: string | null): string | null =>
  text !== null && /^[\w.-]{1,80}$/.test(text) ? text : null;

/** The stack repeats the message before its frames. */
function framesOf(error: Error): readonly string[] {
  const stack = error.stack ?? "";
  const start = stack.indexOf(error.message);
  const frames = start < 0 ? "" : stack.slice(start + error.message.length);
  return frames
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, maxFrames);
}

/** Bidirectional and other control characters would let a value rewrite the line in a terminal. */
const clean = (facts: LogFacts): LogFacts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200) : value,
    ]),
  );
