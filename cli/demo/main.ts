import { resolve } from "node:path";
import { revokeApiToken } from "#db/queries/tokens";
import { cloudLabels } from "#lib/domain/connection-labels";
import { systemVariables } from "#lib/env/names";
import { CommandError } from "../command.ts";
import { createToken } from "../commands/token-create.ts";
import { localWebVariables } from "../local/environments.ts";
import { waitForWeb, waitForWorker } from "../local/ready.ts";
import { toRegistration } from "../local/simulator.ts";
import { findLocalPorts, type LocalStack, withLocalStack } from "../local/stack.ts";
import { ensureLocalWorkspace, type LocalWorkspace } from "../local/workspace.ts";
import { createProcessGroup, type ProcessGroup, waitForStopSignal } from "../processes.ts";
import { ensureBuild } from "./build.ts";
import { connectTenant } from "./connect.ts";
import { type DemoLogs, openLogs } from "./logs.ts";

const firstTenant = "Contoso";
const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run demo`: the whole installation beside a simulated Microsoft, ready to be looked at (DESIGN §6 Commands). */
async function main(): Promise<number> {
  const stopped = waitForStopSignal().then(() => "signal" as const);
  await findLocalPorts(process.env);
  if (await buildOrStop(stopped)) return sayStopping();
  const dataDir = resolve(process.env.DATA_DIR || ".data/demo");
  const logs = openLogs(dataDir);
  const group = createProcessGroup();
  say("Starting PostgreSQL, a simulated Microsoft, the worker and the web program …");
  try {
    return await withLocalStack(
      group,
      { dataDir, variables: process.env, linesOf: logs.linesOf },
      async (stack) => {
        const outcome = await Promise.race([stopped, group.ended, open(group, stack, logs)]);
        if (outcome === "signal") return sayStopping();
        if (outcome === "open") {
          const later = await Promise.race([stopped, group.ended]);
          return later === "signal" ? sayStopping() : tellEnd(logs, later);
        }
        return tellEnd(logs, outcome);
      },
    );
  } finally {
    logs.close();
  }
}

/** Builds where needed. True when a signal came first: the build is ended then. */
async function buildOrStop(stopped: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const build = ensureBuild({
    env: systemVariables(process.env),
    signal: stop.signal,
    announce: () => say("Building the web program …"),
  });
  const isStopped = await Promise.race([stopped.then(() => true), build.then(() => false)]);
  if (isStopped) {
    stop.abort();
    await build.catch(() => undefined);
  }
  return isStopped;
}

function sayStopping(): number {
  say("\nStopping …");
  return 0;
}

function tellEnd(logs: DemoLogs, end: { readonly name: string; readonly code: number }): number {
  console.error(
    `\n${end.name} ended (exit code ${end.code}). Its last lines:\n${logs.tailOf(end.name)}`,
  );
  return end.code || 1;
}

/** Starts the web program, connects the first tenant and says where everything is. */
async function open(group: ProcessGroup, stack: LocalStack, logs: DemoLogs): Promise<"open"> {
  const local = await ensureLocalWorkspace(stack.owner, stack.simulator);
  group.start({
    name: "web",
    args: [
      "node_modules/next/dist/bin/next",
      "start",
      "--hostname",
      "localhost",
      "--port",
      String(stack.port),
    ],
    env: { ...localWebVariables(stack, stack.urls.web), NODE_ENV: "production" },
    onLine: logs.linesOf("web"),
  });
  await Promise.all([waitForWeb(stack.appUrl), waitForWorker(stack.owner, stack.workerStartedAt)]);
  const isConnected = await connectFirstTenant(stack, local);
  sayWelcome(stack, local, logs, isConnected);
  return "open";
}

/**
 * With a token of its own that is revoked afterwards. False when it failed: that is told and leaves the demo running.
 */
async function connectFirstTenant(
  stack: LocalStack,
  { workspace }: LocalWorkspace,
): Promise<boolean> {
  const tenant = stack.simulator.tenants.find((each) => each.name === firstTenant);
  if (tenant === undefined) throw new CommandError(`The simulator has no tenant ${firstTenant}.`);
  const { token, tokenId } = await createToken(stack.owner, {
    workspaceId: workspace.id,
    name: "Demo start",
    role: "connection-admin",
    days: 1,
  });
  try {
    const app = toRegistration(tenant.apps[0]);
    say(`Connecting and importing ${tenant.name} (${tenant.size} users) where needed …`);
    await connectTenant(stack.appUrl, token, tenant, app);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`${tenant.name} could not be connected and imported. ${error.message}`);
    return false;
  } finally {
    await stack.owner.outside((tx) => revokeApiToken(tx, { workspaceId: workspace.id, tokenId }));
  }
}

function sayWelcome(
  stack: LocalStack,
  { members }: LocalWorkspace,
  logs: DemoLogs,
  isConnected: boolean,
): void {
  const waiting = stack.simulator.tenants.filter(({ name }) => name !== firstTenant);
  say("");
  say(`Seatledger is ready: ${stack.appUrl}`);
  say("");
  say("Sign in as");
  for (const { name, userPrincipalName, role } of members) {
    say(`  ${name.padEnd(16)} ${role.padEnd(17)} ${userPrincipalName}`);
  }
  say("");
  if (isConnected) say(`${firstTenant} is connected and imported.`);
  say("Waiting for the wizard (Connections, New connection):");
  for (const { name, people, cloud } of waiting) {
    const [administrator] = people.filter((person) => person.note === "Global Administrator");
    if (administrator === undefined) continue;
    const where = cloud === "global" ? "" : `, cloud ${cloudLabels[cloud]}`;
    say(`  ${name.padEnd(18)} consent as ${administrator.userPrincipalName}${where}`);
  }
  const { orgId, refreshToken, tenantNames } = stack.simulator.saasManagement;
  say("");
  say(`SaaS Management manages ${tenantNames.join(" and ")} (any region):`);
  say(`  organisation ${orgId}, refresh token ${refreshToken}`);
  say("");
  say(`Logs: ${logs.folder}. Ctrl-C stops everything; the data stays for the next start.`);
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exit(1);
}
