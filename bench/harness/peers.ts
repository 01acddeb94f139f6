import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestConnection } from "../../worker/testing/installation.ts";
import { type Arena, finishedImport, requestImport } from "./arena.ts";
import type { GraphClientTask } from "./graph-client-task.ts";
import { loadPrintedUsers, peerUserRows, printedRows, resetPeerTables } from "./peer-tables.ts";
import { type Program, startNode } from "./processes.ts";
import type { BenchTenant } from "./simulator.ts";
import { compareWithTruth, type RowFigures, snapshotRows } from "./truth.ts";

export const peerNames = ["seatledger", "graph-client", "graph-client-999", "cli-m365"] as const;
export type PeerName = (typeof peerNames)[number];

/** What an importer works on. */
export interface Ground {
  readonly arena: Arena;
  readonly tenant: BenchTenant;
}

/** An import by one program, to be measured. */
export interface Peer {
  readonly name: PeerName;
  /** Rows per page it asks for. */
  readonly pageRows: number;
  /** Makes it ready to import; its time is not counted. */
  prepare(): Promise<void>;
  /** Starts it, or starts it again after it was killed. */
  start(): Promise<Program>;
  /** Resolves when what it does is over; with why it failed, or null. */
  over(program: Program): Promise<string | null>;
  /** Counts what it stored. */
  count(): Promise<RowFigures>;
  clean(): Promise<void>;
}

const select = [
  "id,userPrincipalName,displayName,mail,accountEnabled,userType,createdDateTime,assignedLicenses",
  "licenseAssignmentStates,usageLocation,country,city,department,jobTitle,companyName",
  "officeLocation,employeeId,employeeType,onPremisesSyncEnabled",
].join(",");

export function createPeer(name: PeerName, ground: Ground): Peer {
  switch (name) {
    case "seatledger":
      return seatledger(ground);
    case "graph-client":
      return graphClient(ground, null);
    case "graph-client-999":
      return graphClient(ground, 999);
    case "cli-m365":
      return cliM365(ground);
    default:
      return name satisfies never;
  }
}

/** A worker as operators run it, asked for an import; a killed one is started again as a supervisor does. */
function seatledger({ arena, tenant }: Ground): Peer {
  let connection: TestConnection | undefined;
  let warm: Program | undefined;
  let runId: string | undefined;
  let snapshotId = 0;
  const made = (): TestConnection => {
    if (connection === undefined) throw new Error("Not prepared.");
    return connection;
  };
  return {
    name: "seatledger",
    pageRows: 999,
    async prepare() {
      warm = await arena.startWorker();
      connection = await arena.connect(tenant);
    },
    async start() {
      const worker = warm ?? (await arena.startWorker());
      warm = undefined;
      runId ??= await requestImport(arena, made());
      return worker;
    },
    async over(worker) {
      if (runId === undefined) throw new Error("Not started.");
      const run = finishedImport(arena, runId);
      // A killed worker leaves the run to the next one.
      const killed = worker.ended.then(() => null);
      const figures = await Promise.race([run, killed]);
      if (figures === null) {
        run.catch(() => undefined);
        return "killed";
      }
      snapshotId = figures.snapshotId;
      await worker.end("SIGTERM");
      return null;
    },
    count: () => {
      const { ownerSql } = arena.server;
      return compareWithTruth(ownerSql, snapshotRows(ownerSql, made().workspaceId, snapshotId));
    },
    clean: async () => undefined,
  };
}

function graphClient({ arena, tenant }: Ground, top: number | null): Peer {
  const { ownerSql, urls } = arena.server;
  return {
    name: top === null ? "graph-client" : "graph-client-999",
    pageRows: top ?? 100,
    prepare: () => resetPeerTables(ownerSql),
    async start() {
      const task: GraphClientTask = {
        graphOrigin: arena.simulator.graphOrigin,
        token: await tenant.token(),
        databaseUrl: urls.owner,
        select,
        top,
      };
      return startNode(["bench/peers/graph-client.ts", JSON.stringify(task)]);
    },
    over: exitOf,
    count: () => compareWithTruth(ownerSql, peerUserRows(ownerSql)),
    clean: async () => undefined,
  };
}

/**
 * `m365 entra user list` as shipped, its JSON into a file. It knows Microsoft's hosts only: a preload maps Graph's to the
 * simulator (bench/peers/map-hosts.ts). It is signed in before; its telemetry and update check are off.
 */
function cliM365({ arena, tenant }: Ground): Peer {
  const { ownerSql } = arena.server;
  const home = mkdtempSync(join(tmpdir(), "seatledger-bench-"));
  const printed = join(home, "users.json");
  const signIn = async () => {
    const accessToken = await tenant.token();
    const expiresOn = new Date(Date.now() + 3_600_000).toISOString();
    const token = { accessToken, expiresOn };
    const accessTokens = {
      "https://graph.microsoft.com": token,
      // Where the simulator's links lead.
      [arena.simulator.graphOrigin]: token,
    };
    const { clientId: appId, tenantId } = tenant;
    writeFileSync(
      join(home, ".cli-m365-connection.json"),
      JSON.stringify({
        active: true,
        name: "bench",
        authType: "secret",
        cloudType: "Public",
        appId,
        tenant: tenantId,
        identityName: "bench",
        identityId: appId,
        identityTenantId: tenantId,
        accessTokens,
      }),
    );
  };
  return {
    name: "cli-m365",
    pageRows: 100,
    prepare: async () => {
      await resetPeerTables(ownerSql);
      await signIn();
    },
    start: async () =>
      startNode(
        [
          "--import=./bench/peers/map-hosts.ts",
          "bench/node_modules/@pnp/cli-microsoft365/dist/index.js",
          ...["entra", "user", "list", "--output", "json", "--properties", select],
        ],
        {
          HOME: home,
          XDG_CONFIG_HOME: home,
          CLIMICROSOFT365_NOUPDATE: "1",
          BENCH_GRAPH_ORIGIN: arena.simulator.graphOrigin,
        },
        openSync(printed, "w"),
      ),
    over: exitOf,
    count: async () => {
      await loadPrintedUsers(ownerSql, printed);
      return compareWithTruth(ownerSql, printedRows(ownerSql));
    },
    clean: async () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Null when the program ended well; otherwise the line of what it said that names the error. */
async function exitOf(program: Program): Promise<string | null> {
  const code = await program.ended;
  if (code === 0) return null;
  if (code === null) return "killed";
  const lines = program
    .output()
    .split("\n")
    .filter((line) => line.trim() !== "");
  return (
    lines
      .find((line) => /error/i.test(line))
      ?.trim()
      .slice(0, 200) ?? `exit code ${code}`
  );
}

/** Where a peer's package was installed from, for the figures. */
export const versionOf = (name: string): string => {
  const file = join(import.meta.dirname, "..", "node_modules", name, "package.json");
  const manifest: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return manifest.version;
};
