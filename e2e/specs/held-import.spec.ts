import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense, licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { connectThroughSaas } from "../saas.ts";
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

test("a held read of SaaS Management shows its seats before and after, and what it does not tell", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const api = await workspace.setUp();
  const tenant = await workspace.tenant({ size: 120 });
  const { connectionId } = await connectThroughSaas(workspace, tenant);
  const before = await largestLicense(api, connectionId);
  const all = [...(await licensesOf(api, connectionId)).values()];
  const seats = all.reduce((sum, { consumed }) => sum + (consumed ?? 0), 0);
  await simulator.setFaults(tenant.id, [{ kind: "mass-drop", keep: 0.1 }]);
  const { id, state } = await runImport(api, connectionId);
  expect(state).toBe("suspect");

  const page = await workspace.pageOf("analyst");
  const held = new ImportPage(page);
  await held.open(id);
  const counted = held.comparison("Directory", "Assigned seats, our count");
  await expect(counted.nth(1)).toHaveText(`${seats}`);
  await expect(held.comparison("Directory", "Consumed units, Microsoft's count")).toHaveText([
    "Consumed units, Microsoft's count",
    "Not told",
    "Not told",
  ]);
  const cells = held.heldRow("license", before.productName).getByRole("cell");
  // Three of them: no column of units that this source never tells.
  await expect(cells).toHaveCount(3);
  const after = Number(await cells.nth(1).innerText());
  expect(after).toBeLessThan(before.consumed ?? 0);
  await expect(cells).toHaveText([
    `${before.consumed}`,
    `${after}`,
    signed(after - (before.consumed ?? 0)),
  ]);
  const seatsAfter = Number(await counted.nth(2).innerText());

  await held.decide("Directory", "Publish");
  const now = [...(await licensesOf(api, connectionId)).values()];
  expect(now.find((license) => license.id === before.id)?.consumed).toBe(after);
  expect(now.reduce((sum, { consumed }) => sum + (consumed ?? 0), 0)).toBe(seatsAfter);
});
