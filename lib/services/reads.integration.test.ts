import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { AssignmentItem } from "#lib/domain/assignment-item";
import { activities } from "#lib/domain/license";
import type { LicenseItem } from "#lib/domain/license-item";
import { sumByCurrency } from "#lib/domain/money";
import { totalsOf } from "#lib/domain/totals";
import type { Ctx } from "./context.ts";
import { getLicense } from "./get-license.ts";
import { getOpportunitySummary } from "./get-opportunity-summary.ts";
import { getOverview } from "./get-overview.ts";
import { listAssignments } from "./list-assignments.ts";
import { listLicenses } from "./list-licenses.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { listSubscriptions } from "./list-subscriptions.ts";
import { setPrice } from "./set-price.ts";
import { publishSample, type Sample, sampleSize } from "./testing/published-connection.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let workspaceId: string;
let owner: Ctx;
let viewer: Ctx;
let sample: Sample;
let license: LicenseItem;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  ({ workspaceId } = await createWorkspace(db));
  owner = await createMember(db, web.platform, workspaceId, "owner");
  viewer = await createMember(db, web.platform, workspaceId, "viewer");
  sample = await publishSample(db, workspaceId);
  const { items } = await listLicenses(owner, { search: "SKU_1" });
  const [first] = items;
  if (first === undefined) throw new Error("SKU_1 is a license");
  license = first;
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

type AssignmentsInput = Parameters<typeof listAssignments>[1];

/** Every page of a list, 7 rows at a time. */
async function allAssignments(
  ctx: Ctx,
  input: AssignmentsInput,
  betweenPages?: () => Promise<unknown>,
): Promise<readonly AssignmentItem[]> {
  const items: AssignmentItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAssignments(ctx, {
      limit: 7,
      ...input,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.items.length).toBeLessThanOrEqual(7);
    items.push(...page.items);
    if (cursor === undefined) await betweenPages?.();
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

describe("a license and the rows behind it", () => {
  it("lists as many rows as the license counts, for every class", async () => {
    const { licenseId } = { licenseId: license.id };
    const count = async (filter: Partial<AssignmentsInput>) =>
      (await allAssignments(owner, { licenseId, ...filter })).length;
    expect(license.consumed).toBe(sampleSize);
    expect(await count({})).toBe(license.consumed);
    for (const activity of activities) {
      expect([activity, await count({ activity })]).toEqual([
        activity,
        license.activity?.[activity],
      ]);
    }
    for (const origin of ["direct", "group", "both", "unknown"] as const) {
      expect([origin, await count({ origin })]).toEqual([origin, license.assigned?.[origin]]);
    }
    expect(await count({ blocked: true })).toBe(license.blocked);
    expect(await count({ guest: true })).toBe(license.guests);
    expect(await count({ error: true })).toBe(license.assigned?.errors);
    const classes = activities.filter((activity) => (license.activity?.[activity] ?? 0) > 0);
    expect(classes.length, "the sample has every class but unknown").toBeGreaterThanOrEqual(4);
  });

  it.each(["name", "-name", "account", "-account"] as const)(
    "pages by %s without losing or repeating a row",
    async (sort) => {
      const items = await allAssignments(owner, { licenseId: license.id, sort });
      expect(new Set(items.map((item) => item.id)).size).toBe(sampleSize);
      const names = items.map((item) => item.person?.displayName ?? null);
      if (sort !== "name") return;
      const named = names.filter((name) => name !== null);
      expect(named).toEqual(named.toSorted((a, b) => a.localeCompare(b, "und")));
      expect(names.slice(named.length).every((name) => name === null)).toBe(true);
    },
  );

  it("takes every character of a search as itself", async () => {
    const { id: licenseId } = license;
    expect(await allAssignments(owner, { licenseId, search: "_%" })).toHaveLength(54);
    expect(await allAssignments(owner, { licenseId, search: "%USER" })).toHaveLength(0);
    expect(await allAssignments(owner, { licenseId, search: "user 01" })).toHaveLength(9);
    expect(await allAssignments(owner, { licenseId, search: "' or 1=1 --" })).toHaveLength(0);
  });

  it("names nobody to those who may not see people", async () => {
    const items = await allAssignments(viewer, { licenseId: license.id });
    expect(items).toHaveLength(sampleSize);
    expect(JSON.stringify(items)).not.toMatch(/User \d|contoso|Sales/);
    for (const hidden of [{ search: "User" }, { sort: "name" }] as const) {
      await expect(
        listAssignments(viewer, { licenseId: license.id, ...hidden }),
      ).rejects.toMatchObject({ code: "forbidden" });
    }
    const opportunities = await listOpportunities(viewer, { limit: 100 });
    expect(opportunities.items.length).toBeGreaterThan(0);
    expect(JSON.stringify(opportunities)).not.toMatch(/User \d|contoso|Sales/);
    expect(opportunities.items.every((item) => item.userId === null)).toBe(true);
  });

  it("tells the unknown by null and reason, and the tenant license apart", async () => {
    const { items } = await listLicenses(owner, {});
    const bySku = new Map(items.map((item) => [item.partNumber, item]));
    const unreported = bySku.get("SKU_3");
    expect(unreported).toMatchObject({ entitled: null, compliance: "unknown" });
    expect(unreported?.unavailable).toMatchObject({ entitled: "not-reported" });
    expect(bySku.get("SKU_4")).toMatchObject({ type: "tenant", consumed: null });
    expect(bySku.get("SKU_4")?.unavailable.consumed).toBe("not-per-user");
  });
});

describe("totals and money", () => {
  it("adds up Active licenses and nets nothing", async () => {
    const { items, totals } = await listLicenses(owner, { limit: 100 });
    const active = items.filter((item) => item.status === "active");
    const { exposure, ...counted } = totalsOf(items);
    expect(totals).toMatchObject(counted);
    const pool = active.find((item) => item.flags.includes("free-pool"));
    expect(pool?.available).toBeGreaterThan(totals.surplus);
    expect(totals.shortfall).toBeGreaterThan(0);
    expect(totals.surplus).toBeGreaterThan(0);
    expect(totals.exposure).toEqual(
      sumByCurrency(active.flatMap((item) => (item.exposure ? [item.exposure] : []))),
    );
    expect(exposure).toEqual(totals.exposure);
    expect(totals.unpricedIdleUnits).toBeGreaterThan(0);
  });

  it("gives the same exposure per opportunity, license and summary", async () => {
    const summary = await getOpportunitySummary(owner, { licenseId: license.id });
    expect(summary.exposure).toEqual(license.exposure ? [license.exposure] : []);
    expect(sumByCurrency(summary.groups.flatMap((group) => group.exposure))).toEqual(
      summary.exposure,
    );
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listOpportunities(owner, {
        licenseId: license.id,
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.items.filter((item) => item.confidence !== "low").map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toHaveLength(license.idleUnits);
  });

  it("recomputes on a price and says what it was before and after", async () => {
    const other = (await listLicenses(owner, { search: "SKU_2" })).items[0];
    expect(other).toMatchObject({ monthlyPrice: null, exposure: null });
    await setPrice(owner, {
      skuId: other?.skuId ?? "",
      price: { amount: "10.1", currency: "chf" },
    });
    const priced = (await listLicenses(owner, { search: "SKU_2" })).items[0];
    expect(priced?.monthlyPrice).toMatchObject({ amount: "10.10", currency: "CHF" });
    expect(priced?.exposure?.currency).toBe("CHF");
    await setPrice(owner, { skuId: other?.skuId ?? "", price: null });
    expect((await listLicenses(owner, { search: "SKU_2" })).items[0]?.exposure).toBeNull();
  });

  it("shows one license, its subscriptions and the overview from the same numbers", async () => {
    const detail = await getLicense(owner, { licenseId: license.id });
    expect(detail).toMatchObject({ consumed: license.consumed, firstReading: sampleSize });
    expect(detail.deletedUsersShowingIt).toBe(0);
    expect(detail.history.at(-1)).toMatchObject({ consumed: license.consumed });
    const { items } = await listSubscriptions(owner, { licenseId: license.id });
    expect(items.map((item) => item.totalUnits)).toEqual([50]);
    const overview = await getOverview(owner);
    expect(overview.totals).toEqual((await listLicenses(owner, {})).totals);
    expect(overview.tenants).toHaveLength(1);
    expect(overview.nextDecision?.source).toBe("microsoft-lifecycle");
  });
});

describe("cursors", () => {
  const firstPage = () => listAssignments(owner, { licenseId: license.id, limit: 7 });
  const resume = (cursor: string, more: Partial<AssignmentsInput> = {}, ctx = owner) =>
    listAssignments(ctx, { licenseId: license.id, limit: 7, cursor, ...more });

  it("are refused when edited, or used for another list, order, filter or workspace", async () => {
    const cursor = (await firstPage()).nextCursor ?? "";
    const [body = "", mac = ""] = cursor.split(".");
    const edited = Buffer.from(body, "base64url")
      .toString()
      .replace(/"r":\[\d+\]/, '"r":[1]');
    const forged = `${Buffer.from(edited).toString("base64url")}.${mac}`;
    const refused = { code: "invalid", fields: { cursor: expect.any(String) } };
    for (const bad of [forged, `${body}.`, body, `${cursor}x`, "x.y", `${cursor}.z`]) {
      await expect(resume(bad)).rejects.toMatchObject(refused);
    }
    await expect(resume(cursor, { sort: "-name" })).rejects.toMatchObject(refused);
    await expect(resume(cursor, { blocked: true })).rejects.toMatchObject(refused);
    await expect(listLicenses(owner, { cursor })).rejects.toMatchObject(refused);
    const elsewhere = await createWorkspace(db);
    const stranger = await createMember(db, web.platform, elsewhere.workspaceId, "owner");
    await expect(resume(cursor, {}, stranger)).rejects.toMatchObject({ code: "invalid" });
  });

  it("keep their numbers while newer data is published, and say so when those are gone", async () => {
    const items = await allAssignments(owner, { licenseId: license.id }, () =>
      sample.republish(sampleSize - 10),
    );
    expect(new Set(items.map((item) => item.id)).size).toBe(sampleSize);
    const page = await firstPage();
    expect((await allAssignments(owner, { licenseId: license.id })).length).toBe(sampleSize - 10);
    await sample.republish(sampleSize);
    await db.ownerSql`
      delete from reconciliations where workspace_id = ${workspaceId} and id = ${page.reconciliationId}`;
    await expect(resume(page.nextCursor ?? "")).rejects.toMatchObject({
      code: "newer-data",
      message: expect.stringContaining("Start again from the first page"),
    });
  });
});
