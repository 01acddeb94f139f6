import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { SchedulePanel } from "../pages/schedule-panel.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { simulator } from "../simulator.ts";
import { TestWorkspace } from "../workspace.ts";

test.skip(process.env.SCREENSHOTS !== "1", "SCREENSHOTS=1 writes the pictures of docs/images");

/** Writes a picture for the documentation: 1440 × 900, light. */
async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.screenshot({
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
