import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import type { PackageFaultCode } from "#lib/domain/package";
import type { PackageItem } from "#lib/domain/package-item";
import {
  buildPackage,
  e3,
  e5,
  lines,
  type PackageDraft,
  sku,
  user,
  userIdOf,
} from "#lib/office365-export/testing/build-package";
import { buildLargePackage } from "#lib/office365-export/testing/large-package";
import { authenticateUpload } from "#lib/services/authenticate-upload";
import type { Ctx } from "#lib/services/context";
import { createPackageConnection } from "#lib/services/create-package-connection";
import { createUploadToken } from "#lib/services/create-upload-token";
import { getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { getPackage } from "#lib/services/get-package";
import { listAlerts } from "#lib/services/list-alerts";
import { listLicenses } from "#lib/services/list-licenses";
import { uploadPackage } from "#lib/services/testing/upload";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { waitFor } from "./testing/wait-for.ts";
import {
  createWorkerBench,
  forgetJobs,
  storedUserPages,
  type WorkerBench,
} from "./testing/worker-bench.ts";
import type { WorkerProcess } from "./testing/worker-process.ts";

let bench: WorkerBench;
let web: TestWeb;
let worker: WorkerProcess;

beforeAll(async () => {
  bench = await createWorkerBench();
  web = await createTestWeb(bench.installation.db);
  worker = await bench.start();
}, 120_000);

afterAll(async () => {
  await web?.close();
  await bench?.close();
});

interface Arranged {
  readonly ctx: Ctx;
  readonly connectionId: string;
  readonly tenantId: string;
}

async function arrange(): Promise<Arranged> {
  const { db } = bench.installation;
  const { workspaceId } = await createWorkspace(db);
  const ctx = await createMember(db, web.platform, workspaceId, "owner");
  const tenantId = randomUUID();
  const { id } = await createPackageConnection(ctx, { name: "Closed network", tenantId });
  return { ctx, connectionId: id, tenantId };
}

const hoursAgo = (hours: number): string =>
  `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;

/** Five people: E3 for all, E5 by a group for one, in error for another; one blocked, one guest. */
const people = [
  user(1),
  user(2, { accountEnabled: false }),
  user(3, { userType: "Guest" }),
  user(4, {
    licenses: [
      { skuId: e3, direct: true, groupIds: [userIdOf(90)] },
      { skuId: e5, groupIds: [userIdOf(90)] },
    ],
  }),
  user(5, {
    licenses: [
      { skuId: e3, direct: true },
      { skuId: e5, held: false, inError: true, error: "CountViolation" },
    ],
  }),
];

const packageOf = (
  { tenantId }: Pick<Arranged, "tenantId">,
  collectedAt: string,
  more: Partial<Parameters<typeof buildPackage>[0]> = {},
) =>
  buildPackage({
    tenantId,
    skus: [
      sku(e3, { active: 4, warning: 2, consumed: 6 }),
      sku(e5, { active: 3, warning: 0, consumed: 1 }),
    ],
    users: people,
    ...more,
    manifest: { collectedAt, ...more.manifest },
  });

/** Waits until nothing happens to the upload any more. */
async function settled({ ctx }: Arranged, packageId: string): Promise<PackageItem> {
  let item = await getPackage(ctx, { packageId });
  await waitFor(
    "the package is settled",
    async () => {
      item = await getPackage(ctx, { packageId });
      return item.state === "importing"
        ? item.importState !== null && !["queued", "running"].includes(item.importState)
        : !["receiving", "received", "waiting"].includes(item.state);
    },
    100_000,
  );
  return item;
}

async function bring(made: Arranged, content: Uint8Array, more = {}): Promise<PackageItem> {
  return settled(made, await uploadPackage(made.ctx, made.connectionId, content, more));
}

const licensesOf = async ({ ctx, connectionId }: Arranged) =>
  new Map((await listLicenses(ctx, { connectionId })).items.map((row) => [row.skuId, row]));

/** The most memory the process has had at once. */
const peakMegabytes = ({ pid }: WorkerProcess): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

describe("a package through a real worker", () => {
  it("is checked, imported and reconciled as of its collection; its bytes go", async () => {
    const made = await arrange();
    const collectedAt = hoursAgo(30);
    const signIns = [
      { id: userIdOf(1), lastSuccessfulAt: hoursAgo(40) },
      { id: userIdOf(4), lastSuccessfulAt: "2020-01-01T00:00:00Z" },
    ];
    const content = await packageOf(made, collectedAt, { signIns });
    const item = await bring(made, content);
    expect(item).toMatchObject({
      state: "importing",
      importState: "succeeded",
      sha256: createHash("sha256").update(content).digest("hex"),
      skus: 2,
      users: 5,
      hasSignIns: true,
      fault: null,
    });
    const licenses = await licensesOf(made);
    expect(licenses.get(e3)).toMatchObject({
      source: "office-365-deprecated",
      status: "active",
      enabled: 4,
      expiring: 2,
      suspended: 1,
      lockedOut: 0,
      entitled: 6,
      reported: 6,
      consumed: 5,
      difference: { total: 1, moved: 0, unexplained: 1 },
      available: 1,
      shortfall: 0,
      trial: null,
      blocked: 1,
      guests: 1,
      assigned: { direct: 4, group: 0, both: 1, unknown: 0, errors: 0 },
      activity: { active: 1, inactive: 1, neverUsed: 0, tooNew: 0, unknown: 3 },
      asOf: { directory: new Date(collectedAt).toISOString(), usage: null },
    });
    expect(licenses.get(e5)).toMatchObject({
      consumed: 1,
      assigned: { direct: 0, group: 1, both: 0, unknown: 0, errors: 1 },
    });
    const { ctx, connectionId } = made;
    expect(await getConnection(ctx, { connectionId })).toMatchObject({
      status: "ready",
      tenantName: "Contoso",
      schedule: null,
    });
    const importItem = await getImport(ctx, { importId: item.importId ?? "" });
    expect(importItem).toMatchObject({ trigger: "first", requestedBy: ctx.actor.name });
    expect(importItem.streams.find(({ name }) => name === "usage")).toMatchObject({
      state: "unavailable",
      reason: "not-reported",
      error: { code: "not-in-package" },
    });
    await waitFor("its bytes are gone", async () => {
      const rows = await bench.installation.db
        .ownerSql`select 1 from package_chunks where package_id = ${item.id}`;
      return rows.length === 0;
    });
  });

  it("without sign-ins leaves activity unknown with its reason, never zero", async () => {
    const made = await arrange();
    await bring(made, await packageOf(made, hoursAgo(1)));
    expect((await licensesOf(made)).get(e3)).toMatchObject({
      activity: null,
      unavailable: { activity: "not-reported", trial: "not-reported" },
    });
  });

  it("is unchanged when it comes again, and refused when it is older than what is published", async () => {
    const made = await arrange();
    const newer = await packageOf(made, hoursAgo(5));
    const first = await bring(made, newer);
    const before = await licensesOf(made);
    expect(await bring(made, newer)).toMatchObject({ state: "unchanged", importId: null });
    const older = await bring(
      made,
      await packageOf(made, hoursAgo(50), { users: people.slice(0, 1) }),
    );
    expect(older).toMatchObject({
      state: "refused",
      fault: { code: "older-than-published", action: expect.stringContaining("oldest to newest") },
    });
    expect(await licensesOf(made)).toEqual(before);
    const next = await bring(made, await packageOf(made, hoursAgo(2)));
    expect(next).toMatchObject({ importState: "succeeded" });
    expect(next.importId).not.toBe(first.importId);
    const asOf = (await licensesOf(made)).get(e3)?.asOf.directory ?? "";
    expect(Math.abs(Date.parse(asOf) - Date.parse(hoursAgo(2)))).toBeLessThan(60_000);
  });

  /** Each is wrong in one way; the rest is as the collector writes it. */
  const wrongs: readonly (readonly [
    name: string,
    code: PackageFaultCode,
    draft: Partial<PackageDraft>,
    change?: (zip: Buffer) => Buffer,
  ])[] = [
    ["of another tenant", "other-tenant", { tenantId: randomUUID() }],
    ["with a list of another length", "wrong-size", { files: { "users.ndjson": "{}\n" } }],
    [
      "with a list that was changed",
      "wrong-hash",
      { files: { "users.ndjson": lines([user(9), ...people.slice(1)]) } },
    ],
    ["without a list", "missing-file", { files: { "users.ndjson": null } }],
    ["without its manifest", "missing-file", { files: { "manifest.json": null } }],
    [
      "with a name that leads outside",
      "unsafe-name",
      { files: { x_y_z: "{}" } },
      (zip) => Buffer.from(zip.toString("latin1").replaceAll("x_y_z", "../yz"), "latin1"),
    ],
    ["that is a bomb", "expands-too-much", { files: { "users.ndjson": Buffer.alloc(8 << 20) } }],
    ["cut off", "truncated", {}, (zip) => zip.subarray(0, zip.length - 200)],
    ["of a later format", "future-version", { manifest: { schemaVersion: 9 } }],
    ["of tomorrow", "collected-in-future", { manifest: { collectedAt: hoursAgo(-24) } }],
  ];

  it("that is wrong is refused by name and leaves everything as it was", async () => {
    const made = await arrange();
    const { ctx, connectionId } = made;
    await bring(made, await packageOf(made, hoursAgo(9)));
    const before = [await licensesOf(made), await getConnection(ctx, { connectionId })];
    for (const [name, code, draft, change] of wrongs) {
      const zip = await packageOf({ tenantId: made.tenantId }, hoursAgo(1), draft);
      const refused = await bring(made, change === undefined ? zip : change(zip));
      expect([name, refused]).toMatchObject([
        name,
        { state: "refused", importId: null, fault: { code, what: expect.any(String) } },
      ]);
      expect([await licensesOf(made), await getConnection(ctx, { connectionId })]).toEqual(before);
    }
    expect((await listAlerts(ctx, {})).items).toEqual([]);
  }, 150_000);

  it("of five million accounts is read to its last row in flat memory, and refused for the one that is missing", async () => {
    const made = await arrange();
    await bring(made, await packageOf(made, hoursAgo(9)));
    const before = await licensesOf(made);
    const users = 5_000_000;
    const large = { tenantId: made.tenantId, collectedAt: hoursAgo(1), users, told: users + 1 };
    const content = await buildLargePackage(large);
    const resting = peakMegabytes(worker);
    const refused = await bring(made, content);
    expect(refused).toMatchObject({
      state: "refused",
      importId: null,
      fault: { what: expect.stringContaining("has 5000000 rows; the manifest says 5000001") },
    });
    expect(peakMegabytes(worker) - resting).toBeLessThan(200);
    expect(await licensesOf(made)).toEqual(before);
  }, 240_000);

  it("that a collector sent and that was refused raises an alert until a sound one comes", async () => {
    const made = await arrange();
    const { ctx, connectionId } = made;
    const { token } = await createUploadToken(ctx, { connectionId, name: "Server 7", days: 30 });
    const collector = await authenticateUpload(web.platform, token);
    const push = async (content: Uint8Array) =>
      settled(made, await uploadPackage(collector, connectionId, content));
    const foreign = await packageOf({ tenantId: randomUUID() }, hoursAgo(3));
    for (const _ of ["once", "again"]) {
      expect(await push(foreign)).toMatchObject({ state: "refused" });
      const [alert, ...others] = (await listAlerts(ctx, { state: "open" })).items;
      expect(others).toEqual([]);
      expect(alert).toMatchObject({
        kind: "upload-failed",
        severity: "warning",
        what: expect.stringContaining("It is of another tenant"),
        href: `/connections/${connectionId}#packages`,
      });
    }
    expect(await push(await packageOf(made, hoursAgo(2)))).toMatchObject({
      importState: "succeeded",
    });
    expect((await listAlerts(ctx, { state: "open" })).items).toEqual([]);
  });

  it("that is no ZIP leaves a new connection the draft it was", async () => {
    const made = await arrange();
    expect(await bring(made, Buffer.from("no zip"))).toMatchObject({
      state: "refused",
      fault: { code: "not-a-zip" },
    });
    const { ctx, connectionId } = made;
    expect(await getConnection(ctx, { connectionId })).toMatchObject({ status: "draft" });
  });

  it("with many bad rows is held by the same rule as any import", async () => {
    const made = await arrange();
    const bad = Array.from({ length: 12 }, (_, no) => ({ id: userIdOf(100 + no) }));
    const held = await bring(
      made,
      await packageOf(made, hoursAgo(1), { users: [...people, ...bad] }),
    );
    expect(held).toMatchObject({ importState: "suspect" });
    expect((await licensesOf(made)).size).toBe(0);
  });

  it("goes on where a killed worker left it", async () => {
    const made = await arrange();
    const users = Array.from({ length: 30_000 }, (_, no) => user(no));
    const content = await packageOf(made, hoursAgo(1), {
      users,
      skus: [sku(e3, { consumed: 30_000 })],
    });
    const packageId = await uploadPackage(made.ctx, made.connectionId, content);
    await storedUserPages(bench.installation, { ...made, workspaceId: made.ctx.workspaceId }, 2);
    await worker.end("SIGKILL");
    await forgetJobs(bench.installation);
    worker = await bench.start();
    expect(await settled(made, packageId)).toMatchObject({ importState: "succeeded" });
    expect((await licensesOf(made)).get(e3)?.consumed).toBe(30_000);
  }, 150_000);
});

describe("files of the old MSOnline scripts", () => {
  const skus = [
    '"AccountName","AccountSkuId","ActiveUnits","ConsumedUnits","LockedOutUnits","SuspendedUnits","WarningUnits"',
    '"contoso","contoso:ENTERPRISEPACK","5","2","0","1","3"',
  ].join("\r\n");
  const users = [
    '"ObjectId","UserPrincipalName","BlockCredential","UserType","IsLicensed","Licenses"',
    `"${userIdOf(1)}","a@contoso.example","False","Member","True","contoso:ENTERPRISEPACK"`,
    `"${userIdOf(2)}","b@contoso.example","True","Member","True","contoso:ENTERPRISEPACK"`,
    `"${userIdOf(3)}","c@contoso.example","False","Member","False",""`,
  ].join("\r\n");
  const old = (text: string) => Buffer.concat([Buffer.from(skus), Buffer.from(text)]);
  const stated = { kind: "msonline-csv", skuBytes: skus.length, collectedOn: "2021-04-03" };

  it("are imported with SKUs of Microsoft's table, as of the day that was stated", async () => {
    const made = await arrange();
    expect(await bring(made, old(users), stated)).toMatchObject({ importState: "succeeded" });
    expect((await licensesOf(made)).get(e3)).toMatchObject({
      partNumber: "ENTERPRISEPACK",
      entitled: 8,
      reported: 2,
      consumed: 2,
      blocked: 1,
      assigned: { direct: 0, group: 0, both: 0, unknown: 2, errors: 0 },
      activity: null,
      asOf: { directory: "2021-04-03T00:00:00.000Z" },
    });
    const days = await bench.installation.db.ownerSql<{ day: string; consumed: number }[]>`
      select day::text, consumed from license_history
      where workspace_id = ${made.ctx.workspaceId} order by day`;
    const today = new Date().toISOString().slice(0, 10);
    expect(days).toEqual([
      { day: "2021-04-03", consumed: 2 },
      { day: today, consumed: 2 },
    ]);
  });

  it("leave unknown what their columns do not tell: never zero", async () => {
    const made = await arrange();
    await bring(made, old(users.replace('"BlockCredential","UserType"', '"A","B"')), stated);
    expect((await licensesOf(made)).get(e3)).toMatchObject({
      consumed: 2,
      blocked: null,
      guests: null,
      unavailable: { blocked: "not-reported", guests: "not-reported" },
    });
  });

  it("are refused with the SKUs nobody can resolve", async () => {
    const made = await arrange();
    const refused = await bring(made, old(users.replaceAll("ENTERPRISEPACK", "NO_SUCH")), stated);
    expect(refused).toMatchObject({
      state: "refused",
      fault: { code: "csv-sku-unknown", facts: { skus: "NO_SUCH", count: 1 } },
    });
  });
});
