import { sql } from "drizzle-orm";
import { markRemovable } from "#db/queries/snapshots";
import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense } from "../licenses.ts";
import { LicensePage } from "../pages/license-page.ts";
import { simulator } from "../simulator.ts";

test("a list that is replaced while somebody pages it goes on, and says so; once it is gone it offers the newer one", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 200 });
  const api = await workspace.setUp();
  const license = await largestLicense(api, connectionId);
  const page = await workspace.pageOf("analyst");
  const licensePage = new LicensePage(page);
  const banner = page.getByRole("status").filter({ hasText: "Newer data is available" });
  const nextPage = page.getByRole("link", { name: "Next page" });
  const importAnew = async (count: number) => {
    await simulator.setFaults(tenant.id, [{ kind: "vanishing-user", count }]);
    await runImport(api, connectionId);
  };

  await page.goto(`/licenses/${license.id}?tab=assignments&blocked=false`);
  await expect(licensePage.rows).toHaveCount(50);
  await expect(banner).toHaveCount(0);
  await importAnew(2);

  await test.step("E8: the next page follows the numbers of the first", async () => {
    await nextPage.click();
    await expect(banner).toBeVisible();
    await expect(licensePage.rows).not.toHaveCount(0);
  });

  await test.step("A22: the numbers are removed between two pages", async () => {
    await page.goBack();
    await expect(banner).toHaveCount(0);
    await importAnew(4);
    await importAnew(6);
    await workspace.db.inWorkspace(workspace.id, async (tx) => {
      await tx.execute(sql`
        update reconciliations set created_at = created_at - interval '25 hours'
        where workspace_id = ${workspace.id}`);
      await markRemovable(tx, { workspaceId: workspace.id });
    });
    await nextPage.click();
    await expect(banner).toContainText("cannot be continued");
    await expect(page.getByRole("search", { name: "Filter assignments" })).toBeVisible();
  });

  await test.step("the newer data, with the same filter", async () => {
    await banner.getByRole("link", { name: "Show the newer data" }).click();
    await expect(licensePage.rows).toHaveCount(50);
    await expect(banner).toHaveCount(0);
    expect(new URL(page.url()).searchParams.get("blocked")).toBe("false");
  });
});
