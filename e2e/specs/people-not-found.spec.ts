import type { Page } from "@playwright/test";
import { sql } from "drizzle-orm";
import type { Database } from "#db/client";
import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { connectThroughSaas } from "../saas.ts";
import { simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";
import type { TestWorkspace } from "../workspace.ts";

interface PeopleAnswer {
  readonly state: string;
  readonly counts: { readonly unmatched: number } | null;
  readonly items: readonly { readonly displayName: string | null; readonly mail: string | null }[];
}

/** A tenant in both sources, of which Microsoft no longer has the last tenth of the accounts. */
async function someGone(workspace: TestWorkspace) {
  const { tenant, connectionId: microsoftId } = await workspace.connectedTenant();
  const api = await workspace.setUp();
  await simulator.setFaults(tenant.id, [{ kind: "mass-drop", keep: 0.9 }]);
  expect((await runImport(api, microsoftId)).state).toBe("succeeded");
  await simulator.setFaults(tenant.id, []);
  const { connectionId } = await connectThroughSaas(workspace, tenant);
  const people = () => api.get<PeopleAnswer>(`/connections/${connectionId}/unmatched-people`);
  await expect.poll(async () => (await people()).state, { timeout: workerTime }).toBe("ready");
  return { api, connectionId, people };
}

/** Forgets who was found and keeps workers from looking anew for as long as `work` takes. */
async function whileLookingUp(
  db: Database,
  { id: workspaceId }: TestWorkspace,
  connectionId: string,
  work: () => Promise<void>,
): Promise<void> {
  const [pair] = await db.inWorkspace(workspaceId, (tx) =>
    tx.execute<{ own: string; other: string }>(sql`
      select own_snapshot_id as own, other_snapshot_id as other from people_matches
      where workspace_id = ${workspaceId} and connection_id = ${connectionId}`),
  );
  const place = `people ${workspaceId} ${pair?.own} ${pair?.other}`;
  // The session's own: it outlasts the transaction.
  const lock = (act: "lock" | "unlock") =>
    db.outside((tx) =>
      tx.execute(sql`select ${sql.raw(`pg_advisory_${act}`)}(hashtextextended(${place}, 0))`),
    );
  await lock("lock");
  try {
    await db.inWorkspace(workspaceId, async (tx) => {
      await tx.execute(sql`delete from people_not_found where workspace_id = ${workspaceId}`);
      await tx.execute(sql`delete from people_matches where workspace_id = ${workspaceId}`);
    });
    await work();
  } finally {
    await lock("unlock");
  }
}

const table = (page: Page) => page.getByRole("table", { name: "People who are not in Microsoft" });

test("people not found are searched, and said to be looked up until somebody knows", async ({
  workspace,
  ownerDatabase: db,
}) => {
  test.setTimeout(240_000);
  const { connectionId, people } = await someGone(workspace);
  const before = await people();
  const [first, second] = before.items;
  const unmatched = before.counts?.unmatched ?? 0;
  expect(unmatched).toBeGreaterThan(1);
  const page = await workspace.pageOf("analyst");

  await test.step("a search shows those who fit, and says so where nobody does", async () => {
    await page.goto(`/connections/${connectionId}/people`);
    await expect(page.getByText(`${unmatched} active accounts of the application`)).toBeVisible();
    const search = page.getByRole("searchbox", { name: "Search name or address" });
    await search.fill(second?.mail ?? "");
    await expect(table(page)).not.toContainText(first?.mail ?? "");
    await expect(table(page)).toContainText(second?.displayName ?? "");
    await search.fill("nobody of this name");
    await expect(page.getByRole("heading", { name: "Nobody fits" })).toBeVisible();
    await page.getByRole("button", { name: "Clear search" }).click();
    await expect(table(page)).toContainText(first?.mail ?? "");
  });

  await test.step("while they are looked up nobody is listed and nobody is said to be found", async () => {
    await whileLookingUp(db, workspace, connectionId, async () => {
      await page.goto(`/connections/${connectionId}/people`);
      await expect(
        page.getByRole("heading", { name: "People are still being looked up" }),
      ).toBeVisible();
      await expect(page.getByRole("table")).toHaveCount(0);
      await expect(page.getByText("is one of Microsoft")).toHaveCount(0);
      expect(await people()).toMatchObject({ state: "computing", counts: null, items: [] });
    });
    await expect(table(page)).toContainText(first?.mail ?? "", { timeout: workerTime });
    expect(await people()).toEqual(before);
  });
});
