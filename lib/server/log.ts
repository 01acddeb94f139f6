import pino from "pino";
import { describeError, loggableText } from "#lib/services/loggable";

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
    ? loggableText(value)
    : typeof value === "number" || typeof value === "boolean"
      ? value
      : undefined;

export const log = createLog();
