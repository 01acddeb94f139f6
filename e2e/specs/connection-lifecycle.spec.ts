import { sql } from "drizzle-orm";
import { listOpenAlertsOf } from "#db/queries/alerts";
import { credentials } from "#simulator/defaults";
import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, registeredAppOf, type SimulatedTenant, simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";
import type { TestWorkspace } from "../workspace.ts";

/** Consents and proves as the tenant's administrator, from the step the wizard is at. */
async function consent(workspace: TestWorkspace, tenant: SimulatedTenant, name: string) {
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  await wizard.draft({ name });
  const connectionId = wizard.connectionId();
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  return { page, wizard, microsoft, administrator, connectionId };
}

test("a withdrawn consent is repaired by consenting again, from the card to a working connection", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 12, app: null });
  const made = await consent(workspace, tenant, "Adatum");
  const { page, microsoft, administrator, connectionId } = made;
  await made.wizard.expectImported(tenant.name);
  await simulator.revokeConsent(tenant.id, credentials.multiTenantApp.clientId);
  await runImport(await workspace.setUp(), connectionId);

  await page.goto("/connections");
  const card = page.getByRole("article", { name: "Adatum" });
  await expect(card).toContainText("Microsoft does not find this app");
  await card.getByRole("link", { name: "Repair" }).click();
  const connection = new ConnectionPage(page);
  await connection.expectStatus("Action needed");
  await page.getByRole("button", { name: "Consent again at Microsoft" }).click();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}`), { timeout: workerTime });
  await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: workerTime });
  await expect(page.getByRole("button", { name: "Consent again at Microsoft" })).toBeHidden();
});

test("an expired secret is repaired where a new one is entered", async ({ workspace }) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 12 });
  const { clientId, secret } = registeredAppOf(tenant);
  await simulator.changeApp(clientId, {
    secrets: [{ ...secret, expiresAt: "2026-01-01T00:00:00.000Z" }],
  });
  await runImport(await workspace.setUp(), connectionId);
  const page = await workspace.pageOf("connection-admin");
  await page.goto("/connections");
  await page.getByRole("article").getByRole("link", { name: "Repair" }).click();
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}#credential$`));
  await expect(page.getByRole("heading", { name: /Microsoft refused the secret/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "Enter a new credential" })).toBeVisible();
});

test("an expired secret with an end entered wrongly is told once, and counted down to nowhere", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 12 });
  const { clientId, secret } = registeredAppOf(tenant);
  await workspace.db.inWorkspace(workspace.id, (tx) =>
    tx.execute(sql`
      update credentials set expires_at = '2031-05-08'
      where workspace_id = ${workspace.id}::uuid and connection_id = ${connectionId}::uuid`),
  );
  await simulator.changeApp(clientId, {
    secrets: [{ ...secret, expiresAt: "2026-01-01T00:00:00.000Z" }],
  });
  await runImport(await workspace.setUp(), connectionId);
  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(connection.lastVerification).toContainText(/^.*Failed/, { timeout: workerTime });
  await expect(connection.lastVerification).toContainText(
    "What is wrong stands at the top of the page.",
  );
  await expect(
    page.getByRole("heading", {
      name: "Microsoft refused the secret: it has expired. The end entered for it is 8 May 2031.",
    }),
  ).toHaveCount(1);
  await expect(connection.content.getByText("8 May 2031")).toHaveCount(1);
  await expect(page.getByText("Client secret, expired", { exact: true })).toHaveCount(1);
  await expect(connection.credentialPanel).toContainText("Imports go on once it has worked");
  await expect(connection.content.getByText(/expires in/)).toHaveCount(0);
  await page.goto("/connections");
  await expect(page.getByRole("article").getByText(/expire/)).toHaveCount(1);
});

test("disconnecting asks for the name, then says when, by whom and what was kept; connecting again is a new connection", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 12 });
  const { page, person } = await workspace.member("connection-admin");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  await page.getByRole("button", { name: "Disconnect this tenant" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("licenses are retired");
  await expect(dialog).toContainText("erased at once");
  const confirm = dialog.getByRole("button", { name: "Disconnect" });
  await expect(confirm).toBeDisabled();
  const { name } = await (await workspace.setUp()).get<{ name: string }>(
    `/connections/${connectionId}`,
  );
  await dialog.getByRole("textbox").fill(name);
  await confirm.click();
  await connection.expectStatus("Disconnected");
  await expect(
    page.getByText(`Disconnected by ${person.givenName} ${person.surname}`),
  ).toBeVisible();
  await expect(page.getByText("Kept: the history of its licenses")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import now" })).toBeHidden();
  await workspace.expectAudited("connection.disconnected");

  const next = await workspace.connect(tenant);
  expect(next).not.toBe(connectionId);
  await connection.open(next);
  await page.getByRole("link", { name }).first().click();
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}$`));
  await expect(
    page.getByRole("link", { name: "Open the connection that followed" }),
  ).toHaveAttribute("href", `/connections/${next}`);
});

test("a proven administrator moves a tenant from another workspace, which is told and not by whom", async ({
  workspace,
  otherWorkspace,
}) => {
  const { tenant, connectionId: left } = await otherWorkspace.connectedTenant({ size: 12 });
  const { page, wizard } = await consent(workspace, tenant, "Moved here");
  await wizard.expectRefusedProof(/is connected in another workspace/);
  await page.getByRole("button", { name: "Move it here" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("disconnected at once");
  const confirm = dialog.getByRole("button", { name: "Move it here" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox").fill(tenant.domains[1] ?? "");
  await confirm.click();
  await wizard.expectImported(tenant.name);

  const there = await otherWorkspace.pageOf("owner");
  await there.goto(`/connections/${left}`);
  await expect(
    there.getByRole("heading", { name: "Moved to another workspace of this installation" }),
  ).toBeVisible();
  await expect(there.getByText("An administrator of the tenant moved it")).toBeVisible();
  await expect(there.getByText(workspace.name)).toBeHidden();
  const told = await otherWorkspace.db.outside((tx) =>
    listOpenAlertsOf(tx, { workspaceId: otherWorkspace.id, connectionId: left }),
  );
  expect(told.map(({ kind }) => kind)).toEqual(["claim-moved"]);
  await otherWorkspace.expectAudited("connection.disconnected");
  await workspace.expectAudited("claim.moved-here");
});

test("a list of many connections is searched, filtered, and grouped by enterprise with counts", async ({
  workspace,
}) => {
  const api = await workspace.setUp();
  const ids: Record<string, string> = {};
  for (const name of ["Alpha", "Beta", "Gamma", "Delta"]) {
    const { id } = await api.post<{ id: string }>("/connections", {
      name,
      source: "microsoft-365",
      method: "registered-app",
      tenantId: crypto.randomUUID(),
      clientId: crypto.randomUUID(),
      credential: { kind: "secret", secret: "not~a.real-secret" },
    });
    ids[name] = id;
  }
  const page = await workspace.pageOf("connection-admin");
  for (const name of ["Alpha", "Gamma"]) {
    await page.goto(`/connections/${ids[name]}`);
    const form = page.getByRole("form", { name: "Name and enterprise" });
    await form.getByLabel("Enterprise (optional)").fill("Contoso Group");
    await page.keyboard.press("Escape");
    await form.getByRole("button", { name: "Save names" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
  }

  await page.goto("/connections?order=enterprise");
  const group = page.getByRole("region", { name: "Contoso Group" });
  await expect(group.getByRole("article")).toHaveCount(2);
  await expect(group).toContainText("2 connections");
  await expect(
    page.getByRole("region", { name: "Without an enterprise" }).getByRole("article"),
  ).toHaveCount(2);

  await page.goto("/connections");
  await page.getByRole("searchbox", { name: "Search tenant or name" }).fill("contoso gr");
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.getByRole("article", { name: "Beta" })).toBeHidden();
  await page.goto("/connections?status=paused");
  await expect(page.getByRole("heading", { name: "No connection fits" })).toBeVisible();
});
