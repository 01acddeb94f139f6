import { locateDatabase } from "#db/locate";
import { environmentProblems, programDatabase } from "#lib/env";
import { programVariables } from "#lib/env/names";
import { createProcessGroup, waitForStopSignal } from "./processes.ts";

/**
 * `npm start`: the web program in production. Opens the embedded database if DATABASE_URL asks for it and passes its URL
 * on. Exit code: 0 after a signal, else the web program's.
 */
async function main(): Promise<number> {
  const problems = environmentProblems("web");
  const location = programDatabase();
  if (problems.length > 0 || location === null) {
    console.error(`Seatledger cannot start:\n${problems.join("\n")}`);
    return 1;
  }
  const stopped = waitForStopSignal();
  const database = await locateDatabase(location, "web");
  const group = createProcessGroup();
  try {
    const variables = programVariables("web", process.env);
    group.start({
      name: "web",
      args: ["node_modules/next/dist/bin/next", "start", "--port", variables.PORT ?? "3000"],
      env: {
        ...variables,
        NODE_ENV: "production",
        DATABASE_URL: database.url,
        NEXTAUTH_URL: variables.APP_URL ?? "",
      },
      onLine: (line) => process.stdout.write(`${line}\n`),
    });
    return await Promise.race([stopped.then(() => 0), group.ended.then((end) => end.code || 1)]);
  } finally {
    await group.stop();
    await database.release();
  }
}

process.exit(await main());
