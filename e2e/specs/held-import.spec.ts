import { expect, test } from "../fixtures.ts";
import { licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { simulator } from "../simulator.ts";

/** A difference as the page writes it. */
const signed = (difference: number): string =>
  difference > 0 ? `+${difference}` : `${difference}`.replace("-", "−");

/** A lost account is lost in every dataset. */
const heldDatasets = ["Directory", "Sign-ins", "Usage"] as const;

test("a read that lost most accounts is held: numbers stay until somebody discards or publishes it", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const before = 120;
  const after = 12;
  const { tenant, connectionId, state } = await workspace.connectedTenant({ size: before });
  expect(state).toBe("succeeded");
  const { skus } = await simulator.truth(tenant.id);
  const largest = skus.toSorted((a, b) => b.holders - a.holders)[0];
  if (largest?.units == null || largest.partNumber === null) throw new Error("No license held.");
  const { partNumber, units, holders } = largest;
  const productName = (await licensesOf(await workspace.setUp(), connectionId)).get(
    partNumber,
  )?.productName;
  if (productName === undefined) throw new Error("The license has a name.");
  const published = {
    entitled: (units.enabled ?? 0) + (units.warning ?? 0),
    consumed: holders,
  };
  await simulator.setFaults(tenant.id, [
    { kind: "mass-drop", keep: after / before, consumedUnits: "follows" },
  ]);

  const page = await workspace.pageOf("analyst");
  const connection = new ConnectionPage(page);
  const licenses = new LicensesPage(page);

  await test.step("held, with both sides and the old numbers everywhere", async () => {
    await connection.open(connectionId);
    const held = await connection.importNow();
    await held.expectState("Held");
    await expect(held.held("Directory")).toContainText("Every page keeps the old numbers");
    await expect(held.comparison("Directory", "Accounts")).toHaveText([
      "Accounts",
      `${before}`,
      `${after}`,
    ]);
    const now = (await simulator.truth(tenant.id)).skus.find((sku) => sku.skuId === largest.skuId);
    if (now === undefined) throw new Error("The license is gone.");
    await expect(held.heldRow("license", productName).getByRole("cell")).toHaveText([
      `${units.enabled}`,
      `${now.units?.enabled}`,
      signed((now.units?.enabled ?? 0) - (units.enabled ?? 0)),
      `${holders}`,
      `${now.holders}`,
      signed(now.holders - holders),
    ]);
    await expect(
      held.held("Directory").getByRole("table", { name: "Before and after by department" }),
    ).toBeVisible();
    await expect(held.sample.locator("tbody").getByRole("row")).toHaveCount(20);
    await licenses.open();
    await licenses.expectFigures(partNumber, published);
    await page.goto("/");
    await expect(page.getByRole("link", { name: /an import is held/ })).toBeVisible();
  });

  await test.step("discarded: nothing has changed", async () => {
    await page.getByRole("link", { name: /an import is held/ }).click();
    const held = new ImportPage(page);
    await expect(
      page.getByText("All for the same reason: At least a fifth of the rows is gone"),
    ).toBeVisible();
    await held.decideAll("Discard all");
    await licenses.open();
    await licenses.expectFigures(partNumber, published);
    await workspace.expectAudited("import.discarded");
  });

  await test.step("held again, and replaced by a newer held read", async () => {
    await connection.open(connectionId);
    const older = await connection.importNow();
    await older.expectState("Held");
    const address = page.url();
    await simulator.setFaults(tenant.id, [
      { kind: "mass-drop", keep: (after + 2) / before, consumedUnits: "follows" },
    ]);
    await connection.open(connectionId);
    await (await connection.importNow()).expectState("Held");
    await page.goto(address);
    await expect(older.dataset("Directory")).toContainText("a newer read replaced it");
    await expect(page.getByRole("heading", { name: /held for review/ })).toHaveCount(0);
  });

  await test.step("published: the new numbers are shown, and what changed", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: /an import is held/ }).click();
    const held = new ImportPage(page);
    for (const dataset of heldDatasets) await held.decide(dataset, "Publish");
    await expect(held.changes).toContainText("because the account was deleted");
    await workspace.expectAudited("import.published");
    const now = (await simulator.truth(tenant.id)).skus.find(
      (sku) => sku.partNumber === partNumber,
    );
    if (now?.units == null) throw new Error("The license is gone.");
    expect(now.holders).toBeLessThan(holders);
    await licenses.open();
    await licenses.expectFigures(partNumber, {
      entitled: (now.units.enabled ?? 0) + (now.units.warning ?? 0),
      consumed: now.holders,
    });
  });
});
