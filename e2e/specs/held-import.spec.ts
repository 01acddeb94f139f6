import { expect, test } from "../fixtures.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { simulator } from "../simulator.ts";

/** A lost account is lost in every dataset. */
const heldDatasets = ["Directory", "Sign-ins", "Usage"] as const;

test("a read that lost most accounts is held: numbers stay until somebody discards or publishes it", async ({
  workspace,
}) => {
  const before = 120;
  const after = 12;
  const { tenant, connectionId, state } = await workspace.connectedTenant({ size: before });
  expect(state).toBe("succeeded");
  const { skus } = await simulator.truth(tenant.id);
  const largest = skus.toSorted((a, b) => b.holders - a.holders)[0];
  if (largest?.units == null || largest.partNumber === null) throw new Error("No license held.");
  const { partNumber, units, holders } = largest;
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
    await licenses.open();
    await licenses.expectFigures(partNumber, published);
    await page.goto("/");
    await expect(page.getByRole("link", { name: /an import is held/ })).toBeVisible();
  });

  await test.step("discarded: nothing has changed", async () => {
    await page.getByRole("link", { name: /an import is held/ }).click();
    const held = new ImportPage(page);
    for (const dataset of heldDatasets) await held.decide(dataset, "Discard");
    await licenses.open();
    await licenses.expectFigures(partNumber, published);
    await workspace.expectAudited("import.discarded");
  });

  await test.step("held again and published: the new numbers are shown", async () => {
    await connection.open(connectionId);
    const held = await connection.importNow();
    await held.expectState("Held");
    for (const dataset of heldDatasets) await held.decide(dataset, "Publish");
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
