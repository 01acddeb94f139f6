import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { credentials } from "#simulator/defaults";
import { expect, test } from "../fixtures.ts";
import { licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { HandOffPage, HandOffPanel } from "../pages/hand-off-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { SchedulePanel } from "../pages/schedule-panel.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, simulator } from "../simulator.ts";
import { TestWorkspace } from "../workspace.ts";

test.skip(process.env.SCREENSHOTS !== "1", "SCREENSHOTS=1 writes the pictures of docs/images");

/** Writes a picture for the documentation, light: 1440 × 900, or of one part of the page. */
async function picture(page: Page, name: string, part?: Locator): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.mouse.move(0, 0);
  await (part ?? page).screenshot({
    path: `docs/images/${name}.png`,
    animations: "disabled",
    caret: "hide",
  });
}

test("pictures of the main pages", async ({ ownerDatabase: db, browser, watch }) => {
  test.setTimeout(180_000);
  const workspace = await TestWorkspace.create({ db, browser, watch, name: "Woodgrove" });
  const contoso = await workspace.connectedTenant({
    name: "Contoso",
    domains: ["contoso.onmicrosoft.com", "contoso.example"],
    size: 3000,
  });
  await workspace.connectedTenant({
    name: "Fabrikam",
    domains: ["fabrikam.onmicrosoft.com", "fabrikam.example"],
    profile: "acquired",
    size: 800,
  });
  await workspace.connectedTenant({
    name: "Northwind Traders",
    domains: ["northwind.onmicrosoft.com", "northwind.example"],
    profile: "small",
    size: 150,
    premium: false,
    concealedNames: true,
  });
  const page = await workspace.pageOf("owner");

  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await picture(page, "overview");
  await page.goto("/licenses");
  await expect(page.getByRole("heading", { level: 1, name: "Licenses" })).toBeVisible();
  await picture(page, "licenses");
  const licenses = await licensesOf(await workspace.setUp(), contoso.connectionId);
  await page.goto(`/licenses/${licenses.get("SPE_E3")?.id}`);
  await expect(page.getByRole("region", { name: "Why this number?" })).toBeVisible();
  await picture(page, "license");
  await page.goto("/opportunities");
  await expect(page.getByRole("heading", { level: 1, name: "Opportunities" })).toBeVisible();
  await picture(page, "opportunities");

  await new ConnectionPage(page).open(contoso.connectionId);
  await new SchedulePanel(page).show();
  await picture(page, "connection");

  const wizard = new WizardPage(page);
  await wizard.draft({ name: "Adatum", tenant: "adatum.example" });
  await picture(page, "wizard");

  await wizard.draftRegisteredApp({ name: "Adatum", tenant: randomUUID() });
  await picture(page, "wizard-app");

  await simulator.setKnobs(contoso.tenant.id, { latencyMs: 1500 });
  const { id } = await (await workspace.setUp()).post<{ id: string }>(
    `/connections/${contoso.connectionId}/imports`,
  );
  await page.goto(`/imports/${id}`);
  await expect(page.getByText(/^[1-9].* rows?, page /)).toBeVisible();
  await picture(page, "import");
  await simulator.setKnobs(contoso.tenant.id, { latencyMs: 0 });
  await workspace.close();
});

test("pictures of connecting a tenant", async ({ ownerDatabase: db, browser, watch }) => {
  test.setTimeout(240_000);
  const workspace = await TestWorkspace.create({ db, browser, watch, name: "Woodgrove" });
  const adatum = await workspace.tenant({
    name: "Adatum",
    domains: ["adatum.onmicrosoft.com", "adatum.example"],
    size: 150,
    app: null,
  });
  const administrator = personOf(adatum, "global-administrator").userPrincipalName;
  const page = await workspace.pageOf("owner");
  const wizard = new WizardPage(page);

  await wizard.open();
  await picture(page, "connect-method");
  await wizard.chooseMultiTenantApp();
  await wizard.name.fill("Adatum");
  await wizard.tenant.fill("adatum.example");
  await picture(page, "connect-tenant");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await wizard.expectStep("Consent at Microsoft");
  const panel = new HandOffPanel(page);
  const link = await panel.createLink();
  await picture(page, "hand-off-link", panel.region);

  const visitor = await workspace.visitor();
  const approver = new HandOffPage(visitor);
  const microsoft = new MicrosoftPage(visitor);
  await approver.open(link);
  await picture(visitor, "hand-off-request", visitor.getByRole("main"));
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.cancelConsent();
  await new WizardPage(visitor).expectOutcome("The approval was cancelled");
  await visitor.getByText("Details", { exact: true }).click();
  await picture(visitor, "connect-refused");
  await approver.openAgain();
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await simulator.withdraw(adatum.id, credentials.multiTenantApp.clientId, "Reports.Read.All");
  await microsoft.pickAccount(administrator);
  await approver.expectDone();
  await wizard.expectImported("Adatum");
  await picture(page, "connect-imported");
  await wizard.rail.getByRole("link", { name: "Verify" }).click();
  await wizard.expectStep("Verify");
  await picture(page, "connect-verify");

  await new ConnectionPage(page).open(wizard.connectionId());
  await picture(page, "permissions", page.getByRole("region", { name: "Last verification" }));

  const wingtip = await workspace.connectedTenant({
    name: "Wingtip Toys",
    domains: ["wingtip.onmicrosoft.com", "wingtip.example"],
    size: 60,
  });
  const connection = new ConnectionPage(page);
  await connection.open(wingtip.connectionId);
  await connection.replaceCredential();
  await picture(page, "replace-credential", connection.credentialPanel);
  await workspace.close();
});
