import type { Page } from "@playwright/test";
import { credentials } from "#simulator/defaults";
import type { PersonRole } from "#simulator/types";
import { expect, test } from "../fixtures.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, type SimulatedTenant } from "../simulator.ts";
import type { TestWorkspace } from "../workspace.ts";

/** A draft whose administrator is about to choose an account at Microsoft. */
async function atMicrosoft(workspace: TestWorkspace, options: { readonly hinted: boolean }) {
  const tenant = await workspace.tenant({ size: 10, app: null });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draft({ name: "Proseware", ...(options.hinted ? { tenant: tenant.id } : {}) });
  const connectionId = wizard.connectionId();
  await wizard.continueToMicrosoft();
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  return { tenant, page, wizard, microsoft: new MicrosoftPage(page), connectionId, state };
}

const nameOf = (tenant: SimulatedTenant, role: PersonRole): string => {
  const { givenName, surname } = personOf(tenant, role);
  return `${givenName} ${surname}`;
};

/** Where Microsoft sends a browser after a consent; what is left out is missing. */
const consentReturn = (query: Readonly<Record<string, string>>): string =>
  `/connect/consent?${new URLSearchParams({ admin_consent: "True", ...query })}`;

/** Nothing of the tenant is bound to the connection, and the workspace can see that somebody tried. */
async function expectNothingBound(workspace: TestWorkspace, connectionId: string): Promise<void> {
  const api = await workspace.setUp();
  const connection = await api.get<{ status: string; tenantId: string | null }>(
    `/connections/${connectionId}`,
  );
  expect(connection).toMatchObject({ status: "awaiting-consent", tenantId: null });
  await workspace.expectAudited("consent.refused");
}

const unusable = "This link cannot be used";

test("a cancelled consent says so with Microsoft's code, keeps the draft, leads back to it, and a second try connects", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { tenant, page, wizard, microsoft, connectionId } = await atMicrosoft(workspace, {
    hinted: true,
  });
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.cancelConsent();
  await wizard.expectOutcome("The approval was cancelled");
  await expect(page.getByText("AADSTS65004")).toBeHidden();
  await page.getByText("Details", { exact: true }).click();
  await expect(page.getByText("AADSTS65004")).toBeVisible();
  await expect(page.getByText(/correlation-id [0-9a-f-]{36}/)).toBeVisible();
  await expectNothingBound(workspace, connectionId);
  await wizard.backToConnecting();
  await wizard.expectStep("Consent at Microsoft");
  expect(wizard.connectionId()).toBe(connectionId);

  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.accept();
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await wizard.expectImported(tenant.name);
  expect(wizard.connectionId()).toBe(connectionId);
});

test("a cancelled sign-in after the consent says so and keeps the draft", async ({ workspace }) => {
  const { tenant, wizard, microsoft, connectionId } = await atMicrosoft(workspace, {
    hinted: true,
  });
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.accept();
  await microsoft.cancelSignIn();
  await wizard.expectOutcome("The approval was cancelled");
  await expectNothingBound(workspace, connectionId);
  await wizard.backToConnecting();
  await expect(wizard.page.getByText("the second sign-in is missing")).toBeVisible();
});

test("an employee is stopped at Microsoft, and the wizard helps whoever comes back", async ({
  workspace,
}) => {
  const { tenant, page, wizard, microsoft, connectionId } = await atMicrosoft(workspace, {
    hinted: true,
  });
  await microsoft.pickAccount(nameOf(tenant, "employee"));
  await microsoft.expectNeedsApproval();
  await wizard.open(connectionId);
  await wizard.expectStep("Consent at Microsoft");
  await page.getByRole("button", { name: "Microsoft says “Need admin approval”" }).click();
  await expect(page.getByText("use a Global Administrator or Privileged")).toBeVisible();
  await page.getByRole("button", { name: /AADSTS50011/ }).click();
  await expect(page.getByText(/\/connect\/consent$/)).toBeVisible();
  await expect(page.getByText(/\/connect\/proof$/)).toBeVisible();
});

const refusedPeople: readonly { readonly role: PersonRole; readonly says: RegExp }[] = [
  { role: "employee", says: /is no administrator of/ },
  { role: "guest", says: /is a guest in/ },
  { role: "eligible-administrator", says: /is no administrator of/ },
];
for (const { role, says } of refusedPeople) {
  test(`the proof leg refuses the role ${role} after a real consent`, async ({ workspace }) => {
    const { tenant, wizard, microsoft, connectionId } = await atMicrosoft(workspace, {
      hinted: true,
    });
    await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
    await microsoft.accept();
    await microsoft.pickAccount(nameOf(tenant, role));
    await wizard.expectRefusedProof(says);
    await expectNothingBound(workspace, connectionId);
  });
}

test("after a refused person an administrator gets through", async ({ workspace }) => {
  const { tenant, wizard, microsoft } = await atMicrosoft(workspace, { hinted: true });
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.accept();
  await microsoft.pickAccount(nameOf(tenant, "employee"));
  await wizard.expectRefusedProof(/is no administrator of/);
  await wizard.startAgain();
  await microsoft.pickAccount(nameOf(tenant, "privileged-role-administrator"));
  await microsoft.accept();
  await microsoft.pickAccount(nameOf(tenant, "privileged-role-administrator"));
  await wizard.expectImported(tenant.name);
});

test("a consent of another tenant than the entered one is refused", async ({ workspace }) => {
  const victim = await workspace.tenant({ size: 10, app: null });
  const { page, wizard, connectionId, state } = await atMicrosoft(workspace, { hinted: true });
  await page.goto(consentReturn({ tenant: victim.id, state }));
  await wizard.expectOutcome("Another tenant was approved");
  await expectNothingBound(workspace, connectionId);
});

test("a domain that belongs to another tenant than the approved one is refused by its name", async ({
  workspace,
}) => {
  const owning = await workspace.tenant({ size: 10, app: null });
  const approved = await workspace.tenant({
    size: 10,
    app: null,
    consentedApps: [credentials.multiTenantApp.clientId],
  });
  const domain = owning.domains[1] ?? "";
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draft({ name: "Proseware", tenant: domain });
  await wizard.continueToMicrosoft();
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  await page.goto(consentReturn({ tenant: approved.id, state }));
  await new MicrosoftPage(page).pickAccount(nameOf(approved, "global-administrator"));
  await wizard.expectRefusedProof(new RegExp(`${domain}.* does not belong`));
  await wizard.rail.getByRole("link", { name: "Tenant and cloud" }).click();
  await expect(wizard.tenant).toHaveValue(domain);
  expect(await (await workspace.setUp()).get("/connections")).toMatchObject({
    items: [{ status: "awaiting-consent", tenantId: null }],
  });
  await workspace.expectAudited("connection.verification-failed");
});

test("naming a victim's tenant in the redirect proves nothing", async ({ workspace }) => {
  const victim = await workspace.tenant({ size: 10, app: null });
  const { tenant, page, wizard, microsoft, connectionId, state } = await atMicrosoft(workspace, {
    hinted: false,
  });
  await page.goto(consentReturn({ tenant: victim.id, state }));
  expect(page.url()).toContain(`/${victim.id}/oauth2/v2.0/authorize`);
  // The attacker has an administrator's account in a tenant of their own only.
  await page.goto(page.url().replace(victim.id, tenant.id));
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await wizard.expectRefusedProof(/another tenant|does not belong to this attempt/);
  await expectNothingBound(workspace, connectionId);
});

test("forged, foreign and replayed returns change nothing", async ({ workspace }) => {
  const { tenant, page, wizard, connectionId, state } = await atMicrosoft(workspace, {
    hinted: true,
  });
  const granted = { tenant: tenant.id, state };

  await test.step("forged state", async () => {
    await page.goto(consentReturn({ ...granted, state: "forged" }));
    await wizard.expectOutcome(unusable);
    await expectNothingBound(workspace, connectionId);
  });
  await test.step("no state, as after a consent in the Entra portal", async () => {
    await page.goto(consentReturn({ tenant: tenant.id }));
    await wizard.expectOutcome("The app was approved outside Seatledger");
  });
  await test.step("the state of the other leg", async () => {
    await page.goto(`/connect/proof?${new URLSearchParams({ code: "stolen", state })}`);
    await wizard.expectOutcome(unusable);
  });
  await test.step("another member's browser", async () => {
    const other = await workspace.pageOf("owner");
    await other.goto(consentReturn(granted));
    await new WizardPage(other).expectOutcome(unusable);
  });
  await test.step("a browser where nobody is signed in", async () => {
    const stranger = await workspace.visitor();
    await stranger.goto(consentReturn(granted));
    await new WizardPage(stranger).expectOutcome(unusable);
  });
  await test.step("the same state twice", async () => {
    await page.goto(consentReturn(granted));
    expect(page.url()).toContain(`/${tenant.id}/oauth2/v2.0/authorize`);
    await page.goto(consentReturn(granted));
    await wizard.expectOutcome(unusable);
  });
  await expectNothingBound(workspace, connectionId);
});

test("an error counts although the redirect says that consent was given", async ({ workspace }) => {
  const { tenant, page, wizard, connectionId, state } = await atMicrosoft(workspace, {
    hinted: true,
  });
  await page.goto(consentReturn({ tenant: tenant.id, state, error: "server_error" }));
  await wizard.expectOutcome("Microsoft did not approve the app");
  await expectNothingBound(workspace, connectionId);
});

test("a tenant that another workspace connected is refused to its administrator only", async ({
  workspace,
  otherWorkspace,
}) => {
  const { tenant } = await otherWorkspace.connectedTenant({ size: 10 });
  const page = await workspace.pageOf("owner");
  const wizard = new WizardPage(page);
  await wizard.draft({ name: "Squatter", tenant: tenant.id });
  await wizard.continueToMicrosoft();
  await proveAs(page, tenant);
  await wizard.expectRefusedProof(/is connected in another workspace/);
});

async function proveAs(page: Page, tenant: SimulatedTenant): Promise<void> {
  const microsoft = new MicrosoftPage(page);
  const administrator = nameOf(tenant, "global-administrator");
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
}
