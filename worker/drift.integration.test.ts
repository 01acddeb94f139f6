import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AlertFacts } from "#lib/domain/alert";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import { tenantFromRequest } from "#simulator/specs";
import type { Tenant } from "#simulator/store/tenant";
import {
  appUrl,
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

const secret = "canary8Q~secret-of-the-drifting-app";

let simulator: Simulator;
let installation: Installation;
let worker: WorkerProcess;
let tenant: Tenant;
let made: TestConnection;
let serial = 0;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]) });
  const { multiTenantApp } = credentials;
  installation = await createInstallation({ ...simulator, multiTenantApp });
  worker = await startWorkerProcess({
    ...installation.workerEnv,
    MULTI_TENANT_APP_CLIENT_SECRET_EXPIRES_AT: new Date(Date.now() + 20 * 86_400_000).toISOString(),
  });
}, 120_000);
afterAll(async () => {
  await worker?.end("SIGTERM");
  await installation?.close();
  await simulator?.close();
});

/** A tenant of this test's own, connected and verified by the worker. */
beforeEach(async () => {
  serial += 1;
  tenant = simulator.store.addTenant(
    tenantFromRequest({ seed: `drift ${serial}`, size: 20, app: { secret } }),
  );
  made = await createRegisteredConnection(installation, {
    tenantId: tenant.spec.id,
    clientId: clientId(),
  });
  await saveSecret(installation, made, { secret, version: 1, verify: true });
  await checksDone(1);
  expect(await statusOf()).toBe("ready");
}, 60_000);

const clientId = (): string => tenant.spec.apps[0]?.clientId ?? "";
const sql = () => installation.db.ownerSql;

/** Waits until so many verifications of the connection are over. */
const checksDone = (count: number) =>
  waitFor(`${count} verifications ended`, async () => {
    const rows = await sql()`
      select 1 from verifications
      where connection_id = ${made.connectionId} and state in ('succeeded', 'failed')`;
    return rows.length >= count;
  });

let ended = 1;
/** The night comes: the worker's own round asks for the check. */
async function night(): Promise<void> {
  const [before] = await sql()<{ count: number }[]>`
    select count(*)::int as count from verifications where connection_id = ${made.connectionId}`;
  ended = (before?.count ?? 0) + 1;
  await sql()`
    update nightly_checks set next_check_at = now() - interval '1 minute'
    where connection_id = ${made.connectionId}`;
  await checksDone(ended);
}

async function statusOf(): Promise<string> {
  const [row] = await sql()<{ status: string }[]>`
    select status from connections where id = ${made.connectionId}`;
  return row?.status ?? "";
}

interface StoredAlert {
  readonly id: string;
  readonly facts: AlertFacts;
  readonly resolved: boolean;
}
const alerts = async (): Promise<readonly StoredAlert[]> =>
  sql()<StoredAlert[]>`
    select id, facts, resolved_at is not null as resolved from alerts
    where connection_id = ${made.connectionId} order by opened_at`;

/** What is wrong, in short. */
const named = ({ facts, resolved }: StoredAlert): string => {
  const what =
    facts.kind === "access-lost"
      ? [facts.failure.code, facts.failure.permission].filter(Boolean).join(" ")
      : facts.kind === "permission-lost"
        ? facts.permission
        : facts.kind;
  return `${what}${resolved ? ", over" : ""}`;
};

interface Drift {
  readonly name: string;
  readonly status: "ready" | "action-needed";
  readonly alert: string;
  readonly begin: () => void;
  readonly repair: () => void;
}

const permission = (name: string, there: boolean) => {
  const principal = tenant.servicePrincipals.get(clientId());
  if (there) principal?.permissions.add(name);
  else principal?.permissions.delete(name);
};
const enable = (enabled: boolean) => {
  const principal = tenant.servicePrincipals.get(clientId());
  if (principal) principal.enabled = enabled;
};
const keepSecret = (value: string) => {
  const app = simulator.store.apps.get(clientId());
  if (app) simulator.store.addApp({ ...app, secrets: [{ id: "secret", value, expiresAt: null }] });
};

const drifts: readonly Drift[] = [
  {
    name: "an optional permission is taken away",
    status: "ready",
    alert: "Reports.Read.All",
    begin: () => permission("Reports.Read.All", false),
    repair: () => permission("Reports.Read.All", true),
  },
  {
    name: "a mandatory permission is taken away",
    status: "action-needed",
    alert: "permission-missing User.Read.All",
    begin: () => permission("User.Read.All", false),
    repair: () => permission("User.Read.All", true),
  },
  {
    name: "the app is switched off",
    status: "action-needed",
    alert: "app-disabled",
    begin: () => enable(false),
    repair: () => enable(true),
  },
  {
    name: "the secret is rotated away",
    status: "action-needed",
    alert: "secret-wrong",
    begin: () => keepSecret("another8Q~secret"),
    repair: () => keepSecret(secret),
  },
  {
    name: "the tenant is blocked",
    status: "action-needed",
    alert: "tenant-blocked",
    begin: () => {
      tenant.knobs.blocked = true;
    },
    repair: () => {
      tenant.knobs.blocked = false;
    },
  },
  {
    name: "the tenant is gone",
    status: "action-needed",
    alert: "tenant-not-found",
    begin: () => simulator.store.tenants.delete(tenant.spec.id),
    repair: () => simulator.store.tenants.set(tenant.spec.id, tenant),
  },
  {
    name: "the tenant loses Entra ID P1",
    status: "ready",
    alert: "sign-ins-lost",
    begin: () => {
      tenant.knobs.premium = false;
    },
    repair: () => {
      tenant.knobs.premium = true;
    },
  },
];

describe("a night after which", () => {
  it.each(drifts)(
    "$name: one alert names it, and it is over when it works again",
    async ({ status, alert, begin, repair }) => {
      begin();
      await night();
      expect(await statusOf()).toBe(status);
      const [first, ...others] = await alerts();
      expect([first && named(first), others]).toEqual([alert, []]);

      await night();
      expect(await alerts()).toMatchObject([{ id: first?.id, resolved: false }]);

      repair();
      await night();
      expect(await statusOf()).toBe("ready");
      expect((await alerts()).map(named)).toEqual([`${alert}, over`]);
    },
    120_000,
  );

  it("Microsoft is away raises nothing: nobody can do anything about it", async () => {
    tenant.setFaults([{ kind: "server-error", stream: "organization", status: 503 }]);
    await sql()`
      update nightly_checks set next_check_at = now() - interval '1 minute'
      where connection_id = ${made.connectionId}`;
    await waitFor("the check waits for Microsoft", async () => {
      const rows = await sql()`
        select 1 from verifications where connection_id = ${made.connectionId} and state = 'waiting'`;
      return rows.length === 1;
    });
    expect(await statusOf()).toBe("ready");
    expect(await alerts()).toEqual([]);
  }, 60_000);

  it("what was never granted is no drift", async () => {
    const lacking = simulator.store.addTenant(
      tenantFromRequest({ seed: `lacking ${serial}`, size: 20, premium: false, app: { secret } }),
    );
    const id = lacking.spec.apps[0]?.clientId ?? "";
    lacking.servicePrincipals.get(id)?.permissions.delete("Reports.Read.All");
    tenant = lacking;
    made = await createRegisteredConnection(installation, {
      tenantId: lacking.spec.id,
      clientId: id,
    });
    await saveSecret(installation, made, { secret, version: 1, verify: true });
    await checksDone(1);
    await night();
    expect(await statusOf()).toBe("ready");
    expect(await alerts()).toEqual([]);
  }, 60_000);
});

describe("an import", () => {
  const importEnds = () =>
    waitFor(
      "the import's runs ended",
      async () => {
        const [row] = await sql()<{ open: number; all: number }[]>`
          select count(*) filter (where state in ('queued', 'running'))::int as open, count(*)::int as all
          from dataset_runs where connection_id = ${made.connectionId}`;
        return row !== undefined && row.all === 3 && row.open === 0;
      },
      90_000,
    );

  it("finds a lost permission and a lost license before the night does, and the night raises no second", async () => {
    permission("Reports.Read.All", false);
    tenant.knobs.premium = false;
    await createImport(installation, made);
    await importEnds();
    const found = ["Reports.Read.All", "sign-ins-lost"];
    await waitFor("both alerts", async () => (await alerts()).length === 2);
    expect((await alerts()).map(named).toSorted()).toEqual(found);
    await night();
    expect((await alerts()).map(named).toSorted()).toEqual(found);
  }, 180_000);

  it("finds that it is refused, and says so once", async () => {
    enable(false);
    await createImport(installation, made);
    await importEnds();
    await waitFor("the alert", async () => (await alerts()).length > 0);
    expect((await alerts()).map(named)).toEqual(["app-disabled"]);
    await night();
    expect((await alerts()).map(named)).toEqual(["app-disabled"]);
  }, 180_000);
});

it("the worker tells the end of the installation's app, and no secret", async () => {
  const [app] = await sql()`
    select cloud, kind, round(extract(epoch from expires_at - now()) / 86400)::int as days
    from app_credentials`;
  expect(app).toEqual({ cloud: "global", kind: "secret", days: 20 });
  const rows = JSON.stringify(await sql()`select * from alerts`);
  expect(rows).not.toContain(secret);
});
