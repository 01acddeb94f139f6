import { existsSync, rmSync } from "node:fs";
import { destroyEmbedded } from "#db/embedded/acquire";
import { CommandError } from "../cli/command.ts";
import { findLocalPorts, withLocalStack } from "../cli/local/stack.ts";
import { createProcessGroup, prefixed, waitForStopSignal } from "../cli/processes.ts";
import { directoryIds, installation } from "./installation.ts";
import { startWeb } from "./web.ts";

const variables = {
  ...process.env,
  PORT: String(installation.port),
  SIMULATOR_PORT: String(installation.simulator.login),
  SIMULATOR_REPORTS_PORT: String(installation.simulator.reports),
  SIMULATOR_GRAPH_PORT: String(installation.simulator.graph),
};

/** The whole installation under test: database, simulator, worker, and the built web program. SIGTERM ends all. */
async function main(): Promise<number> {
  if (!existsSync(".next/BUILD_ID")) {
    throw new CommandError("There is no build to test: npm run build makes one.");
  }
  const stopped = waitForStopSignal().then(() => 0);
  await findLocalPorts(variables);
  await forgetData();
  const group = createProcessGroup();
  const { dataDir } = installation;
  try {
    return await withLocalStack(group, { dataDir, variables, linesOf: prefixed }, (stack) => {
      startWeb(group, stack, directoryIds);
      const ended = group.ended.then(({ name, code }) => {
        console.error(`${name} ended (exit code ${code}).`);
        return code || 1;
      });
      return Promise.race([stopped, ended]);
    });
  } finally {
    // A test that is still connected keeps the data; the next start removes it.
    await forgetData().catch((error: Error) => console.error(error.message));
  }
}

/** Also what a killed run left behind. */
async function forgetData(): Promise<void> {
  await destroyEmbedded(installation.dataDir);
  rmSync(installation.dataDir, { recursive: true, force: true });
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exit(1);
}
