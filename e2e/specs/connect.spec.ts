import { expect, test } from "../fixtures.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";

test("every way says who can do it, what it needs and what it gives, and can be chosen", async ({
  workspace,
}) => {
  const wizard = new WizardPage(await workspace.pageOf("connection-admin"));
  await wizard.open();
  await wizard.expectStep("Source and method");
  const ways = [
    { title: "Multi-tenant app", leadsTo: /method=multi-tenant-app/ },
    { title: "Registered app", leadsTo: /method=registered-app/ },
    { title: "PowerShell connector", leadsTo: /new\/office-365$/ },
    { title: "SaaS Management", leadsTo: /new\/saas-management$/ },
  ];
  for (const { title, leadsTo } of ways) {
    const card = wizard.method(title);
    await expect(card.getByRole("definition")).toHaveCount(3);
    await expect(card.getByRole("link", { name: /^Use / })).toHaveAttribute("href", leadsTo);
  }
  await expect(wizard.method("PowerShell connector")).toContainText("Deprecated");
  await wizard.chooseMultiTenantApp();
  await wizard.open();
  await wizard.chooseRegisteredApp();
});

test("errors stand at their fields and nothing typed is lost", async ({ workspace }) => {
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.chooseMultiTenantApp();

  await wizard.saveTenant({ name: "_Contoso", tenant: "contoso" });
  await expect(wizard.name).toHaveAccessibleDescription(/starting with a letter or digit/);
  await wizard.saveTenant({ name: "Contoso EMEA" });
  await expect(wizard.tenant).toHaveAccessibleDescription(/GUID or one of its domains/);

  await page.reload();
  await expect(wizard.name).toHaveValue("Contoso EMEA");
  await expect(wizard.tenant).toHaveValue("contoso");
  await expect(page.getByRole("radio", { name: /China/ })).toBeDisabled();

  await wizard.saveTenant({ name: "Contoso EMEA", tenant: "contoso.com" });
  await wizard.expectStep("Consent at Microsoft");
});

test("a draft goes on in another browser, and its answers can be changed", async ({
  workspace,
}) => {
  const wizard = new WizardPage(await workspace.pageOf("connection-admin"));
  await wizard.draft({ name: "Contoso", tenant: "contoso.com" });
  const connectionId = wizard.connectionId();

  const elsewhere = new WizardPage(await workspace.pageOf("owner"));
  await elsewhere.page.goto("/connections");
  await elsewhere.page.getByRole("link", { name: "Continue connecting" }).click();
  await elsewhere.expectStep("Consent at Microsoft");
  expect(elsewhere.connectionId()).toBe(connectionId);

  await elsewhere.rail.getByRole("link", { name: "Tenant and cloud" }).click();
  await elsewhere.expectStep("Tenant and cloud");
  await expect(elsewhere.name).toHaveValue("Contoso");
  await elsewhere.saveTenant({ name: "Contoso Europe", tenant: "contoso.example" });
  await elsewhere.expectStep("Consent at Microsoft");
  await expect(elsewhere.rail).toContainText("Contoso Europe, contoso.example, Global");
});

test("a tenant that this workspace has already is refused with a link to it", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 10 });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.chooseMultiTenantApp();
  await wizard.saveTenant({ name: "Once more", tenant: tenant.id });
  await expect(wizard.tenant).toHaveAccessibleDescription(/already has a connection/);
  await page.getByRole("link", { name: "Open that connection" }).click();
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}$`));
});

test("consent asks for exactly what the wizard lists, and the verification tells what was granted", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10, app: null });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  await wizard.draft({ name: "Adatum" });
  const listed = await wizard.listedPermissions();
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  expect(await microsoft.requestedPermissions()).toEqual(listed);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await wizard.expectImported(tenant.name);

  await wizard.rail.getByRole("link", { name: "Verify" }).click();
  await wizard.expectStep("Verify");
  for (const permission of listed) {
    await expect(page.getByRole("listitem").filter({ hasText: permission }).first()).toContainText(
      "Granted",
    );
  }
});

test("a consent that still spreads at Microsoft is a dated waiting state that goes on by itself", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10, app: null });
  await simulator.setKnobs(tenant.id, { consentReplicationTokens: 1 });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  await wizard.draft({ name: "Slow consent", tenant: tenant.id });
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await wizard.expectStep("Verify");
  await expect(page.getByText(/Waiting for Microsoft: .* Next attempt at \d\d:\d\d/)).toBeVisible();
  const permission = page.getByRole("listitem").filter({ hasText: "User.Read.All" });
  await expect(permission).toContainText("Not there yet");
  await expect(page.getByRole("heading", { name: /permission .* is missing/ })).toHaveCount(0);
  await wizard.expectImported(tenant.name);
});

test("the back button leads to the same draft, also back from Microsoft", async ({ workspace }) => {
  test.setTimeout(120_000);
  const tenant = await workspace.tenant({ size: 10, app: null });
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  await wizard.draft({ name: "Contoso", tenant: tenant.id });
  const connectionId = wizard.connectionId();

  await page.goBack();
  await wizard.expectStep("Tenant and cloud");
  await expect(wizard.name).toHaveValue("Contoso");
  expect(wizard.connectionId()).toBe(connectionId);
  await wizard.saveTenant({ name: "Contoso Europe" });
  await wizard.expectStep("Consent at Microsoft");
  expect(wizard.connectionId()).toBe(connectionId);

  await wizard.continueToMicrosoft();
  await page.goBack();
  await wizard.expectStep("Consent at Microsoft");
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await wizard.expectImported(tenant.name);
  const { items } = await (await workspace.setUp()).get<{ items: unknown[] }>("/connections");
  expect(items).toHaveLength(1);
});

test("two tabs at Microsoft do not spoil each other, and one that waits goes on by itself", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const tenant = await workspace.tenant({ size: 10, app: null });
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  const first = new WizardPage(await workspace.pageOf("connection-admin"));
  await first.draft({ name: "Contoso", tenant: tenant.id });
  const connectionId = first.connectionId();
  const tab = async () => {
    const wizard = new WizardPage(await first.page.context().newPage());
    await wizard.open(connectionId);
    await wizard.expectStep("Consent at Microsoft");
    return wizard;
  };
  const [second, waiting] = [await tab(), await tab()];
  await first.continueToMicrosoft();
  await second.continueToMicrosoft();

  const approve = async ({ page }: WizardPage) => {
    const microsoft = new MicrosoftPage(page);
    await microsoft.pickAccount(administrator);
    await microsoft.accept();
    await microsoft.pickAccount(administrator);
  };
  await approve(first);
  await first.expectImported(tenant.name);
  await expect(waiting.rail.getByText("First import")).toBeVisible();
  await waiting.expectImported(tenant.name);

  await approve(second);
  await expect(second.page).toHaveURL(new RegExp(`/connections/${connectionId}$`));
  await expect(second.page.getByText("Ready", { exact: true })).toBeVisible({
    timeout: workerTime,
  });
});

test("whoever may not manage connections is told so", async ({ workspace }) => {
  const page = await workspace.pageOf("analyst");
  await page.goto("/connections/new");
  await expect(
    page.getByRole("heading", { name: "Your role does not include this" }),
  ).toBeVisible();
});
