import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { destroyEmbedded } from "#db/embedded/acquire";
import { preparePlace } from "#db/embedded/place";
import { runProgram } from "#db/embedded/run";
import { addMember } from "../cli/commands/member-add.ts";
import { createWorkspace } from "../cli/commands/workspace-create.ts";
import type { SimulatedPerson } from "../cli/local/simulator.ts";
import { type LocalStack, withLocalStack } from "../cli/local/stack.ts";
import { createProcessGroup } from "../cli/processes.ts";
import { installation } from "./installation.ts";
import { startWeb } from "./web.ts";

/** An installation of one test's own: its PostgreSQL may crash without another test's noticing. */
export interface OwnStack {
  readonly appUrl: string;
  /** An owner of its one workspace. */
  readonly owner: SimulatedPerson;
  /** Stops PostgreSQL as a power cut would. */
  crashDatabase(): Promise<void>;
  /** Starts it again on the same data and port; resolves when it has recovered. */
  restartDatabase(): Promise<void>;
}

/** Starts an installation on the ports after those of the shared one, hands it to `work`, and leaves nothing behind. */
export async function withOwnStack(work: (stack: OwnStack) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "seatledger-e2e-own-"));
  const { port } = installation.own;
  const variables = {
    ...process.env,
    PORT: String(port),
    SIMULATOR_PORT: String(port + 1),
    SIMULATOR_REPORTS_PORT: String(port + 2),
    SIMULATOR_GRAPH_PORT: String(port + 3),
  };
  const group = createProcessGroup();
  const linesOf = () => () => undefined;
  try {
    await withLocalStack(group, { dataDir, variables, linesOf }, async (stack) => {
      startWeb(group, stack);
      const place = await preparePlace(dataDir);
      const control = async (...args: readonly string[]) => {
        const all = [...args, "-w", "-D", place.data];
        const { code, output } = await runProgram(place, place.binaries.pgCtl, all);
        if (code !== 0) throw new Error(output);
      };
      const { appUrl } = stack;
      await expect
        .poll(() => isReady(appUrl), { message: "the installation is ready", timeout: 60_000 })
        .toBe(true);
      await work({
        appUrl,
        owner: await addOwner(stack),
        crashDatabase: () => control("stop", "-m", "immediate"),
        // Unlike "start", "restart" repeats the options the server had, its port among them.
        restartDatabase: () => control("restart", "-l", join(place.data, "server.log")),
      });
    });
  } finally {
    await destroyEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const isReady = async (appUrl: string): Promise<boolean> =>
  (await fetch(`${appUrl}/api/v1/ready`).catch(() => null))?.ok ?? false;

async function addOwner({ owner: db, simulator }: LocalStack): Promise<SimulatedPerson> {
  const { homeTenantId: tenantId } = simulator.signIn;
  const [person] = simulator.tenants.find(({ id }) => id === tenantId)?.people ?? [];
  if (person === undefined) throw new Error("The simulator's own tenant has people.");
  const { id: workspaceId } = await createWorkspace(db, {
    slug: "own",
    name: "Own",
    ownerTenantId: null,
  });
  const name = `${person.givenName} ${person.surname}`;
  await addMember(db, { workspaceId, tenantId, objectId: person.oid, name, role: "owner" });
  return person;
}
