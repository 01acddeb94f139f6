import type { LicenseTotals } from "#lib/domain/overview";
import { expect, test } from "../fixtures.ts";
import { licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { ImportPage } from "../pages/import-page.ts";
import { ManagedAppPage } from "../pages/managed-app-page.ts";
import { SaasPage } from "../pages/saas-page.ts";
import { SwitchPage } from "../pages/switch-page.ts";
import { connectThroughSaas, organisationOf } from "../saas.ts";
import { workerTime } from "../worker-time.ts";
import type { TestWorkspace } from "../workspace.ts";

const totalsOf = async (workspace: TestWorkspace): Promise<LicenseTotals> =>
  (await (await workspace.setUp()).get<{ totals: LicenseTotals }>("/licenses")).totals;

test("an organisation is connected in the browser, its application imported, switched to and undone", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const { tenant, connectionId: below } = await workspace.connectedTenant();
  const organisation = await organisationOf([tenant]);
  const api = await workspace.setUp();
  const before = await totalsOf(workspace);
  const page = await workspace.pageOf("owner");
  const saas = new SaasPage(page);

  await test.step("what is refused is named and can be corrected; nothing typed is lost", async () => {
    await saas.begin();
    await saas.form.getByRole("button", { name: "Save and verify" }).click();
    await expect(saas.form.getByText("Choose the region you sign in to.")).toBeVisible();
    await saas.enter({
      name: "Contoso Group",
      region: "Europe",
      organisation: { ...organisation, refreshToken: "expired" },
    });
    await saas.expectStep("Verify");
    await expect(
      page.getByRole("heading", { name: /^SaaS Management refused the credential: it expired/ }),
    ).toBeVisible({ timeout: workerTime });
    await expect(saas.form.getByRole("textbox", { name: "Name" })).toHaveValue("Contoso Group");
  });

  await test.step("the right credential is verified and lists the applications", async () => {
    await saas.enter({ name: "Contoso Group", region: "Europe", organisation });
    await saas.expectStep("Application and tenant");
    await page.reload();
    await saas.expectStep("Application and tenant");
    const application = saas.application(tenant.name);
    await expect(application).toContainText(`With Visio ${tenant.name}`);
    await application.getByRole("button", { name: "Connect and import" }).click();
    await expect(
      application.getByText("Choose the tenant this application stands for."),
    ).toBeVisible();
  });

  await test.step("the application stands for a tenant and is imported", async () => {
    await saas.connect(tenant.name, { tenant: tenant.name, name: "Contoso by contract" });
    await saas.expectStep("First import");
    await saas.expectImported();
    await workspace.expectAudited("organisation.verified");
  });
  const above = saas.connectionId();
  await test.step("the way back to the wizard by its connection alone names the organisation", async () => {
    const wizard = page.url();
    await page.goto(`/connections/new/saas-management?connection=${above}`);
    await saas.expectStep("First import");
    await expect(saas.rail).toContainText("Contoso Group");
    await page.goto(wizard);
  });
  const shown = (await licensesOf(api, above)).size;
  expect(shown).toBeGreaterThan(0);
  // Shown and not counted until somebody switches.
  const compared = await totalsOf(workspace);
  expect(compared).toEqual({ ...before, retired: before.retired + shown });

  await test.step("preview, switch, undo: nothing is counted twice, and all is as before", async () => {
    await page.getByRole("link", { name: "Preview the switch to SaaS Management" }).click();
    const preview = new SwitchPage(page);
    await preview.switchNow("SaaS Management");
    await expect(
      page.getByRole("heading", { name: "SaaS Management counts for this workspace" }),
    ).toBeVisible();
    const reasons = new Set(
      [...(await licensesOf(api, below)).values()].map(({ retiredReason }) => retiredReason),
    );
    expect([...reasons]).toEqual(["superseded-by-saas-management"]);
    await preview.undo();
    expect(await totalsOf(workspace)).toEqual(compared);
  });

  await test.step("the connection says what it reads, and asks Microsoft for nothing", async () => {
    const connection = new ConnectionPage(page);
    await connection.open(above);
    const about = page.getByRole("region", { name: "About this connection" });
    await expect(about).toContainText(`Contoso Group (Europe, no. ${organisation.orgId})`);
    await expect(about).toContainText(`Microsoft 365 ${tenant.name}, no. 4001`);
    await expect(page.getByRole("region", { name: "Last verification" })).toHaveCount(0);
  });
});

test("an organisation's credential is replaced for all its connections, and it is removed last", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const tenants = [await workspace.tenant(), await workspace.tenant()];
  const organisation = await organisationOf(tenants);
  const [first, second] = tenants;
  if (first === undefined || second === undefined) throw new Error("two tenants were made");
  const page = await workspace.pageOf("connection-admin");
  const saas = new SaasPage(page);
  await saas.begin();
  await saas.enter({ name: "Two tenants", region: "North America", organisation });
  await saas.expectStep("Application and tenant");

  await test.step("a tenant and an application have one connection each", async () => {
    await saas.connect(first.name, { tenant: first, name: "First" });
    await saas.expectStep("First import");
    await saas.expectImported();
    await page.getByRole("link", { name: "Connect another application" }).click();
    await expect(saas.application(first.name)).toContainText("open the connection First");
    await saas.connect(second.name, { tenant: first, name: "Second" });
    await expect(
      saas.application(second.name).getByRole("link", { name: "Open that connection" }),
    ).toBeVisible();
  });

  await test.step("a revoked credential is told, and a new one mends what it stopped", async () => {
    await organisation.change({ refreshToken: "another~one" });
    await saas.openSettings();
    await saas
      .organisation("Two tenants")
      .getByRole("button", { name: "Check now: Two tenants" })
      .click();
    await expect(saas.organisation("Two tenants").getByText("Action needed").first()).toBeVisible({
      timeout: workerTime,
    });
    await saas.replaceCredential("Two tenants", organisation.client);
    await expect(saas.organisation("Two tenants").getByText("Ready", { exact: true })).toBeVisible({
      timeout: workerTime,
    });
    await page.goto("/connections/credentials");
    await expect(
      page.getByRole("table", { name: "Credentials" }).getByRole("row", { name: /Two tenants/ }),
    ).toContainText("Service account");
  });

  await test.step("it is renamed, and what was refused is still in the field", async () => {
    await saas.openSettings();
    await saas.rename("Two tenants", " ");
    const form = page.getByRole("form", { name: "Name of Two tenants" });
    await expect(form.getByText("Enter a name.")).toBeVisible();
    await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue(" ");
    await form.getByRole("button", { name: "Keep the name" }).click();
    await saas.rename("Two tenants", "Contoso AG & Fabrikam");
    await expect(saas.organisation("Contoso AG & Fabrikam")).toBeVisible();
    await expect(page.getByRole("button", { name: "Rename Contoso AG & Fabrikam" })).toBeFocused();
    await workspace.expectAudited("organisation.renamed");
  });

  await test.step("it goes when nothing reads with it any more", async () => {
    await saas.openSettings();
    await expect(page.getByRole("button", { name: "Remove Contoso AG & Fabrikam" })).toHaveCount(0);
    await saas.organisation("Contoso AG & Fabrikam").getByRole("link", { name: "First" }).click();
    await page.getByRole("button", { name: "Disconnect this tenant" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("First");
    await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();
    await expect(dialog).toBeHidden();
    await saas.openSettings();
    await page.getByRole("button", { name: "Remove Contoso AG & Fabrikam" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await expect(page.getByText("No organisation is connected")).toBeVisible();
    await workspace.expectAudited("organisation.removed");
  });
});

test("what was mapped by hand is taken over when the application is connected again", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const tenant = await workspace.tenant();
  const { connectionId, importId, organisationId } = await connectThroughSaas(workspace, tenant, [
    { kind: "licenses", shape: "own-ids" },
    { kind: "users", shape: "own-skus" },
  ]);
  const { page, person } = await workspace.member("owner");
  const mapping = new ManagedAppPage(page);
  const product = "Microsoft 365 E3";

  await test.step("names nobody knows are told as the application writes them", async () => {
    await new ImportPage(page).open(importId);
    const changed = page.getByRole("table", { name: "Changes by license" });
    await expect(changed.getByRole("rowheader", { name: "PLAN SPE_E3" })).toBeVisible();
    await expect(page.getByText("Unknown product")).toHaveCount(0);
  });

  await test.step("a license is mapped, which counts from the next import on", async () => {
    await mapping.open(connectionId);
    await expect(
      page.getByRole("main").getByText(/^\d+ licenses and \d+ SKUs stand for no known product/),
    ).toBeVisible();
    await mapping.mapTo(product, product);
    await expect(
      page.getByRole("heading", { name: "1 decision counts from the next import on" }),
    ).toBeVisible();
    await expect(mapping.takenOver(1)).toHaveCount(0);
  });

  await test.step("the connection ends, and what is kept of it is true", async () => {
    await new ConnectionPage(page).open(connectionId);
    const { name } = await (await workspace.setUp()).get<{ name: string }>(
      `/connections/${connectionId}`,
    );
    await page.getByRole("button", { name: "Disconnect this tenant" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("products mapped by hand are taken over");
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("and the organisation with its credential")).toBeVisible();
  });

  const saas = new SaasPage(page);
  const byWhom = new RegExp(`Mapped by ${person.givenName} ${person.surname} on `);
  await test.step("the end of the wizard says what was taken over, from where and by whom", async () => {
    await page.goto(`/connections/new/saas-management?organisation=${organisationId}`);
    await saas.connect(tenant.name, { tenant, name: "Connected again" });
    await saas.expectStep("First import");
    await saas.expectImported();
    await expect(mapping.takenOver(1)).toContainText(byWhom);
    await expect(mapping.takenOver(1)).toContainText("It counts; see and change it under");
    await mapping.takenOver(1).getByRole("link", { name: "Licenses and products" }).click();
  });

  await test.step("so does the page of its licenses, until it is forgotten", async () => {
    await expect(saas.heading("Licenses and products")).toBeVisible();
    await expect(mapping.takenOver(1)).toContainText(byWhom);
    await expect(mapping.takenOver(1).getByRole("link")).toHaveAttribute(
      "href",
      `/connections/${connectionId}`,
    );
    await expect(mapping.license(product)).toContainText("taken over");
    await page.getByRole("button", { name: `Forget the product of ${product}` }).click();
    await expect(mapping.takenOver(1)).toHaveCount(0);
  });
});
