import { resolve } from "node:path";
import { CommandError } from "./command.ts";
import { localWebVariables } from "./local/environments.ts";
import { withLocalStack } from "./local/stack.ts";
import { ensureLocalWorkspace } from "./local/workspace.ts";
import { createProcessGroup, prefixed, waitForStopSignal } from "./processes.ts";

/** `npm run dev`: embedded database, simulator and worker, and the web program with reloading. */
async function main(): Promise<number> {
  const stopped = waitForStopSignal();
  const group = createProcessGroup();
  const dataDir = resolve(process.env.DATA_DIR || ".data/dev");
  return await withLocalStack(
    group,
    { dataDir, variables: process.env, linesOf: prefixed },
    async (stack) => {
      await ensureLocalWorkspace(stack.owner, stack.simulator);
      group.start({
        name: "web",
        args: ["node_modules/next/dist/bin/next", "dev", "--port", String(stack.port)],
        env: { ...localWebVariables(stack, stack.urls.web), NODE_ENV: "development" },
        onLine: prefixed("web"),
      });
      return await Promise.race([
        stopped.then(() => 0),
        group.ended.then((end) => {
          console.error(`${end.name} ended (exit code ${end.code}).`);
          return end.code || 1;
        }),
      ]);
    },
  );
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exit(1);
}
