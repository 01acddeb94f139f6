import { readFile } from "node:fs/promises";
import { testCertificate } from "#simulator/testing/certificate";
import { filePassword, keylessPfx, packed, windowsPfx } from "#simulator/testing/certificate-files";
import { expect, test } from "../fixtures.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { PortalPage } from "../pages/portal-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, registeredAppOf, simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";

test("a worker makes the key pair; its certificate is uploaded in the portal and connects the tenant", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const tenant = await workspace.tenant({ size: 10 });
  const { clientId } = registeredAppOf(tenant);
  await simulator.changeApp(clientId, { secrets: [] });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wingtip", tenant: tenant.id });
  const form = wizard.credential;
  await form.clientId.fill(clientId);
  await form.choose("Certificate made here");
  const path = await form.makeKeyPair();
  expect((await readFile(path)).includes("PRIVATE")).toBe(false);

  await page.reload();
  await expect(form.clientId).toHaveValue(clientId);
  await form.verifyKeyPair();
  await wizard.expectRefusedCredential(/Microsoft refused the certificate/);

  await wizard.correctCredential();
  const portal = await PortalPage.openBy(wizard.portalLink("Certificates & secrets"));
  await portal.signIn(personOf(tenant, "global-administrator").userPrincipalName);
  await portal.uploadCertificate({ path });
  await wizard.open(wizard.connectionId());
  await page.getByRole("button", { name: "Verify again" }).click();
  await wizard.expectImported(tenant.name);
  await page.goto(`/connections/${wizard.connectionId()}`);
  await expect(page.getByText(/Certificate expires in 36[45] days/).first()).toBeVisible();
});

test("an uploaded PFX: what is wrong with a file is said at its field, the right one connects the tenant", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10 });
  const { clientId } = registeredAppOf(tenant);
  await simulator.changeApp(clientId, { secrets: [], certificates: [testCertificate] });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wingtip", tenant: tenant.id });
  const form = wizard.credential;
  await form.clientId.fill(clientId);
  await form.choose("Certificate of your own");

  await form.upload("large.pfx", Buffer.alloc(1024 * 1024), "");
  await form.saveAndVerify();
  await expect(form.file).toHaveAccessibleDescription(/at most 64 kB/);
  await form.upload("public.pfx", Buffer.from(packed(keylessPfx), "base64"), filePassword);
  await form.saveAndVerify();
  await expect(form.file).toHaveAccessibleDescription(/no private key/);
  await form.upload("app.pfx", Buffer.from(packed(windowsPfx), "base64"), "wrong");
  await form.saveAndVerify();
  await expect(form.password).toHaveAccessibleDescription(/does not open this file/);
  await form.password.fill(filePassword);
  await form.saveAndVerify();
  await wizard.expectImported(tenant.name);
});

test("a credential is replaced without a gap: a refused one changes nothing, a verified one takes over", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 10 });
  const { clientId } = registeredAppOf(tenant);
  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  const form = await connection.replaceCredential();
  await form.secret.fill("sim8Q~not-this-one");
  await form.saveAndVerify();
  await connection.expectRefusedReplacement(/Microsoft refused the secret/);
  await connection.credentialPanel.getByText("Details", { exact: true }).click();
  await expect(connection.credentialPanel.getByText("AADSTS7000215")).toBeVisible();
  await expect(connection.credentialPanel.getByText(/correlation-id [0-9a-f-]{36}/)).toBeVisible();
  await expect(connection.lastVerification).toContainText("Verified");
  await expect(connection.lastVerification).not.toContainText("refused");
  await connection.expectStatus("Ready");
  await connection.importNow();

  await connection.open(connectionId);
  const again = await connection.replaceCredential();
  await again.choose("Certificate made here");
  const path = await again.makeKeyPair();
  const thumbprint = await again.thumbprint();
  const portal = new PortalPage(await page.context().newPage());
  await again.verifyKeyPair();
  await connection.expectRefusedReplacement(/Microsoft refused the certificate/);
  await page.getByRole("button", { name: "Verify now" }).click();
  const api = await workspace.setUp();
  const newestCheck = async () =>
    (
      await api.get<{ items: { kind: string; state: string }[] }>(
        `/connections/${connectionId}/verifications`,
      )
    ).items[0];
  await expect
    .poll(newestCheck, { timeout: workerTime })
    .toMatchObject({ kind: "check", state: "succeeded" });
  await connection.expectStatus("Ready");

  await portal.openCredentials(tenant.id, clientId);
  await portal.signIn(personOf(tenant, "global-administrator").userPrincipalName);
  await portal.uploadCertificate({ path });
  await portal.expectThumbprint(thumbprint);
  await connection.credentialPanel.getByRole("button", { name: "Verify it again" }).click();
  await expect(connection.credentialPanel.getByText(/Certificate expires in/)).toBeVisible({
    timeout: workerTime,
  });
  await simulator.changeApp(clientId, { secrets: [] });
  await simulator.revokeTokens(tenant.id);
  const after = await connection.importNow();
  await after.expectState("Succeeded");
  await workspace.expectAudited("credential.replaced");
});

test("a connection changes to another app registration without being disconnected: not before it has worked", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 10 });
  const { clientId: before } = registeredAppOf(tenant);
  const page = await workspace.pageOf("connection-admin");
  const portal = new PortalPage(await page.context().newPage());
  await portal.openRegistrations(tenant.id);
  await portal.signIn(personOf(tenant, "global-administrator").userPrincipalName);
  const clientId = await portal.registerApp("Seatledger of the new team");
  await portal.openCredentials(tenant.id, clientId);
  const secret = await portal.newSecret();

  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  const form = await connection.replaceCredential();
  await expect(form.clientId).toHaveValue(before);
  await form.clientId.fill(clientId);
  await form.secret.fill(secret.value);
  await form.saveAndVerify();
  await connection.expectRefusedReplacement(/permission .* is missing|does not find this app/);
  await connection.expectStatus("Ready");
  await connection.expectClientId(before);

  await portal.openPermissions(tenant.id, clientId);
  await portal.addPermissions(["Organization.Read.All", "User.Read.All"]);
  await portal.grantConsent();
  await connection.open(connectionId);
  const again = await connection.replaceCredential();
  await again.clientId.fill(clientId);
  await again.secret.fill(secret.value);
  await again.expiresOn.fill(secret.expiresOn);
  await again.saveAndVerify();
  await expect(connection.credentialPanel.getByText(/Client secret expires in/)).toBeVisible({
    timeout: workerTime,
  });
  await connection.expectClientId(clientId);
  await simulator.revokeConsent(tenant.id, before);
  await simulator.revokeTokens(tenant.id);
  await (await connection.importNow()).expectState("Succeeded");
  await workspace.expectAudited("connection.app-changed");
});
