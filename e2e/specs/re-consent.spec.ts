import { sql } from "drizzle-orm";
import { credentials } from "#simulator/defaults";
import { expect, test } from "../fixtures.ts";
import { HandOffPage, HandOffPanel } from "../pages/hand-off-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, type SimulatedTenant, simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";
import type { TestWorkspace } from "../workspace.ts";

const { clientId } = credentials.multiTenantApp;

/** A tenant connected by consent; what `between` does at Microsoft happens after the approval and before the proof. */
async function consented(
  workspace: TestWorkspace,
  between: (tenant: SimulatedTenant) => Promise<unknown> = async () => undefined,
) {
  const tenant = await workspace.tenant({ size: 10, app: null });
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  await wizard.draft({ name: "Adatum", tenant: tenant.id });
  const connectionId = wizard.connectionId();
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await between(tenant);
  await microsoft.pickAccount(administrator);
  await wizard.expectImported(tenant.name);
  return { tenant, administrator, page, wizard, microsoft, connectionId };
}

/** Stands as a connection does that was made before this permission was asked for. */
async function madeBefore(workspace: TestWorkspace, connectionId: string, permission: string) {
  await workspace.db.inWorkspace(workspace.id, (tx) =>
    tx.execute(sql`
      update connections set asked_permissions = asked_permissions - ${permission}
      where workspace_id = ${workspace.id} and id = ${connectionId}`),
  );
}

test("partial permissions: the tenant is connected, what is missing is named with its cost, and asking again brings it", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { page, wizard, microsoft, administrator, connectionId } = await consented(
    workspace,
    ({ id }) => simulator.withdraw(id, clientId, "AuditLog.Read.All"),
  );
  await wizard.rail.getByRole("link", { name: "Verify" }).click();
  await wizard.expectStep("Verify");
  await expect(
    page.getByRole("listitem").filter({ hasText: "AuditLog.Read.All" }).first(),
  ).toContainText("Not granted (optional)");
  await expect(page.getByRole("button", { name: "Ask for what is missing" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask an administrator" })).toHaveAttribute(
    "href",
    `/connections/${connectionId}#hand-off`,
  );

  await page.goto(`/connections/${connectionId}`);
  const missing = page.getByRole("region", { name: "Asked for and not granted" });
  await expect(missing.getByRole("listitem")).toHaveCount(1);
  await expect(missing).toContainText("AuditLog.Read.All");
  await expect(missing).toContainText("activity rests on usage reports alone");
  await expect(
    page.getByRole("region", { name: "Granted", exact: true }).getByRole("listitem"),
  ).toHaveCount(5);

  await page.getByRole("button", { name: "Ask for what is missing" }).click();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}$`));
  await expect(page.getByRole("region", { name: "Since the verification before" })).toContainText(
    "Newly granted: AuditLog.Read.All",
    { timeout: workerTime },
  );
  await expect(missing).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Ask for what is missing" })).toHaveCount(0);
});

test("permissions asked for since the consent are told apart, on the page and to the administrator with a link, and granted", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const added = "Reports.Read.All";
  const { page, tenant, administrator, connectionId } = await consented(workspace);
  await simulator.withdraw(tenant.id, clientId, added);
  await madeBefore(workspace, connectionId, added);
  await page.goto(`/connections/${connectionId}`);
  await page.getByRole("button", { name: "Verify now" }).click();
  const news = page.getByRole("region", { name: "New since the consent" });
  await expect(news).toContainText(added, { timeout: workerTime });
  await expect(news).toContainText("Activity rests on sign-ins alone");
  await expect(news).toContainText("Optional");
  await expect(page.getByRole("region", { name: "Asked for and not granted" })).toHaveCount(0);

  await page.goto("/");
  await page.getByRole("link", { name: `${added} is asked for since its consent` }).click();
  await expect(news).toBeVisible();

  const url = await new HandOffPanel(page).createLink();
  const visitor = await workspace.visitor();
  const approver = new HandOffPage(visitor);
  const microsoft = new MicrosoftPage(visitor);
  await approver.open(url);
  await expect(approver.permission(added)).toContainText("Not granted yet");
  await expect(approver.permission("User.Read.All")).toContainText("Approved before");
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await approver.expectDone();
  await expect(page.getByRole("region", { name: "Since the verification before" })).toContainText(
    `Newly granted: ${added}`,
    { timeout: workerTime },
  );
  await expect(news).toHaveCount(0);
});

test("asking again takes the same tenant: another one is refused and nothing changes", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const other = await workspace.tenant({ size: 10, app: null });
  const { page, wizard, connectionId, tenant } = await consented(workspace, ({ id }) =>
    simulator.withdraw(id, clientId, "AuditLog.Read.All"),
  );
  await page.goto(`/connections/${connectionId}`);
  await page.getByRole("button", { name: "Ask for what is missing" }).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  expect(new URL(page.url()).pathname).toContain(tenant.id);
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  await page.goto(
    `/connect/consent?${new URLSearchParams({ admin_consent: "True", tenant: other.id, state })}`,
  );
  await wizard.expectOutcome("Another tenant was approved");
  await page.getByRole("link", { name: "Back to the connection" }).click();
  await expect(page.getByRole("heading", { level: 1, name: tenant.name })).toBeVisible();
  const api = await workspace.setUp();
  expect(await api.get(`/connections/${connectionId}`)).toMatchObject({
    status: "ready",
    tenantId: tenant.id,
  });
});

test("a withdrawn consent can be given again by an administrator with a link", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { page, tenant, administrator, connectionId } = await consented(workspace);
  await simulator.revokeConsent(tenant.id, clientId);
  await page.goto(`/connections/${connectionId}`);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByRole("button", { name: "Consent again at Microsoft" })).toBeVisible({
    timeout: workerTime,
  });
  await page.getByRole("link", { name: "Ask an administrator" }).click();
  const url = await new HandOffPanel(page).createLink();
  const visitor = await workspace.visitor();
  const approver = new HandOffPage(visitor);
  const microsoft = new MicrosoftPage(visitor);
  await approver.open(url);
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await approver.expectDone();
  await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: workerTime });
});
