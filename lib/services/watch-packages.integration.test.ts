import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Ctx } from "./context.ts";
import { createPackageConnection } from "./create-package-connection.ts";
import { createUploadToken } from "./create-upload-token.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getPackageArrival } from "./get-package-arrival.ts";
import { listAlerts } from "./list-alerts.ts";
import { listCredentials } from "./list-credentials.ts";
import { revokeUploadToken } from "./revoke-upload-token.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { watchPackages } from "./watch-packages.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;
let connectionId: string;
const errors: unknown[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  errors.length = 0;
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  ({ id: connectionId } = await createPackageConnection(owner, {
    name: "Closed network",
    tenantId: randomUUID(),
  }));
  await db.ownerSql`update connections set status = 'ready' where id = ${connectionId}`;
});

/** Two workers look at the same moment. */
async function everybodyLooks(): Promise<void> {
  const log = {
    info: () => undefined,
    error: (_event: string, _facts: unknown, error: unknown) => errors.push(error),
  };
  const { signal } = new AbortController();
  const looked = await Promise.all([1, 2].map(() => watchPackages({ db: db.worker, log }, signal)));
  expect(errors).toEqual([]);
  expect(Math.min(...looked)).toBeGreaterThan(0);
}

/** Packages that came so many hours ago, collected an hour before. */
const came = async (...hoursAgo: readonly number[]) => {
  for (const hours of hoursAgo) {
    await db.ownerSql`
      insert into packages (workspace_id, connection_id, kind, state, file_name, bytes, uploaded_by, created_at, collected_at)
      values (${owner.workspaceId}, ${connectionId}, 'package', 'importing', 'p.zip', 1, 'Server 7',
        now() - make_interval(hours => ${hours}), now() - make_interval(hours => ${hours + 1}))`;
  }
};
const nightly = (lastHoursAgo: number) =>
  came(...[0, 1, 2, 3, 4].map((night) => lastHoursAgo + night * 24));
const open = async () => (await listAlerts(owner, { state: "open" })).items;
const arrival = () => getPackageArrival(owner, { connectionId });

describe("packages that came every night", () => {
  it("raise one alert when they stop, which is over as soon as one comes", async () => {
    await nightly(70);
    await everybodyLooks();
    const [alert, ...others] = await open();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      kind: "packages-overdue",
      severity: "warning",
      connectionId,
      what: expect.stringMatching(/^No package of Closed network has come since .* every day\.$/),
      href: `/connections/${connectionId}#packages`,
    });
    expect(await arrival()).toMatchObject({ rhythm: { everyDays: 1, overdue: true } });
    await everybodyLooks();
    expect(await open()).toEqual([expect.objectContaining({ id: alert?.id })]);

    await came(0);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    expect(await arrival()).toMatchObject({
      last: { receivedAt: expect.any(String) },
      rhythm: { everyDays: 1, overdue: false },
    });
  });

  it("may miss one", async () => {
    await nightly(47);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    expect(await arrival()).toMatchObject({ rhythm: { everyDays: 1, overdue: false } });
  });

  it("are not waited for once the connection has ended", async () => {
    await nightly(70);
    await everybodyLooks();
    await disconnectConnection(owner, { connectionId });
    expect(await open()).toEqual([]);
    const other = await createPackageConnection(owner, { name: "Other", tenantId: randomUUID() });
    await db.ownerSql`update connections set status = 'ready' where id = ${other.id}`;
    await everybodyLooks();
    expect(await open()).toEqual([]);
  });

  it("count neither refused ones nor old CSV files", async () => {
    await nightly(70);
    for (const [kind, state] of [
      ["package", "refused"],
      ["msonline-csv", "importing"],
    ]) {
      await db.ownerSql`
        insert into packages (workspace_id, connection_id, kind, state, file_name, bytes, uploaded_by, collected_at)
        values (${owner.workspaceId}, ${connectionId}, ${kind ?? ""}, ${state ?? ""}, 'p', 1, 'Server 7', now())`;
    }
    await everybodyLooks();
    expect(await open()).toMatchObject([{ kind: "packages-overdue" }]);
  });
});

describe("packages that come now and then", () => {
  it("are waited for by nobody", async () => {
    await came(24 * 30, 24 * 31, 24 * 90, 24 * 95);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    expect(await arrival()).toMatchObject({
      last: { collectedAt: expect.any(String) },
      rhythm: null,
    });
  });
});

describe("the token a collector uses", () => {
  /** Made so many days before an end that is set later. */
  const token = async (name: string, lifetime = 90) => {
    const { id } = await createUploadToken(owner, { connectionId, name, days: lifetime });
    return {
      id,
      used: (hoursAgo: number) => db.ownerSql`
        update upload_tokens set last_used_at = now() - make_interval(hours => ${hoursAgo}) where id = ${id}`,
      endsIn: (days: number) => db.ownerSql`
        update upload_tokens set expires_at = now() + make_interval(days => ${days}, hours => -1),
          created_at = now() + make_interval(days => ${days - lifetime}, hours => -1) where id = ${id}`,
    };
  };

  it("is told 60, 30, 7 and 1 days before its end and on it, escalates in one alert, and is over when another one is used", async () => {
    const old = await token("Server 7");
    await old.endsIn(5);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    await old.used(3);
    await old.endsIn(61);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    const ids = new Set<string>();
    for (const [days, severity] of [
      [60, "notice"],
      [30, "warning"],
      [7, "critical"],
      [1, "critical"],
      [0, "critical"],
    ] as const) {
      await old.endsIn(days);
      await everybodyLooks();
      const [alert, ...others] = await open();
      expect(others).toEqual([]);
      expect(alert).toMatchObject({
        kind: "upload-token-expiry",
        severity,
        href: `/connections/${connectionId}#collector`,
      });
      ids.add(alert?.id ?? "");
    }
    expect(ids.size).toBe(1);
    const next = await token("Server 7, new");
    await everybodyLooks();
    expect(await open()).toHaveLength(1);
    await next.used(1);
    await everybodyLooks();
    expect(await open()).toEqual([]);
  });

  it("is not told what it was made with: one of 30 days is told from the seventh", async () => {
    const short = await token("Server 7", 30);
    await short.used(1);
    await short.endsIn(30);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    await short.endsIn(7);
    await everybodyLooks();
    expect(await open()).toHaveLength(1);
  });

  it("is among the credentials for who manages connections, also once it is over, until another one is used", async () => {
    const listed = async (by: Ctx = owner) =>
      (await listCredentials(by)).map(({ holder, stage }) => [
        holder.kind === "collector" ? holder.name : holder.kind,
        stage,
      ]);
    const old = await token("Old");
    await old.used(3);
    await old.endsIn(0);
    const unused = await token("Unused");
    await unused.endsIn(0);
    const next = await token("Next");
    expect(await listed()).toEqual([
      ["Old", "expired"],
      ["Next", null],
    ]);
    await next.used(1);
    await next.endsIn(20);
    expect(await listed()).toEqual([["Next", "30-days"]]);
    const viewer = await createMember(db, web.platform, owner.workspaceId, "viewer");
    expect(await listed(viewer)).toEqual([]);
    await disconnectConnection(owner, { connectionId });
    expect(await listed()).toEqual([]);
  });

  it("is not asked for any more once it was revoked", async () => {
    const only = await token("Server 8");
    await only.used(2);
    await only.endsIn(1);
    await everybodyLooks();
    expect(await open()).toHaveLength(1);
    await revokeUploadToken(owner, { tokenId: only.id });
    expect(await open()).toEqual([]);
  });
});
