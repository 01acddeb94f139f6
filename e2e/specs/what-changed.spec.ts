import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense } from "../licenses.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { simulator } from "../simulator.ts";

test("an import says what it changed, for each license and each person", async ({ workspace }) => {
  test.setTimeout(240_000);
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 120 });
  const api = await workspace.setUp();
  const license = await largestLicense(api, connectionId);
  const seatsOf = async () =>
    (await simulator.truth(tenant.id)).skus.reduce((sum, { holders }) => sum + holders, 0);
  const before = await seatsOf();
  const { skus } = await simulator.truth(tenant.id);
  const free = skus.find(({ listed, holders }) => listed && holders === 0);
  if (free?.partNumber == null) throw new Error("The tenant lists a product nobody holds.");
  await simulator.setFaults(tenant.id, [
    { kind: "vanishing-user", count: 12 },
    { kind: "hidden-sku", sku: free.partNumber },
  ]);
  const lost = before - (await seatsOf());
  expect(lost, "people who left held licenses").toBeGreaterThan(0);
  const { id } = await runImport(api, connectionId);

  const page = await workspace.pageOf("analyst");
  const imported = new ImportPage(page);
  await test.step("on the import's page: one sentence, counts, rows", async () => {
    await imported.open(id);
    await expect(imported.changes).toContainText(
      `${lost} seats lost, all because the account was deleted; 1 product gone.`,
    );
    const [row] = await imported.changes
      .getByRole("link", { name: `Seats freed, account deleted, ${license.productName}: ` })
      .all();
    if (row === undefined) throw new Error("Somebody who left held the largest license.");
    const count = Number(await row.textContent());
    await row.click();
    await expect(imported.changeRows).toHaveCount(count);
  });

  await test.step("a person: what is left and what was lost, also when the account is gone", async () => {
    const person = imported.changeRows.first().getByRole("link").first();
    const name = (await person.textContent()) ?? "";
    await person.click();
    const account = imported.account(name);
    await expect(account.getByText("Not in the directory")).toBeVisible();
    await expect(
      account
        .getByRole("table", { name: "Changes of this account" })
        .getByText(license.productName),
    ).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(account).toHaveCount(0);
    await expect(imported.changeRows.first(), "the filter stays").toContainText(name);
  });

  await test.step("on the license's page, the newest first, down to its first import", async () => {
    const licensePage = new LicensePage(page);
    await page.goto(`/licenses/${license.id}?tab=changes`);
    await expect(licensePage.rows.first()).toContainText("Freed, account deleted");
    await expect(licensePage.rows.last()).toContainText("Seat gained");
    await expect(licensePage.rows.last()).toContainText(`${license.consumed} seats`);
  });

  await test.step("an assignment opens its account beside the list", async () => {
    const licensePage = new LicensePage(page);
    await licensePage.open(license.id);
    const holder = licensePage.rows.first().getByRole("link").first();
    const name = (await holder.textContent()) ?? "";
    await holder.click();
    await expect(
      imported.account(name).getByRole("region", { name: "Licenses of this account" }),
    ).toContainText(license.productName);
  });

  await test.step("without the right to see people: counts and no name", async () => {
    const other = new ImportPage(await workspace.pageOf("viewer"));
    await other.open(id);
    await expect(other.changes).toContainText("nobody is named");
    await expect(other.changeRows.filter({ hasText: "Freed, account deleted" })).not.toHaveCount(0);
    await expect(other.changes.locator("a[href*='person=']")).toHaveCount(0);
  });

  await test.step("an import that finds the same says so", async () => {
    const { id: again } = await runImport(api, connectionId);
    await imported.open(again);
    await expect(imported.changes).toContainText("Nothing on record");
  });
});
