import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { LicenseItem } from "#lib/domain/license-item";
import type { Ctx } from "./context.ts";
import { listAssignments } from "./list-assignments.ts";
import { listLicenses } from "./list-licenses.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { inWorkspace, lookAgain, startList } from "./read-list.ts";
import { runCleanUp } from "./testing/clean-up.ts";
import { publishSample, type Sample, sampleSize } from "./testing/published-connection.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

let analyst: Ctx;
let sample: Sample;
let license: LicenseItem;
beforeEach(async () => {
  const { workspaceId } = await createWorkspace(db);
  analyst = await createMember(db, web.platform, workspaceId, "analyst");
  sample = await publishSample(db, workspaceId);
  const [first] = (await listLicenses(analyst, { search: "SKU_1" })).items;
  if (first === undefined) throw new Error("SKU_1 is a license");
  license = first;
});

/** Two more imports, so that the numbers of before are neither the current nor the previous ones. */
const replaceTwice = async () => {
  await sample.republish(sampleSize - 10);
  await sample.republish(sampleSize - 20);
};

/** A day and an hour pass: the grace of readers is over. */
const passGrace = () => db.ownerSql`
  update reconciliations set created_at = created_at - interval '25 hours'
  where connection_id = ${sample.connection.connectionId}`;

/** Every list of figures, one row at a time, from a cursor on. */
const lists = () => ({
  assignments: (cursor?: string) =>
    listAssignments(analyst, { licenseId: license.id, limit: 1, ...(cursor && { cursor }) }),
  licenses: (cursor?: string) => listLicenses(analyst, { limit: 1, ...(cursor && { cursor }) }),
  opportunities: (cursor?: string) =>
    listOpportunities(analyst, { limit: 1, ...(cursor && { cursor }) }),
});

it("E8: a list that was replaced while it is paged goes on with its own numbers and says that newer ones exist", async () => {
  const firstPages = await Promise.all(Object.values(lists()).map((list) => list()));
  expect(firstPages.map((page) => page.newerData)).toEqual([false, false, false]);
  await sample.republish(sampleSize - 10);
  const seen: string[] = [];
  let cursor = firstPages[0]?.nextCursor ?? undefined;
  while (cursor !== undefined) {
    const page = await lists().assignments(cursor);
    expect(page.newerData).toBe(true);
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  }
  expect(seen).toHaveLength(sampleSize - 1);
  for (const [index, list] of [lists().licenses, lists().opportunities].entries()) {
    const cursorOf = firstPages[index + 1]?.nextCursor ?? "";
    expect(await list(cursorOf)).toMatchObject({ newerData: true });
  }
  expect(await lists().assignments()).toMatchObject({ newerData: false });
});

it("A22: within the grace a reader finishes, although the clean-up runs", async () => {
  const { nextCursor } = await lists().assignments();
  await replaceTwice();
  await runCleanUp(db);
  const page = await lists().assignments(nextCursor ?? "");
  expect(page).toMatchObject({ newerData: true });
  expect(page.items).toHaveLength(1);
});

it("A22: after the grace every list says that newer data is available; the first page has it", async () => {
  const cursors = await Promise.all(
    Object.values(lists()).map(async (list) => (await list()).nextCursor ?? ""),
  );
  await replaceTwice();
  await passGrace();
  await runCleanUp(db);
  for (const [index, list] of Object.values(lists()).entries()) {
    await expect(list(cursors[index])).rejects.toMatchObject({ code: "newer-data" });
    expect((await list()).items).toHaveLength(1);
  }
});

it("A22: rows that vanish while a page is read make no half page", async () => {
  const scope = { list: "licenses", sort: "attention", filters: {} };
  const { nextCursor } = await listLicenses(analyst, { limit: 1 });
  await replaceTwice();
  await passGrace();
  const reading = inWorkspace(analyst, async (tx) => {
    const start = await startList(tx, analyst, { scope, cursor: nextCursor ?? "" });
    await runCleanUp(db);
    return lookAgain(tx, analyst, start);
  });
  await expect(reading).rejects.toMatchObject({ code: "newer-data" });
});
