import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense, licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { registeredAppOf, simulator } from "../simulator.ts";

test("sign-ins refused with 403: the import is partial, names the permission and keeps the numbers", async ({
  workspace,
}) => {
  const { tenant, connectionId, state } = await workspace.connectedTenant();
  expect(state).toBe("succeeded");
  const api = await workspace.setUp();
  const before = await licensesOf(api, connectionId);
  await simulator.setFaults(tenant.id, [{ kind: "forbidden", stream: "sign-ins" }]);

  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  const run = await connection.importNow();
  await run.expectState("Partial");
  await run.expectDatasetState("Directory", "Succeeded");
  await run.expectDatasetState("Sign-ins", "Failed");
  await expect(run.dataset("Sign-ins")).toContainText("AuditLog.Read.All");
  await expect(run.dataset("Sign-ins")).toContainText("no number changed");

  const after = await licensesOf(api, connectionId);
  for (const [partNumber, license] of before) {
    expect(after.get(partNumber)?.activity, partNumber).toEqual(license.activity);
    expect(after.get(partNumber)?.consumed, partNumber).toBe(license.consumed);
  }
});

test("an expired secret: action needed, what to do, and the numbers stay", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant();
  const api = await workspace.setUp();
  const license = await largestLicense(api, connectionId);
  const { clientId, secret } = registeredAppOf(tenant);
  await simulator.changeApp(clientId, {
    secrets: [{ ...secret, expiresAt: "2026-01-03T00:00:00Z" }],
  });
  await simulator.revokeTokens(tenant.id);

  const { id, state } = await runImport(api, connectionId);
  expect(state).toBe("failed");
  const page = await workspace.pageOf("connection-admin");
  const failed = new ImportPage(page);
  await failed.open(id);
  await failed.expectState("Failed");
  await expect(failed.dataset("Directory")).toContainText("Microsoft refused the secret");

  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  await connection.expectStatus("Action needed");
  await connection.expectProblem(/Microsoft refused the secret/);
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Needs a person" })).toContainText(tenant.name);

  const licenses = new LicensesPage(page);
  await licenses.open();
  await licenses.expectFigures(license.partNumber ?? "", {
    entitled: license.entitled ?? Number.NaN,
    consumed: license.consumed ?? Number.NaN,
  });
});

test("without Entra P1 and with concealed report names activity is unknown, never zero", async ({
  workspace,
}) => {
  const { connectionId, state } = await workspace.connectedTenant({
    premium: false,
    concealedNames: true,
  });
  expect(state).toBe("succeeded");
  const license = await largestLicense(await workspace.setUp(), connectionId);
  expect(license.activity).toBeNull();

  const page = await workspace.pageOf("analyst");
  const view = new LicensePage(page);
  await view.open(license.id);
  await view.expectFigure("From enabled to used", "Consumed", license.consumed ?? Number.NaN);
  await view.expectUnknown("From enabled to used", "Active", /Entra ID P1 or P2/);
  for (const activity of ["Active", "Inactive", "Never used", "Too new"]) {
    await view.expectUnknown("Who holds it", activity, /unknown\. /);
  }
  const licenses = new LicensesPage(page);
  await licenses.open();
  await expect(
    licenses.row(license.partNumber ?? "").getByRole("img", { name: /active unknown/ }),
  ).toBeVisible();
  for (const { partNumber, idleUnits, unassignedUnits } of (
    await licensesOf(await workspace.setUp(), connectionId)
  ).values()) {
    if (idleUnits > 0 || (unassignedUnits ?? 0) > 0 || partNumber === null) continue;
    await expect(licenses.row(partNumber), "no money made of an unknown").not.toContainText("0.00");
  }
  await page.goto(`/licenses/${license.id}?tab=opportunities`);
  await expect(view.panel("Rows")).not.toContainText("Inactive");
});
