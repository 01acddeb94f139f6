import { type DestinationStream, pino } from "pino";
import type { LogFacts, WorkerLog } from "#lib/services/context";
import { describeError, loggableText } from "#lib/services/loggable";

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
      logger.error({ ...clean(facts), error: describeError(error) }, event),
  };
}

const clean = (facts: LogFacts): LogFacts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === "string" ? loggableText(value) : value,
    ]),
  );
