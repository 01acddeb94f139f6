import { expect, test } from "../fixtures.ts";
import { PortalPage } from "../pages/portal-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, registeredAppOf } from "../simulator.ts";

test("an app is registered, approved and given a secret in the portal, link by link, and connects the tenant", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10, app: null });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wingtip", tenant: tenant.id });

  const portal = await PortalPage.openBy(wizard.portalLink("App registrations"));
  await portal.signIn(personOf(tenant, "global-administrator").userPrincipalName);
  const clientId = await portal.registerApp("Seatledger");
  await wizard.credential.clientId.fill(clientId);

  const permissions = await PortalPage.openBy(wizard.portalLink("API permissions"));
  await permissions.addPermissions(["Organization.Read.All", "User.Read.All"]);
  const credentials = await PortalPage.openBy(wizard.portalLink("Certificates & secrets"));
  const secret = await credentials.newSecret();

  await wizard.credential.secret.fill(secret.value);
  await wizard.credential.expiresOn.fill(secret.expiresOn);
  await wizard.credential.saveAndVerify();
  await wizard.expectRefusedCredential(/permission Organization.Read.All is missing/);

  await permissions.grantConsent();
  await page.getByRole("button", { name: "Verify again" }).click();
  await wizard.expectImported(tenant.name);
  await page.goto(`/connections/${wizard.connectionId()}`);
  await expect(page.getByText(/Client secret expires in 180 days/).first()).toBeVisible();
});

test("a registered app: a wrong secret is told with its help, the right one connects the tenant", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10 });
  const { clientId, secret } = registeredAppOf(tenant);
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wingtip", tenant: tenant.id });

  await wizard.credential.clientId.fill(clientId);
  await wizard.credential.secret.fill("sim8Q~not-this-one");
  await wizard.credential.saveAndVerify();
  await wizard.expectRefusedCredential(/Microsoft refused the secret/);
  await expect(page.getByText("AADSTS7000215")).toBeHidden();
  await page.getByText("Details", { exact: true }).click();
  await expect(page.getByText("AADSTS7000215")).toBeVisible();
  await expect(page.getByText("Invalid client secret provided")).toHaveCount(0);

  await wizard.correctCredential();
  await expect(wizard.credential.clientId).toHaveValue(clientId);
  await wizard.credential.secret.fill(secret.value);
  await wizard.credential.saveAndVerify();
  await wizard.expectImported(tenant.name);
  await workspace.expectAudited("credential.entered");
});

test("a pasted secret ID is recognised, nothing typed is lost, and the secret alone is not kept", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 10 });
  const { clientId, secret } = registeredAppOf(tenant);
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.chooseRegisteredApp();
  await wizard.saveTenant({ name: "Wingtip", tenant: "wingtip.example" });
  await expect(wizard.tenant).toHaveAccessibleDescription(/a domain is not enough/);
  await wizard.saveTenant({ name: "Wingtip", tenant: tenant.id });
  await wizard.expectStep("App and credential");

  await wizard.credential.clientId.fill(clientId);
  await wizard.credential.expiresOn.fill("2031-05-01");
  await wizard.credential.secret.fill(secret.id);
  await expect(wizard.credential.secret).toHaveAccessibleDescription(/This is the secret's ID/);
  await wizard.credential.saveAndVerify();
  await wizard.expectStep("App and credential");

  await page.reload();
  await expect(wizard.credential.clientId).toHaveValue(clientId);
  await expect(wizard.credential.expiresOn).toHaveValue("2031-05-01");
  await expect(wizard.credential.secret).toHaveValue("");

  await wizard.credential.expiresOn.fill("2020-05-01");
  await wizard.credential.secret.fill(secret.value);
  await wizard.credential.saveAndVerify();
  await expect(wizard.credential.expiresOn).toHaveAccessibleDescription(/expired already/);
  await expect(wizard.credential.secret).toHaveValue(secret.value);
});
