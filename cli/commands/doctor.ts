import { z } from "zod";
import { type Database, openDatabase, type ProgramRole } from "#db/client";
import { locateDatabase } from "#db/locate";
import { clockSkewSeconds } from "#db/queries/clock";
import { isSchemaCurrent } from "#db/queries/schema-version";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import { environmentProblems, programDatabase } from "#lib/env";
import { CommandError, defineCommand, type Print } from "../command.ts";
import { noOperands } from "../options.ts";

const workerSilentSeconds = 60;
const clockSkewLimitSeconds = 30;

/** Looks at this installation from here, as the web or the worker program would, and says what is wrong. */
export const doctorCommand = defineCommand({
  words: "doctor",
  usage: "[--program web|worker]",
  summary: "check environment, database, role, migrations, worker and clock",
  options: { program: { type: "string" } },
  input: z.object({
    program: z.enum(["web", "worker"], "must be web or worker").default("web"),
    operands: noOperands,
  }),
  async run({ program }, print) {
    const failures = [
      ...checkEnvironment(program, print),
      ...(await checkDatabase(program, print)),
    ];
    if (failures.length > 0) {
      throw new CommandError(`${failures.length} of the checks failed.`);
    }
  },
});

function checkEnvironment(program: ProgramRole, print: Print): readonly string[] {
  const problems = environmentProblems(program);
  if (problems.length === 0) print(`ok    environment of the ${program} program`);
  for (const problem of problems) print(`WRONG ${problem}`);
  return problems;
}

async function checkDatabase(program: ProgramRole, print: Print): Promise<readonly string[]> {
  const failures: string[] = [];
  const report = (ok: boolean, good: string, bad: string) => {
    print(ok ? `ok    ${good}` : `WRONG ${bad}`);
    if (!ok) failures.push(bad);
  };
  const location = programDatabase();
  if (location === null) return failures;
  const located = await locateDatabase(location, program);
  let db: Database | undefined;
  try {
    db = await openDatabase({
      url: located.url,
      role: program,
      applicationName: "seatledger doctor",
    });
    report(true, `database answers, role seatledger_${program}`, "");
    const current = await db.outside(isSchemaCurrent).catch(() => false);
    report(current, "migrations are complete", "migrations are missing: run seatledger migrate");
    if (!current) return failures;
    const seen = await db.outside(secondsSinceWorkerSeen);
    const silent =
      seen === null ? "no worker was ever seen" : `no worker seen for ${Math.round(seen)} s`;
    report(seen !== null && seen < workerSilentSeconds, "a worker is running", silent);
    const skew = await db.outside(clockSkewSeconds);
    const apart = `the clocks of this machine and the database are ${Math.round(Math.abs(skew))} s apart`;
    report(Math.abs(skew) < clockSkewLimitSeconds, "clock agrees with the database", apart);
  } catch (error) {
    report(false, "", error instanceof Error ? error.message : "the database does not answer");
  } finally {
    await db?.close();
    await located.release();
  }
  return failures;
}
