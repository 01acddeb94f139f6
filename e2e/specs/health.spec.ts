import { sql } from "drizzle-orm";
import { expect, test } from "../fixtures.ts";
import { AlertsPage } from "../pages/alerts-page.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { PortalPage } from "../pages/portal-page.ts";
import { personOf, registeredAppOf, simulator } from "../simulator.ts";
import type { TestWorkspace } from "../workspace.ts";

const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The night comes: the worker checks the connection by itself. */
const night = (workspace: TestWorkspace, connectionId: string) =>
  workspace.db.inWorkspace(workspace.id, (tx) =>
    tx.execute(sql`
      update nightly_checks set next_check_at = now() - interval '1 minute'
      where workspace_id = ${workspace.id}::uuid and connection_id = ${connectionId}::uuid`),
  );

test("a secret near its end warns on the overview, on the bell and among the credentials, until it is replaced", async ({
  workspace,
}) => {
  const { connectionId, tenant } = await workspace.connectedTenant();
  const page = await workspace.pageOf("connection-admin");
  const alerts = new AlertsPage(page);

  await page.goto("/connections");
  await page.getByRole("link", { name: "Credentials" }).click();
  const row = page.getByRole("row").filter({ hasText: tenant.name });
  await expect(row).toContainText("Unknown");
  await row.getByRole("button", { name: `Enter expiry of ${tenant.name}` }).click();
  await page.getByLabel("Expires on").fill(inDays(6));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Ends within 7 days");
  await expect(row.getByRole("link", { name: "Replace it" })).toHaveAttribute(
    "href",
    `/connections/${connectionId}#credential`,
  );
  await workspace.expectAudited("credential.expiry-entered");

  await page.goto("/");
  const warning = `${tenant.name}: secret expires in 6 days`;
  await expect(page.getByRole("link", { name: warning })).toHaveAttribute(
    "href",
    `/connections/${connectionId}#credential`,
  );
  await alerts.bell("Alerts, 1 new one").click();
  await expect(alerts.row("The secret expires in 6 days")).toContainText("Critical");

  const { clientId } = registeredAppOf(tenant);
  const portal = new PortalPage(await page.context().newPage());
  await portal.openCredentials(tenant.id, clientId);
  await portal.signIn(personOf(tenant, "global-administrator").userPrincipalName);
  const secret = await portal.newSecret();
  await page.goto("/connections/credentials");
  await row.getByRole("link", { name: "Replace it" }).click();
  const form = await new ConnectionPage(page).replaceCredential();
  await form.secret.fill(secret.value);
  await form.expiresOn.fill(secret.expiresOn);
  await form.saveAndVerify();
  await workspace.expectAudited("credential.replaced");
  await expect(async () => {
    await alerts.open();
    await expect(alerts.row("The secret expires")).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
  await page.getByRole("link", { name: "Over", exact: true }).click();
  await expect(alerts.row("The secret expires in 6 days")).toContainText("Over");
});

test("a permission taken away is found in the night, named with what is missing, acknowledged, and over when it is back", async ({
  workspace,
}) => {
  const { connectionId, tenant } = await workspace.connectedTenant();
  const { clientId } = registeredAppOf(tenant);
  const page = await workspace.pageOf("owner");
  const alerts = new AlertsPage(page);
  const connection = new ConnectionPage(page);
  await alerts.open();
  await expect(alerts.bell("Alerts, none new")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Nothing is wrong" })).toBeVisible();

  const { permissions } = await simulator.principal(tenant.id, clientId);
  const left = permissions.filter((name) => name !== "Reports.Read.All");
  await simulator.changePrincipal(tenant.id, clientId, { permissions: left });
  await night(workspace, connectionId);
  const row = alerts.row("The permission Reports.Read.All was taken away");
  await expect(async () => {
    await alerts.open();
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(row).toContainText("Activity rests on sign-ins alone.");
  await expect(alerts.bell("Alerts, 1 new one")).toBeVisible();

  await row.getByRole("link", { name: tenant.name }).click();
  await expect(connection.heading(tenant.name)).toBeVisible();
  const list = page.getByRole("region", { name: "Last verification" });
  await expect(
    list.getByRole("listitem").filter({ hasText: "Reports.Read.All" }).first(),
  ).toContainText("Optional · Missing: Activity rests on sign-ins alone");
  await expect(list.getByRole("link", { name: /permissions in the portal/ })).toHaveAttribute(
    "href",
    new RegExp(clientId),
  );

  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(alerts.heading("Alerts")).toBeVisible();
  await row.getByRole("button", { name: "Acknowledge" }).click();
  await expect(row).toContainText("Acknowledged by");
  await expect(alerts.bell("Alerts, none new")).toBeVisible();
  await workspace.expectAudited("alert.acknowledged");

  await simulator.changePrincipal(tenant.id, clientId, { permissions });
  await connection.open(connectionId);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(async () => {
    await page.goto("/alerts?tab=resolved");
    await expect(row).toContainText("Over", { timeout: 1_000 });
  }).toPass();
});

test("another workspace sees, counts and acknowledges no alert of ours; a viewer acknowledges none", async ({
  workspace,
  otherWorkspace,
}) => {
  const { connectionId, tenant } = await workspace.connectedTenant();
  await workspace.db.inWorkspace(workspace.id, (tx) =>
    tx.execute(sql`
      update credentials set expires_at = now() + interval '3 days'
      where workspace_id = ${workspace.id}::uuid and connection_id = ${connectionId}::uuid`),
  );
  await night(workspace, connectionId);
  const viewer = new AlertsPage(await workspace.pageOf("viewer"));
  await expect(async () => {
    await viewer.open();
    await expect(viewer.row(tenant.name)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(viewer.row(tenant.name).getByRole("button")).toHaveCount(0);

  const stranger = new AlertsPage(await otherWorkspace.pageOf("owner"));
  await stranger.open();
  await expect(stranger.row(tenant.name)).toHaveCount(0);
  await expect(stranger.bell("Alerts, none new")).toBeVisible();
  const api = await otherWorkspace.api("owner");
  expect(await api.get<{ items: unknown[] }>("/alerts")).toMatchObject({ items: [] });
  const own = await workspace.setUp();
  expect(await own.get("/alerts?state=open")).toMatchObject({
    items: [{ kind: "credential-expiry", tenantId: tenant.id }],
  });
});
