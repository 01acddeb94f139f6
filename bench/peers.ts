import { parseArgs } from "node:util";
import { waitFor } from "../worker/testing/wait-for.ts";
import { type Arena, openArena } from "./harness/arena.ts";
import { createPeer, type Ground, type Peer, peerNames, versionOf } from "./harness/peers.ts";
import { report, tell } from "./harness/report.ts";
import type { BenchTenant } from "./harness/simulator.ts";
import { loadTruth, type RowFigures } from "./harness/truth.ts";

/**
 * The same tenant imported by us and by other programs, under four profiles, and by us and Microsoft's client as shipped
 * at a latency of Microsoft's. Options: `--users N`, `--latency MS` of the last part (0 leaves it out), `--profiles`,
 * `--peers` (comma-separated), `--json`.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "20000" },
    latency: { type: "string", default: "300" },
    profiles: { type: "string", default: "clean,throttled,faulty,killed" },
    peers: { type: "string", default: peerNames.join(",") },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);
const latencyMs = Number(values.latency);

/** How many times faster than real time a Retry-After passes. */
const clockScale = 100;

/** Twentieths of the requests for users, in three parts. */
const twentieth = (fault: Readonly<Record<string, unknown>>, part: number) => ({
  ...fault,
  stream: "users",
  share: 0.05 / 3,
  seed: `part ${part}`,
});

const profiles = {
  clean: [],
  throttled: [5, 30, 200].map((seconds, part) => twentieth({ kind: "throttle", seconds }, part)),
  faulty: [
    twentieth({ kind: "server-error", status: 503 }, 0),
    twentieth({ kind: "server-error", status: 500 }, 1),
    twentieth({ kind: "reset", when: "mid-body" }, 2),
  ],
  killed: [],
} as const;
type ProfileName = keyof typeof profiles;

interface PeerFigures extends Omit<RowFigures, "rows"> {
  readonly name: string;
  /** From the start of the program (of the request, for ours) to the end of its work, restarts included. */
  readonly seconds: number;
  readonly requests: number;
  /** Requests before their Retry-After had passed. */
  readonly early: number;
  readonly peakRssMb: number;
  /** Why it ended without its rows, in its own words. */
  readonly failed: string | null;
}

/** Kills the program when half of its pages were served. */
async function killAtHalf(
  tenant: BenchTenant,
  peer: Peer,
  program: { end: (s: "SIGKILL") => unknown },
) {
  const half = Math.ceil(users / peer.pageRows / 2);
  await waitFor(
    `${peer.name} asked for half of its pages`,
    async () => (await tenant.requests()).users >= half,
    600_000,
  );
  await program.end("SIGKILL");
}

async function measure(ground: Ground, peer: Peer, profile: ProfileName): Promise<PeerFigures> {
  const { tenant } = ground;
  await tenant.setFaults([]);
  await peer.prepare();
  await tenant.setFaults(profiles[profile]);
  await tenant.forgetRequests();
  const started = performance.now();
  let program = await peer.start();
  let over = peer.over(program);
  let peakRssMb = 0;
  if (profile === "killed") {
    await killAtHalf(tenant, peer, program);
    await over;
    peakRssMb = program.peakRssMb();
    program = await peer.start();
    over = peer.over(program);
  }
  const failed = await over;
  const seconds = (performance.now() - started) / 1000;
  const { total, early } = await tenant.requests();
  const { rowsMissing, rowsDuplicate, rowsWrong } = await peer.count();
  await peer.clean();
  const figures = {
    name: peer.name,
    seconds,
    requests: total,
    early,
    peakRssMb: Math.max(peakRssMb, program.peakRssMb()),
    rowsMissing,
    rowsDuplicate,
    rowsWrong,
    failed,
  };
  tell(profile, figures);
  return figures;
}

/** A tenant of its own for each part: a connection claims its tenant. */
async function openGround(arena: Arena, seed: string): Promise<Ground> {
  const tenant = await arena.simulator.addTenant({ seed, size: users });
  await loadTruth(arena.server.ownerSql, tenant);
  await tenant.setClockScale(clockScale);
  return { arena, tenant };
}

async function measureAll(arena: Arena) {
  const wanted = values.peers.split(",");
  const names = peerNames.filter((name) => wanted.includes(name));
  const results: Partial<Record<ProfileName, readonly PeerFigures[]>> = {};
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    if (!values.profiles.split(",").includes(profile)) continue;
    const ground = await openGround(arena, `bench ${profile}`);
    const figures: PeerFigures[] = [];
    for (const name of names)
      figures.push(await measure(ground, createPeer(name, ground), profile));
    results[profile] = figures;
  }
  return { profiles: results, latency: latencyMs > 0 ? await measureLatency(arena) : null };
}

/** Us and Microsoft's client as shipped, both behind the same latency. */
async function measureLatency(arena: Arena) {
  const ground = await openGround(arena, "bench latency");
  await ground.tenant.setLatency(latencyMs);
  const ours = await measure(ground, createPeer("seatledger", ground), "clean");
  const asShipped = await measure(ground, createPeer("graph-client", ground), "clean");
  return {
    latencyMs,
    seatledgerSeconds: ours.seconds,
    graphClientSeconds: asShipped.seconds,
    timesFaster: asShipped.seconds / ours.seconds,
  };
}

const arena = await openArena();
try {
  const versions = {
    "graph-client": versionOf("@microsoft/microsoft-graph-client"),
    "cli-m365": versionOf("@pnp/cli-microsoft365"),
  };
  report({ users, clockScale, versions, ...(await measureAll(arena)) }, values.json);
} finally {
  await arena.close();
}
