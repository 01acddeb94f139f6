import { expect, test } from "../fixtures.ts";
import { LicensePage } from "../pages/license-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, simulator } from "../simulator.ts";

test("a US Government tenant is connected by consent at its own login, and its licenses say what the cloud does not offer", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({
    cloud: "us-gov-l4",
    domains: ["agency.onmicrosoft.us", "agency.example"],
    size: 40,
    app: null,
    premium: false,
  });
  const administrator = personOf(tenant, "global-administrator").userPrincipalName;
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  await wizard.open();
  await wizard.chooseMultiTenantApp();
  const china = page.getByRole("radio", { name: /China/ });
  await expect(china).toBeDisabled();
  await expect(china).toHaveAccessibleDescription(/no multi-tenant app in this cloud/);

  await wizard.name.fill("Agency");
  await wizard.tenant.fill("agency.onmicrosoft.us");
  await expect(page.getByText("looks like a tenant of US Government")).toBeVisible();
  await page.getByRole("radio", { name: /US Government L4/ }).check();
  await expect(page.getByText("looks like a tenant of US Government")).toBeHidden();
  await page.getByRole("button", { name: "Save and continue" }).click();
  await wizard.expectStep("Consent at Microsoft");
  await expect(wizard.rail).toContainText("US Government L4 (GCC High)");

  await wizard.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await microsoft.pickAccount(administrator);
  await wizard.expectImported(tenant.name);

  await wizard.rail.getByRole("link", { name: "Verify" }).click();
  await expect(
    page.getByRole("listitem").filter({ hasText: "usage-report" }).first(),
  ).toContainText("Not offered in this cloud");

  const truth = await simulator.truth(tenant.id);
  const api = await workspace.setUp();
  const { items } = await api.get<{
    items: {
      id: string;
      skuId: string;
      consumed: number | null;
      activity: unknown;
      unavailable: Record<string, string>;
    }[];
  }>("/licenses");
  const held = items.find(({ consumed }) => consumed !== null && consumed > 0);
  if (held === undefined) throw new Error("The tenant has no held license.");
  expect(held.consumed).toBe(truth.skus.find(({ skuId }) => skuId === held.skuId)?.holders);
  expect(held.activity).toBeNull();
  expect(held.unavailable.activity).toBe("not-offered-in-cloud");
  await page.goto(`/licenses/${held.id}`);
  await new LicensePage(page).expectUnknown(
    "From enabled to used",
    "Active",
    /does not offer .* in this cloud/,
  );
});

test("a tenant sought in the wrong cloud is told which one it lives in, and corrected there", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ cloud: "us-gov-l4", size: 12 });
  const [app] = tenant.apps;
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wrong cloud", tenant: tenant.id });
  await wizard.credential.clientId.fill(app?.clientId ?? "");
  await wizard.credential.secret.fill(app?.secrets[0]?.value ?? "");
  await wizard.credential.saveAndVerify();
  await wizard.expectRefusedCredential(/in the cloud US Government L4 \(GCC High\)/);
  await wizard.rail.getByRole("link", { name: "Tenant and cloud" }).click();
  await wizard.expectStep("Tenant and cloud");
  await page.getByRole("radio", { name: /US Government L4/ }).check();
  await page.getByRole("button", { name: "Save and continue" }).click();
  // App and credential are kept: only the cloud was wrong.
  await wizard.expectImported(tenant.name);
});
